// What numbers and times mean for a gateway, said a second time: slowly, plainly, from the text of
// call-handling.md 2.3 and entities.md 1, with nothing of what the switch uses for it. Only for
// tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cause/end_reason.h"
#include "core/directory/directory.h"

namespace tandem::routing::plain {

using Source = directory::Directory::Source;
using Reason = std::optional<cause::EndReason>;

template <class Entities>
const typename Entities::value_type* by_id(const Entities& entities, std::int64_t id) {
  for (const auto& each : entities)
    if (each.id == id) return &each;
  return nullptr;
}

// "4420*" or a whole number.
inline bool entry_holds(const std::string& entry, std::string_view number) {
  if (!entry.ends_with('*')) return number == entry;
  return number.starts_with(std::string_view(entry).substr(0, entry.size() - 1));
}

inline bool any_holds(const std::vector<std::string>& entries, std::string_view number) {
  return std::ranges::any_of(entries, [&](const auto& each) { return entry_holds(each, number); });
}

inline bool begins_with_one_of(const std::vector<std::string>& prefixes, std::string_view number) {
  return std::ranges::any_of(prefixes, [&](const auto& each) { return number.starts_with(each); });
}

// A list that is empty says nothing; else it is the only ones, or none of them.
inline bool permits(directory::RuleMode mode, bool empty, bool listed) {
  if (empty) return true;
  return mode == directory::RuleMode::Allow ? listed : !listed;
}

// ---- numbers of a gateway

inline Reason by_prefixes(const directory::EgressGateway& gateway, std::string_view caller,
                          std::string_view callee, std::string_view forwarding) {
  using cause::EndReason;
  const auto refuses = [](directory::RuleMode mode, const std::vector<std::string>& prefixes,
                          std::string_view number) {
    return !permits(mode, prefixes.empty(), begins_with_one_of(prefixes, number));
  };
  if (refuses(gateway.caller_prefixes_mode, gateway.caller_prefixes, caller))
    return EndReason::CallerPrefixDenied;
  if (refuses(gateway.callee_prefixes_mode, gateway.callee_prefixes, callee))
    return EndReason::CalleePrefixDenied;
  if (!forwarding.empty() &&
      refuses(gateway.forward_prefixes_mode, gateway.forward_prefixes, forwarding))
    return EndReason::ForwardDenied;
  return std::nullopt;
}

inline bool in_groups(const Source& source, const std::vector<std::int64_t>& groups,
                      std::string_view number) {
  return std::ranges::any_of(groups, [&](std::int64_t id) {
    return any_holds(by_id(source.number_groups, id)->entries, number);
  });
}

// Lists of another type than the policy asks for do not count.
inline bool on_lists(const Source& source, const std::vector<std::int64_t>& lists,
                     directory::ListType type, std::string_view number) {
  return std::ranges::any_of(lists, [&](std::int64_t id) {
    const directory::NumberList* list = by_id(source.number_lists, id);
    return list->type == type && any_holds(list->entries, number);
  });
}

inline Reason by_lists(const Source& source, const directory::Device& device,
                       std::string_view caller, std::string_view callee) {
  using cause::EndReason;
  using directory::ListPolicy;
  using directory::ListType;
  if (!permits(device.caller_groups_mode, device.caller_groups.empty(),
               in_groups(source, device.caller_groups, caller)))
    return EndReason::CallerGroupDenied;
  if (!permits(device.callee_groups_mode, device.callee_groups.empty(),
               in_groups(source, device.callee_groups, callee)))
    return EndReason::CalleeGroupDenied;
  const auto black = [&](ListPolicy policy, const std::vector<std::int64_t>& lists,
                         std::string_view number) {
    return policy == ListPolicy::Black && on_lists(source, lists, ListType::Black, number);
  };
  const auto not_white = [&](ListPolicy policy, const std::vector<std::int64_t>& lists,
                             std::string_view number) {
    return policy == ListPolicy::White && !lists.empty() &&
           !on_lists(source, lists, ListType::White, number);
  };
  if (black(device.caller_list_policy, device.caller_list, caller))
    return EndReason::BlackListCaller;
  if (not_white(device.caller_list_policy, device.caller_list, caller))
    return EndReason::WhiteListCallerMissing;
  if (black(device.callee_list_policy, device.callee_list, callee))
    return EndReason::BlackListCallee;
  if (not_white(device.callee_list_policy, device.callee_list, callee))
    return EndReason::WhiteListCalleeMissing;
  return std::nullopt;
}

inline Reason by_lengths(const directory::EgressGateway& gateway, std::string_view caller,
                         std::string_view callee) {
  const auto allowed = [](std::uint32_t mask, std::string_view number) {
    return mask == 0 || (mask & (1u << number.size())) != 0;
  };
  if (!allowed(gateway.caller_length_mask, caller)) return cause::EndReason::CallerLengthDenied;
  if (!allowed(gateway.callee_length_mask, callee)) return cause::EndReason::CalleeLengthDenied;
  return std::nullopt;
}

inline Reason by_pairs(const directory::EgressGateway& gateway, std::string_view caller,
                       std::string_view callee) {
  const bool listed = std::ranges::any_of(gateway.pairs, [&](const directory::NumberPair& pair) {
    return caller.starts_with(pair.caller) && callee.starts_with(pair.callee);
  });
  if (permits(gateway.pairs_mode, gateway.pairs.empty(), listed)) return std::nullopt;
  return cause::EndReason::CallerCalleePairDenied;
}

// ---- where a number is

struct Place {
  directory::NumberClass number_class = directory::NumberClass::Other;
  std::string area;
};

// By the longest prefix of an area; but by the section that begins last, when one holds it.
inline Place place_of(const Source& source, const std::string& number) {
  Place place;
  std::size_t longest = 0;
  for (const directory::Area& area : source.areas) {
    for (const bool mobile : {false, true}) {
      for (const std::string& prefix : mobile ? area.mobile_prefixes : area.prefixes) {
        if (!number.starts_with(prefix) || prefix.size() <= longest) continue;
        longest = prefix.size();
        place = {mobile ? directory::NumberClass::Mobile : directory::NumberClass::City, area.code};
      }
    }
  }
  const directory::NumberSection* best = nullptr;
  for (const directory::NumberSection& section : source.number_sections) {
    const bool inside = number.size() == section.range.first.size() &&
                        number >= section.range.first && number <= section.range.last;
    if (inside && (best == nullptr || section.range.first > best->range.first)) best = &section;
  }
  if (best == nullptr) return place;
  place.number_class = best->number_class;
  if (const directory::Area* area = by_id(source.areas, best->area)) place.area = area->code;
  return place;
}

inline Reason by_class(const Source& source, const directory::EgressGateway& gateway,
                       const std::string& caller, const std::string& callee) {
  const auto passes = [&](bool checked, bool city, bool mobile, bool other,
                          const std::string& number) {
    if (!checked) return true;
    const auto its = place_of(source, number).number_class;
    if (its == directory::NumberClass::City) return city;
    return its == directory::NumberClass::Mobile ? mobile : other;
  };
  if (!passes(gateway.caller_class_check, gateway.caller_class_city, gateway.caller_class_mobile,
              gateway.caller_class_other, caller))
    return cause::EndReason::CallerFormatDenied;
  if (!passes(gateway.callee_class_check, gateway.callee_class_city, gateway.callee_class_mobile,
              gateway.callee_class_other, callee))
    return cause::EndReason::CalleeFormatDenied;
  const Place place = place_of(source, callee);
  const bool listed =
      std::ranges::find(gateway.mobile_areas, place.area) != gateway.mobile_areas.end();
  if (place.number_class != directory::NumberClass::Mobile ||
      permits(gateway.mobile_area_mode, gateway.mobile_areas.empty(), listed))
    return std::nullopt;
  return cause::EndReason::MobileAreaDenied;
}

// ---- times, of UTC

// Whether a time of the day, from one second to another, is on at a moment: it may have begun today
// or yesterday.
inline bool is_on(std::uint8_t weekdays, std::int64_t begin, std::int64_t end, UtcTime at) {
  const std::int64_t now = epoch_milliseconds(at) / 1000;
  const std::int64_t today = now / 86'400;
  for (const std::int64_t day : {today - 1, today}) {
    const bool on_day = (weekdays >> ((day + 4) % 7) & 1) != 0;  // 1970-01-01 was a Thursday
    const std::int64_t length = end > begin ? end - begin : end - begin + 86'400;
    const std::int64_t since = now - (day * 86'400 + begin);
    if (on_day && since >= 0 && since < length) return true;
  }
  return false;
}

inline bool is_working(const directory::Calendar& calendar, UtcTime at) {
  for (const directory::WorkingHours& row : calendar.weekly)
    if (is_on(row.weekdays, row.begin, row.end, at)) return row.working;
  return false;
}

inline bool holds(const Source& source, const directory::Period& period, UtcTime at) {
  const directory::Calendar* calendar = by_id(source.calendars, period.calendar);
  return is_on(period.weekdays, period.begin, period.end, at) &&
         (calendar == nullptr || is_working(*calendar, at));
}

template <class Row>
const Row* row_of(const Source& source, const std::vector<Row>& rows, UtcTime at) {
  for (const Row& row : rows)
    if (holds(source, row.when, at)) return &row;
  return nullptr;
}

inline bool is_open(const Source& source, const directory::EgressGateway& gateway,
                    std::string_view caller, std::string_view callee, UtcTime at) {
  using directory::RuleMode;
  if (const directory::Calendar* calendar = by_id(source.calendars, gateway.calendar)) {
    const bool wanted = gateway.calendar_mode == directory::CalendarMode::Working;
    if (is_working(*calendar, at) != wanted) return false;
  }
  for (const directory::PeriodRule& rule : gateway.period_rules) {
    const bool of_caller = rule.side == directory::PeriodRule::Side::Caller;
    const bool fits = begins_with_one_of(rule.prefixes, of_caller ? caller : callee);
    if (fits && holds(source, rule.when, at)) return rule.action == RuleMode::Allow;
  }
  // Where some are allowed, the others are not.
  return std::ranges::none_of(gateway.period_rules, [](const directory::PeriodRule& rule) {
    return rule.action == RuleMode::Allow;
  });
}

}  // namespace tandem::routing::plain
