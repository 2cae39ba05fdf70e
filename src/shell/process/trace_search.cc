#include "shell/process/trace_search.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "core/sip/message.h"
#include "shell/net/listen_address.h"

namespace tandem::process {
namespace {

constexpr std::string_view kHidden = "***";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The number is looked for where numbers stand, not in host names.
bool names_number(std::string_view uri_text, std::string_view number) {
  const auto uri = sip::parse_uri(uri_text);
  return uri && contains(uri->user, number);
}

// First pass: what each message is, without its bytes. Second: which calls are wanted.
class Selection {
 public:
  explicit Selection(const api::TraceFilter& filter) : filter_(filter) {
    wanted_ = (filter.flow_no != 0 ? kFlow : 0) | (filter.number.empty() ? 0 : kNumber) |
              (filter.call_id.empty() ? 0 : kCallId);
  }

  void note(std::uint64_t sequence, const TracedMessage& traced) {
    sip::Message& message = *message_;
    sip::parse(traced.bytes, message);  // also a faulty one may have what is looked for
    unsigned has = 0;
    if (std::int64_t(traced.call) == filter_.flow_no) has |= kFlow;
    if (message.call_id() == filter_.call_id) has |= kCallId;
    if (wanted_ & kNumber) {
      const bool found =
          (message.is_request() && names_number(message.request_uri_text(), filter_.number)) ||
          names_number(message.from().uri_text, filter_.number) ||
          names_number(message.to().uri_text, filter_.number);
      if (found) has |= kNumber;
    }
    const std::uint64_t call_id = std::hash<std::string_view>{}(message.call_id());
    if (traced.call != 0) flow_of_.emplace(call_id, traced.call);
    noted_.push_back({sequence, traced.call, call_id, has});
  }

  // The sequences of the messages to be shown.
  std::set<std::uint64_t> choose() {
    std::unordered_map<std::uint64_t, unsigned> calls;
    for (const Noted& each : noted_) calls[group_of(each)] |= each.has;
    std::deque<std::uint64_t> chosen;
    for (const Noted& each : noted_) {
      if (each.sequence <= filter_.after || (calls[group_of(each)] & wanted_) != wanted_) continue;
      chosen.push_back(each.sequence);
      if (chosen.size() <= filter_.limit) continue;
      if (filter_.after != 0) {
        chosen.pop_back();
        break;
      }
      chosen.pop_front();
    }
    return {chosen.begin(), chosen.end()};
  }

 private:
  static constexpr unsigned kFlow = 1, kNumber = 2, kCallId = 4;
  struct Noted {
    std::uint64_t sequence;
    std::uint64_t flow;
    std::uint64_t call_id;  // hash
    unsigned has;
  };

  std::uint64_t group_of(const Noted& each) const {
    if (each.flow != 0) return each.flow;
    const auto found = flow_of_.find(each.call_id);
    return found != flow_of_.end() ? found->second : each.call_id | std::uint64_t{1} << 63;
  }

  const api::TraceFilter& filter_;
  unsigned wanted_;
  std::unique_ptr<sip::Message> message_ = std::make_unique<sip::Message>();
  std::vector<Noted> noted_;
  std::unordered_map<std::uint64_t, std::uint64_t> flow_of_;
};

api::TraceEntry entry_of(std::uint64_t sequence, const TracedMessage& traced,
                         const std::vector<net::Listener>& listeners) {
  api::TraceEntry entry{.sequence = sequence,
                        .time = traced.time,
                        .flow_no = std::int64_t(traced.call),
                        .sent = traced.sent,
                        .transport = std::string(net::to_text(traced.path.transport)),
                        .local = {},
                        .peer = traced.path.peer.text(),
                        .bytes = without_secrets(traced.bytes)};
  if (traced.path.local < listeners.size()) {
    entry.local = listeners[traced.path.local].address.text();
  }
  return entry;
}

// "Authorization: Digest ***", "a=crypto:***"; the line as it is when it holds no secret.
void append_line(std::string& out, std::string_view line) {
  constexpr std::string_view kKey = "a=crypto:";
  if (line.starts_with(kKey)) {
    out.append(kKey).append(kHidden);
    return;
  }
  const std::size_t colon = line.find(':');
  const std::string_view name = trim(line.substr(0, std::min(colon, line.size())));
  if (colon == std::string_view::npos || (!equal_ignoring_case(name, "Authorization") &&
                                          !equal_ignoring_case(name, "Proxy-Authorization"))) {
    out.append(line);
    return;
  }
  const std::string_view value = trim(line.substr(colon + 1));
  out.append(line.substr(0, colon)).append(": ");
  out.append(value.substr(0, value.find(' '))).append(" ").append(kHidden);
}

}  // namespace

std::vector<api::TraceEntry> find_messages(const TraceRing& ring, const api::TraceFilter& filter,
                                           const std::vector<net::Listener>& listeners) {
  std::vector<api::TraceEntry> entries;
  const bool all = filter.flow_no == 0 && filter.number.empty() && filter.call_id.empty();
  if (all && filter.after != 0) {
    ring.read(filter.after, [&](std::uint64_t sequence, const TracedMessage& traced) {
      if (entries.size() < filter.limit) entries.push_back(entry_of(sequence, traced, listeners));
    });
    return entries;
  }
  Selection selection(filter);
  ring.read(0, [&](std::uint64_t sequence, const TracedMessage& traced) {
    selection.note(sequence, traced);
  });
  const std::set<std::uint64_t> chosen = selection.choose();
  if (chosen.empty()) return entries;
  ring.read(*chosen.begin() - 1, [&](std::uint64_t sequence, const TracedMessage& traced) {
    if (chosen.count(sequence) != 0) entries.push_back(entry_of(sequence, traced, listeners));
  });
  return entries;
}

std::string without_secrets(std::string_view message) {
  std::string out;
  out.reserve(message.size());
  bool hidden = false;
  while (!message.empty()) {
    const std::size_t newline = message.find('\n');
    const std::size_t size = newline == std::string_view::npos ? message.size() : newline + 1;
    const std::string_view whole = message.substr(0, size);
    message.remove_prefix(size);
    // A folded line belongs to the one before, and goes with it.
    const bool folded = whole.front() == ' ' || whole.front() == '\t';
    if (folded && hidden) continue;
    const std::string_view line = whole.substr(0, whole.find_first_of("\r\n"));
    const std::size_t before = out.size();
    append_line(out, line);
    hidden = std::string_view(out).substr(before) != line;
    out.append(whole.substr(line.size()));
  }
  return out;
}

}  // namespace tandem::process
