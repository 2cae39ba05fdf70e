// Does a message, do the messages of a call, fulfil a wish? A wish is checked and compiled once;
// then each message is parsed at most once and compared.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "core/directory/directory.h"
#include "core/sip/message.h"
#include "shell/trace/entry.h"
#include "shell/trace/ring.h"

namespace tandem::trace {

// What is wrong with a wish: a member of it, and a phrase that says what it must be.
struct WishFault {
  std::string field;
  std::string value;
  std::string message;
};

class Matcher {
 public:
  // Gateways, phones and outbound registrations are looked up in `directory`.
  static Result<Matcher, WishFault> compile(const Wish& wish,
                                            const directory::Directory& directory);

  // Reads the message; what the other questions ask about. False when it is no SIP.
  static bool parse(const Traced& traced, sip::Message& message);

  // Which restrictions of calls the message fulfils, as bits; all of `call_bits()` together choose
  // its call. Both are 0 when the wish does not restrict calls.
  unsigned fulfilled(const Traced& traced, const sip::Message& message) const;
  unsigned call_bits() const { return call_bits_; }
  // Does it fulfil the restrictions of single messages? True when there are none.
  bool fits(const Traced& traced, const sip::Message& message, bool is_sip) const;

  const Wish& wish() const { return wish_; }

 private:
  struct Status {
    int first = 0;
    int last = 0;
  };
  struct Header {
    sip::HeaderId id = sip::HeaderId::Unknown;
    std::string name;   // of one that is not listed
    std::string value;  // part of its value; "" = any
  };
  // Where a gateway may be: a range of addresses, or one port of an address, or a host name.
  struct Place {
    AddressRange range;
    std::uint16_t port = 0;  // 0 = any
    std::string host;
  };

  std::optional<WishFault> compile_address();
  std::optional<WishFault> compile_statuses();
  std::optional<WishFault> compile_gateway(const directory::Directory& directory);
  void add_places(const std::vector<directory::GatewayAddress>& addresses, std::uint16_t port);
  void add_places(const directory::OutboundRegistration& registration);
  void compile_headers();
  bool at_place(const Traced& traced, const sip::Message& message,
                const std::vector<Place>& places) const;
  bool of_terminal(const sip::Message& message) const;
  bool has_header(const sip::Message& message, const Header& header) const;

  Wish wish_;
  unsigned call_bits_ = 0;
  std::vector<Place> address_;
  std::vector<Place> gateway_;
  std::string terminal_;  // the gateway is one that registers as this, or a phone; "" = neither
  std::vector<Status> statuses_;
  std::vector<Header> headers_;
};

}  // namespace tandem::trace
