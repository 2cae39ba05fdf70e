// The SIP and Q.850 mapping against the specified table, row by row, and its special cases.
#include "core/cause/sip_q850.h"

#include <gtest/gtest.h>

#include "support/tsv.h"

namespace tandem::cause {
namespace {

std::vector<test_support::TsvRow> specified() {
  return test_support::read_tsv(TANDEM_SOURCE_DIR "/test/tables/sip-q850.tsv");
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

TEST(SipQ850, every_row_is_the_specified_one) {
  std::size_t to_cause = 0;
  std::size_t to_status = 0;

  for (const test_support::TsvRow& wanted : specified()) {
    if (!is_number(wanted.at("from"))) continue;
    const bool from_sip = wanted.at("direction") == "sip_to_q850";
    const MappingRow& actual =
        from_sip ? sip_to_q850_rows()[to_cause++] : q850_to_sip_rows()[to_status++];
    SCOPED_TRACE(wanted.at("note"));
    EXPECT_EQ(actual.from, std::stoi(wanted.at("from")));
    EXPECT_EQ(actual.to, std::stoi(wanted.at("to")));
    EXPECT_EQ(actual.note, wanted.at("note"));
    EXPECT_EQ(from_sip ? q850_of_sip(actual.from) : sip_of_q850(actual.from), actual.to);
  }

  EXPECT_EQ(to_cause, sip_to_q850_rows().size());
  EXPECT_EQ(to_status, q850_to_sip_rows().size());
  EXPECT_EQ(to_cause, 66u);
  EXPECT_EQ(to_status, 73u);
}

TEST(SipQ850, a_status_without_a_row_gets_the_cause_of_its_class) {
  EXPECT_EQ(q850_of_sip(399), 23);
  EXPECT_EQ(q850_of_sip(499), 31);
  EXPECT_EQ(q850_of_sip(599), 41);
  EXPECT_EQ(q850_of_sip(699), 21);
}

TEST(SipQ850, a_cause_without_a_row_gets_the_status_of_its_class) {
  EXPECT_EQ(sip_of_q850(15), 480);
  EXPECT_EQ(sip_of_q850(32), 503);
  EXPECT_EQ(sip_of_q850(48), 503);
  EXPECT_EQ(sip_of_q850(64), 500);
  EXPECT_EQ(sip_of_q850(104), 500);
  EXPECT_EQ(sip_of_q850(112), 500);
}

TEST(SipQ850, every_value_maps_into_the_other_range) {
  for (int status = 300; status <= 699; ++status) {
    EXPECT_GE(q850_of_sip(status), 1) << status;
    EXPECT_LE(q850_of_sip(status), 127) << status;
  }
  for (int cause = 1; cause <= 127; ++cause) {
    EXPECT_GE(sip_of_q850(cause), 400) << cause;
    EXPECT_LE(sip_of_q850(cause), 699) << cause;
  }
}

TEST(SipQ850, values_out_of_range_count_as_normal_unspecified) {
  for (const int status : {-1, 0, 200, 299, 700, 1000}) EXPECT_EQ(q850_of_sip(status), 31);
  for (const int cause : {-1, 0, 128, 500}) EXPECT_EQ(sip_of_q850(cause), 480);
}

TEST(SipQ850, what_else_is_known_of_the_answer_changes_the_cause) {
  EXPECT_EQ(q850_of_sip(408, {.ringing_seen = true}), 18);
  EXPECT_EQ(q850_of_sip(487, {.we_cancelled = true}), 16);
  EXPECT_EQ(q850_of_sip(503, {.has_retry_after = true}), 42);
  EXPECT_EQ(q850_of_sip(481, {.outside_call = true}), 127);
}

TEST(SipQ850, the_warning_of_488_and_606_chooses_the_cause) {
  for (const int status : {488, 606}) {
    for (const int warning : {301, 302, 303})
      EXPECT_EQ(q850_of_sip(status, {.warning = warning}), 79);
    for (const int warning : {304, 305, 399, 0})
      EXPECT_EQ(q850_of_sip(status, {.warning = warning}), 65);
    EXPECT_EQ(q850_of_sip(status, {.warning = 370}), 58);
  }
}

TEST(SipQ850, what_else_is_known_of_the_release_changes_the_status) {
  EXPECT_EQ(sip_of_q850(16, {.we_released = true}), 487);
  EXPECT_EQ(sip_of_q850(21, {.location_user = true}), 603);
}

TEST(SipQ850, a_cause_has_the_name_of_its_row_without_the_remarks) {
  EXPECT_EQ(q850_name(17), "User busy");
  EXPECT_EQ(q850_name(16), "Normal clearing");
  EXPECT_EQ(q850_name(127), "Interworking");
  EXPECT_EQ(q850_name(15), "");
  EXPECT_EQ(q850_name(-4), "");
}

TEST(SipQ850, a_reason_of_our_own_says_its_own_status_and_cause) {
  EXPECT_EQ(sip_status_of(EndReason::NoAvailableRouter, 0), 503);
  EXPECT_EQ(q850_cause_of(EndReason::NoAvailableRouter, 0), 34);
  EXPECT_EQ(sip_status_of(EndReason::CallerHangup, 0), 0);
  EXPECT_EQ(q850_cause_of(EndReason::CallerHangup, 0), 16);
}

TEST(SipQ850, a_reason_of_the_peer_says_the_same_in_its_own_language_and_maps_the_other) {
  EXPECT_EQ(sip_status_of(EndReason::PeerSip, 486), 486);
  EXPECT_EQ(q850_cause_of(EndReason::PeerSip, 486), 17);
  EXPECT_EQ(sip_status_of(EndReason::PeerQ850, 17), 486);
  EXPECT_EQ(q850_cause_of(EndReason::PeerQ850, 17), 17);
  EXPECT_EQ(q850_cause_of(EndReason::PeerByeReason, 38), 38);
  EXPECT_EQ(q850_cause_of(EndReason::PeerByeReason, 0), 16);
}

TEST(SipQ850, every_reason_has_a_cause_for_a_reason_header) {
  for (const EndReasonRow& each : all_end_reasons()) {
    const int cause = q850_cause_of(each.reason, each.reason == EndReason::PeerSip ? 500 : 41);
    EXPECT_GE(cause, 1) << each.code;
    EXPECT_LE(cause, 127) << each.code;
  }
}

}  // namespace
}  // namespace tandem::cause
