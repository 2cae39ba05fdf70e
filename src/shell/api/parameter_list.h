// The list of parameters as tab-separated values (text/tab-separated-values, IANA), in the form
// that the import reads again (core/directory/parameter_list.h).
#pragma once

#include <span>

#include "shell/http/message.h"
#include "shell/store/config_store.h"

namespace tandem::api {

http::Response parameter_list_response(std::span<const store::StoredParameter> parameters);

}  // namespace tandem::api
