// Any header lines in an INVITE or in its 200: what is negotiated of the session timer keeps the laws
// of RFC 4028, whoever wrote them. The first byte picks the terms.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "core/leg/session_timer.h"

using namespace tandem;
using leg::Role;

namespace {

constexpr std::string_view kCommon =
    "Via: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:a@h>;tag=a\r\nTo: <sip:b@h>;tag=b\r\n"
    "Call-ID: c\r\nCSeq: 1 INVITE\r\nContact: <sip:a@h>\r\nMax-Forwards: 70\r\n";

// Views lie in `bytes`.
bool read(std::string& bytes, std::string_view first, std::string_view lines, sip::Message& message) {
  bytes.assign(first).append(kCommon).append(lines).append("\r\n\r\n");
  return sip::parse(bytes, message).kind == sip::ParseErrorKind::None;
}

leg::TimerTerms terms_of(std::uint8_t pick) {
  using directory::RefresherChoice;
  constexpr RefresherChoice kChoices[]{RefresherChoice::Auto, RefresherChoice::Switch,
                                       RefresherChoice::Peer};
  return {.ttl = (pick & 1) != 0 ? seconds(60) : seconds(600),
          .min_se = (pick & 2) != 0 ? seconds(3600) : seconds(90),
          .ceiling = (pick & 4) != 0 ? seconds(90) : seconds(86400),
          .refresher = kChoices[(pick >> 3) % 3]};
}

void runs_well(seconds interval) {
  TANDEM_ASSERT(interval >= leg::kShortestInterval, "no interval below 32 seconds is kept");
  static const directory::Parameters parameters;
  const seconds refresh = leg::refresh_interval(interval, 10);
  TANDEM_ASSERT(refresh >= seconds(1) && refresh < interval, "refreshed in time");
  TANDEM_ASSERT(leg::expiry_margin(interval, parameters) <= interval / 3, "not given up too early");
}

void as_the_one_asked(const sip::Message& request, const leg::TimerTerms& terms) {
  const leg::TimerAsk ask = leg::timer_ask(request);
  TANDEM_ASSERT(ask.supported || !ask.required, "who requires it supports it");
  const leg::TimerAnswer answer = leg::answer_timer(true, ask, terms);
  const int refusal = answer.refusal;
  TANDEM_ASSERT(refusal == 0 || refusal == 400 || refusal == 422, "refused by 400 or 422");
  TANDEM_ASSERT((refusal == 400) == ask.unreadable, "400 is for what cannot be read");
  TANDEM_ASSERT(refusal != 422 || ask.supported, "422 is for those who know what to do with it");
  TANDEM_ASSERT((answer.interval != seconds(0)) == (answer.refresher != Role::None) || refusal != 0,
                "an interval has its refresher");
  TANDEM_ASSERT(!answer.require || ask.supported, "nothing is required of who cannot do it");
  if (refusal == 0 && answer.interval != seconds(0)) {
    runs_well(answer.interval);
    TANDEM_ASSERT(!ask.expires || answer.interval <= seconds(ask.expires->interval),
                  "the one asked does not make it longer");
  }
  const leg::TimerAnswer without = leg::answer_timer(false, ask, terms);
  TANDEM_ASSERT(without.interval == seconds(0), "a device without timer gets none");
  TANDEM_ASSERT(without.refusal == (ask.required ? 420 : 0), "and refuses those who require it");
}

void as_the_one_who_asked(const sip::Message& response, const leg::TimerTerms& terms) {
  const seconds asked = terms.proposal();
  const leg::TimerResult result =
      leg::accept_timer(asked, leg::timer_reply(response, false), terms);
  TANDEM_ASSERT((result.interval != seconds(0)) == (result.refresher != Role::None),
                "an interval has its refresher");
  if (result.interval == seconds(0)) return;
  runs_well(result.interval);
  TANDEM_ASSERT(result.interval <= asked, "an answer makes it no longer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const leg::TimerTerms terms = terms_of(data[0]);
  const std::string_view lines(reinterpret_cast<const char*>(data) + 1, size - 1);
  static const auto message = std::make_unique<sip::Message>();
  static std::string bytes;
  if (read(bytes, "INVITE sip:b@h SIP/2.0\r\n", lines, *message)) as_the_one_asked(*message, terms);
  if (read(bytes, "SIP/2.0 200 OK\r\n", lines, *message)) as_the_one_who_asked(*message, terms);
  return 0;
}
