// The session timer of a leg at work (RFC 4028): what is agreed with the peer, our refreshes and
// their answers, the peer's silence.

#include <algorithm>
#include <array>

#include "core/leg/again.h"
#include "core/leg/leg.h"
#include "core/leg/writing.h"
#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

using cause::EndReason;
using sip::HeaderId;
using sip::Method;

// How often a request answered 422 is raised and repeated.
constexpr std::uint8_t kMaxRaises = 3;
// A refresh that cannot go out now, because the session is being changed, waits this long.
constexpr seconds kBusyPause{1};

constexpr std::array kTimerHeaders{HeaderId::SessionExpires, HeaderId::MinSe};

constexpr std::string_view kUnreadable = "Session-Expires or Min-SE is malformed";

}  // namespace

// --- what is agreed ---

std::optional<Release> Leg::agree_timer(Context& context, const TimerAsk& ask) {
  timer_.lists_timer = ask.supported;
  return consider_timer(context, ask);
}

// A request of the peer that may change the timer: what its 2xx will say, or why it is refused.
std::optional<Release> Leg::consider_timer(Context& context, const TimerAsk& ask) {
  const TimerAnswer answer = answer_timer(timer_.on, ask, TimerTerms::of(context.parameters));
  work().granted = answer;
  if (answer.contradictory) tell_life(context, LifeNews::Contradictory);
  // Who is refreshed without knowing of timers goes on being so.
  if (timer_.one_sided && answer.rule == TimerRule::A1 && timer_.interval != 0) {
    work().granted = {.rule = timer_.rule, .interval = seconds(timer_.interval),
                      .refresher = Role::Switch, .unaware = true, .unsaid = true};
  }
  switch (answer.refusal) {
    case 0:
      return std::nullopt;
    case 420:
      return Release{.reason = EndReason::UnsupportedExtension, .sip_status = 420,
                     .own_lines = "Unsupported: timer\r\n"};
    case 422: {
      timer_.rule = answer.rule;
      const seconds least = context.parameters.sip_session_min_se;
      context.kept.push_back("Min-SE: " + std::to_string(least.count()) + "\r\n");
      tell_life(context, LifeNews::TooShortSent, 422, ask.expires->interval,
                std::uint32_t(least.count()));
      return Release{.reason = EndReason::SessionIntervalTooSmall, .sip_status = 422,
                     .own_lines = context.kept.back()};
    }
    default:
      return Release{.reason = EndReason::BadRequest, .sip_status = 400, .phrase = kUnreadable};
  }
}

void Leg::write_grant(sip::Writer& writer, const TimerAnswer& granted) const {
  if (granted.interval == 0s || granted.unsaid) return;
  if (granted.require) writer.header(HeaderId::Require, "timer");
  writer.begin_header(HeaderId::SessionExpires);
  writer.number(std::uint64_t(granted.interval.count()));
  writer.text(granted.refresher == Role::Switch ? ";refresher=uas" : ";refresher=uac");
  writer.end_header();
}

// Our 2xx went out: the timer runs by what it said.
void Leg::take_grant(Context& context, const TimerAnswer& granted) {
  const bool lost = granted.interval == 0s && timer_.interval != 0;
  // Who refused the extension when we called (B8) did not ask for it here.
  const bool refused = timer_.rule == TimerRule::B8;
  const TimerRule rule = refused ? TimerRule::B8 : lost ? TimerRule::Lost : granted.rule;
  run_timer(context, rule, granted.interval, granted.refresher, granted.unaware);
}

// Session-Expires of a request of ours inside the dialog: as the timer stands now.
void Leg::write_timer(const Context& context, sip::Writer& writer) const {
  if (timer_.interval == 0) return;
  const bool peer = timer_.state == RefreshState::Theirs;
  writer.begin_header(HeaderId::SessionExpires);
  writer.number(timer_.interval);
  writer.text(peer ? ";refresher=uas" : ";refresher=uac");
  writer.end_header();
  writer.header(HeaderId::MinSe, least_interval(context));
}

// And of the INVITE that makes the dialog: `ttl` = the interval to propose.
void Leg::propose_timer(const Context& context, sip::Writer& writer, seconds ttl) {
  using directory::RefresherChoice;
  if (!timer_.on) {
    timer_.rule = TimerRule::Off;
    return;
  }
  timer_.asked = std::uint32_t(ttl.count());
  writer.begin_header(HeaderId::SessionExpires);
  writer.number(timer_.asked);
  switch (context.parameters.sip_session_refresher) {
    case RefresherChoice::Auto:
      break;
    case RefresherChoice::Switch:
      writer.text(";refresher=uac");
      break;
    case RefresherChoice::Peer:
      writer.text(";refresher=uas");
      break;
  }
  writer.end_header();
  writer.header(HeaderId::MinSe, least_interval(context));
}

std::uint64_t Leg::least_interval(const Context& context) const {
  return std::max(std::uint64_t(timer_.least),
                  std::uint64_t(context.parameters.sip_session_min_se.count()));
}

// A 2xx to a request of ours that may change the timer.
void Leg::take_timer_reply(Context& context, const sip::Message& response, bool initial) {
  if (!timer_.on) return;
  const TimerTerms terms = TimerTerms::of(context.parameters);
  const TimerReply reply = timer_reply(response, peer_updates_);
  if (initial) {
    timer_.lists_timer = sip::lists_token(response, HeaderId::Require, "timer") ||
                         sip::lists_token(response, HeaderId::Supported, "timer");
  } else if (timer_.interval == 0 && !timer_.probing) {
    return;
  } else if (!reply.expires) {
    if (timer_.one_sided) {
      return run_timer(context, timer_.rule, seconds(timer_.interval), Role::Switch, true);
    }
    // RFC 4028 §7.2: no Session-Expires, no session expiration any more.
    return run_timer(context, TimerRule::Lost, 0s, Role::None, false);
  }
  const seconds asked{initial ? timer_.asked
                              : timer_.interval != 0 ? timer_.interval : timer_.asked};
  if (asked == 0s) return;
  const TimerResult result = accept_timer(asked, reply, terms);
  if (result.below_minimum) tell_life(context, LifeNews::BelowMinimum);
  run_timer(context, result.rule, result.interval, result.refresher, result.one_sided);
}

// The one place where a leg gets, keeps or loses its timer.
void Leg::run_timer(Context& context, TimerRule rule, seconds interval, Role refresher,
                    bool one_sided) {
  const bool had = timer_.interval != 0;
  timer_.rule = rule;
  timer_.interval = std::uint32_t(interval.count());
  timer_.one_sided = one_sided && interval != 0s;
  drive(context, interval == 0s            ? RefreshEvent::GrantNone
                 : refresher == Role::Peer ? RefreshEvent::GrantPeer
                                           : RefreshEvent::GrantUs);
  if (had != (interval != 0s) || stage_ == Stage::Calling) {
    tell_life(context, LifeNews::TimerChanged);
  }
  note_change(context);
  arm(context);
}

// --- the machine ---

void Leg::drive(Context& context, RefreshEvent event_in, EndReason reason) {
  const RefreshStep taken = step(timer_.state, event_in);
  timer_.state = taken.next;
  const Instant now = context.now.mono;
  const directory::Parameters& parameters = context.parameters;
  const seconds interval{timer_.interval};
  const int segment = parameters.sip_session_update_segment;
  switch (taken.effect) {
    case RefreshEffect::Nothing:
      return;
    case RefreshEffect::Schedule:
    case RefreshEffect::Watch:
    case RefreshEffect::Stop:
      timer_.glares = timer_.raises = 0;
      timer_.reconnected = timer_.glare_spent = timer_.failed = timer_.overtime = false;
      timer_.sent_at = UtcTime{};
      timer_.open = {};
      timer_.due_at = timer_.give_up_at = timer_.deadline = kNever;
      timer_.refreshed_at = now;
      if (taken.effect == RefreshEffect::Stop) return;
      timer_.deadline = now + interval - expiry_margin(interval, parameters);
      if (taken.effect == RefreshEffect::Schedule) {
        timer_.due_at = now + early(context, refresh_interval(interval, segment));
      }
      return;
    case RefreshEffect::Send:
      return send_refresh(context);
    case RefreshEffect::PauseGlare: {
      ++timer_.glares;
      const milliseconds pause = glare_pause(side_ == Side::Egress, context.rng.next());
      if (!timer_.notes.empty()) timer_.notes.back().pause = pause;
      timer_.due_at = now + pause;
      return;
    }
    case RefreshEffect::PauseRetry:
      return plan_retry(context);
    case RefreshEffect::HangUp:
      return tell_dead(context, reason);
  }
}

// A refresh that failed is tried again in its time; the first repetition comes before the deadline
// in any case: a peer that lives is not given up for one answer.
void Leg::plan_retry(const Context& context) {
  const Instant now = context.now.mono;
  const bool silent = timer_.notes.empty() || timer_.notes.back().status == 0;
  timer_.due_at = now + retry_pause(seconds(timer_.interval),
                                    context.parameters.sip_session_update_segment, silent);
  const bool late = timer_.due_at >= timer_.deadline && now < timer_.deadline;
  if (late && !timer_.failed) timer_.due_at = now + (timer_.deadline - now) / 2;
  timer_.failed = true;
  timer_.reconnected = false;
}

// How long the answer to a refresh is waited for. What the deadline decides has until then; nothing
// is waited for longer than a transaction lasts beyond it, so that a dead peer is not kept.
Instant Leg::refresh_limit(const Context& context) const {
  using directory::RefreshFailure;
  const Instant patience = context.now.mono + context.parameters.sip_session_refresh_timeout;
  const bool until_deadline =
      timer_.failed ||
      context.parameters.sip_session_refresh_fail_hangup == RefreshFailure::AtExpiry;
  const bool last = until_deadline || timer_.overtime;
  return std::min(patience, timer_.deadline + (last ? 0 : 64) * context.timers.t1);
}

// A refresh is moved by up to a fiftieth of its interval, so that a million calls do not refresh in
// step.
milliseconds Leg::early(Context& context, seconds interval) const {
  const milliseconds whole = interval;
  if (!context.jitter) return whole;
  return whole - milliseconds(std::int64_t(context.rng.next() % std::uint64_t(whole.count() / 50 + 1)));
}

void Leg::tell_life(Context& context, LifeNews news, int status, std::uint32_t asked,
                    std::uint32_t granted) const {
  Event told = event(Primitive::Supervision);
  told.life = news;
  told.status = status;
  told.asked = asked;
  told.granted = granted;
  context.events.push_back(told);
}

// The peer of this leg is taken for dead: the call ends.
void Leg::tell_dead(Context& context, EndReason reason) {
  timer_.due_at = timer_.give_up_at = timer_.deadline = kNever;
  Event dead = event(Primitive::Release);
  dead.release.reason = reason;
  dead.release.q850_cause = cause::row(reason).q850_cause;
  // What it did not answer began then; a peer that should have refreshed is noticed only now.
  const bool ours = timer_.state != RefreshState::Theirs && timer_.sent_at != UtcTime{};
  dead.release.detected = ours ? timer_.sent_at : context.now.wall;
  dead.release.last_alive = last_heard_;
  context.events.push_back(dead);
}

// --- a refresh of ours ---

bool Leg::may_refresh() const { return stage_ == Stage::Confirmed && !modify_open(); }

void Leg::send_refresh(Context& context) {
  timer_.due_at = kNever;
  timer_.by = refresh_by(context.parameters.sip_session_refresh_method, peer_updates_,
                         timer_.learned);
  // A description we never had cannot be repeated.
  if (timer_.by == RefreshBy::ReInvite && session_.empty()) timer_.by = RefreshBy::Update;
  if (timer_.by == RefreshBy::Nothing) {
    const auto policy = context.parameters.sip_session_refresh_fail_hangup;
    const bool any = policy == directory::RefreshFailure::AnyFailure;
    return drive(context, any ? RefreshEvent::Dead : RefreshEvent::Fail);
  }
  timer_.sent_at = context.now.wall;
  timer_.give_up_at = refresh_limit(context);
  if (timer_.by == RefreshBy::ReInvite) return send_session_again(context);
  const auto reserved = context.transactions.reserve_client();
  sip::Writer writer = in_dialog_request(context, Method::Update, reserved.branch(), 0);
  write_contact(context, writer);
  write_abilities(writer);
  write_timer(context, writer);
  write_extra(writer);
  writer.finish({});
  timer_.open = reserved.id;
  start_client(context, {.purpose = Purpose::Refresh}, reserved, writer, path_);
}

// A re-INVITE with the description we sent last, unchanged (RFC 4028 §7.4).
void Leg::send_session_again(Context& context) {
  const auto reserved = context.transactions.reserve_client();
  sip::Writer writer = in_dialog_request(context, Method::Invite, reserved.branch(), 0);
  write_contact(context, writer);
  write_abilities(writer);
  write_timer(context, writer);
  write_extra(writer);
  finish_with_body(writer, {"application/sdp", session_});
  timer_.open = {};
  if (!start_reinvite(context, reserved, writer, true)) on_refresh_answer(context, 503, nullptr);
}

// The final answer to a refresh or probe; `response` is nothing and `status` 0 when none came.
void Leg::on_refresh_answer(Context& context, int status, const sip::Message* response) {
  timer_.open = {};
  timer_.give_up_at = kNever;
  note_refresh(context, status);
  if (timer_.probing) return on_probe_answer(context, status, response);
  const directory::Parameters& parameters = context.parameters;
  const RefreshOutcome outcome =
      judge_refresh(status, timer_.by, parameters.sip_session_refresh_fail_hangup);
  switch (outcome) {
    case RefreshOutcome::Refreshed:
      tell_life(context, LifeNews::RefreshAnswered, status);
      take_timer_reply(context, *response, false);
      break;
    case RefreshOutcome::Glare:
      tell_life(context, LifeNews::Glare, status);
      timer_.glare_spent = timer_.glares >= parameters.sip_session_glare_max_retry;
      drive(context, timer_.glare_spent ? RefreshEvent::Fail : RefreshEvent::Glare);
      break;
    case RefreshOutcome::TooShort:
      drive(context,
            raise_interval(context, *response) ? RefreshEvent::Repeat : RefreshEvent::Fail);
      break;
    case RefreshOutcome::WrongMethod: {
      const bool update = timer_.by == RefreshBy::Update;
      (update ? timer_.learned.no_update : timer_.learned.no_reinvite) = true;
      tell_life(context, LifeNews::MethodRefused, status);
      context.events.back().modify = update ? ModifyKind::Update : ModifyKind::ReInvite;
      drive(context, RefreshEvent::Repeat);
      break;
    }
    case RefreshOutcome::Challenged:  // and we have no credentials, or said them in vain
    case RefreshOutcome::Failed:
      tell_life(context, LifeNews::RefreshRefused, status);
      drive(context, RefreshEvent::Fail);
      break;
    case RefreshOutcome::Dead:
      tell_life(context, LifeNews::RefreshRefused, status);
      drive(context, RefreshEvent::Dead,
            status == 481 ? EndReason::CallDoesNotExist : EndReason::SessionTimeout);
      break;
  }
  arm(context);
}

// Nothing can be sent on the path: once more on a new one, then it is silence.
void Leg::on_refresh_broken(Context& context) {
  if (!timer_.reconnected && timer_.state == RefreshState::Pending) {
    timer_.reconnected = true;
    timer_.open = {};
    path_.connection = 0;
    drive(context, RefreshEvent::Repeat);
    return arm(context);
  }
  on_refresh_answer(context, 0, nullptr);
}

// A 422: true when the interval was raised to what the peer wants and the request may be repeated.
bool Leg::raise_interval(Context& context, const sip::Message& response) {
  const auto least = sip::parse_delta_seconds(response.value(HeaderId::MinSe));
  const std::uint32_t asked = timer_.interval != 0 ? timer_.interval : timer_.asked;
  tell_life(context, LifeNews::TooShortGot, 422, asked, least.value_or(0));
  const auto ceiling = std::uint64_t(context.parameters.sip_session_ttl_ceiling.count());
  if (!least || *least > ceiling || timer_.raises >= kMaxRaises) return false;
  ++timer_.raises;
  timer_.least = std::max(timer_.least, *least);
  const auto raised = std::uint32_t(least_interval(context));
  if (timer_.interval != 0) timer_.interval = std::max(timer_.interval, raised);
  timer_.asked = raised;
  return true;
}

void Leg::note_refresh(Context& context, int status) {
  if (timer_.sent_at == UtcTime{}) return;  // overtaken by another agreement
  if (timer_.notes.size() >= kMaxRefreshNotes) timer_.notes.erase(timer_.notes.begin());
  RefreshNote& note = timer_.notes.emplace_back();
  note.at = timer_.sent_at;
  note.by = timer_.probing && timer_.by == RefreshBy::Nothing ? RefreshBy::Nothing : timer_.by;
  note.status = std::uint16_t(status);
  note.delay = std::chrono::duration_cast<milliseconds>(context.now.wall - timer_.sent_at);
}

// --- the INVITE that is repeated (table 2.2, B7 and B8) ---

bool Leg::repeat_invite(Context& context, const sip::Message& response) {
  if (invite_client_.cancelled || stage_ != Stage::Calling || !timer_.on) return false;
  std::string lines;
  Again again;
  if (response.status() == 422) {
    if (!raise_interval(context, response)) return false;
    const std::string interval = std::to_string(timer_.asked);
    lines = "Session-Expires: " + interval + "\r\nMin-SE: " + interval + "\r\n";
  } else if (response.status() == 420 &&
             sip::lists_token(response, HeaderId::Unsupported, "timer")) {
    timer_.on = false;
    timer_.rule = TimerRule::B8;
    again.not_supported = "timer";
  } else {
    return false;
  }
  const auto reserved = context.transactions.reserve_client();
  again.branch = reserved.branch();
  again.cseq = ++local_cseq_;
  again.without = kTimerHeaders;
  again.lines = lines;
  sip::Writer writer(context.scratch.data(), context.scratch.size());
  write_again(writer, context.transactions.answered_request(), again);
  work().early.clear();
  if (start_initial_invite(context, reserved, writer)) return true;
  // No room for it: the refusal stands.
  return false;
}

// --- time ---

// When this leg's timer wants to be looked at.
Instant Leg::timer_due() const {
  if (parting()) return kNever;
  if (timer_.state == RefreshState::Pending) return timer_.give_up_at;
  if (timer_.state == RefreshState::Backoff) return std::min(timer_.due_at, timer_.give_up_at);
  return std::min({timer_.due_at, timer_.deadline, timer_.give_up_at});
}

void Leg::on_session_time(Context& context) {
  if (parting()) return;
  const Instant now = context.now.mono;
  if (now >= timer_.give_up_at) {
    timer_.give_up_at = kNever;
    std::erase_if(clients_, [&](const PendingClient& client) {
      return client.transaction == timer_.open && !(timer_.open == transaction::ClientId{});
    });
    if (invite_client_.active && invite_client_.refresh) {
      context.transactions.cancel(now, invite_client_.transaction, {}, context.outbox);
    }
    return on_refresh_answer(context, 0, nullptr);
  }
  // A change of the session is under way and holds our refresh up: one transaction's time for both.
  const bool backoff = timer_.state == RefreshState::Backoff;
  const bool waits = backoff || timer_.state == RefreshState::Ours;
  const bool held_up = waits && now >= timer_.due_at && !may_refresh();
  if (held_up && now >= timer_.deadline && !timer_.overtime) {
    timer_.overtime = true;
    timer_.deadline = now + 64 * context.timers.t1;
  }
  // Who met our refresh with his own lives: its repetition decides, which comes within seconds.
  const bool decided_soon =
      timer_.state == RefreshState::Pending || (backoff && (now < timer_.due_at || may_refresh()));
  if (!decided_soon && now >= timer_.deadline) {
    return drive(context, RefreshEvent::Expire,
                 timer_.glare_spent ? EndReason::GlareRetriesExhausted
                                    : EndReason::SessionTimeout);
  }
  if (now < timer_.due_at) return;
  if (may_refresh()) return drive(context, RefreshEvent::Due);
  timer_.due_at = now + kBusyPause;
}

}  // namespace tandem::leg
