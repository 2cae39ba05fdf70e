#include "core/routing/filters.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <iterator>

#include "core/directory/number_classes.h"
#include "core/directory/number_lists.h"
#include "core/directory/number_rules.h"
#include "core/directory/routing_tags.h"
#include "core/facts/groups.h"
#include "core/registrar/subscribers.h"

namespace tandem::routing {
namespace {

using cause::EndReason;

Objection locked(const Asked& asked) {
  const bool objects = is_locked(asked.gateway, asked.question.directory);
  return objects ? Objection(EndReason::GatewayLocked) : std::nullopt;
}

// A list that holds nothing lets everything pass.
bool passes(directory::RuleMode mode, const std::vector<std::int64_t>& list, bool listed) {
  return list.empty() || listed == (mode == directory::RuleMode::Allow);
}

// What the caller's device says of gateways it may be sent to.
Objection access(const Asked& asked) {
  if (asked.source->device == nullptr) return std::nullopt;
  const directory::Device& source = *asked.source->device;
  const auto holds = [](const std::vector<std::int64_t>& sorted, std::int64_t id) {
    return std::ranges::binary_search(sorted, id);
  };
  const bool in_listed_group =
      std::ranges::any_of(asked.gateway.groups, [&](const directory::GroupMembership& its) {
        return holds(source.egress_groups, its.group);
      });
  const bool may =
      passes(source.egress_groups_mode, source.egress_groups, in_listed_group) &&
      passes(source.egress_gateways_mode, source.egress_gateways,
             holds(source.egress_gateways, asked.gateway.id));
  return may ? std::nullopt : Objection(EndReason::RouteGroupDenied);
}

// Visits what the gateway and its groups wish of the tags of a call, until `visit` answers false.
template <class Visit>
void each_wish(const Asked& asked, Visit visit) {
  if (!visit(asked.gateway.tag_wishes)) return;
  for (const directory::GroupMembership& membership : asked.gateway.groups) {
    const auto* group = asked.question.directory.gateway_group(membership.group);
    if (group != nullptr && !visit(group->tag_wishes)) return;
  }
}

Objection tags(const Asked& asked) {
  bool fit = true;
  each_wish(asked, [&](const directory::TagWishes& wishes) {
    return fit = wishes.fit(asked.source->tags);
  });
  return fit ? std::nullopt : Objection(EndReason::RoutingTagDenied);
}

std::string tags_amiss(const Asked& asked) {
  const directory::RoutingTags& all = asked.question.directory.routing_tags();
  const directory::TagSet tags = asked.source->tags;
  std::string text;
  each_wish(asked, [&](const directory::TagWishes& wishes) {
    if (wishes.fit(tags)) return true;
    if (const auto missing = wishes.required & ~tags; missing != 0)
      text = "it requires " + all.words(missing);
    else if (const auto unwanted = wishes.excluded & tags; unwanted != 0)
      text = "it excludes " + all.words(unwanted);
    else
      text = "it asks for one of " + all.words(wishes.any);
    return false;
  });
  return text;
}

// Its work calendar, and what it takes at this hour.
Objection calendar(const Asked& asked) {
  const Question& question = asked.question;
  const UtcTime now = question.now.wall;
  const bool open = question.directory.may_be_used(asked.gateway, now) &&
                    question.directory.takes(asked.gateway, question.call.caller.routed,
                                             question.call.callee.routed, now);
  return open ? std::nullopt : Objection(EndReason::CalendarDenied);
}

directory::CallNumbers numbers_of(const Asked& asked) {
  const facts::CallFacts& call = asked.question.call;
  return {call.caller.routed, call.callee.routed, call.forwarding};
}

Objection prefixes(const Asked& asked) {
  return directory::refused_prefixes(asked.gateway, numbers_of(asked));
}

Objection lengths(const Asked& asked) {
  return directory::refused_lengths(asked.gateway, numbers_of(asked));
}

Objection lists(const Asked& asked) {
  const facts::CallFacts& call = asked.question.call;
  const auto refused = directory::refused_by_lists({asked.question.directory, asked.gateway,
                                                    call.caller.routed, call.callee.routed});
  return refused ? Objection(refused->reason) : std::nullopt;
}

Objection classes(const Asked& asked) {
  const facts::CallFacts& call = asked.question.call;
  const directory::ClassQuestion question{asked.question.directory, asked.gateway,
                                          call.caller.routed, call.callee.routed};
  if (const Objection refused = directory::refused_class(question)) return refused;
  return directory::refused_mobile_area(question);
}

Objection pairs(const Asked& asked) {
  return directory::refused_pairs(asked.gateway, numbers_of(asked));
}

// The registration its calls go over, if they go over one.
const facts::RegistrationLive* registration(const Asked& asked) {
  if (asked.brief != nullptr && (asked.concerns & directory::kConcernRegistration) == 0)
    return nullptr;
  if (asked.gateway.register_type != directory::EgressRegister::Outbound) return nullptr;
  return &asked.question.live.registrations.read(asked.gateway.outbound_registration);
}

Objection offline(const Asked& asked) {
  if (asked.gateway.registers()) {
    const Question& question = asked.question;
    const auto who = registrar::subscriber_of(question.directory, asked.gateway);
    const bool there = question.registered().can_be_called(who);
    return there ? std::nullopt : Objection(EndReason::GatewayOffline);
  }
  const facts::RegistrationLive* over = registration(asked);
  const bool reachable = !asked.live.offline && (over == nullptr || over->registered);
  return reachable ? std::nullopt : Objection(EndReason::GatewayOffline);
}

Objection retry_after(const Asked& asked) {
  const bool rests = asked.live.banned_until > asked.question.now.mono;
  return rests ? Objection(EndReason::RetryAfterBan) : std::nullopt;
}

bool full(std::int64_t calls, std::int64_t capacity) { return capacity != 0 && calls >= capacity; }

Objection capacity(const Asked& asked) {
  const facts::RegistrationLive* over = registration(asked);
  const bool by_hour = asked.brief == nullptr || (asked.concerns & directory::kConcernPeriods) != 0;
  const auto lines =
      by_hour ? asked.question.directory.capacity_of(asked.gateway, asked.question.now.wall)
              : asked.brief->capacity;
  const bool no_line = full(asked.live.calls, lines) ||
                       (over != nullptr && full(over->calls, over->capacity));
  return no_line ? Objection(EndReason::EgressCapacity) : std::nullopt;
}

Objection group_capacity(const Asked& asked) {
  const Question& question = asked.question;
  const bool no_line = facts::in_full_group(asked.gateway, question.directory, question.live);
  return no_line ? Objection(EndReason::GroupCapacity) : std::nullopt;
}

std::optional<SecondRate> cost_of(const Asked& asked) {
  return asked.question.rates.cost_of(asked.gateway, asked.question.call);
}

Objection no_cost_rate(const Asked& asked) {
  const bool missing = asked.gateway.fee_rate_restrict && !cost_of(asked);
  return missing ? Objection(EndReason::NoCostRate) : std::nullopt;
}

// What a call may cost a second, by who calls and by the gateway.
Objection rate_cap(const Asked& asked) {
  MoneyLimits limits = asked.source->limits;
  limits.tighten(asked.gateway);
  if (!limits.highest_cost) return std::nullopt;
  const auto cost = cost_of(asked);
  const bool dear = cost && *cost > *limits.highest_cost;
  return dear ? Objection(EndReason::RateCapExceeded) : std::nullopt;
}

Objection profit(const Asked& asked) {
  MoneyLimits limits = asked.source->limits;
  limits.tighten(asked.gateway);
  if (limits.profit_percent == MoneyLimits::kNone || !asked.source->price) return std::nullopt;
  const auto cost = cost_of(asked);
  if (!cost) return std::nullopt;
  const bool enough = profit_reaches(*asked.source->price, *cost, asked.question.rates.base,
                                     limits.profit_percent);
  return enough ? std::nullopt : Objection(EndReason::MinimumProfitNotReached);
}

using enum Filter::Asks;

constexpr Filter kFilters[] = {
    {"lock", Once, directory::kConcernLock, locked},
    {"access of the caller", Once, directory::kConcernAccess, access},
    {"routing tags", Once, directory::kConcernTags, tags, tags_amiss},
    {"calendar", Once, directory::kConcernCalendar, calendar},
    {"prefixes", Once, directory::kConcernPrefixes, prefixes},
    {"number lists", Once, directory::kConcernLists, lists},
    {"lengths", Once, directory::kConcernLengths, lengths},
    {"classes and areas", Once, directory::kConcernClasses, classes},
    {"pairs", Once, directory::kConcernPairs, pairs},
    {"reachability", AtEachAttempt,
     directory::kConcernOffline | directory::kConcernRegistration, offline},
    {"retry-after", AtEachAttempt, directory::kConcernBan, retry_after},
    {"capacity", AtEachAttempt,
     directory::kConcernCapacity | directory::kConcernPeriods | directory::kConcernRegistration,
     capacity},
    {"group capacity", AtEachAttempt, directory::kConcernGroups, group_capacity},
    {"cost rate", Once, directory::kConcernMoney, no_cost_rate},
    {"rate cap", Once, directory::kConcernMoney, rate_cap},
    {"minimum profit", Once, directory::kConcernMoney, profit},
};

// The rows of the table that a concern wakes, by its bit: a bit for each row.
constexpr auto kRowsOf = [] {
  std::array<std::uint32_t, 32> rows{};
  for (std::size_t row = 0; row < std::size(kFilters); ++row)
    for (std::size_t bit = 0; bit < rows.size(); ++bit)
      if ((kFilters[row].concern >> bit & 1) != 0) rows[bit] |= 1u << row;
  return rows;
}();

// The tags that rules set on the call; each rule that fits is told.
directory::TagSet tags_of(const Question& question) {
  const directory::RoutingTags& all = question.directory.routing_tags();
  if (!all.has_rules()) return 0;
  const facts::CallFacts& call = question.call;
  std::vector<directory::TagHit> hits;
  const directory::TagSet tags =
      all.of(question.directory,
             {call.caller.routed, call.callee.routed, call.ingress, call.account},
             question.trace == nullptr ? nullptr : &hits);
  for (const directory::TagHit& hit : hits) {
    const bool stops = hit.rule->on_match == directory::OnMatch::Stop;
    facts::tell(question.trace, "tags", hit.rule->name,
                "sets " + all.words(hit.set) + (stops ? ", and no further rule is asked" : ""));
  }
  return tags;
}

}  // namespace

Source Source::of(const Question& question) {
  Source source;
  source.device = question.directory.phone(question.call.phone);
  if (source.device == nullptr) {
    source.device = question.directory.ingress_gateway(question.call.ingress);
  }
  if (source.device != nullptr) {
    const directory::Device& device = *source.device;
    source.limits.tighten(device);
    if (!device.egress_groups.empty() || !device.egress_gateways.empty())
      source.concerns |= directory::kConcernAccess;
    if (device.min_profit_enable || device.max_second_rate_enable)
      source.concerns |= directory::kConcernMoney;
  }
  source.price = question.rates.price_of(question.call);
  source.tags = tags_of(question);
  return source;
}

std::optional<Removal> first_objection(const Asked& asked) {
  std::uint32_t rows = 0;
  for (std::uint32_t left = asked.concerns; left != 0; left &= left - 1)
    rows |= kRowsOf[std::size_t(std::countr_zero(left))];
  for (; rows != 0; rows &= rows - 1) {
    const Filter& filter = kFilters[std::countr_zero(rows)];
    if (const Objection why = filter.objects(asked)) return Removal{&filter, *why};
  }
  return std::nullopt;
}

bool is_locked(const directory::EgressGateway& gateway, const directory::Directory& directory) {
  return gateway.lock_type == directory::Lock::All ||
         facts::in_locked_group(gateway, directory);
}

Objection filter(const Question& question, const directory::EgressGateway& gateway) {
  const Asked asked{question, gateway, question.live.egress.read(gateway.id)};
  for (const Filter& filter : kFilters) {
    if (filter.asks == Once) continue;
    if (const Objection why = filter.objects(asked)) return why;
  }
  return std::nullopt;
}

}  // namespace tandem::routing
