// Lists of numbers as text, and the files they become.
#include "shell/store/number_import.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "support/config_store_fixture.h"
#include "support/temporary_directory.h"

namespace tandem::store {
namespace {

using How = NumberImportTerms::How;

class NumberImportTest : public ::testing::Test {
 protected:
  NumberImportTerms terms(How how = How::Replace) const {
    return {.how = how, .strip_chars = "-.()", .plus = number::Plus::Strip, .portion = 3};
  }

  // All entries of the file that `text` becomes, in their order, or the fault.
  std::vector<std::string> made_of(std::string_view text, const NumberImportTerms& terms) {
    NumberImport import(directory_.path(), terms);
    import.take(text);
    const auto made = import.finish();
    if (!made.ok()) return {made.error()};
    name_ = made->file;
    return entries();
  }

  std::vector<std::string> entries() {
    std::vector<std::string> list;
    const auto imported = files_.open(name_);
    if (!imported) return {"no file"};
    for (std::size_t i = 0; i < imported->set.size(); ++i) list.push_back(imported->set.entry(i));
    return list;
  }

  std::size_t files() const {
    return std::size_t(std::distance(std::filesystem::directory_iterator(directory_.path()), {}));
  }

  test_support::TemporaryDirectory directory_;
  NumberFiles files_{directory_.path()};
  std::string name_;
};

using List = std::vector<std::string>;

TEST_F(NumberImportTest, entries_are_cleaned_sorted_and_kept_once) {
  EXPECT_EQ(made_of("number;memo\r\n+44 (20) 71;London\n4420*\n\n\"33\",x\n33\n0049\nbob\n#31#\n9\n1",
                    terms()),
            (List{"1", "9", "33", "0049", "4420*", "442071", "#31#", "bob"}));
}

TEST_F(NumberImportTest, pieces_may_end_anywhere) {
  const std::string text = "442071\n4920\r\n33*\n00491\n7";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    NumberImport import(directory_.path(), terms());
    import.take(std::string_view(text).substr(0, cut));
    import.take(std::string_view(text).substr(cut));
    const auto made = import.finish();
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(made->entries, 5u);
    EXPECT_EQ(import.lines(), 5u);
  }
}

TEST_F(NumberImportTest, a_list_with_faults_makes_no_file_and_names_every_place) {
  NumberImport import(directory_.path(), terms());
  import.take("1\n 44@20\n3\n;x\n4420\xc3\xa9\n" + std::string(65, '1') + "\n");

  ASSERT_FALSE(import.finish().ok());

  ASSERT_EQ(import.faults().size(), 4u);
  EXPECT_EQ(import.faults()[0].sentence,
            "line 2, column 2: 44@20: it has a character that is no digit, letter, # * or +");
  EXPECT_EQ(import.faults()[1].sentence,
            "line 4, column 1: ;x: there is no number in the first column");
  EXPECT_EQ(import.faults()[2].value, "4420??");
  EXPECT_EQ(import.faults()[3].sentence, "line 6, column 1: " + std::string(65, '1') +
                                             ": it has more than 64 characters");
  EXPECT_EQ(files(), 0u);
}

TEST_F(NumberImportTest, lists_hold_no_beginnings) {
  auto whole = terms();
  whole.beginnings = false;

  EXPECT_EQ(made_of("1\n4420*\n", whole),
            List{"line 2, column 1: 4420*: a list holds whole numbers, without *"});
}

TEST_F(NumberImportTest, numbers_are_added_to_and_taken_out_of_those_before) {
  made_of("5\n1\nbob\n7\n9\n44*\n", terms());
  auto add = terms(How::Add);
  add.before = files_.open(name_);
  EXPECT_EQ(made_of("7\n2\nalice\n8\n", add),
            (List{"1", "2", "5", "7", "8", "9", "44*", "alice", "bob"}));
  auto remove = terms(How::Remove);
  remove.before = files_.open(name_);

  EXPECT_EQ(made_of("1\n44*\n3\nbob\n9\n", remove), (List{"2", "5", "7", "8", "alice"}));
}

TEST_F(NumberImportTest, makes_what_a_set_of_texts_would_be) {
  std::mt19937_64 random(7);
  std::set<std::string> truth;
  auto many = terms();
  many.portion = 1'000;
  NumberImport import(directory_.path(), many);
  for (int i = 0; i < 20'000; ++i) {
    std::string number = std::to_string(random() % (i % 2 == 0 ? 30'000 : 4'000'000'000));
    if (random() % 5 == 0) number += '*';
    if (random() % 50 == 0) number += 'a';
    truth.insert(number);
    import.take(number + "\n");
  }

  const auto made = import.finish();

  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->entries, truth.size());
  name_ = made->file;
  for (const std::string& entry : entries()) EXPECT_TRUE(truth.contains(entry)) << entry;
}

TEST_F(NumberImportTest, sorting_words_sorts_them) {
  std::mt19937_64 random(3);
  std::vector<std::uint64_t> words;
  for (int i = 0; i < 10'000; ++i) words.push_back(random() >> random() % 60);
  auto sorted = words;
  std::ranges::sort(sorted);

  sort_words(words);

  EXPECT_EQ(words, sorted);
}

TEST_F(NumberImportTest, what_is_given_up_leaves_nothing_behind) {
  NumberImport import(directory_.path(), terms());
  import.take("1\n2\n3\n4\n5\n");
  import.give_up();

  EXPECT_FALSE(import.finish().ok());
  EXPECT_EQ(files(), 0u);
}

TEST_F(NumberImportTest, a_file_is_mapped_once_while_anybody_holds_it) {
  made_of("1\n", terms());

  const auto first = files_.open(name_);
  const auto second = files_.open(name_);

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->owner, second->owner);
  EXPECT_FALSE(files_.open("none.numbers"));
}

TEST_F(NumberImportTest, a_file_of_something_else_is_not_opened) {
  std::ofstream(directory_.path() / "x.numbers") << "nonsense";
  std::ofstream(directory_.path() / "empty.numbers");

  EXPECT_FALSE(files_.open("x.numbers"));
  EXPECT_FALSE(files_.open("empty.numbers"));
}

TEST_F(NumberImportTest, files_nobody_named_for_long_go_with_what_imports_left) {
  made_of("1\n", terms());
  const std::string named = name_;
  made_of("2\n", terms());
  std::ofstream(directory_.path() / "a.draft");
  std::ofstream(directory_.path() / "notes.txt");
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(2);
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
    std::filesystem::last_write_time(entry.path(), old);

  files_.tidy({named}, std::chrono::hours(3));
  EXPECT_EQ(files(), 3u) << "the draft is gone";
  files_.set_aside(name_);
  files_.tidy({named}, std::chrono::hours(1));
  EXPECT_EQ(files(), 3u);
  files_.tidy({named}, std::chrono::hours(0));

  EXPECT_EQ(files(), 2u);
  EXPECT_TRUE(files_.has(named));
}

TEST_F(NumberImportTest, what_is_being_written_stays) {
  auto writer = NumberFileWriter::create(directory_.path());
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ(files(), 1u);

  files_.tidy({}, std::chrono::hours(0));
  EXPECT_EQ(files(), 1u);
  EXPECT_TRUE(writer->finish(std::string(16, '\0')).ok());
}

// ---- in the configuration

TEST_F(ConfigStoreTest, a_group_names_a_file_that_is_there_and_no_other) {
  applied(R"({"number_groups":[{"name":"g"}]})");
  const auto refused = refusal(R"({"number_groups":[{"name":"g","file":"a.numbers"}]})");
  EXPECT_EQ(refused.kind, ConfigErrorKind::Invalid);
  EXPECT_EQ(refused.faults.front().field, "number_groups[0].file");

  NumberImport import(store_->number_files().folder(), {});
  import.take("442071\n");
  const auto made = import.finish();
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(store_->update("number_groups", id("number_groups", "g"), {{"file", made->file}},
                             std::nullopt, kAnna)
                  .ok());

  const auto directory = store_->compile();
  ASSERT_TRUE(directory.ok());
  EXPECT_TRUE((*directory)->number_groups()[0].held->holds("442071"));
  applied(R"({"accounts":[{"name":"acme"}]})");
  EXPECT_EQ((*store_->compile())->number_groups()[0].imported->owner,
            (*directory)->number_groups()[0].imported->owner)
      << "a change elsewhere does not read it again";
}

TEST_F(ConfigStoreTest, a_file_that_went_missing_is_told_and_holds_up_no_start) {
  applied(R"({"number_groups":[{"name":"g"}]})");
  NumberImport import(store_->number_files().folder(), {});
  import.take("1\n");
  const auto made = import.finish();
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(store_->update("number_groups", 1, {{"file", made->file}}, std::nullopt, kAnna).ok());
  std::filesystem::remove(store_->number_files().folder() / made->file);
  open();

  const auto directory = store_->compile();

  ASSERT_TRUE(directory.ok()) << directory.error().sentence;
  EXPECT_TRUE((*directory)->number_groups()[0].broken());
}

TEST_F(ConfigStoreTest, a_list_of_names_follows_a_renamed_entity_and_keeps_it) {
  applied(R"({"number_groups":[{"name":"a"},{"name":"b"}],
    "egress_gateways":[{"name":"s","caller_groups":["b","a"]}]})");
  ASSERT_TRUE(store_->update("number_groups", id("number_groups", "b"),
                             {{"name", std::string("c")}}, std::nullopt, kAnna)
                  .ok());

  EXPECT_EQ(field("egress_gateways", "s", "caller_groups"), "c,a");
  const auto removed = store_->remove("number_groups", id("number_groups", "a"), std::nullopt, kAnna);
  ASSERT_FALSE(removed.ok());
  EXPECT_EQ(removed.error().kind, ConfigErrorKind::InUse);
  EXPECT_FALSE(apply(R"({"egress_gateways":[{"name":"s","caller_groups":["x"]}]})").ok());
  open();
  EXPECT_EQ(field("egress_gateways", "s", "caller_groups"), "c,a");
}

}  // namespace
}  // namespace tandem::store
