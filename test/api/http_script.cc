#include "api/http_script.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "base/text.h"
#include "shell/http/client.h"

namespace tandem::test_api {
namespace {

namespace json = boost::json;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') {
      lines.push_back(std::move(line));
      line.clear();
    } else {
      line += c;
    }
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

http::Fields::value_type header_of(const std::string& line) {
  const std::size_t colon = line.find(':');
  return {line.substr(0, colon), std::string(trim(std::string_view(line).substr(colon + 1)))};
}

bool is_header(const std::string& line) {
  const std::size_t colon = line.find(": ");
  return colon != line.npos && line.find_first_of(" {[\"<") > colon - 1;
}

// Where in the step the reader is.
enum class Part { Request, RequestBody, Reply, ReplyBody };

void read_line(Step& step, Part& part, const std::string& line) {
  if (line.starts_with(">>> ")) {
    step.status = std::stoi(line.substr(4));
    part = Part::Reply;
    return;
  }
  switch (part) {
    case Part::Request:
      if (step.method.empty()) {
        const std::size_t blank = line.find(' ');
        step.method = line.substr(0, blank);
        step.target = line.substr(blank + 1);
      } else if (line.empty()) {
        part = Part::RequestBody;
      } else {
        step.headers.push_back(header_of(line));
      }
      return;
    case Part::RequestBody:
      step.body += line + '\n';
      return;
    case Part::Reply:
      if (is_header(line)) {
        step.expected_headers.push_back(header_of(line));
        return;
      }
      part = Part::ReplyBody;
      step.expected_body += line + '\n';
      return;
    case Part::ReplyBody:
      step.expected_body += line + '\n';
      return;
  }
}

// "" when `actual` holds what is expected; else the place of the first difference.
std::string difference(const json::value& expected, const json::value& actual,
                       const std::string& place) {
  if (expected.is_string() && expected.as_string() == "*") return {};
  if (expected.is_object() && actual.is_object()) {
    for (const auto& member : expected.as_object()) {
      const std::string inner = place + '.' + std::string(member.key());
      const json::value* value = actual.as_object().if_contains(member.key());
      if (value == nullptr) return inner + " is missing";
      std::string found = difference(member.value(), *value, inner);
      if (!found.empty()) return found;
    }
    return {};
  }
  if (expected.is_array() && actual.is_array()) {
    if (expected.as_array().size() != actual.as_array().size()) {
      return place + " has " + std::to_string(actual.as_array().size()) + " elements";
    }
    for (std::size_t i = 0; i < expected.as_array().size(); ++i) {
      std::string found = difference(expected.as_array()[i], actual.as_array()[i],
                                     place + '[' + std::to_string(i) + ']');
      if (!found.empty()) return found;
    }
    return {};
  }
  if (expected == actual) return {};
  return place + " is " + json::serialize(actual) + ", not " + json::serialize(expected);
}

bool fits(const std::vector<std::string>& expected, std::size_t e,
          const std::vector<std::string>& actual, std::size_t a) {
  if (e == expected.size()) return a == actual.size();
  if (expected[e] == "...") {
    for (std::size_t next = a; next <= actual.size(); ++next) {
      if (fits(expected, e + 1, actual, next)) return true;
    }
    return false;
  }
  return a < actual.size() && expected[e] == actual[a] && fits(expected, e + 1, actual, a + 1);
}

void check_body(const Step& step, const std::string& body) {
  const std::string_view expected = trim(step.expected_body);
  if (expected.empty()) return;
  if (expected.front() != '{') {
    EXPECT_TRUE(fits(lines_of(std::string(expected)), 0, lines_of(std::string(trim(body))), 0))
        << body;
    return;
  }
  json::error_code fault;
  const json::value actual = json::parse(trim(body), fault);
  ASSERT_FALSE(fault) << body;
  EXPECT_EQ(difference(json::parse(expected), actual, "reply"), "") << body;
}

void check_headers(const Step& step, const http::ClientReply& reply) {
  for (const auto& [name, value] : step.expected_headers) {
    std::string found = "(missing)";
    for (const auto& [key, its_value] : reply.headers) {
      if (equal_ignoring_case(key, name)) found = its_value;
    }
    EXPECT_TRUE(value == "*" ? found != "(missing)" : found == value) << name << ": " << found;
  }
}

}  // namespace

std::vector<Step> read_script(const std::filesystem::path& file) {
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::vector<Step> steps;
  Part part = Part::Request;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with("### ")) {
      steps.emplace_back().title = line.substr(4);
      part = Part::Request;
    } else if (!steps.empty() &&
               !(part == Part::Request && steps.back().method.empty() && line.empty())) {
      read_line(steps.back(), part, line);
    }
  }
  return steps;
}

void run_script(const std::vector<Step>& steps, const Endpoint& server, const std::string& token) {
  for (const Step& step : steps) {
    SCOPED_TRACE(step.title + ": " + step.method + ' ' + step.target);
    http::ClientRequest request{.method = step.method, .target = step.target};
    bool own_authorization = false;
    for (const auto& [name, value] : step.headers) {
      own_authorization = own_authorization || name == "Authorization";
      if (value != "none") request.headers.emplace_back(name, value);
    }
    if (!own_authorization) request.headers.emplace_back("Authorization", "Bearer " + token);
    request.body = trim(step.body);
    const auto reply = http::send(server, request);
    ASSERT_TRUE(reply.ok());
    EXPECT_EQ(reply->status, step.status) << reply->body;
    check_headers(step, *reply);
    check_body(step, reply->body);
  }
}

}  // namespace tandem::test_api
