// The time zones that the configuration names, from the files of the IANA database on this machine
// (package tzdata; TZDIR, or /usr/share/zoneinfo).
#pragma once

#include "core/directory/directory.h"
#include "shell/store/config_draft.h"

namespace tandem::store {

// nullopt: there is no such zone, or its file cannot be read.
std::optional<TimeZone> read_time_zone(const std::string& name);

// Gives the source the zones it wants; one that is missing by now is left out.
void hold_time_zones(directory::Directory::Source& source);
// Of a draft that would name zones which are not there.
directory::Faults missing_time_zones(const Draft& draft);

}  // namespace tandem::store
