// One line of a list of ported numbers: number or block, routing number, region, company.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/lrn/index.h"

namespace tandem::numbers {

struct RowFault {
  std::size_t column = 1;  // where in the line, from 1
  std::string reason;
};

struct Row {
  std::uint64_t key = 0;
  lrn::IndexEntry entry;
};

// "2125550123,2125550199,NY,6529". A number may end with * (a block: all that begin so); what is
// missing behind it is empty. Separated by commas, semicolons or tabs.
Result<Row, RowFault> read_row(std::string_view line);
// The line names the columns.
bool is_heading(std::string_view line);

}  // namespace tandem::numbers
