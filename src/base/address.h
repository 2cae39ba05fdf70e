// IP addresses, endpoints and address ranges as values: no name resolution, no sockets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem {

// An IPv4 or IPv6 address. IPv4 is held as ::ffff:a.b.c.d so that a listener on [::] and one on
// 0.0.0.0 name the same peer alike; it is always printed in dotted form.
class IpAddress {
 public:
  constexpr IpAddress() = default;  // "none": neither family; unlike every real address
  static IpAddress v4(std::uint32_t host_order);
  static IpAddress v6(const std::array<std::uint8_t, 16>& network_order);
  // "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; nothing else (no names, no zone).
  static std::optional<IpAddress> parse(std::string_view text);

  bool none() const { return family_ == 0; }
  bool is_v4() const { return family_ == 4; }
  bool is_v6() const { return family_ == 6; }
  bool is_any() const;                  // 0.0.0.0 or ::
  bool is_loopback() const;             // 127/8 or ::1
  bool is_private() const;              // RFC 1918, RFC 6598, fc00::/7, link-local
  std::uint32_t v4_host_order() const;  // requires is_v4()
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }  // v4 is mapped
  std::string text() const;                                             // without brackets
  // Appends the text form to [to, end); IPv6 in brackets when asked; returns the new end.
  char* write(char* to, char* end, bool brackets) const;  // needs at most 48 bytes

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(bytes_, family_);
  }

 private:
  std::array<std::uint8_t, 16> bytes_{};
  std::uint8_t family_ = 0;
};

struct Endpoint {
  IpAddress ip;
  std::uint16_t port = 0;

  // "192.0.2.1:5060", "[2001:db8::1]:5060"; a missing port yields default_port.
  static std::optional<Endpoint> parse(std::string_view text, std::uint16_t default_port);
  bool none() const { return ip.none(); }
  std::string text() const;  // "192.0.2.1:5060", "[2001:db8::1]:5060"

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(ip, port);
  }
};

// A range of addresses of one family, first..last inclusive.
struct AddressRange {
  IpAddress first;
  IpAddress last;

  // "192.0.2.1", "192.0.2.0/24", "192.0.2.1-192.0.2.9", the same for IPv6.
  static std::optional<AddressRange> parse(std::string_view text);
  bool contains(const IpAddress& address) const {
    return first.is_v4() == address.is_v4() && first <= address && address <= last;
  }
  // Number of leading bits the two ends share, of 128 (IPv4 counts its mapped prefix): a longer one
  // is more specific.
  int common_prefix_bits() const;

  friend auto operator<=>(const AddressRange&, const AddressRange&) = default;
};

}  // namespace tandem
