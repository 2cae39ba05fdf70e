#include "shell/net/kinds.h"

#include <numeric>
#include <string_view>

namespace tandem::net {
namespace {

struct Kind {
  std::string_view start;
  int rank;  // handled lowest first
};

// Who registers may call at once. An ACK may be followed by a re-INVITE, an INVITE by its CANCEL, all of a
// call by its BYE. What a peer answers to requests of ours is in no order with its requests, but in one
// with itself.
constexpr Kind kRegister{"REGISTER ", 0};
constexpr Kind kAck{"ACK ", 1};
constexpr Kind kInvite{"INVITE ", 2};
constexpr Kind kPrack{"PRACK ", 3};
constexpr Kind kTrying{"SIP/2.0 100", 4};
constexpr Kind kProvisional{"SIP/2.0 1", 5};
constexpr Kind kFinal{"SIP/2.0 ", 6};
constexpr Kind kBye{"BYE ", 7};
constexpr Kind kCancel{"CANCEL ", 8};
constexpr Kind kOptions{"OPTIONS ", 9};
constexpr int kNothing = 10;  // keep-alives: too short for a message
constexpr int kRanks = 11;
constexpr int kUnknown = -1;
constexpr std::size_t kShortest = 12;
constexpr std::size_t kWorthIt = 3;

int rank_of(std::string_view bytes) {
  const auto is = [&](const Kind& kind) { return bytes.starts_with(kind.start); };
  if (bytes.size() < kShortest) return kNothing;
  if (is(kTrying)) return kTrying.rank;
  if (is(kProvisional)) return kProvisional.rank;
  for (const Kind& kind :
       {kFinal, kInvite, kAck, kBye, kCancel, kPrack, kRegister, kOptions}) {
    if (is(kind)) return kind.rank;
  }
  return kUnknown;
}

}  // namespace

void order_by_kind(std::span<const Arrival> arrivals, HandlingOrder& order) {
  std::iota(order.begin(), order.end(), std::uint8_t(0));
  if (arrivals.size() < kWorthIt) return;
  std::array<std::uint8_t, kReceiveBatch> ranks;
  std::array<std::uint8_t, kRanks + 1> place{};
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const int rank = rank_of(arrivals[i].bytes);
    if (rank == kUnknown) return;
    ranks[i] = std::uint8_t(rank);
    ++place[std::size_t(rank) + 1];
  }
  std::partial_sum(place.begin(), place.end(), place.begin());
  for (std::size_t i = 0; i < arrivals.size(); ++i) order[place[ranks[i]]++] = std::uint8_t(i);
}

}  // namespace tandem::net
