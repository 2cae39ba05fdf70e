// Glare, a thousand times: both ends of a call change the session at the same moment, and the
// switch refreshes both of its legs then. Whatever crosses what on the way, the call goes on, in
// the end everything is agreed, and who met a 491 waited as RFC 3261 §14.1 says.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/exchange/exchange.h"
#include "sim/callee.h"
#include "sim/caller.h"
#include "sim/wire.h"

namespace tandem::sim {
namespace {

constexpr int kRepetitions = 1000;
constexpr int kInterval = 90;  // seconds, so that everybody refreshes after 45
constexpr milliseconds kTalk = 130'000ms;
constexpr const char* kNumber = "4412345";

Host host_at(int number, const char* address) {
  Host host;
  host.number = number;
  host.address = *Endpoint::parse(address, 5060);
  host.switch_address = *Endpoint::parse("192.0.2.10:5060", 5060);
  return host;
}

std::shared_ptr<const directory::Directory> configuration(bool by_reinvite) {
  directory::Directory::Source source;
  source.number = 1;
  source.parameters = *directory::build_parameters(
      {{"SS_SIP_SESSION_TTL", std::to_string(kInterval)},
       {"SS_SIP_SESSION_REFRESH_METHOD", by_reinvite ? "reinvite" : "auto"}});
  directory::IngressGateway north;
  north.id = 1;
  north.name = "north";
  const IpAddress from = Endpoint::parse("203.0.113.10:5060", 5060)->ip;
  north.remote_ips.push_back({from, from});
  source.ingress_gateways.push_back(std::move(north));
  directory::EgressGateway south;
  south.id = 2;
  south.name = "south";
  south.prefixes = {"44"};
  south.remote_ips.push_back(
      {"198.51.100.10", Endpoint::parse("198.51.100.10:5060", 5060)->ip, 5060});
  source.egress_gateways.push_back(std::move(south));
  return directory::Directory::compile(source);
}

// What is known of one leg from the wire.
struct Leg {
  bool ours = false;                  // the switch made its Call-ID
  std::set<std::string> known;        // branches
  std::string last_refresh;           // of these, the newest request that the switch began itself
  Instant glare_at = kNever;          // that one met 491; not repeated yet
  bool busy = false;                  // something else was going on since
  std::map<std::string, int> finals;  // last final answer to the session requests of each side
};

// One call through a switch, over a network whose delay is drawn for each message.
class Corridor final : public Stage {
 public:
  Corridor(std::uint64_t seed, bool by_reinvite)
      : seed_(seed),
        draw_(seed, "glare"),
        north_(host_at(0, "203.0.113.10:5060")),
        south_(host_at(1, "198.51.100.10:5060")) {
    exchange::Identity identity;
    identity.seed = {seed, 2, 3, 4};
    identity.jitter = false;
    identity.listeners.push_back({sip::Transport::Udp, north_.switch_address});
    exchange_ = std::make_unique<exchange::Exchange>(identity, configuration(by_reinvite));
  }

  void run() {
    CallerPlan plan;
    plan.talk = kTalk;
    plan.patience = 60'000ms;
    plan.timer = {.supports = true, .interval = kInterval, .wish = TimerPlan::Wish::Uas};
    draw_deeds(plan);
    auto caller = std::make_shared<Caller>(*this, north_, kNumber, plan, Draw(seed_, "caller"));
    north_.parties[caller->call_id()] = caller;
    caller->start();
    for (;;) {
      const Instant deadline = exchange_->next_deadline();
      const Instant next = queue_.empty() ? deadline : std::min(deadline, queue_.begin()->first);
      if (next == kNever) break;
      now_ = std::max(now_, next);
      if (!queue_.empty() && queue_.begin()->first <= now_) {
        const auto act = std::move(queue_.begin()->second);
        queue_.erase(queue_.begin());
        act();
      } else {
        handle(exchange::Tick{});
      }
    }
  }

  void expect_agreed() const {
    ASSERT_EQ(records_.size(), 1u);
    EXPECT_EQ(records_.front().end_reason, cause::EndReason::CallerHangup);
    for (const auto& [call_id, leg] : legs_) {
      for (const auto& [side, status] : leg.finals) EXPECT_EQ(status, 200) << call_id << side;
    }
    for (const std::string& fault : faults_) ADD_FAILURE() << fault;
  }

  int glares = 0;                          // 491 on either leg, from either side
  std::vector<milliseconds> ours, theirs;  // pauses of the switch, by who made the Call-ID

  // --- Stage ---
  Instant now() const override { return now_; }
  void after(milliseconds delay, std::function<void()> act) override {
    queue_.emplace(now_ + delay, std::move(act));
  }
  void meanwhile(milliseconds delay, std::function<void()> act) override {
    after(delay, std::move(act));
  }
  void send(Host& from, const std::string& bytes, Nature) override {
    const sip::Path path{sip::Transport::Udp, 0, 0, from.address};
    after(delay(), [this, path, bytes] {
      note(*wire::take_apart(bytes), Way::In);
      handle(exchange::Received{path, bytes});
    });
  }
  bool finishing() const override { return false; }
  bool long_talks() const override { return false; }
  bool in_order() const override { return false; }
  void broken(std::string_view law, const std::string& detail, const std::string&) override {
    faults_.push_back(std::string(law) + ": " + detail);
  }
  void spoil(const std::string&) override {}
  void vouch(const std::string&) override {}
  void died(const std::string&, const std::string&) override {}
  std::uint64_t seed() const override { return seed_; }

 private:
  enum class Way : std::uint8_t { In, Relayed, Own };  // Own: begun by the switch itself

  milliseconds delay() { return draw_.between(1ms, 120ms); }

  // About when the switch refreshes both legs, and once more when it does not.
  void draw_deeds(auto& plan) {
    const auto about = [this](milliseconds when) {
      return DeedAt{when + draw_.between(-250ms, 250ms),
                    draw_.percent(60) ? Deed::ReInvite : Deed::Update};
    };
    // Or it is busy then with something the switch cannot see: nothing of its own overtakes ours.
    if (alone_ || draw_.percent(30)) {
      plan.timer.glare = 100;
    } else {
      plan.deeds.push_back(about(45'000ms));
    }
    plan.deeds.push_back(about(70'000ms));
  }

  void handle(const exchange::Input& input) {
    actions_.clear();
    exchange_->handle({now_, UtcTime{milliseconds(1'700'000'000'000)} + now_.time_since_epoch()},
                      input, actions_);
    for (const cdr::Cdr& record : actions_.cdrs.parsed()) records_.push_back(record);
    const Way way = std::holds_alternative<exchange::Tick>(input) ? Way::Own : Way::Relayed;
    for (const auto& datagram : actions_.outbox.datagrams()) {
      const std::string bytes(datagram.bytes);
      note(*wire::take_apart(bytes), way);
      Host& to = datagram.path.peer == north_.address ? north_ : south_;
      after(delay(), [this, &to, bytes] { arrive(to, bytes); });
    }
  }

  void arrive(Host& to, const std::string& bytes) {
    const auto text = wire::take_apart(bytes);
    const std::string call_id = text->get("Call-ID");
    if (&to == &south_ && !south_.parties.contains(call_id)) {
      CalleePlan plan;
      plan.final_after = 500ms;
      plan.timer = {.supports = true, .interval = kInterval, .wish = TimerPlan::Wish::Uac};
      draw_deeds(plan);
      south_.parties[call_id] =
          std::make_shared<Callee>(*this, south_, kNumber, plan, Draw(seed_, "callee"));
    }
    receive(*this, to, bytes);
  }

  void note(const wire::Text& text, Way way) {
    const std::string method = text.method();
    if (method != "INVITE" && method != "UPDATE") return;
    const std::string call_id = text.get("Call-ID");
    const bool initial = text.is_request() && wire::tag_in(text.get("To")).empty();
    if (initial) legs_[call_id].ours = way != Way::In;
    if (initial) return;
    Leg& leg = legs_[call_id];
    if (text.is_request()) {
      const bool fresh = leg.known.insert(text.branch()).second;
      if (way == Way::Own && fresh) repeated(leg, text.branch());
      if (way != Way::Own) leg.busy = true;
      return;
    }
    const int status = text.status();
    if (status < 200) return;
    glares += status == 491 ? 1 : 0;
    leg.finals[way == Way::In ? " switch" : " peer"] = status;
    if (status < 300) leg.glare_at = kNever;
    if (status == 491 && way == Way::In && text.branch() == leg.last_refresh) {
      leg.glare_at = now_;
      leg.busy = false;
    }
  }

  // The switch sent a refresh, perhaps the one that met glare.
  void repeated(Leg& leg, const std::string& branch) {
    leg.last_refresh = branch;
    if (leg.glare_at == kNever) return;
    const milliseconds pause = now_ - leg.glare_at;
    leg.glare_at = kNever;
    const milliseconds least = leg.ours ? 2100ms : 0ms;
    const milliseconds most = leg.ours ? 4000ms : 2000ms;
    // It may find the session being changed and wait for that, too.
    if (pause < least || (pause > most && !leg.busy)) {
      faults_.push_back("a pause of " + std::to_string(pause.count()) + " ms after glare");
    }
    (leg.ours ? ours : theirs).push_back(pause);
  }

  std::uint64_t seed_;
  Draw draw_;
  bool alone_ = draw_.percent(30);  // at first only the switch wants something
  Host north_, south_;
  std::unique_ptr<exchange::Exchange> exchange_;
  exchange::Actions actions_;
  Instant now_{};
  std::multimap<Instant, std::function<void()>> queue_;  // equal instants in order of entry
  std::map<std::string, Leg> legs_;                      // by Call-ID
  std::vector<cdr::Cdr> records_;
  std::vector<std::string> faults_;
};

TEST(Glare, a_thousand_crossing_changes_are_agreed_in_the_end) {
  int glares = 0;
  std::vector<milliseconds> ours, theirs;

  for (int i = 1; i <= kRepetitions && !HasFailure(); ++i) {
    SCOPED_TRACE(i);
    Corridor corridor(std::uint64_t(i), i % 2 == 0);
    corridor.run();
    corridor.expect_agreed();
    glares += corridor.glares;
    ours.insert(ours.end(), corridor.ours.begin(), corridor.ours.end());
    theirs.insert(theirs.end(), corridor.theirs.begin(), corridor.theirs.end());
  }

  // They did collide, on both legs, and the pauses are drawn from their whole range.
  EXPECT_GT(glares, kRepetitions);
  ASSERT_GT(ours.size(), 100u);
  ASSERT_GT(theirs.size(), 100u);
  EXPECT_LT(*std::min_element(ours.begin(), ours.end()), 2300ms);
  EXPECT_GT(*std::max_element(ours.begin(), ours.end()), 3800ms);
  EXPECT_LT(*std::min_element(theirs.begin(), theirs.end()), 200ms);
  EXPECT_GT(*std::max_element(theirs.begin(), theirs.end()), 1800ms);
}

}  // namespace
}  // namespace tandem::sim
