// What is sent to the device a call goes to: the numbers after its own dial plans (call-handling.md
// 3.1). Asked anew for each attempt, so that each has draws of its own.
#pragma once

#include <optional>
#include <string>

#include "base/rng.h"
#include "core/cause/end_reason.h"
#include "core/directory/entities.h"
#include "core/facts/call_facts.h"
#include "core/facts/decision.h"

namespace tandem::routing {

struct SentNumbers {
  std::string caller;
  std::string callee;
  // Of the identities of the caller; "" = none, or the caller itself.
  std::string own_identity;
  std::string asserted;
  std::string preferred;

  template <class Archive>
  void fields(Archive& archive) {
    archive(caller, callee, own_identity, asserted, preferred);
  }
};

// The called number as a redirection has it.
struct Redirected {
  std::string_view callee;     // "" = it was not redirected
  bool as_it_stands = false;   // the device named it itself: none of its plans is for it
};

// `why` the call cannot go there, or nullopt and the numbers in `sent`.
std::optional<cause::EndReason> numbers_to_send(const facts::CallFacts& call,
                                                const directory::EgressGateway& device, Rng& rng,
                                                SentNumbers& sent,
                                                facts::DecisionTrace* trace = nullptr,
                                                const Redirected& redirected = {});

}  // namespace tandem::routing
