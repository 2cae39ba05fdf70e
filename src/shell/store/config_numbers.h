// What the configuration says of files of imported numbers: those it names must be there, and are
// mapped for the Directory that is compiled.
#pragma once

#include "core/directory/directory.h"
#include "shell/store/config_draft.h"
#include "shell/store/number_files.h"

namespace tandem::store {

void hold_numbers(NumberFiles& files, directory::Directory::Source& source);
// Of a draft that would name files which are not there: a file comes by an import.
directory::Faults missing_files(const NumberFiles& files, const Draft& draft);
// After a draft was written, and when the store is opened.
void set_aside_files(const NumberFiles& files, const Draft& draft);
void tidy_files(const NumberFiles& files, const Catalogue& catalogue);

}  // namespace tandem::store
