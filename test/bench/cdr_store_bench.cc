// What it costs, off the signalling thread, to bring a call detail record into the database, and to
// find some there.
#include <benchmark/benchmark.h>

#include "core/cdr/cdr_record.h"
#include "shell/store/cdr_store.h"
#include "support/sample_cdr.h"
#include "support/temporary_directory.h"

namespace tandem {
namespace {

constexpr std::int64_t kRecords = 50'000;

struct FilledJournal {
  test_support::TemporaryDirectory directory;
  std::unique_ptr<journal::Journal> journal;

  FilledJournal() {
    journal::JournalOptions options;
    options.directory = directory.path() / "journal";
    options.free_reserve = 0;
    auto opened = journal::Journal::open(options);
    if (!opened.ok()) std::abort();
    journal = std::move(*opened);
    std::string bytes;
    for (std::int64_t number = 0; number < kRecords; ++number) {
      bytes.clear();
      // Calls end in another order than they came.
      cdr::append_record(bytes, test_support::sample_cdr(number ^ 0x155));
      if (!journal->append(journal::RecordType::Cdr, bytes)) std::abort();
      if (number % 50 == 0) journal->write();
    }
    journal->write();
  }
};

void load_records(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    FilledJournal filled;
    state.ResumeTiming();
    store::CdrLoader loader(*filled.journal,
                            {.database = filled.directory.path() / "cdr.db",
                             .batch_records = static_cast<std::uint32_t>(state.range(0))});
    loader.start();
    loader.stop();
    if (loader.queue() != 0) state.SkipWithError("not loaded");
  }
  state.counters["per_record"] =
      benchmark::Counter(static_cast<double>(state.iterations() * kRecords),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(load_records)
    ->ArgName("batch")
    ->Arg(50)
    ->Arg(2000)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

void find_newest(benchmark::State& state) {
  FilledJournal filled;
  auto store =
      store::CdrStore::open(*filled.journal, {.database = filled.directory.path() / "cdr.db"});
  if (!store.ok()) return state.SkipWithError(store.error().sentence.c_str());
  while ((*store)->queue() != 0) {
  }
  for (auto _ : state)
    benchmark::DoNotOptimize((*store)->find({.limit = 100}, [](const cdr::CdrValues&) {}));
}
BENCHMARK(find_newest)->Unit(benchmark::kMicrosecond);

// From write() to the record found, with the times a switch runs with.
void time_until_found(benchmark::State& state) {
  const test_support::TemporaryDirectory directory;
  journal::JournalOptions options;
  options.directory = directory.path() / "journal";
  options.free_reserve = 0;
  auto journal = journal::Journal::open(options);
  if (!journal.ok()) return state.SkipWithError(journal.error().sentence.c_str());
  auto store = store::CdrStore::open(**journal, {.database = directory.path() / "cdr.db"});
  if (!store.ok()) return state.SkipWithError(store.error().sentence.c_str());
  std::int64_t number = 0;
  for (auto _ : state) {
    std::string bytes;
    const cdr::Cdr cdr = test_support::sample_cdr(++number);
    cdr::append_record(bytes, cdr);
    if (!(*journal)->append(journal::RecordType::Cdr, bytes)) return state.SkipWithError("refused");
    (*journal)->write();
    while (*(*store)->last_recorded() != cdr.flow_no) {
    }
  }
}
BENCHMARK(time_until_found)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tandem

BENCHMARK_MAIN();
