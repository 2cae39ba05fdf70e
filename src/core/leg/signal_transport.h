// How a leg's messages travel: the transport a device or URI names, and the listening address they
// leave from (RFC 3261 §12.2.1.1, §18.1; RFC 7118 §5).
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/directory/entities.h"
#include "core/leg/leg.h"
#include "core/sip/path.h"

namespace tandem::leg {

sip::Transport transport_of(directory::SignalTransport transport);

// Where requests of a dialog with these routes and this target go, sent like `like`.
//
// Two kinds of peers are spoken to on the connection they speak on, whatever address they name: one
// that came by WebSocket takes no connections (RFC 7118 §5), and one that came by TLS has no
// certificate for the address it names, more often than not (RFC 5923). The second is left for
// another host that it names.
sip::Path path_of_dialog(std::string_view routes, std::string_view target, const sip::Path& like,
                         std::span<const LocalAddress> locals);
// Where requests to this URI go when it names an address that we have a transport for: nothing for
// a host name.
std::optional<sip::Path> path_to(std::string_view uri, const sip::Path& like,
                                 std::span<const LocalAddress> locals);

}  // namespace tandem::leg
