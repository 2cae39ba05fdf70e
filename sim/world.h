// The virtual world: the real exchange, a clock that jumps to the next event, a network that loses,
// doubles, delays and cuts, peers of every temper, a journal that stalls, a machine that falls
// over, operators. Everything from one seed; the same seed gives the same bytes.
//
// Phase one lasts Climate::length: faults happen and the laws hold. Then the faults stop, everybody
// comes to an end, and within a bounded time nothing may be left.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/exchange/exchange.h"
#include "core/sip/stream.h"
#include "sim/caller.h"
#include "sim/climate.h"
#include "sim/dispatch.h"
#include "sim/host.h"
#include "sim/ledger.h"
#include "sim/sessions.h"

namespace tandem::sim {

// From the end of the faults to the last operator's hang-up.
inline constexpr milliseconds kUntilOperator = 120'000ms;

// How often the exchange is saved and restored in a new one.
enum class Handover : std::uint8_t { Drawn, Never, Always };

struct WorldOptions {
  std::uint64_t seed = 1;
  double hours = 0.1;
  Handover handover = Handover::Drawn;
  bool without_edits = false;  // a restored call takes the newest Directory: not comparable
  bool verbose = false;        // print every message
};

struct Outcome {
  bool broken = false;
  std::string law, detail, ladder;
  std::uint64_t hash = 0;  // of everything that was sent, when and where to
  std::uint64_t inputs = 0, messages = 0, calls = 0, answered = 0, handovers = 0;
  std::map<std::string, std::uint64_t> reasons = {};  // end reasons of the records
  std::map<int, std::uint64_t> statuses = {};         // final answers to callers
};

class World final : public Stage {
 public:
  explicit World(const WorldOptions& options);
  Outcome run();

  // --- Stage ---
  Instant now() const override { return now_; }
  void after(milliseconds delay, std::function<void()> act) override;
  void meanwhile(milliseconds delay, std::function<void()> act) override;
  void send(Host& from, const std::string& bytes, Nature nature) override;
  bool finishing() const override { return finishing_; }
  bool in_order() const override { return climate_.calm; }
  bool long_talks() const override { return climate_.long_talks; }
  void broken(std::string_view law, const std::string& detail, const std::string& call) override;
  void spoil(const std::string& call) override {
    ledger_.spoil(call);
    sessions_.spoil(call);
  }
  void vouch(const std::string& call_id) override { sessions_.vouch(call_id); }
  void died(const std::string& call, const std::string& call_id) override;
  std::uint64_t seed() const override { return options_.seed; }

 private:
  struct Happening {
    Instant at{};
    std::uint64_t order = 0;
    std::function<void()> act;
  };
  // One TCP connection.
  struct Stream {
    std::uint32_t number = 0;
    int host = 0;
    bool open = true;
    bool muddled = false;  // something improper was said: where messages begin is anybody's guess
    Endpoint peer;         // as the switch sees it
    sip::StreamFramer framer{65'535};
    std::string waiting;  // at the host, not yet a whole message
    Instant last_in{}, last_out{};
  };
  struct Cut {
    int host;
    bool towards_switch;
    Instant begin, end;
  };
  struct Noted {  // for the ladder
    Instant at{};
    std::string from, to, bytes;
  };
  using Input = exchange::Input;

  // --- the loop (world.cc) ---
  void step();
  void handle(const Input& input, Nature nature = Nature::Proper);
  void begin();
  void finish();
  void schedule_calls();
  void start_call();
  UtcTime wall() const {
    return UtcTime{milliseconds(1'700'000'000'000)} + now_.time_since_epoch();
  }
  std::string ladder(const std::string& call) const;
  static std::string line_of(const Noted& noted);
  void note(const std::string& from, const std::string& to, std::string_view bytes);

  // --- the network (network.cc) ---
  void deliver(const sip::Path& path, const std::string& bytes, Nature nature, int host);
  void transmit(const sip::Path& path, const std::string& bytes);
  void transmit_stream(const sip::Path& path, const std::string& bytes);
  void to_host(int host, const std::string& bytes);
  void to_self(const sip::Path& path, const std::string& bytes);
  void send_stream(Host& from, const std::string& bytes, Nature nature);
  void pump(std::uint32_t stream, Nature nature);
  Stream* stream_for(int host, const Endpoint& peer);
  void break_stream(Stream& stream);
  void fail_path(const sip::Path& path, int host);
  bool lost(int host, bool towards_switch);
  milliseconds delay();

  // --- operators and machines (operators.cc) ---
  void schedule_troubles();
  void schedule_scanners();
  void adopt();
  void lock_some_vendor(milliseconds length);
  void hand_over();
  void crash();
  void keep();
  void write_keeps();
  std::size_t kept_count() const;  // of calls
  void ask_something();
  void hang_up_some(int percent);
  void end_by_operator();
  void leave_vendors();
  void answer_question(const exchange::Ask& ask);

  // --- laws (judgement.cc) ---
  void judge_output(const Input& input, Nature nature);
  void judge_message(const sip::Outbox::Datagram& datagram, Nature cause);
  void judge_source(const sip::Path& path, std::size_t size);
  void judge_replies(const Input& input);
  void judge_end();
  void judge_polite();
  void report(std::string_view law, const std::string& detail, const std::string& call);
  bool talks(int host, const std::string& call_id) const;
  bool known(const IpAddress& ip) const { return known_.contains(ip); }
  void learn_named(const std::string& bytes);

  WorldOptions options_;
  Draw network_, people_, troubles_, handovers_;
  Climate climate_;
  Population population_;
  directory::Directory::Source current_;
  std::shared_ptr<const directory::Directory> directory_;
  exchange::Identity identity_;
  std::unique_ptr<exchange::Exchange> exchange_;
  exchange::Actions actions_;
  Ledger ledger_;
  Sessions sessions_;
  Dispatch dispatch_;
  std::set<std::string> deaths_;  // calls one of whose parties vanished
  Outcome outcome_;

  Instant now_{};
  std::uint64_t order_ = 0;
  std::vector<Happening> queue_;  // heap
  std::vector<Cut> cuts_;
  std::map<std::uint32_t, Stream> streams_;
  std::uint32_t last_stream_ = 0;
  std::map<Endpoint, int> by_address_;
  std::set<IpAddress> known_;  // configured
  std::set<IpAddress> heard_;  // sent something, known or not
  std::set<IpAddress> named_;  // named by who is known
  std::vector<Caller*> callers_;
  std::deque<Noted> noted_;
  std::uint64_t last_request_ = 0;
  std::vector<std::int64_t> listed_;
  std::map<std::pair<exchange::KeptKind, std::uint64_t>, std::string> kept_;
  std::vector<exchange::Keep> unwritten_;  // without haste
  Instant unwritten_since_{};
  std::set<std::int64_t> promised_;  // flow numbers of calls that were kept: each has a record
  int next_number_ = 0;
  int idle_ticks_ = 0;
  bool stalled_ = false;
  bool draining_ = false;
  bool finishing_ = false;
};

}  // namespace tandem::sim
