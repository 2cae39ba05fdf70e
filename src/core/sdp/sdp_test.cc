// Reading, writing and asking session descriptions.
#include "core/sdp/sdp.h"

#include <gtest/gtest.h>

namespace tandem::sdp {
namespace {

constexpr std::string_view kPhone =
    "v=0\r\n"
    "o=alice 2890844526 2890844527 IN IP4 192.0.2.1\r\n"
    "s=call\r\n"
    "c=IN IP4 192.0.2.9\r\n"
    "t=0 0\r\n"
    "a=tool:phone\r\n"
    "m=audio 49170 RTP/AVP 101 8 0 97\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\n"
    "a=rtpmap:97 opus/48000/2\r\n"
    "a=fmtp:97 useinbandfec=1; stereo=0\r\n"
    "a=ptime:30\r\n"
    "a=sendrecv\r\n"
    "m=video 51372/2 RTP/AVP 31\r\n"
    "c=IN IP6 2001:db8::7\r\n"
    "a=recvonly\r\n";

Session parsed(std::string_view text) {
  Session session;
  const auto result = parse(text, session);
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : to_text(result.error().fault)) << "\n" << text;
  return session;
}

Error fault_of(std::string_view text) {
  Session session;
  const auto result = parse(text, session);
  EXPECT_FALSE(result.ok()) << text;
  return result.ok() ? Error{} : result.error();
}

std::string with_audio(std::string_view lines) {
  return "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
         "m=audio 4000 RTP/AVP 0\r\n" +
         std::string(lines);
}

TEST(Sdp, reads_the_parts_of_a_phones_description) {
  const Session session = parsed(kPhone);

  EXPECT_EQ(session.origin,
            (Origin{"alice", "2890844526", "2890844527", "IN", "IP4", "192.0.2.1"}));
  EXPECT_EQ(session.name, "call");
  EXPECT_EQ(session.connection.address, "192.0.2.9");
  EXPECT_EQ(attribute(session.lines(), "tool"), "phone");
  ASSERT_EQ(session.media().size(), 2u);
  EXPECT_EQ(session.media()[0].type, "audio");
  EXPECT_EQ(session.media()[0].port, 49170);
  EXPECT_EQ(session.media()[0].port_count, 1);
  EXPECT_EQ(session.media()[0].protocol, "RTP/AVP");
  EXPECT_EQ(session.media()[0].formats, "101 8 0 97");
  EXPECT_EQ(session.media()[1].port_count, 2);
  EXPECT_EQ(connection_of(session, session.media()[0]).address, "192.0.2.9");
  EXPECT_EQ(connection_of(session, session.media()[1]).address, "2001:db8::7");
}

TEST(Sdp, tells_encodings_by_rtpmap_or_by_the_static_assignment) {
  const Session session = parsed(kPhone);
  const Media& audio = session.media()[0];

  EXPECT_EQ(encoding_of(audio, "101")->name, "telephone-event");
  EXPECT_EQ(encoding_of(audio, "97")->clock_rate, 48000);
  EXPECT_EQ(encoding_of(audio, "97")->channels, 2);
  EXPECT_EQ(encoding_of(audio, "8")->name, "PCMA");
  EXPECT_EQ(encoding_of(audio, "8")->clock_rate, 8000);
  EXPECT_FALSE(encoding_of(audio, "98").has_value());
  EXPECT_EQ(format_parameters(audio, "97"), "useinbandfec=1; stereo=0");
  EXPECT_FALSE(format_parameters(audio, "9").has_value());
  EXPECT_EQ(packet_time(audio), 30);
  EXPECT_FALSE(packet_time(session.media()[1]).has_value());
}

TEST(Sdp, the_first_codec_is_the_first_that_carries_speech) {
  EXPECT_EQ(first_codec(parsed(kPhone).media()[0]), "PCMA");
  EXPECT_EQ(first_codec(*first_audio(parsed(with_audio("")))), "PCMU");
  Media dynamic;
  dynamic.formats = "13 120 0";
  EXPECT_EQ(first_codec(dynamic), "120");
  dynamic.formats = "13";
  EXPECT_EQ(first_codec(dynamic), "");
}

TEST(Sdp, a_broken_rtpmap_names_no_encoding) {
  for (const char* line : {"a=rtpmap:0\r\n", "a=rtpmap:0 PCMU\r\n", "a=rtpmap:0 /8000\r\n",
                           "a=rtpmap:0 PCMU/x\r\n", "a=rtpmap:0 PCMU/8000/\r\n"}) {
    const std::string text = with_audio(line);
    EXPECT_FALSE(encoding_of(parsed(text).media()[0], "0").has_value()) << line;
  }
}

TEST(Sdp, direction_is_that_of_the_section_else_of_the_session) {
  const std::string session_wide =
      "v=0\no=a 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\na=sendonly\n"
      "m=audio 4000 RTP/AVP 0\nm=audio 4002 RTP/AVP 0\na=inactive\n";

  const Session session = parsed(session_wide);
  const std::string plain_text = with_audio("");
  const Session plain = parsed(plain_text);

  EXPECT_EQ(direction_of(session, session.media()[0]), Direction::SendOnly);
  EXPECT_EQ(direction_of(session, session.media()[1]), Direction::Inactive);
  EXPECT_EQ(direction_of(plain, plain.media()[0]), Direction::SendReceive);
}

TEST(Sdp, hold_is_sendonly_inactive_or_the_old_null_address) {
  const auto holds = [](std::string_view lines) {
    const std::string text = with_audio(lines);
    return is_hold(parsed(text));
  };

  EXPECT_TRUE(holds("a=sendonly\r\n"));
  EXPECT_TRUE(holds("a=inactive\r\n"));
  EXPECT_TRUE(holds("c=IN IP4 0.0.0.0\r\n"));
  EXPECT_FALSE(holds(""));
  EXPECT_FALSE(holds("a=sendrecv\r\n"));
  EXPECT_FALSE(holds("a=recvonly\r\n"));
  EXPECT_FALSE(holds("a=sendonly\r\nm=audio 4002 RTP/AVP 0\r\n"));
  EXPECT_TRUE(holds("a=sendonly\r\nm=audio 0 RTP/AVP 0\r\n"));
}

TEST(Sdp, a_description_without_running_audio_holds_nobody) {
  const Session session = parsed(
      "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
      "m=image 4000 udptl t38\r\n");

  EXPECT_FALSE(is_hold(session));
  EXPECT_EQ(first_audio(session), nullptr);
}

TEST(Sdp, is_usable_when_every_running_section_has_an_address) {
  const auto usable = [](std::string_view rest) {
    const std::string text = "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\n" + std::string(rest);
    return is_usable(parsed(text));
  };

  EXPECT_TRUE(usable("c=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n"));
  EXPECT_TRUE(usable("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n"));
  EXPECT_TRUE(usable("m=audio 0 RTP/AVP 0\r\n"));
  EXPECT_FALSE(usable("m=audio 4000 RTP/AVP 0\r\n"));
  EXPECT_FALSE(usable("c=IN IP4 192.0.2.1\r\n"));
  EXPECT_FALSE(usable("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\nm=video 6 RTP/AVP 31\r\n"));
}

TEST(Sdp, the_same_session_has_the_same_origin_and_version) {
  const std::string first = with_audio("a=sendrecv\r\n");
  const std::string changed = with_audio("a=inactive\r\n");
  std::string next = first;
  next.replace(next.find("1 1 IN"), 3, "1 2");

  EXPECT_TRUE(same_session(parsed(first), parsed(changed)));
  EXPECT_FALSE(same_session(parsed(first), parsed(next)));
}

TEST(Sdp, the_endpoint_of_a_section_is_its_address_and_port) {
  const Session session = parsed(kPhone);
  const std::string named = with_audio("c=IN IP4 media.example.org\r\n");
  const std::string multicast = with_audio("c=IN IP4 224.2.1.1/127\r\n");

  EXPECT_EQ(endpoint_of(session, session.media()[0])->text(), "192.0.2.9:49170");
  EXPECT_FALSE(endpoint_of(parsed(named), parsed(named).media()[0]).has_value());
  EXPECT_EQ(parsed(multicast).media()[0].connection.ip()->text(), "224.2.1.1");
}

TEST(Sdp, tolerates_what_gateways_send) {
  const char* const kTolerated[] = {
      // bare LF, bare CR, no end of line at the end
      "v=0\no=a 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 4000 RTP/AVP 0",
      "v=0\ro=a 1 1 IN IP4 192.0.2.1\rs=-\rm=audio 4000 RTP/AVP 0\r",
      // no s=, no t=, no c=
      "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n",
      // blanks in the user name, behind lines, around values
      "v=0\r\no=Some Gateway 1 1 IN IP4 192.0.2.1 \r\ns= \r\nm= audio 4000  RTP/AVP  0\r\n",
      // c= before s=, b= before c=, empty lines, lines of unknown types
      "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.1\r\ns=-\r\nb=AS:84\r\n\r\n"
      "y=whatever\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=rtpmap: 0 PCMU/8000\r\n\r\n",
      // a refused section without formats
      "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nm=audio 4000 RTP/AVP 0\r\nm=video 0 RTP/AVP\r\n",
  };

  for (const char* text : kTolerated) {
    const Session session = parsed(text);
    EXPECT_EQ(session.origin.session_id, "1") << text;
    EXPECT_EQ(session.origin.address, "192.0.2.1") << text;
    ASSERT_GE(session.media().size(), 1u) << text;
    EXPECT_EQ(session.media()[0].port, 4000) << text;
    EXPECT_EQ(first_codec(session.media()[0]), "PCMU") << text;
  }
}

TEST(Sdp, a_user_name_with_blanks_is_kept_whole) {
  EXPECT_EQ(parsed("v=0\r\no=Some Gateway 1 7 IN IP4 192.0.2.1\r\n").origin.user, "Some Gateway");
}

TEST(Sdp, names_the_fault_and_its_line) {
  struct Row {
    std::string_view text;
    Fault fault;
    int line;
  };
  constexpr Row kRows[] = {
      {"", Fault::Empty, 0},
      {"\r\n\r\n", Fault::Empty, 2},
      {"o=a 1 1 IN IP4 192.0.2.1\r\n", Fault::BadVersion, 1},
      {"v=1\r\n", Fault::BadVersion, 1},
      {"v=0\r\n", Fault::NoOrigin, 1},
      {"v=0\r\no=a 1 1 IN IP4\r\n", Fault::BadOrigin, 2},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nnonsense\r\n", Fault::BadLine, 3},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nx\r\n", Fault::BadLine, 3},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nc=IN IP4\r\n", Fault::BadConnection, 3},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nm=audio\r\n", Fault::BadMedia, 3},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nm=audio x RTP/AVP 0\r\n", Fault::BadMedia, 3},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nm=audio 65536 RTP/AVP 0\r\n", Fault::BadMedia, 3},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nm=audio -1 RTP/AVP 0\r\n", Fault::BadMedia, 3},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nm=audio 4/x RTP/AVP 0\r\n", Fault::BadMedia, 3},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP\r\n", Fault::BadMedia, 3},
      {"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\nm=audio 0\r\n", Fault::BadMedia, 3},
  };

  for (const Row& row : kRows) {
    const Error error = fault_of(row.text);
    EXPECT_EQ(to_text(error.fault), to_text(row.fault)) << row.text;
    EXPECT_EQ(error.line, row.line) << row.text;
  }
}

TEST(Sdp, keeps_its_limits) {
  const std::string head = "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\n";
  const auto repeated = [](std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
  };
  const std::string media = "m=audio 4000 RTP/AVP 0\r\n";

  EXPECT_EQ(parsed(head + repeated(media, kMaxMedia)).media().size(), kMaxMedia);
  EXPECT_EQ(fault_of(head + repeated(media, kMaxMedia + 1)).fault, Fault::TooManyMedia);
  parsed(head + repeated("a=x\r\n", kMaxLines - 3));
  EXPECT_EQ(fault_of(head + repeated("a=x\r\n", kMaxLines - 2)).fault, Fault::TooManyLines);
  parsed(head + "m=audio 4000 RTP/AVP" + repeated(" 0", kMaxFormats));
  EXPECT_EQ(fault_of(head + "m=audio 4000 RTP/AVP" + repeated(" 0", kMaxFormats + 1)).fault,
            Fault::TooManyFormats);
  const std::string longest = head + "a=" + std::string(kMaxText - head.size() - 2, 'x');
  parsed(longest);
  EXPECT_EQ(fault_of(longest + "x").fault, Fault::TooLong);
}

TEST(Sdp, writes_a_complete_description_byte_for_byte) { EXPECT_EQ(write(parsed(kPhone)), kPhone); }

TEST(Sdp, writes_what_is_missing_and_puts_lines_into_order) {
  const Session session = parsed(
      "v=0\no=a 1 1 IN IP4 192.0.2.1\na=tool:x\nb=AS:84\ny=1\nc=IN IP4 192.0.2.1\n"
      "m=audio 4000 RTP/AVP 0\na=sendonly\nb=AS:64\ni=voice\n");

  EXPECT_EQ(write(session),
            "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nb=AS:84\r\nt=0 0\r\n"
            "y=1\r\na=tool:x\r\n"
            "m=audio 4000 RTP/AVP 0\r\ni=voice\r\nb=AS:64\r\na=sendonly\r\n");
}

TEST(Sdp, a_changed_address_and_port_are_written) {
  Session session = parsed(kPhone);
  session.origin.address = "198.51.100.1";
  session.connection = {"IN", "IP4", "198.51.100.1"};
  session.media()[0].port = 20000;

  const std::string text = write(session);

  const Session again = parsed(text);
  EXPECT_EQ(again.media()[0].port, 20000);
  EXPECT_EQ(connection_of(again, again.media()[0]).address, "198.51.100.1");
  EXPECT_EQ(text.find("192.0.2."), std::string::npos);
}

TEST(Sdp, a_session_that_is_read_again_keeps_nothing_of_the_text_before) {
  Session session;
  ASSERT_TRUE(parse(kPhone, session).ok());

  ASSERT_TRUE(parse("v=0\r\no=b 1 1 IN IP4 192.0.2.2\r\n", session).ok());

  EXPECT_EQ(write(session), "v=0\r\no=b 1 1 IN IP4 192.0.2.2\r\ns=-\r\nt=0 0\r\n");
}

TEST(Sdp, every_fault_has_a_text) {
  for (int fault = 0; fault <= static_cast<int>(Fault::NoOrigin); ++fault)
    EXPECT_FALSE(to_text(static_cast<Fault>(fault)).empty());
}

}  // namespace
}  // namespace tandem::sdp
