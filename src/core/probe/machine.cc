#include "core/probe/machine.h"

#include "base/assert.h"

namespace tandem::probe {
namespace {

constexpr Step in_use(Event event) {
  switch (event) {
    case Event::Answered:
      return {State::Alive, Effect::None};
    case Event::Missed:
      return {State::Suspect, Effect::None};
    case Event::MissedOften:
      return {State::Dead, Effect::TakeOut};
    case Event::Count:
      break;
  }
  return {State::Unknown, Effect::None};
}

// One answer is enough to be trusted again (call-handling.md 10).
constexpr Step dead(Event event) {
  switch (event) {
    case Event::Answered:
      return {State::Alive, Effect::TakeIn};
    case Event::Missed:
    case Event::MissedOften:
    case Event::Count:
      break;
  }
  return {State::Dead, Effect::None};
}

}  // namespace

Step step(State state, Event event) {
  TANDEM_ASSERT(event != Event::Count, "no event");
  switch (state) {
    case State::Unknown:
    case State::Alive:
    case State::Suspect:
      return in_use(event);
    case State::Dead:
      return dead(event);
    case State::Count:
      break;
  }
  TANDEM_ASSERT(false, "no state");
  return {State::Unknown, Effect::None};
}

std::string_view to_text(State state) {
  switch (state) {
    case State::Unknown:
      return "unknown";
    case State::Alive:
      return "alive";
    case State::Suspect:
      return "suspect";
    case State::Dead:
      return "dead";
    case State::Count:
      break;
  }
  return "";
}

std::string_view to_text(Event event) {
  switch (event) {
    case Event::Answered:
      return "answered";
    case Event::Missed:
      return "missed";
    case Event::MissedOften:
      return "missed_often";
    case Event::Count:
      break;
  }
  return "";
}

std::string_view to_text(Effect effect) {
  switch (effect) {
    case Effect::None:
      return "none";
    case Effect::TakeOut:
      return "take_out";
    case Effect::TakeIn:
      return "take_in";
    case Effect::Count:
      break;
  }
  return "";
}

}  // namespace tandem::probe
