#include "core/sip/message.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace tandem::sip {
namespace {

using namespace std::literals;

struct Parsed {
  explicit Parsed(std::string given) : bytes(std::move(given)) { error = parse(bytes, *message); }
  std::string bytes;
  std::unique_ptr<Message> message = std::make_unique<Message>();
  ParseError error;
};

constexpr std::string_view kVia = "Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1;rport\r\n";
constexpr std::string_view kRest =
    "From: \"A\" <sip:a@192.0.2.1>;tag=f1\r\nTo: <sip:b@192.0.2.2>\r\nCall-ID: c1@192.0.2.1\r\n"
    "CSeq: 7 INVITE\r\n";

// An INVITE with more header lines and a body.
std::string invite(std::string_view lines, std::string_view body = "") {
  return std::string("INVITE sip:b@192.0.2.2 SIP/2.0\r\n") + std::string(kVia) +
         std::string(kRest) + std::string(lines) + "\r\n" + std::string(body);
}

TEST(Message, what_every_message_has_is_kept_at_hand) {
  const Parsed parsed(invite("Max-Forwards: 70\r\nContent-Length: 4\r\n", "body"));
  const Message& message = *parsed.message;

  ASSERT_EQ(parsed.error.kind, ParseErrorKind::None);
  EXPECT_TRUE(message.is_request());
  EXPECT_EQ(message.method(), Method::Invite);
  EXPECT_EQ(message.method_text(), "INVITE");
  EXPECT_EQ(message.request_uri_text(), "sip:b@192.0.2.2");
  EXPECT_EQ(message.request_uri().user, "b");
  EXPECT_EQ(message.via().host, "192.0.2.1");
  EXPECT_EQ(message.via().port, 5070);
  EXPECT_EQ(message.via().branch, "z9hG4bK1");
  EXPECT_TRUE(message.via().has_rport);
  EXPECT_EQ(message.cseq().number, 7u);
  EXPECT_EQ(message.cseq().method, Method::Invite);
  EXPECT_EQ(message.from().display, "A");
  EXPECT_EQ(message.from().tag, "f1");
  EXPECT_EQ(message.to().uri_text, "sip:b@192.0.2.2");
  EXPECT_EQ(message.to().tag, "");
  EXPECT_EQ(message.call_id(), "c1@192.0.2.1");
  EXPECT_EQ(message.max_forwards(), 70);
  EXPECT_EQ(message.body(), "body");
  EXPECT_EQ(message.headers().size(), 7u);
  EXPECT_EQ(message.bytes(), parsed.bytes);
}

TEST(Message, a_response_has_a_status_and_a_reason) {
  const Parsed parsed("SIP/2.0 486 Busy Here, really\r\n" + std::string(kVia) + std::string(kRest) +
                      "\r\n");

  ASSERT_EQ(parsed.error.kind, ParseErrorKind::None);
  EXPECT_TRUE(parsed.message->is_response());
  EXPECT_EQ(parsed.message->status(), 486);
  EXPECT_EQ(parsed.message->reason(), "Busy Here, really");
  EXPECT_EQ(parsed.message->method(), Method::Unknown);
}

TEST(Message, whom_a_response_names_is_not_judged_but_its_tags_are) {
  const auto response = [](std::string_view to) {
    return "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a b@>;tag=f1\r\nTo: " +
           std::string(to) + "\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n";
  };
  const Parsed odd(response("\"B\" <sip:%zz>;tag=t1"));

  EXPECT_EQ(odd.error.kind, ParseErrorKind::None);
  EXPECT_EQ(odd.message->from().tag, "f1");
  EXPECT_EQ(odd.message->to().tag, "t1");
  EXPECT_EQ(Parsed(response("<sip:b@h;tag=t1")).error.kind, ParseErrorKind::BadTo);
  EXPECT_EQ(Parsed(response("<sip:b@h>;tag=")).error.kind, ParseErrorKind::BadTo);
}

TEST(Message, fields_are_found_by_id_first_one_first) {
  const Parsed parsed(invite("s: one\r\nX-Own: 1\r\nSubject: two\r\nEmpty:\r\n"));
  const Message& message = *parsed.message;

  ASSERT_EQ(parsed.error.kind, ParseErrorKind::None);
  EXPECT_EQ(message.value(HeaderId::Subject), "one");
  EXPECT_EQ(message.find(HeaderId::Subject)->name, "s");
  EXPECT_EQ(message.find(HeaderId::Unknown)->name, "X-Own");
  EXPECT_FALSE(message.has(HeaderId::Route));
  EXPECT_EQ(message.value(HeaderId::Route), "");
  EXPECT_EQ(message.headers().back().value, "");
}

TEST(Message, folded_values_keep_their_line_breaks_inside_only) {
  const Parsed parsed(invite("Subject  :\r\n\t one\r\n two  \r\nX: y\r\n"));

  ASSERT_EQ(parsed.error.kind, ParseErrorKind::None);
  EXPECT_EQ(parsed.message->value(HeaderId::Subject), "one\r\n two");
  EXPECT_TRUE(parsed.message->find(HeaderId::Subject)->folded);
  EXPECT_FALSE(parsed.message->headers().back().folded);
}

TEST(Message, lines_may_end_without_carriage_return) {
  std::string bytes = invite("Max-Forwards: 1\r\n", "v=0");
  std::erase(bytes, '\r');
  const Parsed parsed(bytes);

  ASSERT_EQ(parsed.error.kind, ParseErrorKind::None);
  EXPECT_EQ(parsed.message->max_forwards(), 1);
  EXPECT_EQ(parsed.message->body(), "v=0");
}

TEST(Message, a_message_is_reused_without_a_trace_of_the_one_before) {
  Parsed parsed(invite("Max-Forwards: 70\r\nSubject: x\r\nContact: <sip:a@h>\r\n", "body"));
  const std::string second = "SIP/2.0 100 \r\n" + std::string(kVia) + std::string(kRest) + "\r\n";

  ASSERT_EQ(parse(second, *parsed.message).kind, ParseErrorKind::None);

  EXPECT_TRUE(parsed.message->is_response());
  EXPECT_EQ(parsed.message->max_forwards(), -1);
  EXPECT_FALSE(parsed.message->has(HeaderId::Subject));
  EXPECT_EQ(parsed.message->request_uri_text(), "");
  EXPECT_EQ(parsed.message->request_uri().host, "");
  EXPECT_EQ(parsed.message->body(), "");
  EXPECT_EQ(parsed.message->headers().size(), 5u);
}

TEST(Message, keep_alive_is_told_from_messages) {
  for (const std::string& bytes : {""s, "\r\n"s, "\r\n\r\n"s, "\n"s, "\0\0\0\0"s, "\0"s})
    EXPECT_EQ(Parsed(bytes).error.kind, ParseErrorKind::KeepAlive);
  EXPECT_EQ(Parsed("\r\n\r\n" + invite("")).error.kind, ParseErrorKind::None);
}

TEST(Message, what_is_not_sip_is_not_answered) {
  for (const std::string& bytes :
       {"GET / HTTP/1.1\r\nHost: x\r\n\r\n"s, "hello"s, "\x01\x01\0\0"s, "INVITE sip:a@h\r\n\r\n"s,
        "SIP/2.0\r\n\r\n"s, " \r\n\r\n"s, "INVITE sip:a@h SIP\r\n\r\n"s, std::string(5, '\0')}) {
    const Parsed parsed(bytes);

    EXPECT_EQ(parsed.error.kind, ParseErrorKind::NotSip) << bytes;
    EXPECT_EQ(parsed.error.status, 0);
  }
}

TEST(Message, a_fault_in_the_start_line_is_answered_by_its_kind) {
  const struct {
    const char* line;
    ParseErrorKind kind;
    int status;
  } rows[] = {
      {"INVITE  sip:b@h SIP/2.0", ParseErrorKind::BadRequestUri, 400},
      {"INVITE sip:b@h  SIP/2.0", ParseErrorKind::BadRequestUri, 400},
      {"INVITE sip:b@h SIP/2.0 ", ParseErrorKind::BadStartLine, 400},
      {" INVITE sip:b@h SIP/2.0", ParseErrorKind::BadStartLine, 400},
      {"INVITE\tsip:b@h SIP/2.0", ParseErrorKind::BadStartLine, 400},
      {"INV(ITE sip:b@h SIP/2.0", ParseErrorKind::BadStartLine, 400},
      {"INVITE SIP/2.0", ParseErrorKind::BadRequestUri, 400},
      {"INVITE <sip:b@h> SIP/2.0", ParseErrorKind::BadRequestUri, 400},
      {"INVITE sip:b@h;x y SIP/2.0", ParseErrorKind::BadRequestUri, 400},
      {"INVITE sip: SIP/2.0", ParseErrorKind::BadRequestUri, 400},
      {"INVITE sip:b@h?x=y SIP/2.0", ParseErrorKind::BadRequestUri, 400},
      {"INVITE mailto:b@h SIP/2.0", ParseErrorKind::UnknownScheme, 416},
      {"INVITE sip:b@h SIP/3.0", ParseErrorKind::BadVersion, 505},
      {"INVITE sip:b@h SIP/2.01", ParseErrorKind::BadVersion, 505},
      {"INVITE sip:b@h sip/2.0", ParseErrorKind::None, 0},
      {"INVITE tel:+123 SIP/2.0", ParseErrorKind::None, 0},
      {"SIP/2.0 99 x", ParseErrorKind::BadStatus, 0},
      {"SIP/2.0 700 x", ParseErrorKind::BadStatus, 0},
      {"SIP/2.0 2000 x", ParseErrorKind::BadStatus, 0},
      {"SIP/2.0 200x", ParseErrorKind::BadStatus, 0},
      {"SIP/2.0 OK", ParseErrorKind::BadStatus, 0},
      {"SIP/2.0  200 OK", ParseErrorKind::BadStatus, 0},
      {"SIP/1.0 200 OK", ParseErrorKind::BadVersion, 0},
      {"SIP/2.0 200", ParseErrorKind::None, 0},
      {"sip/2.0 200 ", ParseErrorKind::None, 0},
  };
  for (const auto& row : rows) {
    const Parsed parsed(std::string(row.line) + "\r\n" + std::string(kVia) + std::string(kRest) +
                        "\r\n");

    EXPECT_EQ(parsed.error.kind, row.kind) << row.line << ": " << to_text(parsed.error.kind);
    EXPECT_EQ(parsed.error.status, row.status) << row.line;
    EXPECT_EQ(parsed.message->via().branch, "z9hG4bK1") << row.line;
  }
}

TEST(Message, each_mandatory_header_must_be_there_once) {
  const std::string whole = invite("");
  for (const auto& [name, id] :
       {std::pair{"Via", HeaderId::Via}, std::pair{"From", HeaderId::From},
        std::pair{"To", HeaderId::To}, std::pair{"Call-ID", HeaderId::CallId},
        std::pair{"CSeq", HeaderId::CSeq}}) {
    std::string without = whole;
    without.replace(without.find("\r\n"s + name + ":") + 2, 1, "X");
    const Parsed parsed(without);

    EXPECT_EQ(parsed.error.kind, ParseErrorKind::MissingHeader) << name;
    EXPECT_EQ(parsed.error.header, id);
    EXPECT_EQ(parsed.error.status, id == HeaderId::Via ? 0 : 400) << "no Via, no answer";
  }
  for (const char* line :
       {"From: <sip:x@h>;tag=2\r\n", "t: <sip:x@h>\r\n", "i: 2\r\n", "CSeq: 7 INVITE\r\n",
        "l: 0\r\nContent-Length: 0\r\n", "Max-Forwards: 1\r\nMax-Forwards: 1\r\n"}) {
    const Parsed parsed(invite(line));

    EXPECT_EQ(parsed.error.kind, ParseErrorKind::DuplicateHeader) << line;
    EXPECT_EQ(parsed.error.status, 400);
    EXPECT_EQ(parsed.message->from().tag, "f1");
  }
}

TEST(Message, values_out_of_bounds_are_refused) {
  const struct {
    const char* lines;
    ParseErrorKind kind;
  } rows[] = {
      {"Max-Forwards: 256\r\n", ParseErrorKind::BadMaxForwards},
      {"Max-Forwards: -1\r\n", ParseErrorKind::BadMaxForwards},
      {"Max-Forwards:\r\n", ParseErrorKind::BadMaxForwards},
      {"Max-Forwards: 70 x\r\n", ParseErrorKind::BadMaxForwards},
      {"Content-Length: -1\r\n", ParseErrorKind::BadContentLength},
      {"Content-Length: 1 1\r\n", ParseErrorKind::BadContentLength},
      {"Content-Length: 4294967296\r\n", ParseErrorKind::BadContentLength},
      {"Content-Length: 99999999999999999999999\r\n", ParseErrorKind::BadContentLength},
      {"Content-Length: 5\r\n", ParseErrorKind::ShortBody},
      {"Contact: sip:a@h?x=y\r\n", ParseErrorKind::BadContact},
      {"Contact: <sip:a@h>, <sip:b@h\r\n", ParseErrorKind::BadContact},
      {"Contact: <sip:a@h>,\r\n", ParseErrorKind::BadContact},
      {"Contact: *, <sip:a@h>\r\n", ParseErrorKind::BadContact},
      {"Contact:\r\n", ParseErrorKind::BadContact},
      {"no header\r\n", ParseErrorKind::BadHeaderLine},
      {": x\r\n", ParseErrorKind::BadHeaderLine},
      {"a b: x\r\n", ParseErrorKind::BadHeaderLine},
      {"a(b): x\r\n", ParseErrorKind::BadHeaderLine},
      {"a\xc3\xa9: x\r\n", ParseErrorKind::BadHeaderLine},
  };
  for (const auto& row : rows) {
    const Parsed parsed(invite(row.lines, "body"));

    EXPECT_EQ(parsed.error.kind, row.kind) << row.lines << to_text(parsed.error.kind);
    EXPECT_EQ(parsed.error.status, 400) << row.lines;
  }
  EXPECT_EQ(Parsed(invite("Contact: *\r\n")).error.kind, ParseErrorKind::None);
  EXPECT_EQ(Parsed(invite("Max-Forwards: 0255\r\n")).error.kind, ParseErrorKind::None);
}

TEST(Message, the_first_fault_is_told_with_its_place) {
  const std::string bytes = invite("Max-Forwards: 256\r\nContent-Length: x\r\n");
  const Parsed parsed(bytes);

  EXPECT_EQ(parsed.error.kind, ParseErrorKind::BadMaxForwards);
  EXPECT_EQ(parsed.error.header, HeaderId::MaxForwards);
  EXPECT_EQ(parsed.error.offset, bytes.find("256"));
}

TEST(Message, bytes_behind_the_body_are_left_out) {
  const Parsed parsed(invite("Content-Length: 2\r\n", "bodyINVITE sip:x SIP/2.0\r\n"));

  EXPECT_EQ(parsed.error.kind, ParseErrorKind::None);
  EXPECT_EQ(parsed.message->body(), "bo");
}

TEST(Message, headers_without_the_empty_line_behind_them_are_cut_short) {
  const std::string whole = invite("Max-Forwards: 70\r\n");
  for (std::size_t size = 40; size < whole.size(); ++size) {
    const Parsed parsed(whole.substr(0, size));

    EXPECT_NE(parsed.error.kind, ParseErrorKind::None) << "first " << size << " bytes";
  }
  EXPECT_EQ(Parsed(whole.substr(0, whole.size() - 2)).error.kind, ParseErrorKind::CutShort);
}

TEST(Message, limits_are_refused_with_message_too_large) {
  std::string lines;
  for (std::size_t i = 5; i < kMaxHeaders; ++i) lines += "X-A: y\r\n";
  EXPECT_EQ(Parsed(invite(lines)).error.kind, ParseErrorKind::None);

  const Parsed many(invite(lines + "X-A: y\r\n"));
  EXPECT_EQ(many.error.kind, ParseErrorKind::TooManyHeaders);
  EXPECT_EQ(many.error.status, 513);
  EXPECT_EQ(many.message->headers().size(), kMaxHeaders);

  const Parsed large(invite("", std::string(kMaxMessage, 'x')));
  EXPECT_EQ(large.error.kind, ParseErrorKind::TooLarge);
  EXPECT_EQ(large.error.status, 513);
}

}  // namespace
}  // namespace tandem::sip
