#include "core/facts/pools.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace tandem::facts {
namespace {

using directory::HeldNumbers;
using directory::PoolMode;

constexpr int kDraws = 32;
// Beginnings in a file are no numbers: so many of them are passed over in a row.
constexpr std::size_t kMaxGaps = 1'024;
// Of larger pools that are nearly full, the next free number after a random place is taken.
constexpr std::size_t kMaxCounted = 4'096;

class Looking {
 public:
  Looking(const HeldNumbers& numbers, const NumberPools::Busy& busy, std::int64_t lines)
      : numbers_(numbers), busy_(busy), lines_(lines), size_(numbers.pool_size()) {}

  // The number at this place, when it is free.
  std::optional<std::string> free_at(std::size_t place) const {
    std::string number = numbers_.pool_number(place);
    if (number.empty()) return std::nullopt;
    const auto found = busy_.find(number);
    const bool full = lines_ != 0 && found != busy_.end() && found->second >= lines_;
    return full ? std::nullopt : std::optional(std::move(number));
  }

  // The first free one from here on, round to where it began. Of one more than are busy, one must be
  // free.
  std::optional<std::size_t> next_from(std::size_t place) const {
    const std::size_t looks = std::min(size_, busy_.size() + 1 + kMaxGaps);
    for (std::size_t i = 0; i < looks; ++i) {
      const std::size_t at = (place + i) % size_;
      if (free_at(at)) return at;
    }
    return std::nullopt;
  }

  // Each free one with the same chance.
  std::optional<std::size_t> any(Rng& rng) const {
    for (int draw = 0; draw < kDraws; ++draw) {
      const std::size_t at = std::size_t(rng.below(size_));
      if (free_at(at)) return at;
    }
    if (size_ > kMaxCounted) return next_from(std::size_t(rng.below(size_)));
    std::vector<std::size_t> free;
    for (std::size_t at = 0; at < size_; ++at)
      if (free_at(at)) free.push_back(at);
    if (free.empty()) return std::nullopt;
    return free[std::size_t(rng.below(free.size()))];
  }

 private:
  const HeldNumbers& numbers_;
  const NumberPools::Busy& busy_;
  const std::int64_t lines_;
  const std::size_t size_;
};

std::optional<std::size_t> choose(const Looking& looking, PoolMode mode, std::uint64_t next,
                                  std::size_t size, Rng& rng) {
  if (mode == PoolMode::Random) return looking.any(rng);
  return looking.next_from(std::size_t(next % size));
}

}  // namespace

std::string NumberPools::take(const directory::NumberGroup& group, const PoolTerms& terms,
                              Rng& rng) {
  if (group.broken() || group.held->pool_size() == 0) return {};
  Pool& pool = pools_[group.id];
  const Looking looking(*group.held, pool.busy, terms.lines);
  const auto at = choose(looking, terms.mode, pool.next, group.held->pool_size(), rng);
  if (!at) {
    ++pool.exhausted;
    return {};
  }
  std::string number = group.held->pool_number(*at);
  pool.next = *at + 1;
  ++pool.busy[number];
  return number;
}

std::string NumberPools::draw(const directory::NumberGroup& group, PoolMode mode, Rng& rng) {
  if (group.broken() || group.held->pool_size() == 0) return {};
  Pool& pool = pools_[group.id];
  const Busy nobody;
  const Looking looking(*group.held, nobody, 0);
  const auto at = choose(looking, mode, pool.drawn, group.held->pool_size(), rng);
  if (!at) return {};
  pool.drawn = *at + 1;
  return group.held->pool_number(*at);
}

void NumberPools::take_again(std::int64_t group, const std::string& number) {
  ++pools_[group].busy[number];
}

void NumberPools::give_back(std::int64_t group, const std::string& number) {
  const auto pool = pools_.find(group);
  if (pool == pools_.end()) return;
  Busy& busy = pool->second.busy;
  const auto found = busy.find(number);
  if (found != busy.end() && --found->second <= 0) busy.erase(found);
}

std::int64_t NumberPools::calls(std::int64_t group, const std::string& number) const {
  const Busy* numbers = busy(group);
  if (numbers == nullptr) return 0;
  const auto found = numbers->find(number);
  return found == numbers->end() ? 0 : found->second;
}

std::int64_t NumberPools::calls(std::int64_t group) const {
  std::int64_t sum = 0;
  if (const Busy* numbers = busy(group))
    for (const auto& [number, calls] : *numbers) sum += calls;
  return sum;
}

std::uint64_t NumberPools::exhausted(std::int64_t group) const {
  const auto pool = pools_.find(group);
  return pool == pools_.end() ? 0 : pool->second.exhausted;
}

const NumberPools::Busy* NumberPools::busy(std::int64_t group) const {
  const auto pool = pools_.find(group);
  return pool == pools_.end() ? nullptr : &pool->second.busy;
}

bool NumberPools::counts_like(const NumberPools& other) const {
  const auto covers = [](const NumberPools& one, const NumberPools& two) {
    return std::ranges::all_of(one.pools_, [&](const auto& each) {
      const Busy* busy = two.busy(each.first);
      return each.second.busy == (busy == nullptr ? Busy{} : *busy);
    });
  };
  return covers(*this, other) && covers(other, *this);
}

}  // namespace tandem::facts
