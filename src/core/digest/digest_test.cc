#include "core/digest/digest.h"

#include <gtest/gtest.h>

#include <string>

namespace tandem::digest {
namespace {

std::string response(const Proof& proof) {
  Hasher hasher;
  return std::string(response_of(hasher, proof).view());
}

// RFC 2617 §3.5.
TEST(Digest, response_of_the_example_of_rfc_2617) {
  EXPECT_EQ(response({.algorithm = HashKind::Md5,
                      .user = "Mufasa",
                      .realm = "testrealm@host.com",
                      .password = "Circle Of Life",
                      .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                      .nc = "00000001",
                      .cnonce = "0a4f113b",
                      .qop = "auth",
                      .method = "GET",
                      .uri = "/dir/index.html"}),
            "6629fae49393a05397450978507c4ef1");
}

// RFC 7616 §3.9.1: the same exchange with two algorithms.
TEST(Digest, responses_of_the_example_of_rfc_7616) {
  Proof proof{.algorithm = HashKind::Md5,
              .user = "Mufasa",
              .realm = "http-auth@example.org",
              .password = "Circle of Life",
              .nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
              .nc = "00000001",
              .cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
              .qop = "auth",
              .method = "GET",
              .uri = "/dir/index.html"};
  EXPECT_EQ(response(proof), "8ca523f5e9506fed4657c9700eebdbec");

  proof.algorithm = HashKind::Sha256;

  EXPECT_EQ(response(proof), "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

// RFC 2069 §2.4, as corrected by its erratum 749.
TEST(Digest, response_without_qop_is_that_of_rfc_2069) {
  EXPECT_EQ(response({.user = "Mufasa",
                      .realm = "testrealm@host.com",
                      .password = "CircleOfLife",
                      .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                      .method = "GET",
                      .uri = "/dir/index.html"}),
            "1949323746fe6a43ef61f9606e7febea");
}

TEST(Digest, algorithms_are_known_by_their_tokens) {
  EXPECT_EQ(algorithm_of(""), HashKind::Md5);
  EXPECT_EQ(algorithm_of("md5"), HashKind::Md5);
  EXPECT_EQ(algorithm_of("SHA-256"), HashKind::Sha256);
  EXPECT_EQ(algorithm_of("SHA-512-256"), HashKind::Sha512_256);
  EXPECT_EQ(algorithm_of("MD5-sess"), std::nullopt);
  EXPECT_EQ(name_of(HashKind::Sha512_256), "SHA-512-256");
}

std::string refusal(std::string_view challenges) {
  return "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
         "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n" +
         std::string(challenges) + "Content-Length: 0\r\n\r\n";
}

std::optional<std::string> chosen_nonce(std::string_view challenges) {
  const std::string bytes = refusal(challenges);
  sip::Message message;
  EXPECT_EQ(sip::parse(bytes, message).kind, sip::ParseErrorKind::None);
  const auto challenge = choose_challenge(message);
  return challenge ? std::optional(std::string(challenge->nonce)) : std::nullopt;
}

TEST(Digest, the_first_challenge_that_is_understood_is_answered) {
  EXPECT_EQ(chosen_nonce("WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", algorithm=SHA-1\r\n"
                         "WWW-Authenticate: Digest realm=\"r\", nonce=\"2\", qop=\"auth-int\"\r\n"
                         "WWW-Authenticate: Basic realm=\"r\"\r\n"
                         "WWW-Authenticate: Digest realm=\"r\", nonce=\"3\", algorithm=SHA-256, "
                         "qop=\"auth-int,auth\"\r\n"
                         "WWW-Authenticate: Digest realm=\"r\", nonce=\"4\"\r\n"),
            "3");
  EXPECT_EQ(chosen_nonce("WWW-Authenticate: Digest realm=\"r\", nonce=\"4\"\r\n"), "4");
  EXPECT_EQ(chosen_nonce("WWW-Authenticate: Digest realm=\"r\"\r\n"), std::nullopt);
  EXPECT_EQ(chosen_nonce("Proxy-Authenticate: Digest realm=\"r\", nonce=\"4\"\r\n"), std::nullopt);
}

TEST(Digest, credentials_prove_what_the_challenge_asked) {
  const auto challenge = sip::parse_digest(
      "Digest realm=\"atlanta\", nonce=\"n1\", qop=\"auth,auth-int\", algorithm=SHA-256, opaque=\"o\"");
  ASSERT_TRUE(challenge);
  Hasher hasher;
  std::string value;

  append_credentials(value, hasher,
                     {.challenge = *challenge,
                      .user = "alice",
                      .password = "secret",
                      .method = "REGISTER",
                      .uri = "sip:atlanta",
                      .cnonce = "c1",
                      .nc = 2});

  const auto read = sip::parse_digest(value);
  ASSERT_TRUE(read) << value;
  EXPECT_EQ(read->username, "alice");
  EXPECT_EQ(read->opaque, "o");
  EXPECT_EQ(read->nc, "00000002");
  EXPECT_EQ(read->qop, "auth");
  EXPECT_EQ(read->response, response({.algorithm = HashKind::Sha256,
                                      .user = "alice",
                                      .realm = "atlanta",
                                      .password = "secret",
                                      .nonce = "n1",
                                      .nc = "00000002",
                                      .cnonce = "c1",
                                      .qop = "auth",
                                      .method = "REGISTER",
                                      .uri = "sip:atlanta"}));
}

TEST(Digest, a_challenge_without_qop_is_answered_without_counting) {
  const auto challenge = sip::parse_digest("Digest realm=\"r\", nonce=\"n\"");
  Hasher hasher;
  std::string value;

  append_credentials(value, hasher,
                     {.challenge = *challenge, .user = "a", .password = "b", .method = "INVITE",
                      .uri = "sip:x", .cnonce = "c"});

  const auto read = sip::parse_digest(value);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->qop.empty());
  EXPECT_TRUE(read->nc.empty());
  EXPECT_TRUE(read->cnonce.empty());
  EXPECT_EQ(read->response, response({.user = "a", .realm = "r", .password = "b", .nonce = "n",
                                      .method = "INVITE", .uri = "sip:x"}));
}

}  // namespace
}  // namespace tandem::digest
