#include "ladders/player.h"

#include <algorithm>

namespace tandem::ladder {
namespace {

// Ticks that may follow one another at one instant; more is a timer that never stops.
constexpr int kMaxTicks = 10'000;
// After the last line everything must be over within this time.
constexpr std::int64_t kSettleTime = 24 * 3600 * 1000LL;

std::string base_of(const std::string& name) { return name.substr(0, name.find('.')); }

std::string line_of(bool timed, std::int64_t at, const std::string& peer, const char* way,
                    const std::string& words) {
  std::string time = timed ? seconds_text(at) : "";
  time.insert(0, time.size() < 9 ? 9 - time.size() : 0, ' ');
  std::string name = peer;
  name.resize(std::max<std::size_t>(name.size(), 5), ' ');
  return time + " " + name + " " + way + " " + words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    const bool quote = word.empty() || word.find_first_of(" #\"") != std::string::npos;
    text += (text.empty() ? "" : " ") + (quote ? "'" + word + "'" : word);
  }
  return text;
}

}  // namespace

std::string seconds_text(std::int64_t milliseconds) {
  const std::string fraction = std::to_string(1000 + milliseconds % 1000);
  return std::to_string(milliseconds / 1000) + "." + fraction.substr(1);
}

Player::Player(const Ladder& ladder, Restart restart, Edits* edits)
    : ladder_(ladder), restart_(restart), edits_(edits), world_(ladder) {}

std::string Player::run() {
  begin();
  for (const Line& line : ladder_.lines) {
    if (failed()) break;
    play_line(line);
  }
  if (!failed()) settle();
  if (!failed()) conclude();
  return failed() ? "\n" + played_ + fault_ + "\n" : "";
}

void Player::begin() {
  if (!ladder_.error.empty()) return fail(0, ladder_.error);
  if (!world_.error().empty()) return fail(0, world_.error());
  directory_ = world_.compile();
  if (directory_ == nullptr) return fail(0, world_.error());
  exchange_ = std::make_unique<exchange::Exchange>(identity(), directory_);
}

void Player::play_line(const Line& line) {
  if (line.timed) {
    if (line.at < now_) return fail(line.number, "time runs backwards");
    advance(line.at);
    if (failed()) return;
  }
  if (!line.sends) return expect(line);
  if (!sent_.empty()) leave_unexpected(line.number);
  if (failed()) return;
  note(line_of(line.timed, now_, line.peer, ">", joined(line.words)));
  if (line.peer == "operator" || line.peer == "journal") return operate(line);
  if (line.peer == "switch") return kill_or_start(line);
  if (line.peer == "dns") return resolve(line);
  if (line.peer == "http") return look_up(line);
  if (line.peer == "network") return break_path(line);
  send(line);
}

// Lets the clock run, ticking whenever the exchange wants it. Whatever was sent before must have
// been expected before the time goes on.
void Player::advance(std::int64_t to) {
  const int line = ladder_.end_of_lines;
  for (int ticks = 0; !failed() && exchange_ != nullptr; ++ticks) {
    const Instant due = exchange_->next_deadline();
    if (due == kNever) break;
    const std::int64_t at = std::max(due.time_since_epoch().count() - mono_start_, now_);
    if (at > to) break;
    if (at > now_) {
      if (!sent_.empty()) leave_unexpected(line);
      ticks = 0;
    }
    if (ticks > kMaxTicks) return fail(line, "the clock ticks on and on");
    now_ = at;
    handle(exchange::Tick{});
  }
  if (failed() || to == now_) return;
  if (!sent_.empty()) leave_unexpected(line);
  now_ = to;
}

void Player::settle() {
  if (exchange_ == nullptr) return fail(0, "the switch was killed and not started again");
  const std::int64_t limit = now_ + kSettleTime;
  while (!failed() && exchange_->next_deadline() != kNever) {
    if (!sent_.empty()) leave_unexpected(ladder_.end_of_lines + 1);
    const std::int64_t due = exchange_->next_deadline().time_since_epoch().count() - mono_start_;
    if (due > limit) return fail(0, "a timer is left that never comes to an end");
    advance(std::max(due, now_));
  }
  if (!failed() && !sent_.empty()) leave_unexpected(ladder_.end_of_lines + 1);
}

// What was sent and no line expects: a fault, or lines to be added.
void Player::leave_unexpected(int line) {
  if (edits_ == nullptr) {
    const Sent& first = sent_.front();
    const std::string name = party_of(first);
    note(line_of(true, now_, name, "<",
                 first.message() ? party(name).described(first.bytes) : first.note) +
         "    not expected");
    return fail(line, first.message() ? "was sent and not expected:\n" + first.bytes : "");
  }
  while (!sent_.empty()) {
    const Sent first = sent_.front();
    sent_.pop_front();
    const std::string name = party_of(first);
    std::string words = first.note;
    if (first.message()) {
      Party& who = party(name);
      words = who.described(first.bytes);
      Wish wish;
      read_wish(words_of(words), wish);
      who.check(wish, first.bytes);
    }
    edits_->before[line].push_back(line_of(true, now_, name, "<", words));
  }
}

// The first of what was sent to this peer, which may not overtake itself.
void Player::expect(const Line& line) {
  const std::string base = base_of(line.peer);
  auto sent = sent_.begin();
  while (sent != sent_.end()) {
    const bool mine = party_of(*sent) == line.peer;
    const bool free = sent->message() && sent->peer == base && party_of(*sent) == base &&
                      party(line.peer).fresh() &&
                      !party(base).owns(MessageText(sent->bytes).call_id());
    if (mine || free) break;
    ++sent;
  }
  if (sent == sent_.end()) {
    if (edits_ != nullptr) {
      edits_->instead[line.number] = "";
      return;
    }
    const std::string words = line_of(true, now_, line.peer, "<", joined(line.words));
    for (const Sent& other : sent_) {
      note(line_of(true, now_, party_of(other), "<",
                   other.message() ? party(party_of(other)).described(other.bytes) : other.note) +
           "    was sent");
    }
    return fail(line.number, "was not sent:\n" + words);
  }
  const std::string fault = compare(line, *sent);
  if (fault.empty()) {
    note(line_of(line.timed, now_, line.peer, "<", joined(line.words)));
  } else if (edits_ != nullptr) {
    Wish wish;
    const std::string words =
        sent->message() ? party(line.peer).described(sent->bytes) : sent->note;
    read_wish(words_of(words), wish);
    if (sent->message()) party(line.peer).check(wish, sent->bytes);
    edits_->instead[line.number] = line_of(line.timed, now_, line.peer, "<", words);
  } else {
    return fail(line.number, line_of(true, now_, line.peer, "<", joined(line.words)) + "\n" +
                                 fault + ":\n" + (sent->message() ? sent->bytes : sent->note));
  }
  sent_.erase(sent);
}

std::string Player::compare(const Line& line, const Sent& sent) {
  if (!sent.message()) {
    return sent.note == joined(line.words) ? "" : "is something else";
  }
  Wish wish;
  if (std::string wrong = read_wish(line.words, wish); !wrong.empty()) return wrong;
  const std::string at = wish.get("at");
  if (!at.empty() && sent.to.text() != at) return "went to " + sent.to.text();
  if (at.empty() && world_.peer_at(sent.to) != base_of(line.peer)) {
    return "went to " + sent.to.text() + ", where nobody was said to be";
  }
  return party(line.peer).check(wish, sent.bytes);
}

Party& Player::party(const std::string& name) {
  const auto known = parties_.find(name);
  if (known != parties_.end()) return known->second;
  const Seat* seat = world_.seat(base_of(name));
  Place place{name, "", "UDP", ""};
  if (seat != nullptr) {
    place.address = seat->address;
    place.transport = sip::via_name(seat->path.transport);
    place.switch_address = seat->switch_address;
  }
  return parties_.emplace(name, Party(place, shared_)).first->second;
}

// Who of the peer's user agents gets a message: the one whose call it is, else the peer itself.
std::string Player::party_of(const Sent& sent) const {
  if (!sent.message()) return sent.peer;
  const std::string call_id = MessageText(sent.bytes).call_id();
  for (const auto& [name, party] : parties_) {
    if (!call_id.empty() && party.owns(call_id)) return name;
  }
  return sent.peer;
}

void Player::note(const std::string& text) { played_ += text + "\n"; }

void Player::fail(int line, const std::string& what) {
  if (failed()) return;
  fault_ = (line == 0 ? std::string() : "line " + std::to_string(line) + ": ") + what;
}

std::string play(const Ladder& ladder, Restart restart) {
  return Player(ladder, restart, nullptr).run();
}

std::string approve(const Ladder& ladder, Edits& edits) {
  return Player(ladder, Restart::Never, &edits).run();
}

}  // namespace tandem::ladder
