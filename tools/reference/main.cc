// tandem-reference DIR          writes the reference pages into DIR
// tandem-reference --check DIR  compares them; names the stale ones and exits with 1
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "pages.h"

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int check(const std::string& directory) {
  int stale = 0;
  for (const tandem::reference::Page& page : tandem::reference::pages()) {
    const std::string path = directory + '/' + page.file;
    if (contents(path) == page.text) continue;
    std::printf("%s is stale: run tandem-reference %s\n", path.c_str(), directory.c_str());
    stale = 1;
  }
  return stale;
}

int write(const std::string& directory) {
  for (const tandem::reference::Page& page : tandem::reference::pages()) {
    const std::string path = directory + '/' + page.file;
    std::ofstream file(path, std::ios::binary);
    file << page.text;
    file.close();
    if (file.good()) continue;
    std::fprintf(stderr, "cannot write %s\n", path.c_str());
    return 1;
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 3 && std::string_view(arguments[1]) == "--check") return check(arguments[2]);
  if (count == 2 && arguments[1][0] != '-') return write(arguments[1]);
  std::fputs("usage: tandem-reference [--check] DIR\n", stderr);
  return 2;
}
