// What areas and sections say about who may call whom (call-handling.md 2.3): classes of numbers,
// calls within a city, mobiles of an area, numbers that were changed.
#pragma once

#include <optional>
#include <string_view>

#include "core/cause/end_reason.h"
#include "core/directory/directory.h"

namespace tandem::directory {

struct ClassQuestion {
  const Directory& directory;
  const Gateway& gateway;
  std::string_view caller;
  std::string_view callee;
};

// nullopt = the call goes on.
std::optional<cause::EndReason> refused_class(const ClassQuestion& question);
std::optional<cause::EndReason> refused_mobile_area(const ClassQuestion& question);
std::optional<cause::EndReason> refused_same_city(const Directory& directory,
                                                  const IngressGateway& gateway,
                                                  std::string_view caller, std::string_view callee);

// The area code that the device wants in front of this number; "" = none.
std::string_view mobile_prefix_of(const Directory& directory, const Device& device,
                                  std::string_view number);

}  // namespace tandem::directory
