// What a leg tells of itself, as a view.
#include <algorithm>

#include "core/exchange/state.h"

namespace tandem::exchange {
namespace {

std::string_view method_of(leg::RefreshBy by) {
  switch (by) {
    case leg::RefreshBy::Update:
      return "UPDATE";
    case leg::RefreshBy::ReInvite:
      return "INVITE";
    case leg::RefreshBy::Nothing:
      break;
  }
  return "OPTIONS";
}

milliseconds until(Instant when, Instant now) {
  return when == kNever ? milliseconds(-1) : std::max(when - now, milliseconds(0));
}

TimerView timer_view(const leg::Leg& leg, const directory::Parameters& parameters, Instant now) {
  const leg::SessionState& timer = leg.timer();
  TimerView view{};
  view.rule = leg::row(timer.rule).name;
  view.reason = leg::row(timer.rule).words;
  view.peer_supports = timer.lists_timer;
  view.peer_updates = leg.peer_updates();
  view.refused_update = timer.learned.no_update;
  view.refused_reinvite = timer.learned.no_reinvite;
  if (!leg.has_timer()) return view;
  view.interval = seconds(timer.interval);
  view.refresher = timer.state == leg::RefreshState::Theirs ? "peer" : "switch";
  view.method = method_of(leg::refresh_by(parameters.sip_session_refresh_method,
                                          leg.peer_updates(), timer.learned));
  view.one_sided = timer.one_sided;
  view.next_refresh = until(timer.due_at, now);
  view.deadline = until(timer.deadline, now);
  return view;
}

}  // namespace

LegView Exchange::State::view(const leg::Leg& leg, const directory::Parameters& parameters,
                              Detail detail) const {
  LegView view{};
  view.there = leg.stage() == leg::Stage::Confirmed || leg.stage() == leg::Stage::Accepted;
  view.timer = timer_view(leg, parameters, now.mono);
  view.last_alive = leg.last_heard();
  if (detail == Detail::Little) return view;
  for (const leg::RefreshNote& note : leg.timer().notes) {
    view.refreshes.push_back({note.at, method_of(note.by), note.status, note.delay, note.pause});
  }
  view.local_tag = leg.local_tag();
  view.remote_tag = leg.remote_tag();
  view.remote_target = leg.remote_target();
  view.routes = leg.routes();
  view.local_cseq = leg.local_cseq();
  view.remote_cseq = leg.remote_cseq();
  return view;
}

}  // namespace tandem::exchange
