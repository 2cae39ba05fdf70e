// Laws that hold for single values: a message the switch sent, a record it wrote. Functions that
// answer "" when the law holds, else what is wrong; tests and the simulated world use the same.
// Laws over time are in ledger.h.
#pragma once

#include <string>
#include <string_view>

#include "core/cdr/cdr.h"

namespace tandem::sim {

// What of a message is demanded: an answer to a damaged request can only hold what that held.
enum class Demand : std::uint8_t { Whole, Form };

// RFC 3261 §7, §8.1.1, §8.2.6: line ends, start line, header lines, Content-Length; when Whole,
// every header that must be there, once.
std::string message_law(std::string_view bytes, Demand demand);

// Topology hiding: no header line of a message to this peer names another one. Peers of a world
// have addresses and domains that can be told apart; `own_address` is the last part of its own.
std::string hiding_law(std::string_view bytes, std::string_view own_address,
                       std::string_view own_domain);

// Times in order, durations exact, attempts inside the call, and the journal's bytes give it back.
std::string record_law(const cdr::Cdr& record);

}  // namespace tandem::sim
