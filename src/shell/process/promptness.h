// How the system schedules the signalling thread among the others of the switch.
#pragma once

namespace tandem::process {

// The calling thread asks for short turns: so it gets one soon after it wakes up, before another thread
// that runs on its processor has used its turn, which would be some milliseconds. It gets no larger
// share by that. Without effect before Linux 6.12.
void ask_for_short_turns();

}  // namespace tandem::process
