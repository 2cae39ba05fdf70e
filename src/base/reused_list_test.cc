#include "base/reused_list.h"

#include <gtest/gtest.h>

#include <string>

namespace tandem {
namespace {

TEST(ReusedList, holds_what_was_added_since_it_was_emptied) {
  ReusedList<std::string> list;
  EXPECT_TRUE(list.empty());
  list.add() = "one";
  list.add() = "two";
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1], "two");
  list.clear();
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.begin(), list.end());
  list.add() = "three";
  std::string all;
  for (const std::string& each : list) all += each + ' ';
  EXPECT_EQ(all, "three ");
}

TEST(ReusedList, elements_keep_their_memory) {
  ReusedList<std::string> list;
  list.add().assign(1'000, 'x');
  const char* const where = list[0].data();
  list.clear();
  std::string& again = list.add();
  again.assign(900, 'y');
  EXPECT_EQ(again.data(), where);
}

TEST(ReusedList, lets_go_what_only_a_crowd_needed) {
  ReusedList<std::string> list;
  for (int i = 0; i < 10'000; ++i) list.add().assign(100, 'x');
  list.clear();
  int held = 0;
  for (int i = 0; i < 10'000; ++i) held += list.add().capacity() >= 100;
  EXPECT_GT(held, 0);
  EXPECT_LT(held, 1'000);
}

}  // namespace
}  // namespace tandem
