// Where to, in which order? A function over the Directory and the live counters: candidates by
// prefix (call-handling.md §6; candidates.h), filters (§7; filters.h), sort (§8; sorting.h), with what
// is known of money (rates.h). It decides and explains in one.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "core/cause/end_reason.h"
#include "core/directory/directory.h"
#include "core/facts/call_facts.h"
#include "core/facts/decision.h"
#include "core/facts/live.h"
#include "core/registrar/registrar.h"
#include "core/routing/presence.h"
#include "core/routing/rates.h"

namespace tandem::routing {

struct Route {
  std::int64_t gateway = 0;         // id of the egress gateway; 0 = a phone of ours is called
  std::int64_t phone = 0;           // id of that phone
  registrar::BindingId contact{};   // where it is; none = it is static
  std::uint32_t detour = 0;         // of a redirection: the place of its Detour, from 1; 0 = none
  std::uint16_t prefix_length = 0;  // of the prefix that matched
  bool protect = false;             // a reserve: only after all others (call-handling.md 10)

  template <class Archive>
  void fields(Archive& archive) {
    archive(gateway, phone, contact, detour, prefix_length, protect);
  }
};

// What a redirection says of a route (redirect.h). Few routes have one.
struct Detour {
  std::string callee;  // the number it names; "" = the one that was called
  std::string target;  // and its address, called as it stands; "" = the gateway's
  bool rated = false;  // `callee` is also what is billed

  template <class Archive>
  void fields(Archive& archive) {
    archive(callee, target, rated);
  }
};

struct Routes {
  std::vector<Route> routes;         // in the order they are tried
  std::optional<cause::EndReason> refused;  // set when `routes` is empty
  std::size_t first_rank = 0;  // of `routes`: so many differ in nothing up to the priority
};

// Which egress gateways may be candidates at all: ids, 0 = any.
struct Only {
  std::int64_t gateway = 0;
  std::int64_t group = 0;  // its members

  bool allows(const directory::EgressGateway& each) const;
};

struct Question {
  const facts::CallFacts& call;
  const directory::Directory& directory;
  const facts::Live& live;
  const registrar::Registrar& registrar;
  Now now;
  facts::DecisionTrace* trace = nullptr;
  Only only = {};
  Rates rates = {};
  const Presence* presence = nullptr;  // nullptr = whoever is registered counts as there

  Registered registered() const { return {registrar, presence}; }
};

Routes find_routes(const Question& question);

// The filter that keeps this gateway from taking a call right now; nullopt = none. Asked again at
// each attempt, because counters move while a call hunts.
std::optional<cause::EndReason> filter(const Question& question,
                                       const directory::EgressGateway& gateway);
std::optional<cause::EndReason> filter(const directory::Phone& phone, const facts::Live& live);

}  // namespace tandem::routing
