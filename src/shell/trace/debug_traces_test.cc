// Debug traces, and what wishes choose.
#include "shell/trace/debug_traces.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "shell/trace/tracing.h"
#include "support/temporary_directory.h"

namespace tandem::trace {
namespace {

using directory::Directory;

std::shared_ptr<const Directory> two_gateways() {
  Directory::Source source;
  directory::IngressGateway north;
  north.id = 1;
  north.name = "north";
  north.remote_ips = {*AddressRange::parse("127.0.0.2")};
  source.ingress_gateways = {north};
  directory::EgressGateway south;
  south.id = 2;
  south.name = "south";
  south.remote_ips = {{.host = "127.0.0.3", .ip = *IpAddress::parse("127.0.0.3"), .port = 5080}};
  directory::IngressGateway mobile;  // wherever it registers from
  mobile.id = 3;
  mobile.name = "mobile";
  mobile.register_type = directory::RegisterType::Dynamic;
  source.ingress_gateways.push_back(mobile);
  directory::OutboundRegistration platform;
  platform.id = 4;
  platform.name = "platform";
  platform.server = "voip.example.net";
  source.outbound_registrations = {platform};
  directory::EgressGateway over;
  over.id = 5;
  over.name = "over";
  over.register_type = directory::EgressRegister::Outbound;
  over.outbound_registration = platform.id;
  source.egress_gateways = {south, over};
  directory::Phone phone;
  phone.id = 6;
  phone.name = "1001";
  source.phones = {phone};
  return Directory::compile(std::move(source));
}

struct Message {
  std::string start = "INVITE sip:4420@127.0.0.1 SIP/2.0";
  std::string call_id = "c1";
  std::string cseq = "1 INVITE";
  std::string more = {};
};

std::string text_of(const Message& message) {
  return message.start + "\r\nVia: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bKa\r\n" +
         "From: <sip:33@127.0.0.2>;tag=a\r\nTo: <sip:4420@127.0.0.1>\r\nCall-ID: " +
         message.call_id + "\r\nCSeq: " + message.cseq + "\r\n" + message.more + "\r\n";
}

// Of somebody to somebody; a name without host is at the switch.
std::string dialog_text(const std::string& start, const std::string& from, const std::string& to,
                        const std::string& call_id, const std::string& more = {},
                        const std::string& cseq = "1 INVITE") {
  const auto at = [](const std::string& name) {
    return "<sip:" + name + (name.find('@') == std::string::npos ? "@127.0.0.1>" : ">");
  };
  return start + "\r\nVia: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bKa\r\nFrom: " + at(from) +
         ";tag=a\r\nTo: " + at(to) + "\r\nCall-ID: " + call_id + "\r\nCSeq: " + cseq + "\r\n" +
         more + "\r\n";
}

class DebugTracesTest : public testing::Test {
 protected:
  DebugTracesTest() { tracing_.emplace(parts()); }

  Tracing::Parts parts() {
    return {.ring = ring_,
            .listeners = listeners_,
            .folder = folder_.path() / "traces",
            .now = [this] { return now_.load(); },
            .directory = [] { return two_gateways(); }};
  }
  void pass(const char* peer, std::uint64_t call, const std::string& bytes) {
    ring_.add({now_.load(), call, false, {.peer = *Endpoint::parse(peer, 5060)}, bytes});
    ring_.publish();
  }
  // A call from north to south whose answer is of this status.
  void pass_call(std::uint64_t call, int status, const std::string& more = {}) {
    const std::string number = std::to_string(call);
    pass("127.0.0.2", call, text_of({.call_id = "a" + number}));
    pass("127.0.0.3:5080", call, text_of({.call_id = "b" + number}));
    pass("127.0.0.3:5080", call,
         text_of({.start = "SIP/2.0 " + std::to_string(status) + " x",
                  .call_id = "b" + number,
                  .more = more}));
  }
  DebugTrace start(const Wish& wish, const TraceOrder& order = {}) {
    const auto started = tracing_->start(wish, order);
    EXPECT_TRUE(started.ok());
    return started.ok() ? *started : DebugTrace{};
  }
  std::vector<std::uint64_t> caught(std::int64_t id) {
    traces().collect();
    std::vector<std::uint64_t> sequences;
    for (const Entry& each : traces().messages(id, {})) sequences.push_back(each.sequence);
    return sequences;
  }
  DebugTraces& traces() { return tracing_->debug_traces(); }

  using Sequences = std::vector<std::uint64_t>;
  test_support::TemporaryDirectory folder_;
  Ring ring_{1 << 20};
  std::vector<net::Listener> listeners_{{sip::Transport::Udp, *Endpoint::parse("127.0.0.1", 5060)}};
  std::atomic<UtcTime> now_{from_epoch_milliseconds(1'769'860'800'000)};
  std::optional<Tracing> tracing_;
};

TEST_F(DebugTracesTest, catch_what_passes_after_their_start) {
  pass_call(1, 200);
  const DebugTrace trace = start({});

  pass_call(2, 200);

  EXPECT_EQ(caught(trace.id), (Sequences{4, 5, 6}));
  EXPECT_EQ(traces().find(trace.id)->messages, 3u);
}

TEST_F(DebugTracesTest, take_whole_calls_by_gateway_even_when_it_is_the_second_leg_that_fits) {
  const DebugTrace by_egress = start({.gateway = "south"});
  const DebugTrace by_both = start({.number = "4420", .gateway = "south"});
  pass("127.0.0.2", 1, text_of({.call_id = "a1"}));
  traces().collect();
  pass("127.0.0.9", 2, text_of({.call_id = "z"}));

  pass("127.0.0.3:5080", 1, text_of({.call_id = "b1"}));
  pass("127.0.0.3:5081", 3, text_of({.call_id = "other port"}));

  EXPECT_EQ(caught(by_egress.id), (Sequences{1, 3}));
  EXPECT_EQ(caught(by_both.id), (Sequences{1, 3}));
  EXPECT_EQ(traces().find(by_egress.id)->calls, 1u);
}

TEST_F(DebugTracesTest, know_what_registers_by_what_it_calls_itself) {
  const DebugTrace phone = start({.gateway = "1001"});
  const DebugTrace mobile = start({.gateway = "mobile"});

  pass("127.0.0.7", 0, dialog_text("REGISTER sip:x SIP/2.0", "1001", "1001", "r1"));
  pass("127.0.0.7", 0, dialog_text("SIP/2.0 401 x", "1001", "1001", "r1"));
  pass("127.0.0.7", 1, dialog_text("INVITE sip:44@x SIP/2.0", "1001", "44", "a1"));
  pass("127.0.0.2", 2, dialog_text("INVITE sip:1001@x SIP/2.0", "33", "1001", "a2"));
  pass("127.0.0.2", 3, dialog_text("INVITE sip:44@x SIP/2.0", "10012", "44", "a3"));
  pass("127.0.0.8", 4, dialog_text("INVITE sip:44@x SIP/2.0", "33", "44", "a4",
                                   "Contact: <sip:mobile@127.0.0.8>\r\n"));
  pass("127.0.0.8", 5, dialog_text("INVITE sip:44@x SIP/2.0", "33", "44", "a5",
                                   "Authorization: Digest username=\"mobile\", realm=\"r\", "
                                   "nonce=\"n\", uri=\"sip:x\", response=\"0\"\r\n"));

  EXPECT_EQ(caught(phone.id), (Sequences{1, 2, 3, 4}));
  EXPECT_EQ(caught(mobile.id), (Sequences{6, 7}));
}

TEST_F(DebugTracesTest, know_where_we_register_by_its_domain) {
  const DebugTrace registration = start({.gateway = "platform", .methods = {"REGISTER"}});
  const DebugTrace gateway = start({.gateway = "over", .methods = {"INVITE"}});
  const std::string at = "@voip.example.net";

  pass("127.0.0.7", 0, dialog_text("REGISTER sip:voip.example.net SIP/2.0", "44" + at, "44" + at,
                                   "r1", "", "1 REGISTER"));
  pass("127.0.0.7", 0,
       dialog_text("SIP/2.0 200 OK", "44" + at, "44" + at, "r1", "", "1 REGISTER"));
  pass("127.0.0.7", 1, dialog_text("INVITE sip:33@voip.example.net SIP/2.0", "44" + at, "33", "a"));
  pass("127.0.0.9", 2, dialog_text("INVITE sip:33@other SIP/2.0", "44", "33", "b"));

  EXPECT_EQ(caught(registration.id), (Sequences{1, 2}));
  EXPECT_EQ(caught(gateway.id), (Sequences{3}));
}

TEST_F(DebugTracesTest, take_single_messages_by_method_status_and_header) {
  const DebugTrace statuses = start({.statuses = {"422", "5xx"}});
  const DebugTrace headers = start({.headers = {"x=900", "Supported=TIMER"}});
  const DebugTrace methods = start({.methods = {"BYE", "update"}});

  pass_call(1, 200, "x: 900;refresher=uas\r\nk: 100rel, timer\r\n");
  pass_call(2, 422);
  pass_call(3, 503);
  pass("127.0.0.2", 4, text_of({.start = "UPDATE sip:a@b SIP/2.0", .cseq = "2 UPDATE"}));

  EXPECT_EQ(caught(statuses.id), (Sequences{6, 9}));
  EXPECT_EQ(caught(headers.id), (Sequences{3}));
  EXPECT_EQ(caught(methods.id), (Sequences{10}));
}

TEST_F(DebugTracesTest, bring_the_whole_call_of_such_a_message_on_wish) {
  const DebugTrace trace = start({.statuses = {"491"}, .whole_calls = true});

  pass_call(1, 200);
  pass("127.0.0.2", 2, text_of({.call_id = "a2"}));
  traces().collect();
  pass("127.0.0.3:5080", 2, text_of({.start = "SIP/2.0 491 x", .call_id = "b2"}));
  traces().collect();
  pass("127.0.0.2", 2, text_of({.start = "ACK sip:a@b SIP/2.0", .call_id = "a2", .cseq = "1 ACK"}));

  EXPECT_EQ(caught(trace.id), (Sequences{4, 5, 6}));
}

TEST_F(DebugTracesTest, take_keep_alives_and_their_payload) {
  const DebugTrace all = start({.keep_alive = true});
  const DebugTrace one = start({.address = "127.0.0.9:5070", .payload = "HELLO"});

  pass("127.0.0.9:5070", 0, "HELLO");
  pass("127.0.0.9:5071", 0, "HELLO");
  pass("127.0.0.9:5070", 0, "\r\n\r\n");
  pass("127.0.0.9:5070", 0, text_of({}));

  EXPECT_EQ(caught(all.id), (Sequences{1, 2, 3}));
  EXPECT_EQ(caught(one.id), (Sequences{1}));
}

TEST_F(DebugTracesTest, end_when_their_time_is_over_or_they_are_stopped) {
  const DebugTrace timed = start({}, {.length = 10s, .user = "ann"});
  const DebugTrace other = start({});
  pass_call(1, 200);
  traces().collect();

  now_ = now_.load() + 10s;
  traces().collect();
  EXPECT_TRUE(traces().stop(other.id));
  pass_call(2, 200);

  EXPECT_EQ(caught(timed.id), (Sequences{1, 2, 3}));
  EXPECT_EQ(caught(other.id), (Sequences{1, 2, 3}));
  EXPECT_EQ(traces().find(timed.id)->ended, now_.load());
  EXPECT_FALSE(traces().stop(99));
  EXPECT_TRUE(traces().remove(timed.id));
  EXPECT_FALSE(traces().find(timed.id));
}

TEST_F(DebugTracesTest, are_limited_in_memory_and_number) {
  Ring large(64 << 20);
  DebugTraces traces({large, listeners_, folder_.path(), [this] { return now_.load(); }});
  const auto matcher = [] { return *Matcher::compile({}, *two_gateways()); };
  const auto trace = traces.start(matcher(), {});
  const std::string bytes(60'000, 'x');
  for (int i = 0; i < 200; ++i) large.add({now_.load(), 0, false, {}, bytes});
  large.publish();
  traces.collect();

  const auto facts = traces.find(trace->id);
  EXPECT_EQ(facts->messages, 200u);
  EXPECT_GT(facts->dropped, 50u);
  EXPECT_LE(traces.messages(trace->id, {}).size() * bytes.size(), kMaxDebugTraceBytes);

  for (std::size_t i = 1; i < kMaxDebugTraces; ++i) EXPECT_TRUE(traces.start(matcher(), {}).ok());
  EXPECT_FALSE(traces.start(matcher(), {}).ok());
  traces.stop(trace->id);
  EXPECT_TRUE(traces.start(matcher(), {}).ok());
  EXPECT_FALSE(traces.find(trace->id));
}

TEST_F(DebugTracesTest, are_written_to_files_of_limited_size_that_the_owner_alone_may_read) {
  Ring large(64 << 20);
  DebugTraces traces({large, listeners_, folder_.path() / "t", [this] { return now_.load(); }});
  const auto trace = traces.start(*Matcher::compile({}, *two_gateways()), {.to_file = true});
  const std::string bytes(60'000, 'x');
  const sip::Path path{.peer = *Endpoint::parse("127.0.0.2", 5060)};
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 250; ++i) large.add({now_.load(), 0, false, path, bytes});
    large.publish();
    traces.collect();
  }

  const auto files = traces.find(trace->id)->files;
  EXPECT_EQ(files.size(), kMaxTraceFiles);
  std::size_t count = 0;
  for (const auto& each : std::filesystem::directory_iterator(folder_.path() / "t")) {
    EXPECT_LE(each.file_size(), kMaxTraceFileBytes + 70'000);
    EXPECT_EQ(each.status().permissions(), std::filesystem::perms(0600));
    ++count;
  }
  EXPECT_EQ(count, kMaxTraceFiles);
  EXPECT_TRUE(traces.remove(trace->id));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "t"));
}

TEST_F(DebugTracesTest, that_cannot_be_written_go_on_in_memory) {
  DebugTraces traces({ring_, listeners_, "/proc/nowhere", [this] { return now_.load(); }});
  const auto trace = traces.start(*Matcher::compile({}, *two_gateways()), {.to_file = true});

  pass_call(1, 200);
  traces.collect();

  EXPECT_EQ(traces.find(trace->id)->messages, 3u);
  EXPECT_NE(traces.find(trace->id)->fault, "");
}

TEST_F(DebugTracesTest, say_what_they_missed) {
  Ring small(1 << 19);
  DebugTraces traces({small, listeners_, folder_.path(), [this] { return now_.load(); }});
  small.add({now_.load(), 0, false, {}, "first"});
  small.publish();
  const auto trace = traces.start(*Matcher::compile({}, *two_gateways()), {});
  std::uint64_t passed = 0;
  // Faster than anybody looks, whoever looks meanwhile.
  while (traces.find(trace->id)->missed == 0 && passed < 1'000'000) {
    for (int i = 0; i < 1000; ++i, ++passed) {
      small.add({now_.load(), 0, false, {}, std::string(1000, 'x')});
    }
    small.publish();
    traces.collect();
  }

  const auto facts = traces.find(trace->id);
  EXPECT_GT(facts->missed, 0u);
  EXPECT_EQ(facts->messages + facts->missed, passed);
}

TEST_F(DebugTracesTest, are_forgotten_when_they_have_been_kept_long_enough) {
  const DebugTrace trace = start({}, {.to_file = true});
  pass_call(1, 200);
  traces().stop(trace.id);
  ASSERT_EQ(traces().find(trace.id)->files.size(), 1u);
  const std::string file = traces().find(trace.id)->files.front();
  EXPECT_TRUE(std::filesystem::exists(file));

  now_ = now_.load() + std::chrono::hours(25);
  traces().collect();

  EXPECT_FALSE(traces().find(trace.id));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(DebugTracesTest, are_refused_while_no_messages_are_kept) {
  Ring off(0);
  DebugTraces traces({off, listeners_, folder_.path(), [this] { return now_.load(); }});

  const auto refused = traces.start(*Matcher::compile({}, *two_gateways()), {});

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error(), "no messages are kept; set SS_TRACE_MEGABYTES above 0");
}

TEST_F(DebugTracesTest, of_a_wish_that_makes_no_sense_are_refused_with_the_reason) {
  const auto fault_of = [&](const Wish& wish) {
    const auto refused = tracing_->start(wish, {});
    return refused.ok() ? std::string() : refused.error().field;
  };
  EXPECT_EQ(fault_of({.gateway = "east"}), "gateway");
  EXPECT_EQ(fault_of({.address = "127.0.0"}), "address");
  EXPECT_EQ(fault_of({.statuses = {"99"}}), "status");
  EXPECT_EQ(fault_of({.statuses = {"7xx"}}), "status");
  EXPECT_EQ(fault_of({.gateway = "north", .address = "127.0.0.0/8", .statuses = {"6xx"}}), "");
}

TEST_F(DebugTracesTest, legs_are_told_by_the_name_of_their_device) {
  const auto device = [&](const std::string& peer, bool we_called, const std::string& user,
                          const std::string& host = "127.0.0.1") {
    Leg leg;
    leg.peer = peer;
    leg.we_called = we_called;
    leg.peer_user = user;
    leg.peer_host = host;
    return tracing_->device_of(leg);
  };

  EXPECT_EQ(device("127.0.0.2:5060", false, "1001"), "north");
  EXPECT_EQ(device("127.0.0.3:5080", true, "44"), "south");
  EXPECT_EQ(device("127.0.0.7:4000", false, "1001"), "1001");
  EXPECT_EQ(device("127.0.0.7:4000", true, "1001"), "1001");
  EXPECT_EQ(device("127.0.0.7:4000", false, "mobile"), "mobile");
  EXPECT_EQ(device("127.0.0.7:4000", true, "44", "VOIP.example.net"), "over");
  EXPECT_EQ(device("127.0.0.7:4000", true, "44"), "");
}

TEST_F(DebugTracesTest, a_search_does_not_show_what_is_too_old) {
  pass_call(1, 200);
  now_ = now_.load() + std::chrono::hours(23);
  EXPECT_EQ(tracing_->find({}, {})->size(), 3u);

  now_ = now_.load() + std::chrono::hours(2);

  EXPECT_EQ(tracing_->find({}, {})->size(), 0u);
}

TEST_F(DebugTracesTest, a_stream_tells_what_is_there_of_the_calls_wished_for_and_what_comes) {
  pass_call(1, 200);
  const auto of_number = *tracing_->follow({.number = "4420"}, 0);
  const auto of_status = *tracing_->follow({.statuses = {"200"}}, 0);
  EXPECT_EQ(of_number->next().size(), 3u);
  EXPECT_EQ(of_status->next().size(), 0u);

  pass_call(2, 200);

  EXPECT_EQ(of_number->next().size(), 3u);
  EXPECT_EQ(of_status->next().size(), 1u);
  EXPECT_EQ(of_number->next().size(), 0u);
}

}  // namespace
}  // namespace tandem::trace
