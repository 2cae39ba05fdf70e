#include "core/routing/routing.h"

#include <algorithm>

#include "core/directory/number_lists.h"
#include "core/routing/candidates.h"

namespace tandem::routing {

using cause::EndReason;

std::optional<EndReason> filter(const directory::Phone& phone, const facts::Live& live) {
  using directory::PhoneLock;
  if (phone.lock_type == PhoneLock::Incoming || phone.lock_type == PhoneLock::Both) {
    return EndReason::PhoneLocked;
  }
  const facts::PhoneLive now = live.phones.read(phone.id);
  const bool full = (phone.capacity != 0 && now.in + now.out >= phone.capacity) ||
                    (phone.line_call_in != 0 && now.in >= phone.line_call_in);
  return full ? std::optional(EndReason::CalleeBusy) : std::nullopt;
}

namespace {

// What the gateway that calls may call at all (step 16).
std::optional<EndReason> restricted(const Question& question, bool is_phone) {
  using directory::CalleeRestrict;
  const auto* gateway = question.directory.ingress_gateway(question.call.ingress);
  if (gateway == nullptr) return std::nullopt;
  if (gateway->callee_restrict == CalleeRestrict::Phone && !is_phone)
    return EndReason::CalleeMustBePhone;
  if (gateway->callee_restrict == CalleeRestrict::NoPhone && is_phone)
    return EndReason::CalleeMustNotBePhone;
  return std::nullopt;
}

// In the order of call-handling.md 2.6: its lock, who may call it, its lines.
std::optional<EndReason> refused(const Question& question, const directory::Phone& phone) {
  const auto by_state = filter(phone, question.live);
  if (by_state == EndReason::PhoneLocked) return by_state;
  if (!question.directory.may_be_used(phone, question.now.wall)) return EndReason::CalendarDenied;
  const auto by_list = directory::refused_caller(
      {question.directory, phone, question.call.caller.routed, question.call.callee.routed});
  return by_list ? std::optional(by_list->reason) : by_state;
}

// Step 16 (call-handling.md 2.6): a number of this platform never goes to gateways. Its contacts are
// tried one after the other.
Routes phone_routes(const Question& question, const directory::Phone& phone) {
  Routes found;
  std::string outcome = "a phone of this switch";
  found.refused = refused(question, phone);
  if (phone.register_type == directory::RegisterType::Static) {
    found.routes.push_back({.phone = phone.id});
    outcome += ", static";
    if (phone.remote_ips.empty() && !found.refused) found.refused = EndReason::CalledNotOnline;
  } else {
    std::vector<registrar::BindingId> contacts;
    question.registrar.reachable({registrar::Subscriber::Kind::Phone, phone.id}, contacts);
    for (const registrar::BindingId id : contacts) {
      found.routes.push_back({.phone = phone.id, .contact = id});
    }
    outcome += ", " + std::to_string(contacts.size()) + " contacts";
    if (contacts.empty() && !found.refused) found.refused = EndReason::CalledNotOnline;
  }
  if (found.refused) found.routes.clear();
  facts::tell(question.trace, "callee", phone.name, std::move(outcome),
              found.refused ? cause::code_of(*found.refused, 0) : std::string());
  return found;
}

}  // namespace

Routes find_routes(const Question& question) {
  const auto* phone = question.directory.phone_by_number(question.call.callee.routed);
  if (const auto refused = restricted(question, phone != nullptr)) {
    facts::tell(question.trace, "routing", question.call.callee.routed,
                "rejected by callee_restrict", cause::code_of(*refused, 0));
    return {.routes = {}, .refused = refused};
  }
  if (phone != nullptr) return phone_routes(question, *phone);
  Candidates candidates = find_candidates(question);
  const SortChain chain(candidates.terms);
  std::sort(candidates.usable.begin(), candidates.usable.end(), chain);
  Routes found;
  found.routes.reserve(candidates.usable.size());
  for (const Candidate& each : candidates.usable) {
    found.routes.push_back(
        {.gateway = each.gateway->id, .prefix_length = each.length, .protect = each.protect});
  }
  while (found.first_rank < candidates.usable.size() &&
         chain.same_rank(candidates.usable.front(), candidates.usable[found.first_rank])) {
    ++found.first_rank;
  }
  if (!found.routes.empty()) return found;
  found.refused = candidates.removed.value_or(EndReason::CalleeNotFound);
  facts::tell(question.trace, "routing", question.call.callee.routed, "rejected",
              cause::code_of(*found.refused, 0));
  return found;
}

}  // namespace tandem::routing
