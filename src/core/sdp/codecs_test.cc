// What codec rules make of descriptions: one row per case.
#include "core/sdp/codecs.h"

#include <gtest/gtest.h>

namespace tandem::sdp {
namespace {

constexpr std::string_view kHead =
    "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

struct Case {
  const char* what;
  CodecRules rules;
  Turn turn;
  const char* given;     // below the head
  const char* expected;  // "" = nothing is left
};

const std::vector<std::string> kLaw{"audio/PCMA"};
const std::vector<std::string> kMuLawFirst{"audio/PCMU", "audio/PCMA"};
const std::vector<std::string> kLow{"audio/G729"};
const std::vector<std::string> kWide{"audio/Speex-Wideband"};
const std::vector<std::string> kPicture{"audio/PCMA", "video/H264"};
const std::vector<std::string> kNone{};

constexpr const char* kPhone =
    "m=audio 4000 RTP/AVP 8 0 18 101 13\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";

std::string outcome_of(const Case& each) {
  Session room;
  const std::string text = std::string(kHead) + each.given;
  const CodecRewrite made = apply_codec_rules(text, each.turn, each.rules, room);
  if (made.outcome == CodecOutcome::NothingLeft) return "";
  if (made.outcome == CodecOutcome::Same) return each.given;
  EXPECT_TRUE(made.text.starts_with(kHead)) << made.text;
  return made.text.substr(kHead.size());
}

const Case kCases[] = {
    {"no rules", {}, Turn::Offer, kPhone, kPhone},
    {"one codec is left, with what goes beside it",
     {.restricts = true, .allowed = kLaw},
     Turn::Offer,
     kPhone,
     "m=audio 4000 RTP/AVP 8 101 13\r\na=rtpmap:8 PCMA/8000\r\n"
     "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"},
    {"the order of the list counts",
     {.restricts = true, .allowed = kMuLawFirst},
     Turn::Offer,
     "m=audio 4000 RTP/AVP 8 0\r\n",
     "m=audio 4000 RTP/AVP 0 8\r\n"},
    {"no codec in common", {.restricts = true, .allowed = kWide}, Turn::Offer, kPhone, ""},
    {"an empty list allows nothing", {.restricts = true, .allowed = kNone}, Turn::Offer, kPhone, ""},
    {"an answer is not restricted", {.restricts = true, .allowed = kWide}, Turn::Answer, kPhone,
     kPhone},
    {"telephone-event alone is no codec",
     {.restricts = true, .allowed = kLaw},
     Turn::Offer,
     "m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n",
     ""},
    {"speex is told apart by its clock",
     {.restricts = true, .allowed = kWide},
     Turn::Offer,
     "m=audio 4000 RTP/AVP 97 98\r\na=rtpmap:97 speex/8000\r\na=rtpmap:98 speex/16000\r\n",
     "m=audio 4000 RTP/AVP 98\r\na=rtpmap:98 speex/16000\r\n"},
    {"G729a is a G729",
     {.restricts = true, .allowed = kLow},
     Turn::Offer,
     "m=audio 4000 RTP/AVP 0 97\r\na=rtpmap:97 G729A/8000\r\n",
     "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 G729A/8000\r\n"},
    {"a picture without a codec is switched off, the sound stays",
     {.restricts = true, .allowed = kLaw},
     Turn::Offer,
     "m=audio 4000 RTP/AVP 8\r\nm=video 4002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n",
     "m=audio 4000 RTP/AVP 8\r\nm=video 0 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n"},
    {"a picture that is listed stays, with its feedback lines",
     {.restricts = true, .allowed = kPicture},
     Turn::Offer,
     "m=audio 4000 RTP/AVP 0 8\r\nm=video 4002 RTP/AVP 97 98\r\na=rtpmap:97 H264/90000\r\n"
     "a=rtcp-fb:* nack\r\na=rtcp-fb:98 pli\r\na=rtpmap:98 VP8/90000\r\n",
     "m=audio 4000 RTP/AVP 8\r\nm=video 4002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n"
     "a=rtcp-fb:* nack\r\n"},
    {"fax is no codec", {.restricts = true, .allowed = kLaw}, Turn::Offer,
     "m=image 4000 udptl t38\r\na=T38FaxVersion:0\r\n",
     "m=image 4000 udptl t38\r\na=T38FaxVersion:0\r\n"},
    {"a section that is off stays off", {.restricts = true, .allowed = kLaw}, Turn::Offer,
     "m=audio 0 RTP/AVP 18\r\nm=audio 4000 RTP/AVP 8\r\n",
     "m=audio 0 RTP/AVP 18\r\nm=audio 4000 RTP/AVP 8\r\n"},

    {"all variants as G729", {.g729 = G729Names::G729}, Turn::Offer,
     "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 G729a/8000\r\n",
     "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 G729/8000\r\n"},
    {"all variants as G729a, also an unnamed one", {.g729 = G729Names::G729a}, Turn::Offer,
     "m=audio 4000 RTP/AVP 18\r\na=ptime:20\r\n",
     "m=audio 4000 RTP/AVP 18\r\na=ptime:20\r\na=rtpmap:18 G729a/8000\r\n"},
    {"an answer is named too", {.g729 = G729Names::G729a}, Turn::Answer,
     "m=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n",
     "m=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729a/8000\r\n"},
    {"each variant twice", {.g729 = G729Names::Both}, Turn::Offer,
     "m=audio 4000 RTP/AVP 18 96\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n"
     "a=rtpmap:96 telephone-event/8000\r\n",
     "m=audio 4000 RTP/AVP 18 97 96\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n"
     "a=rtpmap:96 telephone-event/8000\r\na=rtpmap:97 G729a/8000\r\na=fmtp:97 annexb=no\r\n"},
    {"each variant once in the answer", {.g729 = G729Names::Both}, Turn::Answer,
     "m=audio 4000 RTP/AVP 18 97\r\na=rtpmap:18 G729/8000\r\na=rtpmap:97 G729a/8000\r\n",
     "m=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n"},
    {"G729D is another codec", {.g729 = G729Names::G729}, Turn::Offer,
     "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 G729D/8000\r\n",
     "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 G729D/8000\r\n"},

    {"annex B yes", {.annexb = AnnexValue::Yes}, Turn::Offer,
     "m=audio 4000 RTP/AVP 18\r\na=fmtp:18 annexb=no\r\n",
     "m=audio 4000 RTP/AVP 18\r\na=fmtp:18 annexb=yes\r\n"},
    {"annex B no, where nothing was said", {.annexb = AnnexValue::No}, Turn::Answer,
     "m=audio 4000 RTP/AVP 18 0\r\na=ptime:20\r\n",
     "m=audio 4000 RTP/AVP 18 0\r\na=ptime:20\r\na=fmtp:18 annexb=no\r\n"},
    {"annex B is not spoken of", {.annexb = AnnexValue::Omit}, Turn::Offer,
     "m=audio 4000 RTP/AVP 18\r\na=fmtp:18 annexb=no\r\n", "m=audio 4000 RTP/AVP 18\r\n"},
    {"other parameters stay", {.annexb = AnnexValue::Omit}, Turn::Offer,
     "m=audio 4000 RTP/AVP 18\r\na=fmtp:18 x=1; annexb=no ;y=2\r\n",
     "m=audio 4000 RTP/AVP 18\r\na=fmtp:18 x=1;y=2\r\n"},
    {"annex A of G.723.1", {.annexa = AnnexValue::No}, Turn::Offer,
     "m=audio 4000 RTP/AVP 4 18\r\na=fmtp:4 bitrate=5.3;annexa=yes\r\na=fmtp:18 annexb=yes\r\n",
     "m=audio 4000 RTP/AVP 4 18\r\na=fmtp:4 bitrate=5.3;annexa=no\r\na=fmtp:18 annexb=yes\r\n"},
    {"annex B of both names", {.g729 = G729Names::Both, .annexb = AnnexValue::No}, Turn::Offer,
     "m=audio 4000 RTP/AVP 18\r\n",
     "m=audio 4000 RTP/AVP 18 96\r\na=fmtp:18 annexb=no\r\na=rtpmap:96 G729a/8000\r\n"
     "a=fmtp:96 annexb=no\r\n"},
    {"bare line feeds stay as they came", {.restricts = true, .allowed = kLaw}, Turn::Offer,
     "m=audio 4000 RTP/AVP 8 0\na=rtpmap:0 PCMU/8000\na=x\n",
     "m=audio 4000 RTP/AVP 8\r\na=x\n"},
};

TEST(CodecRules, make_of_a_description_what_the_table_says) {
  for (const Case& each : kCases) EXPECT_EQ(outcome_of(each), each.expected) << each.what;
}

TEST(CodecRules, leave_what_cannot_be_read) {
  Session room;
  const CodecRules rules{.restricts = true, .allowed = kLaw};

  for (const char* text : {"", "v=0\r\n", "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"})
    EXPECT_EQ(apply_codec_rules(text, Turn::Offer, rules, room).outcome, CodecOutcome::Same);
}

TEST(CodecRules, applied_twice_change_nothing_more) {
  Session room;
  for (const Case& each : kCases) {
    if (*each.expected == '\0') continue;
    const std::string text = std::string(kHead) + each.expected;
    EXPECT_EQ(apply_codec_rules(text, each.turn, each.rules, room).outcome, CodecOutcome::Same)
        << each.what;
  }
}

TEST(CodecHabits, are_read_from_the_text) {
  EXPECT_EQ(habits_of(std::string(kHead) + "m=audio 1 RTP/AVP 8\r\n"), CodecHabits{});
  EXPECT_EQ(habits_of(kPhone), (CodecHabits{.without_annexb = true}));
  EXPECT_EQ(habits_of("a=rtpmap:18 G729A/8000\r\na=fmtp:4 annexa=no\r\n"),
            (CodecHabits{.calls_it_g729a = true, .without_annexa = true}));
}

TEST(CodecRules, rules_that_a_description_keeps_already_are_left_out) {
  CodecRules rules{.annexb = AnnexValue::No, .annexa = AnnexValue::No};

  leave_out_what_is_said(rules, "a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n");

  EXPECT_EQ(rules.annexb, AnnexValue::AsGiven);
  EXPECT_EQ(rules.annexa, AnnexValue::No) << "G.723 may be there by its static number";
  rules.annexb = AnnexValue::No;
  leave_out_what_is_said(rules, "a=rtpmap:18 G729/8000\r\na=rtpmap:96 G729/8000\r\n"
                                "a=fmtp:18 annexb=no\r\n");
  EXPECT_EQ(rules.annexb, AnnexValue::No) << "one of two says nothing";
}

TEST(CodecNames, are_those_of_the_specification) {
  EXPECT_EQ(codec_named("audio/pcma"), "audio/PCMA");
  EXPECT_EQ(codec_named("PCMA"), "audio/PCMA");
  EXPECT_EQ(codec_named("opus"), "audio/Opus");
  EXPECT_EQ(codec_named("video/vp8"), "video/VP8");
  for (const char* none : {"", "VP8", "audio/VP8", "audio/", "telephone-event", "audio/PCMA "})
    EXPECT_EQ(codec_named(none), "") << none;
}

}  // namespace
}  // namespace tandem::sdp
