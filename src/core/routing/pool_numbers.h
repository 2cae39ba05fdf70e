// Numbers that an attempt gets from pools (call-handling.md 3.6), before the dial plans of the gateway
// it goes to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/rng.h"
#include "core/cause/end_reason.h"
#include "core/directory/directory.h"
#include "core/facts/call_facts.h"
#include "core/facts/decision.h"
#include "core/facts/pools.h"

namespace tandem::routing {

struct PoolNumbers {
  std::int64_t group = 0;  // whose number the caller is, to be given back; 0 = it is not from a pool
  std::string caller;
  std::string forwarding;  // "" = that of the call

  template <class Archive>
  void fields(Archive& archive) {
    archive(group, caller, forwarding);
  }
};

struct PoolQuestion {
  const facts::CallFacts& call;
  const directory::Directory& directory;
  const directory::EgressGateway& gateway;
  facts::NumberPools& pools;
  Rng& rng;
  facts::DecisionTrace* trace = nullptr;
};

// Why the gateway is passed over, or nullopt and the numbers in `taken`.
std::optional<cause::EndReason> take_pool_numbers(const PoolQuestion& question, PoolNumbers& taken);

}  // namespace tandem::routing
