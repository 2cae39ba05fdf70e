// Which registered contacts still give a sign of life: as the keep-alive sees them.
#pragma once

#include <vector>

#include "core/keepalive/keepalive.h"
#include "core/registrar/registrar.h"

namespace tandem::routing {

struct Presence {
  const keepalive::KeepAlive& keep_alive;
  const std::vector<keepalive::ContactId>& contacts;  // by the slot of their binding

  bool is_silent(registrar::BindingId id) const {
    if (id == registrar::BindingId{} || id.slot >= contacts.size()) return false;
    const auto terminal = keep_alive.terminal(contacts[id.slot]);
    return terminal && !terminal->online;
  }
};

}  // namespace tandem::routing
