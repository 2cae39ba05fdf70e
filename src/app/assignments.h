// FIELD=VALUE as an operator writes it, as the body of a request.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/directory/entity_rows.h"

namespace tandem::app {

// What is to be said of one of a resource.
struct Assignments {
  const directory::ResourceRow& resource;
  std::string command;  // "gateway": `tandem gateway add --help` lists the fields
  std::string example;  // "capacity=30"
};

// `fields` behind what is there already; or what is wrong, as a sentence.
Result<std::string, std::string> body_of(const Assignments& what,
                                         const std::vector<std::string>& assignments,
                                         directory::Fields fields = {});

}  // namespace tandem::app
