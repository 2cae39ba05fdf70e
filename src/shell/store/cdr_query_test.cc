#include "shell/store/cdr_query.h"

#include <gtest/gtest.h>

#include "shell/store/migrations.h"
#include "support/temporary_directory.h"

namespace tandem::store {
namespace {

using FlowNumbers = std::vector<std::int64_t>;

// Five calls, in the order in which they ended; the flow number tells the order of arrival.
constexpr const char* kCalls = R"sql(
INSERT INTO cdr (flow_no, start, answer_time, caller, caller_in, callee, callee_in, caller_gateway,
                 callee_gateway, end_reason) VALUES
  (2, 2000, NULL, '331', '+331', '4420', '004420', 'north', 'south', 'peer_sip_503'),
  (1, 1000, 1500, '332', '+332', '4421', '4421',   'north', 'west',  'caller_hangup'),
  (4, 3000, NULL, '331', '331',  '4930', '4930',   'east',  '',      'no_available_router'),
  (3, 3000, 3100, '49',  '49',   '44%',  '44%',    'east',  'south', 'callee_hangup'),
  (5, 5000, NULL, '34',  '34',   '4420', '4420',   'north', 'south', 'peer_sip');
)sql";

class CdrQuery : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Database::open(directory_.path() / "cdr.db", Database::Access::ReadWrite);
    ASSERT_TRUE(opened.ok());
    database_ = std::move(*opened);
    ASSERT_TRUE(migrate(*database_, cdr_migrations()).ok());
    ASSERT_TRUE(database_->run(kCalls).ok());
  }

  FlowNumbers find(CdrFilter filter) {
    FlowNumbers found;
    const auto result = find_cdrs(*database_, filter, [&](const cdr::CdrValues& values) {
      found.push_back(std::get<std::int64_t>(values[0]));
    });
    EXPECT_TRUE(result.ok() && *result == found.size());
    return found;
  }
  FlowNumbers oldest_first(CdrFilter filter) {
    filter.order = CdrOrder::OldestFirst;
    return find(filter);
  }

  test_support::TemporaryDirectory directory_;
  std::optional<Database> database_;
};

TEST_F(CdrQuery, orders_by_arrival_or_as_recorded) {
  EXPECT_EQ(find({}), (FlowNumbers{5, 3, 4, 2, 1}));
  EXPECT_EQ(find({.order = CdrOrder::OldestFirst}), (FlowNumbers{1, 2, 4, 3, 5}));
  EXPECT_EQ(find({.order = CdrOrder::AsRecorded}), (FlowNumbers{2, 1, 4, 3, 5}));
}

TEST_F(CdrQuery, pages_in_every_order_without_loss_or_repetition) {
  for (const CdrOrder order :
       {CdrOrder::NewestFirst, CdrOrder::OldestFirst, CdrOrder::AsRecorded}) {
    const FlowNumbers all = find({.order = order});
    FlowNumbers paged;
    FlowNumbers page;
    do {
      page = find({.order = order, .after_flow_no = paged.empty() ? 0 : paged.back(), .limit = 2});
      paged.insert(paged.end(), page.begin(), page.end());
    } while (!page.empty());
    EXPECT_EQ(paged, all);
  }
}

TEST_F(CdrQuery, follows_from_the_last_record_without_missing_a_long_call) {
  EXPECT_EQ(*last_recorded(*database_), 5);
  EXPECT_EQ(find({.order = CdrOrder::AsRecorded, .after_flow_no = 2}), (FlowNumbers{1, 4, 3, 5}));
}

TEST_F(CdrQuery, filters_by_time_of_arrival) {
  EXPECT_EQ(oldest_first({.from = from_epoch_milliseconds(2000)}), (FlowNumbers{2, 4, 3, 5}));
  EXPECT_EQ(oldest_first({.until = from_epoch_milliseconds(3000)}), (FlowNumbers{1, 2}));
  EXPECT_EQ(
      oldest_first({.from = from_epoch_milliseconds(2001), .until = from_epoch_milliseconds(3001)}),
      (FlowNumbers{4, 3}));
}

TEST_F(CdrQuery, filters_by_the_beginning_of_a_number_billed_or_received) {
  EXPECT_EQ(oldest_first({.caller = "33"}), (FlowNumbers{1, 2, 4}));
  EXPECT_EQ(oldest_first({.caller = "+33"}), (FlowNumbers{1, 2}));
  EXPECT_EQ(oldest_first({.callee = "00442"}), (FlowNumbers{2}));
  EXPECT_EQ(oldest_first({.callee = "44%"}), (FlowNumbers{3}));
  EXPECT_EQ(oldest_first({.caller = "1"}), FlowNumbers{});
}

TEST_F(CdrQuery, filters_by_gateways_reason_answer_and_number) {
  EXPECT_EQ(oldest_first({.caller_gateway = "north"}), (FlowNumbers{1, 2, 5}));
  EXPECT_EQ(oldest_first({.callee_gateway = "south"}), (FlowNumbers{2, 3, 5}));
  EXPECT_EQ(oldest_first({.end_reason = "peer_sip_503"}), (FlowNumbers{2}));
  EXPECT_EQ(oldest_first({.end_reason = "peer_sip"}), (FlowNumbers{2, 5}));
  EXPECT_EQ(oldest_first({.end_reason = "no"}), FlowNumbers{});
  EXPECT_EQ(oldest_first({.answered = true}), (FlowNumbers{1, 3}));
  EXPECT_EQ(oldest_first({.answered = false}), (FlowNumbers{2, 4, 5}));
  EXPECT_EQ(oldest_first({.flow_no = 4}), (FlowNumbers{4}));
}

TEST_F(CdrQuery, joins_conditions_by_and) {
  EXPECT_EQ(oldest_first({.callee = "4420", .caller_gateway = "north", .answered = false}),
            (FlowNumbers{2, 5}));
}

TEST_F(CdrQuery, takes_hostile_texts_for_texts) {
  EXPECT_EQ(find({.caller_gateway = "' OR 1=1 --"}), FlowNumbers{});
  EXPECT_EQ(find({.end_reason = "*"}), FlowNumbers{});
}

TEST_F(CdrQuery, gives_no_more_than_the_limit) {
  EXPECT_EQ(find({.limit = 2}), (FlowNumbers{5, 3}));
  EXPECT_EQ(find({.limit = 0}), (FlowNumbers{5}));
}

TEST_F(CdrQuery, names_a_cursor_that_is_no_record) {
  const auto result = find_cdrs(*database_, {.after_flow_no = 77}, [](const cdr::CdrValues&) {});

  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().sentence, "there is no record with flow_no 77");
}

TEST(Migrations, of_a_database_that_has_seen_them_change_nothing) {
  const test_support::TemporaryDirectory directory;
  auto database = Database::open(directory.path() / "cdr.db", Database::Access::ReadWrite);
  ASSERT_TRUE(migrate(*database, cdr_migrations()).ok());
  ASSERT_TRUE(database->run("INSERT INTO cdr (flow_no) VALUES (1)").ok());

  EXPECT_TRUE(migrate(*database, cdr_migrations()).ok());

  EXPECT_EQ(*database->number("SELECT count(*) FROM cdr"), 1);
}

TEST(Migrations, are_all_undone_when_one_fails) {
  const test_support::TemporaryDirectory directory;
  auto database = Database::open(directory.path() / "a.db", Database::Access::ReadWrite);
  const std::vector<Migration> broken{{1, "0001_a", "CREATE TABLE a (b)"},
                                      {2, "0002_b", "CREATE NONSENSE"}};

  EXPECT_FALSE(migrate(*database, broken).ok());

  EXPECT_EQ(*database->number("SELECT count(*) FROM sqlite_schema"), 0);
  EXPECT_EQ(*database->number("PRAGMA user_version"), 0);
}

}  // namespace
}  // namespace tandem::store
