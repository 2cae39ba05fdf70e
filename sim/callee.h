// The side that is called: provisionals, forks, the answer or the refusal.
#pragma once

#include <map>

#include "sim/party.h"

namespace tandem::sim {

class Callee : public Party {
 public:
  Callee(Stage& stage, Host& host, const std::string& number, const CalleePlan& plan, Draw draw);
  void finish() override;

  bool answered() const { return final_ >= 200 && final_ < 300; }

 private:
  void on_invite(const wire::Text& invite) override;
  void on_cancel(const wire::Text& cancel) override;
  void on_prack(const wire::Text& prack) override;
  void on_initial_response(Asked&, const wire::Text&) override {}
  void on_acknowledged(Accepted& accepted, const wire::Text& ack) override;
  bool knows_tag(const std::string& tag) const override;

  std::string tag_of(int fork) const {
    return fork == 0
               ? "e" + number_ + "h" + std::to_string(host_.number)
               : "e" + number_ + "h" + std::to_string(host_.number) + "f" + std::to_string(fork);
  }
  void ring(std::size_t index);
  void repeat_ring(std::uint32_t rseq, milliseconds wait, Instant until);
  void decide();
  void conclude(int status, int fork);
  std::vector<wire::Line> answer_lines() const;

  CalleePlan plan_;
  wire::Text invite_;
  bool late_offer_ = false;
  bool peer_reliable_ = false;
  bool peer_demands_ = false;
  int final_ = 0;
  std::map<int, std::uint32_t> rseqs_;  // last by fork
  std::uint32_t unacknowledged_ = 0;    // RSeq that waits for its PRACK
  int ringing_fork_ = 0;
  std::string ring_bytes_;
  std::vector<wire::Line> granted_;
  std::map<int, std::string> sessions_;  // by fork: the same until it is answered
  std::map<int, bool> session_done_;     // by fork: sent and acknowledged reliably
};

}  // namespace tandem::sim
