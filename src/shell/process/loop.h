// The thread of one exchange: hands it what happened and when, and does what it says. A round takes
// what came in on each socket, at most one batch, then due timers, then writes ended calls to the
// journal, and only then sends. Under load it sleeps between rounds (pace.h).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/exchange/exchange.h"
#include "shell/api/live.h"
#include "shell/clock/clock.h"
#include "shell/journal/journal.h"
#include "shell/journal/kept_store.h"
#include "shell/net/network.h"
#include "shell/process/log.h"
#include "shell/process/look_ups.h"
#include "shell/process/mailbox.h"
#include "shell/process/overload.h"
#include "shell/process/pace.h"
#include "shell/trace/ring.h"

namespace tandem::process {

class Loop final : private net::Receiver {
 public:
  // What it works with; all of it outlives the loop, and belongs to its thread but for what says
  // otherwise.
  struct Parts {
    net::Network& network;
    journal::Journal& journal;
    trace::Ring& trace;
    Log& log;
  };
  Loop(const Parts& parts, exchange::Exchange exchange,
       std::shared_ptr<const directory::Directory> directory);

  // What an earlier run kept, one by one, before run().
  void remember(const journal::KeptRecord& record);
  // Until all calls have ended after drain(), or stop().
  void run();

  // ---- any thread ----

  void post(exchange::Input command, std::function<void(exchange::Reply)> answer);
  void adopt(std::shared_ptr<const directory::Directory> directory);
  // Takes no new calls, lets those that are up end within SS_STOP_GRACE_TIME, then ends.
  void drain();
  // The same without that time: calls that are up are released now, with BYE and a record.
  void release();
  // Ends after this round.
  void stop();
  bool draining() const { return drain_wanted_.load(std::memory_order_relaxed); }
  // Why new calls are refused; "" = they are not.
  std::string alarm() const;

 private:
  using Watch = std::chrono::microseconds;

  void on_message(const sip::Path& path, std::string_view bytes) override;
  bool round();
  void rest(bool more);
  void take_letters();
  void begin_draining(milliseconds grace);
  void use(std::shared_ptr<const directory::Directory> directory);
  void take_news();
  bool serve_timers(bool messages_wait);
  void finish_round();
  void record();
  void hold_for_contacts(const sip::Path& path, std::size_t first);
  bool keep(const exchange::Keep& each);
  void watch_storage();
  void send();
  void answer();
  void look_after();
  void watch_load(Watch precise);
  void tell_of_overload(Watch precise);
  void watch(Watch begun);
  void add_counters(exchange::StatusReport& report) const;
  void handle(const exchange::Input& input) { exchange_.handle(now_, input, actions_); }
  milliseconds until_deadline() const;

  Parts parts_;
  exchange::Exchange exchange_;
  std::shared_ptr<const directory::Directory> directory_;
  clock::Clock clock_;
  Now now_{};
  Pace pace_;
  Mailbox mailbox_;
  std::atomic<bool> drain_wanted_{false};
  std::atomic<bool> release_wanted_{false};
  std::atomic<bool> stop_wanted_{false};
  mutable std::mutex alarm_mutex_;
  std::string alarm_;

  exchange::Actions actions_;
  Pace::Round this_round_;
  bool storage_faulty_ = false;
  int thinned_ = 0;  // thousandths of new calls that are refused
  bool overloaded_ = false;
  Watch overload_seen_at_ = Watch::min() / 2;
  Watch load_seen_at_{};
  Watch busy_{};  // since then, in rounds
  bool drain_begun_ = false;
  bool release_begun_ = false;
  Instant end_at_ = kNever;  // at the latest, once it drains
  Instant look_after_at_{};
  Instant timers_served_at_{};
  std::uint64_t last_request_ = 0;
  std::map<std::uint64_t, std::function<void(exchange::Reply)>> questions_;

  // Kept for their memory.
  std::vector<Letter> letters_;
  std::vector<sip::Path> failed_;
  std::vector<net::NameAnswer> names_;
  std::string record_;

  struct {
    std::uint64_t rounds = 0;
    std::uint64_t slow_rounds = 0;  // over kSlow
    Watch longest{};
    std::uint64_t records_lost = 0;
    std::uint64_t keeps_lost = 0;
  } counters_;

  // The last member: its threads speak to the mailbox.
  LookUps look_ups_{[this](exchange::LookedUp answer) { post(std::move(answer), {}); }};
};

}  // namespace tandem::process
