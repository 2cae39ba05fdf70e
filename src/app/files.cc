#include "app/files.h"

#include <fstream>
#include <iostream>
#include <iterator>

namespace tandem::app {

Result<std::string, std::string> contents_of(const std::string& file) {
  if (file == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return Failure{"cannot read " + file + "; is it there, and may you read it?"};
  return std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
}

}  // namespace tandem::app
