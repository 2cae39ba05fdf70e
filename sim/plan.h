// What the two sides of one call are going to do, drawn beforehand from their tempers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/draw.h"
#include "sim/host.h"

namespace tandem::sim {

enum class Acknowledge : std::uint8_t { AtOnce, Late, Never, Wrong };

// Something done in the middle of a call.
enum class Deed : std::uint8_t { ReInvite, LateReInvite, Update, Info, Message, Options, Mischief };
struct DeedAt {
  milliseconds after{};  // since the answer
  Deed deed{};
};

// How a request of the switch in mid-call is answered.
struct Replies {
  int modify = 200;  // re-INVITE and UPDATE with an offer
  milliseconds delay{};
  bool deaf_to_modify = false;  // never answers them
  bool deaf_to_bye = false;
  bool deaf_to_info = false;
  Acknowledge acknowledge = Acknowledge::AtOnce;
};

// What a party does about session timers (RFC 4028).
struct TimerPlan {
  enum class Wish : std::uint8_t { Open, Uac, Uas };

  bool supports = false;      // lists timer in Supported
  int interval = 0;           // Session-Expires, asked or granted; 0 = what the other side says
  int least = 0;              // its Min-SE; 0 = says nothing of it
  Wish wish = Wish::Open;     // who is to refresh
  bool gives_up = false;      // does not ask again after a 422
  bool by_update = true;      // how it refreshes
  bool takes_update = true;   // answers 405 otherwise
  bool lists_update = true;   // in its Allow
  int glare = 0;              // per cent of the switch's refreshes that meet its 491
  int changes = 0;            // per cent of its refreshes that hand the refreshing to the switch
  std::optional<milliseconds> dies_after{};  // since the answer: neither hears nor speaks any more
};

struct CallerPlan {
  bool late_offer = false;
  bool reliable = false;          // Supported: 100rel
  bool demands_reliable = false;  // Require: 100rel
  bool forgets_prack = false;
  bool two_vias = false;  // a proxy stands between
  bool record_route = false;
  bool second_way = false;  // the INVITE also comes over another way (merged)
  std::optional<milliseconds> cancel_after{};
  std::optional<milliseconds> bye_before_answer{};
  bool cancel_too_soon = false;        // without waiting for a provisional
  std::optional<milliseconds> talk{};  // until the BYE; none: the other side must
  milliseconds patience{};             // until it cancels
  std::vector<DeedAt> deeds{};
  Replies replies{};
  TimerPlan timer{};
};

// One provisional answer.
struct RingAt {
  milliseconds after{};  // since the one before
  int status = 180;
  bool session = false;
  bool reliable = false;
  int fork = 0;  // which called party says it
};

struct CalleePlan {
  bool silent = false;
  bool trying = true;
  std::vector<RingAt> rings{};
  milliseconds final_after{};
  int final_status = 200;  // 0: never
  int retry_after = 30;    // of a 503, seconds; 0 = says nothing of it
  std::vector<std::string> contacts{"<sip:elsewhere@198.18.0.9>"};  // of a 3xx
  int answering_fork = 0;
  bool second_answer = false;    // another fork answers too
  bool repeats_answer = false;   // sends its 200 again after the ACK
  bool bye_with_answer = false;  // hangs up the moment it answers
  bool ignores_cancel = false;   // and answers the INVITE after all
  bool record_route = false;
  bool contradicts = false;  // a second, other final answer
  std::optional<milliseconds> talk{};
  std::vector<DeedAt> deeds{};
  Replies replies{};
  TimerPlan timer{};
};

// How long people talk in a world: a minute, or so long that session timers matter.
enum class Talk : std::uint8_t { Short, Long };

CallerPlan draw_caller_plan(Draw& draw, Temper temper, Talk talk);
CalleePlan draw_callee_plan(Draw& draw, Temper temper, Talk talk, bool may_refuse);

}  // namespace tandem::sim
