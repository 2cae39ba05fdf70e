// Challenges are answered, answered before they are made again, and given up when in vain.
#include "core/credentials/credentials.h"

#include <gtest/gtest.h>

#include "base/archive.h"

namespace tandem::credentials {
namespace {

using testing::Test;

std::string refusal(int status, std::string_view challenge) {
  const std::string name = status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
  return "SIP/2.0 " + std::to_string(status) +
         " Unauthorized\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\n"
         "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n" +
         name + ": Digest " + std::string(challenge) + "\r\nContent-Length: 0\r\n\r\n";
}

class CredentialsTest : public Test {
 protected:
  CredentialsTest() { use("secret"); }

  void use(const std::string& password) {
    directory::Directory::Source source;
    directory::EgressGateway& south = source.egress_gateways.emplace_back();
    south.id = 7;
    south.name = "south";
    south.auth_user = "tandem";
    south.auth_password = password;
    credentials_.use(directory::Directory::compile(std::move(source)));
  }

  bool note(int status, std::string_view challenge, int challenges = 0,
            std::string_view request = {}) {
    const std::string bytes = refusal(status, challenge);
    sip::Message message;
    EXPECT_EQ(sip::parse(bytes, message).kind, sip::ParseErrorKind::None);
    return credentials_.note(kSouth, message, {challenges, 3, request});
  }

  std::string lines(std::string_view method = "INVITE") {
    std::string text;
    credentials_.append_lines(text, rng_, kSouth, {method, "sip:c@d"});
    return text;
  }

  static constexpr Peer kSouth{Peer::Kind::EgressGateway, 7};
  Credentials credentials_;
  Rng rng_;
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(CredentialsTest, nothing_is_said_to_who_never_asked) { EXPECT_EQ(lines(), ""); }

TEST_F(CredentialsTest, a_challenge_is_answered_in_the_header_it_came_with) {
  ASSERT_TRUE(note(407, R"(realm="d", nonce="n1", qop="auth", algorithm=SHA-256)"));

  const std::string first = lines();

  EXPECT_TRUE(first.starts_with("Proxy-Authorization: Digest username=\"tandem\", realm=\"d\""));
  EXPECT_TRUE(has(first, "nonce=\"n1\"")) << first;
  EXPECT_TRUE(has(first, "algorithm=SHA-256")) << first;
  EXPECT_TRUE(has(first, "nc=00000001")) << first;
  EXPECT_FALSE(has(first, "secret")) << first;
}

TEST_F(CredentialsTest, the_nonce_is_used_again_with_a_higher_count_and_another_cnonce) {
  ASSERT_TRUE(note(401, R"(realm="d", nonce="n1", qop="auth,auth-int")"));

  const std::string first = lines();
  const std::string second = lines("BYE");

  EXPECT_TRUE(has(first, "Authorization: ")) << first;
  EXPECT_TRUE(has(second, "nc=00000002")) << second;
  EXPECT_NE(first.substr(first.find("cnonce")), second.substr(second.find("cnonce")));
}

TEST_F(CredentialsTest, a_refusal_of_what_was_sent_unasked_is_answered_anew) {
  ASSERT_TRUE(note(401, R"(realm="d", nonce="n1", qop="auth")"));
  const std::string request = "INVITE sip:c@d SIP/2.0\r\n" + lines() + "\r\n";

  EXPECT_TRUE(note(401, R"(realm="d", nonce="n2", qop="auth")", 0, request));

  EXPECT_TRUE(has(lines(), "nonce=\"n2\""));
}

TEST_F(CredentialsTest, the_same_realm_again_means_a_wrong_password) {
  ASSERT_TRUE(note(401, R"(realm="d", nonce="n1", qop="auth")"));
  const std::string request = "INVITE sip:c@d SIP/2.0\r\n" + lines() + "\r\n";

  EXPECT_FALSE(note(401, R"(realm="d", nonce="n2", qop="auth")", 1, request));

  EXPECT_EQ(lines(), "");  // the next call begins anew
}

TEST_F(CredentialsTest, a_stale_nonce_does_not) {
  ASSERT_TRUE(note(401, R"(realm="d", nonce="n1", qop="auth")"));
  const std::string request = "INVITE sip:c@d SIP/2.0\r\n" + lines() + "\r\n";

  EXPECT_TRUE(note(401, R"(realm="d", nonce="n2", qop="auth", stale=true)", 1, request));
  EXPECT_FALSE(note(401, R"(realm="d", nonce="n3", qop="auth", stale=true)", 3, request));
}

TEST_F(CredentialsTest, a_proxy_and_the_server_behind_it_are_both_answered) {
  ASSERT_TRUE(note(407, R"(realm="proxy", nonce="p", qop="auth")"));
  const std::string request = "INVITE sip:c@d SIP/2.0\r\n" + lines() + "\r\n";

  ASSERT_TRUE(note(401, R"(realm="server", nonce="s")", 1, request));

  const std::string both = lines();
  EXPECT_TRUE(has(both, "Proxy-Authorization: Digest username=\"tandem\", realm=\"proxy\"")) << both;
  EXPECT_TRUE(has(both, "\r\nAuthorization: Digest username=\"tandem\", realm=\"server\"")) << both;
  EXPECT_FALSE(has(both.substr(both.find("\r\nAuthorization")), "qop")) << both;
}

TEST_F(CredentialsTest, what_cannot_be_answered_is_not_kept) {
  EXPECT_FALSE(note(401, R"(realm="d", nonce="n", algorithm=MD4)"));
  EXPECT_FALSE(note(401, R"(realm="d", nonce="n", qop="auth-int")"));
  EXPECT_FALSE(note(401, "realm=\"d\", nonce=\"" + std::string(600, 'n') + '"'));
  EXPECT_FALSE(note(403, R"(realm="d", nonce="n")"));
  EXPECT_EQ(lines(), "");
}

TEST_F(CredentialsTest, without_a_password_nothing_is_answered) {
  use("");

  EXPECT_FALSE(note(401, R"(realm="d", nonce="n")"));
  EXPECT_EQ(lines(), "");
}

TEST_F(CredentialsTest, a_peer_cannot_fill_the_memory_with_realms) {
  for (int i = 0; i < 100; ++i) {
    note(401, "realm=\"r" + std::to_string(i) + "\", nonce=\"n\"");
  }

  const std::string text = lines();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_TRUE(has(text, "r99"));
}

TEST_F(CredentialsTest, they_can_be_saved) {
  ASSERT_TRUE(note(401, R"(realm="d", nonce="n1", qop="auth")"));
  lines();
  Saver saver;
  credentials_.fields(saver);
  Loader loader(saver.bytes());
  Credentials loaded;

  loaded.fields(loader);

  ASSERT_FALSE(loader.failed());
  EXPECT_TRUE(loader.at_end());
}

}  // namespace
}  // namespace tandem::credentials
