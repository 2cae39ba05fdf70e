// The members of a wish as rows: API queries and bodies, options of the command line, and the
// documentation of both come from them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shell/trace/entry.h"

namespace tandem::trace {

using WishMember = std::variant<std::int64_t Wish::*, std::string Wish::*,
                                std::vector<std::string> Wish::*, bool Wish::*>;

struct WishRow {
  std::string_view name;    // in the API
  std::string_view option;  // on the command line
  WishMember member;
  std::string_view help;
};

inline constexpr std::array<WishRow, 11> kWishRows{{
    {"flow_no", "--call", &Wish::flow_no, "Messages of this call (its flow_no)."},
    {"number", "--number", &Wish::number,
     "Calls with this text in the number of caller or callee."},
    {"gateway", "--gateway", &Wish::gateway, "Calls from or to this gateway."},
    {"address", "--address", &Wish::address,
     "Calls from or to this address: 192.0.2.1, 192.0.2.1:5060 or 192.0.2.0/24."},
    {"call_id", "--call-id", &Wish::call_id,
     "Messages of the call that has this SIP Call-ID on one of its legs."},
    {"method", "--method", &Wish::methods,
     "Only requests of these methods, and their answers: INVITE,UPDATE"},
    {"status", "--status", &Wish::statuses, "Only answers with these statuses: 422,491 or 5xx"},
    {"header", "--header", &Wish::headers,
     "Only messages with these headers, or with this text in them: "
     "Session-Expires,Supported=timer"},
    {"payload", "--payload", &Wish::payload, "Only messages that hold this text."},
    {"keep_alive", "--keep-alive", &Wish::keep_alive,
     "Only what is no SIP: keep-alives and what comes back to them."},
    {"whole_calls", "--whole-calls", &Wish::whole_calls,
     "Of calls with such a message, all messages."},
}};

// Puts a text into a member: lists are cut at commas, numbers and "true" are read. False when it is
// no number.
bool set_member(Wish& wish, const WishRow& row, std::string_view text);
// The reverse; "" for a member that does not restrict.
std::string text_of(const Wish& wish, const WishRow& row);

}  // namespace tandem::trace
