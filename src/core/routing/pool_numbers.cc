#include "core/routing/pool_numbers.h"

namespace tandem::routing {
namespace {

using cause::EndReason;
using directory::NumberGroup;

std::optional<EndReason> take_caller(const PoolQuestion& question, PoolNumbers& taken) {
  const directory::EgressGateway& gateway = question.gateway;
  const NumberGroup* group = question.directory.number_group(gateway.caller_pool_group);
  if (group == nullptr || group->broken()) return EndReason::ConfigurationError;
  const facts::PoolTerms terms{gateway.caller_pool_mode,
                               gateway.caller_pool_multiplex ? gateway.caller_pool_lines : 1};
  taken.caller = question.pools.take(*group, terms, question.rng);
  if (taken.caller.empty()) return EndReason::CallerPoolEmpty;
  taken.group = group->id;
  facts::tell(question.trace, "sent", gateway.name,
              "caller " + taken.caller + " of the number group " + group->name);
  return std::nullopt;
}

}  // namespace

std::optional<EndReason> take_pool_numbers(const PoolQuestion& question, PoolNumbers& taken) {
  const directory::EgressGateway& gateway = question.gateway;
  if (gateway.caller_pool_enable) {
    if (const auto refused = take_caller(question, taken)) return refused;
  }
  if (!gateway.forward_pool_enable || question.call.forwarding.empty()) return std::nullopt;
  const NumberGroup* group = question.directory.number_group(gateway.forward_pool_group);
  if (group == nullptr) return std::nullopt;
  taken.forwarding = question.pools.draw(*group, gateway.forward_pool_mode, question.rng);
  if (!taken.forwarding.empty()) {
    facts::tell(question.trace, "sent", gateway.name,
                "forwarding number " + taken.forwarding + " of the number group " + group->name);
  }
  return std::nullopt;
}

}  // namespace tandem::routing
