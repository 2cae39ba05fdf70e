// Lists of parameters as text, read for import: the tab-separated list that `tandem param export`
// prints, and lists copied from a VOS3000 screen or document. Names are looked up and never
// guessed: those nobody knows are told apart, with their lines.
//
// A line is a name and a value, with tabs, blanks, = or : between them; what follows the value
// behind a tab or several blanks is left unread. Empty lines and lines that begin with # count for
// nothing. A heading with `name` and `value` says in which columns they stand. In lists without our
// heading values may be written as VOS3000 shows them: on/off, "None" for no limit or nothing, and
// numbers with their unit ("600 s", "10 min").
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/directory/parameter_row.h"

namespace tandem::directory {

struct ParameterList {
  struct Entry {
    std::size_t line = 0;  // from 1
    const ParameterRow* row = nullptr;
    std::string value;  // canonical
  };
  struct Unknown {
    std::size_t line = 0;
    std::string name;
  };
  struct Refused {
    std::size_t line = 0;
    std::string name;
    std::string value;
    std::string sentence;  // begins with the line: "line 7: SS_SIP_T1: 9 is not allowed; ..."
  };

  std::vector<Entry> entries;  // each parameter once
  std::vector<Unknown> unknown;
  std::vector<Refused> refused;
};

ParameterList read_parameter_list(std::string_view text);

}  // namespace tandem::directory
