#include "base/address.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/assert.h"
#include "base/text.h"

namespace tandem {
namespace {

constexpr std::size_t kLongest = 48;  // "[" + eight groups + "]" and a little
constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// Four decimal numbers without leading zeros: "010" is eight to some readers and ten to others.
std::optional<std::uint32_t> parse_v4(std::string_view text) {
  std::uint32_t value = 0;
  std::uint32_t octet = 0;
  int digits = 0;
  int dots = 0;
  for (const char c : text) {
    if (c == '.') {
      if (digits == 0 || ++dots > 3) return std::nullopt;
      value = value << 8 | octet;
      octet = 0;
      digits = 0;
      continue;
    }
    const bool leading_zero = digits != 0 && octet == 0;
    if (c < '0' || c > '9' || leading_zero) return std::nullopt;
    octet = octet * 10 + std::uint32_t(c - '0');
    if (octet > 255) return std::nullopt;
    ++digits;
  }
  if (dots != 3 || digits == 0) return std::nullopt;
  return value << 8 | octet;
}

std::optional<std::uint16_t> parse_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Groups {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t count = 0;

  bool add(std::uint32_t value, std::size_t size) {
    if (count + size > bytes.size()) return false;
    for (std::size_t i = size; i-- > 0;) bytes[count++] = std::uint8_t(value >> (8 * i));
    return true;
  }
};

// "2001:db8", "1:2:192.0.2.1", "": groups between colons, a dotted quad only as the last one.
bool parse_groups(std::string_view text, bool last_part, Groups& groups) {
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const bool last = colon == std::string_view::npos;
    const std::string_view group = text.substr(0, colon);
    if (last && last_part && group.find('.') != std::string_view::npos) {
      const auto quad = parse_v4(group);
      return quad && groups.add(*quad, 4);
    }
    const auto value = parse_group(group);
    if (!value || !groups.add(*value, 2)) return false;
    if (last) return true;
    text.remove_prefix(colon + 1);
    if (text.empty()) return false;
  }
  return true;
}

// RFC 4291 §2.2.
std::optional<std::array<std::uint8_t, 16>> parse_v6(std::string_view text) {
  const std::size_t gap = text.find("::");
  Groups head;
  if (gap == std::string_view::npos) {
    if (!parse_groups(text, true, head) || head.count != 16) return std::nullopt;
    return head.bytes;
  }
  Groups tail;
  if (!parse_groups(text.substr(0, gap), false, head)) return std::nullopt;
  if (!parse_groups(text.substr(gap + 2), true, tail)) return std::nullopt;
  if (head.count + tail.count > 14) return std::nullopt;  // "::" stands for at least one group
  std::copy_n(tail.bytes.begin(), tail.count, head.bytes.end() - std::ptrdiff_t(tail.count));
  return head.bytes;
}

char* write_v4(char* to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    const std::uint32_t octet = value >> shift & 0xff;
    if (octet >= 100) *to++ = char('0' + octet / 100);
    if (octet >= 10) *to++ = char('0' + octet / 10 % 10);
    *to++ = char('0' + octet % 10);
    if (shift > 0) *to++ = '.';
  }
  return to;
}

// RFC 5952: lower case, the longest run of at least two zero groups (the first of equals) as "::".
char* write_v6(char* to, char* end, const std::array<std::uint8_t, 16>& bytes) {
  std::array<std::uint16_t, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i)
    groups[i] = std::uint16_t(bytes[2 * i] << 8 | bytes[2 * i + 1]);

  std::size_t gap = 8;
  std::size_t gap_size = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t size = 0;
    while (i + size < 8 && groups[i + size] == 0) ++size;
    if (size > gap_size) gap = i, gap_size = size;
    i += size;
  }

  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      *to++ = ':';
      *to++ = ':';
      i += gap_size - 1;
      continue;
    }
    if (i > 0 && i != gap + gap_size) *to++ = ':';
    to = std::to_chars(to, end, groups[i], 16).ptr;
  }
  return to;
}

// The two ends of the block of `address` whose first `bits` bits are fixed.
AddressRange block(const IpAddress& address, int bits) {
  std::array<std::uint8_t, 16> first = address.bytes();
  std::array<std::uint8_t, 16> last = first;
  for (std::size_t i = 0; i < 16; ++i) {
    const int fixed = std::clamp(bits - int(i) * 8, 0, 8);
    const auto free = std::uint8_t(0xff >> fixed);
    first[i] = std::uint8_t(first[i] & ~free);
    last[i] = std::uint8_t(last[i] | free);
  }
  return {IpAddress::v6(first), IpAddress::v6(last)};
}

}  // namespace

IpAddress IpAddress::v4(std::uint32_t host_order) {
  IpAddress address;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes_.begin());
  for (std::size_t i = 0; i < 4; ++i)
    address.bytes_[12 + i] = std::uint8_t(host_order >> (24 - 8 * i));
  address.family_ = 4;
  return address;
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& network_order) {
  IpAddress address;
  address.bytes_ = network_order;
  const bool mapped = std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), network_order.begin());
  address.family_ = mapped ? 4 : 6;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  const bool brackets = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (brackets) text = text.substr(1, text.size() - 2);
  if (text.find(':') != std::string_view::npos) {
    const auto bytes = parse_v6(text);
    return bytes ? std::optional(v6(*bytes)) : std::nullopt;
  }
  const auto value = brackets ? std::nullopt : parse_v4(text);
  return value ? std::optional(v4(*value)) : std::nullopt;
}

bool IpAddress::is_any() const {
  if (is_v4()) return v4_host_order() == 0;
  return is_v6() && bytes_ == std::array<std::uint8_t, 16>{};
}

bool IpAddress::is_loopback() const {
  if (is_v4()) return bytes_[12] == 127;
  return is_v6() && bytes_[15] == 1 &&
         std::all_of(bytes_.begin(), bytes_.end() - 1, [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_private() const {
  if (is_v4()) {
    const std::uint32_t value = v4_host_order();
    const auto within = [value](std::uint32_t network, int bits) {
      return value >> (32 - bits) == network >> (32 - bits);
    };
    return within(0x0a000000, 8) || within(0xac100000, 12) || within(0xc0a80000, 16) ||
           within(0x64400000, 10) || within(0xa9fe0000, 16);
  }
  return is_v6() &&
         ((bytes_[0] & 0xfe) == 0xfc || (bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80));
}

std::uint32_t IpAddress::v4_host_order() const {
  TANDEM_ASSERT(is_v4(), "the IPv4 value of an address that is none");
  std::uint32_t value = 0;
  for (std::size_t i = 12; i < 16; ++i) value = value << 8 | bytes_[i];
  return value;
}

std::string IpAddress::text() const {
  std::array<char, kLongest> room;
  return {room.data(), write(room.data(), room.data() + room.size(), false)};
}

char* IpAddress::write(char* to, char* end, bool brackets) const {
  if (none()) return to;
  if (end - to < std::ptrdiff_t(kLongest)) {
    // Short of room for the worst case: made aside, and copied when it fits.
    std::array<char, kLongest> room;
    const char* const made = write(room.data(), room.data() + room.size(), brackets);
    TANDEM_ASSERT(made - room.data() <= end - to, "no room for the text of an address");
    return std::copy(static_cast<const char*>(room.data()), made, to);
  }
  if (is_v4()) return write_v4(to, v4_host_order());
  if (brackets) *to++ = '[';
  to = write_v6(to, end, bytes_);
  if (brackets) *to++ = ']';
  return to;
}

std::optional<Endpoint> Endpoint::parse(std::string_view text, std::uint16_t default_port) {
  // Unbracketed IPv6 has several colons and no port: the last group cannot be told from one.
  const std::size_t closing = text.find(']');
  const std::size_t colon =
      closing != std::string_view::npos ? text.find(':', closing) : text.find(':');
  const bool bare_v6 = closing == std::string_view::npos && colon != text.rfind(':');
  std::uint16_t port = default_port;
  if (colon != std::string_view::npos && !bare_v6) {
    const auto number = to_number<std::uint16_t>(text.substr(colon + 1));
    if (!number) return std::nullopt;
    port = *number;
    text = text.substr(0, colon);
  }
  const auto ip = IpAddress::parse(text);
  return ip ? std::optional(Endpoint{*ip, port}) : std::nullopt;
}

std::string Endpoint::text() const {
  std::array<char, kLongest + 8> room;
  char* const end = room.data() + room.size();
  char* to = ip.write(room.data(), end, true);
  *to++ = ':';
  to = std::to_chars(to, end, port).ptr;
  return {room.data(), to};
}

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    const auto first = IpAddress::parse(text.substr(0, dash));
    const auto last = IpAddress::parse(text.substr(dash + 1));
    if (!first || !last || first->is_v4() != last->is_v4() || *last < *first) return std::nullopt;
    return AddressRange{*first, *last};
  }
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return AddressRange{*address, *address};

  const auto bits = to_number<std::uint8_t>(text.substr(slash + 1));
  const bool dotted = text.find(':') == std::string_view::npos;
  if (!bits || *bits > (dotted ? 32 : 128)) return std::nullopt;
  const AddressRange range = block(*address, dotted ? *bits + 96 : *bits);
  if (range.first.is_v4() != range.last.is_v4()) return std::nullopt;
  return range;
}

int AddressRange::common_prefix_bits() const {
  for (std::size_t i = 0; i < 16; ++i) {
    const auto different = std::uint8_t(first.bytes()[i] ^ last.bytes()[i]);
    if (different != 0) return int(i) * 8 + std::countl_zero(different);
  }
  return 128;
}

}  // namespace tandem
