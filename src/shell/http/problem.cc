#include "shell/http/problem.h"

#include <array>
#include <boost/json.hpp>
#include <utility>

namespace tandem::http {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 20> kReasons{{
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
}};

}  // namespace

std::string_view reason_phrase(int status) {
  for (const auto& [number, text] : kReasons) {
    if (number == status) return text;
  }
  return {};
}

Response problem(int status, std::string_view detail, const std::vector<FieldError>& errors) {
  boost::json::object body{
      {"type", "about:blank"}, {"title", reason_phrase(status)}, {"status", status}};
  body["detail"] = detail;
  if (!errors.empty()) {
    boost::json::array list;
    for (const FieldError& error : errors) {
      list.push_back(boost::json::object{
          {"field", error.field}, {"value", error.value}, {"message", error.message}});
    }
    body["errors"] = std::move(list);
  }
  Response response{.status = status, .content_type = "application/problem+json"};
  response.body = boost::json::serialize(body) + '\n';
  return response;
}

}  // namespace tandem::http
