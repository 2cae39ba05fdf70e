// The topmost Via as a server reads it: where an answer goes, and how it is given back
// (RFC 3261 §18.2, RFC 3581).
#pragma once

#include <string>

#include "core/sip/message.h"
#include "core/sip/path.h"

namespace tandem::transaction {

// Streams: the connection the request came in on. UDP: the source address; its port when the client
// asks for it (rport), else the port it names. maddr is not followed: it would let anybody point our
// answers at others.
sip::Path response_path(const sip::Message& request, const sip::Path& path);

// The Via lines of every answer to `request`, the topmost amended by received and rport.
void append_via_lines(std::string& to, const sip::Message& request, const sip::Path& path);

}  // namespace tandem::transaction
