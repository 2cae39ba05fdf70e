// Who is there, and what is known of each; the walk through them is in cycle.cc.
#include "core/keepalive/keepalive.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"

namespace tandem::keepalive {
namespace {

constexpr std::uint8_t kUnanswered = 3;  // OPTIONS in a row: the terminal is offline
constexpr int kSilent = 3;               // SS_ENDPOINTTIMETOLIVE without a sign of life: likewise
// Before silence means anything: so many SS_ENDPOINTTIMETOLIVE of traffic without a longer pause.
constexpr int kLearned = 5;

}  // namespace

std::string payload_of(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == 'r' || next == 'n') {
      bytes += next == 'r' ? '\r' : '\n';
      ++i;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

// ---- contacts ----

ContactId KeepAlive::add(Instant now, const Contact& contact, Rng& rng) {
  const ContactId id = contacts_.insert(Entry{join(now, contact.path), contact.behind_nat});
  behind_nat_ += contact.behind_nat;
  ++figures_.contacts;
  if (!running_ && working()) begin_cycle(now);
  place(id, rng);
  return id;
}

void KeepAlive::move(Instant now, ContactId id, const Contact& contact) {
  Entry* entry = contacts_.find(id);
  if (entry == nullptr) return;
  const bool stays = sources_.find(entry->source)->path == contact.path;
  if (stays && entry->behind_nat == contact.behind_nat) {
    heard(now, contact.path);
    return;
  }
  behind_nat_ += contact.behind_nat;
  behind_nat_ -= entry->behind_nat;
  const SourceId before = entry->source;
  *entry = {join(now, contact.path), contact.behind_nat};
  leave(before);
}

void KeepAlive::remove(ContactId id) {
  const Entry* entry = contacts_.find(id);
  if (entry == nullptr) return;
  behind_nat_ -= entry->behind_nat;
  leave(entry->source);
  contacts_.erase(id);
  --figures_.contacts;
  if (!contacts_.empty()) return;
  for (auto* order : {&order_, &next_order_}) order->clear();
  for (auto* joining : {&joining_, &joining_next_}) joining->clear();
  cursor_ = 0;
  running_ = false;
  next_ = kNever;
}

std::optional<Terminal> KeepAlive::terminal(ContactId id) const {
  const Entry* entry = contacts_.find(id);
  if (entry == nullptr) return std::nullopt;
  const Source* source = sources_.find(entry->source);
  return Terminal{.online = !source->offline,
                  .unreachable = source->unreachable,
                  .sent = source->sent,
                  .heard = source->heard};
}

// ---- the places they are at ----

std::uint64_t KeepAlive::key_of(const sip::Path& path) const {
  std::array<char, 21> bytes{};
  bytes[0] = char(path.transport);
  std::memcpy(&bytes[1], path.peer.ip.bytes().data(), 16);
  std::memcpy(&bytes[17], &path.peer.port, 2);
  std::memcpy(&bytes[19], &path.local, 2);
  return std::max<std::uint64_t>(siphash(key_, {{bytes.data(), bytes.size()}}), 1);
}

std::uint32_t KeepAlive::slot_of(std::uint64_t key, const sip::Path& path) const {
  return by_path_.find(key, [&](std::uint32_t slot) {
    const sip::Path& other = sources_.find(sources_.id_of(slot))->path;
    return other.peer == path.peer && other.transport == path.transport &&
           other.local == path.local;
  });
}

KeepAlive::Source* KeepAlive::source_of(const sip::Path& path) {
  if (sources_.empty()) return nullptr;
  const std::uint32_t slot = slot_of(key_of(path), path);
  return slot == KeyTable::kNone ? nullptr : sources_.find(sources_.id_of(slot));
}

// A contact comes by a REGISTER, which is the first sign of life.
KeepAlive::SourceId KeepAlive::join(Instant now, const sip::Path& path) {
  const std::uint64_t key = key_of(path);
  const std::uint32_t slot = slot_of(key, path);
  SourceId id;
  if (slot == KeyTable::kNone) {
    id = sources_.insert();
    by_path_.insert(key, id.slot);
  } else {
    id = sources_.id_of(slot);
  }
  Source& source = *sources_.find(id);
  source.path = path;
  ++source.contacts;
  if (source.offline) ++figures_.offline;
  heard(now, path);
  return id;
}

void KeepAlive::leave(SourceId id) {
  Source& source = *sources_.find(id);
  if (source.offline) --figures_.offline;
  if (--source.contacts != 0) return;
  by_path_.erase(key_of(source.path), id.slot);
  sources_.erase(id);
}

bool KeepAlive::heard(Instant now, const sip::Path& from) {
  Source* source = source_of(from);
  if (source == nullptr) return false;
  ++figures_.heard;
  const bool pause = source->heard == Instant{} || now - source->heard > settings_.time_to_live;
  if (pause) source->regular_since = now;
  source->heard = now;
  source->unanswered = 0;
  source->lost = false;
  source->unreachable = false;
  set_offline(*source, false);
  return true;
}

void KeepAlive::unanswered(const sip::Path& to) {
  if (Source* source = source_of(to)) source->unreachable = true;
}

void KeepAlive::lost(const sip::Path& path) {
  Source* source = path.reliable() ? source_of(path) : nullptr;
  if (source == nullptr) return;
  source->lost = true;
  set_offline(*source, true);
}

void KeepAlive::set_offline(Source& source, bool offline) {
  if (source.offline == offline) return;
  source.offline = offline;
  if (offline) {
    figures_.offline += source.contacts;
  } else {
    figures_.offline -= source.contacts;
  }
}

// Once a cycle, before something is sent there: is it still alive? (session-timer.md 8.2)
void KeepAlive::judge(Instant now, Source& source) {
  const auto cycle = std::uint32_t(figures_.cycles);
  if (source.cycle == cycle) return;
  source.cycle = cycle;
  const bool options = settings_.on && settings_.method == Method::Options;
  const bool missed = source.asked != Instant{} && source.heard < source.asked;
  source.unanswered = missed ? std::uint8_t(std::min(source.unanswered + 1, 255)) : std::uint8_t(0);
  source.asked = options ? now : Instant{};
  const seconds limit = settings_.time_to_live;
  const bool regular = source.heard - source.regular_since >= limit * kLearned;
  const bool silent = limit > 0s && now - source.heard > limit * kSilent && (options || regular);
  set_offline(source, source.lost || silent || (options && source.unanswered >= kUnanswered));
}

// After a load.
void KeepAlive::rebuild() {
  by_path_ = {};
  sources_.for_each(
      [&](SourceId id, const Source& source) { by_path_.insert(key_of(source.path), id.slot); });
}

bool KeepAlive::consistent() const {
  std::uint64_t offline = 0;
  std::uint64_t contacts = 0;
  std::uint64_t behind_nat = 0;
  bool fine = true;
  sources_.for_each([&](SourceId id, const Source& source) {
    contacts += source.contacts;
    if (source.offline) offline += source.contacts;
    fine = fine && slot_of(key_of(source.path), source.path) == id.slot;
  });
  contacts_.for_each([&](ContactId, const Entry& entry) {
    behind_nat += entry.behind_nat;
    fine = fine && sources_.find(entry.source) != nullptr;
  });
  return fine && contacts == contacts_.size() && figures_.contacts == contacts &&
         figures_.offline == offline && behind_nat == behind_nat_ &&
         by_path_.size() == sources_.size() && cursor_ <= order_.size();
}

}  // namespace tandem::keepalive
