#include "core/digest/nonces.h"

#include <gtest/gtest.h>

#include <string>

namespace tandem::digest {
namespace {

using namespace std::chrono_literals;

constexpr SipHashKey kKey{11, 22};

const IpAddress kPhone = *IpAddress::parse("192.0.2.1");

Instant at(milliseconds since) { return Instant(since); }

Nonce nonce_of(const Nonces& nonces, Instant made, std::uint32_t salt = 1) {
  const auto nonce = nonces.read(nonces.make(made, kPhone, salt, 0).view(), kPhone);
  EXPECT_TRUE(nonce);
  return nonce.value_or(Nonce{});
}

TEST(Nonces, say_when_they_were_made_and_how_often_was_refused) {
  const Nonces nonces(kKey);

  const auto nonce = nonces.read(nonces.make(at(123456ms), kPhone, 7, 2).view(), kPhone);

  ASSERT_TRUE(nonce);
  EXPECT_EQ(nonce->made, at(123456ms));
  EXPECT_EQ(nonce->refusals, 2);
}

TEST(Nonces, of_others_are_not_known) {
  const Nonces nonces(kKey);
  std::string text(nonces.make(at(5s), kPhone, 7, 0).view());

  EXPECT_FALSE(nonces.read("", kPhone));
  EXPECT_FALSE(nonces.read("dcd98b7102dd2f0e8b11d0f600bfb0c093", kPhone));
  EXPECT_FALSE(Nonces({11, 23}).read(text, kPhone));
  for (char& digit : text) {
    const char before = digit;
    digit = digit == '0' ? '1' : '0';
    EXPECT_FALSE(nonces.read(text, kPhone)) << text;
    digit = before;
  }
  EXPECT_TRUE(nonces.read(text, kPhone));
}

TEST(Nonces, are_of_the_address_they_were_sent_to) {
  const Nonces nonces(kKey);
  const NonceText text = nonces.make(at(5s), kPhone, 7, 0);

  EXPECT_FALSE(nonces.read(text.view(), *IpAddress::parse("192.0.2.2")));
  EXPECT_FALSE(nonces.read(text.view(), *IpAddress::parse("2001:db8::1")));
}

TEST(Nonces, a_count_is_good_once) {
  Nonces nonces(kKey);
  const Nonce nonce = nonce_of(nonces, at(1s));

  EXPECT_FALSE(nonces.used(nonce));
  EXPECT_TRUE(nonces.use(nonce, 1));
  EXPECT_TRUE(nonces.used(nonce));
  EXPECT_FALSE(nonces.use(nonce, 1));
  EXPECT_TRUE(nonces.use(nonce, 2));
  EXPECT_FALSE(nonces.use(nonce, 1));
  EXPECT_FALSE(nonces.use(nonce, 2));
}

TEST(Nonces, requests_may_overtake_each_other) {
  Nonces nonces(kKey);
  const Nonce nonce = nonce_of(nonces, at(1s));

  EXPECT_TRUE(nonces.use(nonce, 5));
  EXPECT_TRUE(nonces.use(nonce, 3));
  EXPECT_FALSE(nonces.use(nonce, 3));
  EXPECT_TRUE(nonces.use(nonce, 6));
  EXPECT_TRUE(nonces.use(nonce, 4));
  EXPECT_FALSE(nonces.use(nonce, 4));
  EXPECT_FALSE(nonces.use(nonce, 5));
  EXPECT_TRUE(nonces.use(nonce, 38));
  EXPECT_FALSE(nonces.use(nonce, 6)) << "32 below the highest: was used";
  EXPECT_FALSE(nonces.use(nonce, 2)) << "too far below to know";
  EXPECT_TRUE(nonces.use(nonce, 7));
  EXPECT_TRUE(nonces.use(nonce, 0xffffffff));
  EXPECT_FALSE(nonces.use(nonce, 38));
}

TEST(Nonces, what_falls_out_of_the_table_is_not_good_again) {
  Nonces nonces(kKey);
  const Nonce first = nonce_of(nonces, at(1ms));
  ASSERT_TRUE(nonces.use(first, 1));
  std::uint32_t fresh = 0;
  for (std::uint32_t i = 0; i < 300'000; ++i) {
    if (nonces.use(nonce_of(nonces, at(milliseconds(2 + i)), i), 1)) ++fresh;
  }

  EXPECT_EQ(fresh, 300'000u) << "new ones are good however many were used";
  EXPECT_FALSE(nonces.used(first));
  EXPECT_FALSE(nonces.use(first, 1));
  EXPECT_FALSE(nonces.use(first, 2));
}

}  // namespace
}  // namespace tandem::digest
