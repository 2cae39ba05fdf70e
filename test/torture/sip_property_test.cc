// Laws of messages made at random: what is written reads as the same, whatever can be read is
// written stably, and damage is answered with a fault or with a message that keeps the laws.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <string>

#include "core/sip/message.h"
#include "core/sip/stream.h"
#include "core/sip/uri.h"
#include "support/sip_laws.h"

namespace tandem::sip {
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
  std::string text(std::string_view alphabet, std::uint32_t least, std::uint32_t most) {
    std::string made(least + below(most - least + 1), ' ');
    for (char& c : made) c = alphabet[below(static_cast<std::uint32_t>(alphabet.size()))];
    return made;
  }

 private:
  std::mt19937 engine_;
};

constexpr std::string_view kTokenCharacters = "abzAZ019-.!%*_+`'~";
constexpr std::string_view kUserCharacters = "abzAZ019-_.!~*'()&=+$,;?/";

std::string random_uri(Draw& draw) {
  constexpr std::array<std::string_view, 5> kHosts = {"h", "example.com", "192.0.2.1", "[::1]",
                                                      "[2001:db8::ffff:1]"};
  if (draw.below(8) == 0) return "tel:+" + draw.text("0123456789-.()", 1, 12) + "7";
  std::string uri = draw.below(4) == 0 ? "sips:" : "sip:";
  if (draw.below(5) != 0) {
    uri += draw.text(kUserCharacters, 1, 12);
    if (draw.below(3) == 0) uri += "%4" + draw.text("0123456789abcdefABCDEF", 1, 1);
    if (draw.below(6) == 0) uri += ":" + draw.text("abc019&=+$,", 0, 5);
    uri += '@';
  }
  uri += draw.one_of(kHosts);
  if (draw.below(2) == 0) uri += ":" + std::to_string(1 + draw.below(65535));
  for (std::uint32_t n = draw.below(3); n > 0; --n)
    uri += ";" + draw.text("abc-", 1, 5) + std::to_string(n) +
           (draw.below(2) == 0 ? "" : "=" + draw.text("a:[]/", 1, 4));
  return uri;
}

std::string random_address(Draw& draw) {
  constexpr std::array<std::string_view, 5> kDisplays = {"", "Bob ", "\"A \\\"B\\\", <C>;tag=x\" ",
                                                         "\"\" ", "M\xc3\xbcller & Sohn "};
  std::string address(draw.one_of(kDisplays));
  address += "<" + random_uri(draw) + ">";
  for (std::uint32_t n = draw.below(3); n > 0; --n)
    address += ";p" + std::to_string(n) + (draw.below(2) == 0 ? "" : "=\"q;\\\"\"");
  return address;
}

// Blanks, and now and then a fold, where the grammar allows them.
std::string blanks(Draw& draw) {
  constexpr std::array<std::string_view, 6> kBlanks = {" ", " ", "", "\t ", "\r\n ", " \r\n\t"};
  return std::string(draw.one_of(kBlanks));
}

void add_line(Draw& draw, std::string& to, std::string_view name, std::string_view value) {
  constexpr std::array<std::string_view, 4> kColons = {":", ": ", " \t: ", ":\r\n "};
  to.append(name)
      .append(draw.one_of(kColons))
      .append(value)
      .append(draw.below(6) == 0 ? "  \r\n" : "\r\n");
}

std::string random_message(Draw& draw) {
  constexpr std::array<std::string_view, 6> kTransports = {"UDP", "TCP",  "TLS",
                                                           "WS",  "SCTP", "udp"};
  const bool request = draw.below(2) == 0;
  const std::string method = draw.below(2) == 0 ? "INVITE" : draw.text(kTokenCharacters, 1, 10);
  std::string text = request ? method + " " + random_uri(draw) + " SIP/2.0\r\n"
                             : "SIP/2.0 " + std::to_string(100 + draw.below(600)) + " " +
                                   draw.text("abc, \xc3\xa9", 0, 9) + "\r\n";
  add_line(draw, text, draw.below(2) == 0 ? "v" : "Via",
           "SIP" + blanks(draw) + "/" + blanks(draw) + "2.0/" +
               std::string(draw.one_of(kTransports)) + " h" + blanks(draw) + ";" + blanks(draw) +
               "branch=z9hG4bK" + draw.text(kTokenCharacters, 1, 9) +
               (draw.below(2) == 0 ? ";rport" : ""));
  add_line(draw, text, "fRoM", random_address(draw) + ";tag=" + draw.text(kTokenCharacters, 1, 8));
  add_line(draw, text, draw.below(2) == 0 ? "t" : "To", random_address(draw));
  add_line(draw, text, "Call-ID", draw.text("abc019@:<>[]{}\"?", 1, 20));
  add_line(draw, text, "CSeq",
           std::to_string(draw.below(0x7fffffff)) + " " + blanks(draw) + method);
  if (draw.below(2) == 0) add_line(draw, text, "Max-Forwards", std::to_string(draw.below(256)));
  for (std::uint32_t n = draw.below(3); n > 0; --n)
    add_line(draw, text, "m", random_address(draw) + blanks(draw) + "," + random_address(draw));
  for (std::uint32_t n = draw.below(4); n > 0; --n)
    add_line(draw, text, draw.text(kTokenCharacters, 2, 12) + "-x",
             draw.text("abc ,;:\"<>\\(\xc3\xa9", 0, 20));
  const std::string body = draw.text("v=0\r\n\0\xff", 0, 30);
  text += "l: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return text;
}

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
        text.insert(at, text.substr(at, draw.below(60)));
        break;
      default:
        text.insert(at, 1, "\r\n ,;:\"<>"[draw.below(9)]);
        break;
    }
  }
  return text;
}

TEST(SipProperty, messages_made_by_the_grammar_are_read_and_keep_the_laws) {
  const auto message = std::make_unique<Message>();
  for (std::uint32_t seed = 1; seed <= kRounds; ++seed) {
    Draw draw(seed);
    const std::string text = random_message(draw);

    const ParseError error = parse(text, *message);

    ASSERT_EQ(error.kind, ParseErrorKind::None)
        << "seed " << seed << ", " << to_text(error.kind) << " at " << error.offset << "\n"
        << text;
    test_support::check_laws(*message);
  }
}

TEST(SipProperty, damaged_messages_are_refused_or_keep_the_laws) {
  const auto message = std::make_unique<Message>();
  int readable = 0;
  for (std::uint32_t seed = 1; seed <= 3 * kRounds; ++seed) {
    Draw draw(seed);
    const std::string text = damaged(random_message(draw), draw);

    const ParseError error = parse(text, *message);

    if (error.kind == ParseErrorKind::None) {
      ++readable;
      test_support::check_laws(*message);
    }
    ASSERT_LE(error.offset, text.size()) << "seed " << seed;
    ASSERT_TRUE(error.status == 0 || (message->is_request() && !message->via().host.empty()))
        << "seed " << seed;
  }
  EXPECT_GT(readable, kRounds / 4);
}

TEST(SipProperty, a_stream_of_messages_comes_out_as_it_went_in) {
  for (std::uint32_t seed = 1; seed <= kRounds / 10; ++seed) {
    Draw draw(seed);
    std::string sent;
    for (int i = 0; i < 5; ++i) sent += random_message(draw);
    StreamFramer framer(kMaxMessage);
    std::string received;
    for (std::size_t at = 0; at < sent.size();) {
      const std::size_t size = 1 + draw.below(300);
      framer.append(std::string_view(sent).substr(at, size));
      at += size;
      while (framer.next() == StreamEvent::Message) received += framer.message();
    }

    EXPECT_EQ(received, sent) << "seed " << seed;
  }
}

TEST(SipProperty, a_uri_equals_itself) {
  for (std::uint32_t seed = 1; seed <= kRounds; ++seed) {
    Draw draw(seed);
    const std::string text = random_uri(draw);

    const auto uri = parse_uri(text);

    ASSERT_TRUE(uri) << "seed " << seed << " " << text;
    EXPECT_TRUE(equivalent(*uri, *uri)) << "seed " << seed << " " << text;
  }
}

}  // namespace
}  // namespace tandem::sip
