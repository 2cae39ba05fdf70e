#include "base/text_list.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tandem {
namespace {

std::vector<std::string> texts(const TextList& list) {
  std::vector<std::string> all;
  for (const std::string_view text : list) all.emplace_back(text);
  return all;
}

TEST(TextList, gives_back_what_was_put_in) {
  const std::vector<std::string> given = {
      "44", "", std::string(127, 'a'), std::string(128, 'b'), std::string(70'000, 'c'), "49"};

  TextList list;
  for (const std::string& text : given) list.push_back(text);

  EXPECT_EQ(texts(list), given);
  EXPECT_EQ(list.size(), given.size());
  EXPECT_EQ(list.front(), "44");
  EXPECT_EQ(std::ranges::find(list, "49"), std::ranges::next(list.begin(), 5));
  EXPECT_EQ(list, TextList(given));
}

TEST(TextList, an_empty_one_has_nothing) {
  const TextList list;

  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.begin(), list.end());
  EXPECT_EQ(list, TextList(std::vector<std::string>()));
  EXPECT_NE(list, TextList({""}));
}

TEST(TextList, a_copy_shares_until_one_of_them_changes) {
  const TextList first = {"1", "2"};
  TextList second = first;
  EXPECT_TRUE(second.shares_with(first));

  second.push_back("3");

  EXPECT_FALSE(second.shares_with(first));
  EXPECT_EQ(texts(first), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(texts(second), (std::vector<std::string>{"1", "2", "3"}));
}

TEST(TextList, lists_are_equal_by_their_texts_not_by_their_bytes_alone) {
  EXPECT_EQ(TextList({"1", "23"}), TextList({"1", "23"}));
  EXPECT_NE(TextList({"1", "23"}), TextList({"12", "3"}));
  EXPECT_NE(TextList({"1"}), TextList({"1", ""}));
  EXPECT_EQ(TextList(3, "x"), TextList({"x", "x", "x"}));
}

}  // namespace
}  // namespace tandem
