// The hash functions of digest authentication (RFC 7616, RFC 8760) as text of hexadecimal digits. They
// only compute (docs/adr/0013); a Hasher keeps what makes the next one quick.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>

namespace tandem {

enum class HashKind : std::uint8_t { Sha512_256, Sha256, Md5 };
inline constexpr std::size_t kHashKinds = 3;

struct HashText {
  std::array<char, 64> digits{};
  std::uint8_t size = 0;
  std::string_view view() const { return {digits.data(), size}; }
};

class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  // Of the pieces one after the other, in lower case.
  HashText hex(HashKind kind, std::initializer_list<std::string_view> pieces);
  // The same of a text that is no secret and comes again and again: the newest is remembered.
  HashText hex_again(HashKind kind, std::initializer_list<std::string_view> pieces);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

// Takes the same time wherever the texts differ; their lengths are no secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace tandem
