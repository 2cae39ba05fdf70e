#include "shell/http/problem.h"

#include <gtest/gtest.h>

namespace tandem::http {
namespace {

TEST(Problem, names_each_refused_field_with_its_value_and_what_is_allowed) {
  const Response response = problem(422, "The gateway was refused.",
                                    {{"capacity", "-1", "must be a whole number from 0"}});

  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            "{\"type\":\"about:blank\",\"title\":\"Unprocessable Content\",\"status\":422,"
            "\"detail\":\"The gateway was refused.\",\"errors\":[{\"field\":\"capacity\","
            "\"value\":\"-1\",\"message\":\"must be a whole number from 0\"}]}\n");
}

TEST(Problem, leaves_out_an_empty_list_of_fields) {
  EXPECT_EQ(problem(404, "No such call.").body,
            "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
            "\"detail\":\"No such call.\"}\n");
}

}  // namespace
}  // namespace tandem::http
