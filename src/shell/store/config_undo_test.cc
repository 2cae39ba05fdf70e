// Changes that are taken back: former values come back as a new change, and nothing is forgotten.
#include <filesystem>
#include <fstream>

#include "shell/store/sqlite.h"
#include "support/config_store_fixture.h"

namespace tandem::store {
namespace {

class UndoTest : public ConfigStoreTest {
 protected:
  std::string value(const char* name) { return store_->parameter(name)->value; }

  void set(const char* name, std::int64_t number) {
    ASSERT_TRUE(store_->set_parameter(name, number, kAnna).ok());
  }
  Result<Plan, ConfigError> undo(const char* name) {
    return store_->undo_parameter(name, Mode::Apply, kBert);
  }
  Result<Plan, ConfigError> undo(std::uint64_t number) {
    return store_->undo_change(number, Mode::Apply, kBert);
  }
};

TEST_F(UndoTest, goes_back_a_change_each_time_and_ends_at_the_default) {
  set("SS_SIP_T1", 250);
  set("SS_SIP_T1", 300);

  ASSERT_TRUE(undo("SS_SIP_T1").ok());
  EXPECT_EQ(value("SS_SIP_T1"), "250");
  ASSERT_TRUE(undo("SS_SIP_T1").ok());
  EXPECT_EQ(value("SS_SIP_T1"), "500");
  EXPECT_FALSE(store_->parameter("SS_SIP_T1")->is_set);
  const auto none = undo("SS_SIP_T1");

  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().kind, ConfigErrorKind::Conflict);
  EXPECT_EQ(none.error().sentence, "SS_SIP_T1 has no change that could be undone");
}

TEST_F(UndoTest, is_a_change_of_its_own_with_its_author_and_what_it_undoes) {
  set("SS_SIP_T1", 250);
  const auto undone = store_->undo_parameter("SS_SIP_T1", Mode::Apply,
                                             {.user = "carl", .address = "", .time_ms = 3'000});
  ASSERT_TRUE(undone.ok());
  EXPECT_EQ(undone->directory_number, 2u);
  EXPECT_EQ(undone->parameters.at(0).after, "500");

  const auto past = store_->parameter_history("SS_SIP_T1");

  ASSERT_EQ(past->size(), 2u);
  EXPECT_EQ(past->at(0).undoes, 1u);
  EXPECT_EQ(past->at(0).change.user, "carl");
  EXPECT_EQ(past->at(0).change.comment, "undo of change 1");
  EXPECT_EQ(past->at(1).after, "250");
}

TEST_F(UndoTest, can_itself_be_undone) {
  set("SS_SIP_T1", 250);
  set("SS_SIP_T1", 300);
  ASSERT_TRUE(undo("SS_SIP_T1").ok());

  ASSERT_TRUE(undo(3).ok());
  EXPECT_EQ(value("SS_SIP_T1"), "300");
  ASSERT_TRUE(undo("SS_SIP_T1").ok()) << "the change counts again";
  EXPECT_EQ(value("SS_SIP_T1"), "250");
}

TEST_F(UndoTest, of_a_change_takes_back_all_of_it) {
  ASSERT_TRUE(
      store_
          ->set_parameters({{"SS_SIP_T1", std::int64_t{250}}, {"SS_SIP_T2", std::int64_t{2'000}}},
                           Mode::Apply, kAnna)
          .ok());
  EXPECT_EQ(*store_->directory_number(), 1u) << "several values, one change";

  const auto shown = store_->undo_change(1, Mode::DryRun, kBert);
  ASSERT_TRUE(shown.ok());
  EXPECT_EQ(shown->parameters.size(), 2u);
  EXPECT_EQ(value("SS_SIP_T2"), "2000");
  ASSERT_TRUE(undo(1).ok());

  EXPECT_EQ(value("SS_SIP_T1"), "500");
  EXPECT_EQ(value("SS_SIP_T2"), "4000");
  EXPECT_EQ(undo(1).error().sentence, "change 1 was taken back already");
}

TEST_F(UndoTest, of_a_change_leaves_out_what_was_taken_back_by_name) {
  ASSERT_TRUE(
      store_
          ->set_parameters({{"SS_SIP_T1", std::int64_t{250}}, {"SS_SIP_T2", std::int64_t{2'000}}},
                           Mode::Apply, kAnna)
          .ok());
  ASSERT_TRUE(undo("SS_SIP_T1").ok());

  const auto last = store_->undo_last(Mode::Apply, kBert);

  ASSERT_TRUE(last.ok()) << last.error().sentence;
  ASSERT_EQ(last->parameters.size(), 1u);
  EXPECT_EQ(value("SS_SIP_T2"), "4000");
  EXPECT_EQ(store_->undo_last(Mode::Apply, kBert).error().kind, ConfigErrorKind::Conflict);
}

TEST_F(UndoTest, of_what_was_changed_again_is_refused_with_the_number_of_that_change) {
  set("SS_SIP_T1", 250);
  set("SS_SIP_T1", 300);

  const auto refused = undo(1);

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ConfigErrorKind::Conflict);
  EXPECT_EQ(refused.error().sentence,
            "SS_SIP_T1 was changed again by change 2; undo that one first, or set the value you "
            "want");
  EXPECT_EQ(refused.error().faults.at(0).field, "SS_SIP_T1");
  EXPECT_EQ(value("SS_SIP_T1"), "300");
}

TEST_F(UndoTest, of_a_change_that_never_was_is_told) {
  EXPECT_EQ(undo(7).error().sentence, "there is no change 7; `tandem changes` lists them");
  EXPECT_EQ(undo(7).error().kind, ConfigErrorKind::NotFound);
}

TEST_F(UndoTest, of_a_document_removes_what_it_made_and_puts_back_what_it_changed) {
  applied(kOperatorsForm);
  applied(R"({"egress_gateways":[{"name":"south","priority":7,"memo":"m"},
              {"name":"west","remote_ips":["192.0.2.1"]}],"parameters":{"SS_SIP_T1":300}})");
  const std::string before = exported();

  ASSERT_TRUE(undo(2).ok());
  EXPECT_EQ(field("egress_gateways", "south", "priority"), "1");
  EXPECT_EQ(field("egress_gateways", "south", "memo"), "");
  EXPECT_FALSE(store_->get("egress_gateways", "west").ok());
  EXPECT_EQ(value("SS_SIP_T1"), "250");
  ASSERT_TRUE(undo(3).ok());

  EXPECT_EQ(exported(), before);
}

TEST_F(UndoTest, makes_a_removed_entity_again_under_its_old_id) {
  applied(R"({"accounts":[{"name":"acme"}]})");
  applied(R"({"ingress_gateways":[{"name":"north","account":"acme","remote_ips":["127.0.0.2"]}]})");
  ASSERT_TRUE(store_->remove("ingress_gateways", 1, std::nullopt, kAnna).ok());
  ASSERT_TRUE(store_->create("ingress_gateways", {{"name", std::string("other")}}, kAnna).ok());

  ASSERT_TRUE(undo(3).ok());
  open();

  EXPECT_EQ(id("ingress_gateways", "north"), 1);
  EXPECT_EQ(store_->get("ingress_gateways", 1)->version, 2);
  EXPECT_EQ(field("ingress_gateways", "north", "account"), "acme");
  const auto next = store_->create("ingress_gateways", {{"name", std::string("new")}}, kAnna);
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->id, 3);
}

TEST_F(UndoTest, of_an_entity_that_was_changed_since_is_refused) {
  applied(kOperatorsForm);
  applied(R"({"egress_gateways":[{"name":"south","priority":2}]})");
  applied(R"({"egress_gateways":[{"name":"south","priority":3,"memo":"m"}]})");

  EXPECT_EQ(undo(2).error().sentence,
            "egress_gateway south: priority was changed again by change 3; undo that one first, or "
            "set the value you want");
  EXPECT_EQ(undo(1).error().kind, ConfigErrorKind::Conflict);
  EXPECT_EQ(field("egress_gateways", "south", "priority"), "3");
}

// ---- secrets

constexpr const char* kSecrets[] = {"first-secret", "second-secret", "third-secret"};

class SecretUndoTest : public UndoTest {
 protected:
  void SetUp() override {
    UndoTest::SetUp();
    applied(R"({"egress_gateways":[{"name":"south","remote_ips":["192.0.2.1"],"auth_user":"u",
                "auth_password":"first-secret"}],
                "phones":[{"name":"1001","password":"second-secret"}],
                "outbound_registrations":[{"name":"o","server":"r.example","user":"u",
                "password":"third-secret"}]})");
  }
  std::vector<std::string> secrets() {
    return {field("egress_gateways", "south", "auth_password"), field("phones", "1001", "password"),
            field("outbound_registrations", "o", "password")};
  }
  void expect_first_secrets() {
    EXPECT_EQ(secrets(), std::vector<std::string>(std::begin(kSecrets), std::end(kSecrets)));
  }
  // Neither in what people read of changes nor anywhere in the file.
  void expect_nothing_in_clear(std::initializer_list<std::string_view> further = {}) {
    std::vector<std::string_view> texts(std::begin(kSecrets), std::end(kSecrets));
    texts.insert(texts.end(), further);
    const auto rows = store_->changes({});
    ASSERT_TRUE(rows.ok());
    for (const AuditRow& row : *rows) {
      for (const std::string_view text : texts) {
        EXPECT_EQ(row.before.find(text), std::string::npos) << row.object << ' ' << row.field;
        EXPECT_EQ(row.after.find(text), std::string::npos) << row.object << ' ' << row.field;
      }
    }
    for (const auto& file : std::filesystem::directory_iterator(directory_.path())) {
      std::ifstream stream(file.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
      for (const std::string_view text : texts)
        EXPECT_EQ(bytes.find(text), std::string::npos) << text << " in " << file.path();
    }
  }
};

TEST_F(SecretUndoTest, puts_changed_passwords_back_and_shows_none) {
  applied(R"({"egress_gateways":[{"name":"south","auth_password":"new-one"}],
              "phones":[{"name":"1001","password":"new-two"}],
              "outbound_registrations":[{"name":"o","password":""}]})");
  const auto shown = store_->undo_change(2, Mode::DryRun, kBert);
  ASSERT_TRUE(shown.ok());
  for (const EntityChange& change : shown->entities) {
    ASSERT_EQ(change.fields.size(), 1u) << change.name;
    EXPECT_EQ(directory::to_text(change.fields[0].after), kHiddenSecret);
  }

  ASSERT_TRUE(undo(2).ok());
  open();

  expect_first_secrets();
  expect_nothing_in_clear({"new-one", "new-two"});
}

TEST_F(SecretUndoTest, makes_removed_entities_again_with_their_passwords) {
  for (const char* resource : {"egress_gateways", "phones", "outbound_registrations"})
    ASSERT_TRUE(store_->remove(resource, 1, std::nullopt, kAnna).ok());

  for (const std::uint64_t number : {4u, 3u, 2u}) ASSERT_TRUE(undo(number).ok());
  open();

  expect_first_secrets();
  expect_nothing_in_clear();
}

TEST_F(SecretUndoTest, removes_what_was_made_and_can_be_taken_back) {
  ASSERT_TRUE(undo(1).ok());
  EXPECT_FALSE(store_->get("phones", "1001").ok());
  EXPECT_FALSE(store_->get("outbound_registrations", "o").ok());

  ASSERT_TRUE(undo(2).ok());
  open();

  expect_first_secrets();
  expect_nothing_in_clear();
}

TEST_F(SecretUndoTest, of_a_password_that_was_changed_again_is_refused_without_telling_it) {
  applied(R"({"phones":[{"name":"1001","password":"new-two"}]})");
  applied(R"({"phones":[{"name":"1001","password":"newer"}]})");

  const auto refused = undo(2);

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().sentence,
            "phone 1001: password was changed again by change 3; undo that one first, or set the "
            "value you want");
  EXPECT_EQ(refused.error().faults.at(0).value, kHiddenSecret);
  expect_nothing_in_clear({"new-two", "newer"});
}

// ---- other fields

TEST_F(UndoTest, keeps_what_a_later_change_did_to_other_fields) {
  applied(kOperatorsForm);
  applied(R"({"egress_gateways":[{"name":"south","priority":2}]})");
  applied(R"({"egress_gateways":[{"name":"south","memo":"m"}]})");

  ASSERT_TRUE(undo(2).ok());

  EXPECT_EQ(field("egress_gateways", "south", "priority"), "1");
  EXPECT_EQ(field("egress_gateways", "south", "memo"), "m");
}

}  // namespace
}  // namespace tandem::store
