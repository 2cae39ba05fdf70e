// The load rounded down, by which most candidates are told apart: it never contradicts the load itself.
#include "base/rng.h"
#include "core/routing/routing_fixture.h"
#include "core/routing/sorting.h"

namespace tandem::routing {
namespace {

constexpr unsigned kBits = 18;

TEST(Load, rounded_never_stands_against_the_load) {
  Rng rng({20267, 1, 2, 3});
  directory::Parameters parameters;
  parameters.route_unlimited_load_base = 10'000;
  std::uint64_t told_apart = 0;
  for (const auto by : {directory::LoadSort::Ratio, directory::LoadSort::Absolute,
                        directory::LoadSort::Off}) {
    parameters.gateway_load_sort = by;
    for (int round = 0; round < 200'000; ++round) {
      const auto drawn = [&] {
        const auto lines = std::int64_t(rng.below(std::uint64_t{1} << rng.below(20)));
        const auto calls = std::int64_t(rng.below(std::uint64_t{1} << rng.below(22)));
        return Load::of(calls, lines, parameters);
      };
      const Load a = drawn();
      const Load b = drawn();
      const auto& less = a < b ? a : b;
      const auto& more = a < b ? b : a;
      ASSERT_LE(less.rounded(by, kBits), more.rounded(by, kBits));
      told_apart += a.rounded(by, kBits) != b.rounded(by, kBits);
    }
  }
  EXPECT_GT(told_apart, 200'000u) << "else it tells nobody apart";
}

TEST(Load, rounded_stays_within_its_bits) {
  const Load full{.calls = 1'000'000'000, .capacity = 1};
  EXPECT_EQ(full.rounded(directory::LoadSort::Ratio, kBits), (1u << kBits) - 1);
  EXPECT_EQ(full.rounded(directory::LoadSort::Absolute, kBits), (1u << kBits) - 1);
  EXPECT_EQ(Load{}.rounded(directory::LoadSort::Ratio, kBits), 0u);
}

}  // namespace
}  // namespace tandem::routing
