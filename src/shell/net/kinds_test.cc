#include "shell/net/kinds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/rng.h"

namespace tandem::net {
namespace {

// The texts in the order they are handled.
std::vector<std::string> handled(const std::vector<std::string>& texts) {
  std::vector<Arrival> arrivals;
  for (const std::string& text : texts) arrivals.push_back({{}, text});
  HandlingOrder order;
  order_by_kind(arrivals, order);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < texts.size(); ++i) out.push_back(texts[order[i]]);
  return out;
}

using Texts = std::vector<std::string>;

TEST(Kinds, stand_together_and_keep_their_order) {
  EXPECT_EQ(handled({"SIP/2.0 180 Ringing 1", "INVITE sip:1", "SIP/2.0 180 Ringing 2", "INVITE sip:2"}),
            (Texts{"INVITE sip:1", "INVITE sip:2", "SIP/2.0 180 Ringing 1", "SIP/2.0 180 Ringing 2"}));
}

// What a peer may send of one call without waiting for us.
TEST(Kinds, leave_what_belongs_to_one_call_in_its_order) {
  const std::vector<Texts> calls{
      {"REGISTER sip:1@h", "INVITE sip:1@h"},
      {"INVITE sip:1@h", "CANCEL sip:1@h"},
      {"ACK sip:1@host ", "INVITE sip:1@h"},
      {"ACK sip:1@host ", "BYE sip:1@host "},
      {"INVITE sip:1@h", "BYE sip:1@host "},
      {"PRACK sip:1@h", "BYE sip:1@host "},
      {"PRACK sip:1@h", "CANCEL sip:1@h"},
      {"SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK"},
      {"SIP/2.0 183 Session", "SIP/2.0 486 Busy"},
      {"SIP/2.0 200 OK", "BYE sip:1@host "},
      {"SIP/2.0 200 to INVITE", "SIP/2.0 200 to BYE"},
  };
  const Texts noise{"BYE sip:2@host ", "INVITE sip:2@h", "SIP/2.0 100 other", "ACK sip:2@host ",
                    "REGISTER sip:h", "OPTIONS sip:h", "\r\n\r\n", "SIP/2.0 200 other"};
  Rng rng({1, 2, 3, 4});
  for (const Texts& call : calls) {
    for (int round = 0; round < 200; ++round) {
      Texts batch;
      std::size_t next = 0;
      while (next < call.size() || batch.size() < 20) {
        if (next < call.size() && rng.below(4) == 0) {
          batch.push_back(call[next++]);
        } else {
          batch.push_back(noise[rng.below(noise.size())]);
        }
        if (batch.size() == kReceiveBatch) break;
      }
      if (next < call.size()) continue;
      Texts of_call;
      for (const std::string& text : handled(batch)) {
        if (std::ranges::find(call, text) != call.end()) of_call.push_back(text);
      }
      EXPECT_EQ(of_call, call);
    }
  }
}

TEST(Kinds, of_which_nothing_is_known_leave_the_batch_as_it_is) {
  for (const char* odd : {"UPDATE sip:1@h", "INFO sip:1@host", "MESSAGE sip:1@h", "NOTIFY sip:1@h",
                          "SUBSCRIBE sip:1", "PUBLISH sip:1@h", "REFER sip:1@host", "no SIP at all",
                          "SIP/3.0 200 OK"}) {
    const Texts batch{"BYE sip:2@host ", "INVITE sip:2@h", odd, "SIP/2.0 200 OK", "ACK sip:2@host "};
    EXPECT_EQ(handled(batch), batch) << odd;
  }
}

TEST(Kinds, of_any_bytes_give_each_datagram_its_turn_once) {
  Rng rng({4, 3, 2, 1});
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> texts(rng.below(kReceiveBatch + 1));
    for (std::string& text : texts) {
      const char* const starts[] = {"INVITE ", "SIP/2.0 1", "BYE ", "", "INV", "SIP/2.0 "};
      text = starts[rng.below(6)];
      for (std::uint64_t n = rng.below(20); n > 0; --n) text += char(rng.next());
    }
    Texts before = texts, after = handled(texts);
    std::ranges::sort(before);
    std::ranges::sort(after);
    EXPECT_EQ(after, before);
  }
}

}  // namespace
}  // namespace tandem::net
