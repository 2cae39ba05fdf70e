// Values of entities at every bound, and the sentences that refuse them.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/directory/entity_rows.h"
#include "support/tsv.h"

namespace tandem::directory {
namespace {

const ResourceRow& ingress() { return *find_resource("ingress_gateways"); }
const ResourceRow& egress() { return *find_resource("egress_gateways"); }

// Something that is allowed.
Value required_value(const FieldRow& field) {
  return std::string(field.name == "range" ? "100-199" : "a");
}

Faults faults(const ResourceRow& resource, Fields given) {
  for (const FieldRow& field : resource.fields) {
    const auto names_it = [&](const NamedValue& each) { return each.name == field.name; };
    if (field.required && std::ranges::none_of(given, names_it))
      given.insert(given.begin(), {std::string(field.name), field.name == "name"
                                                                ? Value(std::string("south"))
                                                                : required_value(field)});
  }
  const auto record = validate(resource, given);
  return record.ok() ? Faults{} : record.error();
}

bool accepts(const ResourceRow& resource, const FieldRow& field, const Value& value) {
  Fields given{{std::string(field.name), value}};
  // The two bounds of the talk time hold together.
  if (field.name == "max_call_duration_lower") given.push_back({"max_call_duration_upper", value});
  if (field.name == "max_call_duration_upper") given.push_back({"max_call_duration_lower", value});
  return faults(resource, given).empty();
}

std::string sentence(const ResourceRow& resource, const char* field, const Value& value) {
  const Faults found = faults(resource, {{field, value}});
  return found.empty() ? "accepted" : found.front().sentence;
}

TEST(EntityValidation, integers_are_accepted_from_their_smallest_to_their_largest) {
  int tried = 0;
  for (const ResourceRow& resource : all_resources())
    for (const FieldRow& field : resource.fields) {
      if (field.type != FieldType::Integer && field.type != FieldType::Integers) continue;
      SCOPED_TRACE(field.name);
      const auto value = [&](std::int64_t number) -> Value {
        if (field.type == FieldType::Integers) return IntegerList{number};
        return number;
      };
      EXPECT_FALSE(accepts(resource, field, value(field.min - 1)));
      EXPECT_TRUE(accepts(resource, field, value(field.min)));
      EXPECT_TRUE(accepts(resource, field, value(field.max)));
      EXPECT_FALSE(accepts(resource, field, value(field.max + 1)));
      ++tried;
    }
  EXPECT_GT(tried, 15);
}

TEST(EntityValidation, enumerations_take_their_words_and_their_legacy_numbers) {
  int tried = 0;
  for (const ResourceRow& resource : all_resources())
    for (const FieldRow& field : resource.fields) {
      if (field.type != FieldType::Enum) continue;
      SCOPED_TRACE(field.name);
      for (const EnumWord& each : field.words) {
        Fields given{{std::string(field.name), each.number}};
        for (const FieldRow& other : resource.fields)
          if (other.required) given.push_back({std::string(other.name), required_value(other)});
        const auto by_number = validate(resource, given);
        ASSERT_TRUE(by_number.ok());
        EXPECT_EQ(value_of(resource, *by_number, field.name), Value(std::string(each.word)));
        EXPECT_TRUE(accepts(resource, field, std::string(each.word)));
      }
      EXPECT_FALSE(accepts(resource, field, std::string("nonsense")));
      EXPECT_FALSE(accepts(resource, field, std::string()));
      EXPECT_FALSE(accepts(resource, field, std::int64_t{-1}));
      EXPECT_FALSE(accepts(resource, field, field.words.back().number + 1));
      ++tried;
    }
  EXPECT_GT(tried, 12);
}

TEST(EntityValidation, values_of_another_type_are_refused) {
  const std::pair<FieldType, Value> samples[] = {
      {FieldType::Boolean, true},
      {FieldType::Integer, std::int64_t{1}},
      {FieldType::Text, std::string("a")},
      {FieldType::Texts, TextList{"5060", "x"}},
      {FieldType::Integers, IntegerList{5060}},
  };
  for (const ResourceRow& resource : all_resources())
    for (const FieldRow& field : resource.fields) {
      SCOPED_TRACE(field.name);
      EXPECT_FALSE(accepts(resource, field, Fraction{"1.5"}));
      EXPECT_FALSE(accepts(resource, field, Nested{"{}"}));
      for (const auto& [type, value] : samples) {
        const bool text = type == FieldType::Text &&
                          (field.type == FieldType::Text || field.type == FieldType::Reference);
        const bool number = type == FieldType::Integer && field.type == FieldType::Enum;
        const bool list =
            (type == FieldType::Integers && field.type == FieldType::Texts) ||
            (field.type == FieldType::References &&
             (type == FieldType::Integers || type == FieldType::Texts));
        if (field.type == type || text || number || list) continue;
        EXPECT_FALSE(accepts(resource, field, value)) << to_text(value);
      }
    }
}

const char* entry_of(const FieldRow& field) {
  if (field.name == "remote_ips" || field.name == "local_domain_match") return "192.0.2.1";
  if (field.name == "invite_codes" || field.name == "failed_sip_codes") return "404:480";
  if (field.name == "failed_q931_causes") return "1:17";
  if (field.name == "pairs") return "025:010";
  if (field.name == "proportional_prefixes") return "70:a";
  if (field.name == "mobile_prefixes") return "1381600";
  if (field.name == "sip_codecs") return "audio/PCMA";
  if (field.name == "groups") return "acme:5";
  if (field.name.starts_with("period_"))
    return field.name == "period_rules"      ? "sat: deny caller"
           : field.name == "period_plans_in" ? "sat: callee 1:2"
                                             : "sat in acme: 5";
  if (field.name == "weekly") return "sat off";
  if (field.name == "dates") return "2026-12-24 off";
  return field.name == "extra_headers" ? "X-A: b" : "404";
}

TEST(EntityValidation, lists_hold_at_most_their_number_of_entries) {
  for (const ResourceRow& resource : all_resources())
    for (const FieldRow& field : resource.fields) {
      if (field.max_entries == 0) continue;
      SCOPED_TRACE(field.name);
      TextList texts(field.max_entries, entry_of(field));
      IntegerList numbers(field.max_entries, 404);
      const bool integers = field.type == FieldType::Integers;
      EXPECT_TRUE(accepts(resource, field, integers ? Value(numbers) : Value(texts)));
      texts.push_back(entry_of(field));
      numbers.push_back(404);
      EXPECT_FALSE(accepts(resource, field, integers ? Value(numbers) : Value(texts)));
    }
}

// test/tables/entity-values.tsv: resource, field, value, canonical value or "refused". Lists are
// separated by commas, as on a command line.
TEST(EntityValidation, texts_have_one_way_to_be_written_or_are_refused) {
  const auto rows = test_support::read_tsv(TANDEM_SOURCE_DIR "/test/tables/entity-values.tsv");
  ASSERT_GT(rows.size(), 80u);
  for (const test_support::TsvRow& row : rows) {
    SCOPED_TRACE(row.at("field") + " = '" + row.at("value") + "'");
    const ResourceRow& resource = *find_resource(row.at("resource"));
    const FieldRow* field = find_field(resource, row.at("field"));
    ASSERT_NE(field, nullptr);
    Fields given{{std::string(field->name), from_text(*field, row.at("value"))}};
    for (const FieldRow& other : resource.fields)
      if (other.required && &other != field)
        given.insert(given.begin(), {std::string(other.name), std::string("021")});

    const auto record = validate(resource, given);

    const std::string result =
        record.ok() ? to_text(value_of(resource, *record, field->name)) : "refused";
    EXPECT_EQ(result, row.at("canonical"));
    if (!record.ok()) continue;
    given.back().value = value_of(resource, *record, field->name);
    EXPECT_EQ(*validate(resource, given), *record) << "a canonical value is its own";
  }
}

TEST(EntityValidation, extra_headers_hold_no_line_breaks_and_no_endless_text) {
  for (const char* text : {"X-A: b\r\nVia: c", "X-A: b\nc", "X-A: b\rc", "X-A:\tb\x01",
                           "X-A\r\n: b"})
    EXPECT_FALSE(faults(egress(), {{"extra_headers", TextList{text}}}).empty()) << text;
  EXPECT_FALSE(
      faults(egress(), {{"extra_headers", TextList{"X-A: " + std::string(256, 'x')}}}).empty());
  EXPECT_TRUE(
      faults(egress(), {{"extra_headers", TextList{"X-A: " + std::string(255, 'x')}}}).empty());
  EXPECT_EQ(sentence(egress(), "extra_headers", TextList{"Via: x"}).substr(0, 82),
            "egress_gateway south: extra_headers: \"Via: x\" is not allowed; it must be a list of");
}

TEST(EntityValidation, refusals_name_entity_field_value_and_what_is_allowed) {
  EXPECT_EQ(sentence(egress(), "priority", std::int64_t{-1}),
            "egress_gateway south: priority: -1 is not allowed; it must be a whole number from 0 "
            "to 2147483647");
  EXPECT_EQ(sentence(egress(), "priority", std::string("5")),
            "egress_gateway south: priority: \"5\" is not allowed; it must be a whole number from "
            "0 to 2147483647");
  EXPECT_EQ(sentence(egress(), "transport", std::string("ws")),
            "egress_gateway south: transport: \"ws\" is not allowed; it must be one of "
            "udp, tcp, tls, wss");
  EXPECT_EQ(sentence(egress(), "remote_ips", TextList{"127.0.0.1", "127.0.0.1:0"}),
            "egress_gateway south: remote_ips: \"127.0.0.1:0\" is not allowed; it must be a list "
            "of at most 64 entries, each an IPv4 or IPv6 address or a host name, with or without "
            "a port: a:5060, [::1]:5060");
  EXPECT_EQ(sentence(egress(), "sip_100rel", Nested{"{\"a\":1}"}),
            "egress_gateway south: sip_100rel: {\"a\":1} is not allowed; it must be true or false");
  const Faults fault = faults(ingress(), {{"capacity", Fraction{"1.5"}}});
  ASSERT_EQ(fault.size(), 1u);
  EXPECT_EQ(fault[0].field, "capacity");
  EXPECT_EQ(fault[0].value, "1.5");
}

TEST(EntityValidation, fields_that_are_not_built_or_not_known_are_refused_each_in_its_way) {
  EXPECT_EQ(sentence(egress(), "transcoding", true),
            "egress_gateway south: transcoding: this version does not support the field");
  EXPECT_EQ(sentence(ingress(), "rtp_relay", std::int64_t{0}),
            "ingress_gateway south: rtp_relay: this version does not support the field");
  EXPECT_EQ(sentence(ingress(), "prioritty", std::int64_t{0}),
            "ingress_gateway south: prioritty: unknown field; is priority meant?");
  EXPECT_EQ(sentence(ingress(), "colour", std::int64_t{0}),
            "ingress_gateway south: colour: unknown field");
  EXPECT_EQ(sentence(ingress(), "", true), "ingress_gateway south: : unknown field");
  EXPECT_EQ(sentence(egress(), "id", std::int64_t{7}),
            "egress_gateway south: id: is set by the switch and cannot be given");
}

TEST(EntityValidation, long_values_are_cut_in_sentences) {
  const std::string found = sentence(egress(), "memo", std::string(70'000, 'x'));

  EXPECT_LT(found.size(), 300u);
  EXPECT_NE(found.find("xxx...\""), std::string::npos) << found;
}

TEST(EntityValidation, all_faults_are_found_at_once) {
  const Faults found = faults(egress(), {{"name", std::string("a,b")},
                                         {"priority", std::int64_t{-1}},
                                         {"nothing", true},
                                         {"prefix", TextList{"44", "4 4"}}});

  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].field, "name");
  EXPECT_EQ(found[1].field, "priority");
  EXPECT_EQ(found[2].field, "nothing");
  EXPECT_EQ(found[3].field, "prefix");
  EXPECT_EQ(found[3].value, "\"4 4\"");
}

TEST(EntityValidation, the_name_is_the_one_field_that_must_be_given) {
  const auto missing = validate(egress(), {{"priority", std::int64_t{1}}});
  const auto empty = validate(egress(), {{"name", {}}});

  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error()[0].sentence, "egress_gateway: name: is missing");
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().size(), 1u);
}

TEST(EntityValidation, a_field_may_be_given_once_under_either_name) {
  const Faults found = faults(egress(), {{"prefix", TextList{"44"}}, {"prefixes", TextList{"49"}}});

  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].sentence, "egress_gateway south: prefix: is given twice");
}

TEST(EntityValidation, fields_that_are_not_given_stay_and_those_without_value_get_the_default) {
  const auto before = validate(egress(), {{"name", std::string("south")},
                                          {"priority", std::int64_t{7}},
                                          {"capacity", std::int64_t{30}}});

  const auto after = validate(egress(), {{"capacity", {}}, {"memo", std::string("x")}}, &*before);

  ASSERT_TRUE(after.ok());
  EXPECT_EQ(name_of(*after), "south");
  EXPECT_EQ(value_of(egress(), *after, "priority"), Value(std::int64_t{7}));
  EXPECT_EQ(value_of(egress(), *after, "capacity"), Value(std::int64_t{0}));
  EXPECT_EQ(value_of(egress(), *after, "memo"), Value(std::string("x")));
}

TEST(EntityValidation, bounds_of_the_talk_time_fit_each_other) {
  const auto with = [](std::int64_t lower, std::int64_t upper) {
    return faults(egress(),
                  {{"max_call_duration_lower", lower}, {"max_call_duration_upper", upper}});
  };

  EXPECT_TRUE(with(-1, -1).empty());
  EXPECT_TRUE(with(0, 0).empty());
  EXPECT_TRUE(with(60, 60).empty());
  EXPECT_TRUE(with(60, 90).empty());
  EXPECT_FALSE(with(90, 60).empty());
  EXPECT_FALSE(with(0, 60).empty());
  EXPECT_FALSE(with(-1, 60).empty());
  EXPECT_FALSE(with(60, -1).empty());
  EXPECT_FALSE(with(-1, 0).empty());
  ASSERT_EQ(with(90, 60).size(), 1u);
  EXPECT_EQ(with(90, 60)[0].sentence,
            "egress_gateway south: max_call_duration_upper: 60 is not allowed with "
            "max_call_duration_lower 90; both must be -1, or both 0, or this one not below it");
}

TEST(EntityValidation, records_beside_each_other_have_different_names_and_refer_to_each_other) {
  const ResourceRow& accounts = *find_resource("accounts");
  const Record acme =
      *validate(accounts, {{"name", std::string("acme")}, {"external_id", std::string("x1")}});
  const Record globex =
      *validate(accounts, {{"name", std::string("globex")}, {"external_id", std::string("x1")}});
  const Record north =
      *validate(ingress(), {{"name", std::string("north")}, {"account", std::string("acme")}});
  const Record lost =
      *validate(ingress(), {{"name", std::string("lost")}, {"account", std::string("north")}});
  const Record free = *validate(ingress(), {{"name", std::string("acme")}});

  const Faults none = validate_source(std::vector<SourceRecord>{
      {&ingress(), &north, ""}, {&accounts, &acme, ""}, {&ingress(), &free, ""}});
  const Faults some = validate_source(std::vector<SourceRecord>{
      {&accounts, &acme, ""},
      {&accounts, &acme, "accounts[1]."},
      {&accounts, &globex, "accounts[2]."},
      {&ingress(), &lost, "ingress_gateways[0]."},
  });

  EXPECT_TRUE(none.empty()) << none.front().sentence;
  ASSERT_EQ(some.size(), 4u);
  EXPECT_EQ(some[0].field, "accounts[1].name");
  EXPECT_EQ(some[0].sentence, "account acme: name: \"acme\" is the name of another account");
  EXPECT_EQ(some[1].field, "accounts[1].external_id");
  EXPECT_EQ(some[2].sentence,
            "account globex: external_id: \"x1\" is the external_id of account acme");
  EXPECT_EQ(some[3].field, "ingress_gateways[0].account");
  EXPECT_EQ(some[3].sentence, "ingress_gateway lost: account: there is no account north");
}

}  // namespace
}  // namespace tandem::directory
