// What one answered call costs in the exchange alone: no sockets, no journal. Seven messages in,
// seven out, a record at the end; and what a held call takes of memory.
//
//   exchange_bench [HELD [CALLS]]   calls held up meanwhile (0), calls made (20000)
#include <malloc.h>
#include <sys/resource.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/exchange/exchange.h"

namespace tandem {
namespace {

struct Call {
  std::string id;
  std::string to_tag;       // of the switch towards the caller
  std::string egress_head;  // Via, From, Call-ID of the INVITE that left
  std::string egress_to;
  std::string egress_from;
};

std::string_view line_of(std::string_view message, std::string_view name) {
  const std::size_t begin = message.find("\r\n" + std::string(name) + ": ") + 2;
  return message.substr(begin, message.find("\r\n", begin) + 2 - begin);
}

class World {
 public:
  World() : exchange_(identity(), directory()) {
    caller_.peer = {IpAddress::v4(0x7f000a02), 5070};
    callee_.peer = {IpAddress::v4(0x7f000a03), 5080};
  }

  Call begin(int number) {
    Call call;
    call.id = "call-" + std::to_string(number) + "@127.0.10.2";
    receive(caller_, caller_request("INVITE", call, 1, kSession));
    for (const auto& out : actions_.outbox.datagrams()) {
      if (!out.bytes.starts_with("INVITE ")) continue;
      call.egress_head = std::string(line_of(out.bytes, "Via"));
      call.egress_head += line_of(out.bytes, "From");
      call.egress_head += line_of(out.bytes, "Call-ID");
      call.egress_from = line_of(out.bytes, "From").substr(6);
      call.egress_to = line_of(out.bytes, "To");
      call.egress_to.resize(call.egress_to.size() - 2);
      call.egress_to += ";tag=callee\r\n";
    }
    receive(callee_, callee_answer("100 Trying", call, "1 INVITE", ""));
    receive(callee_, callee_answer("180 Ringing", call, "1 INVITE", ""));
    receive(callee_, callee_answer("200 OK", call, "1 INVITE", kSession));
    for (const auto& out : actions_.outbox.datagrams()) {
      if (out.path.peer == caller_.peer) call.to_tag = line_of(out.bytes, "To").substr(4);
    }
    receive(caller_, caller_request("ACK", call, 1, ""));
    return call;
  }
  void end(const Call& call) {
    receive(caller_, caller_request("BYE", call, 2, ""));
    std::string answer;
    for (const auto& out : actions_.outbox.datagrams()) {
      if (!out.bytes.starts_with("BYE ")) continue;
      answer = "SIP/2.0 200 OK\r\n";
      for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
        answer += line_of(out.bytes, name);
      }
      answer += "Content-Length: 0\r\n\r\n";
    }
    records_ += actions_.cdrs.size();
    receive(callee_, answer);
  }
  void wait(milliseconds span) {
    const Instant until = now_.mono + span;
    while (exchange_.next_deadline() <= until) {
      now_.mono = std::max(now_.mono, exchange_.next_deadline());
      actions_.clear();
      exchange_.handle(now_, exchange::Tick{}, actions_);
    }
    now_.mono = until;
  }
  std::size_t records() const { return records_; }
  std::size_t live() const { return exchange_.live_calls(); }

 private:
  static constexpr const char* kSession =
      "v=0\r\no=user1 53655765 2353687637 IN IP4 127.0.10.2\r\ns=-\r\nc=IN IP4 127.0.10.2\r\n"
      "t=0 0\r\nm=audio 6000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
      "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n";

  static exchange::Identity identity() {
    exchange::Identity who;
    who.seed = {1, 2, 3, 4};
    who.listeners.push_back({sip::Transport::Udp, {IpAddress::v4(0x7f000a01), 5060}});
    return who;
  }
  static std::shared_ptr<const directory::Directory> directory() {
    directory::Directory::Source source;
    source.number = 1;
    directory::IngressGateway north;
    north.id = 1;
    north.name = "north";
    north.remote_ips.push_back(*AddressRange::parse("127.0.10.2"));
    source.ingress_gateways.push_back(north);
    directory::EgressGateway south;
    south.id = 2;
    south.name = "south";
    south.remote_ips.push_back({"127.0.10.3", IpAddress::v4(0x7f000a03), 5080});
    south.prefixes = {""};
    source.egress_gateways.push_back(south);
    return directory::Directory::compile(std::move(source));
  }
  static std::string length_and(const std::string& body) {
    return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  std::string caller_request(const std::string& method, const Call& call, int cseq,
                             const std::string& body) {
    std::string text = method + " sip:14155550100@127.0.10.1:5060 SIP/2.0\r\n";
    text += "Via: SIP/2.0/UDP 127.0.10.2:5070;branch=z9hG4bK" + call.id + method + ";rport\r\n";
    text += "Max-Forwards: 70\r\nFrom: \"Alice\" <sip:33123456789@127.0.10.2:5070>;tag=caller\r\n";
    text += call.to_tag.empty() ? "To: <sip:14155550100@127.0.10.1:5060>\r\n" : "To: " + call.to_tag;
    text += "Call-ID: " + call.id + "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n";
    text += "Contact: <sip:33123456789@127.0.10.2:5070>\r\nUser-Agent: bench\r\n";
    if (!body.empty()) {
      text += "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nContent-Type: application/sdp\r\n";
    }
    return text + length_and(body);
  }
  std::string callee_answer(const std::string& status, const Call& call, const std::string& cseq,
                            const std::string& body) {
    std::string text = "SIP/2.0 " + status + "\r\n" + call.egress_head + call.egress_to;
    text += "CSeq: " + cseq + "\r\nContact: <sip:14155550100@127.0.10.3:5080>\r\n";
    if (!body.empty()) text += "Content-Type: application/sdp\r\n";
    return text + length_and(body);
  }
  void receive(const sip::Path& path, const std::string& bytes) {
    actions_.clear();
    exchange_.handle(now_, exchange::Received{path, bytes}, actions_);
  }

  Now now_{Instant{}, UtcTime{milliseconds{1'700'000'000'000}}};
  exchange::Exchange exchange_;
  exchange::Actions actions_;
  sip::Path caller_, callee_;
  std::size_t records_ = 0;
};

double cpu_us() {
  timespec spent{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return double(spent.tv_sec) * 1e6 + double(spent.tv_nsec) / 1e3;
}

long allocated() { return long(mallinfo2().uordblks + mallinfo2().hblkhd); }

int run(int held_calls, int made_calls) {
  World world;
  const int warm_calls = made_calls / 10;
  for (int i = 0; i < warm_calls; ++i) world.end(world.begin(i));
  world.wait(40s);
  const long before = allocated();
  std::vector<Call> held;
  held.reserve(std::size_t(held_calls));
  for (int i = 0; i < held_calls; ++i) {
    held.push_back(world.begin(warm_calls + i));
    if (i % 1000 == 999) world.wait(1s);
  }
  world.wait(40s);
  long own = long(held.size() * sizeof(Call));
  for (const Call& call : held) {
    for (const auto* text : {&call.id, &call.to_tag, &call.egress_head, &call.egress_to, &call.egress_from}) {
      own += text->capacity() > 15 ? long(text->capacity()) + 17 : 0;
    }
  }
  if (held_calls > 0) {
    std::printf("bytes per held call      %ld\n", (allocated() - before - own) / held_calls);
  }
  const double begin = cpu_us();
  for (int i = 0; i < made_calls; ++i) {
    world.end(world.begin(10'000'000 + i));
    if (i % 1000 == 999) world.wait(1s);
  }
  std::printf("us per answered call     %.2f (with writing the messages of both peers)\n",
              (cpu_us() - begin) / made_calls);
  std::printf("records                  %zu\n", world.records());
  return world.records() == std::size_t(warm_calls + made_calls) && world.live() == held.size() ? 0 : 1;
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  return tandem::run(argc > 1 ? std::atoi(argv[1]) : 0, argc > 2 ? std::atoi(argv[2]) : 20'000);
 }
