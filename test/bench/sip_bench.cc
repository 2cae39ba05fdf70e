// What reading and writing one INVITE of an ordinary gateway costs, and that it allocates nothing:
// the counter "allocations" is calls of operator new per iteration.
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "base/assert.h"
#include "core/sip/headers.h"
#include "core/sip/message.h"
#include "core/sip/stream.h"
#include "core/sip/uri.h"
#include "core/sip/writer.h"
#include "support/allocation_counter.h"

namespace {

using namespace tandem::sip;
using tandem::test_support::allocations;

constexpr std::string_view kSdp =
    "v=0\r\no=- 3900000000 3900000000 IN IP4 127.0.10.2\r\ns=call\r\nc=IN IP4 127.0.10.2\r\n"
    "t=0 0\r\nm=audio 30000 RTP/AVP 8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n";

std::string invite() {
  return "INVITE sip:100000042@127.0.10.1:5066 SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 127.0.10.2:5070;branch=z9hG4bK-9c2f31-42-1;rport\r\n"
         "Max-Forwards: 70\r\n"
         "From: \"Caller 42\" <sip:200000042@127.0.10.2:5070>;tag=uac9c2f3142\r\n"
         "To: <sip:100000042@127.0.10.1:5066>\r\n"
         "Call-ID: bl-9c2f31-42@127.0.10.2:5070\r\n"
         "CSeq: 1 INVITE\r\n"
         "Contact: <sip:200000042@127.0.10.2:5070>\r\n"
         "User-Agent: bl-sipgen\r\n"
         "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK\r\n"
         "Supported: timer, 100rel\r\n"
         "Content-Type: application/sdp\r\n"
         "Content-Length: " +
         std::to_string(kSdp.size()) + "\r\n\r\n" + std::string(kSdp);
}

// Counts the allocations of the timed loop.
class Counted {
 public:
  explicit Counted(benchmark::State& state) : state_(state), before_(allocations()) {}
  ~Counted() {
    state_.counters["allocations"] =
        benchmark::Counter(double(allocations() - before_), benchmark::Counter::kAvgIterations);
  }

 private:
  benchmark::State& state_;
  std::size_t before_;
};

void parse_invite(benchmark::State& state) {
  const std::string bytes = invite();
  static Message message;
  const Counted counted(state);
  for (auto _ : state) {
    const ParseError error = parse(bytes, message);
    TANDEM_ASSERT(error.kind == ParseErrorKind::None, "the INVITE of the benchmark");
    benchmark::DoNotOptimize(message);
  }
  state.SetBytesProcessed(std::int64_t(state.iterations()) * std::int64_t(bytes.size()));
}
BENCHMARK(parse_invite);

// What a leg reads of an INVITE beyond what parsing keeps.
void parse_and_read_invite(benchmark::State& state) {
  const std::string bytes = invite();
  static Message message;
  const Counted counted(state);
  for (auto _ : state) {
    parse(bytes, message);
    for (ValueWalker walk(message, HeaderId::Contact); walk.next();) {
      const auto contact = parse_name_address(walk.value());
      benchmark::DoNotOptimize(parse_uri(contact->uri_text));
    }
    benchmark::DoNotOptimize(parse_uri(message.from().uri_text));
    benchmark::DoNotOptimize(parse_uri(message.to().uri_text));
    benchmark::DoNotOptimize(lists_token(message, HeaderId::Supported, "100rel"));
    benchmark::DoNotOptimize(lists_token(message, HeaderId::Allow, "UPDATE"));
    benchmark::DoNotOptimize(body_of_type(message, "application", "sdp"));
    benchmark::DoNotOptimize(message.find(HeaderId::SessionExpires));
  }
}
BENCHMARK(parse_and_read_invite);

void write_invite(benchmark::State& state) {
  std::array<char, 4096> room;
  const Counted counted(state);
  for (auto _ : state) {
    Writer writer(room.data(), room.size());
    writer.request_line("INVITE", "sip:100000042@127.0.10.3:5080");
    writer.header(HeaderId::Via, {"SIP/2.0/UDP ", "127.0.10.1:5066", ";branch=z9hG4bK",
                                  "0123456789abcdef", ";rport"});
    writer.header(HeaderId::MaxForwards, 69);
    writer.header(HeaderId::From, {"\"Caller 42\" <sip:200000042@", "127.0.10.1:5066",
                                   ">;tag=", "0123456789abcdef"});
    writer.header(HeaderId::To, {"<", "sip:100000042@127.0.10.3:5080", ">"});
    writer.header(HeaderId::CallId, "0123456789abcdef0123456789abcdef");
    writer.begin_header(HeaderId::CSeq);
    writer.number(1);
    writer.text(" INVITE");
    writer.end_header();
    writer.header(HeaderId::Contact, {"<sip:200000042@", "127.0.10.1:5066", ">"});
    writer.header(HeaderId::Allow, "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK");
    writer.header(HeaderId::Supported, "timer, 100rel");
    writer.header(HeaderId::ContentType, "application/sdp");
    writer.finish(kSdp);
    benchmark::DoNotOptimize(room);
    TANDEM_ASSERT(!writer.overflowed(), "the INVITE of the benchmark");
  }
}
BENCHMARK(write_invite);

void frame_invite(benchmark::State& state) {
  const std::string bytes = invite();
  StreamFramer framer(kMaxMessage);
  framer.append(bytes);
  framer.next();
  const Counted counted(state);
  for (auto _ : state) {
    framer.append(bytes);
    TANDEM_ASSERT(framer.next() == StreamEvent::Message, "the INVITE of the benchmark");
  }
}
BENCHMARK(frame_invite);

}  // namespace

BENCHMARK_MAIN();
