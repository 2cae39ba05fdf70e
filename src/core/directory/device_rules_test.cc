// What the fields of devices and the parameters mean together.
#include "core/directory/device_rules.h"

#include <gtest/gtest.h>

#include "core/directory/directory.h"

namespace tandem::directory {
namespace {

DeviceRules of(const Device& device, const Parameters& parameters = {},
               DeviceKind kind = DeviceKind::Ingress) {
  return rules_of(device, parameters, kind);
}

TEST(DeviceRules, of_a_device_with_nothing_set_are_those_of_the_system) {
  const DeviceRules rules = of({});

  EXPECT_EQ(rules.reliable, ReliableProvisional::Supported);
  EXPECT_EQ(rules.privacy, PrivacyHeader::Pass);
  EXPECT_EQ(rules.asserted, IdentityHeader::None);
  EXPECT_TRUE(rules.display);
  EXPECT_TRUE(rules.obeys_privacy);
  EXPECT_FALSE(rules.user_phone);
  EXPECT_FALSE(rules.publish);
  EXPECT_TRUE(rules.sends_reason);
  EXPECT_TRUE(rules.records_reason);
  EXPECT_FALSE(rules.has_lists);
}

TEST(DeviceRules, take_the_word_of_the_device_before_that_of_the_system) {
  Parameters parameters;
  for (const bool system : {false, true}) {
    parameters.sip_user_phone = parameters.sip_allow_publish = system;
    Device device;
    EXPECT_EQ(of(device, parameters).user_phone, system);
    EXPECT_EQ(of(device, parameters).publish, system);
    for (const SystemFlag own : {SystemFlag::On, SystemFlag::Off}) {
      device.user_phone = device.allow_publish = own;
      EXPECT_EQ(of(device, parameters).user_phone, own == SystemFlag::On);
      EXPECT_EQ(of(device, parameters).publish, own == SystemFlag::On);
    }
  }
}

TEST(DeviceRules, send_and_record_reasons_as_device_and_system_say) {
  Parameters parameters;
  Device device;
  const auto sends_and_records = [&] {
    const DeviceRules rules = of(device, parameters);
    return std::pair(rules.sends_reason, rules.records_reason);
  };
  for (const ReasonHeader policy : {ReasonHeader::Off, ReasonHeader::Record, ReasonHeader::Send,
                                    ReasonHeader::SendAndRecord}) {
    parameters.sip_reason_header = policy;
    device.reason_header = SystemFlag::System;
    EXPECT_EQ(sends_and_records(),
              std::pair(policy == ReasonHeader::Send || policy == ReasonHeader::SendAndRecord,
                        policy == ReasonHeader::Record || policy == ReasonHeader::SendAndRecord));
    device.reason_header = SystemFlag::On;
    EXPECT_EQ(sends_and_records(), std::pair(true, true));
    device.reason_header = SystemFlag::Off;
    EXPECT_EQ(sends_and_records(), std::pair(false, false));
  }
}

TEST(DeviceRules, switch_reliable_answers_off_but_never_on) {
  Parameters parameters;
  for (const ReliableProvisional policy : {ReliableProvisional::Off, ReliableProvisional::Supported,
                                           ReliableProvisional::Required}) {
    parameters.sip_100rel = policy;
    Device device;
    EXPECT_EQ(of(device, parameters).reliable, policy);
    device.sip_100rel = false;
    EXPECT_EQ(of(device, parameters).reliable, ReliableProvisional::Off);
  }
}

TEST(DeviceRules, send_requests_to_egress_gateways_where_the_dialog_leads) {
  Device device;
  for (const RequestAddress how : {RequestAddress::SourceSocket,
                                   RequestAddress::SourceIpContactPort, RequestAddress::Contact}) {
    device.request_address = how;
    EXPECT_EQ(of(device).request_address, how);
    EXPECT_EQ(of(device, {}, DeviceKind::Egress).request_address, RequestAddress::Contact);
  }
}

TEST(DeviceRules, ask_the_device_only_when_it_has_lists) {
  Device device;
  device.local_domain = "a.example";
  EXPECT_TRUE(of(device).has_lists);
  device.local_domain.clear();
  device.pass_headers = {"X-A"};
  EXPECT_TRUE(of(device).has_lists);
  device.pass_headers.clear();
  device.sip_codec_assign = true;
  EXPECT_TRUE(of(device).has_lists);
}

TEST(DeviceRules, are_found_by_reference_as_long_as_the_device_is_there) {
  Directory::Source source;
  source.ingress_gateways.emplace_back().id = 7;
  source.egress_gateways.emplace_back().id = 7;
  source.egress_gateways.back().sip_rpid = true;
  const auto directory = Directory::compile(std::move(source));

  EXPECT_FALSE(directory->device({DeviceKind::Ingress, 7})->rules.rpid);
  EXPECT_TRUE(directory->device({DeviceKind::Egress, 7})->rules.rpid);
  EXPECT_EQ(directory->device({DeviceKind::Egress, 8}), nullptr);
  EXPECT_EQ(directory->device({}), nullptr);
}

// call-handling.md §10: 503 -> 480, 404 stays, everything else -> 486.
TEST(CodeMappings, have_a_rule_for_others_and_one_to_keep) {
  const std::vector<CodeMapping> example{{503, 480}, {404, 0}, {0, 486}};

  EXPECT_EQ(mapped(example, 503), 480);
  EXPECT_EQ(mapped(example, 404), 404);
  EXPECT_EQ(mapped(example, 600), 486);
  EXPECT_EQ(mapped({{0, 486}, {404, 0}}, 404), 404);
  EXPECT_EQ(mapped({{0, 0}}, 404), 404);
  EXPECT_EQ(mapped({{503, 480}}, 404), 404);
  EXPECT_EQ(mapped({}, 404), 404);
}

}  // namespace
}  // namespace tandem::directory
