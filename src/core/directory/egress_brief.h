// An egress gateway in a few bytes: what a decision asks of each of many candidates. What a gateway has
// not configured concerns no call, and is not looked at.
#pragma once

#include <cstdint>

#include "core/directory/entities.h"

namespace tandem::directory {

class Directory;

// What about a gateway may matter to a call, a bit each: of what is configured, of how it is now, and of
// who calls.
enum Concern : std::uint32_t {
  kConcernLock = 1u << 0,  // it is locked, by itself or in a group
  kConcernCalendar = 1u << 1,
  kConcernPrefixes = 1u << 2,
  kConcernLists = 1u << 3,
  kConcernLengths = 1u << 4,
  kConcernClasses = 1u << 5,
  kConcernPairs = 1u << 6,
  kConcernRegistration = 1u << 7,
  kConcernCapacity = 1u << 8,
  kConcernGroups = 1u << 9,
  kConcernPeriods = 1u << 10,  // capacity or priority change with the hour
  kConcernMoney = 1u << 11,
  kConcernTags = 1u << 12,     // it, or a group of it, asks for tags of a call
  // As it is now.
  kConcernOffline = 1u << 13,
  kConcernBan = 1u << 14,      // it was asked to rest, and may do so still
  // Of who calls.
  kConcernAccess = 1u << 15,
};

struct EgressBrief {
  std::int64_t id = 0;
  std::int32_t priority = 0;
  std::int32_t capacity = 0;
  std::uint32_t concerns = 0;
  bool ends_search = false;  // in terminate mode, and not locked (call-handling.md 6)
  bool protect = false;

  static EgressBrief of(const EgressGateway& gateway, const Directory& directory);
};

}  // namespace tandem::directory
