// The parameter rows against the specified table, and the validation of values at every bound.
#include "core/directory/parameter_row.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/tsv.h"

namespace tandem::directory {
namespace {

// Not in the specified table: group "loop", quality by destination, the tie band of fees.
constexpr std::size_t kOwnRows = 7;

bool accepts(const ParameterRow& row, std::string_view text) {
  return canonical_value(row, text).ok();
}

std::string canonical(std::string_view name, std::string_view text) {
  const ParameterRow* row = find_parameter(name);
  if (row == nullptr) return "no such parameter";
  const auto value = canonical_value(*row, text);
  return value.ok() ? *value : "refused";
}

std::string sentence(std::string_view name, std::string_view text) {
  const auto value = canonical_value(*find_parameter(name), text);
  return value.ok() ? "accepted" : value.error().sentence;
}

// Words of the specification that this version refuses, and what its help says of them.
struct NotBuilt {
  std::string_view name;
  std::string_view word;
  std::string_view help;
};
constexpr NotBuilt kNotBuilt[] = {
    {"SS_LRN_SERVER_PROTOCOL", "enum,", "enum = NAPTR query; "},
    {"SS_EXTERNAL_REDIRECT_TRANSPORT", ",tls", ""},
};

std::string built(const test_support::TsvRow& specified, const char* column) {
  std::string text = specified.at(column);
  for (const NotBuilt& each : kNotBuilt) {
    if (each.name != specified.at("name")) continue;
    const std::string_view part = std::string_view(column) == "unit" ? each.word : each.help;
    text.erase(text.find(part), part.size());
  }
  return text;
}

TEST(ParameterRow, every_row_is_the_specified_one) {
  const auto specified = test_support::read_tsv(TANDEM_SOURCE_DIR "/test/tables/parameters.tsv");
  ASSERT_EQ(specified.size(), 360u);
  ASSERT_EQ(all_parameters().size(), specified.size() + kOwnRows);

  for (const test_support::TsvRow& wanted : specified) {
    const ParameterRow* row = find_parameter(wanted.at("name"));
    ASSERT_NE(row, nullptr) << wanted.at("name");
    SCOPED_TRACE(wanted.at("name"));
    EXPECT_EQ(row->name, wanted.at("name"));
    EXPECT_EQ(row->alias, wanted.at("alias"));
    EXPECT_EQ(to_text(row->type), wanted.at("type"));
    EXPECT_EQ(row->initial, wanted.at("default"));
    EXPECT_EQ(row->min, wanted.at("min"));
    EXPECT_EQ(row->max, wanted.at("max"));
    EXPECT_EQ(row->unit, built(wanted, "unit"));
    EXPECT_EQ(to_text(row->applies), wanted.at("applies"));
    EXPECT_EQ(row->group, wanted.at("group"));
    EXPECT_EQ(row->help, built(wanted, "meaning"));
  }
}

TEST(ParameterRow, names_and_aliases_are_unique_and_found_in_any_case) {
  std::set<std::string_view> names;
  for (const ParameterRow& row : all_parameters()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    if (row.alias.empty()) continue;
    EXPECT_TRUE(names.insert(row.alias).second) << row.alias;
    EXPECT_EQ(find_parameter(row.alias), &row);
  }

  EXPECT_EQ(find_parameter("ss_sip_session_ttl"), find_parameter("SS_SIP_SESSION_TTL"));
  EXPECT_EQ(find_parameter("Server_Billing_Fee_Precision")->name, "SERVER_BILLING_FEE_PRECISTION");
  EXPECT_EQ(find_parameter(""), nullptr);
  EXPECT_EQ(find_parameter("SS_SIP_SESSION"), nullptr);
}

TEST(ParameterRow, every_default_is_its_own_canonical_value) {
  for (const ParameterRow& row : all_parameters()) {
    const auto value = canonical_value(row, row.initial);
    ASSERT_TRUE(value.ok()) << value.error().sentence;
    EXPECT_EQ(*value, row.initial) << row.name;
  }
}

// A number as the row's decimals write it, moved by one smallest step.
std::string moved(const ParameterRow& row, std::string_view bound, std::int64_t steps) {
  std::int64_t value = 0;
  EXPECT_TRUE(parse_decimal(bound, row.decimals, value)) << row.name;
  value += steps;
  std::string digits = std::to_string(std::abs(value));
  if (row.decimals > 0) {
    if (digits.size() <= row.decimals) digits.insert(0, row.decimals + 1u - digits.size(), '0');
    digits.insert(digits.size() - row.decimals, ".");
  }
  return value < 0 ? "-" + digits : digits;
}

bool is_numeric(const ParameterRow& row) {
  const bool number = row.type == ParameterType::Int ||
                      row.type == ParameterType::DurationSeconds ||
                      row.type == ParameterType::DurationMilliseconds;
  if (number) return row.form != Form::TosByte;
  return row.form == Form::Decimal || row.form == Form::Whole || row.form == Form::Ranges;
}

TEST(ParameterRow, every_range_ends_exactly_at_its_bounds) {
  int tried = 0;
  for (const ParameterRow& row : all_parameters()) {
    if (!is_numeric(row) || row.min.empty() || row.max.empty()) continue;
    SCOPED_TRACE(row.name);
    const std::int64_t step = row.form == Form::Even ? 2 : 1;
    EXPECT_TRUE(accepts(row, row.min));
    EXPECT_TRUE(accepts(row, row.max));
    EXPECT_FALSE(accepts(row, moved(row, row.min, -step)));
    EXPECT_FALSE(accepts(row, moved(row, row.max, step)));
    ++tried;
  }

  EXPECT_GT(tried, 190);
}

TEST(ParameterRow, every_text_ends_exactly_at_its_lengths) {
  int tried = 0;
  for (const ParameterRow& row : all_parameters()) {
    const bool sized =
        row.type == ParameterType::Text && (row.form == Form::Plain || row.form == Form::Digits);
    if (!sized || row.max.empty()) continue;
    const auto longest = static_cast<std::size_t>(std::stoi(std::string(row.max)));
    EXPECT_TRUE(accepts(row, std::string(longest, '7'))) << row.name;
    EXPECT_FALSE(accepts(row, std::string(longest + 1, '7'))) << row.name;
    const bool may_be_empty = row.min.empty() || row.min == "0";
    EXPECT_EQ(accepts(row, ""), may_be_empty) << row.name;
    ++tried;
  }

  EXPECT_GT(tried, 15);
}

TEST(ParameterRow, every_enum_takes_its_words_in_any_case_and_nothing_else) {
  int tried = 0;
  for (const ParameterRow& row : all_parameters()) {
    if (row.type != ParameterType::Enum) continue;
    ListEntries words(row.unit);
    for (std::string_view word; words.next(word); ++tried) {
      std::string capitals(word);
      std::ranges::transform(capitals, capitals.begin(),
                             [](unsigned char c) { return toupper(c); });
      EXPECT_EQ(canonical(row.name, capitals), word) << row.name;
    }
    EXPECT_FALSE(accepts(row, "")) << row.name;
    EXPECT_FALSE(accepts(row, row.unit)) << row.name;
    EXPECT_FALSE(accepts(row, "sometimes")) << row.name;
  }

  EXPECT_GT(tried, 100);
}

TEST(ParameterRow, a_switch_understands_the_usual_words) {
  for (const char* text : {"On", "on", "TRUE", "yes", "1", " on "})
    EXPECT_EQ(canonical("SS_SIP_TCP_ENABLE", text), "On") << text;
  for (const char* text : {"Off", "off", "False", "no", "0"})
    EXPECT_EQ(canonical("SS_SIP_TCP_ENABLE", text), "Off") << text;
  for (const char* text : {"", "2", "enabled", "onn"})
    EXPECT_EQ(canonical("SS_SIP_TCP_ENABLE", text), "refused") << text;
}

TEST(ParameterRow, a_number_is_written_without_ornaments) {
  EXPECT_EQ(canonical("SS_SIP_SESSION_TTL", " 0600 "), "600");
  EXPECT_EQ(canonical("SS_H323_Q931_PROGRESS_INDICATOR", "-1"), "-1");
  EXPECT_EQ(canonical("SERVER_BILLING_TAX_PERCENT", "7.5000"), "7.5");
  EXPECT_EQ(canonical("SERVER_BILLING_TAX_PERCENT", "0.0001"), "0.0001");
  EXPECT_EQ(canonical("SERVER_ACCOUNT_LOW_BALANCE_DEFAULT", "-0.50"), "-0.5");
  for (const char* text : {"", "x", "6e2", "600s", "6 00", "+600", "600.0", "0x258", "--600",
                           "99999999999999999999", "600\n"})
    EXPECT_EQ(canonical("SS_SIP_SESSION_TTL", text), "refused") << text;
}

TEST(ParameterRow, a_list_keeps_to_its_entries) {
  EXPECT_EQ(canonical("SS_SIP_RESEND_INTERVAL", "0.50, 1 ,2.0"), "0.5,1,2");
  EXPECT_EQ(canonical("SS_SIP_RESEND_INTERVAL", "0.099"), "refused");
  EXPECT_EQ(canonical("SS_SIP_RESEND_INTERVAL", "1,32.001"), "refused");
  EXPECT_EQ(canonical("SS_SIP_RESEND_INTERVAL", ""), "refused");
  EXPECT_EQ(canonical("SS_SIP_RESEND_INTERVAL", "1,,2"), "refused");
  EXPECT_EQ(canonical("SS_SIP_PORT", "05060, 5080"), "5060,5080");
  EXPECT_EQ(canonical("SS_SIP_PORT", "5060,0"), "refused");
  EXPECT_EQ(canonical("SS_SIP_PORT", "65536"), "refused");
  EXPECT_EQ(canonical("SS_SIP_LOCAL_DOMAIN", "Example.ORG,192.0.2.1"), "example.org,192.0.2.1");
  EXPECT_EQ(canonical("SS_SIP_LOCAL_DOMAIN", "a..b"), "refused");
  EXPECT_EQ(canonical("SS_SIP_LOCAL_DOMAIN", ""), "");
}

TEST(ParameterRow, lists_of_ports_and_waits_have_at_most_16_entries) {
  std::string ports = "5060";
  std::string waits = "1";
  for (int i = 1; i < 16; ++i) {
    ports += ",5060";
    waits += ",1";
  }

  EXPECT_EQ(canonical("SS_SIP_PORT", ports), ports);
  EXPECT_EQ(canonical("SS_SIP_PORT", ports + ",5060"), "refused");
  EXPECT_EQ(canonical("SS_SIP_RESEND_INTERVAL", waits), waits);
  EXPECT_EQ(canonical("SS_SIP_RESEND_INTERVAL", waits + ",1"), "refused");
}

TEST(ParameterRow, codes_may_be_ranges) {
  EXPECT_EQ(canonical("SS_GATEWAY_SWITCH_STOP_SIP_CODES", "404, 600 - 699"), "404,600-699");
  EXPECT_EQ(canonical("SS_GATEWAY_SWITCH_STOP_SIP_CODES", ""), "");
  EXPECT_EQ(canonical("SS_GATEWAY_SWITCH_STOP_SIP_CODES", "299"), "refused");
  EXPECT_EQ(canonical("SS_GATEWAY_SWITCH_STOP_SIP_CODES", "600-700"), "refused");
  EXPECT_EQ(canonical("SS_GATEWAY_SWITCH_STOP_SIP_CODES", "500-400"), "refused");
  EXPECT_EQ(canonical("SS_GATEWAY_SWITCH_STOP_Q931_CAUSES", "1-127"), "1-127");
  EXPECT_EQ(canonical("SS_SIP_OPTIONS_CHECK_OK_CODES", "200-299, 404"), "200-299,404");
  EXPECT_EQ(canonical("SS_SIP_OPTIONS_CHECK_OK_CODES", "199"), "refused");
  EXPECT_EQ(canonical("SERVER_QUERY_CDR_DENY_TIME", "0,8-23"), "0,8-23");
  EXPECT_EQ(canonical("SERVER_QUERY_CDR_DENY_TIME", "24"), "refused");
}

TEST(ParameterRow, a_tos_byte_leaves_the_two_lowest_bits_free) {
  EXPECT_EQ(canonical("SS_QOS_SIGNAL", "0xB8"), "0xb8");
  EXPECT_EQ(canonical("SS_QOS_SIGNAL", "184"), "0xb8");
  EXPECT_EQ(canonical("SS_QOS_SIGNAL", "0"), "0x00");
  EXPECT_EQ(canonical("SS_QOS_SIGNAL", "0xfc"), "0xfc");
  for (const char* text : {"0xa1", "0xa2", "0xfd", "0x100", "-4", "", "0x", "b8"})
    EXPECT_EQ(canonical("SS_QOS_SIGNAL", text), "refused") << text;
}

TEST(ParameterRow, a_range_with_holes_refuses_what_falls_into_them) {
  EXPECT_EQ(canonical("SS_SIP_USER_AGENT_EXPIRE", "0"), "0");
  EXPECT_EQ(canonical("SS_SIP_USER_AGENT_EXPIRE", "1"), "refused");
  EXPECT_EQ(canonical("SS_SIP_USER_AGENT_EXPIRE", "19"), "refused");
  EXPECT_EQ(canonical("SS_SIP_USER_AGENT_EXPIRE", "20"), "20");
  EXPECT_EQ(canonical("SS_H323_Q931_NUMBERING_PLAN", "2"), "refused");
  EXPECT_EQ(canonical("SS_H323_Q931_NUMBERING_PLAN", "9"), "9");
  EXPECT_EQ(canonical("SS_RTP_PORT_LOW", "10001"), "refused");
}

TEST(ParameterRow, addresses_and_places_are_checked) {
  EXPECT_EQ(canonical("SS_SIP_PUBLIC_IP", "2001:DB8::1"), "2001:db8::1");
  EXPECT_EQ(canonical("SS_SIP_PUBLIC_IP", ""), "");
  EXPECT_EQ(canonical("SS_SIP_PUBLIC_IP", "sip.example.org"), "refused");
  EXPECT_EQ(canonical("SS_SIP_LOCAL_IP", "127.0.0.1, ::1"), "127.0.0.1,::1");
  EXPECT_EQ(canonical("SS_SIP_LOCAL_IP", "256.0.0.1"), "refused");
  EXPECT_EQ(canonical("SS_SCANNER_BAN_EXEMPT", "192.0.2.0/24,10.0.0.1-10.0.0.9"),
            "192.0.2.0/24,10.0.0.1-10.0.0.9");
  EXPECT_EQ(canonical("SS_SCANNER_BAN_EXEMPT", "192.0.2.0/33"), "refused");
  EXPECT_EQ(canonical("SERVER_STANDBY_PEER", "[2001:db8::1]:5070"), "[2001:db8::1]:5070");
  EXPECT_EQ(canonical("SERVER_STANDBY_PEER", "Other.example:5070"), "other.example:5070");
  EXPECT_EQ(canonical("SERVER_STANDBY_PEER", "2001:db8::1"), "refused");
  EXPECT_EQ(canonical("SERVER_STANDBY_PEER", "other.example"), "refused");
  EXPECT_EQ(canonical("SERVER_OUT_POST_URL", "https://example.org/push"),
            "https://example.org/push");
  EXPECT_EQ(canonical("SERVER_OUT_POST_URL", "ftp://example.org"), "refused");
  EXPECT_EQ(canonical("SERVER_OUT_POST_URL", "http://"), "refused");
  EXPECT_EQ(canonical("SERVER_SMTP_FROM", "switch@example.org"), "switch@example.org");
  EXPECT_EQ(canonical("SERVER_SMTP_FROM", "a@b@c"), "refused");
  EXPECT_EQ(canonical("SS_EMERGENCY_NUMBERS", "112,911"), "112,911");
  EXPECT_EQ(canonical("SS_EMERGENCY_NUMBERS", "11?"), "refused");
  EXPECT_EQ(canonical("SERVER_BILLING_FREE_E164S", "0800*,11?"), "0800*,11?");
  EXPECT_EQ(canonical("SERVER_BILLING_CURRENCY", "EUR"), "EUR");
  EXPECT_EQ(canonical("SERVER_BILLING_CURRENCY", "eur"), "refused");
}

TEST(ParameterRow, a_text_holds_no_control_characters) {
  EXPECT_EQ(canonical("SS_SIP_USER_AGENT", "My Switch 2"), "My Switch 2");
  EXPECT_EQ(canonical("SS_SIP_USER_AGENT", "a\r\nVia: b"), "refused");
  EXPECT_EQ(canonical("SS_CALL_PICKUP_ACCESS_CODE", "*8a"), "refused");
  EXPECT_EQ(canonical("SS_NUMBER_STRIP_CHARS", " -/"), " -/");
}

TEST(ParameterRow, the_refusal_names_parameter_value_and_what_is_allowed) {
  EXPECT_EQ(sentence("SS_SIP_SESSION_TTL", "30"),
            "SS_SIP_SESSION_TTL: 30 is not allowed; it must be a whole number of seconds from 60 "
            "to 86400");
  EXPECT_EQ(sentence("SS_SIP_T1", ""),
            "SS_SIP_T1: nothing is not allowed; it must be a whole number of milliseconds from 100 "
            "to 5000");
  EXPECT_EQ(sentence("SS_SIP_100REL", "maybe"),
            "SS_SIP_100REL: maybe is not allowed; it must be one of off, supported, required");
  EXPECT_EQ(sentence("SS_SIP_PORT", "0"),
            "SS_SIP_PORT: 0 is not allowed; it must be a list of 1 to 16 entries separated by "
            "commas, each a whole number from 1 to 65535");
  EXPECT_EQ(sentence("SS_GATEWAY_SWITCH_STOP_SIP_CODES", "1"),
            "SS_GATEWAY_SWITCH_STOP_SIP_CODES: 1 is not allowed; it must be a list of at most 256 "
            "entries separated by commas, each a whole number or a range a-b within 300-699");
  EXPECT_EQ(sentence("SS_SIP_TCP_ENABLE", "a\nb"),
            "SS_SIP_TCP_ENABLE: a?b is not allowed; it must be On or Off");
}

TEST(ParameterRow, every_row_says_what_it_allows) {
  for (const ParameterRow& row : all_parameters())
    EXPECT_FALSE(allowed_text(row).empty()) << row.name;
}

TEST(ParameterRow, a_value_of_any_length_is_refused_with_a_short_sentence) {
  const std::string huge(1'000'000, '1');

  EXPECT_LT(sentence("SS_SIP_SESSION_TTL", huge).size(), 300u);
  EXPECT_LT(sentence("SS_SIP_LOCAL_IP", huge).size(), 300u);
}

}  // namespace
}  // namespace tandem::directory
