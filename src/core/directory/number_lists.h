// Which numbers a device sends or takes by groups and by black and white lists (call-handling.md 2.3
// and 7, filter 6). Gateways and phones ask alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/cause/end_reason.h"
#include "core/directory/directory.h"

namespace tandem::directory {

struct ListVerdict {
  cause::EndReason reason{};
  const NumberStore* by = nullptr;  // group or list that decided; nullptr = that none holds it
};

struct ListQuestion {
  const Directory& directory;
  const Device& device;
  std::string_view caller;
  std::string_view callee;
};

// Groups first, then lists; the caller before the callee. nullopt = the call goes on. A group whose
// file is not there refuses what depends on it, with configuration_error.
std::optional<ListVerdict> refused_by_lists(const ListQuestion& question);
// Only one of its numbers is asked: of a phone the caller that calls it, or the number it calls.
std::optional<ListVerdict> refused_caller(const ListQuestion& question);
std::optional<ListVerdict> refused_callee(const ListQuestion& question);

}  // namespace tandem::directory
