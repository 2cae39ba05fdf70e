// Lists of parameters as operators paste them.
#include "core/directory/parameter_list.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace tandem::directory {
namespace {

// "SS_SIP_T1=250 SS_SIP_T2=2000", unknown names as "?NAME@line", refused lines as "!line".
std::string read(std::string_view text) {
  const ParameterList list = read_parameter_list(text);
  std::string summary;
  const auto add = [&summary](const std::string& word) {
    summary += (summary.empty() ? "" : " ") + word;
  };
  for (const auto& entry : list.entries) add(std::string(entry.row->name) + '=' + entry.value);
  for (const auto& unknown : list.unknown)
    add('?' + unknown.name + '@' + std::to_string(unknown.line));
  for (const auto& refused : list.refused) add('!' + std::to_string(refused.line));
  return summary;
}

TEST(ParameterList, names_and_values_may_be_separated_in_many_ways) {
  EXPECT_EQ(read("SS_SIP_T1\t250"), "SS_SIP_T1=250");
  EXPECT_EQ(read("SS_SIP_T1    250   First waiting time"), "SS_SIP_T1=250");
  EXPECT_EQ(read("SS_SIP_T1 250"), "SS_SIP_T1=250");
  EXPECT_EQ(read("SS_SIP_T1=250"), "SS_SIP_T1=250");
  EXPECT_EQ(read("  SS_SIP_T1 : 250\tfirst waiting time"), "SS_SIP_T1=250");
  EXPECT_EQ(read("SS_SIP_T1\xef\xbc\x9a 250"), "SS_SIP_T1=250");
  EXPECT_EQ(read("SS_SIP_T1\t=\t250"), "SS_SIP_T1=250");
  EXPECT_EQ(read("12\tSS_SIP_T1\t250"), "SS_SIP_T1=250");
}

TEST(ParameterList, lines_end_as_they_like_and_empty_ones_and_comments_count_for_nothing) {
  EXPECT_EQ(read("\xef\xbb\xbf# list\r\n\r\nSS_SIP_T1\t250\r\n\n  # more\nSS_SIP_T2\t2000"),
            "SS_SIP_T1=250 SS_SIP_T2=2000");
  EXPECT_EQ(read(""), "");
}

TEST(ParameterList, a_heading_says_where_name_and_value_stand) {
  EXPECT_EQ(
      read("No.\tDescription\tParameter name\tParameter value\n1\tfirst wait\tSS_SIP_T1\t250"),
      "SS_SIP_T1=250");
  EXPECT_EQ(read("Name        Value\nSS_SIP_T1   250"), "SS_SIP_T1=250");
  EXPECT_EQ(read("name\tvalue\tdefault\tallowed\nSS_SIP_USER_AGENT\tNone\tTandem\tx"),
            "SS_SIP_USER_AGENT=None")
      << "in a list of ours values stand as they are";
}

TEST(ParameterList, aliases_and_lower_case_are_understood) {
  EXPECT_EQ(read("ss_sip_t1 250\nSS_GATEWAY_ASR_CALCULATE On"),
            "SS_SIP_T1=250 SS_GATEWAY_QUALITY_CALCULATE=On");
}

TEST(ParameterList, values_may_be_written_as_vos3000_shows_them) {
  EXPECT_EQ(read("SS_GATEWAY_SWITCH_LIMIT\tNone"), "SS_GATEWAY_SWITCH_LIMIT=0");
  EXPECT_EQ(read("SS_SIP_LOCAL_IP\tnone"), "SS_SIP_LOCAL_IP=");
  EXPECT_EQ(read("SS_SIP_USER_AGENT\tNone"), "SS_SIP_USER_AGENT=");
  EXPECT_EQ(read("SS_SIP_USER_PHONE\tON"), "SS_SIP_USER_PHONE=On");
  EXPECT_EQ(read("SS_SIP_SESSION_TTL\t600 s"), "SS_SIP_SESSION_TTL=600");
  EXPECT_EQ(read("SS_SIP_SESSION_TTL\t10min"), "SS_SIP_SESSION_TTL=600");
  EXPECT_EQ(read("SS_SIP_SESSION_TTL\t600 (seconds)"), "SS_SIP_SESSION_TTL=600");
  EXPECT_EQ(read("SS_SIP_T1\t1 s"), "SS_SIP_T1=1000");
  EXPECT_EQ(read("SS_SIP_MAX_FORWARDS\t70 hops"), "SS_SIP_MAX_FORWARDS=70");
  EXPECT_EQ(read("SS_SIP_RESEND_INTERVAL\t0.5,1,2,4"), "SS_SIP_RESEND_INTERVAL=0.5,1,2,4");
}

TEST(ParameterList, an_empty_value_is_one_where_something_separates) {
  EXPECT_EQ(read("SS_SIP_USER_AGENT\t"), "SS_SIP_USER_AGENT=");
  EXPECT_EQ(read("SS_SIP_USER_AGENT ="), "SS_SIP_USER_AGENT=");
  EXPECT_EQ(read("SS_SIP_USER_AGENT"), "!1");
  EXPECT_EQ(read("SS_SIP_USER_AGENT\t\tName in the header"), "!1") << "not guessed";
}

TEST(ParameterList, unknown_names_are_told_with_their_lines) {
  EXPECT_EQ(read("System parameters\nSS_SIP_T1 250\nSS_SIP_TT1 250"),
            "SS_SIP_T1=250 ?System@1 ?SS_SIP_TT1@3");
}

TEST(ParameterList, what_is_refused_is_told_with_line_name_and_what_is_allowed) {
  const ParameterList list = read_parameter_list("SS_SIP_T1 250\n\nSS_SIP_SESSION_TTL 30");

  ASSERT_EQ(list.refused.size(), 1u);
  EXPECT_EQ(list.refused[0].line, 3u);
  EXPECT_EQ(list.refused[0].name, "SS_SIP_SESSION_TTL");
  EXPECT_EQ(list.refused[0].value, "30");
  EXPECT_EQ(list.refused[0].sentence,
            "line 3: SS_SIP_SESSION_TTL: 30 is not allowed; it must be a whole number of seconds "
            "from 60 to 86400");
}

TEST(ParameterList, units_that_do_not_fit_are_refused) {
  EXPECT_EQ(read("SS_SIP_SESSION_TTL 600 apples"), "!1");
  EXPECT_EQ(read("SS_SIP_SESSION_TTL 1500 ms"), "!1") << "no whole seconds";
  EXPECT_EQ(read("SS_SIP_SESSION_TTL 99999999999999999999 s"), "!1");
  EXPECT_EQ(read("SS_SIP_MAX_FORWARDS 70 s"), "!1");
}

TEST(ParameterList, a_parameter_given_twice_is_refused_also_by_its_other_name) {
  const auto list =
      read_parameter_list("SS_GATEWAY_ASR_CALCULATE On\nSS_GATEWAY_QUALITY_CALCULATE Off");

  ASSERT_EQ(list.refused.size(), 1u);
  EXPECT_EQ(list.refused[0].sentence,
            "line 2: SS_GATEWAY_QUALITY_CALCULATE is given twice, first in line 1");
}

TEST(ParameterList, a_text_that_is_no_utf8_is_refused) {
  EXPECT_EQ(read("SS_SIP_USER_AGENT\tT\xe4ndem"), "!1");
  EXPECT_EQ(read("SS_SIP_USER_AGENT\tT\xc3\xa4ndem"), "SS_SIP_USER_AGENT=T\xc3\xa4ndem");
  EXPECT_EQ(read("SS_SIP_USER_AGENT\tT\xc3"), "!1");
}

TEST(ParameterList, more_lines_than_a_list_may_have_are_not_read) {
  std::string text;
  for (std::size_t i = 0; i < kMaxParameterListLines + 10; ++i) text += "SS_NOTHING 1\n";

  const ParameterList list = read_parameter_list(text);

  EXPECT_EQ(list.unknown.size(), kMaxParameterListLines);
  ASSERT_EQ(list.refused.size(), 1u);
  EXPECT_EQ(list.refused[0].sentence, "line 2001: a list may have 2000 lines");
}

}  // namespace
}  // namespace tandem::directory
