// What travels between a leg and its call: the Q.931 primitives Setup, Proceeding, Alerting,
// Progress, Connect, Release, plus Modify (re-INVITE, UPDATE) and Info. They name no SIP message, so
// that an H.323 leg can be a second kind of leg.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/slot_map.h"
#include "base/time.h"
#include "core/cause/end_reason.h"

namespace tandem::leg {

struct LegTag;
using LegId = SlotId<LegTag>;

// A session description (or another body passed through), as bytes. Views live as long as the input
// being handled.
struct Body {
  std::string_view type;  // "application/sdp"
  std::string_view bytes;
  bool empty() const { return bytes.empty(); }
};

// Why one half of a call ends or a request is refused, in terms both halves understand.
struct Release {
  cause::EndReason reason{};
  int detail = 0;                 // status of peer_sip, cause of peer_q850
  int sip_status = 0;             // to be answered with, or answered by the peer; 0 = none
  int q850_cause = 0;             // 0 = none
  int sip_cause = 0;              // SIP status the peer gave as its Reason; 0 = none
  std::string_view phrase{};      // of the peer's answer; "" = the standard one
  std::string_view reason_header{}; // Reason as the peer sent it
  std::string_view annex{};       // header lines of the peer that may pass to the other side
  std::string_view own_lines{};   // header lines of our own making for the answer, each with CRLF
  std::uint32_t retry_after = 0;  // seconds; 0 = none
  // Where else the peer says the call should go: addresses, best first, one a line; "" = nowhere.
  std::string_view alternatives{};
  // Of a half found dead: when what it did not answer began, and when it was heard last.
  UtcTime detected{};             // UtcTime{} = it was not found dead
  UtcTime last_alive{};
};

enum class Primitive : std::uint8_t {
  Proceeding,   // the peer works on it
  Alerting,     // it rings; may carry early media
  Progress,     // other news before the answer; may carry early media
  Connect,      // answered
  Confirm,      // the peer's answer to an offer we passed (in ACK or PRACK), or its plain ACK
  Release,      // this half is over or refused
  Modify,       // the peer wants another session: an offer, or a request for one (empty body)
  ModifyReply,  // result of a Modify this leg was told to make
  Info,         // something for the other half that changes nothing here
  InfoReply,
  Withdraw,     // the peer takes its Modify back
  Supervision,  // news of how this half proves that it is alive
  Gone,         // nothing of this leg is left; it may be forgotten
};
std::string_view to_text(Primitive primitive);

// How a Modify travels: with or without a three-way handshake.
enum class ModifyKind : std::uint8_t { ReInvite, Update };
enum class InfoKind : std::uint8_t { Info, Message };

// What is new about the proof of life of a half.
enum class LifeNews : std::uint8_t {
  TimerChanged,    // it has a timer now, or none any more
  RefreshAnswered, // a refresh of ours was accepted
  RefreshRefused,  // or failed; `status` 0 = nobody answered
  Glare,           // it met one of the peer's
  MethodRefused,   // the peer does not know the method, `modify`: the other one is used from now on
  TooShortSent,    // 422 from us: `asked` seconds, at least `granted`
  TooShortGot,     // 422 to us
  BelowMinimum,    // the peer keeps an interval below ours
  Contradictory,   // its Min-SE was above its Session-Expires
  ProbeAnswered,
  ProbeFailed,
};

struct Event {
  Primitive primitive{};
  LegId leg{};
  int status = 0;          // Alerting, Progress: 180..199; *Reply: final status
  std::uint8_t branch = 0; // which early dialog of this leg (forking); rises with each new one.
                           // Modify and Info on their way to a leg: of that leg
  bool reliable = false;   // the peer wants its provisional acknowledged with our answer
  ModifyKind modify = ModifyKind::ReInvite;
  InfoKind info = InfoKind::Info;
  LifeNews life{};           // Supervision
  std::uint32_t asked = 0, granted = 0;  // seconds
  std::uint64_t ticket = 0;  // Info, InfoReply: which one; comes back as it was given
  Body body;
  Release release;         // Release, and *Reply with status >= 300
  std::string_view annex;  // header lines that pass to the other side
  std::string_view product;  // User-Agent or Server
};

}  // namespace tandem::leg
