#include "shell/http/message.h"

namespace tandem::http {
namespace {

const std::string* find(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return &value;
  }
  return nullptr;
}

}  // namespace

const std::string* Request::parameter(std::string_view name) const { return find(query, name); }

const std::string* Request::header(std::string_view lower_case_name) const {
  return find(headers, lower_case_name);
}

}  // namespace tandem::http
