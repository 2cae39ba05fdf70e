// What is known of one call when it is decided on: who calls from where, the number trail, the
// identities. Filled step by step in the order of call-handling.md; deciders only read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/address.h"

namespace tandem::facts {

// What a caller wants of us: to be shown; that the network keeps its identity to itself (Privacy:
// id); or to be nobody to the other side (an anonymous From, Privacy: user).
enum class PrivacyWish : std::uint8_t { None, Identity, Everything };

// What a leg can tell of a call that comes in, before anybody knows the gateway: every place a
// number may stand. Views are valid while the Setup is being handled. User parts are undecoded.
struct Setup {
  std::int64_t ingress = 0;          // id of the gateway it is; 0 = to be found out
  std::int64_t phone = 0;            // id of the phone it is; 0 = it is none
  IpAddress source_ip;
  std::uint16_t source_port = 0;
  std::uint16_t local_port = 0;      // our port it came in at
  std::string_view request_host;     // domain the caller addressed
  std::string_view request_user;     // called number candidates
  std::string_view to_user;
  std::string_view diversion_user;   // first forwarding party, by Diversion or History-Info
  std::string_view routing_number;   // rn of the called number (RFC 4694); "" = none
  bool ported_checked = false;       // npdi: somebody has looked it up
  std::string_view from_user;        // calling number candidates
  std::string_view from_display;
  std::string_view remote_party_user;
  std::string_view asserted_user;
  std::string_view preferred_user;
  std::string_view product;          // User-Agent
  std::string_view call_id;
  PrivacyWish privacy{};             // by the Privacy header
  std::int64_t registration = 0;     // outbound registration whose Contact it came to; 0 = none
};

// One number in its forms (glossary: number trail); `sent` belongs to the attempt.
struct NumberTrail {
  std::string received;
  std::string routed;
  std::string billed;

  template <class Archive>
  void fields(Archive& archive) {
    archive(received, routed, billed);
  }
};

struct CallFacts {
  IpAddress source_ip;
  std::uint16_t source_port = 0;
  std::uint16_t local_port = 0;
  std::int64_t ingress = 0;  // id of the ingress gateway; 0 = not identified
  std::int64_t phone = 0;    // id of the phone that calls; 0 = a gateway does
  std::int64_t account = 0;  // id; 0 = not billed
  NumberTrail caller;
  NumberTrail callee;
  std::string display;       // caller's name as given
  std::string forwarding;    // forwarding number, "" = none
  std::string asserted;      // number of the caller's own P-Asserted-Identity, "" = none
  std::string preferred;     // likewise of P-Preferred-Identity
  std::string searched;      // what candidates are searched with; "" = callee.routed
  std::string routing_number;     // rn of the called number: received or looked up; "" = none
  bool ported_checked = false;    // npdi: it is known whether there is one
  PrivacyWish privacy{};     // as far as the gateway's sip_privacy_support heeds it

  std::string_view sought() const {
    return searched.empty() ? std::string_view(callee.routed) : std::string_view(searched);
  }

  template <class Archive>
  void fields(Archive& archive) {
    archive(source_ip, source_port, local_port, ingress, phone, account, caller, callee, display,
            forwarding, asserted, preferred, searched, routing_number, ported_checked, privacy);
  }
};

}  // namespace tandem::facts
