// The configuration in its database: entities, parameters, who changed what; and that what is
// refused changes nothing.
#include <algorithm>
#include <fstream>

#include "shell/store/migrations.h"
#include "shell/store/sqlite.h"
#include "support/config_store_fixture.h"

namespace tandem::store {
namespace {

using directory::TextList;

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
  EXPECT_EQ(store_->list("trunks").error().sentence, "trunks: there is no resource of this name");
  EXPECT_EQ(store_->create("trunks", {}, kAnna).error().kind, ConfigErrorKind::NotFound);
  EXPECT_EQ(store_->update("accounts", 9, {}, std::nullopt, kAnna).error().sentence,
            "there is no account with id 9");
  EXPECT_EQ(store_->remove("accounts", 9, std::nullopt, kAnna).error().kind,
            ConfigErrorKind::NotFound);
  EXPECT_EQ(store_->parameter("SS_NOTHING").error().sentence,
            "SS_NOTHING: there is no parameter of this name");
  EXPECT_EQ(store_->set_parameter("SS_NOTHING", true, kAnna).error().kind,
            ConfigErrorKind::NotFound);
}

// ---- parameters

TEST_F(ConfigStoreTest, parameters_keep_who_set_them_and_their_history) {
  ASSERT_TRUE(store_->set_parameter("SS_SIP_T1", std::int64_t{250}, kAnna).ok());
  const auto set = store_->set_parameter("ss_sip_t1", std::string(" 0300 "), kBert);
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->value, "300");
  EXPECT_EQ(set->last.user, "bert");
  EXPECT_EQ(set->last.number, 2u);
  ASSERT_TRUE(store_->set_parameter("SS_SIP_T1", {}, kAnna).ok());
  open();

  const auto past = store_->parameter_history("SS_SIP_T1");
  const auto now = store_->parameter("SS_SIP_T1");

  ASSERT_EQ(past->size(), 3u);
  EXPECT_EQ(past->at(0).before, "300");
  EXPECT_EQ(past->at(0).after, std::nullopt);
  EXPECT_EQ(past->at(1).change.user, "bert");
  EXPECT_EQ(past->at(1).change.time_ms, 2'000);
  EXPECT_EQ(past->at(1).change.number, 2u);
  EXPECT_EQ(past->at(1).change.origin, "cli");
  EXPECT_EQ(past->at(1).change.comment, "as agreed");
  EXPECT_EQ(past->at(2).before, std::nullopt);
  EXPECT_EQ(now->value, "500");
  EXPECT_FALSE(now->is_set);
  EXPECT_EQ(now->last.number, 3u) << "the way back to the default is a change too";
  EXPECT_EQ(now->last.user, "anna");
  EXPECT_EQ(store_->parameter("SS_SIP_T2")->last.number, 0u);
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

TEST_F(ConfigStoreTest, what_acts_after_a_restart_is_compiled_as_it_was_at_the_start) {
  store_->hold(*store_->restart_values());
  ASSERT_TRUE(store_->set_parameter("SS_SIP_T1", std::int64_t{250}, kAnna).ok());
  ASSERT_TRUE(store_->set_parameter("SS_SIP_CANCEL_WAIT", std::int64_t{16}, kAnna).ok());

  EXPECT_TRUE(store_->parameter("SS_SIP_T1")->waits);
  EXPECT_FALSE(store_->parameter("SS_SIP_CANCEL_WAIT")->waits);
  EXPECT_EQ((*store_->compile())->parameters().sip_t1, milliseconds{500});
  EXPECT_EQ((*store_->compile())->parameters().sip_cancel_wait, seconds{16});
  ASSERT_TRUE(store_->set_parameter("SS_SIP_T1", {}, kAnna).ok());
  EXPECT_FALSE(store_->parameter("SS_SIP_T1")->waits);
  ASSERT_TRUE(store_->set_parameter("SS_SIP_T1", std::int64_t{300}, kAnna).ok());
  open();
  EXPECT_EQ((*store_->compile())->parameters().sip_t1, milliseconds{300});
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

  const auto rows = store_->changes({});

  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 13u) << "3 + 4 created, 1 parameter, 2 updated, 3 removed";
  const AuditRow& removed = rows->at(0);
  EXPECT_EQ(removed.object, "ingress_gateway north");
  EXPECT_EQ(removed.field, "remote_ips");
  EXPECT_EQ(removed.before, "127.0.0.2");
  EXPECT_EQ(removed.after, "");
  EXPECT_EQ(rows->at(1).field, "password");
  EXPECT_EQ(rows->at(1).before, kHiddenSecret);
  const AuditRow& prefix = rows->at(3);
  EXPECT_EQ(prefix.object, "egress_gateway south");
  EXPECT_EQ(prefix.field, "prefix");
  EXPECT_EQ(prefix.before, "\"\"");
  EXPECT_EQ(prefix.after, "44,49");
  EXPECT_EQ(prefix.change.user, "bert");
  EXPECT_EQ(prefix.change.number, 2u);
  EXPECT_EQ(rows->at(5).object, "parameter SS_SIP_T1");
  EXPECT_EQ(rows->at(5).change.address, "127.0.0.1");
  const auto older = store_->changes({.before = rows->at(5).id, .count = 2});
  ASSERT_EQ(older->size(), 2u);
  EXPECT_EQ(older->at(0).id, rows->at(6).id);
  EXPECT_EQ(store_->changes({.parameters_only = true})->size(), 1u);
  EXPECT_EQ(store_->changes({.number = 3})->size(), 3u);
  EXPECT_EQ(store_->changes({.since_ms = 2'000})->size(), 5u);
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
    // Columns of later migrations stand at the end of their table.
    std::sort(columns.begin(), columns.end());
    std::sort(expected.begin(), expected.end());
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
  ASSERT_TRUE(
      other
          ->run("CREATE TRIGGER full BEFORE INSERT ON change_fields WHEN NEW.field = 'memo' "
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
            "allowed; it must be one of udp, tcp, tls, wss");
  EXPECT_NE(sentence_after("UPDATE egress_gateways SET transport = 'udp', prefix = '[44'")
                .find("prefix: [44 is not allowed"),
            std::string::npos);
  EXPECT_EQ(sentence_after("UPDATE egress_gateways SET prefix = '[]'; DELETE FROM accounts"),
            "the stored configuration is damaged: ingress_gateway n: account: there is no account "
            "with id 1");
  EXPECT_EQ(sentence_after("UPDATE ingress_gateways SET account = NULL"), "opened");
}

TEST_F(ConfigStoreTest, what_was_changed_before_changes_had_a_head_keeps_its_author) {
  const test_support::TemporaryDirectory directory;
  {
    auto database = Database::open(directory.path() / "tandem.db", Database::Access::ReadWrite);
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE(migrate(*database, {config_migrations().front()}).ok());
    ASSERT_TRUE(database
                    ->run("INSERT INTO parameters VALUES ('SS_SIP_T1', '250', 1000, 'anna');"
                          "INSERT INTO parameter_history VALUES (1, 'SS_SIP_T1', NULL, '250', 1000,"
                          " 'anna', 1);"
                          "INSERT INTO changes VALUES (1, 1000, 'anna', '127.0.0.1',"
                          " 'parameter SS_SIP_T1', 'value', '500', '250', 1);"
                          "UPDATE counters SET value = 1 WHERE name = 'directory_number';")
                    .ok());
  }
  const auto store = ConfigStore::open(directory.path());
  ASSERT_TRUE(store.ok()) << store.error().sentence;

  EXPECT_EQ((*store)->parameter("SS_SIP_T1")->value, "250");
  EXPECT_EQ((*store)->parameter("SS_SIP_T1")->last.user, "anna");
  EXPECT_EQ((*store)->parameter_history("SS_SIP_T1")->at(0).change.time_ms, 1'000);
  EXPECT_EQ((*store)->changes({})->at(0).change.address, "127.0.0.1");
  ASSERT_TRUE((*store)->undo_change(1, Mode::Apply, kBert).ok());
  EXPECT_EQ((*store)->parameter("SS_SIP_T1")->value, "500");
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
