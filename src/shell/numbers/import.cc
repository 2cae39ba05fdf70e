#include "shell/numbers/import.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <unordered_map>
#include <vector>

#include "shell/numbers/row_text.h"
#include "shell/numbers/sorted_runs.h"
#include "shell/numbers/table_writer.h"

namespace tandem::numbers {
namespace {

constexpr std::size_t kReadAtOnce = std::size_t(4) << 20;
constexpr std::size_t kMaxLine = 1024;
constexpr std::size_t kMaxRoutes = std::size_t(16) << 20;
constexpr std::uint64_t kMaxLines = 0xffffffff;
constexpr std::uint64_t kTellAfter = 1 << 20;  // rows

struct EntryHash {
  std::size_t operator()(const lrn::IndexEntry& entry) const {
    std::uint64_t state = 0;
    std::uint64_t ocn = 0;
    std::memcpy(&state, entry.state.data(), sizeof state);
    std::memcpy(&ocn, entry.ocn.data(), sizeof ocn);
    return (entry.lrn * 0x9e3779b97f4a7c15u) ^ (state * 0xc2b2ae3d27d4eb4fu) ^ (ocn << 1);
  }
};

// Lines of a file, without their ends, and where they stand.
class Lines {
 public:
  explicit Lines(std::FILE* file) : file_(file) {}

  bool next(std::string_view& line) {
    for (;;) {
      const std::size_t end = held_.find('\n', place_);
      if (end != held_.npos || over_) {
        if (end == held_.npos && place_ == held_.size()) return false;
        const std::size_t stop = std::min(end, held_.size());
        line = std::string_view(held_).substr(place_, stop - place_);
        if (line.ends_with('\r')) line.remove_suffix(1);
        place_ = std::min(stop + 1, held_.size());
        ++number;
        return true;
      }
      read();
    }
  }

  std::uint64_t number = 0;
  std::uint64_t bytes = 0;

 private:
  void read() {
    held_.erase(0, place_);
    place_ = 0;
    const std::size_t before = held_.size();
    held_.resize(before + kReadAtOnce);
    const std::size_t got = std::fread(held_.data() + before, 1, kReadAtOnce, file_);
    held_.resize(before + got);
    bytes += got;
    over_ = got == 0;
  }

  std::FILE* file_;
  std::string held_;
  std::size_t place_ = 0;
  bool over_ = false;
};

class Import {
 public:
  explicit Import(const ImportOptions& options)
      : options_(options), rows_(options.table, options.rows_at_once) {}

  Result<ImportReport, std::string> run() {
    if (!read()) return Failure{fault_};
    if (rows_.rows() == 0) return Failure{options_.list.string() + ": holds no number"};
    if (!write()) return Failure{fault_};
    return report_;
  }

 private:
  bool fail(std::string sentence) {
    fault_ = std::move(sentence);
    return false;
  }
  bool fail_at(std::uint64_t line, std::size_t column, const std::string& reason) {
    return fail(options_.list.string() + ':' + std::to_string(line) + ':' +
                std::to_string(column) + ": " + reason);
  }
  void tell(const char* step, std::uint64_t done, std::uint64_t whole) const {
    if (options_.progress) options_.progress({step, done, whole});
  }

  bool read() {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
        std::fopen(options_.list.c_str(), "rb"), &std::fclose);
    if (file == nullptr) return fail(options_.list.string() + ": " + std::strerror(errno));
    std::error_code unknown;
    const std::uint64_t size = std::filesystem::file_size(options_.list, unknown);
    Lines lines(file.get());
    for (std::string_view line; lines.next(line);) {
      if (lines.number == 1 && is_heading(line)) continue;
      if (line.empty() || line.front() == '#') continue;
      if (!take(line, lines.number)) return false;
      if (rows_.rows() % kTellAfter == 0) tell("reading", lines.bytes, unknown ? 0 : size);
    }
    if (std::ferror(file.get()) != 0) return fail(options_.list.string() + ": cannot be read");
    return rows_.finish() || fail(rows_.fault());
  }

  bool take(std::string_view line, std::uint64_t number) {
    if (line.size() > kMaxLine) return fail_at(number, kMaxLine, "the line is too long");
    if (number > kMaxLines) return fail_at(number, 1, "there are too many lines");
    const auto row = read_row(line);
    if (!row.ok()) return fail_at(number, row.error().column, row.error().reason);
    const auto [known, added] =
        entry_of_.try_emplace(row->entry, static_cast<std::uint32_t>(entries_.size()));
    if (added) entries_.push_back(row->entry);
    if (entries_.size() > kMaxRoutes) {
      return fail_at(number, 1, "there are more than 16,777,216 different routes");
    }
    return rows_.add({row->key, known->second, static_cast<std::uint32_t>(number)}) ||
           fail(rows_.fault());
  }

  bool write() {
    report_.rows = rows_.rows();
    report_.routes = entries_.size();
    TableWriter writer(options_.table, rows_.rows(), std::move(entries_));
    if (!writer.open()) return fail(writer.fault());
    SortedRow before;
    std::uint64_t done = 0;
    for (SortedRow row; rows_.next(row); before = row) {
      if (row.key == before.key) {
        return fail_at(row.line, 1, lrn::digits_of_key(row.key) + " stands in line " +
                                        std::to_string(before.line) + " already");
      }
      if (!writer.add(row.key, row.entry)) return fail(writer.fault());
      if (++done % kTellAfter == 0) tell("writing", done, report_.rows);
    }
    if (done != report_.rows) return fail(options_.table.string() + ": rows got lost on the disk");
    if (!writer.complete()) return fail(writer.fault());
    report_.bytes = writer.bytes();
    return true;
  }

  const ImportOptions& options_;
  SortedRuns rows_;
  std::unordered_map<lrn::IndexEntry, std::uint32_t, EntryHash> entry_of_;
  std::vector<lrn::IndexEntry> entries_;
  ImportReport report_;
  std::string fault_;
};

}  // namespace

Result<ImportReport, std::string> import_numbers(const ImportOptions& options) {
  return Import(options).run();
}

}  // namespace tandem::numbers
