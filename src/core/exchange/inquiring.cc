// Questions to servers about calls: from calls to servers, and the answers back to the calls.

#include <utility>

#include "base/owner.h"
#include "core/call/dipping.h"
#include "core/exchange/state.h"

namespace tandem::exchange {

using inquiry::InquiryId;
using stats::Counter;

inquiry::Desk Exchange::State::inquiry_desk(leg::Context& at) {
  return {at, inquiry_questions, inquiry_look_ups, inquiry_news, loop_token};
}

// The call that waits for the answer; nullptr when there is none.
const call::Call* Exchange::State::asks_for(InquiryId id) const {
  const inquiry::Inquiry* inquiry = inquiries.find(id);
  return inquiry == nullptr ? nullptr : calls.find(call::CallId::unpack(inquiry->order.call));
}

// Who answers 2xx to a question that was no call takes one that is nobody's: it is acknowledged and
// ended at once, as is what comes when nobody waits for it any more.
void Exchange::State::on_inquiry_response(const sip::Path& path,
                                          const transaction::Verdict& verdict) {
  const Owner owner = Owner::unpack(verdict.user);
  const InquiryId id{owner.slot, owner.generation};
  leg::Context at = context(asks_for(id));
  if (message.status() / 100 == 2) {
    leg::Leg::drop_stray(at, verdict.client, message, path);
  } else if (inquiries.find(id) == nullptr) {
    counters.add(Counter::ResponsesStray);
  }
  inquiry::Desk desk = inquiry_desk(at);
  inquiries.on_response(desk, id, message);
}

void Exchange::State::on_inquiry_timer(InquiryId id) {
  leg::Context at = context(asks_for(id));
  inquiry::Desk desk = inquiry_desk(at);
  inquiries.on_timer(desk, id);
}

void Exchange::State::on_inquiry_event(const transaction::TransactionEvent& event) {
  const Owner owner = Owner::unpack(event.user);
  const InquiryId id{owner.slot, owner.generation};
  leg::Context at = context(asks_for(id));
  inquiry::Desk desk = inquiry_desk(at);
  inquiries.on_transaction_event(desk, id, event.client);
}

void Exchange::State::on_inquiry_address(InquiryId id, const std::vector<sip::Path>& targets) {
  leg::Context at = context(asks_for(id));
  inquiry::Desk desk = inquiry_desk(at);
  inquiries.on_resolved(desk, id, targets);
}

void Exchange::State::on(const LookedUp& looked_up) {
  if (!is_owners_question(looked_up.question)) return;
  const Owner owner = Owner::unpack(owner_of_question(looked_up.question));
  if (owner.kind != Owner::Kind::Inquiry) return;
  const InquiryId id{owner.slot, owner.generation};
  leg::Context at = context(asks_for(id));
  inquiry::Desk desk = inquiry_desk(at);
  inquiries.on_looked_up(desk, id, looked_up.answer);
}

// Steps 12 and 13 as far as they go without asking anybody.
std::optional<cause::EndReason> Exchange::State::explain_questions(
    const directory::Directory& directory, facts::CallFacts& call, Explanation& told) const {
  const directory::Device* caller = directory.phone(call.phone);
  if (caller == nullptr) caller = directory.ingress_gateway(call.ingress);
  if (caller == nullptr) return std::nullopt;
  if (caller->lrn_enable && call::can_dip(directory.parameters())) {
    if (const auto refused = explain_dip(directory, *caller, call, told)) return refused;
  }
  const directory::Parameters& parameters = directory.parameters();
  if (call::asks_redirect_server(caller, parameters)) {
    facts::tell(&told.lines, "redirect server", call.callee.routed,
                "would be asked of " + parameters.external_redirect_server_ip +
                    "; what follows is without its answer");
  }
  return std::nullopt;
}

std::optional<cause::EndReason> Exchange::State::explain_dip(
    const directory::Directory& directory, const directory::Device& caller, facts::CallFacts& call,
    Explanation& told) const {
  const directory::Parameters& parameters = directory.parameters();
  const lrn::Terms terms = call::lrn_terms(caller, parameters);
  const call::KnownNumbers known{directory, parameters, ported, now.mono};
  const std::string number(lrn::query_of(call.callee.routed, terms));
  const std::string calling(lrn::query_of(call.caller.routed, terms));
  const auto answer = call::known_answer(known, number);
  if (!answer) {
    facts::tell(&told.lines, "lrn", number,
                "would be asked of " + parameters.lrn_server_ip +
                    "; what follows is for a number that is not ported");
    return std::nullopt;
  }
  const lrn::Answer region = call::with_region(
      call::known_answer(known, calling).value_or(lrn::Answer{}), directory, calling);
  const lrn::Verdict verdict = lrn::decide(terms, {call.callee.routed, call.callee.billed},
                                           call::with_region(*answer, directory, number), region);
  const auto refused =
      verdict.refused ? std::optional(cause::EndReason::LrnFailed) : std::nullopt;
  std::string outcome(verdict.told);
  if (!verdict.routing_number.empty()) outcome += " to " + verdict.routing_number;
  if (!refused) outcome += ", billed as " + verdict.billed;
  facts::tell(&told.lines, "lrn", number, std::move(outcome),
              refused ? cause::code_of(*refused, 0) : std::string());
  if (!refused) call::apply(verdict, call);
  return refused;
}

bool Exchange::State::tell_inquiry_news() {
  if (inquiry_news.empty()) return false;
  for (const inquiry::News& news : std::exchange(inquiry_news, {})) {
    const call::CallId id = call::CallId::unpack(news.call);
    call::Call* call = calls.find(id);
    if (call == nullptr) continue;
    leg::Context at = context(call);
    call::Desk with = desk(at);
    call->on_inquiry(with, news);
    touched.push_back(id);
  }
  return true;
}

void Exchange::State::ask_for_inquiries() {
  for (const inquiry::Question& each : inquiry_questions) {
    actions->asks.push_back({each.question, each.host, each.port, each.transport});
  }
  inquiry_questions.clear();
  for (const inquiry::LookUp& each : inquiry_look_ups) {
    actions->look_ups.push_back({each.question, each.host, each.port, each.number, each.limit});
  }
  inquiry_look_ups.clear();
}

}  // namespace tandem::exchange
