#include "shell/store/number_import.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <queue>

#include "base/limits.h"
#include "core/number/number_set.h"
#include "core/number/set_writer.h"

namespace tandem::store {
namespace {

using number::NumberSet;

constexpr std::size_t kMaxFaults = 100;
constexpr std::size_t kMaxLine = 1'000;
constexpr std::size_t kShown = 80;
constexpr std::size_t kDrainAt = 1 << 20;
constexpr std::string_view kColumnEnds = ",;\t";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '"')) text.remove_suffix(1);
  return text;
}

bool is_heading(std::string_view entry) {
  return entry == "number" || entry == "numbers" || entry == "e164";
}

// What is written, given away in pieces.
class SetFile {
 public:
  explicit SetFile(NumberFileWriter file) : file_(std::move(file)) {}

  void add_word(std::uint64_t word) {
    set_.add_word(word);
    if (++waiting_ * 2 >= kDrainAt) drain();
  }
  void add_text(std::string_view text) { set_.add_text(text); }

  Result<NumberImport::Made, std::string> finish() {
    file_.append(set_.finish());
    auto name = file_.finish(set_.head());
    if (!name) return Failure{name.error()};
    return NumberImport::Made{*std::move(name), set_.size()};
  }

 private:
  void drain() {
    file_.append(set_.take());
    waiting_ = 0;
  }

  NumberFileWriter file_;
  number::SetWriter set_;
  std::size_t waiting_ = 0;
};

}  // namespace

void sort_words(std::vector<std::uint64_t>& words) {
  std::vector<std::uint64_t> other(words.size());
  for (unsigned shift = 0; shift < 64; shift += 8) {
    std::array<std::size_t, 256> places{};
    for (const std::uint64_t word : words) ++places[word >> shift & 0xff];
    if (std::ranges::find(places, words.size()) != places.end()) continue;  // all alike
    std::size_t place = 0;
    for (std::size_t& each : places) each = std::exchange(place, place + each);
    for (const std::uint64_t word : words) other[places[word >> shift & 0xff]++] = word;
    words.swap(other);
  }
}

// A sorted portion: in memory, or in a file without a name, which no crash leaves behind.
class NumberImport::Run {
 public:
  explicit Run(std::vector<std::uint64_t> words) : kept_(std::move(words)) { words_ = kept_; }

  // nullptr: the disk does not take it.
  static std::unique_ptr<Run> on_disk(const std::filesystem::path& folder,
                                      const std::vector<std::uint64_t>& words) {
    std::string name = (folder / "portion-XXXXXX").string();
    const int file = ::mkstemp(name.data());
    if (file < 0) return nullptr;
    ::unlink(name.c_str());
    const std::size_t bytes = words.size() * sizeof words[0];
    void* at = MAP_FAILED;
    std::size_t written = 0;
    while (written < bytes) {
      const auto* from = reinterpret_cast<const char*>(words.data()) + written;
      const ssize_t size = ::write(file, from, bytes - written);
      if (size <= 0) break;
      written += std::size_t(size);
    }
    if (written == bytes) at = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (at == MAP_FAILED) return nullptr;
    ::madvise(at, bytes, MADV_SEQUENTIAL);
    auto run = std::make_unique<Run>(std::vector<std::uint64_t>());
    run->mapped_ = at;
    run->words_ = {static_cast<const std::uint64_t*>(at), words.size()};
    return run;
  }

  ~Run() {
    if (mapped_ != nullptr) ::munmap(mapped_, words_.size_bytes());
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  std::optional<std::uint64_t> next() {
    if (place_ == words_.size()) return std::nullopt;
    return words_[place_++];
  }

 private:
  std::vector<std::uint64_t> kept_;
  void* mapped_ = nullptr;
  std::span<const std::uint64_t> words_;
  std::size_t place_ = 0;
};

// The words of all portions in order, each once.
class NumberImport::Merge {
 public:
  explicit Merge(std::vector<std::unique_ptr<Run>>& runs) {
    for (const auto& run : runs) take_next(*run);
  }

  std::optional<std::uint64_t> next() {
    while (!first_.empty()) {
      const auto [word, run] = first_.top();
      first_.pop();
      take_next(*run);
      if (word != last_) return last_ = word;
    }
    return std::nullopt;
  }

 private:
  using First = std::pair<std::uint64_t, Run*>;

  void take_next(Run& run) {
    if (const auto word = run.next()) first_.emplace(*word, &run);
  }

  std::priority_queue<First, std::vector<First>, std::greater<>> first_;
  std::uint64_t last_ = 0;  // no word is 0
};

NumberImport::NumberImport(std::filesystem::path folder, NumberImportTerms terms)
    : folder_(std::move(folder)), terms_(std::move(terms)) {}

NumberImport::~NumberImport() = default;

void NumberImport::take(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view part = text.substr(0, end);
    if (end == text.npos) {
      if (rest_.size() <= kMaxLine) rest_ += part;
      return;
    }
    if (rest_.empty()) {
      take_line(part);
    } else {
      take_line(rest_ += part);
      rest_.clear();
    }
    text.remove_prefix(end + 1);
  }
}

void NumberImport::take_line(std::string_view line) {
  ++line_;
  if (line_ == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() > kMaxLine) return refuse(kMaxLine + 1, line, "the line is too long");
  const std::string_view column = line.substr(0, line.find_first_of(kColumnEnds));
  const std::string_view entry = trimmed(column);
  if (line_ == 1 && is_heading(entry)) return;
  if (!entry.empty()) return take_entry(entry, std::size_t(entry.data() - line.data()) + 1);
  if (!trimmed(line).empty()) refuse(1, line, "there is no number in the first column");
}

void NumberImport::take_entry(std::string_view entry, std::size_t column) {
  if (++entries_ > kMaxImportedNumbers) {
    if (entries_ == kMaxImportedNumbers + 1)
      refuse(column, entry, "there are more than " + std::to_string(kMaxImportedNumbers) + " numbers");
    return;
  }
  std::uint64_t word = number::entry_word(entry);
  std::string cleaned;
  if (word == 0) {
    auto clean = number::clean(entry, {terms_.strip_chars, terms_.plus, number::Letters::Allow});
    if (!clean) {
      return refuse(column, entry,
                    clean.error() == number::NumberFault::TooLong
                        ? "it has more than 64 characters"
                        : "it has a character that is no digit, letter, # * or +");
    }
    cleaned = *std::move(clean);
    if (cleaned.empty()) return refuse(column, entry, "nothing is left of it");
    word = number::entry_word(cleaned);
  }
  if (!terms_.beginnings && entry.find('*') != entry.npos)
    return refuse(column, entry, "a list holds whole numbers, without *");
  if (word == 0) {
    if (texts_.size() == kMaxImportedTexts) {
      return refuse(column, entry,
                    "there are more than " + std::to_string(kMaxImportedTexts) +
                        " numbers with letters or signs, or of more than 17 digits");
    }
    texts_.push_back(std::move(cleaned));
    return;
  }
  portion_.push_back(word);
  if (portion_.size() >= terms_.portion) store_portion();
}

void NumberImport::refuse(std::size_t column, std::string_view entry, const std::string& why) {
  if (faults_.size() >= kMaxFaults) return;
  const std::string place = "line " + std::to_string(line_) + ", column " + std::to_string(column);
  std::string shown(entry.substr(0, kShown));
  std::ranges::replace_if(
      shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  faults_.push_back({place, shown, place + ": " + shown + ": " + why});
}

void NumberImport::store_portion() {
  sort_words(portion_);
  portion_.erase(std::unique(portion_.begin(), portion_.end()), portion_.end());
  std::error_code unknown;
  std::filesystem::create_directories(folder_, unknown);
  if (auto run = Run::on_disk(folder_, portion_)) {
    runs_.push_back(std::move(run));
  } else {
    disk_fault_ = "cannot write in " + folder_.string() + "; is the disk full?";
  }
  portion_.clear();
}

// As they are to stand in the file: of those before, and of those that were read.
std::vector<std::string> NumberImport::merged_texts() {
  std::ranges::sort(texts_);
  texts_.erase(std::unique(texts_.begin(), texts_.end()), texts_.end());
  if (terms_.how == NumberImportTerms::How::Replace || !terms_.before) return std::move(texts_);
  const NumberSet& set = terms_.before->set;
  std::vector<std::string> before;
  for (std::size_t i = 0; i < set.texts(); ++i) before.emplace_back(set.text(i));
  std::vector<std::string> merged;
  if (terms_.how == NumberImportTerms::How::Add)
    std::ranges::set_union(before, texts_, std::back_inserter(merged));
  else
    std::ranges::set_difference(before, texts_, std::back_inserter(merged));
  return merged;
}

void NumberImport::end() {
  if (!rest_.empty()) take_line(std::exchange(rest_, {}));
}

Result<NumberImport::Made, std::string> NumberImport::finish() {
  using How = NumberImportTerms::How;
  end();
  if (!faults_.empty()) return Failure{faults_.front().sentence};
  if (!disk_fault_.empty()) return Failure{disk_fault_};
  sort_words(portion_);
  runs_.push_back(std::make_unique<Run>(std::exchange(portion_, {})));
  auto file = NumberFileWriter::create(folder_);
  if (!file) return Failure{file.error()};
  SetFile to(*std::move(file));

  const NumberSet none;
  const bool alone = terms_.how == How::Replace || !terms_.before;
  NumberSet::Words before(alone ? none : terms_.before->set);
  Merge read(runs_);
  std::optional<std::uint64_t> old_word = before.next();
  std::optional<std::uint64_t> new_word = read.next();
  const bool removes = terms_.how == How::Remove;
  while (old_word || new_word) {
    if (given_up_.load(std::memory_order_relaxed)) return Failure{std::string("given up")};
    const bool old_first = old_word && (!new_word || *old_word <= *new_word);
    const bool both = old_word && new_word && *old_word == *new_word;
    if (removes ? old_first && !both : true) to.add_word(old_first ? *old_word : *new_word);
    if (!old_first || both) new_word = read.next();
    if (old_first) old_word = before.next();
    merged_.fetch_add(1, std::memory_order_relaxed);
  }
  runs_.clear();
  for (const std::string& text : merged_texts()) to.add_text(text);
  return to.finish();
}

}  // namespace tandem::store
