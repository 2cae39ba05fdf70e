// How the caller is told to the called side: From, Contact, P-Asserted-Identity,
// P-Preferred-Identity, Remote-Party-ID and Privacy of an INVITE, by the rules of the device it goes
// to (RFC 3323, RFC 3325, draft-ietf-sip-privacy-04). The table of what hides a caller is in
// docs/operating/headers.md.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/directory/device_rules.h"
#include "core/facts/call_facts.h"
#include "core/sip/writer.h"

namespace tandem::leg {

// Who calls. Views live as long as the order to set up.
struct Caller {
  std::string_view number;     // as it goes to the called side
  std::string_view display;    // "" = no name
  std::string_view asserted;   // numbers of identities that the caller brought
  std::string_view preferred;
  std::string_view privacy;    // its Privacy header, as it came
  facts::PrivacyWish wish{};
  std::string_view own_identity = {};  // its number in identities that name it; "" = `number`
  std::string_view account = {};  // as whom we are registered there: stands in From; "" = none
};

class Identity {
 public:
  // `host` stands for us in URIs.
  Identity(const directory::DeviceRules& rules, const Caller& caller, std::string_view host);

  bool hidden() const { return hidden_; }
  // The value of From, without tag.
  std::string from() const;
  // The user part of Contact.
  std::string contact_user() const;
  // The identity headers and Privacy; written() tells which.
  void write(sip::Writer& writer);
  std::span<const sip::HeaderId> written() const { return {written_.data(), count_}; }

 private:
  void write_identity(sip::Writer& writer, sip::HeaderId id, directory::IdentityHeader wanted,
                      std::string_view brought);
  void write_remote_party(sip::Writer& writer);
  void note(sip::HeaderId id) { written_[count_++] = id; }
  std::string shown(std::string_view number) const;
  std::string quoted_display() const;
  std::string_view privacy_value() const;

  const directory::DeviceRules& rules_;
  const Caller& caller_;
  std::string_view host_;
  bool hidden_ = false;     // towards the called side
  bool kept_there_ = false;  // the called side is told to keep it to itself: it may know
  std::array<sip::HeaderId, 4> written_{};
  std::size_t count_ = 0;
};

// With the escapes that it needs between quotes (RFC 3261 §25.1), in one line.
void append_quotable(std::string& to, std::string_view text);
// Digits and + * #: what user=phone may stand behind (RFC 3261 §19.1.1).
bool is_number(std::string_view user);
// "sip:user@host_port" with escapes. kUriMargin: the most it is longer than user and host where
// nothing is escaped.
inline constexpr std::size_t kUriMargin = 40;
void append_address_uri(std::string& to, std::string_view user, std::string_view host_port,
                        bool user_phone);
std::string address_uri(std::string_view user, std::string_view host_port, bool user_phone);

}  // namespace tandem::leg
