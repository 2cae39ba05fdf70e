// The call detail record: one per call, with the list of its attempts (spec entities.md 23). A plain
// value, filled by the call machine, written to the journal before the switch forgets the call.
// Only fields whose feature exists are here; kCdrFields (cdr_fields.h) describes each once for CSV,
// JSON, database and documentation. New members go to the end of fields(): cdr_record.h says why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/cause/end_reason.h"

namespace tandem::cdr {

enum class PartyType : std::uint8_t { Unknown, Ingress, Egress, Phone };

// One egress leg tried for the call.
struct Attempt {
  std::string gateway;        // name
  std::int64_t gateway_id = 0;
  std::string address;        // where the INVITE went, "ip:port"
  std::string call_id;        // our Call-ID on that leg
  std::string caller;         // numbers as sent
  std::string callee;
  UtcTime start{};            // INVITE out
  std::int64_t pdd = -1;      // ms to first 180, 183 with SDP or 200; -1 = none came
  UtcTime end{};              // when the attempt failed or the call ended
  int sip_status = 0;         // final answer of the peer; 0 = none
  int q850_cause = 0;         // of the peer's Reason header, or mapped; 0 = none
  std::string sip_reason_header;  // Reason of the peer, as sent
  cause::EndReason end_reason{};  // why this attempt ended
  int end_detail = 0;         // status or cause of a peer reason

  template <class Archive>
  void fields(Archive& archive) {
    archive(gateway, gateway_id, address, call_id, caller, callee, start, pdd, end, sip_status,
            q850_cause, sip_reason_header, end_reason, end_detail);
  }
};

struct Cdr {
  std::int64_t flow_no = 0;        // unique, rises with the time of arrival; key
  std::int64_t flow_no_first = 0;  // first segment of a call with several
  std::string caller;              // billed form of each number
  std::string caller_in;           // as received
  std::string caller_out;          // as sent by the deciding attempt; "" when nothing was sent
  std::string callee;
  std::string callee_in;
  std::string callee_out;
  std::string caller_gateway;      // name of the ingress gateway; "" = unknown source
  std::string callee_gateway;      // name of the egress gateway of the deciding attempt
  std::string caller_ip;           // signalling "ip:port"
  std::string callee_ip;
  std::string caller_rtp_ip;       // media "ip:port" from SDP
  std::string callee_rtp_ip;
  std::string caller_codec;        // first audio codec of the answer that side got or gave
  std::string callee_codec;
  std::string caller_product;      // User-Agent / Server
  std::string callee_product;
  PartyType caller_type = PartyType::Unknown;
  PartyType callee_type = PartyType::Unknown;
  UtcTime start{};                 // INVITE in; UtcTime{} = did not happen, here and below
  UtcTime progress_time{};         // first 183 or other 18x but 180 to the caller
  UtcTime ring_time{};             // first 180 to the caller
  UtcTime answer_time{};           // 200 to the caller
  UtcTime stop{};                  // end of the call
  UtcTime detect_time{};           // when a dead leg was noticed; = stop otherwise
  UtcTime last_alive_time{};       // last message of the leg that ended or died
  std::int64_t hold_time_ms = 0;   // talk time; hold_time (s) is derived from it
  std::int64_t connect_duration = 0;  // ms from arrival to answer, or to the end
  std::int64_t caller_pdd = -1;    // ms, INVITE in to first 18x/200 to the caller; -1 = none
  std::int64_t callee_pdd = -1;    // ms, of the deciding attempt
  std::int64_t account = 0;        // id, 0 = none
  std::string account_name;
  cause::Side end_side{};
  cause::EndReason end_reason{};
  int end_detail = 0;              // status of peer_sip, cause of peer_q850
  int sip_status = 0;              // final answer of the deciding peer; 0 = none
  int q850_cause = 0;
  std::string sip_reason_header;   // as sent by the peer that ended the call
  int billing_mode = -1;           // -1 not billed
  std::int64_t node_call_id = 0;   // number of the call in this run of the switch
  std::string caller_call_id;      // SIP Call-IDs of both legs
  std::string callee_call_id;
  std::uint64_t config_snapshot = 0;  // number of the Directory it was decided under
  std::vector<Attempt> attempts;

  template <class Archive>
  void fields(Archive& archive) {
    archive(flow_no, flow_no_first, caller, caller_in, caller_out, callee, callee_in, callee_out,
            caller_gateway, callee_gateway, caller_ip, callee_ip, caller_rtp_ip, callee_rtp_ip,
            caller_codec, callee_codec, caller_product, callee_product, caller_type, callee_type,
            start, progress_time, ring_time, answer_time, stop, detect_time, last_alive_time);
    archive(hold_time_ms, connect_duration, caller_pdd, callee_pdd, account, account_name, end_side,
            end_reason, end_detail, sip_status, q850_cause, sip_reason_header, billing_mode,
            node_call_id, caller_call_id, callee_call_id, config_snapshot, attempts);
  }
};

}  // namespace tandem::cdr
