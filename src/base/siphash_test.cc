#include "base/siphash.h"

#include <gtest/gtest.h>

#include <string>

namespace tandem {
namespace {

// The vector of the paper: key 00 01 .. 0f, text 00 01 .. 0e.
TEST(SipHash, IsTheTwoFourOfThePaper) {
  std::string text;
  for (int i = 0; i < 15; ++i) text += char(i);
  EXPECT_EQ(siphash({0x0706050403020100u, 0x0f0e0d0c0b0a0908u}, {text}), 0xa129ca6149be45e5u);
}

// What CPython, which hashes by SipHash-1-3, says of bytes under the key of nothing but zeros.
TEST(TableHash, IsSipHashOneThree) {
  EXPECT_EQ(table_hash({}, {"a"}), 0x407448d2b89b1813u);
  EXPECT_EQ(table_hash({}, {"12345678"}), 0x3489982430560a87u);
  EXPECT_EQ(table_hash({}, {"sip:14155550100@127.0.10.1"}), 0xf5f222a08e9ab751u);
}

TEST(TableHash, TellsPiecesApart) {
  EXPECT_NE(table_hash({1, 2}, {"ab", "c"}), table_hash({1, 2}, {"a", "bc"}));
  EXPECT_NE(table_hash({1, 2}, {"ab"}), table_hash({1, 2}, {"ab", ""}));
  EXPECT_NE(table_hash({1, 2}, {"ab"}), table_hash({1, 3}, {"ab"}));
}

}  // namespace
}  // namespace tandem
