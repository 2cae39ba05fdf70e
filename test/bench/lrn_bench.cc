// A number looked up in the local table of ported numbers, and what the table costs. Rows stand at
// random among the numbers of ten digits; half of what is asked for is listed.
//   lrn_bench --benchmark_filter=100000000   for a table of 100 million rows (0.6 GB on the disk)
#include <benchmark/benchmark.h>

#include <chrono>
#include <fstream>
#include <map>

#include "base/rng.h"
#include "shell/numbers/ported_table.h"
#include "shell/numbers/table_writer.h"
#include "support/temporary_directory.h"

namespace tandem {
namespace {

constexpr std::uint64_t kFirst = 12'000'000'000;  // key of 2000000000
constexpr std::uint64_t kNumbers = 8'000'000'000;
constexpr std::size_t kRoutes = 50'000;

struct Table {
  test_support::TemporaryDirectory directory;
  std::shared_ptr<const lrn::Index> index;
  double milliseconds_to_open = 0;
  std::uint64_t step = 0;

  explicit Table(std::uint64_t rows) : step(kNumbers / rows) {
    std::vector<lrn::IndexEntry> routes(kRoutes);
    for (std::size_t i = 0; i < kRoutes; ++i) routes[i].lrn = kFirst + i * 1000;
    const auto path = directory.path() / numbers::kPortedTableFile;
    numbers::TableWriter writer(path, rows, std::move(routes));
    if (!writer.open()) std::abort();
    Rng rng({1, 2, 3, 4});
    for (std::uint64_t row = 0; row < rows; ++row) {
      if (!writer.add(key_of_row(row), std::uint32_t(rng.below(kRoutes)))) std::abort();
    }
    if (!writer.complete()) std::abort();
    const auto begun = std::chrono::steady_clock::now();
    index = numbers::PortedTable(path).current();
    milliseconds_to_open =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
    if (index == nullptr) std::abort();
  }
  // Scattered within its share of the numbers.
  std::uint64_t key_of_row(std::uint64_t row) const {
    return kFirst + row * step + (row * 0x9e3779b97f4a7c15u >> 40) % step;
  }
};

double resident_megabytes() {
  std::ifstream file("/proc/self/smaps_rollup");
  for (std::string word; file >> word;) {
    double kilobytes = 0;
    if (word == "Rss:" && file >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

void look_up(benchmark::State& state) {
  const auto rows = std::uint64_t(state.range(0));
  const double before = resident_megabytes();
  const Table table(rows);
  std::vector<std::string> numbers;
  Rng rng({5, 6, 7, 8});
  for (int i = 0; i < 1'000'000; ++i) {
    const std::uint64_t listed = table.key_of_row(rng.below(rows));
    numbers.push_back(lrn::digits_of_key(i % 2 == 0 ? listed : kFirst + rng.below(kNumbers)));
  }
  std::size_t place = 0;
  std::size_t ported = 0;
  for (auto _ : state) {
    ported += table.index->answer(numbers[place]).outcome == lrn::Outcome::Ported;
    place = place + 1 == numbers.size() ? 0 : place + 1;
  }
  benchmark::DoNotOptimize(ported);
  state.counters["open_ms"] = table.milliseconds_to_open;
  state.counters["file_MB"] = double(table.index->bytes()) / 1e6;
  state.counters["resident_MB"] = resident_megabytes() - before;
}
BENCHMARK(look_up)->ArgName("rows")->Arg(1'000'000)->Arg(10'000'000)->Arg(100'000'000);

}  // namespace
}  // namespace tandem

BENCHMARK_MAIN();
