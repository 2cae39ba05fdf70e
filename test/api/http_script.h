// A file of requests and expected replies (test/api/*/*.http):
//
//   ### what this step shows
//   PATCH /api/v1/egress_gateways/south
//   If-Match: "1"
//
//   {"priority": 7}
//
//   >>> 200
//   ETag: "2"
//   {"name": "south", "priority": 7}
//
// Headers that are named must be there; "*" is any value. A JSON reply must hold what is expected:
// objects may have more members, arrays must have as many elements, "*" is any value. Any other
// reply must be equal; a line "..." stands for any lines. Each request carries the token, unless it
// says "Authorization: none".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/address.h"
#include "shell/http/message.h"

namespace tandem::test_api {

struct Step {
  std::string title;
  std::string method;
  std::string target;
  http::Fields headers;
  std::string body;
  int status = 0;
  http::Fields expected_headers;
  std::string expected_body;
};

std::vector<Step> read_script(const std::filesystem::path& file);

// Carries out the steps in order; says with ADD_FAILURE what was not as expected.
void run_script(const std::vector<Step>& steps, const Endpoint& server, const std::string& token);

}  // namespace tandem::test_api
