#include "shell/trace/secrets.h"

#include <gtest/gtest.h>

namespace tandem::trace {
namespace {

TEST(Secrets, of_digest_credentials_only_the_responses_are_hidden) {
  EXPECT_EQ(
      without_secrets("REGISTER sip:x SIP/2.0\r\nAuthorization: Digest username=\"a\",\r\n"
                      " realm=\"r\", nonce=\"n,1\", response=\"bcd\" , cnonce=\"0a\",nc=01\r\n"
                      "To: <x>\r\n\r\n"),
      "REGISTER sip:x SIP/2.0\r\nAuthorization: Digest username=\"a\",\r\n"
      " realm=\"r\", nonce=\"n,1\", response=\"xxx\" , cnonce=\"xx\",nc=01\r\n"
      "To: <x>\r\n\r\n");
}

TEST(Secrets, what_proves_a_password_to_us_is_hidden_too) {
  EXPECT_EQ(without_secrets("SIP/2.0 200 OK\r\nAuthentication-Info: nextnonce=\"n\", qop=auth, "
                            "rspauth=\"bcd\", cnonce=\"0a\", nc=01\r\n\r\n"),
            "SIP/2.0 200 OK\r\nAuthentication-Info: nextnonce=\"n\", qop=auth, rspauth=\"xxx\", "
            "cnonce=\"xx\", nc=01\r\n\r\n");
}

TEST(Secrets, of_other_credentials_everything_is_hidden) {
  EXPECT_EQ(without_secrets("A\r\nproxy-authorization : Basic Zm9v==\r\nB: c\r\n\r\n"),
            "A\r\nproxy-authorization : Basic xxxxxx\r\nB: c\r\n\r\n");
}

TEST(Secrets, of_uris_the_passwords_are_hidden) {
  EXPECT_EQ(without_secrets("INVITE sip:bob:pw@h:5060 SIP/2.0\r\nContact: \"sip\" <sips:a:b@c>\r\n"
                            "To: <sip:bob@h:5060>\r\nFrom: <sip:h:5060;x=a@b>\r\n\r\n"),
            "INVITE sip:bob:xx@h:5060 SIP/2.0\r\nContact: \"sip\" <sips:a:x@c>\r\n"
            "To: <sip:bob@h:5060>\r\nFrom: <sip:h:xxxxxxxx@b>\r\n\r\n");
}

TEST(Secrets, of_bodies_are_hidden) {
  EXPECT_EQ(without_secrets("A\r\n\r\nv=0\r\na=crypto:1 AES inline:key|2\r\nk=clear:x9\r\n"
                            "a=ice-pwd:abc\r\nm=audio"),
            "A\r\n\r\nv=0\r\na=crypto:1 AES inline:xxxxx\r\nk=xxxxxxxx\r\n"
            "a=ice-pwd:xxx\r\nm=audio");
  EXPECT_EQ(without_secrets("A\r\n\r\n{\"password\": \"abc\", \"user\": \"b\"}&secret=12&z=1"),
            "A\r\n\r\n{\"password\": \"xxx\", \"user\": \"b\"}&secret=xx&z=1");
  EXPECT_EQ(without_secrets("A\r\n\r\n<Password>abc</Password>"),
            "A\r\n\r\n<Password>xxx</Password>");
}

TEST(Secrets, what_is_cut_off_or_no_sip_is_no_harm) {
  for (const char* text : {"", "\r\n\r\n", "HELLO", "A\r\nAuthorization:",
                           "A\r\nAuthorization: Digest", "A\r\nAuthorization: Digest response=\"",
                           "A\r\nX: sip:a:", "A\r\n\r\npassword=", "A\r\n\r\na=crypto:"}) {
    EXPECT_EQ(without_secrets(text).size(), std::string_view(text).size()) << text;
  }
}

}  // namespace
}  // namespace tandem::trace
