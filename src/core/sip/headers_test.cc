#include "core/sip/headers.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace tandem::sip {
namespace {

// A request with these header lines besides the mandatory ones.
class Given {
 public:
  explicit Given(std::string lines, std::string body = "")
      : bytes_(
            "INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1"
            "\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n" +
            std::move(lines) + "\r\n" + std::move(body)) {
    error_ = parse(bytes_, *message_);
    EXPECT_EQ(error_.kind, ParseErrorKind::None) << to_text(error_.kind) << "\n" << bytes_;
  }
  const Message& message() const { return *message_; }
  std::vector<std::string> values(HeaderId id) const {
    std::vector<std::string> found;
    for (ValueWalker walk(message(), id); walk.next();) found.emplace_back(walk.value());
    return found;
  }

 private:
  std::string bytes_;
  std::unique_ptr<Message> message_ = std::make_unique<Message>();
  ParseError error_;
};

using Values = std::vector<std::string>;

TEST(ValueWalker, visits_values_of_all_fields_and_commas_in_order) {
  const Given given(
      "Route: <sip:1@h;lr>, <sip:2@h>\r\nSubject: a, b\r\nRoute:\r\n <sip:3@h> ,\r\n"
      " <sip:4@h>\r\n");

  EXPECT_EQ(given.values(HeaderId::Route),
            (Values{"<sip:1@h;lr>", "<sip:2@h>", "<sip:3@h>", "<sip:4@h>"}));
  EXPECT_EQ(given.values(HeaderId::Subject), Values{"a, b"});
  EXPECT_EQ(given.values(HeaderId::Path), Values{});
}

TEST(ValueWalker, commas_in_quotes_angles_and_comments_separate_nothing) {
  const Given given(
      "Diversion: \"A, \\\", B\" <sip:a,b@h>;reason=x, <sip:c@h>\r\n"
      "Accept-Language: da (x, (y, \\) z)), en\r\n");

  EXPECT_EQ(given.values(HeaderId::Diversion),
            (Values{"\"A, \\\", B\" <sip:a,b@h>;reason=x", "<sip:c@h>"}));
  EXPECT_EQ(given.values(HeaderId::AcceptLanguage), (Values{"da (x, (y, \\) z))", "en"}));
}

TEST(ValueWalker, an_opening_mark_without_its_end_is_an_ordinary_character) {
  const Given given("Supported: \"a, <b, (c, d\r\nAllow-Events: a (b, c\r\n");

  EXPECT_EQ(given.values(HeaderId::Supported), (Values{"\"a", "<b", "(c", "d"}));
  EXPECT_EQ(given.values(HeaderId::AllowEvents), (Values{"a (b", "c"}));
}

TEST(ValueWalker, empty_values_are_passed_over) {
  const Given given("Supported: ,,a,, b,\r\nSupported:\r\nSupported: c\r\n");

  EXPECT_EQ(given.values(HeaderId::Supported), (Values{"a", "b", "c"}));
}

TEST(ListsToken, every_field_of_methods_counts) {
  const Given given("Allow: INVITE, ACK\r\nAllow: BYE, UPDATE\r\n");

  EXPECT_TRUE(lists_token(given.message(), HeaderId::Allow, "UPDATE"));
  EXPECT_TRUE(lists_token(given.message(), HeaderId::Allow, "INVITE"));
  EXPECT_FALSE(lists_token(given.message(), HeaderId::Allow, "PRACK"));
}

TEST(ListsToken, letters_of_methods_count_and_those_of_option_tags_do_not) {
  const Given given("Allow: INVITE, ACK\r\nk: timer , 100rel\r\n");

  EXPECT_TRUE(lists_token(given.message(), HeaderId::Supported, "100REL"));
  EXPECT_TRUE(lists_token(given.message(), HeaderId::Allow, "ACK"));
  EXPECT_FALSE(lists_token(given.message(), HeaderId::Allow, "ack"));
  EXPECT_FALSE(lists_token(given.message(), HeaderId::Allow, "INVIT"));
  EXPECT_FALSE(lists_token(given.message(), HeaderId::Require, "timer"));
}

TEST(ParameterOf, is_found_by_name_with_or_without_the_first_semicolon) {
  EXPECT_EQ(parameter(";a=1 ; B = \"x;y\\\"\";c", "b"), "x;y\\\"");
  EXPECT_EQ(parameter(";a=1;c", "C"), "");
  EXPECT_EQ(parameter("a=1;c=2", "a"), "1");
  EXPECT_EQ(parameter("a;c=2", "c"), "2");
  EXPECT_FALSE(parameter(";a=1", "b"));
  EXPECT_FALSE(parameter("", "b"));
  EXPECT_FALSE(parameter(";a=\"b;c", "c"));
}

TEST(NameAddressOf, every_form_is_understood) {
  const struct {
    const char* value;
    const char *display, *uri, *tag, *parameters;
  } rows[] = {
      {"sip:a@h", "", "sip:a@h", "", ""},
      {"sip:a@h;tag=1;x", "", "sip:a@h", "1", ";tag=1;x"},
      {"<sip:a@h;lr>;tag=1", "", "sip:a@h;lr", "1", ";tag=1"},
      {"Bob <sip:a@h>", "Bob", "sip:a@h", "", ""},
      {"Bob B. Bobson<sip:a@h>", "Bob B. Bobson", "sip:a@h", "", ""},
      {"\"Bob \\\"<x>;tag=9\" <sip:a@h> ; x=y ;TAG = 2", "Bob \\\"<x>;tag=9", "sip:a@h", "2",
       "; x=y ;TAG = 2"},
      {"\"\"\r\n <tel:+1234>;tag=\"q\"", "", "tel:+1234", "q", ";tag=\"q\""},
      {"M\xc3\xbcller (x) <sip:a@h>", "M\xc3\xbcller (x)", "sip:a@h", "", ""},
      {"<http://h?a=b>", "", "http://h?a=b", "", ""},
      {"<sip:a@h?x=y>;tag=[::1]:5", "", "sip:a@h?x=y", "[::1]:5", ";tag=[::1]:5"},
  };
  for (const auto& row : rows) {
    const auto address = parse_name_address(row.value);

    ASSERT_TRUE(address) << row.value;
    EXPECT_EQ(address->display, row.display);
    EXPECT_EQ(address->uri_text, row.uri);
    EXPECT_EQ(address->tag, row.tag);
    EXPECT_EQ(address->parameters, row.parameters);
  }
}

TEST(NameAddressOf, what_is_none_is_refused) {
  for (const char* value : {"",
                            "*",
                            "a@h",
                            "Bob",
                            "<>",
                            "<sip:a@h",
                            "sip:a@h>",
                            "\"Bob <sip:a@h>",
                            "\"Bob\" sip:a@h",
                            "Bob, B <sip:a@h>",
                            "Bob; B <sip:a@h>",
                            "< sip:a@h >",
                            "sip:a@h?x=y",
                            "<sip:a@h>x",
                            "<sip:a@h>;",
                            "<sip:a@h>;;x",
                            "<sip:a@h>;tag=",
                            "<sip:a@h>;tag=1;tag=2",
                            "<sip:a@h>;tag",
                            "<sip:a@h>, <sip:b@h>",
                            "\"a\x01\" <sip:a@h>",
                            "a\x01 <sip:a@h>",
                            "<sip:a@h>;x=\"y",
                            "\"a\\\r\n b\" <sip:a@h>"})
    EXPECT_FALSE(parse_name_address(value)) << value;
}

TEST(ViaOf, every_part_is_found) {
  const auto via = parse_via(
      "SIP/2.0/UDP h.example.com:5070 "
      ";branch=z9hG4bK1;RPORT=99;received=192.0.2.1;maddr=m;ttl=7;x");

  ASSERT_TRUE(via);
  EXPECT_EQ(via->transport, Transport::Udp);
  EXPECT_EQ(via->transport_text, "UDP");
  EXPECT_EQ(via->host, "h.example.com");
  EXPECT_EQ(via->port, 5070);
  EXPECT_EQ(via->branch, "z9hG4bK1");
  EXPECT_TRUE(via->has_rport);
  EXPECT_EQ(via->rport, 99);
  EXPECT_EQ(via->received, "192.0.2.1");
  EXPECT_EQ(via->maddr, "m");
  EXPECT_EQ(via->ttl, 7);
}

TEST(ViaOf, white_space_other_transports_and_ipv6_are_understood) {
  const auto via = parse_via("sip / 2.0\r\n / tls\t[2001:db8::1] : 5061 ; rport");

  ASSERT_TRUE(via);
  EXPECT_EQ(via->transport, Transport::Tls);
  EXPECT_EQ(via->host, "2001:db8::1");
  EXPECT_EQ(via->port, 5061);
  EXPECT_TRUE(via->has_rport);
  EXPECT_EQ(via->rport, 0);
  EXPECT_EQ(parse_via("SIP/2.0/SCTP h")->transport, Transport::Unknown);
  EXPECT_EQ(parse_via("SIP/2.0/WSS h")->transport, Transport::Wss);
  EXPECT_EQ(parse_via("SIP/2.0/UDP   h")->host, "h");
}

TEST(ViaOf, what_is_none_is_refused) {
  for (const char* value : {"",
                            "SIP/2.0/UDP",
                            "SIP/2.0/UDP ",
                            "SIP/2.0 h",
                            "SIP/2.0/UDPh",
                            "/2.0/UDP h",
                            "SIP/2.0/UDP h;;",
                            "SIP/2.0/UDP h;",
                            "SIP/2.0/UDP h:",
                            "SIP/2.0/UDP h:0",
                            "SIP/2.0/UDP h:65536",
                            "SIP/2.0/UDP h;branch=",
                            "SIP/2.0/UDP h;branch=a;branch=b",
                            "SIP/2.0/UDP h;rport=x",
                            "SIP/2.0/UDP h;rport=70000",
                            "SIP/2.0/UDP h;ttl=256",
                            "SIP/2.0/UDP [::1",
                            "SIP/2.0/UDP [h]",
                            "SIP/2.0/UDP ::1",
                            "SIP/2.0/UDP h, SIP/2.0/UDP i",
                            "SIP/2.0/UDP h i",
                            "SIP/2.0/UDP <h>"})
    EXPECT_FALSE(parse_via(value)) << value;
}

TEST(CSeqOf, number_and_method_are_read) {
  EXPECT_EQ(parse_cseq("2147483647 INVITE")->number, 2147483647u);
  EXPECT_EQ(parse_cseq("0009\r\n  ACK")->method, Method::Ack);
  EXPECT_EQ(parse_cseq("1 NEW")->method_text, "NEW");
  for (const char* value : {"", "1", "1 ", "INVITE", "1INVITE", "2147483648 INVITE", "-1 INVITE",
                            "1 INVITE x", "1 ;", "99999999999999999999999 INVITE", "0x1 INVITE"})
    EXPECT_FALSE(parse_cseq(value)) << value;
}

TEST(NumbersOf, seconds_and_sequence_numbers_are_read) {
  EXPECT_EQ(parse_delta_seconds("3600"), 3600u);
  EXPECT_EQ(parse_delta_seconds("4294967295"), 4294967295u);
  EXPECT_EQ(parse_delta_seconds("90 ; lr"), 90u);
  for (const char* value : {"", "-1", "4294967296", "1.5", "1 2", "x", "1;", "1,2"})
    EXPECT_FALSE(parse_delta_seconds(value)) << value;
  EXPECT_EQ(parse_rseq("1"), 1u);
  for (const char* value : {"", "0", "4294967296", "1 1"}) EXPECT_FALSE(parse_rseq(value)) << value;

  const auto rack = parse_rack("776656 1 INVITE");
  ASSERT_TRUE(rack);
  EXPECT_EQ(rack->rseq, 776656u);
  EXPECT_EQ(rack->cseq, 1u);
  EXPECT_EQ(rack->method, Method::Invite);
  for (const char* value : {"", "1", "1 1", "0 1 INVITE", "1 x INVITE", "1 1 INVITE x"})
    EXPECT_FALSE(parse_rack(value)) << value;
}

TEST(SessionExpiresOf, interval_and_refresher_are_read) {  // RFC 4028 §4
  EXPECT_EQ(parse_session_expires("1800")->refresher, Refresher::None);
  EXPECT_EQ(parse_session_expires("1800;refresher=UAC")->refresher, Refresher::Uac);
  EXPECT_EQ(parse_session_expires("90 ; x=y ; refresher = uas")->refresher, Refresher::Uas);
  EXPECT_EQ(parse_session_expires("90;refresher=uas")->interval, 90u);
  for (const char* value : {"", "x", "90;refresher", "90;refresher=me", "90;", "4294967296",
                            "90;refresher=uac;refresher=uas", "90, 90"})
    EXPECT_FALSE(parse_session_expires(value)) << value;
}

TEST(ReplacesOf, call_and_both_tags_are_needed) {  // RFC 3891 §3
  const auto replaces = parse_replaces("98732@h.example.com ;from-tag=r33;to-tag=f44;early-only");

  ASSERT_TRUE(replaces);
  EXPECT_EQ(replaces->call_id, "98732@h.example.com");
  EXPECT_EQ(replaces->from_tag, "r33");
  EXPECT_EQ(replaces->to_tag, "f44");
  EXPECT_TRUE(replaces->early_only);
  EXPECT_FALSE(parse_replaces("1;from-tag=a;to-tag=b")->early_only);
  for (const char* value :
       {"", "1", "1;to-tag=a", "1;from-tag=a", ";to-tag=a;from-tag=b",
        "1;to-tag=a;from-tag=b;to-tag=c", "1 2;to-tag=a;from-tag=b", "1;to-tag=;from-tag=b"})
    EXPECT_FALSE(parse_replaces(value)) << value;
}

TEST(ReasonOf, cause_and_text_are_read) {  // RFC 3326
  const auto reason = parse_reason("Q.850 ;cause=16 ;text=\"Terminated\"");

  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->protocol, "Q.850");
  EXPECT_EQ(reason->cause, 16);
  EXPECT_EQ(reason->text, "Terminated");
  EXPECT_EQ(parse_reason("preemption")->cause, 0);
  for (const char* value : {"", ";cause=1", "SIP;cause=", "SIP;cause=x", "SIP cause=1"})
    EXPECT_FALSE(parse_reason(value)) << value;
}

TEST(PrivacyOf, values_stand_between_semicolons) {  // RFC 3323 §4.2
  const auto read = [](std::string_view value) {
    const std::string bytes =
        "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
        "To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nPrivacy: " +
        std::string(value) + "\r\n\r\n";
    static Message message;
    EXPECT_EQ(parse(bytes, message).kind, ParseErrorKind::None);
    const Privacy wanted = parse_privacy(message);
    return std::string(wanted.id ? "id " : "") + (wanted.user ? "user " : "") +
           (wanted.header ? "header " : "") + (wanted.session ? "session " : "") +
           (wanted.critical ? "critical" : "");
  };

  EXPECT_EQ(read("id"), "id ");
  EXPECT_EQ(read("ID;critical"), "id critical");
  EXPECT_EQ(read("header ; user;session"), "user header session ");
  EXPECT_EQ(read("id\r\nPrivacy: user"), "id user ");
  EXPECT_EQ(read("none"), "");
  EXPECT_EQ(read("id;none"), "");
  for (const char* value : {";", ";;", "identity", "i d", "history", "\"id\""})
    EXPECT_EQ(read(value), "") << value;
}

TEST(RetryAfterOf, delay_comment_and_duration_are_read) {
  EXPECT_EQ(parse_retry_after("5")->delay, 5u);
  EXPECT_EQ(parse_retry_after("18000;duration=3600")->duration, 3600u);
  EXPECT_EQ(parse_retry_after("120 (I'm in a (nested) meeting);duration=1")->duration, 1u);
  for (const char* value :
       {"", "(x)", "5 (x", "5;duration=x", "5 x", "949302838503028349304023988"})
    EXPECT_FALSE(parse_retry_after(value)) << value;
}

TEST(WarningOf, code_agent_and_text_are_read) {
  const auto warning = parse_warning("370 devnull.example.com:5060 \"Choose a bigger \\\"pipe\"");

  ASSERT_TRUE(warning);
  EXPECT_EQ(warning->code, 370);
  EXPECT_EQ(warning->agent, "devnull.example.com:5060");
  EXPECT_EQ(warning->text, "Choose a bigger \\\"pipe");
  for (const char* value :
       {"", "370", "1812 overture \"x\"", "370 a x", "370 a \"x", "370 a \"x\" y"})
    EXPECT_FALSE(parse_warning(value)) << value;
}

TEST(DigestOf, credentials_and_challenges_are_read) {
  const auto digest = parse_digest(
      "Digest username=\"bob\", realm=\"a \\\"b\\\", c\",nonce=\"n\" , uri=\"sip:h\", "
      "response=\"r\",\r\n"
      " algorithm=SHA-256, cnonce=\"c\", opaque=\"\", qop=auth, nc=00000001, other=x");

  ASSERT_TRUE(digest);
  EXPECT_EQ(digest->scheme, "Digest");
  EXPECT_EQ(digest->username, "bob");
  EXPECT_EQ(digest->realm, "a \\\"b\\\", c");
  EXPECT_EQ(digest->nonce, "n");
  EXPECT_EQ(digest->uri, "sip:h");
  EXPECT_EQ(digest->response, "r");
  EXPECT_EQ(digest->algorithm, "SHA-256");
  EXPECT_EQ(digest->cnonce, "c");
  EXPECT_EQ(digest->opaque, "");
  EXPECT_EQ(digest->qop, "auth");
  EXPECT_EQ(digest->nc, "00000001");
  EXPECT_FALSE(digest->stale);
  EXPECT_TRUE(parse_digest("Digest realm=\"r\", stale=TRUE, domain=\"d\"")->stale);
  EXPECT_EQ(parse_digest("NoOneKnowsThisScheme opaque-data=here")->scheme, "NoOneKnowsThisScheme");
  for (const char* value : {"", "Digest", "Digest ", "Digest realm", "Digest realm=",
                            "Digest a=\"b", "Digest realm=\"a\" nonce=\"b\"", "Digest realm=\"a\",",
                            "Digest realm=\"a\", realm=\"b\"", "Digest ,realm=\"a\"",
                            "Digest realm=a\\"})
    EXPECT_FALSE(parse_digest(value)) << value;
}

TEST(ForwardingOf, diversion_and_history_are_read) {
  const auto diversion =
      parse_diversion("\"B\" <sip:b@h>;reason=user-busy;counter=2;privacy=\"off\"");

  ASSERT_TRUE(diversion);
  EXPECT_EQ(diversion->address.uri_text, "sip:b@h");
  EXPECT_EQ(diversion->reason, "user-busy");
  EXPECT_EQ(diversion->counter, 2);
  EXPECT_EQ(diversion->privacy, "off");
  EXPECT_EQ(parse_diversion("<sip:b@h>")->counter, 1);
  EXPECT_FALSE(parse_diversion("<sip:b@h>;counter=x"));
  EXPECT_FALSE(parse_diversion("b"));
  EXPECT_EQ(parse_history_info("<sip:b@h?Reason=SIP%3Bcause%3D302>;index=1.1")->index, "1.1");
  EXPECT_EQ(parse_history_info("<sip:b@h>")->index, "");
  EXPECT_FALSE(parse_history_info(""));
}

TEST(ContentTypeOf, type_subtype_and_parameters_are_read) {
  const auto type = parse_content_type("Multipart / mixed ; boundary=\"a b\"");

  ASSERT_TRUE(type);
  EXPECT_EQ(type->type, "Multipart");
  EXPECT_EQ(type->subtype, "mixed");
  EXPECT_EQ(parameter(type->parameters, "boundary"), "a b");
  for (const char* value : {"", "text", "text/", "/plain", "text/plain;", "text/plain x"})
    EXPECT_FALSE(parse_content_type(value)) << value;
}

TEST(BodyOfType, a_plain_body_is_found_by_its_type) {
  const Given given("Content-Type: Application/SDP;x=y\r\n", "v=0\r\n");

  EXPECT_EQ(body_of_type(given.message(), "application", "sdp"), "v=0\r\n");
  EXPECT_EQ(body_of_type(given.message(), "text", "plain"), "");
  EXPECT_EQ(body_of_type(Given("", "v=0\r\n").message(), "application", "sdp"), "");
}

TEST(BodyOfType, a_part_of_a_multipart_body_is_found_one_level_deep) {
  const std::string sdp = "v=0\r\ns=--b\r\n";
  const std::string inner =
      "--i\r\nContent-Type: text/x\r\n\r\nx\r\n--i\r\nc: application/sdp\r\n\r\n" + sdp +
      "\r\n--i--\r\n";
  const std::string multipart = "multipart/mixed;boundary=";
  const std::string flat =
      "preamble --b\r\n--b\r\n\r\nplain\r\n--b  \r\nContent-Type:\r\n "
      "application/sdp\r\nX: y\r\n\r\n" +
      sdp + "\r\n--b--\r\nepilogue";
  const std::string nested =
      "--o\r\nContent-Type: " + multipart + "i\r\n\r\n" + inner + "\r\n--o--";
  const std::string too_deep =
      "--p\r\nContent-Type: " + multipart + "o\r\n\r\n" + nested + "\r\n--p--";

  const auto found = [&](const std::string& boundary, const std::string& body) {
    const Given given("Content-Type: " + multipart + boundary + "\r\n", body);
    return std::string(body_of_type(given.message(), "application", "sdp"));
  };
  EXPECT_EQ(found("b", flat), sdp);
  EXPECT_EQ(found("\"o\"", nested), sdp);
  EXPECT_EQ(found("p", too_deep), "");
  EXPECT_EQ(found("other", flat), "");
  EXPECT_EQ(found("\"" + std::string(71, 'b') + "\"", flat), "");
  EXPECT_EQ(found("b", flat.substr(0, flat.find("--b--"))), "");
  EXPECT_EQ(
      body_of_type(Given("c: multipart/mixed;boundary=b\r\n", flat).message(), "text", "plain"),
      "plain");
}

TEST(Unfolding, a_fold_becomes_one_blank_and_nothing_can_be_injected) {
  using namespace std::literals;
  const auto unfolded = [](std::string_view value) {
    std::string text = "> ";
    append_unfolded(text, value);
    return text;
  };

  EXPECT_EQ(unfolded("a b"), "> a b");
  EXPECT_EQ(unfolded("a \r\n\t b\r\n c"), "> a b c");
  EXPECT_EQ(unfolded("a\rb\nc\0d"sv), "> a b c d");
  EXPECT_EQ(unfolded("\r\n a\r\n"), ">  a ");
  EXPECT_EQ(unfolded(""), "> ");
}

}  // namespace
}  // namespace tandem::sip
