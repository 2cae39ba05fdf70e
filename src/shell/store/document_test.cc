// Documents, fields and values as JSON.
#include "shell/store/document.h"

#include <gtest/gtest.h>

namespace tandem::store {
namespace {

using directory::Fraction;
using directory::IntegerList;
using directory::Nested;
using directory::TextList;
using directory::Value;

std::string document_fault(std::string_view json) {
  const auto document = read_document(json);
  return document.ok() ? "accepted" : document.error().sentence;
}

TEST(Document, values_of_every_kind_are_read) {
  const std::pair<const char*, Value> samples[] = {
      {"null", {}},
      {"true", true},
      {"-12", std::int64_t{-12}},
      {"9223372036854775807", std::int64_t{INT64_MAX}},
      {"9223372036854775808", Fraction{"9223372036854775808"}},
      {"1e3", std::int64_t{1000}},
      {"1.5", Fraction{"1.5E0"}},
      {"\"a\\u00e9\"", std::string("a\u00e9")},
      {"[]", TextList{}},
      {"[1,2]", IntegerList{1, 2}},
      {"[\"a\",\"\"]", TextList{"a", ""}},
      {"[404,\"500-503\"]", TextList{"404", "500-503"}},
      {"[[1]]", Nested{"[[1]]"}},
      {"[true]", Nested{"[true]"}},
      {" {\"a\":1} \n", Nested{"{\"a\":1}"}},
  };
  for (const auto& [json, expected] : samples) {
    const auto value = read_value(json);
    ASSERT_TRUE(value.ok()) << json;
    EXPECT_EQ(*value, expected) << json;
  }
}

TEST(Document, sections_and_parameters_keep_their_order) {
  const auto document = read_document(
      R"({"egress_gateways":[{"name":"b","priority":1},{"name":"a"}],
          "parameters":{"SS_B":1,"SS_A":true},"accounts":[]})");

  ASSERT_TRUE(document.ok());
  ASSERT_EQ(document->sections.size(), 2u);
  EXPECT_EQ(document->sections[0].resource, "egress_gateways");
  ASSERT_EQ(document->sections[0].entities.size(), 2u);
  EXPECT_EQ(document->sections[0].entities[0],
            (directory::Fields{{"name", std::string("b")}, {"priority", std::int64_t{1}}}));
  EXPECT_EQ(document->sections[1].resource, "accounts");
  EXPECT_EQ(document->parameters, (directory::Fields{{"SS_B", std::int64_t{1}}, {"SS_A", true}}));
}

TEST(Document, what_is_no_document_is_refused_in_a_sentence) {
  EXPECT_EQ(document_fault(""), "line 1, column 1: not JSON: incomplete JSON");
  EXPECT_EQ(document_fault("{\n  \"a\": [1,\n  }"), "line 3, column 3: not JSON: syntax error");
  EXPECT_EQ(document_fault("{} {}"), "line 1, column 4: more text after the end");
  EXPECT_EQ(document_fault("[]"), "a document must be one object: {\"egress_gateways\":[...],...}");
  EXPECT_EQ(document_fault("{\"accounts\":{}}"),
            "accounts must be a list of objects: [{\"name\":...},...]");
  EXPECT_EQ(document_fault("{\"accounts\":[1]}"),
            "accounts must be a list of objects: [{\"name\":...},...]");
  EXPECT_EQ(document_fault("{\"parameters\":[]}"),
            "parameters must be an object: {\"SS_SIP_T1\":500,...}");
  EXPECT_NE(document_fault("{\"accounts\":[{\"name\":\"\xff\"}]}").find("not JSON"),
            std::string::npos);
}

TEST(Document, nesting_without_end_is_refused) {
  const auto document = read_document(std::string(1'000'000, '['));

  ASSERT_FALSE(document.ok());
  EXPECT_NE(document.error().sentence.find("deep"), std::string::npos) << document.error().sentence;
}

TEST(Document, a_name_given_twice_in_one_object_is_refused) {
  EXPECT_EQ(document_fault(R"({"accounts":[],"accounts":[]})"), "accounts is given twice");
  EXPECT_EQ(document_fault(R"({"accounts":[{"name":"a","memo":"","memo":"b"}]})"),
            "memo is given twice");
  EXPECT_EQ(document_fault(R"({"parameters":{"SS_SIP_T1":500,"SS_SIP_T1":600}})"),
            "SS_SIP_T1 is given twice");
}

TEST(Document, what_is_written_reads_back_the_same) {
  const directory::Fields fields{
      {"name", std::string("a \"b\"\n\u00e9")}, {"flag", false},
      {"number", std::int64_t{INT64_MIN}},      {"texts", TextList{"", "x"}},
      {"numbers", IntegerList{1, 2}},           {"nothing", {}}};

  const auto back = read_fields(write_fields(fields));

  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, fields);
  EXPECT_EQ(write_document({}), "{}\n");
}

TEST(Document, a_record_is_written_with_all_its_fields) {
  const directory::ResourceRow& accounts = *directory::find_resource("accounts");

  EXPECT_EQ(write_record(accounts, accounts.defaults(accounts)),
            R"({"name":"","lock_type":"none","capacity":0,"max_call_rate":0,"external_id":"","memo":""})");
}

}  // namespace
}  // namespace tandem::store
