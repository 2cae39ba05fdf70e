#include "shell/api/query.h"

#include <gtest/gtest.h>

namespace tandem::api {
namespace {

constexpr UtcTime kNow = from_epoch_milliseconds(1'769'860'800'000);  // 2026-01-31T12:00:00Z

std::int64_t time_of(std::string_view text) {
  UtcTime time;
  return parse_time(text, kNow, time) ? epoch_milliseconds(time) : -1;
}

TEST(QueryTime, is_read_in_every_form_that_is_promised) {
  EXPECT_EQ(time_of("1769860800000"), 1'769'860'800'000);
  EXPECT_EQ(time_of("2026-01-31T12:00:00Z"), 1'769'860'800'000);
  EXPECT_EQ(time_of("2026-01-31T12:00:00.25Z"), 1'769'860'800'250);
  EXPECT_EQ(time_of("2026-01-31 12:00"), 1'769'860'800'000);
  EXPECT_EQ(time_of("2026-01-31T13:30:00+01:30"), 1'769'860'800'000);
  EXPECT_EQ(time_of("2026-01-31T07:00:00-0500"), 1'769'860'800'000);
  EXPECT_EQ(time_of("2026-01-31"), 1'769'817'600'000);
  EXPECT_EQ(time_of("2024-02-29"), 1'709'164'800'000);
}

TEST(QueryTime, counts_back_from_now) {
  EXPECT_EQ(time_of("-90s"), 1'769'860'800'000 - 90'000);
  EXPECT_EQ(time_of("-15m"), 1'769'860'800'000 - 900'000);
  EXPECT_EQ(time_of("-2h"), 1'769'860'800'000 - 7'200'000);
  EXPECT_EQ(time_of("-7d"), 1'769'860'800'000 - 7 * 86'400'000);
}

TEST(QueryTime, is_refused_when_it_is_none) {
  for (const char* wrong :
       {"", "yesterday", "-", "-s", "-1", "-1w", "--1s", "-99999999999999999999d", "2026-02-30",
        "2026-13-01", "2026-1-1", "2026-01-31T25:00Z", "2026-01-31T12:61Z", "2026-01-31T",
        "2026-01-31Z", "2026-01-31T12:00:00+1", "2026-01-31T12:00:00 Z", "-2026-01-31"}) {
    EXPECT_EQ(time_of(wrong), -1) << wrong;
  }
}

constexpr QueryRow kRows[] = {
    {"limit", QueryType::Integer, "", "100", 1, 1000},
    {"open", QueryType::Integer, "", "", 0},
    {"flag", QueryType::Boolean, ""},
    {"order", QueryType::Word, "", "up", 0, 0, "up down"},
    {"name", QueryType::Text, ""},
};

TEST(Query, has_defaults_for_what_is_not_given) {
  const auto query = Query::read(kRows, {}, kNow);

  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->integer("limit"), 100);
  EXPECT_EQ(query->text("order"), "up");
  EXPECT_FALSE(query->has("flag"));
  EXPECT_FALSE(query->flag("flag"));
  EXPECT_EQ(query->text("name"), "");
}

TEST(Query, reads_what_is_given) {
  const auto query =
      Query::read(kRows, {{"limit", "7"}, {"flag", ""}, {"order", "down"}, {"name", "a b"}}, kNow);

  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->integer("limit"), 7);
  EXPECT_TRUE(query->flag("flag"));
  EXPECT_EQ(query->text("order"), "down");
  EXPECT_EQ(query->text("name"), "a b");
}

TEST(Query, tells_every_fault_with_what_is_allowed) {
  const auto query = Query::read(kRows,
                                 {{"limit", "0"},
                                  {"open", "-1"},
                                  {"flag", "maybe"},
                                  {"order", "u"},
                                  {"name", "a"},
                                  {"name", "b"},
                                  {"colour", "red"}},
                                 kNow);

  ASSERT_FALSE(query.ok());
  std::vector<std::string> messages;
  for (const http::FieldError& error : query.error()) messages.push_back(error.message);
  EXPECT_EQ(messages, (std::vector<std::string>{
                          "limit: must be a whole number from 1 to 1000",
                          "open: must be a whole number from 0", "flag: must be true or false",
                          "order: must be one of: up down", "name: is given twice",
                          "colour: is unknown; known are limit, open, flag, order, name"}));
}

}  // namespace
}  // namespace tandem::api
