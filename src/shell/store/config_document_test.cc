// Documents applied to the configuration: found by name, changed as a whole or not at all.
#include <random>

#include "support/config_store_fixture.h"

namespace tandem::store {
namespace {

using directory::TextList;
using directory::Value;

TEST_F(ConfigStoreTest, the_form_that_operators_script_is_applied_as_one_change) {
  const Plan plan = applied(kOperatorsForm);

  ASSERT_EQ(plan.entities.size(), 2u);
  EXPECT_EQ(plan.entities[0].kind, ChangeKind::Create);
  EXPECT_EQ(plan.entities[0].resource->name, "ingress_gateways");
  EXPECT_EQ(plan.entities[0].name, "north");
  EXPECT_EQ(plan.entities[1].name, "south");
  ASSERT_EQ(plan.entities[1].fields.size(), 4u) << "the name and what differs from the default";
  EXPECT_EQ(plan.entities[1].fields[3].field, "prefix");
  EXPECT_EQ(plan.entities[1].fields[3].after, Value(TextList{""}));
  ASSERT_EQ(plan.parameters.size(), 1u) << "600 is the default";
  EXPECT_EQ(plan.parameters[0].row->name, "SS_SIP_T1");
  EXPECT_EQ(plan.parameters[0].before, "500");
  EXPECT_EQ(plan.parameters[0].after, "250");
  EXPECT_EQ(plan.directory_number, 1u);
}

TEST_F(ConfigStoreTest, what_was_applied_is_compiled_into_the_directory) {
  applied(kOperatorsForm);

  const auto compiled = store_->compile();

  ASSERT_TRUE(compiled.ok());
  const directory::Directory& directory = **compiled;
  EXPECT_EQ(directory.number(), 1u);
  EXPECT_EQ(directory.parameters().sip_t1, milliseconds{250});
  std::vector<const directory::IngressGateway*> found;
  directory.ingress_by_address(*IpAddress::parse("127.0.0.2"), found);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]->name, "north");
  EXPECT_EQ(found[0]->account, 0);
  directory::PrefixMatches matches;
  directory.egress_by_prefix("442071234567", matches);
  ASSERT_EQ(matches.size(), 1u);
  const auto& south = directory.egress_gateways()[matches[0].egress[0]];
  EXPECT_EQ(south.remote_ips.at(0).port, 5080);
  EXPECT_EQ(south.version, 1);
  EXPECT_EQ(store_->compile().value(), *compiled) << "the same one while nothing changes";
}

TEST_F(ConfigStoreTest, applying_again_changes_nothing) {
  applied(kOperatorsForm);

  const Plan plan = applied(kOperatorsForm);

  EXPECT_FALSE(plan.changes_anything());
  EXPECT_EQ(plan.entities.size(), 2u);
  EXPECT_EQ(plan.entities[0].kind, ChangeKind::Unchanged);
  EXPECT_EQ(plan.directory_number, 1u);
  EXPECT_EQ(store_->get("egress_gateways", "south")->version, 1);
}

TEST_F(ConfigStoreTest, a_dry_run_shows_the_plan_and_writes_nothing) {
  const auto plan = apply(kOperatorsForm, Mode::DryRun);

  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(plan->changes_anything());
  EXPECT_EQ(plan->entities[0].id, 0);
  EXPECT_EQ(plan->directory_number, 0u);
  EXPECT_TRUE(store_->list("egress_gateways")->empty());
  EXPECT_EQ(store_->parameter("SS_SIP_T1")->value, "500");
  EXPECT_TRUE(store_->changes({})->empty());
}

TEST_F(ConfigStoreTest, what_a_document_does_not_mention_stays) {
  applied(kOperatorsForm);

  const Plan plan =
      applied(R"({"egress_gateways":[{"name":"south","capacity":30},{"name":"west"}]})");

  ASSERT_EQ(plan.entities.size(), 2u);
  EXPECT_EQ(plan.entities[0].kind, ChangeKind::Update);
  ASSERT_EQ(plan.entities[0].fields.size(), 1u);
  EXPECT_EQ(plan.entities[0].fields[0].field, "capacity");
  EXPECT_EQ(plan.entities[0].fields[0].before, Value(std::int64_t{0}));
  EXPECT_EQ(plan.entities[0].fields[0].after, Value(std::int64_t{30}));
  EXPECT_EQ(plan.entities[1].kind, ChangeKind::Create);
  EXPECT_EQ(field("egress_gateways", "south", "priority"), "1");
  EXPECT_EQ(field("egress_gateways", "south", "capacity"), "30");
  EXPECT_EQ(field("ingress_gateways", "north", "remote_ips"), "127.0.0.2");
  EXPECT_EQ(store_->parameter("SS_SIP_T1")->value, "250");
}

TEST_F(ConfigStoreTest, null_takes_a_field_or_a_parameter_back_to_its_default) {
  applied(kOperatorsForm);

  const Plan plan = applied(
      R"({"egress_gateways":[{"name":"south","priority":null}],"parameters":{"SS_SIP_T1":null}})");

  EXPECT_TRUE(plan.changes_anything());
  EXPECT_EQ(field("egress_gateways", "south", "priority"), "100");
  EXPECT_FALSE(store_->parameter("SS_SIP_T1")->is_set);
}

TEST_F(ConfigStoreTest, entities_may_refer_to_others_of_the_same_document_in_any_order) {
  applied(R"({"ingress_gateways":[{"name":"north","account":"acme"}],
              "accounts":[{"name":"acme"}]})");

  const auto compiled = store_->compile();

  EXPECT_EQ(field("ingress_gateways", "north", "account"), "acme");
  EXPECT_EQ((*compiled)->ingress_gateways()[0].account, id("accounts", "acme"));
  EXPECT_NE(id("accounts", "acme"), 0);
}

TEST_F(ConfigStoreTest, every_fault_of_a_document_is_named_with_its_path) {
  applied(kOperatorsForm);
  const std::string before = exported();

  const ConfigError error = refusal(R"({
    "egress_gateways":[{"name":"south","priority":-1},{"name":"west","transcoding":true},{"priority":1},
                       {"name":"south"}],
    "trunks":[{"name":"x"}],
    "parameters":{"SS_SIP_T1":99,"SS_NOTHING":1,"SS_SIP_T2":{"a":1}}})");

  EXPECT_EQ(error.kind, ConfigErrorKind::Invalid);
  std::vector<std::string> paths;
  for (const auto& fault : error.faults) paths.push_back(fault.field);
  EXPECT_EQ(paths, (std::vector<std::string>{
                       "egress_gateways[0].priority", "egress_gateways[1].transcoding",
                       "egress_gateways[2].name", "egress_gateways[3].name", "trunks",
                       "parameters.SS_SIP_T1", "parameters.SS_NOTHING", "parameters.SS_SIP_T2"}));
  EXPECT_EQ(error.faults[0].sentence,
            "egress_gateway south: priority: -1 is not allowed; it must be a whole number from 0 "
            "to 2147483647");
  EXPECT_EQ(error.faults[1].sentence,
            "egress_gateway west: transcoding: this version does not support the field");
  EXPECT_EQ(error.faults[4].sentence, "trunks: unknown resource");
  EXPECT_EQ(error.faults[5].sentence,
            "SS_SIP_T1: 99 is not allowed; it must be a whole number of milliseconds from 100 to "
            "5000");
  EXPECT_NE(error.sentence.find("(and 7 more)"), std::string::npos);
  EXPECT_EQ(exported(), before);
  EXPECT_EQ(*store_->directory_number(), 1u);
}

TEST_F(ConfigStoreTest, faults_between_entities_and_between_parameters_are_found) {
  const ConfigError entities = refusal(R"({"ingress_gateways":[{"name":"a","account":"acme"}],
      "accounts":[{"name":"x","external_id":"1"},{"name":"y","external_id":"1"}]})");
  const ConfigError parameters =
      refusal(R"({"parameters":{"SS_RTP_PORT_LOW":20000,"SS_RTP_PORT_HIGH":20002}})");

  ASSERT_EQ(entities.faults.size(), 2u);
  EXPECT_EQ(entities.faults[0].field, "accounts[1].external_id");
  EXPECT_EQ(entities.faults[1].field, "ingress_gateways[0].account");
  EXPECT_EQ(entities.faults[1].sentence, "ingress_gateway a: account: there is no account acme");
  ASSERT_EQ(parameters.faults.size(), 1u);
  EXPECT_EQ(parameters.faults[0].field, "parameters.SS_RTP_PORT_HIGH");
}

TEST_F(ConfigStoreTest, an_export_applied_elsewhere_makes_the_same_configuration) {
  applied(kOperatorsForm);
  applied(R"({"accounts":[{"name":"acme","memo":"says \"hi\"\n"}],
      "ingress_gateways":[{"name":"north","account":"acme","local_port_match":[5060],
                           "caller_source":"p_asserted_identity"}],
      "egress_gateways":[{"name":"west","prefix":["44","49"],"stop_sip_codes":[404,"500-503"],
                          "sip_100rel":false}],
      "parameters":{"SS_SIP_PORT":[5060,5070],"SS_SIP_TCP_ENABLE":false,"SS_QOS_SIGNAL":"0xb8"}})");
  const std::string text = exported();
  test_support::TemporaryDirectory elsewhere;
  auto other = ConfigStore::open(elsewhere.path());
  ASSERT_TRUE(other.ok());

  const auto document = read_document(text);
  ASSERT_TRUE(document.ok()) << document.error().sentence;
  const auto plan = (*other)->apply(*document, Mode::Apply, kAnna);

  ASSERT_TRUE(plan.ok()) << plan.error().sentence;
  EXPECT_EQ(write_document(*(*other)->export_document()), text);
  EXPECT_EQ(text, R"({
  "accounts": [
    {
      "name": "acme",
      "memo": "says \"hi\"\n"
    }
  ],
  "ingress_gateways": [
    {
      "name": "north",
      "account": "acme",
      "remote_ips": ["127.0.0.2"],
      "local_port_match": [5060],
      "caller_source": "p_asserted_identity"
    }
  ],
  "egress_gateways": [
    {
      "name": "south",
      "priority": 1,
      "remote_ips": ["127.0.0.3:5080"],
      "prefix": [""]
    },
    {
      "name": "west",
      "prefix": ["44","49"],
      "sip_100rel": false,
      "stop_sip_codes": ["404","500-503"]
    }
  ],
  "parameters": {
    "SS_SIP_T1": 250,
    "SS_SIP_PORT": "5060,5070",
    "SS_SIP_TCP_ENABLE": "Off",
    "SS_QOS_SIGNAL": "0xb8"
  }
}
)");
}

// Bytes of a good document, changed, taken out or doubled.
TEST_F(ConfigStoreTest, a_damaged_document_is_planned_or_refused_in_a_sentence) {
  std::mt19937 random(20'261'124);
  const auto below = [&](std::size_t count) { return random() % count; };
  constexpr std::string_view kBytes = "{}[]\",:0-9.eE\\ntfua \x01\xff";
  int accepted = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string text(kOperatorsForm);
    for (std::size_t damages = 1 + below(3); damages > 0; --damages) {
      const std::size_t place = below(text.size());
      const std::size_t kind = below(3);
      if (kind == 0) text[place] = kBytes[below(kBytes.size())];
      if (kind == 1) text.erase(place, 1 + below(4));
      if (kind == 2) text.insert(place, text.substr(below(text.size()), below(40)));
    }
    const auto document = read_document(text);
    if (!document) {
      EXPECT_FALSE(document.error().sentence.empty());
      continue;
    }
    const auto plan = store_->apply(*document, Mode::DryRun, kAnna);
    if (!plan) {
      EXPECT_FALSE(plan.error().sentence.empty());
      EXPECT_EQ(plan.error().kind, ConfigErrorKind::Invalid);
    }
    accepted += plan.ok();
  }

  EXPECT_GT(accepted, 50) << "damage that leaves a good document was tried too";
  EXPECT_EQ(*store_->directory_number(), 0u);
}

}  // namespace
}  // namespace tandem::store
