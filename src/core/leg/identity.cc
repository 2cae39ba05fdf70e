#include "core/leg/identity.h"

#include "core/sip/uri.h"

namespace tandem::leg {
namespace {

using directory::IdentityHeader;
using directory::NumberDisplay;
using directory::PrivacyHeader;
using facts::PrivacyWish;

// RFC 3323 §4.1.1.3.
constexpr std::string_view kNobody = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";

bool lists_id(std::string_view privacy) {
  while (!privacy.empty()) {
    const std::size_t end = std::min(privacy.find(';'), privacy.size());
    std::string_view value = privacy.substr(0, end);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
    if (value.size() == 2 && (value[0] | 0x20) == 'i' && (value[1] | 0x20) == 'd') return true;
    privacy.remove_prefix(std::min(end + 1, privacy.size()));
  }
  return false;
}

}  // namespace

void append_quotable(std::string& to, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') to += '\\';
    const bool in_line = static_cast<unsigned char>(c) >= ' ' && c != '\x7f';
    to += in_line ? c : ' ';
  }
}

bool is_number(std::string_view user) {
  for (const char c : user) {
    if ((c < '0' || c > '9') && c != '+' && c != '*' && c != '#') return false;
  }
  return !user.empty();
}

void append_address_uri(std::string& to, std::string_view user, std::string_view host_port,
                        bool user_phone) {
  to += "sip:";
  sip::append_escaped_user(to, user);
  if (!user.empty()) to += '@';
  to += host_port;
  if (user_phone && is_number(user)) to += ";user=phone";
}

std::string address_uri(std::string_view user, std::string_view host_port, bool user_phone) {
  std::string uri;
  uri.reserve(kUriMargin + user.size() + host_port.size());
  append_address_uri(uri, user, host_port, user_phone);
  return uri;
}

Identity::Identity(const directory::DeviceRules& rules, const Caller& caller,
                   std::string_view host)
    : rules_(rules), caller_(caller), host_(host) {
  switch (rules.privacy) {
    case PrivacyHeader::None:
    case PrivacyHeader::ValueNone:
      // Nobody behind us is asked to hide the caller: that is done here.
      hidden_ = caller.wish != PrivacyWish::None;
      break;
    case PrivacyHeader::Pass:
      hidden_ = caller.wish == PrivacyWish::Everything;
      kept_there_ = caller.wish != PrivacyWish::None && lists_id(caller.privacy);
      break;
    case PrivacyHeader::Id:
      hidden_ = kept_there_ = true;
      break;
  }
}

std::string Identity::from() const {
  if (!caller_.account.empty()) {
    return (hidden_ ? "" : quoted_display()) + '<' +
           address_uri(caller_.account, host_, rules_.user_phone) + '>';
  }
  if (hidden_) return std::string(kNobody);
  const bool by_name = rules_.number == NumberDisplay::Name && !caller_.display.empty();
  const std::string display = quoted_display();
  const std::string user = by_name ? std::string(caller_.display) : shown(caller_.number);
  std::string value;
  value.reserve(display.size() + kUriMargin + user.size() + host_.size());
  value.append(display).append(1, '<');
  append_address_uri(value, user, host_, rules_.user_phone);
  value += '>';
  return value;
}

std::string Identity::contact_user() const {
  std::string user;
  if (!hidden_) sip::append_escaped_user(user, caller_.number);
  return user;
}

void Identity::write(sip::Writer& writer) {
  if (!hidden_ || kept_there_) {
    write_identity(writer, sip::HeaderId::PAssertedIdentity, rules_.asserted, caller_.asserted);
    write_identity(writer, sip::HeaderId::PPreferredIdentity, rules_.preferred, caller_.preferred);
  } else {
    // Whoever is hidden must not be given away by what pass_headers lists.
    note(sip::HeaderId::PAssertedIdentity);
    note(sip::HeaderId::PPreferredIdentity);
    if (!rules_.rpid) note(sip::HeaderId::RemotePartyId);
  }
  if (rules_.rpid && !caller_.number.empty()) write_remote_party(writer);
  if (const std::string_view privacy = privacy_value(); !privacy.empty()) {
    writer.header(sip::HeaderId::Privacy, privacy);
    note(sip::HeaderId::Privacy);
  }
}

void Identity::write_identity(sip::Writer& writer, sip::HeaderId id, IdentityHeader wanted,
                              std::string_view brought) {
  if (wanted == IdentityHeader::None) return;
  const std::string_view number = wanted == IdentityHeader::Pass        ? brought
                                  : caller_.own_identity.empty() ? caller_.number
                                                                 : caller_.own_identity;
  note(id);  // also when there is none: what pass_headers lists does not stand in for it
  if (number.empty()) return;
  writer.header(id, {quoted_display(), "<", address_uri(shown(number), host_, rules_.user_phone),
                     ">"});
}

// The caller is told with the wish to be kept, which this header has a word of its own for.
void Identity::write_remote_party(sip::Writer& writer) {
  writer.header(sip::HeaderId::RemotePartyId,
                {quoted_display(), "<",
                 address_uri(shown(caller_.number), host_, rules_.user_phone),
                 ">;party=calling;screen=",
                 rules_.rpid_screen == directory::RpidScreen::Yes ? "yes" : "no",
                 hidden_ || kept_there_ ? ";privacy=full" : ";privacy=off"});
  note(sip::HeaderId::RemotePartyId);
}

std::string Identity::shown(std::string_view number) const {
  const bool plus = rules_.number == NumberDisplay::PlusNumber && is_number(number) &&
                    number.front() != '+';
  return (plus ? "+" : "") + std::string(number);
}

std::string Identity::quoted_display() const {
  if (!rules_.display || caller_.display.empty()) return {};
  return '"' + std::string(caller_.display) + "\" ";
}

std::string_view Identity::privacy_value() const {
  switch (rules_.privacy) {
    case PrivacyHeader::None:
      return {};
    case PrivacyHeader::Pass:
      return caller_.privacy;
    case PrivacyHeader::Id:
      return "id";
    case PrivacyHeader::ValueNone:
      return "none";
  }
  return {};
}

}  // namespace tandem::leg
