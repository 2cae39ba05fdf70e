// Any bytes as a session description: a fault, or a session whose written form is stable and which
// answers every question.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "core/sdp/sdp.h"

using namespace tandem;

namespace {

// Asks everything; the answers of one session must not depend on how it was written.
std::string answers(const sdp::Session& session) {
  std::string all;
  all += sdp::is_usable(session) ? 'u' : '-';
  all += sdp::is_hold(session) ? 'h' : '-';
  for (const sdp::Media& media : session.media()) {
    all += static_cast<char>('0' + static_cast<int>(sdp::direction_of(session, media)));
    all += sdp::first_codec(media);
    all += std::to_string(sdp::packet_time(media).value_or(0));
    if (const auto endpoint = sdp::endpoint_of(session, media)) all += endpoint->text();
    sdp::Formats formats(media.formats);
    for (std::string_view format; formats.next(format);)
      all += sdp::format_parameters(media, format).value_or("");
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sdp::Session session;
  if (!sdp::parse(text, session).ok()) return 0;

  const std::string written = sdp::write(session);
  sdp::Session again;
  const auto read_again = sdp::parse(written, again);
  if (!read_again.ok()) {
    // s= and t= are added where they are missing, which may take a text at its limits over them.
    const sdp::Fault fault = read_again.error().fault;
    TANDEM_ASSERT(fault == sdp::Fault::TooLong || fault == sdp::Fault::TooManyLines,
                  "a written session does not read");
    return 0;
  }
  TANDEM_ASSERT(sdp::write(again) == written, "writing is not stable");
  TANDEM_ASSERT(sdp::same_session(session, again), "the session changed by being written");
  TANDEM_ASSERT(answers(session) == answers(again), "the answers changed by being written");
  return 0;
}
