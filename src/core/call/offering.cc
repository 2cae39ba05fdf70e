// From the caller's INVITE to the first attempt: what is known, may it be, where to.

#include "core/call/call.h"
#include "core/routing/turns.h"
#include "core/screening/screening.h"

namespace tandem::call {

void Call::offer(Desk& desk, const facts::Setup& setup, const Offer& offer,
                 const leg::Release* refused) {
  record_.start = desk.leg.now.wall;
  consider(desk, setup, offer, refused);
}

void Call::consider(Desk& desk, const facts::Setup& setup, const Offer& offer,
                    const leg::Release* refused) {
  note_setup(setup, offer);
  if (refused != nullptr) return end(desk, cause::Side::Switch, *refused);

  screening::Screening screening{setup,         directory(), desk.live,
                                 desk.leg.now, desk.leg.rng, hunt().facts, nullptr};
  const auto denied = screening::screen(screening);
  ingress_gateway_ = hunt().facts.ingress;
  phone_ = hunt().facts.phone;
  if (const directory::Device* caller = calling_device()) {
    record_.caller_gateway = caller->name;
    record_.caller_type = phone_ != 0 ? cdr::PartyType::Phone : cdr::PartyType::Ingress;
    if (const auto* account = directory().account(hunt().facts.account)) {
      record_.account = account->id;
      record_.account_name = account->name;
    }
    if (leg::Leg* ingress = leg(desk, ingress_)) {
      add_extra_headers(*ingress, *caller, hunt().facts.caller.received,
                        hunt().facts.callee.received);
    }
  }
  record_.caller = hunt().facts.caller.billed;
  record_.callee = hunt().facts.callee.billed;
  record_.caller_in = hunt().facts.caller.received;
  record_.callee_in = hunt().facts.callee.received;
  if (denied) return refuse(desk, *denied);
  if (offer.without_codec) return refuse(desk, cause::EndReason::CodecMismatch);
  if (!agree_timer(desk, offer)) return;
  if (!note_media(desk, offer.session.bytes, record_.caller_rtp_ip, record_.caller_codec)) {
    return refuse(desk, cause::EndReason::SdpInvalid);
  }
  admit(desk);
}

// The phone or gateway that calls; nullptr when nobody was identified, or it is configured no more.
const directory::Device* Call::calling_device() const {
  if (const directory::Phone* phone = directory().phone(phone_)) return phone;
  return directory().ingress_gateway(ingress_gateway_);
}

// False when the caller's wish for a session timer cannot be granted.
bool Call::agree_timer(Desk& desk, const Offer& offer) {
  leg::Leg* ingress = leg(desk, ingress_);
  if (ingress == nullptr) return true;
  auto refused = ingress->agree_timer(desk.leg, offer.timer);
  if (!refused) return true;
  refused->q850_cause = cause::row(refused->reason).q850_cause;
  if (refused->sip_status == 422) {
    await_repetition(desk, *refused);
  } else {
    end(desk, cause::Side::Switch, *refused);
  }
  return false;
}

// RFC 4028 §7.4: after a 422 the caller asks again with a longer interval. Until then, or until it
// is clear that it gives up, this call waits; it is no attempt of its own.
void Call::await_repetition(Desk& desk, const leg::Release& why) {
  repeat_deadline_ = desk.leg.now.mono + desk.leg.timers.t4;
  leg(desk, ingress_)->release(desk.leg, why);
  hunt_.reset();
  arm(desk);
}

void Call::offer_again(Desk& desk, leg::LegId ingress, const facts::Setup& setup,
                       const Offer& again, const leg::Release* refused) {
  repeat_deadline_ = kNever;
  if (ingress_ != leg::LegId{}) leaving_.push_back(ingress_);
  ingress_ = ingress;
  arm(desk);
  consider(desk, setup, again, refused);
}

void Call::note_setup(const facts::Setup& setup, const Offer& offer) {
  record_.node_call_id = record_.flow_no;
  record_.config_snapshot = directory().number();
  record_.caller_ip = Endpoint{setup.source_ip, setup.source_port}.text();
  record_.caller_product = setup.product.substr(0, 255);
  record_.caller_call_id = recorded_call_id(setup.call_id);
  record_.caller_in = hunt().facts.caller.received = setup.from_user.substr(0, 64);
  record_.callee_in = hunt().facts.callee.received = setup.request_user.substr(0, 64);
  hunt().offer = offer.session.bytes;
  hunt().late_offer = hunt().offer.empty();
  hunt().annex = offer.annex;
  hunt().max_forwards = offer.max_forwards;
}

// Steps 12 and 13: what others know of the call. Who must be asked keeps it waiting.
void Call::admit(Desk& desk) { look_up(desk); }

// Steps 16 to 19, and the first attempt.
void Call::find_way(Desk& desk) {
  const routing::Question asked = question(desk);
  routing::Routes found = routing::find_routes(asked);
  routing::take_turns(asked, found, desk.live);
  if (found.refused) return refuse(desk, *found.refused);
  hunt().routes = std::move(found.routes);
  count_in(desk);
  next_attempt(desk);
}

// The call takes its place among those that are up, and its time to be set up begins: once.
void Call::count_in(Desk& desk) {
  if (counted_.call) return;
  counted_.call = true;
  ++desk.live.calls;
  desk.live.count_account(record_.account, 1);
  if (phone_ != 0) {
    desk.live.phones.count(phone_, 0, 1);
  } else {
    desk.live.count_ingress(ingress_gateway_, 1);
    ++desk.live.ingress.at(ingress_gateway_).attempts;
  }

  const Instant now = hunt().arrived = desk.leg.now.mono;
  const directory::IngressGateway* gateway = directory().ingress_gateway(ingress_gateway_);
  const seconds limit = gateway != nullptr && gateway->timeout_call_proceeding >= 0
                            ? seconds(gateway->timeout_call_proceeding)
                            : parameters().call_proceeding_timeout;
  if (limit != 0s) proceeding_deadline_ = now + limit;
  setup_deadline_ = now + parameters().call_setup_max_time;
  enter(desk, State::Attempting);
}

}  // namespace tandem::call
