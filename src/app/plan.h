// What a change did or would do, as people read it.
#pragma once

#include <string>

#include "app/commands.h"

namespace tandem::app {

// The reply of an operation that answers a Plan: JSON when that is wanted, else what changes line
// by line, when it acts, and what to do to take it back.
void print_plan(const Globals& globals, const std::string& reply);

// "acts at once", "acts on calls that arrive from now on", "takes effect after a restart".
std::string acts_when(const std::string& applies);

}  // namespace tandem::app
