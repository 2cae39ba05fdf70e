// The names that nearly every message has, told by a few comparisons of words: inline, as each line of
// each message passes here.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/sip/header_id.h"
#include "core/sip/header_table.h"

namespace tandem::sip {
namespace usual {

// What nearly every message has, by first letter; those that share one in the order they are tried.
inline constexpr std::array kUsual{
    HeaderId::Via,         HeaderId::From,          HeaderId::To,        HeaderId::CallId,
    HeaderId::CSeq,        HeaderId::Contact,       HeaderId::ContentLength,
    HeaderId::ContentType, HeaderId::MaxForwards,   HeaderId::UserAgent, HeaderId::Allow,
    HeaderId::Supported,   HeaderId::Server,        HeaderId::RecordRoute,
};
struct UsualLine {
  std::uint64_t begin = 0, begin_mask = 0;  // of the first eight bytes
  std::uint64_t end = 0;                    // the last eight of "Name:", when it has more
  std::size_t size = 0;                     // of "Name:"
  HeaderId id{};
};
struct Usual {
  std::array<std::uint8_t, 33> first{};  // by letter: where its lines begin
  std::array<UsualLine, kUsual.size()> lines{};
};
constexpr std::uint64_t word_at(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8 && at + i < text.size(); ++i) {
    word |= std::uint64_t(static_cast<unsigned char>(text[at + i])) << (8 * i);
  }
  return word;
}
constexpr Usual make_usual() {
  Usual usual;
  std::uint8_t count = 0;
  for (std::size_t letter = 0; letter < 32; ++letter) {
    usual.first[letter] = count;
    for (const HeaderId id : kUsual) {
      const std::string_view name = row_of(id).name;
      if ((std::size_t(name.front()) & 31) != letter) continue;
      std::array<char, 32> text{};
      for (std::size_t i = 0; i < name.size(); ++i) text[i] = name[i];
      text[name.size()] = ':';
      const std::string_view begin(text.data(), name.size() + 1);
      UsualLine& line = usual.lines[count++];
      line.id = id;
      line.size = begin.size();
      line.begin = word_at(begin, 0);
      line.begin_mask = begin.size() >= 8 ? ~std::uint64_t{} : (std::uint64_t{1} << (8 * begin.size())) - 1;
      if (begin.size() > 8) line.end = word_at(begin, begin.size() - 8);
    }
  }
  usual.first[32] = count;
  return usual;
}
inline constexpr Usual kUsualLines = make_usual();

}  // namespace usual

// Its contract stands in header_id.h.
inline HeaderId usual_header(std::string_view line, std::size_t& size) {
  constexpr std::size_t kMost = 16;  // of "Content-Length:" and all others
  if (std::endian::native != std::endian::little || line.size() < kMost) return HeaderId::Unknown;
  std::uint64_t begin;
  std::memcpy(&begin, line.data(), sizeof begin);
  const std::size_t letter = std::size_t(line.front()) & 31;
  for (std::size_t i = usual::kUsualLines.first[letter]; i != usual::kUsualLines.first[letter + 1]; ++i) {
    const usual::UsualLine& each = usual::kUsualLines.lines[i];
    if ((begin & each.begin_mask) != each.begin) continue;
    if (each.size > 8) {
      std::uint64_t end;
      std::memcpy(&end, line.data() + each.size - 8, sizeof end);
      if (end != each.end) continue;
    }
    size = each.size - 1;
    return each.id;
  }
  return HeaderId::Unknown;
}

}  // namespace tandem::sip
