// The session timer of a party (RFC 4028): what it grants and is granted, its refreshes, and its
// patience with those of the switch.

#include <algorithm>
#include <cstdlib>

#include "sim/party.h"

namespace tandem::sim {
namespace {

// A wait is looked at again this often, so that nothing lies in the world's queue for hours.
constexpr milliseconds kLook = 300'000ms;
constexpr int kLeastInterval = 90;

bool lists_timer(const wire::Text& text) {
  for (const char* header : {"Supported", "Require"}) {
    for (const std::string& value : text.all(header)) {
      if (value.find("timer") != std::string::npos) return true;
    }
  }
  return false;
}

int interval_of(const wire::Text& text) { return std::atoi(text.get("Session-Expires").c_str()); }
std::string refresher_of(const wire::Text& text) {
  return wire::parameter_in(text.get("Session-Expires"), "refresher");
}

}  // namespace

wire::Line Party::allow() const {
  std::string methods = "INVITE, ACK, CANCEL, BYE, PRACK, INFO, MESSAGE, OPTIONS";
  if (timer_.lists_update) methods += ", UPDATE";
  return {"Allow", methods};
}

// Of the initial INVITE what is wanted, later what is agreed.
std::vector<wire::Line> Party::timer_lines() const {
  using Wish = TimerPlan::Wish;
  std::vector<wire::Line> lines;
  if (timer_.supports) lines.push_back({"Supported", "timer"});
  const int interval = confirmed_ ? clock_.interval : timer_.interval;
  if (confirmed_ && !timer_.supports) return lines;
  if (timer_.least != 0) lines.push_back({"Min-SE", std::to_string(timer_.least)});
  if (interval == 0) return lines;
  std::string value = std::to_string(interval);
  if (confirmed_) {
    value += clock_.ours ? ";refresher=uac" : ";refresher=uas";
  } else if (timer_.supports && timer_.wish != Wish::Open) {
    value += timer_.wish == Wish::Uac ? ";refresher=uac" : ";refresher=uas";
  }
  lines.push_back({"Session-Expires", value});
  return lines;
}

int Party::refusal(const wire::Text& request) const {
  const bool asks = timer_.supports && request.has("Session-Expires") && lists_timer(request);
  return asks && interval_of(request) < timer_.least ? timer_.least : 0;
}

std::vector<wire::Line> Party::grant(const wire::Text& request) {
  if (!timer_.supports) return {};
  clock_.interval = 0;
  std::vector<wire::Line> lines{{"Supported", "timer"}};
  if (!lists_timer(request) && !request.has("Session-Expires")) {
    plan_clock();
    return lines;
  }
  const int asked = interval_of(request);
  const int least =
      std::max({kLeastInterval, timer_.least, std::atoi(request.get("Min-SE").c_str())});
  const int wished = std::max(least, timer_.interval != 0 ? timer_.interval : 1800);
  clock_.interval = asked == 0 ? wished : timer_.interval == 0 ? asked : std::min(asked, wished);
  std::string refresher = refresher_of(request);
  if (refresher.empty()) refresher = timer_.wish == TimerPlan::Wish::Uas ? "uas" : "uac";
  clock_.ours = refresher == "uas";
  lines.push_back({"Session-Expires", std::to_string(clock_.interval) + ";refresher=" + refresher});
  if (!clock_.ours) lines.push_back({"Require", "timer"});
  plan_clock();
  return lines;
}

// A 2xx of the switch to our INVITE or UPDATE.
void Party::take_grant(const wire::Text& request, const wire::Text& response) {
  const bool given = response.has("Session-Expires");
  const bool asked = request.has("Session-Expires");
  if (given && !asked && !lists_timer(request)) {
    broken("no Session-Expires to who does not know it", response.get("Session-Expires"));
  }
  if (!timer_.supports) {
    if (response.get("Require").find("timer") != std::string::npos) {
      broken("nothing is required of who does not support it", response.get("Require"));
    }
    return;
  }
  clock_.interval = given ? interval_of(response) : 0;
  const std::string refresher = refresher_of(response);
  clock_.ours = refresher == "uac";
  if (given) {
    const std::string both =
        request.get("Session-Expires") + " was answered " + response.get("Session-Expires");
    const int least = std::atoi(request.get("Min-SE").c_str());
    if (asked && clock_.interval > interval_of(request)) {
      broken("an answer does not lengthen the session interval", both);
    }
    if (clock_.interval < std::max(least, 32)) {
      broken("an answer does not go below Min-SE", both);
    }
    if (refresher != "uac" && refresher != "uas") broken("an answer names the refresher", both);
    const std::string wanted = refresher_of(request);
    if (!wanted.empty() && wanted != refresher) {
      broken("an answer does not change the refresher", both);
    }
    if (clock_.ours && response.get("Require").find("timer") == std::string::npos) {
      broken("who is made the refresher is required to be it", both);
    }
  }
  plan_clock();
}

// Half an interval until our refresh; or as long as we wait for one (RFC 4028 §10).
void Party::plan_clock() {
  const std::uint64_t turn = ++clock_.turn;
  if (clock_.interval == 0) return;
  const int margin = std::min(32, clock_.interval / 3);
  const int wait = clock_.ours ? clock_.interval / 2 : clock_.interval - margin;
  on_clock(turn, stage_.now() + seconds(wait));
}

void Party::on_clock(std::uint64_t turn, Instant when) {
  if (turn != clock_.turn || over_ || dead_ || stage_.finishing()) return;
  const Instant now = stage_.now();
  if (now < when) {
    const auto left = std::chrono::duration_cast<milliseconds>(when - now);
    return stage_.meanwhile(std::min(left, kLook), [this, turn, when] { on_clock(turn, when); });
  }
  if (clock_.ours) return refresh();
  if (stage_.in_order() && keeps_session_) {
    broken("who waits for a refresh of the switch gets it in time",
           side_ + " waited for " + std::to_string(clock_.interval) + " s");
  }
  hang_up();
}

void Party::refresh() {
  if (!confirmed_) return;
  const std::uint64_t turn = clock_.turn;
  if (modifying()) {
    return stage_.meanwhile(1000ms, [this, turn] { on_clock(turn, stage_.now()); });
  }
  std::vector<wire::Line> lines = timer_lines();
  if (draw_.percent(timer_.changes)) {
    for (wire::Line& line : lines) {
      if (line.name != "Session-Expires") continue;
      line.value = std::to_string(clock_.interval) + ";refresher=uas";
    }
  }
  const bool update = timer_.by_update && timer_.takes_update;
  const std::string body = update ? "" : said_session_.empty() ? session() : said_session_;
  asked_[ask(update ? "UPDATE" : "INVITE", dialog_, lines, body)].refresh = true;
}

// RFC 3261 §14.1: who made the Call-ID waits longer.
milliseconds Party::glare_pause() {
  return side_ == "caller" ? 10ms * draw_.between(210, 400) : 10ms * draw_.between(0, 200);
}

// Anything but a 2xx: it is sent again in time.
void Party::on_refresh_response(const Asked&, const wire::Text& response) {
  const int status = response.status();
  if (status < 300) return;
  milliseconds pause = 10'000ms;
  if (status == 491) {
    pause = glare_pause();
  } else if (response.has("Retry-After")) {
    pause = 1000ms * std::atoi(response.get("Retry-After").c_str());
  } else if (status == 422) {
    clock_.interval = std::max(clock_.interval, std::atoi(response.get("Min-SE").c_str()));
    pause = 0ms;
  }
  const std::uint64_t turn = clock_.turn;
  stage_.meanwhile(pause, [this, turn] { on_clock(turn, stage_.now()); });
}

void Party::die() {
  if (over_ || !confirmed_) return;
  dead_ = true;
  stage_.died(number_, call_id_);
}

}  // namespace tandem::sim
