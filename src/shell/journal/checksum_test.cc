#include "shell/journal/checksum.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tandem::journal {
namespace {

// Vectors of RFC 3720 appendix B.4.
TEST(Crc32c, gives_the_published_values) {
  const std::string zeros(32, '\0');
  const std::string ones(32, '\xFF');

  EXPECT_EQ(crc32c(0, zeros.data(), zeros.size()), 0x8A9136AAu);
  EXPECT_EQ(crc32c(0, ones.data(), ones.size()), 0x62A8AB43u);
  EXPECT_EQ(crc32c(0, "123456789", 9), 0xE3069283u);
}

TEST(Crc32c, is_the_same_by_table_and_by_instruction_at_every_length) {
  std::mt19937 random(7);
  std::string bytes(2000, '\0');  // several times the pieces taken side by side
  for (char& byte : bytes) byte = static_cast<char>(random());

  for (std::size_t size = 0; size <= bytes.size(); ++size)
    ASSERT_EQ(crc32c(5, bytes.data(), size), crc32c_by_table(5, bytes.data(), size)) << size;
}

TEST(Crc32c, can_be_continued_in_pieces) {
  const std::string bytes = "The journal is written in pieces and read as a whole.";
  const std::uint32_t whole = crc32c(0, bytes.data(), bytes.size());

  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const std::uint32_t first = crc32c(0, bytes.data(), cut);
    EXPECT_EQ(crc32c(first, bytes.data() + cut, bytes.size() - cut), whole);
  }
}

}  // namespace
}  // namespace tandem::journal
