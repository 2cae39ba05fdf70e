// What operators ask for, answered from the live state.

#include <algorithm>
#include <chrono>

#include "core/exchange/state.h"

namespace tandem::exchange {
namespace {

constexpr std::uint32_t kMaxPage = 1000;

CallState shown(call::State state) {
  switch (state) {
    case call::State::Offered:
      return CallState::Offered;
    case call::State::Attempting:
      return CallState::Attempting;
    case call::State::Alerting:
      return CallState::Alerting;
    case call::State::Answered:
      return CallState::Answered;
    case call::State::Releasing:
    case call::State::Ended:
      break;
  }
  return CallState::Releasing;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool wanted(const cdr::Cdr& record, const ListCalls& list) {
  if (list.flow_no != 0 && record.flow_no != list.flow_no) return false;
  if (!list.gateway.empty() && record.caller_gateway != list.gateway &&
      (record.attempts.empty() || record.attempts.back().gateway != list.gateway)) {
    return false;
  }
  return list.number.empty() || contains(record.caller, list.number) ||
         contains(record.callee, list.number);
}

}  // namespace

CallView Exchange::State::view(const call::Call& call, Detail detail) const {
  const cdr::Cdr& record = call.record();
  CallView view{};
  view.flow_no = call.flow_no();
  view.state = shown(call.state());
  view.caller = record.caller;
  view.callee = record.callee;
  view.caller_gateway = record.caller_gateway;
  view.caller_ip = record.caller_ip;
  view.caller_call_id = record.caller_call_id;
  if (!record.attempts.empty()) {
    view.callee_gateway = record.attempts.back().gateway;
    view.callee_ip = record.attempts.back().address;
    view.callee_call_id = record.attempts.back().call_id;
  }
  view.start = record.start;
  view.ring_time = record.ring_time;
  view.answer_time = record.answer_time;
  view.attempt = int(record.attempts.size());
  if (call.state() != call::State::Answered) return view;
  const directory::Parameters& parameters = call.settings().directory->parameters();
  if (const leg::Leg* caller = legs.find(call.ingress())) {
    view.caller_leg = this->view(*caller, parameters, detail);
  }
  if (const leg::Leg* callee = legs.find(call.egress())) {
    view.callee_leg = this->view(*callee, parameters, detail);
  }
  return view;
}

// An answered call with a leg that has no session timer.
bool Exchange::State::lacks_timer(const call::Call& call) const {
  if (call.state() != call::State::Answered) return false;
  for (const leg::LegId id : {call.ingress(), call.egress()}) {
    const leg::Leg* leg = legs.find(id);
    if (leg != nullptr && !leg->has_timer()) return true;
  }
  return false;
}

void Exchange::State::on(const ListCalls& list) {
  CallList found;
  found.total = calls.size();
  const std::size_t limit = std::min(list.limit, kMaxPage);
  // The page with the smallest flow numbers above the mark: a bounded heap over all calls.
  auto older = [](const CallView& a, const CallView& b) { return a.flow_no < b.flow_no; };
  calls.for_each([&](call::CallId, const call::Call& call) {
    if (call.flow_no() <= list.after_flow_no || limit == 0) return;
    if (found.calls.size() == limit && found.calls.front().flow_no < call.flow_no()) return;
    if (!wanted(call.record(), list)) return;
    if (list.without_timer && !lacks_timer(call)) return;
    if (found.calls.size() == limit) {
      std::pop_heap(found.calls.begin(), found.calls.end(), older);
      found.calls.pop_back();
    }
    found.calls.push_back(view(call, list.flow_no != 0 ? Detail::Much : Detail::Little));
    std::push_heap(found.calls.begin(), found.calls.end(), older);
  });
  std::sort(found.calls.begin(), found.calls.end(), older);
  add_reply(actions->replies, list.request, std::move(found));
}

void Exchange::State::on(const HangUp& wish) {
  HangUpResult result;
  calls.for_each([&](call::CallId id, call::Call& call) {
    if (call.flow_no() != wish.flow_no || call.state() == call::State::Releasing) return;
    result.found = true;
    leg::Context at = context(&call);
    call::Desk with = desk(at);
    call.hang_up(with, cause::EndReason::OperatorRelease);
    touched.push_back(id);
  });
  add_reply(actions->replies, wish.request, result);
}

void Exchange::State::hang_up_all(cause::EndReason reason) {
  calls.for_each([&](call::CallId id, call::Call& call) {
    leg::Context at = context(&call);
    call::Desk with = desk(at);
    call.hang_up(with, reason);
    touched.push_back(id);
  });
}

void Exchange::State::on(const Status& wish) {
  StatusReport report;
  for (const stats::CounterRow& row : stats::kCounters) {
    report.counters.emplace_back(row.name, counters.get(row.counter));
  }
  report.counters.emplace_back("calls", calls.size());
  report.counters.emplace_back("legs", legs.size());
  report.counters.emplace_back("transactions", transactions.size());
  report.counters.emplace_back("timers", wheel.size());
  report.counters.emplace_back("registrations", registrar.size());
  for (const auto& gateway : settings->directory->ingress_gateways()) {
    const facts::GatewayLive& now_live = live.ingress.read(gateway.id);
    report.gateways.push_back({"ingress", gateway.name, std::uint64_t(now_live.calls),
                               now_live.attempts, now_live.answered, now_live.timer});
  }
  for (const auto& gateway : settings->directory->egress_gateways()) {
    const facts::GatewayLive& now_live = live.egress.read(gateway.id);
    report.gateways.push_back({"egress", gateway.name, std::uint64_t(now_live.calls),
                               now_live.attempts, now_live.answered, now_live.timer});
  }
  add_reply(actions->replies, wish.request, std::move(report));
}

void Exchange::State::on(const ListRegistrations& list) {
  RegistrationList found;
  found.total = registrar.size();
  const std::size_t limit = std::min(list.limit, kMaxPage);
  if (!list.user.empty()) {
    for (registrar::BindingId id = registrar.first(terminal_named(list.user).who);
         id != registrar::BindingId{}; id = registrar.find(id)->next) {
      found.registrations.push_back(view(id, *registrar.find(id)));
    }
    return add_reply(actions->replies, list.request, std::move(found));
  }
  registrar.for_each([&](registrar::BindingId id, const registrar::Binding& binding) {
    if (id.slot < list.after || found.next != 0) return;
    if (found.registrations.size() == limit) {
      found.next = found.registrations.empty() ? list.after : found.registrations.back().number;
      return;
    }
    found.registrations.push_back(view(id, binding));
  });
  add_reply(actions->replies, list.request, std::move(found));
}

void Exchange::State::on(const Unregister& wish) {
  UnregisterResult result;
  const Terminal terminal = terminal_named(wish.user);
  if (terminal.who) result.removed = registrar.remove_all(terminal.who);
  add_reply(actions->replies, wish.request, result);
}

void Exchange::State::on(const ListOutbound& list) {
  add_reply(actions->replies, list.request,
            OutboundList{registrations.views(*settings->directory, live)});
}

void Exchange::State::on(const RetryOutbound& wish) {
  registering::Desk at = registering_desk();
  add_reply(actions->replies, wish.request, RetriedOutbound{registrations.retry(at, wish.id)});
}

void Exchange::State::on(const Drain& wish) {
  registering::Desk at = registering_desk();
  registrations.stop(at);
  live.draining = true;
  drain_deadline = now.mono + wish.limit;
}

void Exchange::State::on(const StorageFault& fault) { live.storage_faulty = fault.faulty; }

void Exchange::State::on(const ThinOut& wish) { live.thinning.set(wish.share); }

}  // namespace tandem::exchange
