// Which numbers a gateway takes (call-handling.md 2.3 and 7): lengths, prefixes, pairs. What is
// configured stands in Gateway; compile_rules() makes the forms that are asked.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "core/cause/end_reason.h"
#include "core/directory/entities.h"

namespace tandem::directory {

std::shared_ptr<const CompiledRules> compile_rules(const Gateway& gateway);

struct CallNumbers {
  std::string_view caller;
  std::string_view callee;
  std::string_view forwarding = {};  // "" = none
};

// Prefixes, also of the forwarding number. nullopt = the call goes on.
std::optional<cause::EndReason> refused_prefixes(const Gateway& gateway,
                                                 const CallNumbers& numbers);
// How well the caller fits what a gateway says of callers: above 0, and the more the longer the beginning
// that it allows; 0 = it says nothing; below when it would refuse the caller.
int caller_fit(const Gateway& gateway, std::string_view caller);
std::optional<cause::EndReason> refused_lengths(const Gateway& gateway,
                                                const CallNumbers& numbers);
std::optional<cause::EndReason> refused_pairs(const Gateway& gateway, const CallNumbers& numbers);

}  // namespace tandem::directory
