// What goes wrong and who meddles: cuts and falls, a journal that stalls, crashes, hand-overs to a
// new exchange, operators and strangers.

#include <algorithm>

#include "sim/mischief.h"
#include "sim/world.h"

namespace tandem::sim {

void World::schedule_troubles() {
  const auto sometime = [this] { return troubles_.between(0ms, climate_.length); };
  const auto some_host = [this] { return int(troubles_.below(population_.hosts.size())); };
  for (int i = 0; i < climate_.cuts; ++i) {
    const Instant begin = Instant{} + sometime();
    cuts_.push_back(
        {some_host(), troubles_.percent(50), begin, begin + troubles_.between(500ms, 60'000ms)});
  }
  for (int i = 0; i < climate_.falls; ++i) {
    const int host = some_host();
    if (population_.hosts[std::size_t(host)].unreachable) continue;
    const milliseconds length = troubles_.between(500ms, 60'000ms);
    after(sometime(), [this, host, length] {
      population_.hosts[std::size_t(host)].down = true;
      after(length, [this, host] { population_.hosts[std::size_t(host)].down = false; });
    });
  }
  for (int i = 0; i < climate_.stalls; ++i) {
    const milliseconds length = troubles_.between(100ms, 30'000ms);
    after(sometime(), [this, length] {
      if (stalled_) return;
      handle(exchange::StorageFault{stalled_ = true});
      after(length, [this] {
        if (stalled_) handle(exchange::StorageFault{stalled_ = false});
      });
    });
  }
  for (int i = 0; i < climate_.overloads; ++i) {
    const milliseconds length = troubles_.between(100ms, 30'000ms);
    const int share = int(troubles_.between(25, 950));
    after(sometime(), [this, length, share] {
      handle(exchange::ThinOut{share});
      after(length, [this] { handle(exchange::ThinOut{0}); });
    });
  }
  for (int i = 0; i < climate_.crashes; ++i) after(sometime(), [this] { crash(); });
  for (int i = 0; i < climate_.edits; ++i) {
    after(sometime(), [this] {
      edit(troubles_, population_.source, current_);
      adopt();
    });
  }
  for (int i = 0; i < climate_.locks; ++i) {
    const milliseconds length = troubles_.between(1000ms, 60'000ms);
    after(sometime(), [this, length] { lock_some_vendor(length); });
  }
  for (int i = 0; i < climate_.hang_ups; ++i) after(sometime(), [this] { hang_up_some(20); });
  for (int i = 0; i < climate_.questions; ++i) after(sometime(), [this] { ask_something(); });
  if (climate_.drains) {
    const milliseconds limit = troubles_.between(0ms, 60'000ms);
    after(climate_.length * 9 / 10, [this, limit] {
      draining_ = true;
      handle(exchange::Drain{limit});
    });
  }
}

void World::adopt() {
  dispatch_.adopt(now_, current_);
  directory_ = directory::Directory::compile(current_);
  handle(exchange::Adopt{directory_});
}

void World::lock_some_vendor(milliseconds length) {
  if (finishing_) return;
  std::vector<directory::EgressGateway*> gateways;
  for (auto& gateway : current_.egress_gateways)
    if (gateway.id >= kFirstVendor) gateways.push_back(&gateway);
  directory::EgressGateway& gateway = *troubles_.pick(gateways);
  gateway.lock_type = directory::Lock::All;
  ++current_.number;
  adopt();
  after(length, [this, id = gateway.id] {
    for (auto& each : current_.egress_gateways)
      if (each.id == id) each.lock_type = directory::Lock::None;
    ++current_.number;
    adopt();
  });
}

void World::schedule_scanners() {
  for (const int number : population_.scanners) {
    const int count = troubles_.between(5, 60);
    for (int i = 0; i < count; ++i) {
      after(troubles_.between(0ms, climate_.length), [this, number] {
        Host& host = population_.hosts[std::size_t(number)];
        const std::string branch = host.new_branch();
        std::string bytes = stray_request(troubles_, host.address.text(), branch);
        if (troubles_.percent(30)) bytes = damaged(troubles_, bytes);
        if (troubles_.percent(10)) bytes = noise(troubles_, 1500);
        if (troubles_.percent(10)) bytes = stray_response(troubles_, host.address.text(), branch);
        for (int copies = troubles_.percent(10) ? troubles_.between(2, 10) : 1; copies > 0;
             --copies) {
          send(host, bytes, Nature::Improper);
        }
      });
    }
  }
  // Rude peers send out of the blue too.
  for (Host& host : population_.hosts) {
    if (host.temper != Temper::Rude) continue;
    const int count = troubles_.between(0, 40);
    for (int i = 0; i < count; ++i) {
      after(troubles_.between(0ms, climate_.length), [this, number = host.number] {
        Host& from = population_.hosts[std::size_t(number)];
        std::string bytes = troubles_.percent(70)
                                ? stray_request(troubles_, from.address.text(), from.new_branch())
                                : stray_response(troubles_, from.address.text(), from.new_branch());
        if (troubles_.percent(50)) bytes = damaged(troubles_, bytes);
        send(from, bytes, Nature::Improper);
      });
    }
  }
}

// The state moves into a new exchange, which goes on as if nothing had happened.
void World::hand_over() {
  switch (options_.handover) {
    case Handover::Never:
      return;
    case Handover::Drawn:
      if (climate_.handovers == 0 || !handovers_.permille(std::min(climate_.handovers, 100)))
        return;
      break;
    case Handover::Always:
      break;
  }
  ++outcome_.handovers;
  const std::string saved = exchange_->save();
  auto next = exchange::Exchange::restore(identity_, directory_, saved);
  if (next == nullptr) return broken("what was saved can be restored", "refused", "");
  if (next->save() != saved) return broken("a restored exchange saves the same", "differs", "");
  if (!next->consistent()) return broken("a restored exchange is consistent", "", "");
  exchange_ = std::move(next);
}

// Memory is lost; the records that were handed out are not, nor is what was kept. What was kept
// without haste may be lost too when it was kept a moment ago.
void World::crash() {
  if (draining_) return;
  if (troubles_.percent(50)) write_keeps();
  unwritten_.clear();
  for (std::uint64_t& word : identity_.seed) word += 0x9e3779b97f4a7c15u;  // a new run, new entropy
  exchange_ = std::make_unique<exchange::Exchange>(identity_, directory_);
  exchange::Actions actions;
  for (const auto& [key, bytes] : kept_) {
    exchange_->handle({now_, wall()}, exchange::Kept{key.first, key.second, bytes}, actions);
  }
  if (exchange_->live_calls() != kept_count() || !exchange_->consistent()) {
    std::string told;
    for (const auto& tell : actions.tells) {
      told += "; " + std::string(tell.event) + " " + std::to_string(tell.flow_no);
    }
    for (const cdr::Cdr& record : actions.cdrs.parsed()) told += " " + record.callee_in;
    broken("every call that was kept goes on after a crash",
           std::to_string(exchange_->live_calls()) + " of " + std::to_string(kept_count()) + told,
           "");
  }
  exchange::ListCalls list{};
  list.limit = 1000;
  exchange_->handle({now_, wall()}, list, actions);
  std::set<std::string> kept_calls;
  for (const exchange::Reply& reply : actions.replies) {
    for (const exchange::CallView& call : std::get<exchange::CallList>(reply.value).calls) {
      kept_calls.insert(call.caller_call_id);
      kept_calls.insert(call.callee_call_id);
    }
  }
  ledger_.crashed(kept_calls);
  sessions_.crashed(now_, kept_calls);
  dispatch_.crashed(kept_calls);
  // Also of calls that are over: what comes again, late, is news to the new run.
  for (const Caller* caller : callers_) ledger_.spoil(caller->number());
  if (stalled_) handle(exchange::StorageFault{true});
}

// What the journal does: in order, and at once when something depends on it.
void World::keep() {
  if (!unwritten_.empty() && now_ - unwritten_since_ >= 1s) write_keeps();
  bool at_once = !actions_.cdrs.empty();
  for (exchange::Keep& keep : actions_.keeps) {
    at_once |= keep.by == exchange::KeepBy::Sending;
    if (unwritten_.empty()) unwritten_since_ = now_;
    const bool call = keep.kind == exchange::KeptKind::Call;
    if (call && !keep.bytes.empty()) promised_.insert(std::int64_t(keep.id));
    unwritten_.push_back(std::move(keep));
  }
  if (at_once) write_keeps();
}

void World::write_keeps() {
  for (exchange::Keep& keep : unwritten_) {
    if (keep.bytes.empty()) {
      kept_.erase({keep.kind, keep.id});
    } else {
      kept_[{keep.kind, keep.id}] = std::move(keep.bytes);
    }
  }
  unwritten_.clear();
}

std::size_t World::kept_count() const {
  return std::size_t(std::count_if(kept_.begin(), kept_.end(), [](const auto& entry) {
    return entry.first.first == exchange::KeptKind::Call;
  }));
}

void World::ask_something() {
  const std::string before = exchange_->save();
  const std::uint64_t request = ++last_request_;
  switch (troubles_.between(0, 2)) {
    case 0: {
      exchange::ListCalls list{};
      list.request = request;
      list.limit = std::uint32_t(troubles_.between(0, 20));
      if (troubles_.percent(30)) list.number = troubles_.pick(population_.prefixes);
      if (troubles_.percent(30)) list.gateway = "polite0";
      handle(list);
      break;
    }
    case 1: {
      exchange::Explain explain{
          request, "331", troubles_.pick(population_.prefixes) + "00000001", {}, {}};
      if (troubles_.percent(50))
        explain.ingress = "customer0";
      else
        explain.source_ip = troubles_.pick(population_.hosts).address.ip.text();
      handle(explain);
      break;
    }
    default:
      handle(exchange::Status{request});
      break;
  }
  if (exchange_->save() != before) broken("a question changes nothing", "state differs", "");
}

void World::hang_up_some(int percent) {
  exchange::ListCalls list{};
  list.request = ++last_request_;
  list.limit = 1000;
  listed_.clear();
  handle(list);
  const std::vector<std::int64_t> flows = listed_;
  for (const std::int64_t flow_no : flows) {
    if (!troubles_.percent(percent)) continue;
    handle(exchange::HangUp{++last_request_, flow_no});
  }
}

// What nobody ended by himself: peers that vanished in the middle of a call.
void World::end_by_operator() {
  if (climate_.calm) {
    for (const Caller* caller : callers_) {
      if (caller->confirmed() && !caller->over() && !deaths_.contains(caller->number())) {
        broken("calls of who is polite end by themselves", caller->call_id(), caller->number());
      }
    }
  }
  hang_up_some(100);
  if (climate_.vendors) leave_vendors();
}

// They are well since the faults stopped. Nobody looks after them any more: else nothing would ever be
// quiet.
void World::leave_vendors() {
  const directory::Parameters& parameters = current_.parameters;
  if (parameters.sip_options_check_period + 64 * parameters.sip_t1 + 5s < kUntilOperator) {
    exchange::Explain explain{++last_request_, "331", std::string(kVendorPrefix) + "00000001", {},
                              "customer0"};
    handle(explain);
    const auto* explanation =
        std::get_if<exchange::Explanation>(&actions_.replies.front().value);
    if (explanation != nullptr) dispatch_.judge_recovery(now_, explanation->lines);
  }
  for (auto& gateway : current_.egress_gateways) gateway.options_check = false;
  ++current_.number;
  adopt();
}

void World::answer_question(const exchange::Ask& ask) {
  exchange::Resolved resolved{ask.question, {}, 60s};
  for (const Host& host : population_.hosts) {
    if (ask.host != "carrier" + std::to_string(host.number) + ".example") continue;
    sip::Path path;
    path.transport = host.transport;
    path.peer = host.address;
    resolved.targets.push_back(path);
  }
  if (!climate_.calm && !finishing_) {
    if (troubles_.percent(10)) return;  // the answer never comes
    if (troubles_.percent(10)) resolved.targets.clear();
  }
  after(troubles_.between(0ms, climate_.calm ? 100ms : 12'000ms),
        [this, resolved] { handle(resolved); });
}

}  // namespace tandem::sim
