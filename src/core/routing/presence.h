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

// Who can be called where he is registered: at contacts that are not silent.
struct Registered {
  const registrar::Registrar& registrar;
  const Presence* presence = nullptr;  // nullptr = no contact is silent

  bool is_silent(registrar::BindingId id) const {
    return presence != nullptr && presence->is_silent(id);
  }
  bool can_be_called(registrar::Subscriber who) const {
    registrar::BindingId id = registrar.first(who);
    while (id != registrar::BindingId{} && is_silent(id)) id = registrar.find(id)->next;
    return id != registrar::BindingId{};
  }
  // Adds his contacts, by falling q, the newest first.
  void contacts_of(registrar::Subscriber who, std::vector<registrar::BindingId>& found) const {
    registrar.reachable(who, found);
    std::erase_if(found, [this](registrar::BindingId id) { return is_silent(id); });
  }
};

}  // namespace tandem::routing
