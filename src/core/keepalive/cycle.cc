// The walk through all contacts, once in each period.
#include <algorithm>
#include <numeric>

#include "core/keepalive/keepalive.h"

namespace tandem::keepalive {
namespace {

constexpr milliseconds kStep{1};      // between two looks at the clock
constexpr int kMaxLooks = 4096;       // contacts looked at in one step, gone ones among them
constexpr std::int64_t kWindow = 10;  // ms
constexpr milliseconds kLate{8};      // looks this far apart, again and again: the switch is busy
constexpr milliseconds kBusy{25};     // the longest a busy switch leaves us waiting
constexpr std::size_t kGoneSlack = 1024;

}  // namespace

bool KeepAlive::working() const {
  return !contacts_.empty() && (settings_.on || settings_.time_to_live > 0s);
}

bool KeepAlive::eligible(const Entry& entry) const {
  return settings_.scope == Scope::All || entry.behind_nat;
}

std::uint64_t KeepAlive::places() const {
  return settings_.scope == Scope::All ? contacts_.size() : behind_nat_;
}

void KeepAlive::use(const Settings& settings, Instant now) {
  settings_ = settings;
  if (!working()) {
    running_ = false;
    next_ = kNever;
  } else if (!running_) {
    begin_cycle(now);
  } else {
    plan(now);  // the period may have changed
  }
}

// Starts at the beginning, or goes on where the walk was interrupted by switching it off.
News KeepAlive::begin_cycle(Instant now) {
  if (walked_through()) {
    order_.swap(next_order_);
    next_order_.clear();
    joining_.swap(joining_next_);
    cursor_ = 0;
  }
  running_ = true;
  rhythm_ = settings_.rhythm;
  figures_.pacing = pace(rhythm_, places());
  figures_.sent_in_cycle = 0;
  ++figures_.cycles;
  begun_ = now;
  walked_ = 0;
  plan(now);
  const bool overrun = figures_.pacing.overrun;
  if (overrun) ++figures_.overruns;
  if (overrun == overrun_) return News::None;
  overrun_ = overrun;
  return overrun ? News::OverrunBegan : News::OverrunEnded;
}

void KeepAlive::plan(Instant now) {
  const bool walking = !walked_through();
  next_ =
      walking ? begun_ + due(rhythm_, figures_.pacing, walked_) : begun_ + settings_.rhythm.period;
  if (walking) next_ = std::max(next_, now + kStep);
}

// Anywhere in the order with equal chances. Where the cursor has passed already it is the turn of
// the newcomer in the next cycle, and so it is when this one is full.
void KeepAlive::place(ContactId id, Rng& rng) {
  const std::uint64_t place = rng.below(order_.size() + 1);
  const std::uint64_t waiting = order_.size() - cursor_ + joining_.size();
  const bool room = walked_ + waiting < figures_.pacing.slots * figures_.pacing.batch;
  const bool ahead = place >= cursor_ && cursor_ < order_.size();
  if (running_ && ahead && room) {
    joining_.push_back({place, ++joined_, id});
    std::push_heap(joining_.begin(), joining_.end());
    return;
  }
  if (joining_next_.size() > 2 * contacts_.size() + kGoneSlack) forget_gone(joining_next_);
  joining_next_.push_back({rng.below(next_order_.size() + 1), ++joined_, id});
  std::push_heap(joining_next_.begin(), joining_next_.end());
}

void KeepAlive::forget_gone(std::vector<Joining>& joining) {
  std::erase_if(joining,
                [&](const Joining& each) { return contacts_.find(each.contact) == nullptr; });
  std::make_heap(joining.begin(), joining.end());
}

// What may leave in any ten milliseconds: a fifth more than their share of the batch.
std::uint64_t KeepAlive::limit_of_window() const {
  const std::uint64_t batch = figures_.pacing.batch;
  const auto interval = std::uint64_t(rhythm_.interval.count());
  return std::max(batch * 12 / interval, batch * 10 / interval + 1);
}

// How many datagrams may leave now: what is due, but after a hiccup of the machine not in one
// burst. When every look is late the switch is busy, and the time since the last look counts in
// full.
std::uint64_t KeepAlive::allowed(Instant now) {
  const Pacing& pacing = figures_.pacing;
  const std::uint64_t wanted = due_by(rhythm_, pacing, now - begun_);
  const std::uint64_t behind = wanted > walked_ ? wanted - walked_ : 0;
  const milliseconds gap = now - served_;
  const auto passed = std::size_t(std::clamp<std::int64_t>(gap.count(), 0, kWindow));
  std::rotate(recent_.begin(), recent_.end() - std::ptrdiff_t(passed), recent_.end());
  std::fill_n(recent_.begin(), passed, 0u);
  const bool busy = gap > kLate && gap_ > kLate;
  served_ = now;
  gap_ = gap;
  if (!rhythm_.spread) return behind;
  const auto interval = std::uint64_t(rhythm_.interval.count());
  const auto counted = std::uint64_t(std::min(gap, kBusy).count());
  const std::uint64_t sent = std::accumulate(recent_.begin(), recent_.end(), std::uint64_t(0));
  const std::uint64_t room = limit_of_window() - std::min(sent, limit_of_window());
  const std::uint64_t worth = busy ? pacing.batch * counted * 11 / (interval * 10) : 0;
  return std::min(behind, std::max(room, worth));
}

// The next one of the walk; it may be gone. None: everybody had his turn.
ContactId KeepAlive::step() {
  const bool joins = !joining_.empty() && joining_.front().place <= cursor_;
  if (!joins) return cursor_ < order_.size() ? order_[cursor_++] : ContactId{};
  const ContactId id = joining_.front().contact;
  std::pop_heap(joining_.begin(), joining_.end());
  joining_.pop_back();
  return id;
}

News KeepAlive::serve(Instant now, std::vector<sip::Path>& paths) {
  if (now < next_) return News::None;
  News news = News::None;
  if (walked_through() && now >= begun_ + settings_.rhythm.period) news = begin_cycle(now);
  std::uint64_t left = allowed(now);
  int looks = kMaxLooks;
  for (; left > 0 && looks > 0; --looks) {
    const ContactId id = step();
    if (!id) break;
    const Entry* entry = contacts_.find(id);
    if (entry == nullptr) continue;
    next_order_.push_back(id);
    if (!eligible(*entry)) continue;
    --left;
    ++walked_;
    ++recent_[0];
    serve_contact(now, *entry, paths);
  }
  if (walked_through() && now >= begun_ + settings_.rhythm.period) ++figures_.late_cycles;
  plan(now);
  if (looks == 0) next_ = now;  // more at once, after what else waits
  return news;
}

void KeepAlive::serve_contact(Instant now, const Entry& entry, std::vector<sip::Path>& paths) {
  Source& source = *sources_.find(entry.source);
  judge(now, source);
  if (!settings_.on || source.lost) return;
  source.sent = now;
  ++figures_.sent;
  ++figures_.sent_in_cycle;
  paths.push_back(source.path);
}

}  // namespace tandem::keepalive
