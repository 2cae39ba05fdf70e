// The side that begins a call: INVITE, ACK, CANCEL, PRACK.
#pragma once

#include <map>
#include <set>

#include "sim/party.h"

namespace tandem::sim {

class Caller : public Party {
 public:
  Caller(Stage& stage, Host& host, const std::string& number, const CallerPlan& plan, Draw draw);
  void start();
  void finish() override;

  bool answered() const { return answered_; }
  int final_status() const { return final_status_; }
  bool gave_up() const { return cancel_wanted_ || (final_status_ == 422 && timer_.gives_up); }
  const std::string& call_id() const { return call_id_; }

 private:
  void on_invite(const wire::Text& invite) override;
  void on_cancel(const wire::Text& cancel) override;
  void on_prack(const wire::Text& prack) override;
  void on_initial_response(Asked& invite, const wire::Text& response) override;
  void on_silence(const Asked& asked) override;
  void invite();
  void on_provisional(const wire::Text& response);
  void on_answer(const Asked& invite, const wire::Text& response);
  void acknowledge_answer(const Dialog& dialog, std::uint32_t cseq);
  void cancel();
  void send_cancel();
  static Dialog dialog_of(const wire::Text& response);

  CallerPlan plan_;
  bool cancel_wanted_ = false;
  bool cancel_sent_ = false;
  bool answered_ = false;
  bool session_agreed_ = false;  // a late offer was answered in a PRACK
  int final_status_ = 0;
  std::map<std::string, std::uint32_t> rseqs_;  // by To tag
  std::map<std::string, std::string> early_;    // To tag -> target
  std::string answer_session_;
  std::string offer_;
};

}  // namespace tandem::sim
