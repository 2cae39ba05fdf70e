// Legs added up by gateway.
#include <algorithm>

#include "shell/doctor/facts.h"

namespace tandem::doctor {
namespace {

using trace::Leg;
using trace::Refresh;

bool lists_timer(const std::string& supported) {
  return (", " + supported + ",").find(", timer,") != std::string::npos;
}

// "<sip:a@10.0.0.1:5060>" from 203.0.113.7
bool private_contact(const Leg& leg) {
  const auto address = sip::parse_name_address(leg.contact);
  const auto source = Endpoint::parse(leg.peer, 0);
  if (!address || !source || source->ip.is_private() || source->ip.is_loopback()) return false;
  const auto uri = sip::parse_uri(address->uri_text);
  const auto ip = uri ? IpAddress::parse(uri->host) : std::nullopt;
  return ip && ip->is_private();
}

void add_too_small(Device& device, const trace::TooSmall& refused) {
  const auto same =
      std::find_if(device.too_small.begin(), device.too_small.end(), [&](const Refusal422& each) {
        return each.by_us == refused.by_us && each.asked == refused.asked &&
               each.wanted == refused.wanted;
      });
  if (same != device.too_small.end()) {
    ++same->count;
  } else {
    device.too_small.push_back({refused.by_us, refused.asked, refused.wanted, 1});
  }
}

// RFC 3261 §14.1: after so long it would have been tried again.
constexpr milliseconds kLongestGlareWait{4'000};

void add_refresh(Device& device, const Leg& leg, const Refresh& refresh) {
  if (refresh.status == 491) {
    ++device.glare;
    const milliseconds after = leg.last_passed - refresh.time - refresh.delay;
    if (refresh.again_after.count() < 0 && after > kLongestGlareWait) ++device.glare_lost;
  }
  if (!refresh.by_us) return;
  const int status = refresh.status;
  if (status == 405 || status == 501 || (status == 488 && refresh.method == "INVITE")) {
    ++(refresh.method == "INVITE" ? device.reinvites_refused : device.updates_refused);
  }
  if (!refresh.refreshes) return;
  ++device.refreshes;
  if (status / 100 == 2) {
    ++device.refreshed;
  } else {
    device.last_status = status;
  }
}

void add_leg(Device& device, const Leg& leg) {
  for (const trace::TooSmall& each : leg.too_small) add_too_small(device, each);
  if (leg.answered == UtcTime{}) return;
  ++device.legs;
  ++device.seen;
  if (!leg.interval) ++device.without_timer;
  if (!lists_timer(leg.abilities.supported)) ++device.ignorant;
  if (private_contact(leg)) ++device.private_contacts;
  for (const Refresh& each : leg.refreshes) add_refresh(device, leg, each);
  if (leg.abilities.since >= device.abilities.since) device.abilities = leg.abilities;
}

}  // namespace

std::vector<Device> devices_of(const std::vector<Leg>& legs, const NameOfLeg& name_of) {
  std::map<std::pair<bool, std::string>, Device> devices;
  for (const Leg& leg : legs) {
    std::string name = name_of(leg);
    if (name.empty()) name = leg.peer;
    Device& device = devices[{leg.we_called, name}];
    device.name = name;
    device.called = leg.we_called;
    add_leg(device, leg);
  }
  std::vector<Device> all;
  for (auto& [key, device] : devices) all.push_back(std::move(device));
  return all;
}

}  // namespace tandem::doctor
