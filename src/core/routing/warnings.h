// What an operator should know of a decision beside it: what hides gateways from the call, what keeps one
// from ever being called, what fails together. Only for explanations.
#pragma once

#include <string>
#include <vector>

#include "core/routing/routing.h"

namespace tandem::routing {

struct Warning {
  std::string subject;   // the gateway or phone it is about
  std::string sentence;  // "is the only route: when it fails, so does the call"
};

// Of the call as it is routed, and of what was found for it.
std::vector<Warning> find_warnings(const Question& question, const Routes& found);

}  // namespace tandem::routing
