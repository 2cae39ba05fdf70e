// One configured entity, field by field.
#pragma once

#include <boost/json.hpp>

#include "app/commands.h"
#include "core/directory/entity_rows.h"

namespace tandem::app {

enum class Shown : std::uint8_t {
  All,      // every field
  Telling,  // the name, and what differs from the defaults; then how many others there are
};

// With --json the whole entity on one line.
void print_entity(const Globals& globals, const directory::ResourceRow& resource,
                  const boost::json::object& entity, Shown shown);

}  // namespace tandem::app
