// What the fields of a device mean for a leg to it: compiled once, when a Directory is, with the
// parameters that stand in for "system". Small and without pointers, so that each leg has its own
// copy and no message looks anything up. Lists and texts stay with the device (has_lists).
#pragma once

#include <cstdint>

#include "core/directory/parameters.h"

namespace tandem::directory {

// Enumerators stand in the order of the words of their fields (device_rows.h).
enum class RequestAddress : std::uint8_t { SourceSocket, SourceIpContactPort, Contact };
enum class ResponseAddress : std::uint8_t { SourceSocket, SourceIpViaPort, Via };
enum class PrivacyHeader : std::uint8_t { None, Pass, Id, ValueNone };
enum class IdentityHeader : std::uint8_t { None, Pass, Caller };
enum class RpidScreen : std::uint8_t { No, Yes };
enum class NumberDisplay : std::uint8_t { Number, PlusNumber, Name };
enum class RemoteRing : std::uint8_t { Pass, Progress, Ringing };
enum class G729Mode : std::uint8_t { Auto, G729, G729a, Both };
enum class AnnexMode : std::uint8_t { Auto, Yes, No, Omit, Pass };

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
  // Who calls, as it is told to this device (RFC 3323, RFC 3325).
  PrivacyHeader privacy = PrivacyHeader::Pass;
  IdentityHeader preferred = IdentityHeader::None;
  IdentityHeader asserted = IdentityHeader::None;
  NumberDisplay number = NumberDisplay::Number;
  RpidScreen rpid_screen = RpidScreen::Yes;
  bool rpid = false;
  bool display = true;
  bool user_phone = false;
  bool obeys_privacy = true;  // of its own callers
  bool publish = false;       // PUBLISH is accepted
  bool sends_reason = true;   // Reason (RFC 3326) on its messages of ours
  bool records_reason = true;
  bool prefers_cause = false;  // a Q.850 cause counts more than the SIP status
  RemoteRing ring = RemoteRing::Pass;
  bool restricts_codecs = false;
  G729Mode g729 = G729Mode::Auto;
  AnnexMode annexb = AnnexMode::Auto;
  AnnexMode annexa = AnnexMode::Auto;
  bool has_lists = false;  // lists or texts that legs need are set: the device must be asked

  template <class Archive>
  void fields(Archive& archive) {
    archive(request_address, response_address, reliable, session_timer, privacy, preferred,
            asserted, number, rpid_screen, rpid, display, user_phone, obeys_privacy, publish,
            sends_reason, records_reason, prefers_cause, ring, restricts_codecs, g729, annexb,
            annexa, has_lists);
  }
};

struct Device;
// Of an ingress gateway or phone, with requests to where its request_address says; towards egress
// gateways they go where the dialog leads (RFC 3261 §12.2.1.1).
DeviceRules rules_of(const Device& device, const Parameters& parameters, DeviceKind kind);

}  // namespace tandem::directory
