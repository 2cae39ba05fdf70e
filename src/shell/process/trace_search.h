// Finding the messages of a call in the trace, and showing them without the secrets in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shell/api/live.h"
#include "shell/net/network.h"
#include "shell/process/trace_ring.h"

namespace tandem::process {

// What api::Exchanges::trace answers. A call is the messages with one flow number, and those that
// only its Call-IDs connect with it (retransmissions, say).
std::vector<api::TraceEntry> find_messages(const TraceRing& ring, const api::TraceFilter& filter,
                                           const std::vector<net::Listener>& listeners);

// The message without credentials (RFC 3261 §20.7, §20.28) and media keys (RFC 4568 §9.1): "***" in
// their place.
std::string without_secrets(std::string_view message);

}  // namespace tandem::process
