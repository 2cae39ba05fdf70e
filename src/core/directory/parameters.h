// The values of the system parameters, typed, as deciders read them: only those whose feature
// exists. A member is named like its parameter without SS_ or SERVER_; what it means, its range and
// default are in its row (parameters_*.h), which names the member. Adding one = member + row.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/hash.h"
#include "base/result.h"
#include "base/time.h"
#include "core/directory/parameter_row.h"
#include "core/number/cleaning.h"

namespace tandem::directory {

// Enumerators stand in the order of the row's words.
enum class ReasonHeader : std::uint8_t { Off, Record, Send, SendAndRecord };
enum class ReliableProvisional : std::uint8_t { Off, Supported, Required };
enum class KeepAliveScope : std::uint8_t { NatOnly, All };
enum class KeepAliveMethod : std::uint8_t { Text, Crlf, Options };
enum class ChallengeCode : std::uint8_t { Unauthorized, ProxyAuthenticationRequired };
enum class SuspendScope : std::uint8_t { Id, Ip, IdAndIp };
enum class OutboundPrivacy : std::uint8_t { None, PassThrough, Id };
enum class DisplayFrom : std::uint8_t { None, Passthrough, CallerNumber, AccountName };
enum class CallRateUnit : std::uint8_t { Second, Minute };
enum class LoadSort : std::uint8_t { Ratio, Absolute, Off };
// Where a key stands in the chain gateways are sorted by (call-handling.md §8).
enum class SortPlace : std::uint8_t {
  None, BeforePrefix, AfterPrefix, AfterPriority, AfterLoad, Last,
};
enum class HistoryReset : std::uint8_t { Never, Hourly, Daily };
enum class Redirection : std::uint8_t { Reject, Follow, Failover };
enum class LrnProtocol : std::uint8_t { Sip, Http, Local };
enum class RedirectTransport : std::uint8_t { Udp, Tcp };
enum class VerifyPeer : std::uint8_t { Off, Optional, Required };
enum class RedirectFailure : std::uint8_t { Continue, Reject };
enum class RedirectScope : std::uint8_t { Off, PerDevice, All };
enum class NoTimerScope : std::uint8_t { Caller, Either, Both };
enum class NoTimerAction : std::uint8_t { HangUp, Probe, ProbeThenHangUp };
enum class RefreshMethod : std::uint8_t { Auto, Update, ReInvite };
enum class RefresherChoice : std::uint8_t { Auto, Switch, Peer };
enum class RefreshFailure : std::uint8_t { TimeoutOr481, AtExpiry, AnyFailure };
enum class TimeoutEnd : std::uint8_t { ByeTime, LastAlive, Detection };

// First and last SIP status of a range.
using CodeRange = std::pair<std::uint16_t, std::uint16_t>;

struct Parameters {
  Parameters();  // every member has the default of its row

  // sip_session
  seconds sip_session_ttl{};
  int sip_session_update_segment = 0;
  seconds sip_session_timeout_early_hangup{};  // 0 = by sip_session_rfc_margin
  bool sip_session_rfc_margin = false;
  seconds sip_no_timer_reinvite_interval{};  // 0 = no limit
  NoTimerScope sip_no_timer_scope{};
  NoTimerAction sip_no_timer_action{};
  seconds sip_session_min_se{};
  RefreshMethod sip_session_refresh_method{};
  RefresherChoice sip_session_refresher{};
  bool sip_session_pass_caller_ttl = false;
  seconds sip_session_ttl_ceiling{};
  RefreshFailure sip_session_refresh_fail_hangup{};
  int sip_session_glare_max_retry = 0;
  seconds sip_session_refresh_timeout{};

  // sip_timer
  std::vector<milliseconds> sip_resend_interval;
  seconds sip_timeout_invite{};
  seconds sip_timeout_trying{};
  seconds sip_timeout_session_progress{};
  seconds sip_timeout_session_progress_sdp{};
  seconds sip_timeout_ringing{};
  seconds call_proceeding_timeout{};  // 0 = no limit
  seconds call_setup_max_time{};
  seconds sip_timeout_non_invite{};
  milliseconds sip_t1{};
  milliseconds sip_t2{};
  milliseconds sip_t4{};
  seconds sip_timeout_ack{};
  seconds sip_cancel_wait{};

  // sip_transport
  std::vector<std::uint16_t> sip_port;
  std::vector<IpAddress> sip_local_ip;  // empty = all
  IpAddress sip_public_ip;              // none() = the local address
  bool sip_tcp_enable = false;
  seconds sip_tcp_idle_timeout{};
  bool sip_tcp_close_reset = false;
  std::uint16_t sip_tls_port = 0;   // 0 = off
  std::string sip_tls_certificate;  // file; empty = TLS off
  std::string sip_tls_private_key;  // file; empty = in that of the certificate
  VerifyPeer sip_tls_verify_peer{};
  std::uint16_t sip_ws_port = 0;  // 0 = off
  int sip_max_message_size = 0;  // bytes
  int sip_max_forwards = 0;
  bool sip_loop_check = false;
  int sip_loop_max = 0;
  std::vector<std::string> sip_local_domain;  // lower case; empty = every domain

  // sip_header, sip_auth
  std::string sip_user_agent;  // empty = header left out
  ReasonHeader sip_reason_header{};
  seconds sip_retry_after_send{};  // 0 = not sent
  ReliableProvisional sip_100rel{};
  bool sip_send_trying = false;
  DisplayFrom sip_display_from{};
  bool sip_user_phone = false;
  bool sip_allow_publish = false;
  seconds sip_publish_expire{};
  bool reply_unauthorized = false;
  int sip_authentication_retry = 0;  // tries of one request, theirs or ours
  seconds sip_authentication_timeout{};
  ChallengeCode sip_authentication_code{};
  seconds sip_authentication_nonce_life{};
  std::vector<HashKind> sip_authentication_algorithms;  // best first
  std::string sip_authentication_realm;                 // "" = the domain of the request
  int authentication_max_retry = 0;                     // 0 = never suspend
  seconds authentication_failed_suspend{};
  seconds authentication_failed_window{};
  SuspendScope authentication_suspend_scope{};

  // registration
  seconds endpoint_expire{};
  seconds endpoint_expire_min{};
  bool endpoint_register_replace = false;

  // sip_nat
  std::string sip_nat_keep_alive_message;  // empty = off
  seconds sip_nat_keep_alive_period{};
  milliseconds sip_nat_keep_alive_send_interval{};
  int sip_nat_keep_alive_send_one_time = 0;
  bool sip_nat_keep_alive_spread = false;
  KeepAliveScope sip_nat_keep_alive_scope{};
  KeepAliveMethod sip_nat_keep_alive_method{};

  // registration
  seconds endpoint_time_to_live{};  // 0 = off
  seconds sip_options_check_period{};
  int sip_options_check_fail_count = 0;
  std::vector<CodeRange> sip_options_check_ok_codes;

  // registration: where we are the one who registers
  seconds sip_user_agent_expire{};   // 0 = automatic
  seconds sip_user_agent_retry_delay{};
  bool sip_user_agent_send_unregister = false;
  OutboundPrivacy sip_user_agent_privacy{};
  bool sip_routing_gateway_invite_use_contact{};

  // gateway_switch
  bool sip_user_agent_stop_switch_after_invite_timeout = false;
  int gateway_switch_limit = 0;  // attempts; 0 = unlimited
  bool gateway_switch_until_connect = false;
  bool gateway_switch_stop_after_user_busy = false;
  bool gateway_switch_stop_after_ringing = false;
  std::vector<CodeRange> gateway_switch_stop_sip_codes;
  std::vector<CodeRange> gateway_switch_stop_q931_causes;
  bool sip_stop_switch_after_sdp = false;
  Redirection gateway_switch_3xx{};
  int gateway_switch_3xx_max = 0;  // contacts

  // lrn
  std::string lrn_server_ip;  // address or host name; "" = no LRN
  std::uint16_t lrn_server_port = 0;
  LrnProtocol lrn_server_protocol{};
  milliseconds lrn_timeout{};
  seconds lrn_cache_ttl{};    // 0 = off
  bool lrn_route_by_lrn = false;
  int lrn_query_length = 0;   // digits

  // redirect
  std::string external_redirect_server_ip;  // address or host name; "" = off
  std::uint16_t external_redirect_server_port = 0;
  RedirectTransport external_redirect_transport{};
  milliseconds external_redirect_timeout{};
  RedirectFailure external_redirect_failure_action{};
  RedirectScope external_redirect_scope{};

  // routing, routing_sort
  bool sip_retry_after_honour = false;
  seconds sip_retry_after_max{};
  std::vector<std::string> billing_gateway_route_prefix;
  std::string number_strip_chars;
  number::Plus number_plus{};
  bool prefix_letters = false;
  LoadSort gateway_load_sort{};
  SortPlace gateway_asr_sort{};
  SortPlace gateway_fee_sort{};
  bool gateway_fee_before_asr = false;
  int gateway_fee_tie_percent = 0;      // costs that far above the cheapest are as good; 0 = none
  int gateway_fee_tie_amount = 0;       // likewise, millionths of the currency a minute
  seconds try_protect_route_delay{};
  std::string calendar_time_zone;  // IANA name
  HistoryReset gateway_history_reset{};
  int route_unlimited_load_base = 0;

  // routing_quality
  bool gateway_quality_calculate = false;
  seconds gateway_quality_reserve_time{};
  int gateway_quality_reserve_separate = 1;  // segments
  int gateway_quality_min_calls = 0;
  int gateway_quality_unknown_asr = 0;  // percent
  int gateway_quality_sort_step = 1;    // percent
  int gateway_quality_prefix_min_calls = 0;   // 0 = it is not kept by destination
  int gateway_quality_prefix_length = 0;      // characters; 0 = only those listed
  std::vector<std::string> gateway_quality_prefixes;

  // limits
  int call_rate_limit = 0;  // calls per second; 0 = off
  int call_capacity = 0;    // concurrent calls; 0 = no limit
  int overload_cpu_percent = 0;
  CallRateUnit gateway_call_rate_unit{};
  std::vector<std::string> emergency_numbers;
  seconds max_call_duration{};
  seconds max_call_duration_upper{};

  // qos
  int qos_signal = 0;  // TOS byte

  // cdr
  TimeoutEnd billing_session_timeout_end{};
  bool billing_record_zero_hold_time = false;
  bool billing_record_illegal_call = false;
  bool billing_record_server_hang_up = false;

  // security
  int scanner_ban_count = 0;  // 0 = off
  seconds scanner_ban_time{};
  std::vector<AddressRange> scanner_ban_exempt;

  // cluster
  seconds stop_grace_time{};

  // loop
  std::chrono::microseconds loop_sleep{};  // 0 = spin
  int trace_megabytes = 0;                 // 0 = off

  // retention
  int trace_keep_hours = 0;
  int debug_trace_max_minutes = 0;
};

// Typed values from stored ones (name or alias -> text in any accepted form); parameters not named
// keep their defaults. The first unknown name, refused value or contradiction is the fault.
Result<Parameters, ParameterFault> build_parameters(
    const std::map<std::string, std::string>& values);

}  // namespace tandem::directory
