// Reads the records of a journal in order, also while it is being written, and over what a crash or
// a bad disk left: bytes that are no intact record are skipped up to the next one, and sequence
// numbers tell whether a record was lost by it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "shell/journal/file_window.h"
#include "shell/journal/format.h"

namespace tandem::journal {

struct Record {
  RecordType type{};
  std::uint64_t sequence = 0;
  std::string_view payload;  // valid until the next call of next()
};

// Bytes that held records once and do no more.
struct Damage {
  Position where;
  std::uint64_t bytes = 0;         // skipped; 0 when a whole file is missing
  std::uint64_t lost_records = 0;  // at least one
};

inline constexpr Position kEverything{std::numeric_limits<std::uint32_t>::max(),
                                      std::numeric_limits<std::uint32_t>::max()};

// Not for several threads at once. The journal may be written meanwhile when `limit` is its tail.
class JournalReader {
 public:
  enum class Step : std::uint8_t {
    Record,  // one was read
    End,     // there is none before the limit; may be asked again when the limit has risen
    Failed,  // the file cannot be read (EIO, EACCES); may be tried again
  };

  // Reads on from `from` (Position{} = the oldest record). `next_sequence` is the number the first
  // record should have, 0 = not known.
  explicit JournalReader(std::filesystem::path directory, Position from = {},
                         std::uint64_t next_sequence = 0);

  Step next(Record& record, Position limit = kEverything);

  // Behind the last record given: where to read on, with next_sequence(), after a restart.
  Position position() const { return position_; }
  std::uint64_t next_sequence() const { return next_sequence_; }
  // Behind the last intact record or file header met: all after it is of no use.
  Position end_of_records() const { return end_of_records_; }
  // 0 until a file was opened.
  std::uint64_t identity() const { return identity_; }

  // What was found damaged so far, in order.
  const std::vector<Damage>& damage() const { return damage_; }
  // The same, and forgets it.
  std::vector<Damage> take_damage() { return std::exchange(damage_, {}); }
  // At the End: bytes after position() that are neither record nor zero: a torn write.
  std::uint64_t torn_bytes() const { return hole_ ? hole_->bytes : 0; }

 private:
  enum class Opened : std::uint8_t { Yes, None, Failed };

  Opened open_file(Position limit);
  Opened open_next_file(Position limit);
  void set_bound(Position limit);
  void enter_file();
  void use_identity(std::uint64_t identity);
  // The intact record at `offset`, header included; empty when there is none.
  std::string_view record_at(std::uint64_t offset);
  // Skips to the next intact record of this file; false when there is none.
  bool skip_damage();
  bool follows(std::uint64_t offset);
  void note_gap(std::uint64_t found_sequence);
  void deliver(std::string_view bytes, Record& record);

  std::filesystem::path directory_;
  FileWindow window_;
  Position position_;  // file 0 = before the oldest
  Position end_of_records_;
  std::uint64_t next_sequence_ = 0;
  std::uint64_t identity_ = 0;
  std::uint32_t seed_ = 0;
  std::optional<Damage> hole_;  // skipped bytes not known yet to have cost a record
  std::vector<Damage> damage_;
};

}  // namespace tandem::journal
