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

// signalling_pages.cc
std::string headers_page();
std::string counters_page();

}  // namespace tandem::reference
