#include "shell/trace/search.h"

#include <algorithm>

#include "base/limits.h"
#include "shell/net/listen_address.h"
#include "shell/trace/secrets.h"

namespace tandem::trace {
namespace {

constexpr unsigned kFits = 1u << 16;  // beside the bits of Matcher: one message of the call fits

Entry entry_of(std::uint64_t sequence, const Traced& traced,
               const std::vector<net::Listener>& listeners) {
  Entry entry{.sequence = sequence,
              .time = traced.time,
              .flow_no = std::int64_t(traced.call),
              .sent = traced.sent,
              .transport = std::string(sip::name_of(traced.path.transport)),
              .local = {},
              .peer = traced.path.peer.text(),
              .bytes = without_secrets(traced.bytes)};
  if (traced.path.local < listeners.size()) {
    entry.local = listeners[traced.path.local].address.text();
  }
  return entry;
}

// What ties messages together that no call does: the Call-ID, else the peer.
std::uint64_t tie_of(const Traced& traced, const sip::Message& message, bool is_sip) {
  if (is_sip && !message.call_id().empty()) {
    return std::hash<std::string_view>{}(message.call_id());
  }
  const auto& bytes = traced.path.peer.ip.bytes();
  const std::string_view ip(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return std::hash<std::string_view>{}(ip) + traced.path.peer.port;
}

// With `after` the oldest, else the newest.
void cut_to_page(std::vector<std::uint64_t>& sequences, const Page& page) {
  sequences.erase(sequences.begin(),
                  std::upper_bound(sequences.begin(), sequences.end(), page.after));
  if (sequences.size() <= page.limit) return;
  if (page.after != 0) {
    sequences.resize(page.limit);
  } else {
    sequences.erase(sequences.begin(), sequences.end() - page.limit);
  }
}

}  // namespace

struct Catcher::Call {
  unsigned bits = 0;
  bool chosen = false;
  std::uint64_t first = 0;  // its first message that was looked at
};

struct Catcher::Noted {
  std::uint64_t sequence;
  std::uint64_t flow;
  std::uint64_t tie;
  unsigned bits;
};

Catcher::Catcher(Matcher matcher, std::uint64_t after)
    : matcher_(std::move(matcher)), after_(after), floor_(after) {
  wanted_ = matcher_.call_bits() | (wish().whole_calls && wish().restricts_messages() ? kFits : 0);
}

Catcher::~Catcher() = default;
Catcher::Catcher(Catcher&&) noexcept = default;

std::vector<std::uint64_t> Catcher::look(const Ring& ring) {
  noted_.clear();
  late_.clear();
  ring.read(after_, [this](std::uint64_t sequence, const Traced& traced) {
    note(sequence, traced);
    return true;
  });
  std::vector<std::uint64_t> wanted;
  for (Noted& each : noted_) choose(each);
  if (!late_.empty()) look_back(ring, wanted);
  for (const Noted& each : noted_) {
    const bool fits = wish().whole_calls || (each.bits & kFits) != 0;
    if (!fits) continue;
    if (wanted_ != 0) {
      const auto call = known_.find(call_of(each.flow, each.tie));
      if (call == known_.end() || !call->second.chosen) continue;
    }
    wanted.push_back(each.sequence);
  }
  if (known_.size() > kMaxTracedCalls || flow_of_.size() > kMaxTracedCalls) forget_calls();
  return wanted;
}

void Catcher::note(std::uint64_t sequence, const Traced& traced) {
  if (after_ != 0 && sequence > after_ + 1) missed_ += sequence - after_ - 1;
  after_ = sequence;
  sip::Message& message = *message_;
  Noted noted{.sequence = sequence, .flow = traced.call, .tie = 0, .bits = 0};
  const bool is_sip = Matcher::parse(traced, message);
  noted.tie = tie_of(traced, message, is_sip);
  noted.bits = matcher_.fulfilled(traced, message);
  if (matcher_.fits(traced, message, is_sip)) noted.bits |= kFits;
  if (wanted_ != 0 && is_sip && traced.call != 0) flow_of_.emplace(noted.tie, traced.call);
  noted_.push_back(noted);
}

void Catcher::choose(Noted& noted) {
  if (wanted_ == 0) return;
  Call& call = known_[call_of(noted.flow, noted.tie)];
  if (call.first == 0) call.first = noted.sequence;
  call.bits |= noted.bits;
  if (call.chosen || (call.bits & wanted_) != wanted_) return;
  call.chosen = true;
  ++calls_;
  if (call.first < noted_.front().sequence) late_.push_back(call.first);
}

// The messages of earlier looks that belong to calls chosen only now.
void Catcher::look_back(const Ring& ring, std::vector<std::uint64_t>& wanted) {
  const std::uint64_t first = std::max(*std::min_element(late_.begin(), late_.end()), floor_ + 1);
  std::sort(late_.begin(), late_.end());
  ring.read(first - 1, [&](std::uint64_t sequence, const Traced& traced) {
    if (sequence >= noted_.front().sequence) return false;
    const bool is_sip = Matcher::parse(traced, *message_);
    const auto call = known_.find(call_of(traced.call, tie_of(traced, *message_, is_sip)));
    const bool chosen_now = call != known_.end() && call->second.chosen &&
                            std::binary_search(late_.begin(), late_.end(), call->second.first);
    if (chosen_now && (wish().whole_calls || matcher_.fits(traced, *message_, is_sip))) {
      wanted.push_back(sequence);
    }
    return true;
  });
}

// A flood of calls does not make it grow; calls that are up may be found again by later messages.
void Catcher::forget_calls() {
  std::erase_if(known_, [](const auto& each) { return !each.second.chosen; });
  if (known_.size() > kMaxTracedCalls / 2) known_.clear();
  flow_of_.clear();
  floor_ = after_;
}

std::uint64_t Catcher::call_of(std::uint64_t flow, std::uint64_t tie) const {
  if (flow != 0) return flow;
  const auto found = flow_of_.find(tie);
  return found != flow_of_.end() ? found->second : tie | std::uint64_t{1} << 63;
}

std::vector<Entry> read_entries(const Ring& ring, const std::vector<std::uint64_t>& sequences,
                                const std::vector<net::Listener>& listeners) {
  std::vector<Entry> entries;
  if (sequences.empty()) return entries;
  auto next = sequences.begin();
  ring.read(sequences.front() - 1, [&](std::uint64_t sequence, const Traced& traced) {
    while (next != sequences.end() && *next < sequence) ++next;
    if (next == sequences.end()) return false;
    if (*next == sequence) entries.push_back(entry_of(sequence, traced, listeners));
    return true;
  });
  return entries;
}

std::vector<Entry> find_messages(const Ring& ring, Matcher matcher, const Page& page,
                                 const std::vector<net::Listener>& listeners) {
  if (!matcher.wish().restricts() && page.after != 0) {
    std::vector<Entry> entries;
    ring.read(page.after, [&](std::uint64_t sequence, const Traced& traced) {
      if (traced.time >= page.not_before) entries.push_back(entry_of(sequence, traced, listeners));
      return entries.size() < page.limit;
    });
    return entries;
  }
  Catcher catcher(std::move(matcher), 0);
  std::vector<std::uint64_t> sequences = catcher.look(ring);
  cut_to_page(sequences, page);
  std::vector<Entry> entries = read_entries(ring, sequences, listeners);
  std::erase_if(entries, [&](const Entry& each) { return each.time < page.not_before; });
  return entries;
}

}  // namespace tandem::trace
