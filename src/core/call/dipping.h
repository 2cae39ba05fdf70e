// The lookup of ported numbers for one call (step 12, call-handling.md 5): what its device wants, what
// is known without asking, and what the answer changes. Used by calls, and to explain them.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "core/directory/directory.h"
#include "core/facts/call_facts.h"
#include "core/lrn/cache.h"
#include "core/lrn/rules.h"

namespace tandem::call {

// `limits` = parameters the call began with, `live` = the newest.
lrn::Terms lrn_terms(const directory::Device& caller, const directory::Parameters& limits);
// Whether anybody can be asked.
bool can_dip(const directory::Parameters& live);
// The region matters only to who bills by it.
bool wants_region(const lrn::Terms& terms);

struct KnownNumbers {
  const directory::Directory& directory;
  const directory::Parameters& live;
  const lrn::Cache& cache;
  Instant now;
};
// The answer that needs no question; nothing when somebody must be asked.
std::optional<lrn::Answer> known_answer(const KnownNumbers& known, const std::string& number);
// With the region of the block it leads to, when the answer names none (17.5).
lrn::Answer with_region(lrn::Answer answer, const directory::Directory& directory,
                        std::string_view number);

void apply(const lrn::Verdict& verdict, facts::CallFacts& facts);

}  // namespace tandem::call
