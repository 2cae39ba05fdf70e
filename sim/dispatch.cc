#include "sim/dispatch.h"

#include <algorithm>
#include <cstdlib>

#include "base/limits.h"
#include "sim/vendors.h"

namespace tandem::sim {
namespace {

constexpr std::string_view kByName = "66";
constexpr int kPlaces = 16;  // gateways and their addresses that one search can find

bool is_initial(const wire::Text& text) { return wire::tag_in(text.get("To")).empty(); }

std::int64_t unit_of(const directory::EgressGateway& gateway) {
  return gateway.max_call_rate_unit == directory::RateUnit::Minute ? 60'000 : 1000;
}

}  // namespace

void Dispatch::begin(const Population& people) {
  source_ = people.source;
  gateway_of_ = people.vendors;
  const directory::Parameters& parameters = source_.parameters;
  for (const int server : people.servers) {
    // A call to a reserve waits for more than the server.
    servers_[server] = std::max(parameters.external_redirect_timeout, parameters.lrn_timeout) +
                       parameters.try_protect_route_delay;
  }
  for (const directory::EgressGateway& each : source_.egress_gateways) {
    if (each.id < kFirstVendor) continue;
    gateways_[each.id].configured = &each;
    gateways_[each.id].filled = each.max_call_rate * unit_of(each);
  }
  milliseconds resends{};
  for (const milliseconds wait : parameters.sip_resend_interval) resends += wait;
  soonest_ = std::min({resends, 64 * parameters.sip_t1, milliseconds(parameters.sip_timeout_invite),
                       milliseconds(parameters.sip_timeout_trying),
                       milliseconds(parameters.sip_timeout_session_progress),
                       milliseconds(parameters.sip_timeout_session_progress_sdp),
                       milliseconds(parameters.sip_timeout_ringing)});
}

void Dispatch::adopt(Instant now, const directory::Directory::Source& source) {
  for (const directory::EgressGateway& each : source.egress_gateways) {
    const auto found = gateways_.find(each.id);
    if (found == gateways_.end()) continue;
    Instant& since = found->second.locked;
    since = each.lock_type == directory::Lock::None ? kNever : std::min(since, now);
  }
}

void Dispatch::delivered(Instant now, const wire::Text& text, int host) {
  const std::string call_id = text.get("Call-ID");
  const std::string method = text.method();
  if (text.is_request()) {
    if (method == "INVITE" && is_initial(text)) {
      const std::string number = wire::user_in(text.request_uri());
      came_.try_emplace(number, now);
      ++offers_[number];
      attempts_[number] = 0;
    }
    if (method == "BYE") held_.erase(call_id);
    return;
  }
  if (method != "INVITE" || text.status() < 300) return;
  if (servers_.contains(host)) goes_on(now, call_of_[call_id]);
  const auto gateway = gateway_of_.find(host);
  const auto held = held_.find(call_id);
  const bool waited_for = held != held_.end() && now - held->second.since < soonest_;
  if (gateway != gateway_of_.end()) refused(now, text, gateway->second, waited_for);
  if (held != held_.end()) held_.erase(held);
}

// `counts`: the attempt surely waits for this answer.
void Dispatch::refused(Instant now, const wire::Text& response, std::int64_t id, bool counts) {
  Gateway& gateway = gateways_[id];
  const directory::Parameters& parameters = source_.parameters;
  const seconds asked{std::atoi(response.get("Retry-After").c_str())};
  const Instant until = now + std::min(asked, seconds(parameters.sip_retry_after_max));
  gateway.may_rest_until = std::max(gateway.may_rest_until, until);
  const auto wish = gateway.configured->honour_retry_after;
  const bool heeds = wish == directory::SystemFlag::On ||
                     (wish == directory::SystemFlag::System && parameters.sip_retry_after_honour);
  if (counts && heeds && response.status() == 503)
    gateway.rests_until = std::max(gateway.rests_until, until);
}

void Dispatch::sent(Instant now, const wire::Text& text, int host) {
  const std::string method = text.method();
  if (!text.is_request()) {
    if (method != "INVITE" || text.status() < 200) return;
    const std::string number = wire::user_in(wire::uri_in(text.get("To")));
    goes_on(now, number);
    if (text.status() >= 300) let_go(number);
    return;
  }
  if (method == "INVITE" && is_initial(text)) return invite_sent(now, text, host);
  if (method == "CANCEL" || method == "BYE") held_.erase(text.get("Call-ID"));
}

void Dispatch::invite_sent(Instant now, const wire::Text& text, int host) {
  const std::string call_id = text.get("Call-ID");
  if (!seen_.insert(call_id).second) return;
  const std::string number = wire::user_in(text.request_uri());
  goes_on(now, number);
  if (servers_.contains(host)) {
    call_of_[call_id] = number;
    return asked(now, number, host);
  }
  if (++attempts_[number] > kPlaces * int(kMaxRedirects + 1)) {
    broken_("a call that is sent about ends", std::to_string(attempts_[number]) + " attempts",
            number);
  }
  // Before, it was tried elsewhere: that is over.
  let_go(number);
  const auto found = gateway_of_.find(host);
  if (found == gateway_of_.end()) return;
  Gateway& gateway = gateways_[found->second];
  check(now, gateway, number);
  take_token(now, gateway, number);
  held_[call_id] = {found->second, number, now};
}

// The attempts of this call are over.
void Dispatch::let_go(const std::string& number) {
  std::erase_if(held_, [&](const auto& each) { return each.second.number == number; });
}

void Dispatch::check(Instant now, const Gateway& gateway, const std::string& number) {
  const std::string& name = gateway.configured->name;
  if (now < gateway.rests_until) {
    broken_("no call goes to a gateway that asked for rest",
            name + ", for " + std::to_string((gateway.rests_until - now).count()) + " ms more",
            number);
  }
  const auto came = came_.find(number);
  if (came != came_.end() && gateway.locked < came->second) {
    broken_("no call goes to a locked gateway", name, number);
  }
  check_lines(gateway, number);
}

void Dispatch::check_lines(const Gateway& gateway, const std::string& number) {
  const directory::EgressGateway& its = *gateway.configured;
  if (its.capacity != 0 && calls_of(its.id) >= its.capacity) {
    broken_("no call goes to a gateway without a free line", its.name, number);
  }
  for (const directory::GroupMembership& membership : its.groups) {
    const auto group =
        std::ranges::find(source_.gateway_groups, membership.group, &directory::GatewayGroup::id);
    if (group->capacity == 0) continue;
    if (group->capacity - calls_of_group(group->id) <= membership.reserve_lines) {
      broken_("no call goes to a group without a line for it", its.name + " in " + group->name,
              number);
    }
  }
}

void Dispatch::take_token(Instant now, Gateway& gateway, const std::string& number) {
  const std::int64_t rate = gateway.configured->max_call_rate;
  if (rate == 0) return;
  const std::int64_t unit = unit_of(*gateway.configured);
  const std::int64_t passed = std::min((now - gateway.filled_at).count(), unit);
  gateway.filled = std::min(gateway.filled + passed * rate, rate * unit);
  gateway.filled_at = now;
  gateway.filled -= unit;
  if (gateway.filled < 0) {
    broken_("no gateway gets more calls in a while than its rate", gateway.configured->name,
            number);
  }
}

void Dispatch::asked(Instant now, const std::string& number, int host) {
  if (++questions_[number][host] > std::max(1, offers_[number])) {
    broken_("a server is asked once about a call", std::to_string(host), number);
  }
  // The name of a gateway is looked up first: that is another wait.
  if (!number.starts_with(kByName)) waiting_[number] = {now, servers_[host]};
}

// The call of this number does something: it waits for no answer any more.
void Dispatch::goes_on(Instant now, const std::string& number) {
  const auto waiting = waiting_.find(number);
  if (waiting == waiting_.end()) return;
  if (now - waiting->second.at > waiting->second.limit) {
    broken_("a server that is asked costs one bounded wait",
            std::to_string((now - waiting->second.at).count()) + " ms", number);
  }
  waiting_.erase(waiting);
}

void Dispatch::recorded(Instant now, const cdr::Cdr& record) {
  goes_on(now, record.callee_in);
  for (const cdr::Attempt& attempt : record.attempts) held_.erase(attempt.call_id);
}

void Dispatch::crashed(const std::set<std::string>& kept_calls) {
  std::erase_if(held_, [&](const auto& each) { return !kept_calls.contains(each.first); });
  for (auto& [id, gateway] : gateways_) {
    gateway.rests_until = gateway.may_rest_until = {};
    gateway.filled = gateway.configured->max_call_rate * unit_of(*gateway.configured);
  }
  waiting_.clear();
  questions_.clear();
}

std::int64_t Dispatch::calls_of(std::int64_t gateway) const {
  return std::ranges::count_if(held_,
                               [&](const auto& each) { return each.second.gateway == gateway; });
}

std::int64_t Dispatch::calls_of_group(std::int64_t group) const {
  std::int64_t calls = 0;
  for (const auto& [id, gateway] : gateways_) {
    for (const directory::GroupMembership& membership : gateway.configured->groups)
      if (membership.group == group) calls += calls_of(id);
  }
  return calls;
}

void Dispatch::judge_recovery(Instant now, const facts::DecisionTrace& trace) {
  const bool searched = std::ranges::any_of(
      trace, [](const facts::DecisionLine& each) { return each.step == "candidate"; });
  if (!searched) return;  // the call would have been refused before
  for (const auto& [id, gateway] : gateways_) {
    const std::string& name = gateway.configured->name;
    const auto line =
        std::ranges::find_if(trace, [&, &who = name](const facts::DecisionLine& each) {
          return each.step == "candidate" && each.subject == who;
        });
    if (line == trace.end()) {
      broken_("a gateway that serves the number is a candidate", name, "");
    } else if (line->reason == "gateway_offline" ||
               (line->reason == "retry_after_ban" && gateway.may_rest_until <= now)) {
      broken_("who is well again gets calls again", name + ": " + line->outcome, "");
    }
  }
}

}  // namespace tandem::sim
