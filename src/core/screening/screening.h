// May this call be? The steps of call-handling.md §1 up to routing, in their order: each is a
// function and a row of kScreens; the first that refuses ends the call with its reason.
#pragma once

#include <optional>

#include "base/rng.h"
#include "base/time.h"
#include "core/cause/end_reason.h"
#include "core/directory/directory.h"
#include "core/facts/call_facts.h"
#include "core/facts/decision.h"
#include "core/facts/live.h"

namespace tandem::screening {

struct Screening {
  const facts::Setup& setup;
  const directory::Directory& directory;
  facts::Live& live;      // rates are counted here; everything else is only read
  Now now;
  Rng& rng;              // draws of the dial plans
  facts::CallFacts& call; // filled as far as the steps come
  facts::DecisionTrace* trace = nullptr;
};

// Who calls, of somebody whose Setup does not say it: asked only when it must be known.
struct CallerOf {
  const void* of = nullptr;
  std::string (*text)(const void* of, directory::CallerSource source) = nullptr;
};

// The ingress gateway that calls (call-handling.md 2.1): by address, then by our port and the
// domain it addressed, then by the caller. nullptr = none, although `listed` ones may have the address.
const directory::IngressGateway* identify(const directory::Directory& directory,
                                          const facts::Setup& setup, bool* listed = nullptr,
                                          const CallerOf& caller = {});

// Runs all screens; nullopt = the call may be routed. With `trace`, tells every step.
std::optional<cause::EndReason> screen(Screening& screening);

}  // namespace tandem::screening
