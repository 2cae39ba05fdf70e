// Threads that work behind the signalling thread and may be late.
#pragma once

namespace tandem::journal {

// Of the calling thread: names it for top(1) and profiles, and lets it give way. Where it shares a
// processor with signalling it gets about a tenth of it, and takes the rest of an idle one.
void work_in_background(const char* name);

}  // namespace tandem::journal
