#include "base/near_name.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.h"

namespace tandem {
namespace {

constexpr std::size_t kLongest = 80;  // of names; longer ones are near nothing
constexpr std::size_t kLettersPerFault = 4;

}  // namespace

std::size_t letters_between(std::string_view a, std::string_view b, std::size_t most) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer > kLongest || longer - std::min(a.size(), b.size()) > most) return most + 1;
  using Row = std::array<std::size_t, kLongest + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  std::iota(last.begin(), last.end(), std::size_t{0});
  const auto same = [](char one, char other) { return lower(one) == lower(other); };
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
      const bool exchanged =
          i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]);
      if (exchanged) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return std::min(last[b.size()], most + 1);
}

NearName::NearName(std::string_view written)
    : written_(written), most_(written.size() / kLettersPerFault) {}

void NearName::consider(std::string_view name) {
  const std::size_t wrong = letters_between(written_, name, most_);
  if (wrong > most_) return;
  nearest_ = name;
  if (wrong == 0) {
    most_ = 0;
    return;
  }
  most_ = wrong - 1;
}

}  // namespace tandem
