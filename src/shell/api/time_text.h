// A point in time as people read it.
#pragma once

#include <string>

#include "base/time.h"

namespace tandem::api {

// "2026-01-31 12:00:00.123", UTC.
std::string time_text(UtcTime time);

}  // namespace tandem::api
