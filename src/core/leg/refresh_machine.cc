#include "core/leg/refresh_machine.h"

#include <array>

namespace tandem::leg {
namespace {

constexpr std::array<std::string_view, 5> kStates{"Off", "Ours", "Pending", "Backoff", "Theirs"};
constexpr std::array<std::string_view, 9> kEvents{"GrantUs", "GrantPeer", "GrantNone",
                                                  "Due",     "Glare",     "Repeat",
                                                  "Fail",    "Dead",      "Expire"};
constexpr std::array<std::string_view, 8> kEffects{
    "Nothing", "Schedule", "Watch", "Stop", "Send", "PauseGlare", "PauseRetry", "HangUp"};

static_assert(kStates.size() == std::size_t(RefreshState::Theirs) + 1);
static_assert(kEvents.size() == std::size_t(RefreshEvent::Expire) + 1);
static_assert(kEffects.size() == std::size_t(RefreshEffect::HangUp) + 1);
static_assert(step(RefreshState::Theirs, RefreshEvent::Expire).effect == RefreshEffect::HangUp);

}  // namespace

std::string_view to_text(RefreshState state) { return kStates[std::size_t(state)]; }
std::string_view to_text(RefreshEvent event) { return kEvents[std::size_t(event)]; }
std::string_view to_text(RefreshEffect effect) { return kEffects[std::size_t(effect)]; }

}  // namespace tandem::leg
