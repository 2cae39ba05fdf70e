// Bytes that no well-meaning peer sends: damaged messages, contradictions, noise.
#pragma once

#include <string>
#include <string_view>

#include "sim/draw.h"

namespace tandem::sim {

// A message with something wrong in it: flipped or cut bytes, lines doubled, dropped or changed,
// another tag, branch, CSeq or length, garbage after the body.
std::string damaged(Draw& draw, std::string bytes);
// Anything at all, up to `most` bytes.
std::string noise(Draw& draw, std::size_t most);
// A well-formed request out of the blue.
std::string stray_request(Draw& draw, std::string_view host_port, std::string_view branch);
// An answer to nothing.
std::string stray_response(Draw& draw, std::string_view host_port, std::string_view branch);

}  // namespace tandem::sim
