// Calls that outlive the process: what is kept of them when they are answered and when they change,
// and how they are taken up again at the next start (architecture.md §9). A call ends with its
// record; what was kept of it is forgotten in the same write.

#include <algorithm>

#include "base/archive.h"
#include "core/cdr/cdr_record.h"
#include "core/exchange/state.h"

namespace tandem::exchange {
namespace {

// Of what follows the record in the bytes: raise it when the fields of Call or Leg change. Bytes of
// another layout still give their record.
constexpr std::uint16_t kLayout = 13;

constexpr std::size_t kUsualSize = 1536;

}  // namespace

// The record first, in the form that later versions can read.
void Exchange::State::keep_call(const call::Call& call) {
  const leg::Leg* ingress = legs.find(call.ingress());
  const leg::Leg* egress = legs.find(call.egress());
  if (ingress == nullptr || egress == nullptr) return;
  kept_record.clear();
  cdr::append_record(kept_record, call.record());
  // A peer relies on the first; what a later one changes is lost without harm for a second.
  keep(KeptKind::Call, std::uint64_t(call.flow_no()),
       call.kept() ? KeepBy::NextWrite : KeepBy::Sending, [&](LastingSaver& saver) {
         saver.reserve(kUsualSize + kept_record.size());
         saver(kept_record, kLayout, now.wall);
         const_cast<call::Call&>(call).lasting_fields(saver);
         saver(*ingress, *egress);
       });
}

// Calls whose state changed in this input, some of them several times.
void Exchange::State::keep_changed() {
  for (std::size_t i = 0; i < changed.size(); ++i) {
    call::Call* call = calls.find(call::CallId::unpack(changed[i]));
    if (call == nullptr) continue;
    if (std::find(changed.begin() + std::ptrdiff_t(i) + 1, changed.end(), changed[i]) !=
        changed.end()) {
      continue;
    }
    if (call->state() == call::State::Answered) {
      // Its 200 waits for a PRACK: the caller has no call yet that could go on.
      const leg::Leg* ingress = legs.find(call->ingress());
      if (ingress != nullptr && ingress->stage() == leg::Stage::Calling) continue;
      keep_call(*call);
      call->keep(true);
    } else if (call->kept()) {
      const auto id = std::uint64_t(call->flow_no());
      forget(KeptKind::Call, id, KeepBy::Sending);
      if (call->kept_confirmation()) forget(KeptKind::Confirmed, id);
      call->keep(false);
      call->keep_confirmation(false);
    }
  }
  keep_confirmed();
  changed.clear();
  confirmed.clear();
}

// An ACK changes little: not the call is kept anew, but that it came.
void Exchange::State::keep_confirmed() {
  for (const leg::Confirmation& each : confirmed) {
    call::Call* call = calls.find(call::CallId::unpack(each.call));
    const bool whole = std::find(changed.begin(), changed.end(), each.call) != changed.end();
    if (call == nullptr || !call->kept() || whole) continue;
    keep(KeptKind::Confirmed, std::uint64_t(call->flow_no()), KeepBy::NextWrite,
         [&](LastingSaver& saver) { saver(each.cseq); });
    call->keep_confirmation(true);
  }
}

void Exchange::State::on(const Kept& earlier) {
  switch (earlier.kind) {
    case KeptKind::Call:
      return adopt_call(earlier);
    case KeptKind::Binding:
      // What cannot be used any more is forgotten.
      if (!registrar.adopt(now, earlier.id, earlier.bytes, own_addresses)) {
        forget(KeptKind::Binding, earlier.id);
      }
      return;
    case KeptKind::Confirmed:
      return adopt_confirmation(earlier);
    case KeptKind::Quality:
      if (!adopt_quality(earlier)) forget(KeptKind::Quality, earlier.id);
      return;
    case KeptKind::Destination:
      if (!adopt_destination(earlier)) forget(KeptKind::Destination, earlier.id);
      return;
  }
}

// The quality of gateways that was counted in this input, or of all: what a crash loses of it is a
// few seconds.
void Exchange::State::keep_quality(bool all) {
  const auto keep_one = [&](facts::GatewayTable& table, std::int64_t id, bool egress) {
    facts::Quality& quality = table.at(id).quality;
    if (!quality.wants_keeping(now.wall, all)) return;
    keep(KeptKind::Quality, std::uint64_t(id) << 1 | std::uint64_t(egress), KeepBy::NextWrite,
         [&](LastingSaver& saver) { saver(kLayout, quality); });
  };
  for (const facts::Measured& each : live.measured) {
    keep_one(each.egress ? live.egress : live.ingress, each.gateway, each.egress);
  }
  live.measured.clear();
  if (!all) return;
  for (const auto& each : settings->directory->ingress_gateways()) keep_one(live.ingress, each.id, false);
  for (const auto& each : settings->directory->egress_gateways()) keep_one(live.egress, each.id, true);
}

bool Exchange::State::adopt_quality(const Kept& earlier) {
  LastingLoader loader(earlier.bytes, LastingCoding{now});
  std::uint16_t layout = 0;
  facts::Quality quality;
  loader(layout);
  if (layout != kLayout) return false;
  loader(quality);
  const auto id = std::int64_t(earlier.id >> 1);
  const bool egress = (earlier.id & 1) != 0;
  const directory::Directory& directory = *settings->directory;
  const bool known =
      egress ? directory.egress_gateway(id) != nullptr : directory.ingress_gateway(id) != nullptr;
  if (loader.failed() || !loader.at_end() || !quality.consistent() || !known) return false;
  (egress ? live.egress : live.ingress).at(id).quality = std::move(quality);
  return true;
}

// The same by destination, and those of which nothing is known any more.
void Exchange::State::keep_destinations(bool all) {
  using Entry = facts::DestinationQuality::Entry;
  const auto keep_one = [&](Entry& entry) {
    if (!entry.quality.wants_keeping(now.wall, all)) return;
    keep(KeptKind::Destination, entry.number, KeepBy::NextWrite,
         [&](LastingSaver& saver) { saver(kLayout, entry); });
  };
  for (const auto& each : live.destinations.changed)
    if (Entry* entry = live.destinations.entry(each.gateway, each.destination)) keep_one(*entry);
  for (const std::uint64_t number : live.destinations.gone) forget(KeptKind::Destination, number);
  live.destinations.changed.clear();
  live.destinations.gone.clear();
  if (all) live.destinations.for_each(keep_one);
}

bool Exchange::State::adopt_destination(const Kept& earlier) {
  LastingLoader loader(earlier.bytes, LastingCoding{now});
  std::uint16_t layout = 0;
  facts::DestinationQuality::Entry entry;
  loader(layout);
  if (layout != kLayout) return false;
  loader(entry);
  const directory::Directory& directory = *settings->directory;
  const directory::Parameters& parameters = directory.parameters();
  if (loader.failed() || !loader.at_end() || entry.number != earlier.id ||
      !entry.quality.consistent() || directory.egress_gateway(entry.gateway) == nullptr ||
      parameters.gateway_quality_prefix_min_calls == 0) {
    return false;
  }
  return live.destinations.adopt(now.wall, facts::QualityTerms::of(parameters), std::move(entry));
}

// It may come before its call, and be of an answer that is not the newest.
void Exchange::State::adopt_confirmation(const Kept& earlier) {
  std::uint32_t cseq = 0;
  LastingLoader loader(earlier.bytes, LastingCoding{now});
  loader(cseq);
  adopting = true;
  if (!loader.failed()) confirmed_before[earlier.id] = cseq;
}

void Exchange::State::adopt_call(const Kept& earlier) {
  LastingLoader loader(earlier.bytes, LastingCoding{now});
  std::uint16_t layout = 0;
  loader(kept_record, layout);
  auto record = cdr::parse_record(kept_record);
  if (loader.failed() || !record.ok() || record->flow_no != std::int64_t(earlier.id)) {
    actions->tells.push_back({Severity::Error, "kept_call_unread", std::int64_t(earlier.id),
                              "what was kept of this call cannot be read; it has no record"});
    return forget(KeptKind::Call, earlier.id);
  }
  last_flow_no = std::max(last_flow_no, record->flow_no);
  if (layout == kLayout && resume_call(loader, *record)) {
    return counters.add(stats::Counter::CallsAdopted);
  }
  // Not the bytes of this version: the call is over, its record says so.
  actions->tells.push_back({Severity::Warning, "kept_call_closed", record->flow_no,
                            "the call cannot go on in this version; its record ends now"});
  call::Call call;
  call.begin(call::CallId{}, record->flow_no, settings, leg::LegId{});
  leg::Context at = context(&call);
  call::Desk with = desk(at);
  call.close(with, std::move(*record));
  forget(KeptKind::Call, earlier.id);
}

// Before anything new is made: the slots between those of the calls that were adopted are free.
void Exchange::State::end_adoption() {
  adopting = false;
  calls.for_each([&](call::CallId, call::Call& call) {
    const auto found = confirmed_before.find(std::uint64_t(call.flow_no()));
    if (found == confirmed_before.end()) return;
    leg::Context at = context(&call);
    if (leg::Leg* leg = legs.find(call.ingress())) leg->resume_confirmed(at, found->second);
    call.keep_confirmation(true);
    confirmed_before.erase(found);
  });
  for (const auto& [flow_no, cseq] : confirmed_before) forget(KeptKind::Confirmed, flow_no);
  confirmed_before.clear();
  calls.link_free_slots();
  legs.link_free_slots();
}

bool Exchange::State::resume_call(LastingLoader& loader, const cdr::Cdr& record) {
  UtcTime kept_at{};
  call::Call read;
  leg::Leg ingress, egress;
  loader(kept_at);
  read.lasting_fields(loader);
  loader(ingress, egress);
  if (loader.failed() || !loader.at_end()) return false;
  adopting = true;
  const call::CallId id = read.self();
  if (calls.find(id) != nullptr || legs.find(read.ingress()) || legs.find(read.egress())) {
    return false;
  }
  const leg::LegId ingress_id = read.ingress();
  const leg::LegId egress_id = read.egress();
  read.use(settings);
  read.restore_record(record);
  call::Call* call = calls.insert_at(id, std::move(read));
  bool fine = call != nullptr;
  fine = legs.insert_at(ingress_id, std::move(ingress)) != nullptr && fine;
  fine = legs.insert_at(egress_id, std::move(egress)) != nullptr && fine;
  if (fine) {
    leg::Context at = context(call);
    call::Desk with = desk(at);
    fine = call->resume(with, now.wall - kept_at);
  }
  if (fine) return true;
  legs.erase(ingress_id);
  legs.erase(egress_id);
  calls.erase(id);
  return false;
}

template <class Fill>
void Exchange::State::keep(KeptKind kind, std::uint64_t id, KeepBy by, Fill fill) {
  Keep& item = next_keep(kind, id, by);
  LastingSaver saver(LastingCoding{now}, std::move(item.bytes));
  fill(saver);
  item.bytes = std::move(saver).take();
}

void Exchange::State::forget(KeptKind kind, std::uint64_t id, KeepBy by) {
  next_keep(kind, id, by).bytes.clear();
}

Keep& Exchange::State::next_keep(KeptKind kind, std::uint64_t id, KeepBy by) {
  Keep& item = actions->keeps.add();
  item.kind = kind;
  item.id = id;
  item.by = by;
  return item;
}

}  // namespace tandem::exchange
