#include "core/call/dipping.h"

#include "core/call/call.h"
#include "core/leg/alternatives.h"
#include "core/lrn/index.h"

namespace tandem::call {
namespace {

using cause::EndReason;
using directory::LrnProtocol;
using inquiry::Outcome;

constexpr std::size_t kBlockDigits = 6;  // of a routing number: its block tells the region
constexpr int kNotFound = 404;
constexpr int kNotFoundAnywhere = 604;

// What came in with the call needs no question: rn, or npdi alone (RFC 4694 §5).
std::optional<lrn::Answer> received_answer(const facts::CallFacts& facts) {
  if (!facts.ported_checked) return std::nullopt;
  if (facts.routing_number.empty()) return lrn::Answer{.outcome = lrn::Outcome::NotPorted};
  return lrn::Answer{.outcome = lrn::Outcome::Ported, .lrn = facts.routing_number};
}

lrn::Answer answer_of(const inquiry::News& news, std::string_view asked) {
  switch (news.outcome) {
    case Outcome::LookedUp:
      return news.looked_up;
    case Outcome::Redirected: {
      std::string_view lines = news.alternatives;
      return lrn::answer_in_contact(leg::take_line(lines), asked);
    }
    case Outcome::Refused:
      if (news.status == kNotFound || news.status == kNotFoundAnywhere) {
        return {.outcome = lrn::Outcome::Unknown};
      }
      break;
    case Outcome::Silent:
    case Outcome::Accepted:
      break;
  }
  return {};
}

}  // namespace

lrn::Terms lrn_terms(const directory::Device& caller, const directory::Parameters& limits) {
  return {.eat = std::size_t(caller.lrn_eat_prefix_length),
          .query_length = std::size_t(limits.lrn_query_length),
          .reject_failures = caller.lrn_failure_action == directory::LrnFailure::Reject,
          .route_by_lrn = limits.lrn_route_by_lrn,
          .interstate = caller.lrn_interstate_billing_prefix,
          .undetermined = caller.lrn_undetermined_billing_prefix};
}

bool can_dip(const directory::Parameters& live) {
  return live.lrn_server_protocol == LrnProtocol::Local || !live.lrn_server_ip.empty();
}

bool wants_region(const lrn::Terms& terms) {
  return !terms.interstate.empty() || !terms.undetermined.empty();
}

std::optional<lrn::Answer> known_answer(const KnownNumbers& known, const std::string& number) {
  if (number.empty()) return lrn::Answer{};
  if (known.live.lrn_server_protocol == LrnProtocol::Local) {
    const lrn::Index* table = known.directory.ported_numbers();
    return table == nullptr ? lrn::Answer{} : table->answer(number);
  }
  const lrn::Answer* cached = known.cache.find(known.now, known.live.lrn_cache_ttl, number);
  return cached == nullptr ? std::nullopt : std::optional(*cached);
}

lrn::Answer with_region(lrn::Answer answer, const directory::Directory& directory,
                        std::string_view number) {
  const lrn::Index* table = directory.ported_numbers();
  const bool found = answer.outcome == lrn::Outcome::Ported ||
                     answer.outcome == lrn::Outcome::NotPorted;
  if (table == nullptr || !found || !answer.state.empty()) return answer;
  std::string_view leads_to = answer.lrn.empty() ? number : std::string_view(answer.lrn);
  if (leads_to.size() > number.size()) leads_to.remove_prefix(leads_to.size() - number.size());
  answer.state = table->state_of(leads_to.substr(0, kBlockDigits));
  return answer;
}

void apply(const lrn::Verdict& verdict, facts::CallFacts& facts) {
  facts.searched = verdict.searched;
  facts.callee.billed = verdict.billed;
  facts.routing_number = verdict.routing_number;
  facts.ported_checked = verdict.checked;
}

void Call::look_up(Desk& desk) {
  const directory::Device* caller = calling_device();
  if (caller == nullptr || !caller->lrn_enable) return ask_redirect_server(desk);
  const auto received = received_answer(hunt().facts);
  if (!received && !can_dip(desk.leg.live)) return ask_redirect_server(desk);
  const lrn::Terms terms = lrn_terms(*caller, parameters());
  Dip& open = hunt().dip;
  if (received) {
    open.of_callee = *received;
  } else {
    dip(desk, lrn::query_of(hunt().facts.callee.routed, terms), open.of_callee, open.callee);
  }
  if (wants_region(terms) && can_dip(desk.leg.live)) {
    dip(desk, lrn::query_of(hunt().facts.caller.routed, terms), open.of_caller, open.caller);
  }
  if (!open.callee && !open.caller) return end_dip(desk);
  hunt().asking = Asking::PortedNumber;
  count_in(desk);
}

// The answer at once, or a question that is open.
void Call::dip(Desk& desk, std::string_view number, lrn::Answer& answer,
               inquiry::InquiryId& open) {
  const directory::Parameters& live = desk.leg.live;
  const std::string asked(number);
  if (auto known = known_answer({directory(), live, desk.ported, desk.leg.now.mono}, asked)) {
    answer = *std::move(known);
    return;
  }
  inquiry::Order order;
  order.call = self_.packed();
  order.server = {live.lrn_server_protocol == LrnProtocol::Http ? inquiry::Protocol::Http
                                                                : inquiry::Protocol::Sip,
                  live.lrn_server_ip, live.lrn_server_port, sip::Transport::Udp};
  order.limit = parameters().lrn_timeout;
  order.callee = asked;
  order.caller = hunt().facts.caller.routed;
  order.max_forwards = hunt().max_forwards - 1;
  open = desk.inquiries.ask(desk.inquiring, std::move(order));
}

void Call::on_dip(Desk& desk, const inquiry::News& news) {
  Dip& open = hunt().dip;
  const bool of_callee = open.callee == news.inquiry;
  if (!of_callee && !(open.caller == news.inquiry)) return;
  const directory::Device* caller = calling_device();
  if (caller == nullptr) return hang_up(desk, EndReason::DeviceDeleted);
  const facts::NumberTrail& side = of_callee ? hunt().facts.callee : hunt().facts.caller;
  const std::string asked(lrn::query_of(side.routed, lrn_terms(*caller, parameters())));
  const lrn::Answer answer = answer_of(news, asked);
  desk.ported.keep(desk.leg.now.mono, desk.leg.live.lrn_cache_ttl, asked, answer);
  (of_callee ? open.of_callee : open.of_caller) = answer;
  (of_callee ? open.callee : open.caller) = {};
  if (!open.callee && !open.caller) end_dip(desk);
}

void Call::end_dip(Desk& desk) {
  hunt().asking = Asking::Nothing;
  const lrn::Terms terms = lrn_terms(*calling_device(), parameters());
  facts::CallFacts& facts = hunt().facts;
  const lrn::Verdict verdict = lrn::decide(
      terms, {facts.callee.routed, facts.callee.billed},
      with_region(hunt().dip.of_callee, directory(), lrn::query_of(facts.callee.routed, terms)),
      with_region(hunt().dip.of_caller, directory(), lrn::query_of(facts.caller.routed, terms)));
  if (verdict.refused) return refuse(desk, EndReason::LrnFailed);
  apply(verdict, facts);
  record_.callee = facts.callee.billed;
  ask_redirect_server(desk);
}

}  // namespace tandem::call
