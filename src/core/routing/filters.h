// What keeps a gateway from taking a call (call-handling.md §7): one table, a filter a row, in the
// order they are asked. The first that objects is the one a decision names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/cause/end_reason.h"
#include "core/directory/tag_entities.h"
#include "core/routing/routing.h"

namespace tandem::routing {

// Who calls, and what that says of gateways; the same for all candidates of a call.
struct Source {
  const directory::Device* device = nullptr;
  MoneyLimits limits;
  std::optional<SecondRate> price;  // nullopt = nobody knows it
  std::uint32_t concerns = 0;       // directory::Concern
  directory::TagSet tags = 0;       // of the call

  static Source of(const Question& question);
};

// A gateway, and everything it may be asked about.
struct Asked {
  const Question& question;
  const directory::EgressGateway& gateway;
  const facts::GatewayLive& live;  // of the gateway
  const Source* source = nullptr;  // who calls; nullptr = not asked any more
  std::uint32_t concerns = 0;      // directory::Concern: of the gateway, and of who calls
  const directory::EgressBrief* brief = nullptr;  // of the gateway; nullptr = look at itself
};

using Objection = std::optional<cause::EndReason>;

struct Filter {
  // What objects to a call may have changed by the time the gateway's turn comes: then it is asked
  // again at the attempt.
  enum class Asks : std::uint8_t { Once, AtEachAttempt };

  std::string_view name;  // as decisions show it
  Asks asks;
  std::uint32_t concern;  // asked only when one of these is a concern: it cannot object otherwise
  Objection (*objects)(const Asked&);
  std::string (*why)(const Asked&) = nullptr;  // for people: what exactly objects
};

struct Removal {
  const Filter* filter = nullptr;
  cause::EndReason reason{};
};

// The first filter that objects; nullopt = the gateway may take the call.
std::optional<Removal> first_objection(const Asked& asked);

// A gateway that is locked, by itself or in a group, ends no search for shorter prefixes (§6).
bool is_locked(const directory::EgressGateway& gateway, const directory::Directory& directory);

}  // namespace tandem::routing
