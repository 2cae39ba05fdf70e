// What operators ask for, answered from the live state.

#include <algorithm>
#include <chrono>

#include "core/directory/phone_terms.h"
#include "core/exchange/state.h"
#include "core/routing/routing.h"
#include "core/routing/sending.h"
#include "core/screening/screening.h"

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

// What would be sent there; a gateway whose plan refuses the number is passed over.
std::optional<cause::EndReason> Exchange::State::explain_route(const routing::Route& route,
                                                               const facts::CallFacts& call,
                                                               Rng& draws,
                                                               Explanation& told) const {
  const directory::Directory& directory = *settings->directory;
  const auto* phone = directory.phone(route.phone);
  const directory::EgressGateway device =
      phone != nullptr ? directory::as_egress(*phone) : *directory.egress_gateway(route.gateway);
  routing::SentNumbers sent;
  const auto refused = routing::numbers_to_send(call, device, draws, sent, &told.lines);
  facts::tell(&told.lines, "route", device.name,
              refused ? "passed over" : "is sent " + sent.callee + " from " + sent.caller,
              refused ? cause::code_of(*refused, 0) : std::string());
  if (!refused) told.egress.push_back(device.name);
  return refused;
}

void Exchange::State::on(const Explain& wish) {
  Explanation told;
  facts::Setup setup;
  const directory::Directory& directory = *settings->directory;
  setup.request_user = setup.to_user = wish.callee;
  setup.from_user = wish.caller;
  setup.local_port = locals.empty() ? std::uint16_t(0) : locals.front().address.port;
  if (const auto source = IpAddress::parse(wish.source_ip)) setup.source_ip = *source;
  for (const directory::IngressGateway& gateway : directory.ingress_gateways()) {
    if (wish.ingress != gateway.name) continue;
    if (gateway.remote_ips.empty()) setup.ingress = gateway.id;  // it registers from anywhere
    if (gateway.remote_ips.empty()) continue;
    setup.source_ip = gateway.remote_ips.front().first;
    if (!gateway.local_port_match.empty()) setup.local_port = gateway.local_port_match.front();
    if (!gateway.local_domain_match.empty()) {
      setup.request_host = gateway.local_domain_match.front();
    }
  }
  // A phone that is named, or whose registration comes from there.
  Terminal from = terminal_named(wish.phone.empty() ? wish.caller : wish.phone);
  sip::Path there;
  there.peer.ip = setup.source_ip;
  if (from.authentication == directory::SipAuthentication::IpPort) {
    from.authentication = directory::SipAuthentication::Ip;  // the port is not asked for
  }
  if (from.phone != nullptr && (!wish.phone.empty() || vouched_for(from, there))) {
    setup.phone = from.phone->id;
    setup.from_user = from.phone->name;
  }
  facts::Live copy = live;  // a question takes no token and no line
  facts::CallFacts call;
  Rng draws = rng;
  screening::Screening screening{setup, directory, copy, now, draws, call, &told.lines};
  auto refused = screening::screen(screening);
  if (!refused) {
    const routing::Routes routes =
        routing::find_routes({call, directory, copy, registrar, now, &told.lines});
    refused = routes.refused;
    std::optional<cause::EndReason> passed_over;
    for (const routing::Route& route : routes.routes) {
      if (const auto why = explain_route(route, call, draws, told)) passed_over = why;
    }
    if (told.egress.empty() && !refused) refused = passed_over;
  }
  if (refused) told.end_reason = cause::code_of(*refused, 0);
  add_reply(actions->replies, wish.request, std::move(told));
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

}  // namespace tandem::exchange
