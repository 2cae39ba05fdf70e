#include "base/near_name.h"

#include <gtest/gtest.h>

namespace tandem {
namespace {

TEST(NearName, counts_letters) {
  EXPECT_EQ(letters_between("priority", "priority", 3), 0u);
  EXPECT_EQ(letters_between("Priority", "pRIORITY", 3), 0u);
  EXPECT_EQ(letters_between("priorty", "priority", 3), 1u) << "one left out";
  EXPECT_EQ(letters_between("priiority", "priority", 3), 1u) << "one too many";
  EXPECT_EQ(letters_between("prioroty", "priority", 3), 1u) << "another";
  EXPECT_EQ(letters_between("prioirty", "priority", 3), 1u) << "exchanged";
  EXPECT_EQ(letters_between("capacity", "priority", 3), 4u);
  EXPECT_EQ(letters_between("", "abc", 5), 3u);
  EXPECT_EQ(letters_between("", "", 0), 0u);
  EXPECT_EQ(letters_between(std::string_view("abcdefgh"), "", 3), 4u);
}

TEST(NearName, is_the_nearest_within_a_letter_in_four) {
  NearName near("capacty");
  for (const char* name : {"priority", "capacity_in", "capacity", "capacit"}) near.consider(name);
  EXPECT_EQ(near.nearest(), "capacity") << "the first of two as near";

  NearName none("colour");
  for (const char* name : {"priority", "capacity", "lock"}) none.consider(name);
  EXPECT_EQ(none.nearest(), "");

  NearName tiny("ab");
  tiny.consider("abc");
  EXPECT_EQ(tiny.nearest(), "") << "two letters say too little";
}

TEST(NearName, is_bounded_for_any_text) {
  const std::string_view longest(
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
  NearName near(longest);
  near.consider(longest);
  EXPECT_EQ(near.nearest(), "") << "longer than names are";
}

}  // namespace
}  // namespace tandem
