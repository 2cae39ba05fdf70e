// What a REGISTER does (RFC 3261 §10.3, steps 6 to 8): read as a whole, refused as a whole, or carried
// out as a whole.

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/siphash.h"
#include "base/text.h"
#include "core/registrar/registrar.h"
#include "core/sip/headers.h"
#include "core/sip/uri.h"

namespace tandem::registrar {
namespace {

using sip::HeaderId;

constexpr std::size_t kMaxUserAgent = 64;  // shown to people only
// What a malformed expiry counts as (RFC 3261 §20.19).
constexpr seconds kMalformedExpiry{3600};

// The hashes outlive the process, and whoever makes two of his own collide only fools himself.
std::uint64_t lasting_hash(std::string_view a, std::string_view b = {}) {
  return siphash({}, {a, b}) | 1;
}

seconds expiry(std::string_view text) {
  const auto value = sip::parse_delta_seconds(trim(text));
  return value ? seconds(*value) : kMalformedExpiry;
}

// The Path of the request as the Route of requests to it (RFC 3327 §5.3).
std::string path_values(const sip::Message& request) {
  std::string values;
  for (sip::ValueWalker walk(request, HeaderId::Path); walk.next();) {
    if (!values.empty()) values += ", ";
    sip::append_unfolded(values, walk.value());
  }
  return values;
}

}  // namespace

// One contact of the request.
struct Registrar::Wish {
  std::string_view contact;
  seconds expires{0};
  std::uint64_t instance = 0;
  std::uint16_t q = Binding::kFullQ;
};

struct Registrar::Wishes {
  bool wildcard = false;
  std::array<Wish, kMaxContacts> each;
  std::size_t count = 0;
  std::uint64_t call = 0;
  std::uint32_t cseq = 0;
  std::string routes;
  std::string_view user_agent;

  std::span<const Wish> all() const { return {each.data(), count}; }
  std::size_t additions() const {
    return std::size_t(std::ranges::count_if(all(), [](const Wish& wish) {
      return wish.expires > seconds(0);
    }));
  }
};

namespace {

bool is_sip(const sip::Uri& uri) {
  return uri.scheme == sip::Scheme::Sip || uri.scheme == sip::Scheme::Sips;
}

}  // namespace

Outcome Registrar::read_wishes(const sip::Message& request, const Rules& rules, Wishes& wishes) {
  wishes.call = lasting_hash(request.call_id());
  wishes.cseq = request.cseq().number;
  const sip::HeaderField* general = request.find(HeaderId::Expires);
  const seconds usual = general != nullptr ? expiry(general->value) : rules.longest;
  const seconds shortest = std::min(rules.shortest, rules.longest);
  for (sip::ValueWalker walk(request, HeaderId::Contact); walk.next();) {
    if (trim(walk.value()) == "*") {
      // RFC 3261 §10.3 step 6: only to remove everything.
      if (wishes.wildcard || general == nullptr || usual != seconds(0)) return {.status = 400};
      wishes.wildcard = true;
      continue;
    }
    const auto address = sip::parse_name_address(walk.value());
    const auto uri = address ? sip::parse_uri(address->uri_text) : std::nullopt;
    if (!uri || !is_sip(*uri) || address->uri_text.size() > kMaxContactSize) return {.status = 400};
    if (wishes.count == wishes.each.size()) return {.status = 403};
    Wish& wish = wishes.each[wishes.count++];
    wish.contact = address->uri_text;
    const auto expires = sip::parameter(address->parameters, "expires");
    wish.expires = std::min(expires ? expiry(*expires) : usual, rules.longest);
    if (wish.expires > seconds(0) && wish.expires < shortest) {
      return {.status = 423, .min_expires = shortest};
    }
    if (const auto q = sip::parameter(address->parameters, "q")) wish.q = sip::parse_q(*q);
    if (const auto instance = sip::parameter(address->parameters, "+sip.instance")) {
      wish.instance = lasting_hash(
          *instance, sip::parameter(address->parameters, "reg-id").value_or(std::string_view()));
    }
  }
  if (wishes.wildcard && wishes.count > 0) return {.status = 400};
  if (wishes.additions() > 0) wishes.routes = path_values(request);
  if (wishes.routes.size() > kMaxContactSize) return {.status = 400};
  wishes.user_agent = request.value(HeaderId::UserAgent).substr(0, kMaxUserAgent);
  return {};
}

BindingId Registrar::same_contact(Subscriber who, const Wish& wish) const {
  for (BindingId id = first(who); id != BindingId{};) {
    const Binding& binding = *bindings_.find(id);
    if (binding.contact() == wish.contact) return id;
    if (wish.instance != 0 && binding.instance == wish.instance) return id;
    const auto wanted = sip::parse_uri(wish.contact);
    const auto held = sip::parse_uri(binding.contact());
    if (wanted && held && sip::equivalent(*wanted, *held)) return id;
    id = binding.next;
  }
  return {};
}

// Why nothing of it may be carried out; nothing = it may.
std::optional<int> Registrar::refuse(const Wishes& wishes, Subscriber who, const sip::Path& path,
                                     const Rules& rules) const {
  // Step 7: within one Call-ID the requests are in the order of their CSeq.
  const auto late = [&](const Binding& binding) {
    return binding.call == wishes.call && wishes.cseq <= binding.cseq;
  };
  for (const Wish& wish : wishes.all()) {
    const Binding* known = bindings_.find(same_contact(who, wish));
    if (known != nullptr && late(*known)) return 500;
  }
  bool elsewhere = false;
  for (BindingId id = first(who); id != BindingId{};) {
    const Binding& binding = *bindings_.find(id);
    if (wishes.wildcard && late(binding)) return 500;
    elsewhere |= binding.path.peer.ip != path.peer.ip;
    id = binding.next;
  }
  if (wishes.additions() == 0) return std::nullopt;
  if (elsewhere && !rules.replace) return 403;
  if (bindings_.size() + wishes.additions() > kMaxBindings) return 503;
  return std::nullopt;
}

// SS_ENDPOINT_REGISTER_REPLACE: who registers from another address has moved there.
void Registrar::remove_other_addresses(Subscriber who, const IpAddress& address,
                                       const Wishes& wishes) {
  std::array<BindingId, kMaxContacts> updated;
  std::size_t count = 0;
  for (const Wish& wish : wishes.all()) updated[count++] = same_contact(who, wish);
  const std::span<const BindingId> staying(updated.data(), count);
  for (BindingId id = first(who); id != BindingId{};) {
    const Binding& binding = *bindings_.find(id);
    const BindingId next = binding.next;
    const bool stays = binding.path.peer.ip == address ||
                       std::ranges::find(staying, id) != staying.end();
    if (!stays) remove(id);
    id = next;
  }
}

// Of too many contacts the one that was not refreshed for the longest time goes.
void Registrar::make_room(Subscriber who) {
  std::size_t count = 0;
  BindingId oldest{};
  for (BindingId id = first(who); id != BindingId{}; ++count) {
    const Binding& binding = *bindings_.find(id);
    const Binding* before = bindings_.find(oldest);
    if (before == nullptr || binding.updated <= before->updated) oldest = id;
    id = binding.next;
  }
  if (count >= kMaxContacts) remove(oldest);
}

void Registrar::place(Now now, Subscriber who, const sip::Path& path, const Wishes& wishes,
                      const Wish& wish) {
  BindingId id = same_contact(who, wish);
  if (wish.expires == seconds(0)) {
    remove(id);
    return;
  }
  Binding* binding = bindings_.find(id);
  const bool added = binding == nullptr;
  if (added) {
    make_room(who);
    Binding fresh;
    fresh.since = now.wall;
    fresh.kept = ++last_kept_;
    fresh.path = path;
    id = insert(who, std::move(fresh));
    binding = bindings_.find(id);
  } else {
    ++binding->updates;
    --addresses_[place_of(binding->path.peer.ip)];
    ++addresses_[place_of(path.peer.ip)];
  }
  if (binding->contact() != wish.contact || binding->route() != wishes.routes ||
      binding->user_agent() != wishes.user_agent) {
    std::string texts;
    texts.reserve(wish.contact.size() + wishes.routes.size() + wishes.user_agent.size());
    texts.append(wish.contact).append(wishes.routes).append(wishes.user_agent);
    binding->texts = std::move(texts);
  }
  binding->contact_size = std::uint16_t(wish.contact.size());
  binding->route_size = std::uint16_t(wishes.routes.size());
  binding->path = path;
  binding->q = wish.q;
  binding->cseq = wishes.cseq;
  binding->call = wishes.call;
  binding->instance = wish.instance;
  binding->updated = now.wall;
  binding->expires = now.wall + wish.expires;
  arm(now, id, *binding);
  changes_.push_back({added ? ChangeKind::Added : ChangeKind::Updated, id, binding->kept});
}

Outcome Registrar::on_register(Now now, Subscriber who, const sip::Message& request,
                               const sip::Path& path, const Rules& rules) {
  Wishes wishes;
  const Outcome read = read_wishes(request, rules, wishes);
  if (read.status != 200) return read;
  if (const auto status = refuse(wishes, who, path, rules)) return {.status = *status};
  if (wishes.wildcard) {
    remove_all(who);
    return {};
  }
  if (wishes.additions() > 0) remove_other_addresses(who, path.peer.ip, wishes);
  for (const Wish& wish : wishes.all()) place(now, who, path, wishes, wish);
  return {};
}

}  // namespace tandem::registrar
