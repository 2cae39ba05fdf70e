// Quality of an egress gateway by destination, for operators.
#include "base/limits.h"
#include "core/exchange/state.h"

namespace tandem::exchange {

void Exchange::State::show_destinations(const directory::EgressGateway& gateway,
                                        GatewayOnline& shown) const {
  const directory::Parameters& parameters = settings->directory->parameters();
  const auto terms = facts::QualityTerms::of(parameters);
  const auto least = std::uint64_t(parameters.gateway_quality_prefix_min_calls);
  live.destinations.for_each([&](const facts::DestinationQuality::Entry& entry) {
    if (entry.gateway != gateway.id || shown.destinations.size() >= kMaxShownNumbers) return;
    const facts::QualityFigures figures = entry.quality.figures(now.wall, terms);
    if (figures == facts::QualityFigures{}) return;
    shown.destinations.push_back(
        {facts::to_text(entry.destination), figures, least != 0 && figures.attempts >= least});
  });
}

}  // namespace tandem::exchange
