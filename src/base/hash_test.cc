#include "base/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace tandem {
namespace {

std::string hash(HashKind kind, std::initializer_list<std::string_view> pieces) {
  Hasher hasher;
  return std::string(hasher.hex(kind, pieces).view());
}

// RFC 1321 A.5, FIPS 180-4 examples.
TEST(Hash, knows_the_values_of_the_standards) {
  EXPECT_EQ(hash(HashKind::Md5, {}), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hash(HashKind::Md5, {"message digest"}), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(hash(HashKind::Sha256, {"abc"}),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash(HashKind::Sha512_256, {"abc"}),
            "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
}

TEST(Hash, of_pieces_is_that_of_the_whole) {
  EXPECT_EQ(hash(HashKind::Md5, {"mess", "", "age digest"}), hash(HashKind::Md5, {"message digest"}));
}

TEST(Hash, forgets_what_it_hashed_before) {
  Hasher hasher;
  const HashText first = hasher.hex(HashKind::Sha256, {"abc"});

  hasher.hex(HashKind::Sha256, {"something else"});

  EXPECT_EQ(hasher.hex(HashKind::Sha256, {"abc"}).view(), first.view());
}

TEST(Hash, of_the_newest_text_is_remembered) {
  Hasher hasher;
  const std::string longer(500, 'x');
  for (const HashKind kind : {HashKind::Md5, HashKind::Sha256, HashKind::Sha512_256}) {
    for (const std::string_view text : {"", "abc", "abc", "abd", "", "ab", longer.c_str(), "ab"}) {
      const std::string_view end = text.substr(text.size() / 2);
      const HashText again = hasher.hex_again(kind, {text.substr(0, text.size() / 2), end});
      EXPECT_EQ(again.view(), hash(kind, {text})) << text;
    }
  }
}

TEST(Hash, texts_are_equal_when_every_character_is) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "xbc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace tandem
