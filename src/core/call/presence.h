// Which contacts of our phones still give a sign of life: as the keep-alive sees them.
#pragma once

#include <algorithm>
#include <vector>

#include "core/keepalive/keepalive.h"
#include "core/registrar/registrar.h"
#include "core/routing/routing.h"

namespace tandem::call {

struct Presence {
  const keepalive::KeepAlive& keep_alive;
  const std::vector<keepalive::ContactId>& contacts;  // by the slot of their binding

  bool is_silent(registrar::BindingId id) const {
    if (id == registrar::BindingId{} || id.slot >= contacts.size()) return false;
    const auto terminal = keep_alive.terminal(contacts[id.slot]);
    return terminal && !terminal->online;
  }
};

// A contact that is silent is not called; a phone that has no other is not online.
inline void leave_out_silent(routing::Routes& routes, const Presence& presence) {
  const auto removed = std::erase_if(routes.routes, [&](const routing::Route& route) {
    return route.phone != 0 && presence.is_silent(route.contact);
  });
  if (removed != 0 && routes.routes.empty()) routes.refused = cause::EndReason::CalledNotOnline;
}

}  // namespace tandem::call
