// What the fields of a device mean for a leg to it: compiled once, when a Directory is, with the
// parameters that stand in for "system". Small and without pointers, so that each leg has its own
// copy and no message looks anything up. Lists and texts stay with the device (has_lists).
#pragma once

#include <cstdint>

#include "core/directory/parameters.h"

namespace tandem::directory {

enum class RequestAddress : std::uint8_t { SourceSocket, SourceIpContactPort, Contact };
enum class ResponseAddress : std::uint8_t { SourceSocket, SourceIpViaPort, Via };

// Names a device over the change of configurations.
enum class DeviceKind : std::uint8_t { None, Ingress, Egress, Phone };
struct DeviceRef {
  DeviceKind kind = DeviceKind::None;
  std::int64_t id = 0;

  template <class Archive>
  void fields(Archive& archive) {
    archive(kind, id);
  }
};

struct DeviceRules {
  RequestAddress request_address = RequestAddress::SourceSocket;
  ResponseAddress response_address = ResponseAddress::SourceSocket;
  ReliableProvisional reliable = ReliableProvisional::Off;  // RFC 3262
  bool session_timer = true;  // RFC 4028
  bool user_phone = false;
  bool has_lists = false;  // pass_headers or local_domain are set: the device must be asked

  template <class Archive>
  void fields(Archive& archive) {
    archive(request_address, response_address, reliable, session_timer,
            user_phone, has_lists);
  }
};

struct Device;
// Of an ingress gateway or phone, with requests to where its request_address says; towards egress
// gateways they go where the dialog leads (RFC 3261 §12.2.1.1).
DeviceRules rules_of(const Device& device, const Parameters& parameters, DeviceKind kind);

}  // namespace tandem::directory
