#include "shell/store/cdr_summary.h"

#include <gtest/gtest.h>

#include "shell/store/migrations.h"
#include "support/temporary_directory.h"

namespace tandem::store {
namespace {

constexpr const char* kCalls = R"sql(
INSERT INTO cdr (flow_no, start, answer_time, hold_time_ms, caller_gateway, callee_gateway, end_reason,
                 end_side, sip_status, caller_ip, caller_rtp_ip) VALUES
  (1, 1000, 1500, 32100, 'north', 'south', 'ack_timeout', 'switch', 200, '203.0.113.7:5060', '10.0.0.7:4000'),
  (2, 2000, 2500, 32900, 'north', 'south', 'ack_timeout', 'switch', 200, '203.0.113.7:5060', '10.0.0.7:4000'),
  (3, 2000, NULL, 0, 'north', 'south', 'peer_sip_422', 'callee', 422, '', ''),
  (4, 3000, 3500, 60000, 'north', 'west', 'caller_hangup', 'caller', 200, '', ''),
  (5, 9000, 9500, 60000, 'north', 'west', 'caller_hangup', 'caller', 200, '', '');
)sql";

TEST(CdrSummary, counts_calls_that_are_alike) {
  const test_support::TemporaryDirectory directory;
  auto database = Database::open(directory.path() / "cdr.db", Database::Access::ReadWrite);
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE(migrate(*database, cdr_migrations()).ok());
  ASSERT_TRUE(database->run(kCalls).ok());

  const auto summary =
      summarise_cdrs(*database, from_epoch_milliseconds(1000), from_epoch_milliseconds(9000));

  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->calls, 4u);
  ASSERT_EQ(summary->groups.size(), 3u);
  const CallGroup& first = summary->groups.front();
  EXPECT_EQ(first.end_reason, "ack_timeout");
  EXPECT_EQ(first.end_side, "switch");
  EXPECT_EQ(first.hold, 32);
  EXPECT_EQ(first.calls, 2u);
  EXPECT_EQ(summary->groups[1].hold, -1);
  EXPECT_EQ(summary->groups[2].callee_gateway, "west");
  ASSERT_EQ(summary->unacknowledged.size(), 2u);
  EXPECT_EQ(summary->unacknowledged[0].flow_no, 2);
  EXPECT_EQ(summary->unacknowledged[0].caller_rtp_ip, "10.0.0.7:4000");
  ASSERT_EQ(summary->refused.size(), 1u);
  EXPECT_EQ(summary->refused[0].status, 422);
  EXPECT_EQ(summary->refused[0].callee_gateway, "south");
  EXPECT_FALSE(summary->cut);
}

}  // namespace
}  // namespace tandem::store
