// Typed values of the system parameters: defaults, stored values, contradictions.
#include "core/directory/parameters.h"

#include <gtest/gtest.h>

#include <set>

namespace tandem::directory {
namespace {

// The features that exist; a row becomes available by naming its member.
const std::set<std::string_view> kAvailable = {"SS_SIP_SESSION_TTL",
                                               "SS_SIP_DISPLAY_FROM",
                                               "SS_SIP_ROUTING_GATEWAY_INVITE_USE_CONTACT",
                                               "SS_OVERLOAD_CPU_PERCENT",
                                               "SERVER_CALENDAR_TIME_ZONE",
                                               "SS_TRY_PROTECT_ROUTE_DELAY",
                                               "SS_GATEWAY_QUALITY_CALCULATE",
                                               "SS_GATEWAY_QUALITY_PREFIX_MIN_CALLS",
                                               "SS_GATEWAY_QUALITY_PREFIX_LENGTH",
                                               "SS_GATEWAY_QUALITY_PREFIXES",
                                               "SS_GATEWAY_SWITCH_3XX",
                                               "SS_LRN_QUERY_LENGTH",
                                               "SS_LRN_ROUTE_BY_LRN",
                                               "SS_LRN_CACHE_TTL",
                                               "SS_LRN_TIMEOUT",
                                               "SS_LRN_SERVER_PROTOCOL",
                                               "SS_LRN_SERVER_PORT",
                                               "SS_LRN_SERVER_IP",
                                               "SS_EXTERNAL_REDIRECT_SCOPE",
                                               "SS_EXTERNAL_REDIRECT_FAILURE_ACTION",
                                               "SS_EXTERNAL_REDIRECT_TIMEOUT",
                                               "SS_EXTERNAL_REDIRECT_TRANSPORT",
                                               "SS_EXTERNAL_REDIRECT_SERVER_PORT",
                                               "SS_EXTERNAL_REDIRECT_SERVER_IP",
                                               "SS_GATEWAY_SWITCH_3XX_MAX",
                                               "SS_GATEWAY_QUALITY_RESERVE_TIME",
                                               "SS_GATEWAY_QUALITY_RESERVE_SEPARATE",
                                               "SS_GATEWAY_QUALITY_MIN_CALLS",
                                               "SS_GATEWAY_QUALITY_UNKNOWN_ASR",
                                               "SS_GATEWAY_QUALITY_SORT_STEP",
                                               "SS_GATEWAY_ASR_ROUTE_SORT_CONFIG",
                                               "SS_GATEWAY_HISTORY_SORT_RESET",
                                               "SS_SIP_SESSION_UPDATE_SEGMENT",
                                               "SS_SIP_SESSION_TIMEOUT_EARLY_HANGUP",
                                               "SS_SIP_SESSION_RFC_MARGIN",
                                               "SS_SIP_SESSION_MIN_SE",
                                               "SS_SIP_SESSION_REFRESH_METHOD",
                                               "SS_SIP_SESSION_REFRESHER",
                                               "SS_SIP_SESSION_PASS_CALLER_TTL",
                                               "SS_SIP_SESSION_TTL_CEILING",
                                               "SS_SIP_SESSION_REFRESH_FAIL_HANGUP",
                                               "SS_SIP_SESSION_GLARE_MAX_RETRY",
                                               "SS_SIP_SESSION_REFRESH_TIMEOUT",
                                               "SS_SIP_NO_TIMER_REINVITE_INTERVAL",
                                               "SS_SIP_NO_TIMER_SCOPE",
                                               "SS_SIP_NO_TIMER_ACTION",
                                               "SERVER_BILLING_SESSION_TIMEOUT_END",
                                               "SS_SIP_RESEND_INTERVAL",
                                               "SS_SIP_TIMEOUT_INVITE",
                                               "SS_SIP_TIMEOUT_TRYING",
                                               "SS_SIP_TIMEOUT_SESSION_PROGRESS",
                                               "SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP",
                                               "SS_SIP_TIMEOUT_RINGING",
                                               "SS_CALL_PROCEEDING_TIMEOUT",
                                               "SS_CALL_SETUP_MAX_TIME",
                                               "SS_SIP_TIMEOUT_NON_INVITE",
                                               "SS_SIP_T1",
                                               "SS_SIP_T2",
                                               "SS_SIP_T4",
                                               "SS_SIP_TIMEOUT_ACK",
                                               "SS_SIP_CANCEL_WAIT",
                                               "SS_SIP_PORT",
                                               "SS_SIP_LOCAL_IP",
                                               "SS_SIP_PUBLIC_IP",
                                               "SS_SIP_TCP_ENABLE",
                                               "SS_SIP_TCP_IDLE_TIMEOUT",
                                               "SS_SIP_TCP_CLOSE_RESET",
                                               "SS_SIP_TLS_PORT",
                                               "SS_SIP_TLS_CERTIFICATE",
                                               "SS_SIP_TLS_PRIVATE_KEY",
                                               "SS_SIP_TLS_VERIFY_PEER",
                                               "SS_SIP_WS_PORT",
                                               "SS_SIP_MAX_MESSAGE_SIZE",
                                               "SS_SIP_MAX_FORWARDS",
                                               "SS_SIP_LOOP_CHECK",
                                               "SS_SIP_LOOP_MAX",
                                               "SS_SIP_LOCAL_DOMAIN",
                                               "SS_SIP_USER_AGENT",
                                               "SS_SIP_REASON_HEADER",
                                               "SS_SIP_RETRY_AFTER_SEND",
                                               "SS_SIP_100REL",
                                               "SS_SIP_SEND_TRYING",
                                               "SS_SIP_USER_PHONE",
                                               "SS_SIP_ALLOW_PUBLISH",
                                               "SS_SIP_PUBLISH_EXPIRE",
                                               "SS_REPLY_UNAUTHORIZED",
                                               "SS_SIP_NAT_KEEP_ALIVE_MESSAGE",
                                               "SS_SIP_NAT_KEEP_ALIVE_PERIOD",
                                               "SS_SIP_NAT_KEEP_ALIVE_SEND_INTERVAL",
                                               "SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME",
                                               "SS_SIP_NAT_KEEP_ALIVE_SPREAD",
                                               "SS_SIP_NAT_KEEP_ALIVE_SCOPE",
                                               "SS_SIP_NAT_KEEP_ALIVE_METHOD",
                                               "SS_ENDPOINTTIMETOLIVE",
                                               "SS_SIP_OPTIONS_CHECK_PERIOD",
                                               "SS_SIP_OPTIONS_CHECK_FAIL_COUNT",
                                               "SS_SIP_OPTIONS_CHECK_OK_CODES",
                                               "SS_SIP_RETRY_AFTER_HONOUR",
                                               "SS_SIP_RETRY_AFTER_MAX",
                                               "SS_GATEWAY_SWITCH_LIMIT",
                                               "SS_GATEWAY_SWITCH_UNTIL_CONNECT",
                                               "SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY",
                                               "SS_GATEWAY_SWITCH_STOP_AFTER_RINGING",
                                               "SS_GATEWAY_SWITCH_STOP_SIP_CODES",
                                               "SS_GATEWAY_SWITCH_STOP_Q931_CAUSES",
                                               "SS_SIP_STOP_SWITCH_AFTER_SDP",
                                               "SERVER_BILLING_GATEWAY_ROUTE_PREFIX",
                                               "SS_NUMBER_STRIP_CHARS",
                                               "SS_NUMBER_PLUS",
                                               "SS_PREFIX_LETTERS",
                                               "SS_GATEWAY_LOAD_SORT",
                                               "SS_ROUTE_UNLIMITED_LOAD_BASE",
                                               "SS_CALL_RATE_LIMIT",
                                               "SS_GATEWAY_CALL_RATE_UNIT",
                                               "SS_EMERGENCY_NUMBERS",
                                               "SS_CALL_CAPACITY",
                                               "SS_SIP_AUTHENTICATION_RETRY",
                                               "SS_SIP_AUTHENTICATION_TIMEOUT",
                                               "SS_SIP_AUTHENTICATION_CODE",
                                               "SS_SIP_AUTHENTICATION_NONCE_LIFE",
                                               "SS_SIP_AUTHENTICATION_ALGORITHMS",
                                               "SS_SIP_AUTHENTICATION_REALM",
                                               "SS_AUTHENTICATION_MAX_RETRY",
                                               "SS_AUTHENTICATION_FAILED_SUSPEND",
                                               "SS_AUTHENTICATION_FAILED_WINDOW",
                                               "SS_AUTHENTICATION_SUSPEND_SCOPE",
                                               "SS_ENDPOINT_EXPIRE",
                                               "SS_ENDPOINT_EXPIRE_MIN",
                                               "SS_ENDPOINT_REGISTER_REPLACE",
                                               "SS_MAX_CALL_DURATION",
                                               "SS_MAX_CALL_DURATION_UPPER",
                                               "SS_QOS_SIGNAL",
                                               "SERVER_BILLING_RECORD_ZERO_HOLD_TIME",
                                               "SERVER_BILLING_RECORD_ILLEGAL_CALL",
                                               "SERVER_BILLING_RECORD_SERVER_HANG_UP",
                                               "SS_SCANNER_BAN_COUNT",
                                               "SS_SCANNER_BAN_TIME",
                                               "SS_SCANNER_BAN_EXEMPT",
                                               "SS_STOP_GRACE_TIME",
                                               "SS_SIP_AUTHENTICATION_RETRY",
                                               "SS_SIP_NAT_KEEP_ALIVE_PERIOD",
                                               "SS_SIP_USER_AGENT_EXPIRE",
                                               "SS_SIP_USER_AGENT_RETRY_DELAY",
                                               "SS_SIP_USER_AGENT_SEND_UNREGISTER",
                                               "SS_SIP_USER_AGENT_PRIVACY",
                                               "SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT",
                                               "SS_LOOP_SLEEP_MICROSECONDS",
                                               "SS_TRACE_MEGABYTES",
                                               "SERVER_TRACE_KEEP_HOURS",
                                               "SERVER_DEBUG_TRACE_MAX_MINUTES"};

TEST(Parameters, exactly_the_rows_of_built_features_are_available) {
  std::set<std::string_view> available;
  for (const ParameterRow& row : all_parameters())
    if (row.available()) available.insert(row.name);

  EXPECT_EQ(available, kAvailable);
}

TEST(Parameters, no_two_rows_share_a_member) {
  std::set<ParameterRow::Assign> members;
  for (const ParameterRow& row : all_parameters()) {
    if (!row.available()) continue;
    EXPECT_TRUE(members.insert(row.assign).second) << row.name;
  }
}

TEST(Parameters, start_with_the_defaults_of_their_rows) {
  const Parameters parameters;

  EXPECT_EQ(parameters.sip_session_ttl, 600s);
  EXPECT_EQ(parameters.sip_resend_interval,
            (std::vector<milliseconds>{500ms, 1000ms, 2000ms, 4000ms}));
  EXPECT_EQ(parameters.sip_timeout_invite, 10s);
  EXPECT_EQ(parameters.sip_timeout_trying, 20s);
  EXPECT_EQ(parameters.sip_timeout_session_progress, 20s);
  EXPECT_EQ(parameters.sip_timeout_session_progress_sdp, 120s);
  EXPECT_EQ(parameters.sip_timeout_ringing, 120s);
  EXPECT_EQ(parameters.call_proceeding_timeout, 0s);
  EXPECT_EQ(parameters.call_setup_max_time, 300s);
  EXPECT_EQ(parameters.sip_timeout_non_invite, 32s);
  EXPECT_EQ(parameters.sip_t1, 500ms);
  EXPECT_EQ(parameters.sip_t2, 4000ms);
  EXPECT_EQ(parameters.sip_t4, 5000ms);
  EXPECT_EQ(parameters.sip_timeout_ack, 32s);
  EXPECT_EQ(parameters.sip_cancel_wait, 32s);
  EXPECT_EQ(parameters.sip_nat_keep_alive_message, "HELLO");
  EXPECT_EQ(parameters.sip_nat_keep_alive_period, 30s);
  EXPECT_EQ(parameters.sip_nat_keep_alive_send_interval, 500ms);
  EXPECT_EQ(parameters.sip_nat_keep_alive_send_one_time, 3000);
  EXPECT_TRUE(parameters.sip_nat_keep_alive_spread);
  EXPECT_EQ(parameters.sip_nat_keep_alive_scope, KeepAliveScope::All);
  EXPECT_EQ(parameters.sip_nat_keep_alive_method, KeepAliveMethod::Text);
  EXPECT_EQ(parameters.endpoint_time_to_live, 60s);
  EXPECT_EQ(parameters.sip_options_check_period, 30s);
  EXPECT_EQ(parameters.sip_options_check_fail_count, 2);
  EXPECT_EQ(parameters.sip_options_check_ok_codes,
            (std::vector<CodeRange>{{200, 499}, {600, 699}}));
  EXPECT_TRUE(parameters.sip_retry_after_honour);
  EXPECT_EQ(parameters.sip_retry_after_max, 3600s);
  EXPECT_EQ(parameters.sip_port, (std::vector<std::uint16_t>{5060, 6060}));
  EXPECT_TRUE(parameters.sip_local_ip.empty());
  EXPECT_TRUE(parameters.sip_public_ip.none());
  EXPECT_TRUE(parameters.sip_tcp_enable);
  EXPECT_EQ(parameters.sip_tcp_idle_timeout, 120s);
  EXPECT_FALSE(parameters.sip_tcp_close_reset);
  EXPECT_EQ(parameters.sip_tls_port, 5061);
  EXPECT_EQ(parameters.sip_tls_certificate, "");
  EXPECT_EQ(parameters.sip_tls_private_key, "");
  EXPECT_EQ(parameters.sip_tls_verify_peer, VerifyPeer::Optional);
  EXPECT_EQ(parameters.sip_ws_port, 0);
  EXPECT_EQ(parameters.sip_max_message_size, 65535);
  EXPECT_EQ(parameters.sip_max_forwards, 70);
  EXPECT_TRUE(parameters.sip_loop_check);
  EXPECT_EQ(parameters.sip_loop_max, 0);
  EXPECT_TRUE(parameters.sip_local_domain.empty());
  EXPECT_EQ(parameters.sip_user_agent, "Tandem");
  EXPECT_EQ(parameters.sip_reason_header, ReasonHeader::SendAndRecord);
  EXPECT_EQ(parameters.sip_retry_after_send, 5s);
  EXPECT_EQ(parameters.sip_100rel, ReliableProvisional::Supported);
  EXPECT_TRUE(parameters.sip_send_trying);
  EXPECT_FALSE(parameters.sip_user_phone);
  EXPECT_TRUE(parameters.reply_unauthorized);
}

TEST(Parameters, start_with_the_defaults_of_their_rows_beyond_sip) {
  const Parameters parameters;

  EXPECT_EQ(parameters.gateway_switch_limit, 0);
  EXPECT_FALSE(parameters.gateway_switch_until_connect);
  EXPECT_TRUE(parameters.gateway_switch_stop_after_user_busy);
  EXPECT_FALSE(parameters.gateway_switch_stop_after_ringing);
  EXPECT_EQ(parameters.gateway_switch_stop_sip_codes,
            (std::vector<CodeRange>{{410, 410}, {484, 484}, {600, 600}, {603, 603}, {604, 604}}));
  EXPECT_TRUE(parameters.sip_stop_switch_after_sdp);
  EXPECT_EQ(parameters.number_strip_chars, "-().");
  EXPECT_EQ(parameters.number_plus, number::Plus::Strip);
  EXPECT_TRUE(parameters.prefix_letters);
  EXPECT_EQ(parameters.gateway_load_sort, LoadSort::Ratio);
  EXPECT_EQ(parameters.route_unlimited_load_base, 10000);
  EXPECT_EQ(parameters.call_rate_limit, 0);
  EXPECT_EQ(parameters.call_capacity, 0);
  EXPECT_EQ(parameters.max_call_duration, 0s);
  EXPECT_EQ(parameters.max_call_duration_upper, 0s);
  EXPECT_EQ(parameters.qos_signal, 0xa0);
  EXPECT_TRUE(parameters.billing_record_zero_hold_time);
  EXPECT_TRUE(parameters.billing_record_illegal_call);
  EXPECT_TRUE(parameters.billing_record_server_hang_up);
  EXPECT_EQ(parameters.scanner_ban_count, 10);
  EXPECT_EQ(parameters.scanner_ban_time, 600s);
  EXPECT_TRUE(parameters.scanner_ban_exempt.empty());
  EXPECT_EQ(parameters.stop_grace_time, 0s);
  EXPECT_EQ(parameters.loop_sleep, std::chrono::microseconds{500});
}

TEST(Parameters, take_stored_values_of_every_kind) {
  const auto built = build_parameters({
      {"ss_sip_session_ttl", "1800"},
      {"SS_SIP_RESEND_INTERVAL", "0.25,32"},
      {"SS_SIP_T1", "250"},
      {"SS_SIP_PORT", "5070"},
      {"SS_SIP_LOCAL_IP", "127.0.0.1,::1"},
      {"SS_SIP_PUBLIC_IP", "192.0.2.7"},
      {"SS_SIP_TCP_ENABLE", "off"},
      {"SS_SIP_TLS_PORT", "5071"},
      {"SS_SIP_TLS_CERTIFICATE", "/etc/tandem/chain.pem"},
      {"SS_SIP_TLS_VERIFY_PEER", "Required"},
      {"SS_SIP_LOCAL_DOMAIN", "Example.ORG"},
      {"SS_SIP_REASON_HEADER", "record"},
      {"SS_NUMBER_PLUS", "keep"},
      {"SS_QOS_SIGNAL", "0xb8"},
      {"SS_GATEWAY_SWITCH_STOP_SIP_CODES", "404,600-699"},
      {"SS_SCANNER_BAN_EXEMPT", "192.0.2.0/24"},
      {"SS_LOOP_SLEEP_MICROSECONDS", "0"},
  });

  ASSERT_TRUE(built.ok()) << built.error().sentence;
  EXPECT_EQ(built->sip_session_ttl, 1800s);
  EXPECT_EQ(built->sip_resend_interval, (std::vector<milliseconds>{250ms, 32'000ms}));
  EXPECT_EQ(built->sip_t1, 250ms);
  EXPECT_EQ(built->sip_port, std::vector<std::uint16_t>{5070});
  ASSERT_EQ(built->sip_local_ip.size(), 2u);
  EXPECT_EQ(built->sip_local_ip[1].text(), "::1");
  EXPECT_EQ(built->sip_public_ip.text(), "192.0.2.7");
  EXPECT_FALSE(built->sip_tcp_enable);
  EXPECT_EQ(built->sip_tls_port, 5071);
  EXPECT_EQ(built->sip_tls_certificate, "/etc/tandem/chain.pem");
  EXPECT_EQ(built->sip_tls_verify_peer, VerifyPeer::Required);
  EXPECT_EQ(built->sip_local_domain, std::vector<std::string>{"example.org"});
  EXPECT_EQ(built->sip_reason_header, ReasonHeader::Record);
  EXPECT_EQ(built->number_plus, number::Plus::Keep);
  EXPECT_EQ(built->qos_signal, 0xb8);
  EXPECT_EQ(built->gateway_switch_stop_sip_codes, (std::vector<CodeRange>{{404, 404}, {600, 699}}));
  ASSERT_EQ(built->scanner_ban_exempt.size(), 1u);
  EXPECT_TRUE(built->scanner_ban_exempt[0].contains(*IpAddress::parse("192.0.2.200")));
  EXPECT_EQ(built->loop_sleep.count(), 0);
  EXPECT_EQ(built->sip_timeout_invite, 10s) << "parameters not named keep their defaults";
}

TEST(Parameters, a_refused_or_unknown_value_changes_nothing_and_is_named) {
  const auto refused = build_parameters({{"SS_SIP_T1", "99"}, {"SS_SIP_T2", "2000"}});
  const auto unknown = build_parameters({{"SS_SIP_T3", "1"}});

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().parameter, "SS_SIP_T1");
  EXPECT_EQ(refused.error().value, "99");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().sentence,
            "SS_SIP_T3: there is no parameter of this name; is SS_SIP_T1 meant?");
}

TEST(Parameters, parameters_of_features_to_come_are_checked_too) {
  EXPECT_TRUE(build_parameters({{"SS_RTP_TIMEOUT", "60"}}).ok());
  EXPECT_FALSE(build_parameters({{"SS_RTP_TIMEOUT", "4"}}).ok());
}

TEST(Parameters, values_that_contradict_each_other_are_refused) {
  const auto ports =
      build_parameters({{"SS_RTP_PORT_LOW", "20000"}, {"SS_RTP_PORT_HIGH", "20002"}});

  ASSERT_FALSE(ports.ok());
  EXPECT_EQ(ports.error().sentence,
            "SS_RTP_PORT_HIGH: 20002 is not allowed; it must be at least SS_RTP_PORT_LOW + 3 "
            "(20000)");
  EXPECT_TRUE(build_parameters({{"SS_RTP_PORT_LOW", "20000"}, {"SS_RTP_PORT_HIGH", "20003"}}).ok());
  EXPECT_FALSE(build_parameters({{"SS_RTP_PORT_LOW", "50000"}}).ok());
  EXPECT_FALSE(build_parameters({{"SS_H323_H245_PORT_HIGH", "29999"}}).ok());
  EXPECT_FALSE(build_parameters({{"SS_GATEWAY_ASR_RESERVE_TIME", "60"},
                                 {"SS_GATEWAY_ASR_RESERVE_SEPARATE", "61"}})
                   .ok());
}

}  // namespace
}  // namespace tandem::directory
