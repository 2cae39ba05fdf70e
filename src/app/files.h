// Files that a command is given.
#pragma once

#include <string>

#include "base/result.h"

namespace tandem::app {

// "-" is the standard input. The fault is a sentence.
Result<std::string, std::string> contents_of(const std::string& file);

}  // namespace tandem::app
