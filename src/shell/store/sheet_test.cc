#include "shell/store/sheet.h"

#include <gtest/gtest.h>

#include <random>

namespace tandem::store {
namespace {

// "a|b;c|d" of rows and cells, or the fault.
std::string read(std::string_view text, SheetForm form = SheetForm::Csv) {
  SheetReader reader(text, form);
  std::vector<SheetCell> row;
  std::string all;
  while (reader.next(row)) {
    if (!all.empty()) all += ';';
    for (std::size_t i = 0; i < row.size(); ++i) all += (i == 0 ? "" : "|") + row[i].text;
  }
  if (reader.fault()) return to_text(reader.fault()->place) + ": " + reader.fault()->sentence;
  return all;
}

TEST(Sheet, is_read_as_rfc_4180_says) {
  EXPECT_EQ(read("a,b\r\nc,d\r\n"), "a|b;c|d");
  EXPECT_EQ(read("a,b\nc,d"), "a|b;c|d");
  EXPECT_EQ(read("a,\"b,\"\"x\"\"\ny\"\r\nc,d"), "a|b,\"x\"\ny;c|d");
  EXPECT_EQ(read("a,,\r\n,,b"), "a||;||b");
  EXPECT_EQ(read("a,"), "a|");
  EXPECT_EQ(read("\xef\xbb\xbf" "a,b"), "a|b");
  EXPECT_EQ(read("a\r\n\r\n,\r\nb\r\n"), "a;b") << "rows without text are passed over";
  EXPECT_EQ(read("a\tb,c", SheetForm::Tsv), "a|b,c");
  EXPECT_EQ(read("\"a\t\"b\"", SheetForm::Tsv), "\"a|\"b\"") << "quotes are text there";
  EXPECT_EQ(read(""), "");
}

TEST(Sheet, faults_have_their_place) {
  EXPECT_EQ(read("a,b\r\nc,\"d"), "line 2, column 3: a quote that is not closed");
  EXPECT_EQ(read("\"a\nb\",\"c\"x"), "line 2, column 7: text behind the closing quote of a cell");
}

TEST(Sheet, cells_know_where_they_stand) {
  SheetReader reader("name,prefix\r\n\"south\ncoast\",44\r\neast,\"4,9\"\r\n", SheetForm::Csv);
  std::vector<SheetCell> row;
  ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(to_text(row[1].place), "line 1, column 6");
  ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(to_text(row[1].place), "line 3, column 8");
  ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(to_text(row[0].place), "line 4, column 1");
}

TEST(Sheet, what_was_written_is_read_again) {
  std::mt19937 random(3);
  constexpr std::string_view kCharacters = "ab,\"\n\r\t ;";
  for (int round = 0; round < 500; ++round) {
    std::vector<std::vector<std::string>> rows(1 + random() % 4);
    std::string text;
    for (auto& row : rows) {
      row.assign(3, {});
      for (std::string& cell : row)
        for (auto length = random() % 5; length > 0; --length)
          cell += kCharacters[random() % kCharacters.size()];
      row[0] += 'x';
      append_row(text, row, SheetForm::Csv);
    }
    SheetReader reader(text, SheetForm::Csv);
    std::vector<SheetCell> row;
    for (const auto& expected : rows) {
      ASSERT_TRUE(reader.next(row)) << text;
      ASSERT_EQ(row.size(), 3u);
      for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(row[i].text, expected[i]);
    }
    EXPECT_FALSE(reader.next(row));
    EXPECT_FALSE(reader.fault());
  }
}

}  // namespace
}  // namespace tandem::store
