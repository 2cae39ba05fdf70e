#include "shell/process/log.h"

#include <gtest/gtest.h>

#include "shell/process/log_limit.h"

namespace tandem::process {
namespace {

const UtcTime kNoon = from_epoch_milliseconds(1'769'860'800'123);

TEST(Log, is_one_line_of_text_per_event) {
  EXPECT_EQ(format_entry(LogFormat::Text, kNoon,
                         {Severity::Warning, "call_refused", "no route\r\nInjected: line", 17}),
            "2026-01-31T12:00:00.123Z warning call_refused call=17 no route  Injected: line");
  EXPECT_EQ(format_entry(LogFormat::Text, kNoon, {Severity::Info, "listening", "udp"}),
            "2026-01-31T12:00:00.123Z info listening udp");
}

TEST(Log, is_one_object_of_json_per_event) {
  EXPECT_EQ(format_entry(LogFormat::Json, kNoon, {Severity::Error, "fault", "a \"b\"\n", 17}),
            R"({"time":"2026-01-31T12:00:00.123Z","level":"error","event":"fault","call":17,)"
            R"("text":"a \"b\"\n"})");
}

TEST(Log, tells_a_repeated_event_a_few_times_a_second_and_counts_the_rest) {
  LogLimit limit;
  int told = 0;
  for (int i = 0; i < 1000; ++i) told += limit.admits("malformed", kNoon) ? 1 : 0;
  EXPECT_EQ(told, LogLimit::kPerSecond);
  EXPECT_TRUE(limit.admits("another", kNoon));
  EXPECT_TRUE(limit.admits("malformed", kNoon + 1s));

  std::uint64_t left_out = 0;
  limit.take_left_out([&](std::string_view event, std::uint64_t count) {
    EXPECT_EQ(event, "malformed");
    left_out += count;
  });
  EXPECT_EQ(left_out, 1000u - LogLimit::kPerSecond);
  limit.take_left_out([](std::string_view, std::uint64_t) { FAIL(); });
}

TEST(Log, remembers_no_more_events_than_it_may) {
  LogLimit limit;
  int told = 0;
  for (int i = 0; i < 100'000; ++i) {
    told += limit.admits("event " + std::to_string(i), kNoon) ? 1 : 0;
  }

  EXPECT_EQ(told, int(LogLimit::kEvents) + LogLimit::kPerSecond);
}

}  // namespace
}  // namespace tandem::process
