// "ported NUMBER LRN STATE" lines as the local table of ported numbers (core/lrn/index.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/lrn/index.h"

namespace tandem::ladder {

// Number or block, routing number, region; what is missing, or "-", is empty. nullptr when a row is
// no row.
std::shared_ptr<const lrn::Index> ported_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace tandem::ladder
