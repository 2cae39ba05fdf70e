// Which gateways can be tried at all: those whose prefixes the number begins with (call-handling.md
// §6), as far as no filter removes them (§7).
#pragma once

#include <memory_resource>
#include <optional>
#include <vector>

#include "core/cause/end_reason.h"
#include "core/routing/routing.h"
#include "core/routing/sorting.h"

namespace tandem::routing {

// In memory that is given; enough for most decisions is on the stack of who decides.
struct Candidates {
  Candidates(const SortTerms& terms, const Question& question,
             std::pmr::memory_resource& memory)
      : chain(terms, question), usable(&memory) {}

  SortChain chain;
  std::pmr::vector<Candidate> usable;  // by falling length of the prefix, then by id
  // Why there is none: the reason all were removed for, or that several were.
  std::optional<cause::EndReason> removed;
};

Candidates find_candidates(const Question& question, std::pmr::memory_resource& memory);

}  // namespace tandem::routing
