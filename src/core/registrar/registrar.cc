#include "core/registrar/registrar.h"

#include <algorithm>

#include "base/archive.h"
#include "base/owner.h"

namespace tandem::registrar {
namespace {

constexpr std::uint8_t kKeptVersion = 1;

// One number for each subscriber, spread over all bits; never 0.
std::uint64_t key_of(Subscriber who) {
  const std::uint64_t word = std::uint64_t(who.id) << 2 | std::uint64_t(who.kind);
  const std::uint64_t spread = word * 0x9e3779b97f4a7c15u;
  return spread ^ spread >> 32;
}

// "0.5"; q is below 1.
void write_q(sip::Writer& writer, std::uint16_t q) {
  char text[] = ";q=0.000";
  text[5] = char('0' + q / 100);
  text[6] = char('0' + q / 10 % 10);
  text[7] = char('0' + q % 10);
  std::string_view shown(text, 8);
  while (shown.ends_with('0') && shown.size() > 6) shown.remove_suffix(1);
  writer.text(shown);
}

template <class Archive, class Of>
void kept_fields(Archive& archive, Of& binding, Local& local) {
  archive(binding.subscriber, local, binding.path.peer, binding.texts, binding.contact_size,
          binding.route_size, binding.q, binding.cseq, binding.updates, binding.call,
          binding.instance, binding.since, binding.updated, binding.expires);
}

}  // namespace

BindingId Registrar::first(Subscriber who) const {
  if (!who) return {};
  const std::uint32_t slot = by_subscriber_.find(key_of(who), [&](std::uint32_t at) {
    return bindings_.find(bindings_.id_of(at))->subscriber == who;
  });
  return slot == KeyTable::kNone ? BindingId{} : bindings_.id_of(slot);
}

void Registrar::prefetch_place(Subscriber who) const { by_subscriber_.prefetch(key_of(who)); }

void Registrar::prefetch_first(Subscriber who) const {
  const std::uint32_t slot = by_subscriber_.likely(key_of(who));
  if (slot != KeyTable::kNone) bindings_.prefetch(slot);
}

void Registrar::reachable(Subscriber who, std::vector<BindingId>& found) const {
  const auto before = std::ptrdiff_t(found.size());
  for (BindingId id = first(who); id != BindingId{}; id = bindings_.find(id)->next) {
    found.push_back(id);
  }
  std::stable_sort(found.begin() + before, found.end(), [&](BindingId a, BindingId b) {
    const Binding& left = *bindings_.find(a);
    const Binding& right = *bindings_.find(b);
    return left.q != right.q ? left.q > right.q : left.updated > right.updated;
  });
}

const Binding* Registrar::from(Subscriber who, const sip::Path& path, bool with_port) const {
  for (BindingId id = first(who); id != BindingId{};) {
    const Binding& binding = *bindings_.find(id);
    const bool same_port = !with_port || (binding.path.peer.port == path.peer.port &&
                                          binding.path.transport == path.transport);
    if (binding.path.peer.ip == path.peer.ip && same_port) return &binding;
    id = binding.next;
  }
  return nullptr;
}

void Registrar::write_contacts(sip::Writer& writer, Subscriber who, UtcTime now) const {
  for (BindingId id = first(who); id != BindingId{};) {
    const Binding& binding = *bindings_.find(id);
    const auto left = std::chrono::ceil<seconds>(binding.expires - now);
    writer.begin_header(sip::HeaderId::Contact);
    writer.text("<");
    writer.text(binding.contact());
    writer.text(">");
    if (binding.q != Binding::kFullQ) write_q(writer, binding.q);
    writer.text(";expires=");
    writer.number(std::uint64_t(std::max<std::int64_t>(left.count(), 0)));
    writer.end_header();
    id = binding.next;
  }
}

BindingId Registrar::insert(Subscriber who, Binding binding) {
  binding.subscriber = who;
  binding.next = first(who);
  ++addresses_[place_of(binding.path.peer.ip)];
  const BindingId before = binding.next;
  const BindingId id = bindings_.insert(std::move(binding));
  if (before != BindingId{}) by_subscriber_.erase(key_of(who), before.slot);
  by_subscriber_.insert(key_of(who), id.slot);
  return id;
}

// The timer counts the monotonic time that is left of the wall time granted.
void Registrar::arm(Now now, BindingId id, Binding& binding) {
  const Instant due = now.mono + (binding.expires - now.wall);
  if (!wheel_->rearm(binding.timer, due)) {
    binding.timer = wheel_->arm(due, owner_word(Owner::Kind::Binding, id));
  }
}

void Registrar::unlink(BindingId id, const Binding& binding) {
  const BindingId head = first(binding.subscriber);
  if (head == id) {
    const std::uint64_t key = key_of(binding.subscriber);
    by_subscriber_.erase(key, id.slot);
    if (binding.next != BindingId{}) by_subscriber_.insert(key, binding.next.slot);
    return;
  }
  for (BindingId at = head; at != BindingId{};) {
    Binding& before = *bindings_.find(at);
    if (before.next == id) before.next = binding.next;
    at = before.next;
  }
}

bool Registrar::remove(BindingId id) {
  const Binding* binding = bindings_.find(id);
  if (binding == nullptr) return false;
  unlink(id, *binding);
  wheel_->cancel(binding->timer);
  --addresses_[place_of(binding->path.peer.ip)];
  changes_.push_back({ChangeKind::Removed, id, binding->kept});
  bindings_.erase(id);
  return true;
}

std::size_t Registrar::remove_all(Subscriber who) {
  std::size_t removed = 0;
  for (BindingId id = first(who); id != BindingId{}; id = first(who)) removed += remove(id) ? 1 : 0;
  return removed;
}

std::size_t Registrar::place_of(const IpAddress& address) {
  std::uint64_t sum = 1469598103934665603u;
  for (const std::uint8_t byte : address.bytes()) sum = (sum ^ byte) * 1099511628211u;
  return std::size_t((sum ^ sum >> 32) % kAddressPlaces);
}

void Registrar::on_timer(BindingId id) { remove(id); }

std::string Registrar::keep(const Binding& binding, const Local& local, std::string&& room) {
  Saver saver(PlainCoding{}, std::move(room));
  Local where = local;
  saver(kKeptVersion);
  kept_fields(saver, binding, where);
  return std::move(saver).take();
}

bool Registrar::adopt(Now now, std::uint64_t kept, std::string_view bytes,
                      std::span<const Local> locals) {
  last_kept_ = std::max(last_kept_, kept);
  Loader loader(bytes);
  Binding binding;
  Local local;
  std::uint8_t version = 0;
  loader(version);
  if (version != kKeptVersion) return false;
  kept_fields(loader, binding, local);
  const std::size_t texts = std::size_t(binding.contact_size) + binding.route_size;
  if (loader.failed() || !loader.at_end() || !binding.subscriber) return false;
  if (texts > binding.texts.size() || binding.expires <= now.wall) return false;
  // The same listener under whatever number it has now, or another of its transport.
  auto found = std::ranges::find(locals, local);
  if (found == locals.end()) {
    found = std::ranges::find(locals, local.transport, &Local::transport);
  }
  if (found == locals.end()) return false;
  binding.path.transport = found->transport;
  binding.path.local = std::uint16_t(found - locals.begin());
  if (sip::is_web_socket(found->transport)) binding.path.connection = sip::kGone;
  binding.kept = kept;
  const BindingId id = insert(binding.subscriber, std::move(binding));
  arm(now, id, *bindings_.find(id));
  changes_.push_back({ChangeKind::Adopted, id, kept});
  return true;
}

bool Registrar::consistent() const {
  std::size_t reached = 0;
  bool fine = true;
  bindings_.for_each([&](BindingId id, const Binding& binding) {
    if (first(binding.subscriber) != id) return;
    for (BindingId at = id; at != BindingId{} && fine; ++reached) {
      const Binding* each = bindings_.find(at);
      fine = each != nullptr && each->subscriber == binding.subscriber;
      if (fine) at = each->next;
    }
  });
  return fine && reached == bindings_.size();
}

// The chains are saved; which binding is the first of each is found again: the one no other leads to.
void Registrar::rebuild() {
  by_subscriber_ = KeyTable();
  addresses_.assign(kAddressPlaces, 0);
  std::vector<bool> follows;
  bindings_.for_each([&](BindingId, const Binding& binding) {
    ++addresses_[place_of(binding.path.peer.ip)];
    if (binding.next == BindingId{}) return;
    if (follows.size() <= binding.next.slot) follows.resize(binding.next.slot + 1);
    follows[binding.next.slot] = true;
  });
  bindings_.for_each([&](BindingId id, const Binding& binding) {
    if (id.slot < follows.size() && follows[id.slot]) return;
    by_subscriber_.insert(key_of(binding.subscriber), id.slot);
  });
}

}  // namespace tandem::registrar
