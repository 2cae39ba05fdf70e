#include "shell/store/secret_box.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_directory.h"

namespace tandem::store {
namespace {

std::unique_ptr<SecretBox> box_in(const std::filesystem::path& data) {
  auto box = SecretBox::open(data);
  EXPECT_TRUE(box.ok()) << box.error();
  return *std::move(box);
}

TEST(SecretBox, gives_back_what_it_sealed) {
  test_support::TemporaryDirectory directory;
  const auto box = box_in(directory.path());

  const std::string sealed = box->seal("s3cret");

  EXPECT_EQ(sealed.find("s3cret"), sealed.npos);
  EXPECT_EQ(box->unseal(sealed), "s3cret");
  EXPECT_EQ(box_in(directory.path())->unseal(sealed), "s3cret") << "after a restart";
  EXPECT_NE(box->seal("s3cret"), sealed) << "equal passwords do not look alike";
  EXPECT_EQ(box->unseal(box->seal("")), "");
}

TEST(SecretBox, opens_nothing_that_was_changed_or_sealed_with_another_key) {
  test_support::TemporaryDirectory directory, other;
  const auto box = box_in(directory.path());
  std::string sealed = box->seal("s3cret");

  EXPECT_EQ(box_in(other.path())->unseal(sealed), std::nullopt);
  sealed.back() = sealed.back() == '0' ? '1' : '0';
  EXPECT_EQ(box->unseal(sealed), std::nullopt);
  EXPECT_EQ(box->unseal("abc"), std::nullopt);
  EXPECT_EQ(box->unseal("plain"), std::nullopt);
}

TEST(SecretBox, the_key_is_for_its_owner_alone) {
  test_support::TemporaryDirectory directory;
  box_in(directory.path());

  const auto permissions = std::filesystem::status(directory.path() / "secrets.key").permissions();

  EXPECT_EQ(permissions & std::filesystem::perms::all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(SecretBox, a_key_that_is_none_is_refused_with_a_sentence) {
  test_support::TemporaryDirectory directory;
  std::ofstream(directory.path() / "secrets.key") << "nothing\n";

  const auto box = SecretBox::open(directory.path());

  ASSERT_FALSE(box.ok());
  EXPECT_NE(box.error().find("holds no key"), std::string::npos);
}

TEST(SecretBox, made_passwords_are_long_and_never_the_same) {
  const std::string password = SecretBox::make_password();

  EXPECT_EQ(password.size(), 16u);
  EXPECT_NE(password, SecretBox::make_password());
}

}  // namespace
}  // namespace tandem::store
