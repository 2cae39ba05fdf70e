#include "core/directory/number_rules.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "core/number/number_set.h"

namespace tandem::directory {

// Beginnings in the form that is looked up, with the bytes they lie in.
struct PrefixSet {
  explicit PrefixSet(const std::vector<std::string>& prefixes) {
    number::NumberSet::Maker maker;
    for (const std::string& prefix : prefixes) maker.add_beginning(prefix);
    bytes = std::move(maker).make();
    set = number::NumberSet::open(bytes).value_or(number::NumberSet());
  }
  PrefixSet(const PrefixSet&) = delete;  // the set looks into the bytes
  PrefixSet& operator=(const PrefixSet&) = delete;

  std::string bytes;
  number::NumberSet set;
};

struct CompiledRules {
  PrefixSet caller;
  PrefixSet callee;
  PrefixSet forward;
  std::vector<std::uint32_t> callers;  // places of caller_prefixes in their order as texts
};

namespace {

using cause::EndReason;
using Verdict = std::optional<EndReason>;

constexpr std::size_t kMaskedLengths = 32;

bool allows_length(std::uint32_t mask, std::string_view number) {
  return mask == 0 || (number.size() < kMaskedLengths && (mask >> number.size() & 1) != 0);
}

// A list without entries checks nothing, whatever its mode.
bool passes(RuleMode mode, bool listed, bool empty) {
  return empty || listed == (mode == RuleMode::Allow);
}

bool passes(RuleMode mode, const PrefixSet& prefixes, std::string_view number) {
  return passes(mode, prefixes.set.holds(number), prefixes.set.size() == 0);
}

}  // namespace

std::shared_ptr<const CompiledRules> compile_rules(const Gateway& gateway) {
  if (gateway.caller_prefixes.empty() && gateway.callee_prefixes.empty() &&
      gateway.forward_prefixes.empty()) {
    return nullptr;
  }
  std::vector<std::uint32_t> callers(gateway.caller_prefixes.size());
  std::iota(callers.begin(), callers.end(), 0);
  std::ranges::sort(callers, {}, [&](std::uint32_t place) -> const std::string& {
    return gateway.caller_prefixes[place];
  });
  return std::shared_ptr<const CompiledRules>(
      new CompiledRules{PrefixSet(gateway.caller_prefixes), PrefixSet(gateway.callee_prefixes),
                        PrefixSet(gateway.forward_prefixes), std::move(callers)});
}

int caller_fit(const Gateway& gateway, std::string_view caller) {
  if (gateway.compiled == nullptr || gateway.caller_prefixes.empty()) return 0;
  const bool passes_all = gateway.caller_prefixes_mode == RuleMode::Deny;
  if (!passes(gateway.caller_prefixes_mode, gateway.compiled->caller, caller)) return -1;
  if (passes_all) return 0;
  const auto text_at = [&](std::uint32_t place) -> std::string_view {
    return gateway.caller_prefixes[place];
  };
  for (std::size_t length = caller.size(); length > 0; --length)
    if (std::ranges::binary_search(gateway.compiled->callers, caller.substr(0, length), {}, text_at))
      return int(length) + 1;
  return 1;  // the empty one
}

Verdict refused_prefixes(const Gateway& gateway, const CallNumbers& numbers) {
  if (gateway.compiled == nullptr) return std::nullopt;
  if (!passes(gateway.caller_prefixes_mode, gateway.compiled->caller, numbers.caller))
    return EndReason::CallerPrefixDenied;
  if (!passes(gateway.callee_prefixes_mode, gateway.compiled->callee, numbers.callee))
    return EndReason::CalleePrefixDenied;
  if (numbers.forwarding.empty() ||
      passes(gateway.forward_prefixes_mode, gateway.compiled->forward, numbers.forwarding))
    return std::nullopt;
  return EndReason::ForwardDenied;
}

Verdict refused_lengths(const Gateway& gateway, const CallNumbers& numbers) {
  if (!allows_length(gateway.caller_length_mask, numbers.caller))
    return EndReason::CallerLengthDenied;
  if (!allows_length(gateway.callee_length_mask, numbers.callee))
    return EndReason::CalleeLengthDenied;
  return std::nullopt;
}

Verdict refused_pairs(const Gateway& gateway, const CallNumbers& numbers) {
  const bool listed = std::ranges::any_of(gateway.pairs, [&](const NumberPair& pair) {
    return numbers.caller.starts_with(pair.caller) && numbers.callee.starts_with(pair.callee);
  });
  if (passes(gateway.pairs_mode, listed, gateway.pairs.empty())) return std::nullopt;
  return EndReason::CallerCalleePairDenied;
}

}  // namespace tandem::directory
