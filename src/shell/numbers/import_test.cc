#include "shell/numbers/import.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "base/rng.h"
#include "shell/numbers/ported_table.h"
#include "shell/numbers/table_writer.h"

namespace tandem::numbers {
namespace {

using lrn::Answer;
using lrn::Outcome;

class Import : public testing::Test {
 protected:
  Import() {
    folder_ = std::filesystem::temp_directory_path() /
              ("tandem-import-" + std::to_string(::getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  ~Import() override { std::filesystem::remove_all(folder_); }

  Result<ImportReport, std::string> import(const std::string& text, std::size_t at_once = 1000) {
    std::ofstream(list()) << text;
    return import_numbers({.list = list(), .table = table(), .rows_at_once = at_once});
  }
  // Without the folder.
  std::string fault(const std::string& text) {
    const auto done = import(text);
    if (done.ok()) return "none";
    return done.error().substr(folder_.string().size() + 1);
  }
  std::filesystem::path list() const { return folder_ / "list.csv"; }
  std::filesystem::path table() const { return folder_ / kPortedTableFile; }

  std::filesystem::path folder_;
};

TEST_F(Import, numbers_and_blocks_are_found_again) {
  const auto done = import(
      "number,lrn,state,ocn\n2125550123,2125550199,NY,6529\n212555*;2125550000;NJ\n"
      "2125559\t\tCA\n# a remark\n\n3105550123,3105550123,CA,\"77\"\r\n");

  ASSERT_TRUE(done.ok()) << done.error();
  EXPECT_EQ(done->rows, 4u);
  PortedTable table_file(table());
  const auto index = table_file.current();
  ASSERT_NE(index, nullptr) << table_file.fault();
  EXPECT_EQ(index->answer("2125550123"), (Answer{Outcome::Ported, "2125550199", "NY", "6529"}));
  EXPECT_EQ(index->answer("2125550124"), (Answer{Outcome::Ported, "2125550000", "NJ", ""}));
  EXPECT_EQ(index->answer("2125559001"), (Answer{Outcome::NotPorted, "", "CA", ""}));
  EXPECT_EQ(index->answer("3105550123"), (Answer{Outcome::NotPorted, "3105550123", "CA", "77"}));
  EXPECT_EQ(index->answer("4155550123"), (Answer{Outcome::NotPorted, "", "", ""}));
  EXPECT_EQ(index->answer("x"), (Answer{Outcome::NotPorted, "", "", ""}));
  EXPECT_EQ(index->state_of("212555"), "NJ");
  EXPECT_EQ(index->state_of("212"), "");
}

TEST_F(Import, more_rows_than_are_held_at_once_come_out_in_order) {
  Rng rng({1, 2, 3, 4});
  std::map<std::string, std::string> rows;
  while (rows.size() < 5'000) {
    rows[std::to_string(2'000'000'000 + rng.below(8'000'000'000))] =
        std::to_string(2'120'000'000 + rng.below(50));
  }
  std::string text;
  for (auto each = rows.rbegin(); each != rows.rend(); ++each) {
    text += each->first + ',' + each->second + '\n';
  }

  const auto done = import(text, 700);

  ASSERT_TRUE(done.ok()) << done.error();
  PortedTable table_file(table());
  const auto index = table_file.current();
  ASSERT_NE(index, nullptr);
  EXPECT_EQ(index->rows(), rows.size());
  for (const auto& [number, lrn] : rows) {
    EXPECT_EQ(index->answer(number).lrn, lrn);
    const std::string next = std::to_string(std::stoull(number) + 1);
    if (!rows.contains(next)) {
      EXPECT_EQ(index->answer(next).outcome, Outcome::NotPorted);
    }
  }
}

TEST_F(Import, a_list_with_a_fault_is_refused_as_a_whole_and_the_old_table_stays) {
  ASSERT_TRUE(import("2125550123,2125550199\n").ok());

  EXPECT_EQ(fault("number,lrn\n2125550124,2125550199\n21255x\n"),
            "list.csv:3:1: the number must be 1 to 18 digits, and may end with *");
  EXPECT_EQ(fault("2125550124,+2125550199\n"),
            "list.csv:1:12: the routing number must be 1 to 18 digits, or empty");
  EXPECT_EQ(fault("1,2,NEW YORK CITY\n"),
            "list.csv:1:5: the region must be at most 8 letters, digits or -");
  EXPECT_EQ(fault("1,2,NY,1,x\n"), "list.csv:1:10: there are more than four columns");
  EXPECT_EQ(fault("7,1\n8,1\n7*,2\n"), "list.csv:3:1: 7 stands in line 1 already");
  EXPECT_EQ(fault("# nothing\n"), "list.csv: holds no number");
  EXPECT_EQ(fault(std::string(2000, '1')), "list.csv:1:1024: the line is too long");

  PortedTable table_file(table());
  EXPECT_EQ(table_file.current()->answer("2125550123").lrn, "2125550199");
  EXPECT_FALSE(std::filesystem::exists(table().string() + ".new"));
}

TEST_F(Import, what_was_cut_short_is_removed_and_what_is_being_written_stays) {
  const std::string unfinished = table().string() + ".new";
  std::ofstream(unfinished) << "half";
  remove_unfinished_table(table());
  EXPECT_FALSE(std::filesystem::exists(unfinished));

  TableWriter writer(table(), 1, {});
  ASSERT_TRUE(writer.open());
  remove_unfinished_table(table());
  EXPECT_TRUE(std::filesystem::exists(unfinished));
  TableWriter second(table(), 1, {});
  EXPECT_FALSE(second.open());
}

TEST_F(Import, a_new_table_is_seen_and_the_old_one_lasts_as_long_as_it_is_read) {
  ASSERT_TRUE(import("1,5\n").ok());
  PortedTable table_file(table());
  const auto old = table_file.current();
  EXPECT_EQ(table_file.current(), old) << "mapped once";

  ASSERT_TRUE(import("1,6\n2,6\n").ok());

  EXPECT_EQ(table_file.current()->answer("1").lrn, "6");
  EXPECT_EQ(old->answer("1").lrn, "5");
  std::filesystem::remove(table());
  EXPECT_EQ(table_file.current(), nullptr);
  EXPECT_EQ(table_file.fault(), "");
}

TEST_F(Import, a_damaged_table_is_none) {
  ASSERT_TRUE(import("1,5\n2,6\n").ok());
  const auto size = std::filesystem::file_size(table());
  for (const std::uintmax_t left : {size - 1, size / 2, std::uintmax_t(10), std::uintmax_t(0)}) {
    std::filesystem::resize_file(table(), left);
    PortedTable table_file(table());

    EXPECT_EQ(table_file.current(), nullptr) << left;
    EXPECT_NE(table_file.fault(), "");
  }
}

}  // namespace
}  // namespace tandem::numbers
