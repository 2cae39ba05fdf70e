// What a change did or would do, as the reply of the operation that asked for it.
#pragma once

#include <string_view>

#include "shell/api/configuration_access.h"

namespace tandem::api {

inline store::Mode mode_of(const Visit& visit) {
  return visit.query.flag("dry_run") ? store::Mode::DryRun : store::Mode::Apply;
}

// Requires the configuration mutex. Gives what was changed to the exchange, and answers the plan or
// why it was refused. `more` are members of the reply, each behind a comma.
http::Response plan_response(Desk& desk, const Result<store::Plan, store::ConfigError>& plan,
                             store::Mode mode, std::string_view more = {});

}  // namespace tandem::api
