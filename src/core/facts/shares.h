// Turns in shares (call-handling.md 3.5): each draw goes to the one that is most behind its share, so
// that over a full cycle the shares are exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tandem::facts {

class ShareTurns {
 public:
  // The position of the next one; `shares.size()` when no share is above 0.
  std::size_t next(std::span<const std::int64_t> shares) {
    if (credit_.size() != shares.size()) credit_.assign(shares.size(), 0);
    std::int64_t sum = 0;
    std::size_t best = shares.size();
    for (std::size_t i = 0; i < shares.size(); ++i) {
      sum += shares[i];
      credit_[i] += shares[i];
      if (shares[i] > 0 && (best == shares.size() || credit_[i] > credit_[best])) best = i;
    }
    if (best < shares.size()) credit_[best] -= sum;
    return best;
  }

  template <class Archive>
  void fields(Archive& archive) {
    archive(credit_);
  }

 private:
  std::vector<std::int64_t> credit_;  // sums to 0
};

}  // namespace tandem::facts
