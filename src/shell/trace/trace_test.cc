// The ring, what is found in it, and how it is shown.
#include <gtest/gtest.h>

#include <thread>

#include "shell/trace/ladder_text.h"
#include "shell/trace/ring.h"
#include "shell/trace/search.h"

namespace tandem::trace {
namespace {

using directory::Directory;

constexpr std::size_t kMegabyte = 1 << 20;

const std::vector<net::Listener>& listeners() {
  static const Endpoint address = *Endpoint::parse("127.0.0.1:5060", 0);
  static const std::vector<net::Listener> all{{sip::Transport::Udp, address}};
  return all;
}

std::string message(std::string_view start, std::string_view call_id, std::string_view cseq,
                    std::string_view from = "33123", std::string_view to = "4420",
                    std::string_view to_tag = "", std::string_view more = "",
                    std::string_view body = "") {
  std::string text(start);
  text += "\r\nVia: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bK";
  text.append(cseq.substr(0, 1)).append(call_id);
  text.append("\r\nFrom: <sip:").append(from).append("@127.0.0.2>;tag=a\r\nTo: <sip:");
  text.append(to).append("@127.0.0.1>").append(to_tag);
  text.append("\r\nCall-ID: ").append(call_id).append("\r\nCSeq: ").append(cseq);
  text.append("\r\nMax-Forwards: 70\r\n").append(more);
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return text.append(body);
}

struct Search {
  Wish wish;
  Page page;
};

struct Recorder {
  Ring ring{kMegabyte};
  UtcTime time = from_epoch_milliseconds(1'769'860'800'000);

  void add(milliseconds later, bool sent, const char* peer, const std::string& bytes,
           std::uint64_t call = 0) {
    time += later;
    ring.add({time,
              call,
              sent,
              {.transport = sip::Transport::Udp,
               .local = 0,
               .connection = 0,
               .peer = *Endpoint::parse(peer, 5060)},
              bytes});
    ring.publish();
  }
  std::vector<Entry> find(const Search& search) const {
    return find_messages(ring, *Matcher::compile(search.wish, *Directory::compile({})), search.page,
                         listeners());
  }
};

std::vector<std::uint64_t> sequences(const std::vector<Entry>& entries) {
  std::vector<std::uint64_t> all;
  for (const Entry& each : entries) all.push_back(each.sequence);
  return all;
}

using Sequences = std::vector<std::uint64_t>;

Search filter_of(std::int64_t flow_no, std::string number = {}, std::string call_id = {},
                 std::uint64_t after = 0, std::uint32_t limit = 100) {
  Search search{.wish = {}, .page = {.after = after, .limit = limit}};
  search.wish.flow_no = flow_no;
  search.wish.number = std::move(number);
  search.wish.call_id = std::move(call_id);
  return search;
}

TEST(Ring, keeps_the_newest_and_numbers_all) {
  Ring ring(kMegabyte);
  const std::string bytes(1000, 'x');
  for (int i = 0; i < 3000; ++i) ring.add({{}, 0, false, {}, bytes});
  ring.publish();

  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t last = 0;
  ring.read(0, [&](std::uint64_t sequence, const Traced& each) {
    if (first == 0) first = sequence;
    EXPECT_TRUE(last == 0 || sequence == last + 1);
    EXPECT_EQ(each.bytes, bytes);
    last = sequence;
    ++count;
    return true;
  });

  EXPECT_EQ(last, 3000u);
  EXPECT_EQ(first, 3000 - count + 1);
  EXPECT_GT(count, 600u);
  EXPECT_LT(count, 1050u);
}

TEST(Ring, of_no_size_keeps_nothing) {
  Ring ring(0);

  ring.add({{}, 0, false, {}, "x"});
  ring.publish();

  ring.read(0, [](std::uint64_t, const Traced&) {
    ADD_FAILURE();
    return false;
  });
  EXPECT_TRUE(ring.off());
}

TEST(Ring, goes_on_counting_when_its_size_changes) {
  Ring ring(kMegabyte);
  ring.add({{}, 0, false, {}, "x"});

  ring.resize(2 * kMegabyte);
  ring.add({{}, 0, false, {}, "y"});
  ring.publish();

  Sequences seen;
  ring.read(0, [&](std::uint64_t sequence, const Traced&) {
    seen.push_back(sequence);
    return true;
  });
  EXPECT_EQ(seen, Sequences{2});
}

TEST(Ring, shows_what_was_published) {
  Ring ring(kMegabyte);
  const auto seen = [&] {
    std::vector<std::string> texts;
    ring.read(0, [&](std::uint64_t, const Traced& each) {
      texts.emplace_back(each.bytes);
      return true;
    });
    return texts;
  };
  ring.add({{}, 0, false, {}, "first"});
  EXPECT_EQ(seen(), std::vector<std::string>{});
  EXPECT_EQ(ring.newest(), 0u);

  ring.publish();
  ring.add({{}, 0, false, {}, "second"});

  EXPECT_EQ(seen(), std::vector<std::string>{"first"});
  EXPECT_EQ(ring.newest(), 1u);
}

// Entries stand in whole lines of the cache.
TEST(Ring, gives_back_texts_of_every_length) {
  Ring ring(kMegabyte);
  const std::string text = [] {
    std::string made;
    for (int i = 0; i < 300; ++i) made += char('a' + i % 26);
    return made;
  }();
  for (std::size_t size = 0; size <= text.size(); ++size) {
    ring.add({{}, size, size % 2 == 0, {}, std::string_view(text).substr(0, size)});
  }
  ring.publish();

  std::size_t next = 0;
  ring.read(0, [&](std::uint64_t sequence, const Traced& each) {
    EXPECT_EQ(sequence, next + 1);
    EXPECT_EQ(each.call, next);
    EXPECT_EQ(each.sent, next % 2 == 0);
    EXPECT_EQ(each.bytes, std::string_view(text).substr(0, next));
    ++next;
    return true;
  });
  EXPECT_EQ(next, text.size() + 1);
}

TEST(Ring, can_be_read_while_it_is_written) {
  Ring ring(kMegabyte);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    const std::string bytes(700, 'x');
    for (int i = 0; i < 20'000; ++i) {
      ring.add({{}, std::uint64_t(i), false, {}, bytes});
      if (i % 3 == 0) ring.publish();
    }
    ring.publish();
    done = true;
  });
  while (!done) {
    std::uint64_t last = 0;
    ring.read(0, [&](std::uint64_t sequence, const Traced& each) {
      EXPECT_GT(sequence, last);
      EXPECT_EQ(each.bytes, std::string(700, 'x'));
      last = sequence;
      return true;
    });
  }
  writer.join();
}

struct TwoCalls : Recorder {
  TwoCalls() {
    add(0ms, false, "127.0.0.2:5060",
        message("INVITE sip:4420@127.0.0.1 SIP/2.0", "c1", "1 INVITE"), 17);
    add(1ms, true, "127.0.0.3:5080",
        message("INVITE sip:4420@127.0.0.3:5080 SIP/2.0", "d1", "1 INVITE"), 17);
    add(1ms, false, "127.0.0.2:5060",
        message("INVITE sip:4999@127.0.0.1 SIP/2.0", "c2", "1 INVITE", "33999", "4999"), 18);
    // A retransmission: the exchange does not say which call.
    add(1ms, false, "127.0.0.2:5060",
        message("INVITE sip:4420@127.0.0.1 SIP/2.0", "c1", "1 INVITE"));
    add(1ms, false, "127.0.0.9:5060", "what is this?");
  }
};

TEST(TraceSearch, finds_all_the_newest_or_those_after) {
  const TwoCalls trace;

  EXPECT_EQ(sequences(trace.find(filter_of(0))), (Sequences{1, 2, 3, 4, 5}));
  EXPECT_EQ(sequences(trace.find(filter_of(0, "", "", 0, 2))), (Sequences{4, 5}));
  EXPECT_EQ(sequences(trace.find(filter_of(0, "", "", 2, 2))), (Sequences{3, 4}));
}

TEST(TraceSearch, finds_a_whole_call_by_flow_number_call_id_or_number) {
  const TwoCalls trace;
  const Sequences first{1, 2, 4};

  EXPECT_EQ(sequences(trace.find(filter_of(17))), first);
  EXPECT_EQ(sequences(trace.find(filter_of(0, "", "d1"))), first);
  EXPECT_EQ(sequences(trace.find(filter_of(0, "442"))), first);
  EXPECT_EQ(sequences(trace.find(filter_of(0, "33999"))), Sequences{3});
  EXPECT_EQ(sequences(trace.find(filter_of(17, "33999"))), Sequences{});
  EXPECT_EQ(sequences(trace.find(filter_of(0, "127"))), Sequences{});
  EXPECT_EQ(sequences(trace.find(filter_of(17, "", "", 1))), (Sequences{2, 4}));
}

TEST(TraceSearch, says_how_each_message_travelled) {
  const TwoCalls trace;

  const Entry entry = trace.find(filter_of(17))[1];

  EXPECT_TRUE(entry.sent);
  EXPECT_EQ(entry.flow_no, 17);
  EXPECT_EQ(entry.transport, "udp");
  EXPECT_EQ(entry.local, "127.0.0.1:5060");
  EXPECT_EQ(entry.peer, "127.0.0.3:5080");
}

std::string name_of(const std::string& address, PeerRole role) {
  if (address == "127.0.0.2:5060" && role == PeerRole::Calls) return "north";
  if (address == "127.0.0.3:5080" && role == PeerRole::Called) return "south";
  return {};
}

TEST(LadderText, is_in_the_notation_of_the_ladder_tests) {
  Recorder trace;
  const char* const north = "127.0.0.2:5060";
  const char* const south = "127.0.0.3:5080";
  const std::string sdp = "Content-Type: application/sdp\r\n";
  trace.add(0ms, false, north,
            message("INVITE sip:4420@127.0.0.1 SIP/2.0", "c", "1 INVITE", "33123", "4420", "", sdp,
                    "v=0\r\n"),
            17);
  trace.add(0ms, true, north, message("SIP/2.0 100 Trying", "c", "1 INVITE"), 17);
  trace.add(0ms, true, south,
            message("INVITE sip:4420@127.0.0.3 SIP/2.0", "d", "1 INVITE", "33123", "4420", "", sdp,
                    "v=0\r\n"),
            17);
  trace.add(350ms, false, south, message("SIP/2.0 180 Ringing", "d", "1 INVITE"), 17);
  trace.add(500ms, true, south,
            message("INVITE sip:4420@127.0.0.3 SIP/2.0", "d", "1 INVITE", "33123", "4420", "", sdp,
                    "v=0\r\n"),
            17);
  trace.add(1ms, true, south, message("CANCEL sip:4420@127.0.0.3 SIP/2.0", "d", "1 CANCEL"), 17);
  trace.add(0ms, false, south,
            message("SIP/2.0 200 OK", "d", "1 CANCEL", "33123", "4420", ";tag=b"), 17);
  trace.add(0ms, false, south,
            message("SIP/2.0 487 No", "d", "1 INVITE", "33123", "4420", ";tag=b"), 17);

  EXPECT_EQ(ladder_text(trace.find(filter_of(17)), name_of),
            "given\n"
            "  ingress north 127.0.0.2:5060\n"
            "  egress south 127.0.0.3:5080\n"
            "when\n"
            "    0.000 north > INVITE 4420 from 33123 sdp\n"
            "          north < 100\n"
            "          south < INVITE 4420 from 33123 sdp\n"
            "    0.350 south > 180\n"
            "    0.850 south < INVITE again sdp\n"
            "    0.851 south < CANCEL\n"
            "          south > 200\n"
            "          south > 487 for INVITE\n");
}

TEST(LadderText, names_strangers_by_their_address_and_their_calls_by_number) {
  Recorder trace;
  for (const char* call_id : {"x", "y"}) {
    trace.add(0ms, false, "127.0.0.9:5060",
              message("OPTIONS sip:127.0.0.1 SIP/2.0", call_id, "1 OPTIONS"));
  }

  EXPECT_EQ(ladder_text(trace.find(filter_of(0)), name_of),
            "when\n"
            "    0.000 127.0.0.9:5060 > OPTIONS\n"
            "          127.0.0.9:5060.2 > OPTIONS\n");
  EXPECT_EQ(ladder_text({}, name_of), "");
}

}  // namespace
}  // namespace tandem::trace
