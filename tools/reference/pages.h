// The reference pages that are made from tables of the code, as Markdown.
#pragma once

#include <string>
#include <vector>

namespace tandem::reference {

struct Page {
  std::string file;  // name in docs/reference
  std::string text;
};

std::vector<Page> pages();

}  // namespace tandem::reference
