#include "sim/ledger.h"

#include <algorithm>

#include "sim/laws.h"

namespace tandem::sim {
namespace {

// Transactions of one call stand together.
std::string key_of(const wire::Text& text) { return text.get("Call-ID") + " " + text.branch(); }

template <class Map, class Act>
void for_call(Map& map, const std::string& call_id, Act act) {
  const std::string begin = call_id + " ";
  for (auto at = map.lower_bound(begin);
       at != map.end() && at->first.compare(0, begin.size(), begin) == 0; ++at) {
    act(at->first, at->second);
  }
}

std::string dialog_key(const std::string& call_id, const std::string& tag) {
  return call_id + "/" + tag;
}

}  // namespace

Memory memory_of(const directory::Parameters& parameters) {
  Memory memory;
  const milliseconds long_wait = 64 * parameters.sip_t1;
  const milliseconds ack = parameters.sip_timeout_ack;
  memory.server = std::min({parameters.sip_t4, ack, long_wait});
  memory.accepted = long_wait;
  memory.cancelled = parameters.sip_cancel_wait;
  milliseconds resends{};
  for (const milliseconds wait : parameters.sip_resend_interval) resends += wait;
  // Over a stream nothing is repeated: Timer B alone counts there.
  memory.unheard = std::min({resends, milliseconds(parameters.sip_timeout_invite), long_wait});
  return memory;
}

void Ledger::delivered(Instant now, const wire::Text& text, Nature nature, int host) {
  if (text.is_request()) {
    const auto [known, fresh] = requests_.try_emplace(text.branch(), true);
    known->second = known->second && nature != Nature::Improper;
  }
  if (nature == Nature::Improper) return;
  const std::string method = text.method();
  if (!text.is_request()) {
    if (method == "INVITE") answer_came(now, text, host);
    return;
  }
  if (method == "INVITE") invite_came(now, text, nature, host);
  if (method == "BYE") {
    byes_.try_emplace(text.get("Call-ID"), now);
    for (const char* header : {"From", "To"}) {
      const auto found =
          standing_.find(dialog_key(text.get("Call-ID"), wire::tag_in(text.get(header))));
      if (found != standing_.end()) found->second.ended = true;
    }
  }
}

std::string Ledger::call_of(const wire::Text& text) const {
  const auto found = numbers_.find(text.get("Call-ID"));
  return found == numbers_.end() ? "" : found->second;
}

void Ledger::damaged(std::string_view bytes) {
  requests_[wire::parameter_in(wire::raw_header(bytes, "Via"), "branch")] = false;
}

void Ledger::invite_came(Instant now, const wire::Text& text, Nature nature, int host) {
  Offered made;
  made.call_id = text.get("Call-ID");
  made.host = host;
  made.nature = nature;
  made.initial = wire::tag_in(text.get("To")).empty();
  if (made.initial) numbers_.try_emplace(made.call_id, wire::user_in(text.request_uri()));
  made.number = call_of(text);
  const auto [found, fresh] = offered_.try_emplace(key_of(text), made);
  Offered& offered = found->second;
  // Over a stream nothing comes again, so nothing is remembered (RFC 3261 §17.2.1, Timer I).
  const bool stream = text.get("Via").find("/TCP") != std::string::npos;
  const milliseconds memory = stream ? 0ms : memory_.server;
  if (!fresh && offered.status != 0 && now - offered.final_at >= memory) offered.excused = true;
  if (!fresh) return;
  // A second way that comes when the first is forgotten is a new call.
  for_call(offered_, made.call_id, [&](const std::string&, Offered& other) {
    if (&other == &offered || !other.initial || other.status == 0) return;
    if (now - other.final_at >= memory) other.excused = offered.excused = true;
  });
}

bool Ledger::remembered(const Attempted& attempt, Instant now) const {
  if (attempt.final_at != kNever && now - attempt.final_at >= memory_.accepted) return false;
  if (attempt.final_at != kNever && attempt.final_status >= 300) return false;
  if (attempt.cancelled_at != kNever && now - attempt.cancelled_at >= memory_.cancelled) {
    return false;
  }
  return attempt.provisional || now - attempt.first < memory_.unheard;
}

void Ledger::answer_came(Instant now, const wire::Text& text, int host) {
  const auto found = attempted_.find(key_of(text));
  if (found == attempted_.end()) return;
  Attempted& attempt = found->second;
  const int status = text.status();
  // An INVITE that nobody answered in time is forgotten for good.
  attempt.excused |= !attempt.provisional && now - attempt.first >= memory_.unheard;
  const bool counts = remembered(attempt, now) && !attempt.excused;
  attempt.provisional = true;
  if (status < 200) return;
  if (counts && status < 300) {
    const std::string tag = wire::tag_in(text.get("To"));
    attempt.answers.try_emplace(tag, false);
    if (attempt.initial) {
      standing_.try_emplace(dialog_key(attempt.call_id, tag), Standing{attempt.number, host});
      answered_.try_emplace(attempt.call_id, now);
    }
  }
  if (attempt.final_at == kNever) {
    attempt.final_at = now;
    attempt.final_status = status;
    if (!counts) attempt.excused = true;
  }
}

void Ledger::sent(Instant now, const wire::Text& text, std::string_view bytes, int host) {
  const std::string method = text.method();
  if (!text.is_request()) {
    if (method == "INVITE" && text.status() >= 200) answer_sent(now, text, bytes);
    return;
  }
  counts_up(text);
  if (method == "INVITE") invite_sent(now, text, bytes, host);
  if (method == "ACK") ack_sent(text);
  if (method == "CANCEL") cancel_sent(now, text);
  if (method == "BYE") {
    for (const char* header : {"From", "To"}) {
      const auto found =
          standing_.find(dialog_key(text.get("Call-ID"), wire::tag_in(text.get(header))));
      if (found != standing_.end()) found->second.ended = true;
    }
  }
}

// RFC 3261 §12.2.1.1, watched where requests leave: on the way they may pass one another, and a peer
// that was dead for a while hears them late.
void Ledger::counts_up(const wire::Text& text) {
  const std::string method = text.method();
  if (method == "ACK" || method == "CANCEL") return;  // they bear the number of their INVITE
  Counted& dialog =
      counted_[dialog_key(text.get("Call-ID"), wire::tag_in(text.get("From"))) + "/" +
               wire::tag_in(text.get("To"))];
  if (!dialog.sent.insert(text.branch() + " " + method).second) return;  // sent again
  if (text.cseq() <= dialog.highest) {
    broken_("requests in a dialog count up", text.start + " with " + std::to_string(text.cseq()),
            call_of(text));
  }
  dialog.highest = std::max(dialog.highest, text.cseq());
}

void Ledger::invite_sent(Instant now, const wire::Text& text, std::string_view bytes, int host) {
  Attempted made;
  made.call_id = text.get("Call-ID");
  made.bytes = bytes;
  made.cseq = text.cseq();
  made.host = host;
  made.initial = wire::tag_in(text.get("To")).empty();
  if (made.initial) numbers_.try_emplace(made.call_id, wire::user_in(text.request_uri()));
  made.number = call_of(text);
  made.first = now;
  const auto [found, fresh] = attempted_.try_emplace(key_of(text), std::move(made));
  if (!fresh && found->second.bytes != bytes) {
    broken_("an INVITE is repeated unchanged", text.start, found->second.number);
  }
}

void Ledger::answer_sent(Instant now, const wire::Text& text, std::string_view bytes) {
  const auto found = offered_.find(key_of(text));
  if (found == offered_.end()) return;
  Offered& offered = found->second;
  if (offered.status == 0) {
    offered.status = text.status();
    offered.final_answer = bytes;
    offered.final_at = now;
    if (offered.initial && text.status() < 300) {
      standing_.try_emplace(dialog_key(offered.call_id, wire::tag_in(text.get("To"))),
                            Standing{offered.number, offered.host});
    }
    return;
  }
  if (offered.final_answer != bytes && !excused(offered.excused, offered.number)) {
    broken_("an INVITE has one final answer, repeated unchanged",
            std::to_string(offered.status) + ", then " + text.start, offered.number);
  }
}

void Ledger::ack_sent(const wire::Text& text) {
  const auto own = attempted_.find(key_of(text));
  if (own != attempted_.end()) {
    own->second.refusal_acknowledged = true;
    return;
  }
  for_call(attempted_, text.get("Call-ID"), [&](const std::string&, Attempted& attempt) {
    if (attempt.cseq != text.cseq()) return;
    const auto answer = attempt.answers.find(wire::tag_in(text.get("To")));
    if (answer != attempt.answers.end()) answer->second = true;
  });
}

void Ledger::cancel_sent(Instant now, const wire::Text& text) {
  const auto found = attempted_.find(key_of(text));
  if (found == attempted_.end()) {
    return broken_("a CANCEL names an INVITE", text.start, call_of(text));
  }
  Attempted& attempt = found->second;
  if (!attempt.provisional && !excused(attempt.excused, attempt.number)) {
    broken_("no CANCEL before a provisional answer", text.start, attempt.number);
  }
  if (attempt.cancelled_at == kNever) attempt.cancelled_at = now;
}

void Ledger::recorded(const cdr::Cdr& record) {
  const std::string wrong = record_law(record);
  const std::string& call = record.callee_in;
  if (!wrong.empty()) broken_("records are in order", wrong, call);
  if (!flows_.insert(record.flow_no).second) broken_("one record for each call", "twice", call);
  // Ended by the operator while it waited to be asked again after a 422: that is a new call then.
  if (record.end_reason == cause::EndReason::OperatorRelease ||
      record.end_reason == cause::EndReason::ServerShutdown) {
    for_call(offered_, record.caller_call_id, [](const std::string&, Offered& offered) {
      offered.excused |= offered.status == 422;
    });
  }
  ++record_count_[record.caller_call_id];
  records_[record.caller_call_id] = record;
}

void Ledger::path_broke(int host) {
  for (auto& [branch, offered] : offered_) offered.excused |= offered.host == host;
  for (auto& [branch, attempt] : attempted_) attempt.excused |= attempt.host == host;
  for (auto& [key, dialog] : standing_) dialog.excused |= dialog.host == host;
}

void Ledger::crashed(const std::set<std::string>& kept_calls) {
  for (auto& [branch, offered] : offered_) offered.excused = true;
  for (auto& [branch, attempt] : attempted_) attempt.excused = true;
  std::map<std::string, int> branches;  // of a fork: only one of its dialogs is the call's
  for (const auto& [key, dialog] : standing_) ++branches[key.substr(0, key.find('/'))];
  for (auto& [key, dialog] : standing_) {
    const std::string call_id = key.substr(0, key.find('/'));
    const bool judged = !dialog.excused && (dialog.survived || !spoiled(dialog.number));
    dialog.survived = judged && kept_calls.contains(call_id) && branches[call_id] == 1;
    dialog.excused |= !dialog.survived;
  }
}

bool Ledger::answers_proper(const wire::Text& response) const {
  const auto found = requests_.find(response.branch());
  return found != requests_.end() && found->second;
}

void Ledger::settle(bool all_recorded) {
  settle_offered(all_recorded);
  settle_attempted();
  for (const auto& [key, dialog] : standing_) {
    const bool free = dialog.survived ? dialog.excused : excused(dialog.excused, dialog.number);
    if (!dialog.ended && !free) {
      broken_("every dialog ends with a BYE", key, dialog.number);
    }
  }
}

void Ledger::settle_offered(bool all_recorded) {
  std::map<std::string, std::pair<bool, int>> calls;  // Call-ID -> exact, fewest records
  std::map<std::string, std::string> numbers;
  for (const auto& [branch, offered] : offered_) {
    const bool free = excused(offered.excused, offered.number);
    if (offered.status == 0 && !free) {
      broken_("every INVITE is finally answered", branch, offered.number);
    }
    if (!offered.initial) continue;
    // Too large a message is refused before it is a call; or it is the peer that says so.
    auto& [exact, least] = calls.try_emplace(offered.call_id, true, 0).first->second;
    numbers[offered.call_id] = offered.number;
    exact = exact && !free && offered.status != 0;
    if (offered.status != 513) least = 1;
  }
  for (const auto& [call_id, call] : calls) {
    const auto& [exact, least] = call;
    if (!exact) continue;
    const auto found = record_count_.find(call_id);
    const int count = found == record_count_.end() ? 0 : found->second;
    if (count > 1 || (all_recorded && count < least)) {
      broken_("every offered call ends with exactly one record",
              call_id + " has " + std::to_string(count), numbers[call_id]);
    }
  }
}

void Ledger::settle_attempted() {
  for (const auto& [branch, attempt] : attempted_) {
    if (excused(attempt.excused, attempt.number)) continue;
    for (const auto& [tag, acknowledged] : attempt.answers) {
      if (!acknowledged) broken_("every 2xx is acknowledged", branch + " " + tag, attempt.number);
    }
    if (attempt.final_status >= 300 && !attempt.refusal_acknowledged) {
      broken_("every refusal is acknowledged", branch, attempt.number);
    }
  }
}

const cdr::Cdr* Ledger::record_of(const std::string& call_id) const {
  const auto found = records_.find(call_id);
  return found == records_.end() ? nullptr : &found->second;
}

Instant Ledger::answered_at(const std::string& call_id) const {
  const auto found = answered_.find(call_id);
  return found == answered_.end() ? kNever : found->second;
}

Instant Ledger::bye_at(const std::string& call_id) const {
  const auto found = byes_.find(call_id);
  return found == byes_.end() ? kNever : found->second;
}

}  // namespace tandem::sim
