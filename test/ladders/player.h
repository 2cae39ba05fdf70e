// Plays one ladder: carries lines to the exchange and compares what comes out, with virtual time.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ladders/ladder.h"
#include "ladders/party.h"
#include "ladders/world.h"

namespace tandem::ladder {

class Player {
 public:
  // With `edits` differences are collected there instead of ending the play.
  Player(const Ladder& ladder, Restart restart, Edits* edits);
  std::string run();

 private:
  // Something the switch did that a line must expect.
  struct Sent {
    std::string peer;   // who gets it; "dns", "operator" for what is no message
    std::string bytes;  // of a message
    std::string note;   // of what is no message: its words
    Endpoint to;
    bool message() const { return note.empty(); }
  };

  // --- the flow of a ladder (player.cc) ---
  void begin();
  void play_line(const Line& line);
  void advance(std::int64_t to);
  void settle();
  void expect(const Line& line);
  std::string compare(const Line& line, const Sent& sent);
  void leave_unexpected(int line);
  void conclude();

  // --- inputs (player_inputs.cc) ---
  void send(const Line& line);
  void receive(const std::string& peer, const std::string& bytes);
  void operate(const Line& line);
  void resolve(const Line& line);
  void look_up(const Line& line);
  void break_path(const Line& line);
  std::int64_t flow_of_call(std::size_t index);
  void handle(const exchange::Input& input);
  void collect();
  void collect_reply(const exchange::Reply& reply);
  void collect_message(const sip::Outbox::Datagram& datagram);
  std::string law_of_topology(const std::string& peer, const std::string& bytes) const;

  // --- other lives of the exchange (player_restarts.cc) ---
  Now clocks() const;
  void restart();
  exchange::Identity identity() const;
  void kill_or_start(const Line& line);
  void start_again();
  void count_of_life();

  // --- what must be so at the end (player_ends.cc) ---
  void judge_records();
  void judge_counters();
  void judge(const Expectation& expectation);
  std::string actual(const Expectation& expectation, const std::string& subject,
                     const std::string& field);

  Party& party(const std::string& name);
  std::string party_of(const Sent& sent) const;
  void fail(int line, const std::string& what);
  void note(const std::string& text);
  bool failed() const { return !fault_.empty(); }
  exchange::StatusReport status();

  const Ladder& ladder_;
  Restart restart_;
  Edits* const edits_;
  World world_;
  std::shared_ptr<const directory::Directory> directory_;
  std::unique_ptr<exchange::Exchange> exchange_;
  exchange::Actions actions_;
  std::int64_t now_ = 0;  // ms since the beginning
  std::int64_t mono_start_ = 5'000'000;
  std::map<std::pair<exchange::KeptKind, std::uint64_t>, std::string> kept_;
  std::uint64_t lives_ = 0;  // ended by a kill
  std::uint64_t offered_before_ = 0, ended_before_ = 0;  // counted by earlier lives
  std::uint64_t calls_before_ = 0;  // when it was killed
  std::uint64_t lost_calls_ = 0;
  std::deque<Sent> sent_;
  std::vector<cdr::Cdr> records_;
  std::vector<exchange::Reply> replies_;
  std::map<std::string, std::uint64_t> questions_;  // of the DNS, by host
  std::map<std::string, std::uint64_t> look_ups_;   // over HTTP, by number
  std::map<std::string, Party> parties_;
  Shared shared_;
  std::string played_;  // the ladder so far, as it went
  std::string fault_;
};

std::string seconds_text(std::int64_t milliseconds);  // "0.350"

}  // namespace tandem::ladder
