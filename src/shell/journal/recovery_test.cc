// What a crash and a bad disk leave in the files, and what comes back from it.
#include "shell/journal/recovery.h"

#include <gtest/gtest.h>

#include "support/journal_contents.h"
#include "support/temporary_directory.h"

namespace tandem::journal {
namespace {

using test_support::all_payloads;
using test_support::read_file;
using test_support::small_journal;
using test_support::write_file;

using Payloads = std::vector<std::string>;

constexpr std::uint64_t kIdentity = 0x1122334455667788;

std::string payload(std::uint64_t sequence) {
  return "record " + std::to_string(sequence) + std::string(sequence * 7, 'x');
}

// One file with the records first..last, and where each begins; the last element is the end.
struct Image {
  std::string bytes;
  std::vector<std::size_t> starts;
};

Image make_file(std::uint32_t file, std::uint64_t first, std::uint64_t last) {
  Image image;
  append_file_header(image.bytes, {.file = file, .identity = kIdentity, .first_sequence = first});
  for (std::uint64_t sequence = first; sequence <= last; ++sequence) {
    image.starts.push_back(image.bytes.size());
    append_record(image.bytes, checksum_seed(kIdentity), sequence, RecordType::Cdr,
                  payload(sequence));
  }
  image.starts.push_back(image.bytes.size());
  return image;
}

Payloads payloads(std::uint64_t first, std::uint64_t last) {
  Payloads all;
  for (std::uint64_t sequence = first; sequence <= last; ++sequence)
    all.push_back(payload(sequence));
  return all;
}

Payloads without(Payloads all, std::uint64_t sequence) {
  std::erase(all, payload(sequence));
  return all;
}

// Recovers, appends one record, and expects `before` and that record, and no damage.
void expect_clean_continuation(const std::filesystem::path& directory, const Payloads& before,
                               std::uint64_t torn_bytes) {
  {
    auto journal = Journal::open(small_journal(directory));
    ASSERT_TRUE(journal.ok());
    EXPECT_EQ((*journal)->report().records, before.size());
    EXPECT_EQ((*journal)->report().torn_bytes, torn_bytes);
    EXPECT_TRUE((*journal)->report().damage.empty());
    ASSERT_TRUE((*journal)->append(RecordType::Cdr, "new"));
    (*journal)->write();
  }
  Payloads expected = before;
  expected.push_back("new");
  JournalReader reader(directory);
  EXPECT_EQ(test_support::remaining_payloads(reader, kEverything), expected);
  EXPECT_TRUE(reader.damage().empty());
}

TEST(Recovery, cuts_a_write_torn_at_any_byte_of_the_last_records) {
  const Image image = make_file(1, 1, 5);

  for (std::size_t cut = image.starts[2]; cut <= image.bytes.size(); ++cut) {
    SCOPED_TRACE(cut);
    const test_support::TemporaryDirectory directory;
    write_file(file_path(directory.path(), 1), image.bytes.substr(0, cut));
    std::size_t whole = 2;
    while (whole < 5 && image.starts[whole + 1] <= cut) ++whole;
    // A piece of a header may end in zeros, which are not counted.
    const std::string piece = image.bytes.substr(image.starts[whole], cut - image.starts[whole]);
    const std::size_t torn = piece.find_last_not_of('\0') + 1;

    expect_clean_continuation(directory.path(), payloads(1, whole), torn);
  }
}

TEST(Recovery, cuts_a_torn_write_in_space_that_was_reserved) {
  const Image image = make_file(1, 1, 5);

  for (std::size_t cut = image.starts[3]; cut <= image.bytes.size(); cut += 5) {
    SCOPED_TRACE(cut);
    const test_support::TemporaryDirectory directory;
    std::string bytes = image.bytes.substr(0, cut);
    const std::size_t whole = cut == image.bytes.size() ? 5 : cut >= image.starts[4] ? 4 : 3;
    const std::size_t torn = bytes.find_last_not_of('\0') + 1 - image.starts[whole];
    bytes.resize(100'000, '\0');
    write_file(file_path(directory.path(), 1), bytes);
    write_file(file_path(directory.path(), 2), std::string(100'000, '\0'));

    expect_clean_continuation(directory.path(), payloads(1, whole), torn);
  }
}

TEST(Recovery, gives_reserved_space_back) {
  const test_support::TemporaryDirectory directory;
  const Image image = make_file(1, 1, 5);
  write_file(file_path(directory.path(), 1), image.bytes + std::string(50'000, '\0'));
  write_file(file_path(directory.path(), 2), std::string(50'000, '\0'));

  const auto report = recover(directory.path());

  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->torn_bytes, 0u);
  EXPECT_EQ(report->last_file, 2u);
  EXPECT_EQ(read_file(file_path(directory.path(), 1)), image.bytes);
  EXPECT_EQ(list_files(directory.path()), std::vector<std::uint32_t>{1});
}

TEST(Recovery, sets_a_file_without_any_record_aside_instead_of_deleting_it) {
  const test_support::TemporaryDirectory directory;
  write_file(file_path(directory.path(), 1), make_file(1, 1, 5).bytes);
  write_file(file_path(directory.path(), 2), "not a journal");

  const auto report = recover(directory.path());

  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->torn_bytes, 13u);
  EXPECT_EQ(read_file(directory.path() / "000000000002.damaged"), "not a journal");
}

TEST(Recovery, passes_over_a_record_with_any_flipped_bit_and_says_that_it_is_lost) {
  const Image image = make_file(1, 1, 6);

  for (std::size_t byte = image.starts[2]; byte < image.starts[3]; ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      SCOPED_TRACE(std::to_string(byte) + "." + std::to_string(bit));
      const test_support::TemporaryDirectory directory;
      std::string bytes = image.bytes;
      bytes[byte] = static_cast<char>(bytes[byte] ^ (1 << bit));
      write_file(file_path(directory.path(), 1), bytes);

      const auto report = recover(directory.path());

      ASSERT_TRUE(report.ok());
      ASSERT_EQ(report->damage.size(), 1u);
      EXPECT_EQ(report->damage[0].where,
                (Position{1, static_cast<std::uint32_t>(image.starts[2])}));
      EXPECT_EQ(report->damage[0].bytes, image.starts[3] - image.starts[2]);
      EXPECT_EQ(report->damage[0].lost_records, 1u);
      ASSERT_EQ(all_payloads(directory.path()), without(payloads(1, 6), 3));
      ASSERT_EQ(read_file(file_path(directory.path(), 1)), bytes) << "damage is kept as it is";
    }
  }
}

TEST(Recovery, loses_nothing_by_a_flipped_bit_in_a_file_header) {
  const Image first = make_file(1, 1, 3);
  const Image second = make_file(2, 4, 6);

  for (std::size_t byte = 0; byte < kFileHeaderSize * 2; ++byte) {
    SCOPED_TRACE(byte);
    const test_support::TemporaryDirectory directory;
    std::string bytes[2] = {first.bytes, second.bytes};
    char& hit = bytes[byte / kFileHeaderSize][byte % kFileHeaderSize];
    hit = static_cast<char>(hit ^ 0x10);
    write_file(file_path(directory.path(), 1), bytes[0]);
    write_file(file_path(directory.path(), 2), bytes[1]);

    const auto report = recover(directory.path());

    ASSERT_TRUE(report.ok());
    EXPECT_EQ(report->records, 6u);
    EXPECT_EQ(report->next_sequence, 7u);
    EXPECT_EQ(all_payloads(directory.path()), payloads(1, 6));
  }
}

TEST(Recovery, goes_on_behind_a_stretch_of_zeros_and_of_noise) {
  const Image image = make_file(1, 1, 9);

  for (const char fill : {'\0', '\x01', 'z', '\xFF'}) {
    const test_support::TemporaryDirectory directory;
    std::string bytes = image.bytes;
    std::fill(bytes.begin() + static_cast<long>(image.starts[2]) + 5,
              bytes.begin() + static_cast<long>(image.starts[6]) - 5, fill);
    write_file(file_path(directory.path(), 1), bytes);

    const auto report = recover(directory.path());

    ASSERT_TRUE(report.ok());
    ASSERT_EQ(report->damage.size(), 1u);
    EXPECT_EQ(report->damage[0].lost_records, 4u);
    Payloads expected = payloads(1, 2);
    for (const std::string& kept : payloads(7, 9)) expected.push_back(kept);
    EXPECT_EQ(all_payloads(directory.path()), expected);
  }
}

TEST(Recovery, counts_the_records_of_a_missing_file) {
  const test_support::TemporaryDirectory directory;
  write_file(file_path(directory.path(), 1), make_file(1, 1, 3).bytes);
  write_file(file_path(directory.path(), 3), make_file(3, 8, 9).bytes);

  const auto report = recover(directory.path());

  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->damage.size(), 1u);
  EXPECT_EQ(report->damage[0].lost_records, 4u);
  EXPECT_EQ(report->next_sequence, 10u);
}

TEST(Recovery, takes_the_rest_of_a_failed_write_for_no_loss_when_the_next_file_repeats_it) {
  const test_support::TemporaryDirectory directory;
  const Image first = make_file(1, 1, 5);
  write_file(file_path(directory.path(), 1), first.bytes.substr(0, first.starts[4] + 30));
  write_file(file_path(directory.path(), 2), make_file(2, 5, 7).bytes);

  const auto report = recover(directory.path());

  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->damage.empty());
  EXPECT_EQ(all_payloads(directory.path()), payloads(1, 7));
}

TEST(Recovery, gives_a_record_that_was_written_twice_once) {
  const test_support::TemporaryDirectory directory;
  write_file(file_path(directory.path(), 1), make_file(1, 1, 5).bytes);
  write_file(file_path(directory.path(), 2), make_file(2, 4, 7).bytes);

  EXPECT_EQ(all_payloads(directory.path()), payloads(1, 7));
}

// The payload of a record is made by others: it may hold what looks like a record.
TEST(Recovery, does_not_take_a_forged_record_inside_a_payload_for_one) {
  const test_support::TemporaryDirectory directory;
  std::string forged;
  append_record(forged, checksum_seed(kIdentity + 1), 2, RecordType::Cdr, "forged");
  std::string bytes;
  append_file_header(bytes, {.file = 1, .identity = kIdentity, .first_sequence = 1});
  append_record(bytes, checksum_seed(kIdentity), 1, RecordType::Cdr, "before " + forged);
  bytes[kFileHeaderSize + kRecordHeaderSize] ^= 1;
  append_record(bytes, checksum_seed(kIdentity), 2, RecordType::Cdr, "behind");
  write_file(file_path(directory.path(), 1), bytes);

  EXPECT_EQ(all_payloads(directory.path()), Payloads{"behind"});
}

TEST(Recovery, is_quick_with_a_file_full_of_noise) {
  const test_support::TemporaryDirectory directory;
  std::string bytes = make_file(1, 1, 3).bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 4 << 20; ++i) {
    state = state * 1664525 + 1013904223;
    bytes += static_cast<char>(i % 4096 < 2048 ? state >> 24 : 0);
  }
  write_file(file_path(directory.path(), 1), bytes);
  write_file(file_path(directory.path(), 2), make_file(2, 4, 6).bytes);

  EXPECT_EQ(all_payloads(directory.path()), payloads(1, 6));
}

TEST(Recovery, of_an_empty_directory_begins_at_one) {
  const test_support::TemporaryDirectory directory;

  const auto report = recover(directory.path());

  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->next_sequence, 1u);
  EXPECT_EQ(report->identity, 0u);
}

}  // namespace
}  // namespace tandem::journal
