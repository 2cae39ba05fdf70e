// The rows of entities against the specified fields and against the typed entities.
#include "core/directory/entity_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/tsv.h"

namespace tandem::directory {
namespace {

const ResourceRow& egress() { return *find_resource("egress_gateways"); }

bool is_to_come(const ResourceRow& resource, const std::string& name) {
  return (' ' + std::string(resource.fields_to_come) + ' ').find(' ' + name + ' ') !=
         std::string::npos;
}

TEST(EntityRows, every_specified_field_is_a_row_or_named_as_one_to_come) {
  const auto specified = test_support::read_tsv(TANDEM_SOURCE_DIR "/test/tables/entity-fields.tsv");
  ASSERT_EQ(specified.size(), 534u);

  for (const test_support::TsvRow& wanted : specified) {
    const ResourceRow* resource = find_resource(wanted.at("resource"));
    ASSERT_NE(resource, nullptr);
    const std::string& name = wanted.at("field");
    EXPECT_NE(find_field(*resource, name) != nullptr, is_to_come(*resource, name))
        << resource->name << ' ' << name;
  }
}

constexpr std::string_view kOurOwn[] = {"external_id", "memo",           "keep_alive",
                                        "weight",      "throttle_above", "trial_share",
                                        "tags_required", "tags_any",     "tags_excluded"};
constexpr std::string_view kOurOwnResources[] = {"routing_tag_rules"};

TEST(EntityRows, every_row_is_specified_but_those_of_all_entities_and_of_our_own) {
  std::set<std::pair<std::string, std::string>> specified;
  for (const auto& row : test_support::read_tsv(TANDEM_SOURCE_DIR "/test/tables/entity-fields.tsv"))
    specified.insert({row.at("resource"), row.at("field")});

  for (const ResourceRow& resource : all_resources()) {
    if (std::ranges::find(kOurOwnResources, resource.name) != std::end(kOurOwnResources)) continue;
    for (const FieldRow& field : resource.fields) {
      const std::string name(field.name == "prefix" ? field.alias : field.name);
      if (std::ranges::find(kOurOwn, name) != std::end(kOurOwn)) continue;
      EXPECT_TRUE(specified.contains({std::string(resource.name), name})) << name;
    }
  }
}

TEST(EntityRows, names_and_aliases_are_unique_and_the_name_comes_first) {
  for (const ResourceRow& resource : all_resources()) {
    EXPECT_EQ(find_resource(resource.singular), &resource);
    EXPECT_EQ(resource.fields.front().name, "name");
    std::set<std::string_view> names;
    for (const FieldRow& field : resource.fields) {
      EXPECT_TRUE(names.insert(field.name).second) << field.name;
      EXPECT_FALSE(field.help.empty()) << field.name;
      EXPECT_EQ(&resource.fields[position(resource, field)], &field);
      if (field.alias.empty()) continue;
      EXPECT_TRUE(names.insert(field.alias).second) << field.alias;
      EXPECT_EQ(find_field(resource, field.alias), &field);
    }
  }
  EXPECT_EQ(find_resource("gateways"), nullptr);
  EXPECT_EQ(find_field(egress(), ""), nullptr);
  EXPECT_EQ(find_field(egress(), "prefixes"), find_field(egress(), "prefix"));
}

TEST(EntityRows, every_field_has_what_its_type_needs) {
  for (const ResourceRow& resource : all_resources())
    for (const FieldRow& field : resource.fields) {
      SCOPED_TRACE(field.name);
      const bool list = field.type == FieldType::Texts || field.type == FieldType::Integers ||
                        field.type == FieldType::References;
      EXPECT_EQ(field.max_entries > 0, list);
      EXPECT_EQ(!field.words.empty(), field.type == FieldType::Enum);
      EXPECT_EQ(field.form != nullptr,
                field.type == FieldType::Text || field.type == FieldType::Texts);
      EXPECT_EQ(field.max != 0,
                field.type == FieldType::Integer || field.type == FieldType::Integers);
      EXPECT_FALSE(allowed_text(field).empty());
      if (!field.refers_to.empty()) {
        const ResourceRow* target = find_resource(field.refers_to);
        ASSERT_NE(target, nullptr);
        if (field.type != FieldType::Reference) continue;
        EXPECT_LT(target, &resource) << "a key of the database refers to what is there before";
      }
    }
}

TEST(EntityRows, defaults_are_the_specified_ones) {
  const Record record = egress().defaults(egress());
  const auto text = [&](const char* field) { return to_text(value_of(egress(), record, field)); };

  EXPECT_EQ(text("lock_type"), "none");
  EXPECT_EQ(text("capacity"), "0");
  EXPECT_EQ(text("priority"), "100");
  EXPECT_EQ(text("remote_ips"), "");
  EXPECT_EQ(text("signal_port"), "5060");
  EXPECT_EQ(text("transport"), "udp");
  EXPECT_EQ(text("prefix_style"), "terminate");
  EXPECT_EQ(text("sip_100rel"), "on");
  EXPECT_EQ(text("user_phone"), "system");
  EXPECT_EQ(text("timeout_invite"), "0");
  EXPECT_EQ(text("max_call_duration_upper"), "-1");
  const ResourceRow& ingress = *find_resource("ingress_gateways");
  const Record caller = ingress.defaults(ingress);
  EXPECT_EQ(to_text(value_of(ingress, caller, "callee_source")), "request_uri");
  EXPECT_EQ(to_text(value_of(ingress, caller, "timeout_call_proceeding")), "-1");
}

TEST(EntityRows, every_default_is_allowed) {
  for (const ResourceRow& resource : all_resources()) {
    const Record defaults = resource.defaults(resource);
    Fields given;
    for (std::size_t i = 0; i < resource.fields.size(); ++i)
      given.push_back({std::string(resource.fields[i].name), defaults[i]});
    Record expected = defaults;
    for (std::size_t i = 0; i < resource.fields.size(); ++i)
      if (resource.fields[i].required)
        given[i].value = expected[i] =
            std::string(resource.fields[i].name == "range" ? "1-2" : "a");

    const auto record = validate(resource, given);

    ASSERT_TRUE(record.ok()) << record.error().front().sentence;
    EXPECT_EQ(*record, expected);
  }
}

// A value other than the default for every field.
Value other_value(const FieldRow& field, const Value& initial) {
  if (field.name == "remote_ips" || field.name == "local_domain_match")
    return TextList{"192.0.2.1", "2001:db8::1"};
  if (field.name == "stop_sip_codes") return TextList{"404", "500-503"};
  if (field.name == "invite_codes" || field.name == "failed_sip_codes" ||
      field.name == "failed_q931_causes")
    return TextList{"404:480", "503:500"};
  if (field.name == "pairs") return TextList{"025:010", ":1"};
  if (field.name == "groups") return TextList{"acme:5"};
  if (field.name == "mobile_prefixes") return TextList{"1381600"};
  if (field.name == "range") return std::string("100-199");
  if (field.name == "period_capacity" || field.name == "period_priority")
    return TextList{"mon-fri 08:00-18:00 in acme: 5", "always: 7"};
  if (field.name == "period_rules") return TextList{"in acme: deny callee 44 33"};
  if (field.name == "period_plans_in") return TextList{"in acme: callee 44:0044,33:1"};
  if (field.name == "weekly") return TextList{"mon-fri 08:00-18:00", "wed+sat off"};
  if (field.name == "dates") return TextList{"2026-12-24..2026-12-26 off"};
  if (field.name == "proportional_prefixes") return TextList{"70:a", "30:"};
  if (field.name.starts_with("plan_")) return std::string("86:,861 : 0");
  if (field.name == "local_ip") return std::string("::1");
  switch (field.type) {
    case FieldType::Boolean:
      return !std::get<bool>(initial);
    case FieldType::Integer:
      return field.max;
    case FieldType::Enum:
      return std::string(field.words.back().word == std::get<std::string>(initial)
                             ? field.words.front().word
                             : field.words.back().word);
    case FieldType::Text:
    case FieldType::Reference:
      return std::string("acme");
    case FieldType::Texts:
      return TextList{"44", "X"};
    case FieldType::References:
      return TextList{"acme"};
    case FieldType::Integers:
      return IntegerList{5060, 1};
  }
  return {};
}

TEST(EntityRows, every_field_reaches_its_typed_member_and_comes_back) {
  EntityNames names;
  for (const ResourceRow& resource : all_resources()) names.add(resource.name, 7, "acme");
  for (const ResourceRow& resource : all_resources()) {
    Directory::Source source;
    EntityHead& entity = resource.append(source);
    const Record defaults = resource.defaults(resource);
    EXPECT_EQ(from_typed(resource, entity, names), defaults);
    for (std::size_t i = 0; i < resource.fields.size(); ++i) {
      SCOPED_TRACE(resource.fields[i].name);
      Record record = defaults;
      record[i] = other_value(resource.fields[i], defaults[i]);
      ASSERT_NE(record[i], defaults[i]);

      to_typed(resource, record, names, entity);

      EXPECT_EQ(from_typed(resource, entity, names), record) << to_text(record[i]);
    }
  }
}

TEST(EntityRows, typed_members_hold_what_the_values_mean) {
  const auto record = validate(
      egress(), {{"name", std::string("south")},
                 {"remote_ips", TextList{"127.0.0.3:5080", "[::1]:5070", "Carrier.Example"}},
                 {"prefix", TextList{""}},
                 {"priority", std::int64_t{1}},
                 {"transport", std::string("tcp")},
                 {"switch_allow_busy", std::string("allow")},
                 {"stop_sip_codes", TextList{"410", "600-603"}}});
  ASSERT_TRUE(record.ok()) << record.error().front().sentence;
  EgressGateway gateway;

  to_typed(egress(), *record, {}, gateway);

  EXPECT_EQ(gateway.name, "south");
  ASSERT_EQ(gateway.remote_ips.size(), 3u);
  EXPECT_EQ(gateway.remote_ips[0].ip.text(), "127.0.0.3");
  EXPECT_EQ(gateway.remote_ips[0].port, 5080);
  EXPECT_EQ(gateway.remote_ips[1].host, "::1");
  EXPECT_EQ(gateway.remote_ips[1].port, 5070);
  EXPECT_EQ(gateway.remote_ips[2].host, "carrier.example");
  EXPECT_TRUE(gateway.remote_ips[2].ip.none());
  EXPECT_EQ(gateway.prefixes, std::vector<std::string>{""});
  EXPECT_EQ(gateway.priority, 1);
  EXPECT_EQ(gateway.transport, SignalTransport::Tcp);
  EXPECT_EQ(gateway.switch_allow_busy, SystemSwitch::Allow);
  EXPECT_EQ(gateway.switch_allow_ring, SystemSwitch::System);
  const std::vector<CodeRange> codes{{410, 410}, {600, 603}};
  EXPECT_EQ(gateway.stop_sip_codes, codes);
}

TEST(EntityRows, a_reference_becomes_the_id_of_its_entity) {
  const ResourceRow& resource = *find_resource("ingress_gateways");
  EntityNames names;
  names.add("accounts", 12, "acme");
  const auto record =
      validate(resource, {{"name", std::string("north")}, {"account", std::string("acme")}});
  ASSERT_TRUE(record.ok());
  IngressGateway gateway;

  to_typed(resource, *record, names, gateway);

  EXPECT_EQ(gateway.account, 12);
}

TEST(EntityRows, words_of_a_command_line_become_values_and_back) {
  const auto read = [](const char* field, const char* text) {
    return from_text(*find_field(egress(), field), text);
  };

  EXPECT_EQ(read("sip_100rel", "off"), Value(false));
  EXPECT_EQ(read("sip_100rel", "yes"), Value(true));
  EXPECT_EQ(read("sip_100rel", "maybe"), Value(std::string("maybe")));
  EXPECT_EQ(read("priority", " -12 "), Value(std::int64_t{-12}));
  EXPECT_EQ(read("priority", "1.5"), Value(std::string("1.5")));
  EXPECT_EQ(read("prefix_style", "continue"), Value(std::string("continue")));
  EXPECT_EQ(read("prefix_style", "1"), Value(std::int64_t{1}));
  EXPECT_EQ(read("memo", " a, b"), Value(std::string(" a, b")));
  EXPECT_EQ(read("prefix", ""), Value(TextList{}));
  EXPECT_EQ(read("prefix", "\"\""), Value(TextList{""}));
  EXPECT_EQ(read("prefix", "44, 49"), (Value(TextList{"44", "49"})));
  const FieldRow& ports = *find_field(*find_resource("ingress_gateways"), "local_port_match");
  EXPECT_EQ(from_text(ports, "5060,5061"), (Value(IntegerList{5060, 5061})));
  EXPECT_EQ(from_text(ports, "5060,x"), (Value(TextList{"5060", "x"})));
  EXPECT_EQ(to_text(Value(TextList{"", "44"})), "\"\",44");
  const TextList odd = {"a,b", "", " c", "\"d\"", "e\"f", "g"};
  EXPECT_EQ(to_text(Value(odd)), "\"a,b\",\"\",\" c\",\"\"\"d\"\"\",e\"f,g");
  EXPECT_EQ(read("prefix", to_text(Value(odd)).c_str()), Value(odd));
  EXPECT_EQ(read("prefix", "\"a, \"b\" c,d"), (Value(TextList{"\"a", "\"b\" c", "d"})));
  EXPECT_EQ(to_text(Value(IntegerList{1, 2})), "1,2");
  EXPECT_EQ(to_text(Value(true)), "on");
  EXPECT_EQ(to_text(Value()), "");
}

}  // namespace
}  // namespace tandem::directory
