#include "shell/trace/capture.h"

#include <algorithm>

#include "base/limits.h"

namespace tandem::trace {
namespace {

constexpr std::uint32_t kSectionBlock = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceBlock = 1;
constexpr std::uint32_t kPacketBlock = 6;
constexpr std::uint32_t kByteOrder = 0x1A2B3C4D;
constexpr std::uint16_t kRawIp = 101;  // LINKTYPE_RAW
constexpr std::uint16_t kCommentOption = 1;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kTcp = 6;
constexpr std::size_t kSegment = 1400;    // of a stream, as a network would cut it
constexpr std::size_t kMostUdp = 65'000;  // fits into a packet of either family

// pcapng is written in the byte order of its writer; ours is little-endian everywhere.
template <class Number>
void put_little(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i) & 0xff);
  }
}

void put_big(std::string& out, std::uint64_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(number >> (8 * i) & 0xff);
}

void set_big16(std::string& text, std::size_t at, std::uint16_t number) {
  text[at] = static_cast<char>(number >> 8);
  text[at + 1] = static_cast<char>(number & 0xff);
}

void pad(std::string& out) { out.append((4 - out.size() % 4) % 4, '\0'); }

void put_block(std::string& out, std::uint32_t type, std::string body) {
  pad(body);
  const auto size = static_cast<std::uint32_t>(body.size() + 12);
  put_little(out, type);
  put_little(out, size);
  out += body;
  put_little(out, size);
}

// RFC 1071.
std::uint16_t checksum(std::string_view bytes, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
    sum += i % 2 == 0 ? byte << 8 : byte;
    sum = (sum & 0xffff) + (sum >> 16);
  }
  sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::string address_bytes(const IpAddress& ip, bool v4) {
  const auto& bytes = ip.bytes();
  const std::string all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return v4 ? all.substr(12) : all;
}

struct Ends {
  Endpoint from;
  Endpoint to;

  bool v4() const { return from.ip.is_v4() && to.ip.is_v4(); }
};

// The sum over what RFC 9293 §3.1 and RFC 8200 §8.1 put before the header.
std::uint32_t pseudo_sum(const Ends& ends, std::uint8_t protocol, std::size_t size) {
  std::string bytes = address_bytes(ends.from.ip, ends.v4()) + address_bytes(ends.to.ip, ends.v4());
  put_big(bytes, size, 4);
  put_big(bytes, protocol, 4);
  return static_cast<std::uint16_t>(~checksum(bytes));
}

std::string ip_packet(const Ends& ends, std::uint8_t protocol, const std::string& inner) {
  std::string packet;
  if (ends.v4()) {
    packet += std::string("\x45\0", 2);
    put_big(packet, 20 + inner.size(), 2);
    packet += std::string("\0\0\x40\0\x40", 5);  // no fragments, 64 hops
    packet += static_cast<char>(protocol);
    put_big(packet, 0, 2);
    packet += address_bytes(ends.from.ip, true) + address_bytes(ends.to.ip, true);
    set_big16(packet, 10, checksum(packet));
  } else {
    put_big(packet, 0x60000000, 4);
    put_big(packet, inner.size(), 2);
    packet += static_cast<char>(protocol);
    packet += '\x40';
    packet += address_bytes(ends.from.ip, false) + address_bytes(ends.to.ip, false);
  }
  return packet + inner;
}

std::string udp_packet(const Ends& ends, std::string_view payload) {
  std::string inner;
  put_big(inner, ends.from.port, 2);
  put_big(inner, ends.to.port, 2);
  put_big(inner, 8 + payload.size(), 2);
  put_big(inner, 0, 2);
  inner += payload;
  const std::uint16_t sum = checksum(inner, pseudo_sum(ends, kUdp, inner.size()));
  set_big16(inner, 6, sum == 0 ? 0xffff : sum);
  return ip_packet(ends, kUdp, inner);
}

struct Segment {
  std::uint32_t position;
  std::uint32_t acknowledged;
  std::string_view payload;
};

std::string tcp_packet(const Ends& ends, const Segment& segment) {
  std::string inner;
  put_big(inner, ends.from.port, 2);
  put_big(inner, ends.to.port, 2);
  put_big(inner, segment.position, 4);
  put_big(inner, segment.acknowledged, 4);
  put_big(inner, 0x5018, 2);  // five words, PSH and ACK
  put_big(inner, 0xffff, 2);
  put_big(inner, 0, 4);
  inner += segment.payload;
  set_big16(inner, 16, checksum(inner, pseudo_sum(ends, kTcp, inner.size())));
  return ip_packet(ends, kTcp, inner);
}

void put_packet(std::string& out, const Entry& entry, const std::string& packet) {
  const auto micros = static_cast<std::uint64_t>(epoch_milliseconds(entry.time)) * 1000;
  std::string body;
  put_little(body, std::uint32_t{0});
  put_little(body, static_cast<std::uint32_t>(micros >> 32));
  put_little(body, static_cast<std::uint32_t>(micros));
  put_little(body, static_cast<std::uint32_t>(packet.size()));
  put_little(body, static_cast<std::uint32_t>(packet.size()));
  body += packet;
  pad(body);
  if (entry.flow_no != 0) {
    const std::string comment = "call " + std::to_string(entry.flow_no);
    put_little(body, kCommentOption);
    put_little(body, static_cast<std::uint16_t>(comment.size()));
    body += comment;
    pad(body);
    put_little(body, std::uint32_t{0});
  }
  put_block(out, kPacketBlock, std::move(body));
}

}  // namespace

void Capture::begin(std::string& out) {
  std::string section;
  put_little(section, kByteOrder);
  put_little(section, std::uint16_t{1});  // version 1.0
  put_little(section, std::uint16_t{0});
  put_little(section, std::int64_t{-1});  // its length is not told
  put_block(out, kSectionBlock, std::move(section));
  std::string interface;
  put_little(interface, kRawIp);
  put_little(interface, std::uint16_t{0});
  put_little(interface, std::uint32_t{0});  // packets are never cut
  put_block(out, kInterfaceBlock, std::move(interface));
}

void Capture::append(std::string& out, const Entry& entry) {
  const auto local = Endpoint::parse(entry.local, 0);
  const auto peer = Endpoint::parse(entry.peer, 0);
  if (!local || !peer) return;
  const Ends ends = entry.sent ? Ends{*local, *peer} : Ends{*peer, *local};
  std::string_view rest = entry.bytes;
  if (entry.transport == "udp") {
    return put_packet(out, entry, udp_packet(ends, rest.substr(0, kMostUdp)));
  }
  if (positions_.size() > kMaxConnections * 2) positions_.clear();
  std::uint32_t& position = positions_.try_emplace({ends.from, ends.to}, 1).first->second;
  const std::uint32_t answered = positions_.try_emplace({ends.to, ends.from}, 1).first->second;
  while (!rest.empty()) {
    const std::string_view piece = rest.substr(0, kSegment);
    put_packet(out, entry, tcp_packet(ends, {position, answered, piece}));
    position += static_cast<std::uint32_t>(piece.size());
    rest.remove_prefix(piece.size());
  }
}

std::string capture_file(const std::vector<Entry>& entries) {
  std::string out;
  Capture::begin(out);
  Capture capture;
  for (const Entry& entry : entries) capture.append(out, entry);
  return out;
}

}  // namespace tandem::trace
