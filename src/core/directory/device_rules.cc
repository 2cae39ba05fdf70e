#include "core/directory/device_rules.h"

#include "core/directory/entities.h"

namespace tandem::directory {
namespace {

// The device's own word, or the system's when it leaves it to that.
bool decided(SystemFlag device, bool system) {
  return device == SystemFlag::System ? system : device == SystemFlag::On;
}

bool system_sends_reason(const Parameters& parameters) {
  return parameters.sip_reason_header == ReasonHeader::Send ||
         parameters.sip_reason_header == ReasonHeader::SendAndRecord;
}

bool system_records_reason(const Parameters& parameters) {
  return parameters.sip_reason_header == ReasonHeader::Record ||
         parameters.sip_reason_header == ReasonHeader::SendAndRecord;
}

}  // namespace

DeviceRules rules_of(const Device& device, const Parameters& parameters, DeviceKind kind) {
  DeviceRules rules;
  rules.request_address =
      kind == DeviceKind::Egress ? RequestAddress::Contact : device.request_address;
  rules.response_address = device.response_address;
  rules.reliable = device.sip_100rel ? parameters.sip_100rel : ReliableProvisional::Off;
  rules.session_timer = device.sip_timer;
  rules.privacy = device.sip_privacy;
  rules.preferred = device.sip_ppi;
  rules.asserted = device.sip_pai;
  rules.number = device.sip_number_display_type;
  rules.rpid = device.sip_rpid;
  rules.rpid_screen = device.sip_rpid_screen;
  rules.display = device.sip_display;
  rules.user_phone = decided(device.user_phone, parameters.sip_user_phone);
  rules.obeys_privacy = device.sip_privacy_support;
  rules.publish = decided(device.allow_publish, parameters.sip_allow_publish);
  rules.sends_reason = decided(device.reason_header, system_sends_reason(parameters));
  rules.records_reason = decided(device.reason_header, system_records_reason(parameters));
  rules.prefers_cause = device.prefer_reason_cause;
  rules.ring = device.remote_ring;
  rules.restricts_codecs = device.sip_codec_assign;
  rules.g729 = device.sip_g729_mode;
  rules.annexb = device.sip_g729_annexb;
  rules.annexa = device.sip_g723_annexa;
  rules.has_lists = !device.pass_headers.empty() || !device.local_domain.empty() ||
                    device.sip_codec_assign;
  return rules;
}

int mapped(const std::vector<CodeMapping>& mappings, int code) {
  const CodeMapping* found = nullptr;
  for (const CodeMapping& mapping : mappings) {
    if (mapping.original == code) found = &mapping;
    if (mapping.original == 0 && found == nullptr) found = &mapping;
  }
  return found == nullptr || found->target == 0 ? code : found->target;
}

}  // namespace tandem::directory
