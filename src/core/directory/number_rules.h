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

// Step 9, numbers as they came from this gateway: lengths, then prefixes. nullopt = the call goes on.
std::optional<cause::EndReason> refused_at_arrival(const Gateway& gateway,
                                                   const CallNumbers& numbers);
// Step 18, of a gateway they would go to. Filter 5: prefixes, also of the forwarding number.
std::optional<cause::EndReason> refused_prefixes(const Gateway& gateway,
                                                 const CallNumbers& numbers);
// Filter 6.
std::optional<cause::EndReason> refused_lengths(const Gateway& gateway,
                                                const CallNumbers& numbers);
// Filter 7.
std::optional<cause::EndReason> refused_pairs(const Gateway& gateway, const CallNumbers& numbers);

}  // namespace tandem::directory
