#include "core/sip/uri.h"

#include <gtest/gtest.h>

namespace tandem::sip {
namespace {

TEST(Uri, every_component_is_found) {
  const auto uri =
      parse_uri("sips:alice;day=tue:secret@[2001:db8::1]:5061;transport=tcp;lr?Subject=a%20b&x=");

  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, Scheme::Sips);
  EXPECT_EQ(uri->scheme_text, "sips");
  EXPECT_EQ(uri->user, "alice;day=tue");
  EXPECT_EQ(uri->password, "secret");
  EXPECT_EQ(uri->host, "2001:db8::1");
  EXPECT_TRUE(uri->host_is_ipv6);
  EXPECT_EQ(uri->port, 5061);
  EXPECT_EQ(uri->parameters, "transport=tcp;lr");
  EXPECT_EQ(uri->headers, "Subject=a%20b&x=");
}

TEST(Uri, components_may_be_absent) {
  const auto uri = parse_uri("SIP:example.com");

  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, Scheme::Sip);
  EXPECT_EQ(uri->user, "");
  EXPECT_EQ(uri->host, "example.com");
  EXPECT_EQ(uri->port, 0);
  EXPECT_EQ(uri->parameters, "");
  EXPECT_EQ(uri->headers, "");
}

TEST(Uri, a_user_part_may_hold_what_dial_strings_hold) {
  EXPECT_EQ(parse_uri("sip:*21*33123456789#@192.0.2.1")->user, "*21*33123456789#");
  EXPECT_EQ(parse_uri("sip:1;npdi;rn=2@h")->user_number(), "1");
  EXPECT_EQ(parse_uri("sip:1;npdi;rn=2@h")->user_parameter("RN"), "2");
  EXPECT_EQ(parse_uri("sip:1;npdi;rn=2@h")->user_parameter("npdi"), "");
  EXPECT_FALSE(parse_uri("sip:1;npdi@h")->user_parameter("rn"));
  EXPECT_FALSE(parse_uri("sip:1@h")->user_parameter("rn"));
  EXPECT_EQ(parse_uri("sip:a/b?c@h")->user, "a/b?c");
}

TEST(Uri, telephone_numbers_are_read) {  // RFC 3966
  const auto uri = parse_uri("tel:+1-201-555-0123;ext=9;rn=+12015550100");

  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, Scheme::Tel);
  EXPECT_EQ(uri->user, "+1-201-555-0123");
  EXPECT_EQ(uri->host, "");
  EXPECT_EQ(uri->parameter("rn"), "+12015550100");
  EXPECT_TRUE(parse_uri("tel:*21#;phone-context=example.com"));
  for (const char* text : {"tel:", "tel:+", "tel:;x", "tel:12 34", "tel:alice", "tel:1+2"})
    EXPECT_FALSE(parse_uri(text)) << text;
}

TEST(Uri, other_schemes_are_known_to_be_others) {
  EXPECT_EQ(parse_uri("http://www.example.com")->scheme, Scheme::Other);
  EXPECT_EQ(parse_uri("soap.beep://192.0.2.103:3002")->scheme_text, "soap.beep");
  EXPECT_FALSE(parse_uri("isbn:"));
  EXPECT_FALSE(parse_uri("x:a b"));
  EXPECT_FALSE(parse_uri("x:a>"));
}

TEST(Uri, parameters_are_found_by_name_whatever_its_letters_and_escapes) {
  const auto uri = parse_uri("sip:h;%6C%72;Transport=TCP;;maddr=192.0.2.1");

  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->parameter("lr"), "");
  EXPECT_EQ(uri->parameter("transport"), "TCP");
  EXPECT_EQ(uri->parameter("maddr"), "192.0.2.1");
  EXPECT_FALSE(uri->parameter("ttl"));
}

TEST(Uri, what_is_no_uri_is_refused) {
  for (const char* text : {"",
                           "sip",
                           "sip:",
                           "sip:@h",
                           "sip:a@",
                           "sip:a@b@c",
                           ":a@b",
                           "1sip:a@b",
                           "sip:a b@h",
                           "sip:a@h h",
                           "sip:a@h:",
                           "sip:a@h:0",
                           "sip:a@h:65536",
                           "sip:a@h:5060x",
                           "sip:a@[::1",
                           "sip:a@[1.2.3.4]",
                           "sip:a@[g::]",
                           "sip:a@::1",
                           "sip:a%4@h",
                           "sip:a%zz@h",
                           "sip:a%@h",
                           "sip:h;a=%g0",
                           "sip:h?a=%1",
                           "<sip:a@h>",
                           "sip:a<@h",
                           "sip:\"a\"@h",
                           "sip:a@h,sip:b@h",
                           " sip:a@h",
                           "sip:a@h ",
                           "sip:a@h;p=\"q\"",
                           "sip:a@h?x y",
                           "sip:\xc3\xa9@h",
                           "sip:a@h\r\n"})
    EXPECT_FALSE(parse_uri(text)) << text;
}

TEST(Uri, escapes_are_undone_and_made) {
  std::string text;
  append_unescaped(text, "a%20b%2Bc%zz%4");
  EXPECT_EQ(text, "a b+c%zz%4");

  text.clear();
  append_escaped_user(text, "+1*2#3 a@b:c\"\x01\xc3");
  EXPECT_EQ(text, "+1*2%233%20a%40b%3Ac%22%01%C3");
  EXPECT_TRUE(parse_uri("sip:" + text + "@h"));
}

bool same(const char* a, const char* b) {
  const bool result = equivalent(parse_uri(a).value(), parse_uri(b).value());
  EXPECT_EQ(result, equivalent(parse_uri(b).value(), parse_uri(a).value())) << a << " " << b;
  return result;
}

TEST(Uri, equal_ones_are_known_as_such) {  // RFC 3261 §19.1.4
  EXPECT_TRUE(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                   "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  EXPECT_TRUE(same("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                   "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
  EXPECT_TRUE(same("sip:a@[2001:DB8::1]", "sip:a@[2001:db8:0::1]"));
  EXPECT_TRUE(same("tel:+1-201-555-0123", "tel:+12015550123"));
  EXPECT_TRUE(same("tel:123;a=1;b=2", "tel:123;b=2;a=1"));
}

TEST(Uri, different_ones_are_told_apart) {  // RFC 3261 §19.1.4
  EXPECT_FALSE(same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  EXPECT_FALSE(same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  EXPECT_FALSE(same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
  EXPECT_FALSE(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
  EXPECT_FALSE(same("sip:a@h", "sips:a@h"));
  EXPECT_FALSE(same("sip:a:p@h", "sip:a:q@h"));
  EXPECT_FALSE(same("sip:a%3Bb@h", "sip:a;b@h"));  // a reserved character and its escape
  EXPECT_FALSE(same("tel:123;a=1", "tel:123"));
  EXPECT_FALSE(same("tel:+123", "tel:123"));
}

TEST(Uri, user_part_is_replaced) {
  EXPECT_EQ(with_user("sip:office@192.0.2.1:5062;line=4?a=b", "442071234567"),
            "sip:442071234567@192.0.2.1:5062;line=4?a=b");
  EXPECT_EQ(with_user("sips:a;x=1:secret@[2001:db8::1]:5061", "+44"), "sips:+44@[2001:db8::1]:5061");
  EXPECT_EQ(with_user("sip:192.0.2.1", "4 2", ";npdi"), "sip:4%202;npdi@192.0.2.1");
  EXPECT_EQ(with_user("sip:[2001:db8::1]", "1"), "sip:1@[2001:db8::1]");
  EXPECT_EQ(with_user("SIP:b@example.net", ""), "SIP:@example.net");
  EXPECT_EQ(with_user("tel:+33123", "1"), "tel:+33123") << "it has no such part";
  EXPECT_EQ(with_user("no uri", "1"), "no uri");
}

TEST(Uri, equality_of_very_many_parameters_is_not_looked_for) {
  std::string text = "sip:h";
  for (int i = 0; i < 40; ++i) text += ";p" + std::to_string(i);

  EXPECT_FALSE(same(text.c_str(), text.c_str()));
}

}  // namespace
}  // namespace tandem::sip
