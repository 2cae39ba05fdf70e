#include "core/directory/device_rules.h"

#include "core/directory/entities.h"

namespace tandem::directory {
namespace {

// The device's own word, or the system's when it leaves it to that.
bool decided(SystemFlag device, bool system) {
  return device == SystemFlag::System ? system : device == SystemFlag::On;
}

}  // namespace

DeviceRules rules_of(const Device& device, const Parameters& parameters, DeviceKind kind) {
  DeviceRules rules;
  rules.request_address =
      kind == DeviceKind::Egress ? RequestAddress::Contact : device.request_address;
  rules.response_address = device.response_address;
  rules.reliable = device.sip_100rel ? parameters.sip_100rel : ReliableProvisional::Off;
  rules.session_timer = device.sip_timer;
  rules.user_phone = decided(device.user_phone, parameters.sip_user_phone);
  rules.has_lists = !device.pass_headers.empty() || !device.local_domain.empty();
  return rules;
}

}  // namespace tandem::directory
