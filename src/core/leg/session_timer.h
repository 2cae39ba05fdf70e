// The session timer of one leg (RFC 4028) as functions: what is negotiated, what follows from it in
// seconds, how a refresh travels and what its answer means. The rules are numbered as in the
// product's specification; the call page names them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "core/directory/parameters.h"
#include "core/sip/headers.h"
#include "core/sip/message.h"

namespace tandem::leg {

// RFC 4028 §4: no interval below this is kept, whoever asks for it.
inline constexpr seconds kShortestInterval{32};
// RFC 4028 §5: nobody may ask for more than this as the least interval.
inline constexpr seconds kLeastMinSe{90};

enum class Role : std::uint8_t { None, Switch, Peer };  // who refreshes

// Which rule gave a leg its timer, or left it without one.
enum class TimerRule : std::uint8_t {
  None,  // nothing is negotiated yet
  A1, A2, A3, A4, A5, A6, A7, A8, A10, A11, A12, A14,  // the switch was asked (A9 is A5 to A7)
  B1, OneSided, B2, B3, B4, B5, B6, B8,                // the switch asked
  Off,   // the device's sip_timer is off
  Lost,  // a 2xx without Session-Expires turned it off
  Count,
};
// Short name ("A5") and the reason in words.
struct TimerRuleRow {
  TimerRule rule;
  std::string_view name;
  std::string_view words;
};
const TimerRuleRow& row(TimerRule rule);

// What the switch goes by; from the parameters of the call.
struct TimerTerms {
  seconds ttl{};
  seconds min_se{};
  seconds ceiling{};
  directory::RefresherChoice refresher{};

  static TimerTerms of(const directory::Parameters& parameters);
  // What we propose: never below what we accept, nor below RFC 4028's least.
  seconds proposal() const;
};

// What a request of the peer says of the timer.
struct TimerAsk {
  bool supported = false;   // lists timer in Supported or Require
  bool required = false;    // lists it in Require
  bool unreadable = false;  // Session-Expires or Min-SE cannot be read
  std::optional<sip::SessionExpires> expires;
  seconds min_se{};         // 0 = not given
};
TimerAsk timer_ask(const sip::Message& request);

// How a request is answered (table 2.1).
struct TimerAnswer {
  TimerRule rule{};
  int refusal = 0;            // 400, 420, 422; 0 = the 2xx bears what follows
  seconds interval{};         // 0 = no Session-Expires
  Role refresher{};
  bool require = false;       // Require: timer
  bool contradictory = false; // its Min-SE was above its Session-Expires (A13)
  bool unaware = false;       // the peer knows nothing of the timer; we alone keep it
  bool unsaid = false;        // the 2xx does not tell of the interval: it would not be understood

  template <class Archive>
  void fields(Archive& archive) {
    archive(rule, refusal, interval, refresher, require, contradictory, unaware, unsaid);
  }
};
TimerAnswer answer_timer(bool device_on, const TimerAsk& ask, const TimerTerms& terms);

// What the 2xx to a request of ours says.
struct TimerReply {
  std::optional<sip::SessionExpires> expires;  // nothing also when it cannot be read
  bool allows_update = false;                  // its Allow, or the last one seen
};
TimerReply timer_reply(const sip::Message& response, bool allowed_update_before);

// What comes of it (table 2.2). `asked` = Session-Expires of our request.
struct TimerResult {
  TimerRule rule{};
  seconds interval{};  // 0 = no timer
  Role refresher{};
  bool one_sided = false;   // we refresh a peer that knows nothing of it
  bool below_minimum = false;
};
TimerResult accept_timer(seconds asked, const TimerReply& reply, const TimerTerms& terms);

// ---- arithmetic, whole seconds, rounded down ----

seconds refresh_interval(seconds interval, int segment);
// How long before the interval's end a silent peer is given up.
seconds expiry_margin(seconds interval, const directory::Parameters& parameters);

// ---- a refresh of ours ----

// What this peer was found not to do.
struct Learned {
  bool no_update = false;
  bool no_reinvite = false;

  template <class Archive>
  void fields(Archive& archive) {
    archive(no_update, no_reinvite);
  }
};
enum class RefreshBy : std::uint8_t { Update, ReInvite, Nothing };
// Nothing = the peer refused both.
RefreshBy refresh_by(directory::RefreshMethod setting, bool peer_updates, Learned learned);

// The final answer to a refresh, in the words of the refresh machine (table 2.6).
enum class RefreshOutcome : std::uint8_t {
  Refreshed,    // 2xx
  Glare,        // 491
  TooShort,     // 422
  WrongMethod,  // 405, 501; 488 to a re-INVITE
  Challenged,   // 401, 407
  Dead,         // hang up now
  Failed,       // try again later
};
// `status` 0 = no answer within its time, or nothing could be sent.
RefreshOutcome judge_refresh(int status, RefreshBy by, directory::RefreshFailure policy);

// Pause before a request that met glare is sent again (RFC 3261 §14.1), in steps of 10 ms; `random`
// is drawn anew for each.
milliseconds glare_pause(bool we_made_the_call_id, std::uint64_t random);
// Pause before a failed refresh is tried again: half the refresh interval, at least ten seconds
// when nobody answered.
seconds retry_pause(seconds interval, int segment, bool unanswered);

}  // namespace tandem::leg
