// Messages of the trace as a ladder, in the notation of the ladder tests (architecture.md §5): what
// a support ticket shows can be pasted into a test.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "shell/trace/entry.h"

namespace tandem::trace {

enum class PeerRole { Calls, Called };  // the peer sent us the first INVITE, or got one from us

// The name of the gateway at an address ("192.0.2.1:5060"); "" when there is none.
using NameOfPeer = std::function<std::string(const std::string& address, PeerRole role)>;

// Entries in the order they happened. Times count from the first one.
std::string ladder_text(const std::vector<Entry>& entries, const NameOfPeer& name_of);

}  // namespace tandem::trace
