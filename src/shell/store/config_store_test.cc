// The configuration in its database: documents, entities, parameters, who changed what; and that
// what is refused changes nothing.
#include "shell/store/config_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "shell/store/document.h"
#include "shell/store/migrations.h"
#include "shell/store/sqlite.h"
#include "support/temporary_directory.h"

namespace tandem::store {
namespace {

using directory::Fields;
using directory::TextList;
using directory::Value;

constexpr std::string_view kOperatorsForm = R"({
  "ingress_gateways":[{"name":"north","remote_ips":["127.0.0.2"]}],
  "egress_gateways":[{"name":"south","remote_ips":["127.0.0.3:5080"],"prefix":[""],"priority":1}],
  "parameters":{"SS_SIP_SESSION_TTL":600,"SS_SIP_T1":250}})";

const Author kAnna{.user = "anna", .address = "127.0.0.1", .time_ms = 1'000};
const Author kBert{.user = "bert", .address = "", .time_ms = 2'000};

class ConfigStoreTest : public ::testing::Test {
 protected:
  ConfigStoreTest() { open(); }

  void open() {
    store_.reset();
    auto opened = ConfigStore::open(directory_.path());
    ASSERT_TRUE(opened.ok()) << opened.error().sentence;
    store_ = *std::move(opened);
  }

  std::filesystem::path file() const { return directory_.path() / "tandem.db"; }

  Result<Plan, ConfigError> apply(std::string_view json, Mode mode = Mode::Apply,
                                  const Author& author = kAnna) {
    const auto document = read_document(json);
    EXPECT_TRUE(document.ok()) << document.error().sentence;
    return store_->apply(*document, mode, author);
  }

  // Must go well.
  Plan applied(std::string_view json) {
    const auto plan = apply(json);
    EXPECT_TRUE(plan.ok()) << plan.error().sentence;
    return plan.ok() ? *plan : Plan{};
  }

  ConfigError refusal(std::string_view json) {
    const auto plan = apply(json);
    EXPECT_FALSE(plan.ok());
    return plan.ok() ? ConfigError{} : plan.error();
  }

  std::string exported() {
    const auto document = store_->export_document();
    return document.ok() ? write_document(*document) : document.error().sentence;
  }

  std::string field(const char* resource, const char* name, const char* field) {
    const auto entity = store_->get(resource, name);
    if (!entity) return entity.error().sentence;
    return directory::to_text(value_of(*directory::find_resource(resource), entity->record, field));
  }

  std::int64_t id(const char* resource, const char* name) {
    const auto entity = store_->get(resource, name);
    return entity.ok() ? entity->id : 0;
  }

  test_support::TemporaryDirectory directory_;
  std::unique_ptr<ConfigStore> store_;
};

// ---- documents

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
  std::vector<directory::PrefixMatch> matches;
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
  EXPECT_TRUE(store_->changes(0, 10)->empty());
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
    "egress_gateways":[{"name":"south","priority":-1},{"name":"west","protect":true},{"priority":1},
                       {"name":"south"}],
    "phones":[{"name":"x"}],
    "parameters":{"SS_SIP_T1":99,"SS_NOTHING":1,"SS_SIP_T2":{"a":1}}})");

  EXPECT_EQ(error.kind, ConfigErrorKind::Invalid);
  std::vector<std::string> paths;
  for (const auto& fault : error.faults) paths.push_back(fault.field);
  EXPECT_EQ(paths, (std::vector<std::string>{
                       "egress_gateways[0].priority", "egress_gateways[1].protect",
                       "egress_gateways[2].name", "egress_gateways[3].name", "phones",
                       "parameters.SS_SIP_T1", "parameters.SS_NOTHING", "parameters.SS_SIP_T2"}));
  EXPECT_EQ(error.faults[0].sentence,
            "egress_gateway south: priority: -1 is not allowed; it must be a whole number from 0 "
            "to 2147483647");
  EXPECT_EQ(error.faults[1].sentence,
            "egress_gateway west: protect: this version does not support the field");
  EXPECT_EQ(error.faults[4].sentence, "phones: unknown resource");
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

// ---- entities

TEST_F(ConfigStoreTest, entities_are_created_read_changed_and_removed) {
  const auto created = store_->create(
      "egress_gateways", {{"name", std::string("south")}, {"priority", std::int64_t{5}}}, kAnna);
  ASSERT_TRUE(created.ok()) << created.error().sentence;
  EXPECT_EQ(created->id, 1);
  EXPECT_EQ(created->version, 1);
  EXPECT_EQ(created->created_by, "anna");

  const auto updated = store_->update("egress_gateways", 1, {{"priority", std::int64_t{6}}},
                                      created->version, kBert);
  ASSERT_TRUE(updated.ok()) << updated.error().sentence;
  EXPECT_EQ(updated->version, 2);
  EXPECT_EQ(updated->created_by, "anna");
  EXPECT_EQ(updated->created_at, 1'000);
  EXPECT_EQ(updated->updated_by, "bert");
  EXPECT_EQ(updated->updated_at, 2'000);
  EXPECT_EQ(field("egress_gateways", "south", "priority"), "6");

  ASSERT_TRUE(store_->remove("egress_gateways", 1, 2, kBert).ok());
  EXPECT_EQ(store_->get("egress_gateways", 1).error().sentence,
            "there is no egress_gateway with id 1");
  EXPECT_EQ(store_->get("egress_gateways", "south").error().kind, ConfigErrorKind::NotFound);
  EXPECT_EQ(*store_->directory_number(), 3u);
}

TEST_F(ConfigStoreTest, an_id_is_never_given_again) {
  ASSERT_TRUE(store_->create("accounts", {{"name", std::string("a")}}, kAnna).ok());
  ASSERT_TRUE(store_->remove("accounts", 1, std::nullopt, kAnna).ok());
  open();

  const auto again = store_->create("accounts", {{"name", std::string("a")}}, kAnna);

  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->id, 2);
}

TEST_F(ConfigStoreTest, a_write_with_an_old_version_is_refused) {
  applied(kOperatorsForm);
  const std::int64_t south = id("egress_gateways", "south");
  ASSERT_TRUE(
      store_->update("egress_gateways", south, {{"priority", std::int64_t{2}}}, 1, kBert).ok());

  const auto late =
      store_->update("egress_gateways", south, {{"priority", std::int64_t{3}}}, 1, kAnna);
  const auto removal = store_->remove("egress_gateways", south, 1, kAnna);

  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().kind, ConfigErrorKind::Conflict);
  EXPECT_EQ(late.error().sentence,
            "egress_gateway south was changed by bert: its version is 2, not 1; read it again");
  EXPECT_EQ(removal.error().kind, ConfigErrorKind::Conflict);
  EXPECT_EQ(field("egress_gateways", "south", "priority"), "2");
}

TEST_F(ConfigStoreTest, a_name_that_is_taken_is_refused) {
  applied(kOperatorsForm);
  ASSERT_TRUE(store_->create("egress_gateways", {{"name", std::string("west")}}, kAnna).ok());

  const auto created = store_->create("egress_gateways", {{"name", std::string("south")}}, kAnna);
  const auto renamed = store_->update("egress_gateways", id("egress_gateways", "west"),
                                      {{"name", std::string("south")}}, std::nullopt, kAnna);
  const auto elsewhere = store_->create("accounts", {{"name", std::string("south")}}, kAnna);

  ASSERT_FALSE(created.ok());
  EXPECT_EQ(created.error().sentence,
            "egress_gateway south: name: \"south\" is the name of another egress_gateway");
  EXPECT_EQ(renamed.error().kind, ConfigErrorKind::Invalid);
  EXPECT_TRUE(elsewhere.ok()) << "names are unique per resource";
}

TEST_F(ConfigStoreTest, references_follow_a_renamed_entity_and_keep_it_from_being_removed) {
  applied(R"({"accounts":[{"name":"acme"}],"ingress_gateways":[{"name":"n","account":"acme"}]})");
  const std::int64_t account = id("accounts", "acme");

  const auto renamed =
      store_->update("accounts", account, {{"name", std::string("globex")}}, std::nullopt, kAnna);
  const auto removed = store_->remove("accounts", account, std::nullopt, kAnna);

  ASSERT_TRUE(renamed.ok()) << renamed.error().sentence;
  EXPECT_EQ(field("ingress_gateways", "n", "account"), "globex");
  ASSERT_FALSE(removed.ok());
  EXPECT_EQ(removed.error().kind, ConfigErrorKind::InUse);
  EXPECT_EQ(removed.error().sentence,
            "account globex is in use and cannot be removed: ingress_gateway n: account: there is "
            "no account globex");
  open();
  EXPECT_EQ(field("ingress_gateways", "n", "account"), "globex");
}

TEST_F(ConfigStoreTest, unknown_resources_entities_and_parameters_are_named) {
  EXPECT_EQ(store_->list("phones").error().sentence, "phones: there is no resource of this name");
  EXPECT_EQ(store_->create("phones", {}, kAnna).error().kind, ConfigErrorKind::NotFound);
  EXPECT_EQ(store_->update("accounts", 9, {}, std::nullopt, kAnna).error().sentence,
            "there is no account with id 9");
  EXPECT_EQ(store_->remove("accounts", 9, std::nullopt, kAnna).error().kind,
            ConfigErrorKind::NotFound);
  EXPECT_EQ(store_->parameter("SS_NOTHING").error().sentence,
            "SS_NOTHING: there is no parameter of this name");
  EXPECT_EQ(store_->set_parameter("SS_NOTHING", true, kAnna).error().kind,
            ConfigErrorKind::NotFound);
}

TEST_F(ConfigStoreTest, every_value_of_every_field_is_there_after_the_store_is_opened_again) {
  applied(R"({"accounts":[{"name":"acme","lock_type":"all","external_id":"x","memo":"m"}]})");
  applied(R"({"ingress_gateways":[{"name":"n","account":"acme","lock_type":"all","capacity":1,
    "max_call_rate":2,"max_call_rate_unit":"minute","priority":3,
    "remote_ips":["192.0.2.0/24","::1"],"local_port_match":[5060,5061],
    "local_domain_match":["a.example"],"callee_source":"to","caller_source":"display",
    "request_address":"contact","response_address":"via","sip_100rel":false,
    "pass_headers":["X-A"],"timeout_call_proceeding":4,"max_call_duration_lower":5,
    "max_call_duration_upper":6,"external_id":"i","memo":"mi"}],
    "egress_gateways":[{"name":"s","lock_type":"all","capacity":1,"max_call_rate":2,
    "max_call_rate_unit":"minute","priority":3,"remote_ips":["carrier.example:1","[::1]:2"],
    "signal_port":7,"transport":"tcp","local_ip":"::1","local_port":8,"prefix":["","a44"],
    "prefix_style":"continue","sip_100rel":false,"user_phone":"on","local_domain":"b.example",
    "pass_headers":["X-B"],"timeout_invite":9,"timeout_trying":10,"timeout_session_progress":11,
    "timeout_session_progress_sdp":12,"timeout_ringing":13,"switch_allow_ring":"deny",
    "switch_allow_sdp":"allow","switch_allow_busy":"deny","switch_allow_error_code":"allow",
    "switch_until_connect":"deny","stop_sip_codes":["500"],"max_call_duration_lower":0,
    "max_call_duration_upper":0,"external_id":"e","memo":"me"}]})");
  const std::string before = exported();
  for (const directory::ResourceRow& resource : directory::all_resources()) {
    const auto defaults = resource.defaults(resource);
    const auto record = store_->list(resource.name)->at(0).record;
    for (std::size_t i = 0; i < record.size(); ++i)
      EXPECT_NE(record[i], defaults[i]) << resource.fields[i].name << " is not tried";
  }

  open();

  EXPECT_EQ(exported(), before);
  EXPECT_EQ(store_->get("accounts", "acme")->created_by, "anna");
}

// ---- parameters

TEST_F(ConfigStoreTest, parameters_keep_who_set_them_and_their_history) {
  ASSERT_TRUE(store_->set_parameter("SS_SIP_T1", std::int64_t{250}, kAnna).ok());
  const auto set = store_->set_parameter("ss_sip_t1", std::string(" 0300 "), kBert);
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->value, "300");
  EXPECT_EQ(set->set_by, "bert");
  ASSERT_TRUE(store_->set_parameter("SS_SIP_T1", {}, kAnna).ok());
  open();

  const auto past = store_->parameter_history("SS_SIP_T1");
  const auto now = store_->parameter("SS_SIP_T1");

  ASSERT_EQ(past->size(), 3u);
  EXPECT_EQ(past->at(0).before, "300");
  EXPECT_EQ(past->at(0).after, std::nullopt);
  EXPECT_EQ(past->at(1).user, "bert");
  EXPECT_EQ(past->at(1).time_ms, 2'000);
  EXPECT_EQ(past->at(1).directory_number, 2u);
  EXPECT_EQ(past->at(2).before, std::nullopt);
  EXPECT_EQ(now->value, "500");
  EXPECT_FALSE(now->is_set);
  EXPECT_EQ(now->set_at, 0);
}

TEST_F(ConfigStoreTest, a_refused_parameter_keeps_its_value) {
  ASSERT_TRUE(store_->set_parameter("SS_SIP_T1", std::int64_t{250}, kAnna).ok());

  const auto refused = store_->set_parameter("SS_SIP_T1", std::int64_t{99}, kAnna);

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ConfigErrorKind::Invalid);
  EXPECT_EQ(refused.error().faults[0].field, "SS_SIP_T1");
  EXPECT_EQ(store_->parameter("SS_SIP_T1")->value, "250");
  EXPECT_EQ(store_->parameter_history("SS_SIP_T1")->size(), 1u);
}

TEST_F(ConfigStoreTest, only_parameters_whose_feature_exists_are_listed) {
  const auto list = store_->parameters();

  ASSERT_TRUE(list.ok());
  EXPECT_GT(list->size(), 40u);
  for (const StoredParameter& each : *list) EXPECT_TRUE(each.row->available()) << each.row->name;
}

// ---- who changed what

TEST_F(ConfigStoreTest, every_change_of_a_field_is_written_down) {
  applied(kOperatorsForm);
  ASSERT_TRUE(store_
                  ->update("egress_gateways", 1,
                           {{"priority", std::int64_t{2}}, {"prefix", TextList{"44", "49"}}},
                           std::nullopt, kBert)
                  .ok());
  ASSERT_TRUE(store_->remove("ingress_gateways", 1, std::nullopt, kBert).ok());

  const auto rows = store_->changes(0, 100);

  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 11u) << "2 + 4 created, 1 parameter, 2 updated, 2 removed";
  const AuditRow& removed = rows->at(0);
  EXPECT_EQ(removed.object, "ingress_gateway north");
  EXPECT_EQ(removed.field, "remote_ips");
  EXPECT_EQ(removed.before, "127.0.0.2");
  EXPECT_EQ(removed.after, "");
  const AuditRow& prefix = rows->at(2);
  EXPECT_EQ(prefix.object, "egress_gateway south");
  EXPECT_EQ(prefix.field, "prefix");
  EXPECT_EQ(prefix.before, "\"\"");
  EXPECT_EQ(prefix.after, "44,49");
  EXPECT_EQ(prefix.user, "bert");
  EXPECT_EQ(prefix.directory_number, 2u);
  EXPECT_EQ(rows->at(4).object, "parameter SS_SIP_T1");
  EXPECT_EQ(rows->at(4).address, "127.0.0.1");
  const auto older = store_->changes(rows->at(4).id, 2);
  ASSERT_EQ(older->size(), 2u);
  EXPECT_EQ(older->at(0).id, rows->at(5).id);
}

// ---- the database

TEST_F(ConfigStoreTest, tables_have_a_column_for_every_field_and_no_other) {
  auto database = Database::open(file(), Database::Access::ReadOnly);
  ASSERT_TRUE(database.ok());
  for (const directory::ResourceRow& resource : directory::all_resources()) {
    std::vector<std::string> expected{"id",         "version",    "created_at",
                                      "created_by", "updated_at", "updated_by"};
    for (const directory::FieldRow& field : resource.fields) expected.emplace_back(field.name);
    std::vector<std::string> columns;
    auto statement = database->prepare("SELECT name FROM pragma_table_info('" +
                                       std::string(resource.name) + "')");
    ASSERT_TRUE(statement.ok());
    while (statement->step() == Statement::Step::Row) columns.emplace_back(statement->text(0));
    EXPECT_EQ(columns, expected) << resource.name;
  }
}

TEST_F(ConfigStoreTest, changes_of_another_process_are_seen) {
  applied(kOperatorsForm);
  auto other = ConfigStore::open(directory_.path());
  ASSERT_TRUE(other.ok());
  ASSERT_TRUE(
      (*other)->update("egress_gateways", 1, {{"priority", std::int64_t{9}}}, 1, kBert).ok());

  EXPECT_EQ(field("egress_gateways", "south", "priority"), "9");
  EXPECT_EQ((*store_->compile())->egress_gateways()[0].priority, 9);
  ASSERT_TRUE((*other)->create("accounts", {{"name", std::string("acme")}}, kBert).ok());
  const auto created = store_->create("accounts", {{"name", std::string("globex")}}, kAnna);

  ASSERT_TRUE(created.ok()) << created.error().sentence;
  EXPECT_EQ(created->id, 2) << "the ids of the other process are taken";
  EXPECT_EQ(*(*other)->directory_number(), 4u);
}

TEST_F(ConfigStoreTest, a_locked_database_refuses_for_the_moment) {
  auto other = Database::open(file(), Database::Access::ReadWrite);
  ASSERT_TRUE(other->run("BEGIN IMMEDIATE").ok());

  const auto refused = store_->create("accounts", {{"name", std::string("a")}}, kAnna);
  ASSERT_TRUE(other->run("ROLLBACK").ok());
  const auto accepted = store_->create("accounts", {{"name", std::string("a")}}, kAnna);

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ConfigErrorKind::Busy);
  EXPECT_TRUE(accepted.ok());
}

TEST_F(ConfigStoreTest, a_failed_write_changes_nothing) {
  applied(kOperatorsForm);
  const std::string before = exported();
  auto other = Database::open(file(), Database::Access::ReadWrite);
  ASSERT_TRUE(other
                  ->run("CREATE TRIGGER full BEFORE INSERT ON changes WHEN NEW.field = 'memo' "
                        "BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
                  .ok());

  const auto refused = apply(
      R"({"accounts":[{"name":"a"}],"egress_gateways":[{"name":"south","priority":7,"memo":"x"}]})");

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ConfigErrorKind::Failed);
  EXPECT_NE(refused.error().sentence.find("disk is full"), std::string::npos);
  EXPECT_EQ(exported(), before);
  open();
  EXPECT_EQ(exported(), before);
  EXPECT_EQ(*store_->directory_number(), 1u);
}

TEST_F(ConfigStoreTest, values_that_somebody_else_made_wrong_are_named_when_opened) {
  applied(R"({"accounts":[{"name":"acme"}],
      "ingress_gateways":[{"name":"n","account":"acme"}],"egress_gateways":[{"name":"s"}]})");
  store_.reset();
  const auto sentence_after = [&](const char* sql) {
    auto database = Database::open(file(), Database::Access::ReadWrite);
    EXPECT_TRUE(database->run(sql).ok());
    const auto opened = ConfigStore::open(directory_.path());
    return opened.ok() ? "opened" : opened.error().sentence;
  };

  EXPECT_EQ(sentence_after("UPDATE egress_gateways SET transport = 'sctp'"),
            "the stored configuration is damaged: egress_gateway s: transport: \"sctp\" is not "
            "allowed; it must be one of udp, tcp");
  EXPECT_NE(sentence_after("UPDATE egress_gateways SET transport = 'udp', prefix = '[44'")
                .find("prefix: [44 is not allowed"),
            std::string::npos);
  EXPECT_EQ(sentence_after("UPDATE egress_gateways SET prefix = '[]'; DELETE FROM accounts"),
            "the stored configuration is damaged: ingress_gateway n: account: there is no account "
            "with id 1");
  EXPECT_EQ(sentence_after("UPDATE ingress_gateways SET account = NULL"), "opened");
}

TEST_F(ConfigStoreTest, a_database_of_a_newer_version_is_left_alone) {
  store_.reset();
  {
    auto database = Database::open(file(), Database::Access::ReadWrite);
    ASSERT_TRUE(database->run("PRAGMA user_version = 999").ok());
  }

  const auto opened = ConfigStore::open(directory_.path());

  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, ConfigErrorKind::NewerVersion);
  EXPECT_NE(opened.error().sentence.find("newer version"), std::string::npos);
}

TEST(ConfigStoreOpening, a_file_where_the_directory_should_be_is_one_clear_sentence) {
  const test_support::TemporaryDirectory directory;
  std::ofstream(directory.path() / "file") << "x";

  const auto opened = ConfigStore::open(directory.path() / "file");

  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().sentence.find((directory.path() / "file").string()), std::string::npos);
}

TEST(ConfigStoreOpening, a_file_that_is_no_database_is_one_clear_sentence) {
  const test_support::TemporaryDirectory directory;
  std::ofstream(directory.path() / "tandem.db") << std::string(5'000, 'x');

  const auto opened = ConfigStore::open(directory.path());

  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().sentence.find("not a database"), std::string::npos)
      << opened.error().sentence;
}

}  // namespace
}  // namespace tandem::store
