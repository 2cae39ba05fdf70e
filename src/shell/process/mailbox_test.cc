#include "shell/process/mailbox.h"

#include <gtest/gtest.h>

#include <thread>

namespace tandem::process {
namespace {

using DirectoryPointer = std::shared_ptr<const directory::Directory>;

DirectoryPointer configuration(std::uint64_t number) {
  directory::Directory::Source source;
  source.number = number;
  return directory::Directory::compile(std::move(source));
}

Letter letter(std::int64_t flow_no) { return {exchange::HangUp{0, flow_no}, {}}; }

TEST(Mailbox, gives_letters_in_their_order_once) {
  Mailbox mailbox;
  std::vector<Letter> letters;
  DirectoryPointer newest;
  EXPECT_FALSE(mailbox.take(letters, newest));

  mailbox.post(letter(1));
  mailbox.post(letter(2));

  ASSERT_TRUE(mailbox.take(letters, newest));
  ASSERT_EQ(letters.size(), 2u);
  EXPECT_EQ(std::get<exchange::HangUp>(letters[0].command).flow_no, 1);
  EXPECT_EQ(newest, nullptr);
  EXPECT_FALSE(mailbox.take(letters, newest));
}

TEST(Mailbox, only_the_newest_configuration_counts) {
  Mailbox mailbox;
  std::vector<Letter> letters;
  DirectoryPointer newest;

  mailbox.adopt(configuration(1));
  mailbox.adopt(configuration(2));

  ASSERT_TRUE(mailbox.take(letters, newest));
  EXPECT_EQ(newest->number(), 2u);
  EXPECT_FALSE(mailbox.take(letters, newest));
}

TEST(Mailbox, refuses_letters_when_it_is_full_but_never_a_configuration) {
  Mailbox mailbox;
  std::vector<Letter> letters;
  DirectoryPointer newest;
  for (std::size_t i = 0; i < Mailbox::kMax; ++i) EXPECT_TRUE(mailbox.post(letter(1)));

  EXPECT_FALSE(mailbox.post(letter(2)));
  mailbox.adopt(configuration(3));

  ASSERT_TRUE(mailbox.take(letters, newest));
  EXPECT_EQ(letters.size(), Mailbox::kMax);
  EXPECT_EQ(newest->number(), 3u);
  EXPECT_TRUE(mailbox.post(letter(2)));
}

TEST(Mailbox, takes_letters_of_several_threads) {
  Mailbox mailbox;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      for (std::int64_t n = 1; n <= 100; ++n) EXPECT_TRUE(mailbox.post(letter(n)));
    });
  }
  std::size_t taken = 0;
  std::vector<Letter> letters;
  DirectoryPointer newest;
  while (taken < 400) {
    if (mailbox.take(letters, newest)) taken += letters.size();
  }
  for (std::thread& each : writers) each.join();

  EXPECT_EQ(taken, 400u);
}

}  // namespace
}  // namespace tandem::process
