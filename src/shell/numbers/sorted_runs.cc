#include "shell/numbers/sorted_runs.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>

namespace tandem::numbers {
namespace {

constexpr std::size_t kReadAtOnce = 64 * 1024;  // rows of a run

bool before(const SortedRow& a, const SortedRow& b) {
  return std::tie(a.key, a.line) < std::tie(b.key, b.line);
}

}  // namespace

struct SortedRuns::Run {
  std::FILE* file = nullptr;
  std::vector<SortedRow> read;
  std::size_t place = 0;

  ~Run() {
    if (file != nullptr) std::fclose(file);
  }
  const SortedRow& row() const { return read[place]; }
  // False: it is at its end.
  bool advance() {
    if (++place < read.size()) return true;
    read.resize(kReadAtOnce);
    read.resize(std::fread(read.data(), sizeof(SortedRow), read.size(), file));
    place = 0;
    return !read.empty();
  }
};

SortedRuns::SortedRuns(std::filesystem::path base, std::size_t rows_at_once)
    : base_(std::move(base)), rows_at_once_(rows_at_once) {}

SortedRuns::~SortedRuns() = default;

bool SortedRuns::add(const SortedRow& row) {
  if (held_.size() >= rows_at_once_ && !spill()) return false;
  held_.push_back(row);
  ++rows_;
  return true;
}

bool SortedRuns::spill() {
  std::ranges::sort(held_, before);
  const std::string name = base_.string() + ".run";
  const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  auto run = std::make_unique<Run>();
  if (descriptor >= 0) run->file = ::fdopen(descriptor, "w+b");
  ::unlink(name.c_str());  // it goes with this process, however that ends
  const bool written =
      run->file != nullptr &&
      std::fwrite(held_.data(), sizeof(SortedRow), held_.size(), run->file) == held_.size() &&
      std::fflush(run->file) == 0;
  if (!written) {
    fault_ = name + ": " + std::strerror(errno);
    return false;
  }
  std::rewind(run->file);
  runs_.push_back(std::move(run));
  held_.clear();
  return true;
}

bool SortedRuns::finish() {
  std::ranges::sort(held_, before);
  if (runs_.empty()) return true;
  if (!held_.empty() && !spill()) return false;
  std::vector<SortedRow>().swap(held_);
  for (const auto& run : runs_) {
    if (!run->advance()) return false;
  }
  std::ranges::make_heap(
      runs_, [](const auto& a, const auto& b) { return before(b->row(), a->row()); });
  return true;
}

bool SortedRuns::next(SortedRow& row) {
  const auto later = [](const auto& a, const auto& b) { return before(b->row(), a->row()); };
  if (taken_ < held_.size()) {
    row = held_[taken_++];
    return true;
  }
  if (runs_.empty()) return false;
  std::ranges::pop_heap(runs_, later);
  row = runs_.back()->row();
  if (runs_.back()->advance()) {
    std::ranges::push_heap(runs_, later);
  } else {
    runs_.pop_back();
  }
  return true;
}

}  // namespace tandem::numbers
