// Files that are being written under a name of their own until they are whole. Whoever writes one
// holds it (flock); what nobody holds was left by a process that fell over.
#pragma once

#include <filesystem>

namespace tandem::numbers {

// Holds the file until the descriptor is closed. False: another does, or it has been removed since
// it was opened.
bool hold_unfinished(int descriptor, const std::filesystem::path& file);

// Removes it, unless somebody holds it.
void remove_unfinished(const std::filesystem::path& file);

}  // namespace tandem::numbers
