// What the exchange wants back after a restart: for each (kind, id) the newest bytes it kept.
//
// They travel in the journal, as records of the type Keep between the call records. So that the
// journal need not be read from its beginning, a thread writes now and then all that is still kept
// into the file `kept.base` of the journal's directory: when the journal behind the last one has
// grown longer than that file, so that less than half of what a start reads is of use. The file is
// made under another name, synced, and renamed; what is read at a start is the base and the journal
// behind it, so a crash at any moment loses nothing. Only synced records go into a base: it is never
// ahead of a journal that lost its end in a power cut.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "base/result.h"
#include "shell/journal/journal.h"

namespace tandem::journal {

struct KeptRecord {
  std::uint8_t kind = 0;
  std::uint64_t id = 0;
  std::string_view bytes;  // "" = forgotten; valid until the visit ends
};

// The payload of a record of the type Keep; its beginning, which the bytes follow.
void append_kept_head(std::string& out, std::uint8_t kind, std::uint64_t id);
void append_kept(std::string& out, const KeptRecord& record);
std::optional<KeptRecord> parse_kept(std::string_view payload);

struct KeptOptions {
  std::uint64_t min_journal = 128u << 20;  // bytes of journal behind the base before a new one
  milliseconds look_interval{1000};       // between two looks whether it is time
  milliseconds retry_interval{60'000};    // after a base could not be written
  // Something the operator is to know; called on any thread.
  std::function<void(std::string_view sentence)> notice = [](std::string_view) {};
};

class KeptStore {
 public:
  using Visit = std::function<void(const KeptRecord&)>;

  // From now on the journal's files are held. The journal must outlive the store.
  KeptStore(Journal& journal, KeptOptions options);
  ~KeptStore();
  KeptStore(const KeptStore&) = delete;
  KeptStore& operator=(const KeptStore&) = delete;

  // Shows what is kept as far as the journal is written, in the order it was. Before start().
  Result<std::uint64_t, JournalError> read(const Visit& visit);
  // Starts the thread.
  void start();

  // Writes a base of all that is synced now, whatever its worth. Not beside the thread.
  Result<Done, JournalError> write_base();
  // Bytes of the base, and of the journal behind it that a start would read.
  std::uint64_t base_bytes() const { return base_.bytes; }
  std::uint64_t journal_bytes() const;

 private:
  struct Base {
    std::uint64_t bytes = 0;  // of the file; 0 = there is none
    std::uint64_t identity = 0;
    Position position;        // of the journal behind it
    std::uint64_t next_sequence = 0;
    std::uint64_t records = 0;
  };
  struct Key {
    std::uint64_t id;
    std::uint8_t kind;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return static_cast<std::size_t>((key.id ^ std::uint64_t{key.kind} << 59) *
                                      0x9e3779b97f4a7c15u);
    }
  };
  // Where a reading of the journal ended, or can begin.
  struct End {
    Position position;
    std::uint64_t next_sequence = 0;
  };
  struct Place {
    std::uint64_t sequence = 0;
    End before;
  };
  using Newest = std::unordered_map<Key, Place, KeyHash>;
  // A record of the type Keep: where reading it begins (nowhere: in the base), its sequence number
  // and payload.
  using Each = std::function<void(End before, std::uint64_t sequence, std::string_view payload)>;

  static std::optional<Base> read_header(const std::filesystem::path& path);
  End behind_base() const;
  Result<End, JournalError> scan_journal(End from, Position limit, const Each& each) const;
  void scan_base(const Each& each) const;
  Result<End, JournalError> find_newest(Position limit, Newest& newest) const;
  Result<End, JournalError> scan_newest(Position limit, const Each& each) const;
  void loop();
  bool worth_a_base() const;
  std::filesystem::path path() const { return journal_.directory() / "kept.base"; }

  Journal& journal_;
  const KeptOptions options_;
  Base base_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable stop_changed_;
  bool stopping_ = false;
};

}  // namespace tandem::journal
