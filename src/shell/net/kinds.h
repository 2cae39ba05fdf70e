// In which order the datagrams of one batch are handled. Messages of one kind take the same way through
// the program, which is longer than the cache of instructions: one behind the other they find it there.
// Pure, nothing is allocated.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "shell/net/trains.h"
#include "shell/net/udp_socket.h"

namespace tandem::net {

using HandlingOrder = std::array<std::uint8_t, kReceiveBatch>;  // indices of arrivals

// Messages of one kind keep their order, and the kinds stand in an order in which a peer sends what belongs
// to one call: no message is handled before another of its call that its peer sent first. A batch with a
// kind of which that cannot be said, UPDATE or INFO, is left in its order.
void order_by_kind(std::span<const Arrival> arrivals, HandlingOrder& order);

}  // namespace tandem::net
