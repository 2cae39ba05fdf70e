// The rows of the end reasons against the specified table, and the stored forms.
#include "core/cause/end_reason.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "support/tsv.h"

namespace tandem::cause {
namespace {

std::vector<test_support::TsvRow> specified() {
  return test_support::read_tsv(TANDEM_SOURCE_DIR "/test/tables/end-reasons.tsv");
}

int number_or_none(const std::string& cell) {
  return cell.empty() || cell == "same" || cell == "see table" ? 0 : std::stoi(cell);
}

TEST(EndReason, every_row_is_the_specified_one_in_the_specified_order) {
  const auto expected = specified();
  ASSERT_EQ(expected.size(), 176u);
  ASSERT_EQ(all_end_reasons().size(), expected.size());

  for (std::size_t i = 0; i < expected.size(); ++i) {
    const EndReasonRow& actual = all_end_reasons()[i];
    const test_support::TsvRow& wanted = expected[i];
    SCOPED_TRACE(wanted.at("code"));
    EXPECT_EQ(actual.code, wanted.at("code"));
    EXPECT_EQ(actual.number(), std::stoi(wanted.at("number")));
    EXPECT_EQ(to_text(actual.family), wanted.at("family"));
    EXPECT_EQ(to_text(actual.side), wanted.at("side"));
    EXPECT_EQ(actual.sip_status, number_or_none(wanted.at("sip_status")));
    EXPECT_EQ(actual.q850_cause, number_or_none(wanted.at("q850_cause")));
    EXPECT_EQ(actual.text_en, wanted.at("text_en"));
    EXPECT_EQ(actual.text_zh, wanted.at("text_zh"));
    EXPECT_EQ(actual.text_es, wanted.at("text_es"));
    EXPECT_EQ(actual.when, wanted.at("when"));
  }
}

// The compiler prints a value without an enumerator as a cast, "(tandem::cause::EndReason)7".
template <EndReason Value>
constexpr bool is_enumerator() {
  const std::string_view name = __PRETTY_FUNCTION__;
  return name.find("EndReason)") == std::string_view::npos;
}

template <int First, int... Offsets>
std::set<int> enumerators(std::integer_sequence<int, Offsets...>) {
  std::set<int> found;
  ((is_enumerator<static_cast<EndReason>(First + Offsets)>() ? void(found.insert(First + Offsets))
                                                             : void()),
   ...);
  return found;
}

TEST(EndReason, every_enumerator_has_a_row) {
  std::set<int> numbers = enumerators<0>(std::make_integer_sequence<int, 1200>{});
  numbers.merge(enumerators<2000>(std::make_integer_sequence<int, 50>{}));
  numbers.merge(enumerators<3000>(std::make_integer_sequence<int, 50>{}));

  std::set<int> listed;
  for (const EndReasonRow& each : all_end_reasons()) listed.insert(each.number());

  EXPECT_EQ(numbers, listed);
}

TEST(EndReason, a_reason_and_its_code_find_the_same_row) {
  for (const EndReasonRow& each : all_end_reasons()) {
    EXPECT_EQ(&row(each.reason), &each);
    EXPECT_EQ(find(each.code), &each);
  }

  EXPECT_EQ(find(""), nullptr);
  EXPECT_EQ(find("Caller_Hangup"), nullptr);
  EXPECT_EQ(find("peer_sip_503"), nullptr);
}

TEST(EndReason, the_peers_answer_is_part_of_the_stored_code_and_number) {
  EXPECT_EQ(code_of(EndReason::PeerSip, 503), "peer_sip_503");
  EXPECT_EQ(number_of(EndReason::PeerSip, 503), 2503);
  EXPECT_EQ(text_of(EndReason::PeerSip, 503), "Peer answered SIP 503");
  EXPECT_EQ(code_of(EndReason::PeerQ850, 17), "peer_q850_17");
  EXPECT_EQ(number_of(EndReason::PeerQ850, 17), 3017);
  EXPECT_EQ(text_of(EndReason::PeerQ850, 17), "Peer released with cause 17");
}

TEST(EndReason, a_reason_of_our_own_ignores_the_detail) {
  EXPECT_EQ(code_of(EndReason::CalleeNotFound, 404), "callee_not_found");
  EXPECT_EQ(number_of(EndReason::CalleeNotFound, 404), 301);
  EXPECT_EQ(text_of(EndReason::CalleeNotFound, 404), "Callee not found");
}

TEST(EndReason, a_bye_with_a_reason_stores_the_cause_only_when_it_was_recorded) {
  EXPECT_EQ(number_of(EndReason::PeerByeReason, 38), 3038);
  EXPECT_EQ(number_of(EndReason::PeerByeReason, 0), 2001);
  EXPECT_EQ(code_of(EndReason::PeerByeReason, 38), "peer_bye_reason");
}

TEST(EndReason, every_stored_code_can_be_read_back) {
  for (const EndReasonRow& each : all_end_reasons()) {
    const bool carries_detail =
        each.reason == EndReason::PeerSip || each.reason == EndReason::PeerQ850;
    if (carries_detail) continue;
    EXPECT_EQ(parse_code(code_of(each.reason, 0)), (StoredReason{each.reason, 0})) << each.code;
  }
  for (int status = 300; status <= 699; ++status)
    EXPECT_EQ(parse_code(code_of(EndReason::PeerSip, status)),
              (StoredReason{EndReason::PeerSip, status}));
  for (int cause = 1; cause <= 127; ++cause)
    EXPECT_EQ(parse_code(code_of(EndReason::PeerQ850, cause)),
              (StoredReason{EndReason::PeerQ850, cause}));
}

TEST(EndReason, codes_that_were_never_stored_are_not_read) {
  for (const char* code : {"", "peer_sip_", "peer_sip_299", "peer_sip_700", "peer_sip_503x",
                           "peer_q850_0", "peer_q850_128", "peer_q850_99999999999", "nothing"})
    EXPECT_EQ(parse_code(code), std::nullopt) << code;
}

TEST(EndReasonDeathTest, no_reason_has_no_row) {
  EXPECT_DEATH(row(EndReason{}), "not an end reason");
}

}  // namespace
}  // namespace tandem::cause
