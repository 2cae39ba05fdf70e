// Turns between routes, beyond the order of call-handling.md §8: gateways that fail much are spared,
// gateways of one rank share calls by their weights, and a gateway on trial gets its share of the calls
// first, whatever its rank. All are exact over a cycle, because each gateway is credited with what it
// is due.
#pragma once

#include "core/routing/routing.h"

namespace tandem::routing {

// Leaves out what is to be spared, unless nothing else is left; puts the route whose turn it is in
// front; and charges the gateways in `live`.
void take_turns(const Question& question, Routes& found, facts::Live& live);

}  // namespace tandem::routing
