#include "core/cdr/cdr_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <random>

#include "core/cdr/cdr_text.h"
#include "support/sample_cdr.h"

namespace tandem::cdr {
namespace {

using test_support::sample_cdr;

std::string record_of(const Cdr& cdr) {
  std::string bytes;
  append_record(bytes, cdr);
  return bytes;
}

// Every member shows in the JSON.
std::string json_of(const Cdr& cdr) {
  std::string json;
  append_json(json, cdr);
  return json;
}

TEST(CdrRecord, gives_back_every_member) {
  for (const std::int64_t number : {1, 2, 3, 4}) {
    const Cdr cdr = sample_cdr(number);

    const auto parsed = parse_record(record_of(cdr));

    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(json_of(*parsed), json_of(cdr));
  }
}

TEST(CdrRecord, gives_back_an_empty_record) {
  const auto parsed = parse_record(record_of(Cdr{}));

  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(json_of(*parsed), json_of(Cdr{}));
}

TEST(RecordList, holds_the_bytes_of_each_record_until_it_is_cleared) {
  RecordList list;
  EXPECT_TRUE(list.empty());
  for (const std::int64_t number : {3, 1, 2}) list.add(sample_cdr(number));

  ASSERT_EQ(list.size(), 3u);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Cdr cdr = sample_cdr(std::array<std::int64_t, 3>{3, 1, 2}[i]);
    EXPECT_EQ(list[i].flow_no, cdr.flow_no);
    EXPECT_EQ(list[i].bytes, record_of(cdr));
    EXPECT_EQ(json_of(list.parsed()[i]), json_of(cdr));
  }

  list.clear();
  EXPECT_TRUE(list.empty());
  list.add(sample_cdr(4));
  EXPECT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].bytes, record_of(sample_cdr(4)));
}

TEST(CdrRecord, keeps_numbers_at_their_ends) {
  Cdr cdr;
  cdr.flow_no = std::numeric_limits<std::int64_t>::max();
  cdr.flow_no_first = std::numeric_limits<std::int64_t>::min();
  cdr.config_snapshot = std::numeric_limits<std::uint64_t>::max();
  cdr.sip_status = std::numeric_limits<int>::min();

  const auto parsed = parse_record(record_of(cdr));

  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->flow_no, cdr.flow_no);
  EXPECT_EQ(parsed->flow_no_first, cdr.flow_no_first);
  EXPECT_EQ(parsed->config_snapshot, cdr.config_snapshot);
  EXPECT_EQ(parsed->sip_status, cdr.sip_status);
}

TEST(CdrRecord, refuses_what_is_cut_or_longer) {
  const std::string bytes = record_of(sample_cdr(1));

  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse_record(std::string_view(bytes).substr(0, size)).ok()) << size;
  EXPECT_FALSE(parse_record(bytes + '\0').ok());
}

TEST(CdrRecord, of_a_version_with_fewer_members_leaves_the_new_ones_at_their_default) {
  Cdr cdr = sample_cdr(1);
  cdr.attempts.clear();
  std::string bytes = record_of(cdr);
  // Without the last two: config_snapshot (one byte here) and the number of attempts (one byte).
  cdr.config_snapshot = 0;
  bytes.resize(bytes.size() - 2);
  bytes[1] = static_cast<char>(bytes[1] - 2);

  const auto parsed = parse_record(bytes);

  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(json_of(*parsed), json_of(cdr));
}

TEST(CdrRecord, of_a_newer_version_is_told_from_garbage) {
  for (std::size_t index = 0; index < 3; ++index) {
    std::string bytes = record_of(sample_cdr(1));
    ++bytes[index];
    const auto parsed = parse_record(bytes);

    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error(), RecordError::NewerVersion);
  }
}

TEST(CdrRecord, survives_every_changed_byte_and_yields_a_record_that_can_be_shown) {
  const std::string bytes = record_of(sample_cdr(2));
  std::mt19937 random(11);
  std::size_t accepted = 0;

  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int round = 0; round < 20; ++round) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(random());
      const auto parsed = parse_record(changed);
      if (parsed.ok()) accepted += json_of(*parsed).empty() ? 0 : 1;
    }
  }

  EXPECT_GT(accepted, 0u);
}

}  // namespace
}  // namespace tandem::cdr
