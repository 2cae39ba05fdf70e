// Reading the replies of the API. A member that is missing reads as nothing: an older switch may
// not know it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::app {

// {} when the text is no JSON object.
boost::json::object object_of(const std::string& body);
// The member `items`.
boost::json::array items_of(const std::string& body);

std::string text_of(const boost::json::object& object, std::string_view name);
std::int64_t number_of(const boost::json::object& object, std::string_view name);  // 0 for null
bool is_true(const boost::json::object& object, std::string_view name);

// As people read it: texts without quotes, lists with commas, "on" and "off", "-" for no value.
std::string plain(const boost::json::value& value);

// What the reply to a change calls odd, on the error stream.
void print_warnings(const boost::json::object& reply);

// One object per line.
void print_lines(const boost::json::array& items);

}  // namespace tandem::app
