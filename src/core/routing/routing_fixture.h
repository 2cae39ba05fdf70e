// A switch that tests of routing configure: egress gateways with prefixes, and the names of those that
// are tried. Only for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/routing/routing.h"

namespace tandem::routing {

inline constexpr UtcTime kToday = from_epoch_milliseconds(1'700'000'000'000);

class Routing : public testing::Test {
 protected:
  directory::EgressGateway& add(std::string name, std::vector<std::string> prefixes, bool goes_on = true) {
    directory::EgressGateway gateway;
    gateway.id = std::int64_t(source_.egress_gateways.size()) + 1;
    gateway.name = std::move(name);
    gateway.prefixes = std::move(prefixes);
    gateway.prefix_style =
        goes_on ? directory::PrefixStyle::Continue : directory::PrefixStyle::Terminate;
    return source_.egress_gateways.emplace_back(std::move(gateway));
  }
  std::int64_t add_group(std::string name, int capacity = 0) {
    directory::GatewayGroup group;
    group.id = std::int64_t(source_.gateway_groups.size()) + 1;
    group.name = std::move(name);
    group.capacity = capacity;
    return source_.gateway_groups.emplace_back(std::move(group)).id;
  }
  void compile() {
    source_.number = 1;
    directory_ = directory::Directory::compile(source_);
  }
  Routes routes_to(const std::string& number) {
    call_.callee.routed = number;
    live_.regroup(*directory_);
    TimerWheel wheel;
    const registrar::Registrar registrar(wheel);
    return find_routes({call_, *directory_, live_, registrar, {Instant{}, wall_}, trace_, {}, rates_});
  }
  // The names in their order, or the end reason.
  std::string tried(const std::string& number) {
    const Routes found = routes_to(number);
    if (found.refused) return std::string(cause::code_of(*found.refused, 0));
    std::string text;
    for (const Route& route : found.routes) {
      text += (text.empty() ? "" : " ") + directory_->egress_gateway(route.gateway)->name;
    }
    return text;
  }
  std::string tried_now(const std::string& number) {
    compile();
    return tried(number);
  }
  // "candidate A: rejected by ...", a line for each step of a decision.
  std::string told(const std::string& number) {
    facts::DecisionTrace trace;
    trace_ = &trace;
    tried_now(number);
    trace_ = nullptr;
    std::string text;
    for (const facts::DecisionLine& line : trace)
      text += line.step + ' ' + line.subject + ": " + line.outcome + '\n';
    return text;
  }

  directory::Directory::Source source_;
  facts::CallFacts call_;
  facts::Live live_;
  facts::DecisionTrace* trace_ = nullptr;
  UtcTime wall_ = kToday;
  Rates rates_;
  std::shared_ptr<const directory::Directory> directory_;
};

}  // namespace tandem::routing
