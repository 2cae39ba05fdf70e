// The configuration of earlier numbers, and of changes that are only thought of.
#include "support/config_store_fixture.h"

namespace tandem::store {
namespace {

using directory::TextList;

class PastTest : public ConfigStoreTest {
 protected:
  std::int64_t create(const char* resource, directory::Fields fields) {
    const auto made = store_->create(resource, fields, kAnna);
    EXPECT_TRUE(made.ok());
    return made->id;
  }
  void change(const char* resource, std::int64_t id, directory::Fields fields) {
    EXPECT_TRUE(store_->update(resource, id, fields, std::nullopt, kAnna).ok());
  }
};

// "north(acme,secret) -> south:44,49 ..." of what a test changes.
std::string shown(const directory::Directory& directory) {
  std::string text = std::to_string(directory.number()) + " t1=" +
                     std::to_string(directory.parameters().sip_t1.count());
  for (const auto& gateway : directory.ingress_gateways()) {
    const auto* account = directory.account(gateway.account);
    text += ' ' + gateway.name + '(' + (account == nullptr ? "" : account->name) + ',' +
            gateway.password + ')';
  }
  for (const auto& gateway : directory.egress_gateways()) {
    text += ' ' + gateway.name + ':';
    for (const std::string_view prefix : gateway.prefixes) text.append(prefix).append(",");
  }
  return text;
}

TEST_F(PastTest, every_number_has_the_configuration_it_had) {
  std::vector<std::string> then{shown(**store_->compile())};
  const auto note = [&] { then.push_back(shown(**store_->compile())); };
  const std::int64_t acme = create("accounts", {{"name", std::string("acme")}});
  note();
  const std::int64_t north =
      create("ingress_gateways", {{"name", std::string("north")},
                                  {"account", std::string("acme")},
                                  {"password", std::string("first")},
                                  {"remote_ips", TextList{"127.0.0.2"}}});
  note();
  const std::int64_t south =
      create("egress_gateways", {{"name", std::string("south")}, {"prefix", TextList{"44"}}});
  note();
  change("egress_gateways", south, {{"prefix", TextList{"44", "49"}}});
  note();
  change("accounts", acme, {{"name", std::string("renamed")}});
  note();
  ASSERT_TRUE(store_->set_parameter("SS_SIP_T1", std::int64_t{250}, kAnna).ok());
  note();
  change("ingress_gateways", north, {{"password", std::string("second")}, {"account", {}}});
  note();
  ASSERT_TRUE(store_->remove("egress_gateways", south, std::nullopt, kAnna).ok());
  note();
  ASSERT_TRUE(store_->undo_change(8, Mode::Apply, kBert).ok());
  note();
  ASSERT_TRUE(store_->undo_parameter("SS_SIP_T1", Mode::Apply, kBert).ok());
  note();

  ASSERT_EQ(then.size(), 11u);
  EXPECT_NE(then[4].find("(acme,first) south:44,49,"), std::string::npos) << then[4];
  for (std::uint64_t number = 0; number < then.size(); ++number) {
    const auto past = store_->compile_at(number);
    ASSERT_TRUE(past.ok()) << past.error().sentence;
    EXPECT_EQ(shown(**past), then[number]);
  }
  EXPECT_EQ(shown(**store_->compile()), then.back()) << "looking back changes nothing";
}

TEST_F(PastTest, a_number_that_was_never_given_is_not_there) {
  const auto past = store_->compile_at(3);

  ASSERT_FALSE(past.ok());
  EXPECT_EQ(past.error().kind, ConfigErrorKind::NotFound);
  EXPECT_EQ(past.error().sentence,
            "there is no configuration 3 yet; the newest has the number 0");
}

TEST_F(PastTest, what_a_document_would_make_is_compiled_and_not_stored) {
  const std::int64_t south =
      create("egress_gateways", {{"name", std::string("south")}, {"prefix", TextList{"44"}}});
  const std::string before = shown(**store_->compile());
  Document document;
  document.sections.push_back(
      {"egress_gateways",
       {{{"name", std::string("south")}, {"prefix", TextList{"1"}}},
        {{"name", std::string("east")}, {"prefix", TextList{"44"}}}}});
  document.parameters.push_back({"SS_SIP_T1", std::int64_t{250}});

  const auto thought = store_->compile_with(document);

  ASSERT_TRUE(thought.ok());
  EXPECT_EQ(shown(**thought), "1 t1=250 south:1, east:44,");
  EXPECT_EQ(shown(**store_->compile()), before);
  // What is made of it later is not taken for what was thought of.
  change("egress_gateways", south, {{"prefix", TextList{"7"}}});
  EXPECT_EQ(shown(**store_->compile()), "2 t1=500 south:7,");
}

TEST_F(PastTest, a_document_with_a_fault_is_refused_as_applying_it_would_be) {
  Document document;
  document.sections.push_back({"egress_gateways", {{{"name", std::string("a,b")}}}});

  const auto thought = store_->compile_with(document);

  ASSERT_FALSE(thought.ok());
  EXPECT_EQ(thought.error().kind, ConfigErrorKind::Invalid);
  EXPECT_EQ(thought.error().faults.at(0).field, "egress_gateways[0].name");
}

TEST_F(PastTest, directories_share_what_did_not_change) {
  TextList many;
  for (int i = 100'000; i < 200'000; ++i) many.push_back(std::to_string(i));
  create("egress_gateways", {{"name", std::string("south")}, {"prefix", many}});
  const std::int64_t east =
      create("egress_gateways", {{"name", std::string("east")}, {"prefix", TextList{"1"}}});
  const auto before = *store_->compile();

  change("egress_gateways", east, {{"prefix", TextList{"12345"}}});
  const auto after = *store_->compile();

  EXPECT_NE(before, after);
  EXPECT_TRUE(after->egress_gateways()[0].prefixes.shares_with(
      before->egress_gateways()[0].prefixes));
  EXPECT_EQ(after->prefixes().base(), before->prefixes().base());
  directory::PrefixMatches matches;
  after->egress_by_prefix("123456", matches);
  ASSERT_EQ(matches.size(), 2u);
  EXPECT_EQ(matches[0].length, 6u);
  EXPECT_EQ(matches[1].egress[0], 1u);
}

}  // namespace
}  // namespace tandem::store
