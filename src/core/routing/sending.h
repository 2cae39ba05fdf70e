// What is sent to the device a call goes to: the numbers after the number transform table, the area
// code of mobiles and its own dial plans (call-handling.md 3.1, 3.4). Asked anew for each attempt, so
// that each has draws of its own.
#pragma once

#include <optional>
#include <string>

#include "base/rng.h"
#include "core/cause/end_reason.h"
#include "core/directory/directory.h"
#include "core/facts/call_facts.h"
#include "core/facts/decision.h"
#include "core/routing/pool_numbers.h"

namespace tandem::routing {

struct SentNumbers {
  std::string caller;
  std::string callee;
  std::string forwarding;  // "" = none
  // Of the identities of the caller; "" = none, or the caller itself.
  std::string own_identity;
  std::string asserted;
  std::string preferred;

  template <class Archive>
  void fields(Archive& archive) {
    archive(caller, callee, forwarding, own_identity, asserted, preferred);
  }
};

// The called number as a redirection has it.
struct Redirected {
  std::string_view callee;     // "" = it was not redirected
  bool as_it_stands = false;   // the device named it itself: none of its plans is for it
};

struct Sending {
  const facts::CallFacts& call;
  const directory::Directory& directory;
  const directory::EgressGateway& device;
  const PoolNumbers& pooled;
  Rng& rng;
  UtcTime at;  // which of its plans hold
  facts::DecisionTrace* trace = nullptr;
  Redirected redirected = {};
};

// `why` the call cannot go there, or nullopt and the numbers in `sent`.
std::optional<cause::EndReason> numbers_to_send(const Sending& sending, SentNumbers& sent);

}  // namespace tandem::routing
