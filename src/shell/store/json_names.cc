#include "shell/store/json_names.h"

#include <boost/json/basic_parser_impl.hpp>
#include <set>
#include <vector>

namespace tandem::store {
namespace {

using boost::json::error_code;

// Called by the parser with what it reads; keeps the names of the objects it is in.
struct Names {
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;
  using Text = boost::json::string_view;

  std::vector<std::set<std::string>> objects;
  std::string name;  // so far
  std::optional<std::string> twice;

  bool on_object_begin(error_code&) { return objects.emplace_back(), true; }
  bool on_object_end(std::size_t, error_code&) { return objects.pop_back(), true; }
  bool on_key_part(Text part, std::size_t, error_code&) { return name.append(part), true; }
  bool on_key(Text part, std::size_t, error_code&) {
    name.append(part);
    if (!objects.back().insert(name).second && !twice) twice = name;
    name.clear();
    return true;
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_string_part(Text, std::size_t, error_code&) { return true; }
  bool on_string(Text, std::size_t, error_code&) { return true; }
  bool on_number_part(Text, error_code&) { return true; }
  bool on_int64(std::int64_t, Text, error_code&) { return true; }
  bool on_uint64(std::uint64_t, Text, error_code&) { return true; }
  bool on_double(double, Text, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(Text, error_code&) { return true; }
  bool on_comment(Text, error_code&) { return true; }
};

}  // namespace

std::optional<std::string> name_given_twice(std::string_view json) {
  boost::json::basic_parser<Names> parser{boost::json::parse_options{}};
  error_code error;
  parser.write_some(false, json.data(), json.size(), error);
  return error ? std::nullopt : parser.handler().twice;
}

}  // namespace tandem::store
