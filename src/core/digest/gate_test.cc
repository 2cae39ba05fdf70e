#include "core/digest/gate.h"

#include <gtest/gtest.h>

#include <string>

#include "core/digest/digest.h"
#include "core/sip/headers.h"

namespace tandem::digest {
namespace {

using namespace std::chrono_literals;

class GateTest : public ::testing::Test {
 protected:
  static std::string request(const std::string& credentials) {
    return "REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
           "From: <sip:7@example.org>;tag=1\r\nTo: <sip:7@example.org>\r\nCall-ID: c\r\n"
           "CSeq: 1 REGISTER\r\n" +
           (credentials.empty() ? "" : "Authorization: " + credentials + "\r\n") +
           "Content-Length: 0\r\n\r\n";
  }

  Ruling judge(const std::string& credentials, const std::string* known, const char* source) {
    const std::string bytes = request(credentials);
    sip::Message message;
    EXPECT_EQ(sip::parse(bytes, message).kind, sip::ParseErrorKind::None) << bytes;
    return gate_.judge(now_,
                       {.request = message,
                        .realm = "example.org",
                        .user = "7",
                        .password = known,
                        .source = *IpAddress::parse(source)},
                       parameters_);
  }

  // One challenge as its first header offers it, sent to `to`.
  std::string challenge(std::uint8_t refusals = 0, const char* to = "192.0.2.1") {
    std::string lines;
    gate_.append_challenges(lines, now_, {.realm = "example.org",
                                          .to = *IpAddress::parse(to),
                                          .salt = ++salt_,
                                          .refusals = refusals},
                            parameters_);
    return lines.substr(lines.find(": ") + 2, lines.find("\r\n") - lines.find(": ") - 2);
  }

  std::string answer(const std::string& challenge, const std::string& password,
                     std::uint32_t nc = 1, const char* user = "7") {
    Hasher hasher;
    std::string value;
    append_credentials(value, hasher, {.challenge = *sip::parse_digest(challenge),
                                       .user = user,
                                       .password = password,
                                       .method = "REGISTER",
                                       .uri = "sip:example.org",
                                       .cnonce = "c",
                                       .nc = nc});
    return value;
  }

  Judgement tried(const std::string& password, const char* source = "192.0.2.1") {
    return judge(answer(challenge(0, source), password), &password_, source).judgement;
  }

  directory::Parameters parameters_;
  Gate gate_{{1, 2, 3, 4}};
  const std::string password_ = "secret";
  Instant now_ = Instant(1000s);
  std::uint32_t salt_ = 0;
};

TEST_F(GateTest, each_algorithm_is_offered_in_its_order_with_one_nonce) {
  std::string lines;
  gate_.append_challenges(lines, now_, {.header = sip::HeaderId::ProxyAuthenticate,
                                        .realm = "example.org", .stale = true}, parameters_);

  const std::size_t second = lines.find("\r\n") + 2;
  EXPECT_TRUE(lines.starts_with("Proxy-Authenticate: Digest realm=\"example.org\", nonce=\""));
  EXPECT_NE(lines.find("algorithm=SHA-256, qop=\"auth\", stale=true\r\n"), std::string::npos);
  EXPECT_LT(lines.find("algorithm=SHA-256"), second);
  EXPECT_GT(lines.find("algorithm=MD5"), second);
}

TEST_F(GateTest, the_right_password_is_accepted_once_for_each_count) {
  const std::string asked = challenge();

  EXPECT_EQ(judge("", &password_, "192.0.2.1").judgement, Judgement::Challenge);
  EXPECT_EQ(judge(answer(asked, "secret"), &password_, "192.0.2.1").judgement, Judgement::Accepted);
  const Ruling again = judge(answer(asked, "secret"), &password_, "192.0.2.1");
  EXPECT_EQ(again.judgement, Judgement::Stale);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(judge(answer(asked, "secret", 2), &password_, "192.0.2.1").judgement,
            Judgement::Accepted);
}

TEST_F(GateTest, a_nonce_is_answered_soon_and_serves_for_its_life) {
  const std::string first = challenge();
  now_ += 11s;
  EXPECT_EQ(judge(answer(first, "secret"), &password_, "192.0.2.1").judgement, Judgement::Stale);

  const std::string second = challenge();
  EXPECT_EQ(judge(answer(second, "secret"), &password_, "192.0.2.1").judgement,
            Judgement::Accepted);
  now_ += 300s;
  EXPECT_EQ(judge(answer(second, "secret", 2), &password_, "192.0.2.1").judgement,
            Judgement::Accepted);
  now_ += 1s;
  EXPECT_EQ(judge(answer(second, "secret", 3), &password_, "192.0.2.1").judgement,
            Judgement::Stale);
  EXPECT_EQ(judge(answer("Digest realm=\"example.org\", nonce=\"abc\", qop=\"auth\"", "secret"),
                  &password_, "192.0.2.1")
                .judgement,
            Judgement::Stale)
      << "of another life of this switch";
}

TEST_F(GateTest, a_wrong_password_is_asked_for_again_and_then_refused) {
  const Ruling first = judge(answer(challenge(), "wrong"), &password_, "192.0.2.1");
  EXPECT_EQ(first.judgement, Judgement::Challenge);
  EXPECT_TRUE(first.wrong);
  EXPECT_EQ(first.refusals, 1);

  const Ruling third = judge(answer(challenge(2), "wrong"), &password_, "192.0.2.1");
  EXPECT_EQ(third.judgement, Judgement::Refused);
}

// Under the address of a phone anybody can send, but what is sent back only the phone gets.
TEST_F(GateTest, answers_to_nonces_never_sent_there_are_not_judged) {
  const std::string elsewhere = challenge(0, "192.0.2.66");
  const std::string made_up = "Digest realm=\"example.org\", nonce=\"abc\", qop=\"auth\"";
  const std::string old = challenge();
  now_ += 11s;
  for (int i = 0; i < 20; ++i) {
    for (const std::string& asked : {elsewhere, made_up, old}) {
      for (const char* password : {"wrong", "secret"}) {
        const Ruling ruling = judge(answer(asked, password), &password_, "192.0.2.1");
        EXPECT_EQ(ruling.judgement, Judgement::Stale);
        EXPECT_FALSE(ruling.wrong);
        EXPECT_EQ(ruling.refusals, 0);
      }
    }
  }

  EXPECT_EQ(tried("secret"), Judgement::Accepted);
}

TEST_F(GateTest, too_many_failures_suspend_even_the_right_password_but_not_elsewhere) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(tried("wrong"), Judgement::Challenge);
  const Ruling sixth = judge(answer(challenge(), "wrong"), &password_, "192.0.2.1");
  EXPECT_EQ(sixth.judgement, Judgement::Suspended);
  EXPECT_TRUE(sixth.suspension_began);
  EXPECT_EQ(sixth.retry_after, 180s);

  now_ += 60s;
  const Ruling right = judge(answer(challenge(), "secret"), &password_, "192.0.2.1");
  EXPECT_EQ(right.judgement, Judgement::Suspended);
  EXPECT_FALSE(right.suspension_began);
  EXPECT_EQ(right.retry_after, 120s);
  EXPECT_EQ(tried("secret", "192.0.2.2"), Judgement::Accepted);

  now_ += 120s;
  EXPECT_EQ(tried("secret"), Judgement::Accepted);
}

TEST_F(GateTest, the_scope_says_what_is_suspended) {
  parameters_.authentication_suspend_scope = directory::SuspendScope::Id;
  for (int i = 0; i < 6; ++i) tried("wrong");
  EXPECT_EQ(tried("secret", "192.0.2.2"), Judgement::Suspended);

  parameters_.authentication_suspend_scope = directory::SuspendScope::Ip;
  for (int i = 0; i < 6; ++i) tried("wrong", "192.0.2.3");
  EXPECT_EQ(tried("secret", "192.0.2.3"), Judgement::Suspended);
  EXPECT_EQ(tried("secret", "192.0.2.4"), Judgement::Accepted);
}

TEST_F(GateTest, an_unknown_user_gets_what_a_wrong_password_gets) {
  for (int i = 0; i < 7; ++i) {
    const Ruling known = judge(answer(challenge(), "wrong"), &password_, "192.0.2.1");
    const Ruling unknown = judge(answer(challenge(0, "192.0.2.2"), "wrong"), nullptr, "192.0.2.2");
    EXPECT_EQ(known.judgement, unknown.judgement);
    EXPECT_EQ(known.refusals, unknown.refusals);
    EXPECT_EQ(known.retry_after, unknown.retry_after);
  }
  EXPECT_EQ(judge(answer(challenge(0, "192.0.2.9"), ""), nullptr, "192.0.2.9").judgement, Judgement::Challenge);
  const std::string none;
  EXPECT_EQ(judge(answer(challenge(0, "192.0.2.9"), ""), &none, "192.0.2.9").judgement, Judgement::Challenge)
      << "an empty password is none";
}

TEST_F(GateTest, credentials_of_another_user_or_realm_or_kind_do_not_count) {
  EXPECT_TRUE(judge(answer(challenge(), "secret", 1, "8"), &password_, "192.0.2.1").wrong);
  std::string other = answer(challenge(), "secret");
  other.replace(other.find("example.org"), 11, "example.com");
  EXPECT_FALSE(judge(other, &password_, "192.0.2.1").wrong) << "nothing to judge";
  EXPECT_FALSE(judge("Basic QWxhZGRpbg==", &password_, "192.0.2.1").wrong);

  std::string integrity = answer(challenge(), "secret");
  integrity.replace(integrity.find("qop=auth"), 8, "qop=auth-int");
  EXPECT_TRUE(judge(integrity, &password_, "192.0.2.1").wrong) << "auth-int was not offered";
  parameters_.sip_authentication_algorithms = {HashKind::Sha512_256};
  EXPECT_FALSE(judge("Digest username=\"7\", realm=\"example.org\", nonce=\"n\", uri=\"u\", "
                     "response=\"r\", algorithm=MD5",
                     &password_, "192.0.2.1")
                   .wrong);
}

TEST_F(GateTest, every_algorithm_works) {
  for (const HashKind kind : {HashKind::Md5, HashKind::Sha256, HashKind::Sha512_256}) {
    parameters_.sip_authentication_algorithms = {kind};
    EXPECT_EQ(tried("secret"), Judgement::Accepted) << name_of(kind);
  }
}

TEST_F(GateTest, what_cannot_be_read_is_malformed_whoever_it_names) {
  const std::string password = "secret";
  for (const char* given : {"Digest username=\"7", "Digest", "Digest realm=\"example.org\"",
                            "Digest username=\"7\", realm=\"example.org\", nonce=\"n\", uri=\"sip:x\""}) {
    EXPECT_EQ(judge(given, &password, "192.0.2.1").judgement, Judgement::Malformed) << given;
    EXPECT_EQ(judge(given, nullptr, "192.0.2.1").judgement, Judgement::Malformed) << given;
  }
}

TEST_F(GateTest, another_scheme_or_realm_is_asked_again) {
  const std::string password = "secret";
  for (const char* given : {"Basic QWxhZGRpbg==", "Digest realm=\"elsewhere\""}) {
    EXPECT_EQ(judge(given, &password, "192.0.2.1").judgement, Judgement::Challenge) << given;
  }
}

}  // namespace
}  // namespace tandem::digest
