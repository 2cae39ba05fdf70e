#include "core/routing/routing.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory_resource>

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

// On the stack, for the candidates of a decision: for ninety of them.
constexpr std::size_t kRoom = 8'192;

struct Place {
  std::uint64_t rank;
  std::uint32_t candidate;
};

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

// Step 15, as far as the rate says how far it leads: the device may not call beyond its level.
bool beyond_level(const Question& question) {
  const directory::Device* device = question.directory.phone(question.call.phone);
  if (device == nullptr) device = question.directory.ingress_gateway(question.call.ingress);
  return device != nullptr && question.rates.beyond(device->call_level, question.call);
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
    question.registered().contacts_of({registrar::Subscriber::Kind::Phone, phone.id}, contacts);
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
  if (beyond_level(question)) {
    facts::tell(question.trace, "routing", question.call.callee.routed, "rejected by call_level",
                cause::code_of(EndReason::CallLevelDenied, 0));
    return {.routes = {}, .refused = EndReason::CallLevelDenied};
  }
  const auto* phone = question.directory.phone_by_number(question.call.callee.routed);
  if (const auto refused = restricted(question, phone != nullptr)) {
    facts::tell(question.trace, "routing", question.call.callee.routed,
                "rejected by callee_restrict", cause::code_of(*refused, 0));
    return {.routes = {}, .refused = refused};
  }
  if (phone != nullptr) return phone_routes(question, *phone);
  std::array<std::byte, kRoom> room;
  std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
  Candidates candidates = find_candidates(question, memory);
  const SortChain& chain = candidates.chain;
  const std::pmr::vector<Candidate>& usable = candidates.usable;
  chain.form_bands(candidates.usable);
  // What is moved while it is sorted is small.
  std::pmr::vector<Place> places(&memory);
  places.reserve(usable.size());
  for (std::uint32_t i = 0; i < usable.size(); ++i) places.push_back({usable[i].rank, i});
  std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    return a.rank != b.rank ? a.rank < b.rank : chain(usable[a.candidate], usable[b.candidate]);
  });
  Routes found;
  found.routes.resize(usable.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Candidate& each = usable[places[i].candidate];
    Route& route = found.routes[i];
    route.gateway = each.id;
    route.prefix_length = each.length;
    route.protect = each.protect;
  }
  const auto candidate_at = [&](std::size_t i) -> const Candidate& {
    return usable[places[i].candidate];
  };
  while (found.first_rank < places.size() &&
         chain.same_rank(candidate_at(0), candidate_at(found.first_rank))) {
    ++found.first_rank;
  }
  if (!found.routes.empty()) return found;
  found.refused = candidates.removed.value_or(EndReason::CalleeNotFound);
  facts::tell(question.trace, "routing", question.call.callee.routed, "rejected",
              cause::code_of(*found.refused, 0));
  return found;
}

}  // namespace tandem::routing
