#include "sim/plan.h"

#include <algorithm>
#include <array>

namespace tandem::sim {
namespace {

constexpr std::array kRefusals{404, 480, 486, 500, 503, 603, 302, 408, 487, 401, 606, 699};
constexpr std::array kRings{180, 183, 181, 182, 199};
constexpr std::array kModifyRefusals{488, 491, 500, 481, 405, 408, 415, 603};

bool restless(Temper temper) { return temper == Temper::Fickle || temper == Temper::Rude; }

milliseconds drawn_talk(Draw& draw, Temper temper, Talk talk) {
  // Each length from one minute to four hours comes as often as twice that length.
  if (talk == Talk::Long) return 60'000ms * (1 << draw.between(0, 7)) + draw.between(0ms, 60'000ms);
  if (temper == Temper::Polite) return draw.between(1000ms, 60'000ms);
  return draw.percent(20) ? draw.between(0ms, 200ms) : draw.between(200ms, 60'000ms);
}

std::vector<DeedAt> draw_deeds(Draw& draw, Temper temper, Talk talk) {
  std::vector<DeedAt> deeds;
  const int most = temper == Temper::Polite ? 1 : temper == Temper::Slow ? 2 : 5;
  for (int left = draw.between(0, most); left > 0; --left) {
    DeedAt deed;
    // Round instants, so that both sides do something at the same moment now and then.
    deed.after = milliseconds(500) * draw.between(0, 20);
    // And so that they meet refreshes, which come at round instants too.
    if (talk == Talk::Long) deed.after += 15'000ms * draw.between(0, 240);
    const int last = int(temper == Temper::Rude ? Deed::Mischief : Deed::Options);
    deed.deed = Deed(draw.between(0, last));
    deeds.push_back(deed);
  }
  return deeds;
}

Replies draw_replies(Draw& draw, Temper temper) {
  Replies replies;
  replies.delay = temper == Temper::Slow ? draw.between(200ms, 3000ms) : draw.between(0ms, 50ms);
  if (restless(temper) && draw.percent(20)) replies.modify = draw.pick(kModifyRefusals);
  if (restless(temper) && draw.percent(20)) replies.acknowledge = Acknowledge::Late;
  if (temper != Temper::Rude) return replies;
  replies.deaf_to_modify = draw.percent(15);
  replies.deaf_to_bye = draw.percent(10);
  replies.deaf_to_info = draw.percent(15);
  if (draw.percent(15)) replies.acknowledge = Acknowledge::Never;
  if (draw.percent(5)) replies.acknowledge = Acknowledge::Wrong;
  return replies;
}

TimerPlan draw_timer(Draw& draw, Temper temper, Talk talk) {
  static constexpr std::array kIntervals{0, 0, 60, 90, 90, 120, 180, 300, 600, 900, 1800, 3600};
  static constexpr std::array kLeasts{0, 0, 0, 90, 90, 120, 300, 900};
  TimerPlan timer;
  timer.supports = draw.percent(75);
  timer.interval = draw.pick(kIntervals);
  // Without Supported it was a proxy on the way that put it in.
  if (!timer.supports && draw.percent(80)) timer.interval = 0;
  if (timer.supports) timer.least = draw.pick(kLeasts);
  if (timer.interval != 0) timer.interval = std::max(timer.interval, timer.least);
  timer.wish = TimerPlan::Wish(draw.between(0, 2));
  timer.gives_up = draw.percent(15);
  timer.by_update = draw.percent(60);
  timer.takes_update = draw.percent(75);
  timer.lists_update = draw.percent(10) != timer.takes_update;
  timer.glare = draw.percent(30) ? draw.between(1, 30) : 0;
  timer.changes = draw.percent(20) ? draw.between(5, 50) : 0;
  const int deaths = talk == Talk::Short ? 0 : temper == Temper::Polite ? 10 : 20;
  if (draw.percent(deaths)) timer.dies_after = draw.between(1000ms, 7'200'000ms);
  return timer;
}

}  // namespace

CallerPlan draw_caller_plan(Draw& draw, Temper temper, Talk talk) {
  CallerPlan plan;
  plan.late_offer = draw.percent(temper == Temper::Polite ? 10 : 20);
  plan.reliable = draw.percent(40);
  plan.demands_reliable = plan.reliable && draw.percent(20);
  plan.two_vias = draw.percent(25);
  plan.record_route = draw.percent(20);
  plan.patience = draw.between(60'000ms, 180'000ms);
  plan.deeds = draw_deeds(draw, temper, talk);
  plan.replies = draw_replies(draw, temper);
  if (draw.percent(60)) plan.talk = drawn_talk(draw, temper, talk);
  if (restless(temper)) {
    if (draw.percent(25)) plan.cancel_after = draw.between(0ms, 15'000ms);
    plan.second_way = draw.percent(5);
  }
  if (temper == Temper::Rude) {
    plan.forgets_prack = draw.percent(20);
    plan.cancel_too_soon = draw.percent(20);
    if (draw.percent(10)) plan.bye_before_answer = draw.between(0ms, 5000ms);
  }
  plan.timer = draw_timer(draw, temper, talk);
  return plan;
}

CalleePlan draw_callee_plan(Draw& draw, Temper temper, Talk talk, bool may_refuse) {
  CalleePlan plan;
  plan.silent = temper == Temper::Silent;
  // RFC 3261 §8.2.6.1: who takes longer than 200 ms says so.
  plan.trying = draw.percent(80) || temper == Temper::Polite;
  const int forks = restless(temper) && draw.percent(30) ? draw.between(2, 10) : 1;
  for (int left = draw.between(0, restless(temper) ? 6 : 2); left > 0; --left) {
    RingAt ring;
    ring.after = temper == Temper::Slow ? draw.between(1000ms, 6000ms) : draw.between(0ms, 2000ms);
    ring.status = draw.percent(60) ? 180 : draw.pick(kRings);
    ring.session = draw.percent(35);
    ring.reliable = draw.percent(35);
    ring.fork = draw.between(0, forks - 1);
    plan.rings.push_back(ring);
  }
  plan.final_after =
      temper == Temper::Slow ? draw.between(2000ms, 20'000ms) : draw.between(0ms, 8000ms);
  if (may_refuse && draw.percent(restless(temper) ? 35 : 15))
    plan.final_status = draw.pick(kRefusals);
  plan.answering_fork = draw.between(0, forks - 1);
  plan.second_answer = forks > 1 && draw.percent(40);
  plan.record_route = draw.percent(20);
  plan.deeds = draw_deeds(draw, temper, talk);
  plan.replies = draw_replies(draw, temper);
  if (draw.percent(60)) plan.talk = drawn_talk(draw, temper, talk);
  if (restless(temper)) {
    plan.bye_with_answer = draw.percent(8);
    plan.repeats_answer = draw.percent(15);
  }
  if (temper == Temper::Rude) {
    if (draw.percent(10)) plan.final_status = 0;
    plan.ignores_cancel = draw.percent(20);
    plan.contradicts = draw.percent(10);
  }
  plan.timer = draw_timer(draw, temper, talk);
  return plan;
}

}  // namespace tandem::sim
