// Routing tags: words that rules set on a call, and that gateways and their groups ask for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/text_list.h"
#include "core/directory/number_entities.h"

namespace tandem::directory {

// A bit for each word that is used; which one is said by RoutingTags (routing_tags.h).
using TagSet = std::uint64_t;

enum class OnMatch : std::uint8_t { Continue, Stop };  // whether rules behind it are asked

// All conditions that are given must hold; of a list one entry must. Numbers are those that the dial
// plans of the calling side made.
struct RoutingTagRule : EntityHead {
  int priority = 100;  // small first
  TextList caller_prefixes;
  TextList callee_prefixes;
  std::vector<std::int64_t> caller_areas;  // ids
  std::vector<std::int64_t> callee_areas;
  std::vector<std::int64_t> ingress_gateways;
  std::vector<std::int64_t> ingress_groups;
  std::vector<std::int64_t> accounts;
  std::vector<std::string> tags;  // what it sets
  OnMatch on_match = OnMatch::Continue;
};

// What a gateway or group asks of the tags of a call; 0 = nothing.
struct TagWishes {
  TagSet required = 0;  // all of them
  TagSet any = 0;       // at least one
  TagSet excluded = 0;  // none

  bool none() const { return (required | any | excluded) == 0; }
  bool fit(TagSet tags) const {
    return (required & ~tags) == 0 && (any == 0 || (any & tags) != 0) && (excluded & tags) == 0;
  }
};

}  // namespace tandem::directory
