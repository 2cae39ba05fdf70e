// Gateway groups as they stand (entities.md 3): a gateway may be in several, and all of them apply.
#pragma once

#include "core/directory/directory.h"
#include "core/facts/live.h"

namespace tandem::facts {

// One of its groups is locked.
bool in_locked_group(const directory::Gateway& gateway, const directory::Directory& directory);

// One of its groups has no line for it: the free ones are no more than it reserves for others.
bool in_full_group(const directory::Gateway& gateway, const directory::Directory& directory,
                   const Live& live);

}  // namespace tandem::facts
