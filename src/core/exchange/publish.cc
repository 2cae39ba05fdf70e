// PUBLISH (RFC 3903) where a device may send it: acknowledged, for phones and gateways that would
// not be quiet otherwise. Nobody can subscribe, so nothing is kept: an entity tag says by itself
// until when it is valid and that it is ours.

#include <charconv>

#include "base/siphash.h"
#include "core/exchange/state.h"
#include "core/leg/writing.h"
#include "core/sip/headers.h"

namespace tandem::exchange {
namespace {

using sip::HeaderId;

constexpr std::size_t kHex = 16;  // digits of each half of a tag

void append_hex(std::string& to, std::uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) to += kDigits[(value >> shift) & 0xf];
}

bool read_hex(std::string_view text, std::uint64_t& value) {
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value, 16);
  return error == std::errc{} && stopped == end && text.size() == kHex;
}

}  // namespace

// The tag of what is published in `message`, valid until then.
std::string Exchange::State::entity_tag(std::uint64_t until) const {
  std::string what(message.request_uri_text());
  what.append("\n").append(message.value(HeaderId::Event)).append("\n");
  append_hex(what, until);
  std::string tag;
  append_hex(tag, until);
  append_hex(tag, siphash({identity.seed[0] ^ 0x7075, identity.seed[1] ^ 0x626c}, {what}));
  return tag;
}

void Exchange::State::on_publish(const sip::Path& path, transaction::ServerId transaction,
                                 std::string_view allow) {
  const directory::Directory& directory = *settings->directory;
  const Terminal terminal = terminal_at(path);
  const directory::Device* from = caller_at(path);
  if (terminal.phone != nullptr) from = terminal.phone;
  const directory::DeviceRules& rules = from != nullptr ? from->rules : directory.default_rules();
  if (!rules.publish) return answer(path, transaction, 405, allow);
  Admission by_password{.status = 401, .back = transactions.answer_path(transaction)};
  const bool proven = terminal.phone == nullptr || vouched_for(terminal, path) ||
                      admit(path, transaction, terminal, terminal.phone->name, by_password);
  if (!proven) return;
  if (message.value(HeaderId::Event).empty()) return answer(path, transaction, 489);

  const auto now_s = std::uint64_t(epoch_milliseconds(now.wall) / 1000);
  const std::string_view known = message.value(HeaderId::SipIfMatch);
  std::uint64_t until = 0;
  const bool ours = read_hex(known.substr(0, kHex), until) && entity_tag(until) == known;
  if (!known.empty() && (!ours || until < now_s)) return answer(path, transaction, 412);
  if (known.empty() && message.body().empty()) return answer(path, transaction, 400);

  const auto longest = std::uint64_t(directory.parameters().sip_publish_expire.count());
  std::uint64_t granted = longest;
  if (message.has(HeaderId::Expires)) {
    const auto asked = sip::parse_delta_seconds(message.value(HeaderId::Expires));
    if (!asked) return answer(path, transaction, 400);
    granted = std::min<std::uint64_t>(*asked, longest);
  }
  const std::string lines = "SIP-ETag: " + entity_tag(now_s + granted) +
                            "\r\nExpires: " + std::to_string(granted) + "\r\n";
  answer(path, transaction, 200, lines);
}

}  // namespace tandem::exchange
