// What a call detail record costs on the signalling thread: made into bytes, appended, written.
#include <benchmark/benchmark.h>

#include <thread>

#include "base/archive.h"
#include "core/cdr/cdr_record.h"
#include "core/cdr/cdr_text.h"
#include "shell/journal/checksum.h"
#include "shell/journal/journal.h"
#include "shell/journal/kept_store.h"
#include "support/sample_cdr.h"
#include "support/temporary_directory.h"

namespace tandem {
namespace {

using test_support::sample_cdr;

void make_record(benchmark::State& state) {
  const cdr::Cdr cdr = sample_cdr(1);
  std::string bytes;
  for (auto _ : state) {
    bytes.clear();
    cdr::append_record(bytes, cdr);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(make_record);

// The archive of saved exchanges, for comparison.
void make_archive(benchmark::State& state) {
  const cdr::Cdr cdr = sample_cdr(1);
  std::size_t size = 0;
  for (auto _ : state) {
    Saver saver;
    saver(cdr);
    size = saver.bytes().size();
    benchmark::DoNotOptimize(saver.bytes().data());
  }
  state.counters["bytes"] = static_cast<double>(size);
}
BENCHMARK(make_archive);

void parse_record(benchmark::State& state) {
  std::string bytes;
  cdr::append_record(bytes, sample_cdr(1));
  for (auto _ : state) benchmark::DoNotOptimize(cdr::parse_record(bytes));
}
BENCHMARK(parse_record);

void make_json(benchmark::State& state) {
  const cdr::Cdr cdr = sample_cdr(1);
  std::string json;
  for (auto _ : state) {
    json.clear();
    cdr::append_json(json, cdr);
    benchmark::DoNotOptimize(json.data());
  }
}
BENCHMARK(make_json);

void checksum(benchmark::State& state) {
  const std::string bytes(600, 'x');
  const auto crc = state.range(0) == 0 ? journal::crc32c : journal::crc32c_by_table;
  for (auto _ : state) benchmark::DoNotOptimize(crc(0, bytes.data(), bytes.size()));
}
BENCHMARK(checksum)->ArgName("by_table")->Arg(0)->Arg(1);

// One round of the loop that ends `calls` calls: everything from the Cdr to after write(2).
void end_calls(benchmark::State& state) {
  const test_support::TemporaryDirectory directory;
  journal::JournalOptions options;
  options.directory = directory.path();
  options.free_reserve = 0;
  auto journal = journal::Journal::open(options);
  if (!journal.ok()) return state.SkipWithError(journal.error().sentence.c_str());
  const cdr::Cdr cdr = sample_cdr(1);
  const auto calls = state.range(0);
  std::string bytes;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < calls; ++i) {
      bytes.clear();
      cdr::append_record(bytes, cdr);
      if (!(*journal)->append(journal::RecordType::Cdr, bytes)) state.SkipWithError("refused");
    }
    (*journal)->write();
    if ((*journal)->tail().file % 8 == 0)
      journal::remove_files_before(directory.path(), (*journal)->tail().file);
  }
  state.counters["per_call"] =
      benchmark::Counter(static_cast<double>(state.iterations() * calls),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(end_calls)->ArgName("calls")->Arg(1)->Arg(4)->Arg(16)->Arg(64);

// A start with so many things of 300 bytes kept, from the journal alone (base=0) or from a base.
void read_kept(benchmark::State& state) {
  const test_support::TemporaryDirectory directory;
  journal::JournalOptions options;
  options.directory = directory.path();
  options.free_reserve = 0;
  {
    auto journal = journal::Journal::open(options);
    if (!journal.ok()) return state.SkipWithError(journal.error().sentence.c_str());
    std::string bytes;
    for (std::int64_t id = 0; id < state.range(0); ++id) {
      bytes.clear();
      journal::append_kept(bytes, {.kind = 2, .id = std::uint64_t(id), .bytes = std::string(300, 'x')});
      if (!(*journal)->append(journal::RecordType::Keep, bytes)) state.SkipWithError("refused");
      if (id % 100 == 0) (*journal)->write();
    }
    (*journal)->write();
    while ((*journal)->synced() != (*journal)->tail()) std::this_thread::yield();
    if (state.range(1) != 0 && !journal::KeptStore(**journal, {}).write_base().ok())
      return state.SkipWithError("no base");
    if (state.range(1) != 0)
      journal::remove_files_before(directory.path(), (*journal)->held_from());
  }
  for (auto _ : state) {
    auto journal = journal::Journal::open(options);
    journal::KeptStore store(**journal, {});
    std::size_t sum = 0;
    const auto read = store.read([&](const journal::KeptRecord& each) { sum += each.bytes.size(); });
    if (!read.ok() || *read != std::uint64_t(state.range(0))) state.SkipWithError("not all read");
    benchmark::DoNotOptimize(sum);
  }
}
BENCHMARK(read_kept)
    ->ArgNames({"things", "base"})
    ->Args({500'000, 0})
    ->Args({500'000, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tandem

BENCHMARK_MAIN();
