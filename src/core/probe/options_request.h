// An OPTIONS outside a dialog (RFC 3261 §11): does anybody answer there?
#pragma once

#include <string>
#include <string_view>

#include "core/leg/leg.h"
#include "core/sip/path.h"

namespace tandem::probe {

struct OptionsRequest {
  const sip::Path& path;  // where it goes, and the local address it leaves from
  std::string_view host;  // of the Request-URI, with its port
  std::string_view branch;
  std::string_view tag;  // of From
  std::string_view call_id;
};

// Written into `scratch`; "" when it does not fit.
std::string_view write_options(const OptionsRequest& request,
                               const directory::Parameters& parameters,
                               const leg::LocalAddress& local, std::span<char> scratch);

}  // namespace tandem::probe
