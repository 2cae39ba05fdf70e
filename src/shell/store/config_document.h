// Documents against what is stored: drawn up as a change, and written from it.
#pragma once

#include "shell/store/config_draft.h"

namespace tandem::store {

// All sections and parameters of the document.
void draw_up(const Document& document, const Catalogue& catalogue, Drafting& drafting);

// The name, and what differs from the defaults.
directory::Fields telling_fields(const directory::ResourceRow& resource,
                                 const directory::Record& record, Secrets secrets);

}  // namespace tandem::store
