#include "sim/world.h"

#include <algorithm>
#include <cstdio>

namespace tandem::sim {
namespace {

constexpr std::size_t kNoted = 4000;
// Ticks at one instant before the clock counts as stuck.
constexpr int kMostIdleTicks = 100'000;
// After the last operator's hang-up: the longest transaction times of any parameters, and a rest.
constexpr milliseconds kSettleTime = 900'000ms;

bool later(const auto& a, const auto& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }

void mix(std::uint64_t& hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ std::uint8_t(c)) * 1099511628211u;
}

}  // namespace

World::World(const WorldOptions& options)
    : options_(options),
      network_(options.seed, "network"),
      people_(options.seed, "people"),
      troubles_(options.seed, "troubles"),
      handovers_(options.seed, "handovers"),
      ledger_([this](std::string_view law, const std::string& detail, const std::string& call) {
        broken(law, detail, call);
      }),
      sessions_([this](std::string_view law, const std::string& detail,
                       const std::string& call) { report(law, detail, call); },
                [this](int host, const std::string& call_id) { return talks(host, call_id); }),
      dispatch_([this](std::string_view law, const std::string& detail, const std::string& call) {
        broken(law, detail, call);
      }) {
  Draw climate(options.seed, "climate");
  climate_ = draw_climate(climate, options.hours);
  if (options.without_edits) climate_.edits = climate_.locks = 0;
  Draw population(options.seed, "population");
  population_ = draw_population(population, climate_);
  if (climate_.vendors) {
    Draw vendors(options.seed, "vendors");
    add_vendors(population_, vendors);
  }
  current_ = population_.source;
  dispatch_.begin(population_);
  directory_ = directory::Directory::compile(current_);
  ledger_.remember(memory_of(current_.parameters));
  sessions_.begin(current_.parameters, climate_.calm);
  for (const Listener& listener : switch_listeners()) {
    identity_.listeners.push_back({listener.transport, listener.address});
    known_.insert(listener.address.ip);
  }
  identity_.seed = {options.seed, 2, 3, 4};
  exchange_ = std::make_unique<exchange::Exchange>(identity_, directory_);
  for (const Host& host : population_.hosts) {
    by_address_[host.address] = host.number;
    if (host.temper != Temper::Scanner) known_.insert(host.address.ip);
  }
}

void World::after(milliseconds delay, std::function<void()> act) {
  queue_.push_back({now_ + delay, ++order_, std::move(act)});
  std::push_heap(queue_.begin(), queue_.end(), later<Happening, Happening>);
}

void World::meanwhile(milliseconds delay, std::function<void()> act) {
  if (finishing_ || now_ + delay >= Instant{} + climate_.length) return;
  after(delay, [this, act = std::move(act)] {
    if (!finishing_) act();
  });
}

void World::broken(std::string_view law, const std::string& detail, const std::string& call) {
  if (call.empty() || !ledger_.spoiled(call)) report(law, detail, call);
}

// Whatever the others say of this call.
void World::report(std::string_view law, const std::string& detail, const std::string& call) {
  if (outcome_.broken) return;
  outcome_.broken = true;
  outcome_.law = law;
  outcome_.detail = detail;
  outcome_.ladder = ladder(call);
}

Outcome World::run() {
  outcome_.hash = 1469598103934665603u;
  begin();
  const Instant end = Instant{} + climate_.length + kUntilOperator + kSettleTime;
  while (!outcome_.broken) {
    const Instant deadline = exchange_->next_deadline();
    const Instant next = queue_.empty() ? deadline : std::min(deadline, queue_.front().at);
    if (next == kNever) break;
    if (next > end) {
      broken("everything settles", "waits for " + std::to_string(next.time_since_epoch().count()),
             "");
      break;
    }
    now_ = std::max(now_, next);
    step();
  }
  if (!outcome_.broken) judge_end();
  return outcome_;
}

void World::step() {
  const bool due = exchange_->next_deadline() <= now_;
  const bool other = !queue_.empty() && queue_.front().at <= now_;
  if (due && (!other || network_.percent(50))) {
    if (++idle_ticks_ > kMostIdleTicks) broken("the clock goes on", "ticks without end", "");
    handle(exchange::Tick{});
    return;
  }
  idle_ticks_ = 0;
  std::pop_heap(queue_.begin(), queue_.end(), later<Happening, Happening>);
  const std::function<void()> act = std::move(queue_.back().act);
  queue_.pop_back();
  act();
}

void World::handle(const Input& input, Nature nature) {
  ++outcome_.inputs;
  actions_.clear();
  exchange_->handle({now_, wall()}, input, actions_);
  if (!exchange_->consistent()) broken("the exchange is consistent after every input", "", "");
  for (const cdr::Cdr& record : actions_.cdrs.parsed()) {
    ledger_.recorded(record);
    sessions_.recorded(now_, wall(), record);
    dispatch_.recorded(now_, record);
    ++outcome_.reasons[cause::code_of(record.end_reason, record.end_detail)];
    if (record.answer_time != UtcTime{}) ++outcome_.answered;
  }
  keep();
  judge_output(input, nature);
  for (const sip::Outbox::Datagram& datagram : actions_.outbox.datagrams()) {
    ++outcome_.messages;
    mix(outcome_.hash, std::to_string(now_.time_since_epoch().count()));
    mix(outcome_.hash, datagram.path.peer.text());
    mix(outcome_.hash, datagram.bytes);
    transmit(datagram.path, std::string(datagram.bytes));
  }
  for (const exchange::Ask& ask : actions_.asks) answer_question(ask);
  hand_over();
}

void World::begin() {
  schedule_calls();
  schedule_troubles();
  schedule_scanners();
  after(climate_.length, [this] { finish(); });
}

void World::schedule_calls() {
  for (int i = 0; i < climate_.calls; ++i) {
    after(people_.between(0ms, climate_.length), [this] { start_call(); });
  }
}

void World::start_call() {
  Host& host = population_.hosts[std::size_t(people_.pick(population_.customers))];
  if (host.down) return;
  std::string digits = std::to_string(++next_number_);
  digits.insert(0, 7 - std::min<std::size_t>(digits.size(), 7), '0');
  const std::string number = people_.pick(population_.prefixes) + "0" + digits;
  Draw draw(options_.seed, number);
  const CallerPlan plan =
      draw_caller_plan(draw, host.temper, climate_.long_talks ? Talk::Long : Talk::Short);
  auto party = std::make_shared<Caller>(*this, host, number, plan, draw);
  Caller* caller = party.get();
  host.parties[caller->call_id()] = std::move(party);
  callers_.push_back(caller);
  ++outcome_.calls;
  caller->start();
}

// Phase two: the faults stop, everybody is up, polite, and on his way out.
void World::finish() {
  sessions_.finish(now_);
  finishing_ = true;
  for (Host& host : population_.hosts) {
    if (!host.unreachable) host.down = false;
  }
  if (stalled_) handle(exchange::StorageFault{stalled_ = false});
  for (Host& host : population_.hosts) {
    for (auto& [call_id, party] : host.parties) party->finish();
  }
  after(kUntilOperator, [this] { end_by_operator(); });
}

void World::died(const std::string& call, const std::string& call_id) {
  deaths_.insert(call);
  sessions_.died(now_, call_id);
}

bool World::talks(int host, const std::string& call_id) const {
  if (host < 0) return false;
  const auto& parties = population_.hosts[std::size_t(host)].parties;
  const auto found = parties.find(call_id);
  return found != parties.end() && !found->second->over() && !found->second->dead();
}

void World::note(const std::string& from, const std::string& to, std::string_view bytes) {
  if (noted_.size() == kNoted) noted_.pop_front();
  noted_.push_back({now_, from, to, std::string(bytes)});
  if (options_.verbose) std::fputs(line_of(noted_.back()).c_str(), stdout);
}

std::string World::line_of(const Noted& noted) {
  char time[32];
  std::snprintf(time, sizeof time, "%10.3f  ", double(noted.at.time_since_epoch().count()) / 1000);
  const std::size_t end = std::min<std::size_t>(noted.bytes.find('\r'), 90);
  return time + noted.from + " > " + noted.to + "  " + noted.bytes.substr(0, end) + "  [" +
         wire::raw_header(noted.bytes, "CSeq").substr(0, 40) + "  " +
         wire::tag_in(wire::raw_header(noted.bytes, "From")) + " " +
         wire::tag_in(wire::raw_header(noted.bytes, "To")) + "]\n";
}

std::string World::ladder(const std::string& call) const {
  const std::size_t most = call.empty() ? 40 : 200;
  std::deque<std::string> lines;
  for (const Noted& noted : noted_) {
    if (!call.empty() && noted.bytes.find(call) == std::string::npos) continue;
    lines.push_back(line_of(noted));
    if (lines.size() > most) lines.pop_front();
  }
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

}  // namespace tandem::sim
