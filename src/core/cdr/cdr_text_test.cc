#include "core/cdr/cdr_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace tandem::cdr {
namespace {

Cdr answered_call() {
  Cdr cdr;
  cdr.flow_no = 7001;
  cdr.flow_no_first = 7001;
  cdr.caller = "33123456789";
  cdr.callee = "442071234567";
  cdr.caller_gateway = "north";
  cdr.callee_gateway = "south";
  cdr.caller_type = PartyType::Ingress;
  cdr.callee_type = PartyType::Egress;
  cdr.start = from_epoch_milliseconds(1'700'000'000'123);
  cdr.ring_time = from_epoch_milliseconds(1'700'000'000'473);
  cdr.answer_time = from_epoch_milliseconds(1'700'000'004'123);
  cdr.stop = from_epoch_milliseconds(1'700'000'065'122);
  cdr.hold_time_ms = 60'999;
  cdr.connect_duration = 4'000;
  cdr.caller_pdd = 350;
  cdr.end_side = cause::Side::Callee;
  cdr.end_reason = cause::EndReason::PeerSip;
  cdr.end_detail = 503;
  cdr.sip_status = 503;
  cdr.attempts.resize(1);
  cdr.attempts[0].gateway = "south";
  cdr.attempts[0].pdd = 340;
  cdr.attempts[0].end_reason = cause::EndReason::InviteTimeout;
  return cdr;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string json_of(const Cdr& cdr) {
  std::string json;
  append_json(json, cdr);
  return json;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(CdrFields, have_names_and_help_of_their_own) {
  std::set<std::string_view> names;

  for (const CdrField& field : kCdrFields) {
    names.insert(field.name);
    EXPECT_FALSE(field.help.empty()) << field.name;
  }

  EXPECT_EQ(names.size(), kCdrFieldCount);
  EXPECT_FALSE(names.contains(""));
}

TEST(CdrFields, give_values_of_the_type_they_declare) {
  const Cdr cdr = answered_call();

  for (const CdrField& field : kCdrFields) {
    const FieldValue value = field.get(cdr);
    const bool number = field.type == FieldType::Integer || field.type == FieldType::Time;
    if (std::holds_alternative<std::monostate>(value)) continue;
    EXPECT_EQ(std::holds_alternative<std::int64_t>(value), number) << field.name;
  }
}

TEST(CdrJson, starts_with_the_key_and_names_every_field) {
  const std::string json = json_of(answered_call());

  EXPECT_TRUE(json.starts_with(R"({"flow_no":7001,"flow_no_first":7001,"caller":"33123456789",)"));
  for (const CdrField& field : kCdrFields)
    EXPECT_TRUE(contains(json, "\"" + std::string(field.name) + "\":")) << field.name;
}

TEST(CdrJson, writes_times_as_milliseconds_and_what_did_not_happen_as_null) {
  const std::string json = json_of(answered_call());

  EXPECT_TRUE(contains(json, R"("start":1700000000123,"stop":1700000065122,)"));
  EXPECT_TRUE(contains(json, R"("progress_time":null,"ring_time":1700000000473,)"));
  EXPECT_TRUE(contains(json, R"("caller_pdd":350,"callee_pdd":null,)"));
}

TEST(CdrJson, derives_whole_seconds_of_talk_and_the_texts_of_the_end) {
  const std::string json = json_of(answered_call());

  EXPECT_TRUE(contains(json, R"("hold_time":60,"hold_time_ms":60999,)"));
  EXPECT_TRUE(contains(
      json,
      R"("end_side":"callee","end_reason":"peer_sip_503","end_number":2503,"sip_status":503,)"));
}

TEST(CdrJson, lists_attempts_with_all_their_fields) {
  const std::string json = json_of(answered_call());

  EXPECT_TRUE(contains(
      json,
      R"("attempts":[{"gateway":"south","gateway_id":0,"address":"","call_id":"","caller":"",)"
      R"("callee":"","start":null,"pdd":340,"end":null,"sip_status":0,"q850_cause":0,)"
      R"("sip_reason_header":"","end_reason":"invite_timeout","end_number":601}])"));
}

TEST(CdrJson, writes_an_empty_record_without_reason_or_attempts) {
  const std::string json = json_of(Cdr{});

  EXPECT_TRUE(contains(json, R"("end_reason":"","end_number":0,)"));
  EXPECT_TRUE(json.ends_with(R"("attempts":[],"dead_side":""})"));
}

TEST(CdrJson, escapes_quotes_backslashes_and_control_bytes) {
  EXPECT_EQ(quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(quoted("\r\n\t"), R"("\r\n\t")");
  EXPECT_EQ(quoted(std::string_view("\0\x1F\x7F", 3)), R"("\u0000\u001f\u007f")");
}

TEST(CdrJson, keeps_utf8_and_replaces_what_is_none) {
  EXPECT_EQ(quoted("caf\xC3\xA9 \xE4\xB8\xBB \xF0\x9F\x93\x9E"),
            "\"caf\xC3\xA9 \xE4\xB8\xBB \xF0\x9F\x93\x9E\"");
  EXPECT_EQ(quoted("a\xFF"
                   "b"),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(quoted("\xC3"), "\"\xEF\xBF\xBD\"");                                  // cut off
  EXPECT_EQ(quoted("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // overlong
  EXPECT_EQ(quoted("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // surrogate
}

TEST(CdrCsv, has_one_column_per_field) {
  std::string header;
  append_csv_header(header);

  EXPECT_TRUE(header.starts_with("flow_no,flow_no_first,caller,"));
  EXPECT_TRUE(header.ends_with(",config_snapshot,attempts,dead_side\r\n"));
  EXPECT_EQ(static_cast<std::size_t>(std::count(header.begin(), header.end(), ',')),
            kCdrFieldCount - 1);
}

TEST(CdrCsv, quotes_commas_quotes_and_line_breaks_and_leaves_absent_values_empty) {
  Cdr cdr;
  cdr.flow_no = -5;
  cdr.caller_product = "Phone, \"Deluxe\"\r\n2";

  std::string line;
  append_csv(line, cdr);

  EXPECT_TRUE(line.starts_with("-5,0,,,"));
  EXPECT_TRUE(contains(line, ",\"Phone, \"\"Deluxe\"\"\r\n2\","));
  EXPECT_TRUE(contains(line, ",unknown,unknown,,,,,,,,0,0,0,,,0,,caller,"));
  EXPECT_TRUE(line.ends_with(",[],\r\n"));
}

}  // namespace
}  // namespace tandem::cdr
