// Laws of the description: parse(write(s)) == s, write(parse(b)) is stable, and any bytes are
// answered with a session or a fault.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "core/sdp/sdp.h"

namespace tandem::sdp {
namespace {

constexpr int kRounds = 3'000;

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(engine_()) % limit; }
  template <std::size_t Size>
  std::string_view one_of(const std::array<std::string_view, Size>& choices) {
    return choices[below(Size)];
  }

 private:
  std::mt19937 engine_;
};

constexpr std::array<std::string_view, 4> kConnections = {
    "", "c=IN IP4 192.0.2.1\r\n", "c=IN IP6 2001:db8::1\r\n", "c=IN IP4 0.0.0.0\r\n"};
constexpr std::array<std::string_view, 6> kAttributes = {"a=sendonly\r\n",
                                                         "a=rtpmap:0 PCMU/8000\r\n",
                                                         "a=fmtp:18 annexb=no\r\n",
                                                         "a=ptime:20\r\n",
                                                         "a=:odd\r\n",
                                                         "a=x:y:z\r\n"};
constexpr std::array<std::string_view, 4> kMediaLines = {
    "m=audio 4000 RTP/AVP 0 8 101\r\n", "m=audio 0 RTP/AVP\r\n", "m=image 5000/2 udptl t38\r\n",
    "m=video 65535 RTP/SAVPF 31\r\n"};

// A description as write() would write it.
std::string random_description(Draw& draw) {
  std::string text = "v=0\r\no=user " + std::to_string(draw.below(1000)) + " " +
                     std::to_string(draw.below(1000)) + " IN IP4 192.0.2.1\r\ns=-\r\n";
  text += draw.one_of(kConnections);
  text += "t=0 0\r\n";
  for (std::uint32_t n = draw.below(4); n > 0; --n) text += draw.one_of(kAttributes);
  for (std::uint32_t sections = draw.below(5); sections > 0; --sections) {
    text += draw.one_of(kMediaLines);
    text += draw.one_of(kConnections);
    for (std::uint32_t n = draw.below(6); n > 0; --n) text += draw.one_of(kAttributes);
  }
  return text;
}

// Bytes changed, cut out or doubled: mostly still a description.
std::string damaged(std::string text, Draw& draw) {
  for (std::uint32_t n = draw.below(6); n > 0 && !text.empty(); --n) {
    const std::size_t at = draw.below(static_cast<std::uint32_t>(text.size()));
    switch (draw.below(4)) {
      case 0:
        text[at] = static_cast<char>(draw.below(256));
        break;
      case 1:
        text.erase(at, draw.below(8));
        break;
      case 2:
        text.insert(at, text.substr(at, draw.below(40)));
        break;
      default:
        text.insert(at, 1, "\r\n =:/am"[draw.below(9)]);
        break;
    }
  }
  return text;
}

TEST(SdpProperty, what_is_written_reads_as_the_same_session) {
  for (std::uint32_t seed = 1; seed <= kRounds; ++seed) {
    Draw draw(seed);
    const std::string text = random_description(draw);

    Session session;
    ASSERT_TRUE(parse(text, session).ok()) << "seed " << seed << "\n" << text;
    const std::string written = write(session);
    Session again;
    ASSERT_TRUE(parse(written, again).ok()) << "seed " << seed << "\n" << written;

    EXPECT_EQ(written, text) << "seed " << seed;
    EXPECT_TRUE(again == session) << "seed " << seed;
  }
}

TEST(SdpProperty, writing_is_stable_for_whatever_can_be_read) {
  int readable = 0;
  for (std::uint32_t seed = 1; seed <= kRounds; ++seed) {
    Draw draw(seed);
    const std::string text = damaged(random_description(draw), draw);
    Session session;
    if (!parse(text, session).ok()) continue;
    ++readable;

    const std::string written = write(session);
    Session again;
    ASSERT_TRUE(parse(written, again).ok()) << "seed " << seed << "\n" << text;

    EXPECT_EQ(write(again), written) << "seed " << seed << "\n" << text;
    EXPECT_EQ(is_usable(again), is_usable(session)) << "seed " << seed << "\n" << text;
    EXPECT_EQ(is_hold(again), is_hold(session)) << "seed " << seed << "\n" << text;
  }
  EXPECT_GT(readable, kRounds / 4);
}

TEST(SdpProperty, every_view_lies_within_the_text) {
  for (std::uint32_t seed = 1; seed <= kRounds; ++seed) {
    Draw draw(seed);
    const std::string text = damaged(random_description(draw), draw);
    Session session;
    if (!parse(text, session).ok()) continue;

    const auto within = [&text](std::string_view view) {
      return view.empty() ||
             (view.data() >= text.data() && view.data() + view.size() <= text.data() + text.size());
    };
    EXPECT_TRUE(within(session.text) && within(session.origin.user)) << "seed " << seed;
    for (const Media& media : session.media()) {
      EXPECT_TRUE(within(media.text) && within(media.formats)) << "seed " << seed;
      Lines lines = media.lines();
      for (Line line; lines.next(line);) EXPECT_TRUE(within(line.name) && within(line.value));
    }
  }
}

}  // namespace
}  // namespace tandem::sdp
