// Call detail records with every member set, told apart by a number.
#pragma once

#include <cstdint>
#include <string>

#include "core/cdr/cdr.h"

namespace tandem::test_support {

inline cdr::Attempt sample_attempt(std::int64_t number) {
  cdr::Attempt attempt;
  attempt.gateway = "south-" + std::to_string(number % 3);
  attempt.gateway_id = number % 3 + 10;
  attempt.address = "198.51.100.20:5080";
  attempt.call_id = "e" + std::to_string(number) + "@192.0.2.1";
  attempt.caller = "0033123456789";
  attempt.callee = "00442071234567";
  attempt.start = from_epoch_milliseconds(1'700'000'000'010 + number);
  attempt.pdd = number % 2 == 0 ? -1 : 350;
  attempt.end = from_epoch_milliseconds(1'700'000'065'030 + number);
  attempt.sip_status = 503;
  attempt.q850_cause = 38;
  attempt.sip_reason_header = "Q.850;cause=38;text=\"out of order\"";
  attempt.end_reason = cause::EndReason::PeerSip;
  attempt.end_detail = 503;
  return attempt;
}

// Answered when `number` is odd. Arrives `number` ms after 2023-11-14T22:13:20Z.
inline cdr::Cdr sample_cdr(std::int64_t number) {
  cdr::Cdr cdr;
  const bool answered = number % 2 != 0;
  cdr.flow_no = 1'000'000 + number;
  cdr.flow_no_first = cdr.flow_no;
  cdr.caller = "33123456789";
  cdr.caller_in = "+33123456789";
  cdr.caller_out = "0033123456789";
  cdr.callee = "44207123" + std::to_string(1000 + number % 9000);
  cdr.callee_in = "+" + cdr.callee;
  cdr.callee_out = "00" + cdr.callee;
  cdr.caller_gateway = "north";
  cdr.callee_gateway = "south-" + std::to_string(number % 3);
  cdr.caller_ip = "203.0.113.10:5060";
  cdr.callee_ip = "198.51.100.20:5080";
  cdr.caller_rtp_ip = "203.0.113.10:20000";
  cdr.callee_rtp_ip = "198.51.100.20:30000";
  cdr.caller_codec = "PCMA";
  cdr.callee_codec = "PCMU";
  cdr.caller_product = "Phone \"1\", é";
  cdr.callee_product = "Gateway/2";
  cdr.caller_type = cdr::PartyType::Ingress;
  cdr.callee_type = cdr::PartyType::Egress;
  cdr.start = from_epoch_milliseconds(1'700'000'000'000 + number);
  cdr.progress_time = from_epoch_milliseconds(1'700'000'000'200 + number);
  cdr.ring_time = from_epoch_milliseconds(1'700'000'000'350 + number);
  if (answered) cdr.answer_time = from_epoch_milliseconds(1'700'000'004'000 + number);
  cdr.stop = from_epoch_milliseconds(1'700'000'065'000 + number);
  cdr.detect_time = cdr.stop;
  cdr.last_alive_time = cdr.stop;
  cdr.hold_time_ms = answered ? 61'000 : 0;
  cdr.connect_duration = answered ? 4'000 : 65'000;
  cdr.caller_pdd = 350;
  cdr.callee_pdd = 340;
  cdr.account = 7;
  cdr.account_name = "acme";
  cdr.end_side = answered ? cause::Side::Caller : cause::Side::Callee;
  cdr.end_reason = answered ? cause::EndReason::CallerHangup : cause::EndReason::PeerSip;
  cdr.end_detail = answered ? 0 : 503;
  cdr.sip_status = answered ? 200 : 503;
  cdr.q850_cause = answered ? 16 : 38;
  cdr.sip_reason_header = "Q.850;cause=16";
  cdr.billing_mode = 1;
  cdr.node_call_id = number;
  cdr.caller_call_id = "i" + std::to_string(number) + "@203.0.113.10";
  cdr.callee_call_id = "e" + std::to_string(number) + "@192.0.2.1";
  cdr.config_snapshot = 42;
  for (std::int64_t i = 0; i < number % 4; ++i) cdr.attempts.push_back(sample_attempt(number + i));
  return cdr;
}

}  // namespace tandem::test_support
