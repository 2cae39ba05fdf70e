// Where a terminal can be reached now (RFC 3261 §10): one registered contact.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/slot_map.h"
#include "base/time.h"
#include "base/timer_wheel.h"
#include "core/sip/path.h"

namespace tandem::registrar {

struct BindingTag;
using BindingId = SlotId<BindingTag>;

// Who registers: a phone, or a gateway of register_type dynamic.
struct Subscriber {
  enum class Kind : std::uint8_t { Phone, IngressGateway, EgressGateway };
  Kind kind{};
  std::int64_t id = 0;  // 0 = nobody

  explicit operator bool() const { return id != 0; }
  friend bool operator==(const Subscriber&, const Subscriber&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(kind, id);
  }
};

// Half a million of them are held: the texts share one allocation, and a Call-ID is remembered by its
// hash.
struct Binding {
  static constexpr std::uint16_t kFullQ = 1000;

  Subscriber subscriber;
  sip::Path path;              // source of its REGISTER, and where that came in
  std::string texts;           // contact, Path values and User-Agent, one behind the other
  std::uint16_t contact_size = 0;
  std::uint16_t route_size = 0;
  std::uint16_t q = kFullQ;    // thousandths
  std::uint32_t cseq = 0;
  std::uint32_t updates = 0;   // since it was added
  std::uint64_t call = 0;      // hash of the Call-ID
  std::uint64_t instance = 0;  // hash of +sip.instance and reg-id (RFC 5626); 0 = it has none
  std::uint64_t kept = 0;      // its number in the journal
  UtcTime since{};
  UtcTime updated{};
  UtcTime expires{};
  BindingId next{};            // of the same subscriber
  TimerId timer{};

  std::string_view contact() const { return std::string_view(texts).substr(0, contact_size); }
  // Route for requests to it: the Path of its REGISTER (RFC 3327), "" = none.
  std::string_view route() const {
    return std::string_view(texts).substr(contact_size, route_size);
  }
  std::string_view user_agent() const {
    return std::string_view(texts).substr(std::size_t(contact_size) + route_size);
  }

  template <class Archive>
  void fields(Archive& archive) {
    archive(subscriber, path, texts, contact_size, route_size, q, cseq, updates, call, instance, kept,
            since, updated, expires, next, timer);
  }
};

}  // namespace tandem::registrar
