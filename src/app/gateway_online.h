// tandem gateway online|unban: how gateways stand at the moment.
#pragma once

#include <string>

#include "app/commands.h"

namespace tandem::app {

int show_online(const Globals& globals, const std::string& name);
int unban(const Globals& globals, const std::string& name);

}  // namespace tandem::app
