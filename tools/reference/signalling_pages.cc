// What the switch knows of SIP headers, and what it counts.
#include "core/leg/header_policy.h"
#include "core/sip/header_table.h"
#include "core/stats/counters.h"
#include "markdown.h"
#include "pages.h"

namespace tandem::reference {
namespace {

std::string shown(leg::HeaderAction action) {
  switch (action) {
    case leg::HeaderAction::Pass:
      return "passes";
    case leg::HeaderAction::Strip:
      return "stays";
    case leg::HeaderAction::Identity:
      return "by the device";
    case leg::HeaderAction::Rewrite:
      return "is written anew";
  }
  return "";
}

std::string shown(sip::Values values) {
  switch (values) {
    case sip::Values::One:
      return "one";
    case sip::Values::Fields:
      return "several fields";
    case sip::Values::Listed:
      return "several, also between commas";
  }
  return "";
}

}  // namespace

std::string headers_page() {
  std::string to =
      "# SIP headers\n\n" + std::string(kMade) +
      "\nThe headers the switch knows by name, and whether they go from one leg to the other. One "
      "that *stays* goes over when the gateway of the other leg lists it in `pass_headers`; one "
      "that "
      "*is written anew* never does. A header that is not listed here keeps its bytes and "
      "stays.\n\n";
  add_head(to, {"Header", "Compact", "Values", "RFC", "Between the legs", "Why"});
  for (std::size_t i = 1; i < sip::kHeaders.size(); ++i) {
    const sip::HeaderRow& row = sip::kHeaders[i];
    const leg::HeaderPolicyRow& policy = leg::header_policy()[i];
    add_row(to, {code(row.name), row.compact == 0 ? "" : code(std::string_view(&row.compact, 1)),
                 shown(row.values), row.rfc == 0 ? "ours" : std::to_string(row.rfc),
                 shown(policy.action), cell(policy.why)});
  }
  return to;
}

std::string counters_page() {
  std::string to =
      "# Counters\n\n" + std::string(kMade) +
      "\nCounted since the start of the switch; `tandem status` and the API show them.\n\n";
  add_head(to, {"Counter", "Counts"});
  for (const stats::CounterRow& row : stats::kCounters) {
    add_row(to, {code(row.name), cell(row.help)});
  }
  return to;
}

}  // namespace tandem::reference
