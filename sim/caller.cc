#include "sim/caller.h"

#include <algorithm>

namespace tandem::sim {

Caller::Caller(Stage& stage, Host& host, const std::string& number, const CallerPlan& plan,
               Draw draw)
    : Party(stage, host, number, "caller", draw), plan_(plan) {
  call_id_ = "c" + number + "-" + std::to_string(draw_.below(1'000'000)) + "@" + host.domain();
  local_ = "<sip:33" + std::to_string(100 + host.number) + "@" + host.domain() + ">";
  local_tag_ = "c" + number;
  remote_ = "<sip:" + number + "@" + host.switch_address.text() + ">";
  dialog_.target = "sip:" + number + "@" + host.switch_address.text();
  record_routes_ = plan.record_route;
  two_vias_ = plan.two_vias;
  replies_ = plan.replies;
  timer_ = plan.timer;
}

void Caller::invite() {
  std::vector<wire::Line> more = timer_lines();
  if (plan_.reliable) {
    more.push_back({plan_.demands_reliable ? "Require" : "Supported", "100rel"});
  }
  if (record_routes_) {
    more.push_back({"Record-Route", "<sip:" + host_.address.text() + ";lr>"});
  }
  more.push_back({"User-Agent", "Phone"});
  initial_ = ask("INVITE", dialog_, more, offer_);
}

void Caller::start() {
  if (!plan_.late_offer) offer_ = session();
  invite();
  if (plan_.second_way) {
    // The same request over another way: another branch, everything else alike (RFC 3261 §8.2.2.2).
    std::string other = asked_[initial_].bytes;
    const std::string& branch = asked_[initial_].branch;
    for (std::size_t at = other.find(branch); at != std::string::npos;
         at = other.find(branch, at + branch.size() + 1)) {
      other.insert(at + branch.size(), "w");
    }
    stage_.after(draw_.between(1ms, 100ms),
                 [this, other] { stage_.send(host_, other, Nature::Merged); });
  }
  if (plan_.cancel_after) stage_.after(*plan_.cancel_after, [this] { cancel(); });
  stage_.after(plan_.patience, [this] { cancel(); });
  if (plan_.bye_before_answer) {
    stage_.after(*plan_.bye_before_answer, [this] {
      if (final_status_ != 0 || early_.empty() || stage_.finishing()) return;
      cancel_wanted_ = true;
      ask("BYE", {early_.begin()->first, early_.begin()->second}, {}, "");
    });
  }
}

void Caller::finish() {
  if (over_) return;
  if (confirmed_) {
    stage_.after(draw_.between(0ms, 5000ms), [this] { hang_up(); });
  } else if (final_status_ == 0) {
    cancel();
  }
}

void Caller::cancel() {
  if (final_status_ != 0 || over_) return;
  cancel_wanted_ = true;
  // RFC 3261 §9.1: not before a provisional came.
  if (asked_[initial_].provisional || plan_.cancel_too_soon) send_cancel();
}

void Caller::send_cancel() {
  if (cancel_sent_) return;
  cancel_sent_ = true;
  const Asked& invite = asked_[initial_];
  Asked asked;
  asked.method = "CANCEL";
  asked.branch = invite.branch;
  asked.cseq = invite.cseq;
  asked.from = invite.from;
  asked.bytes = wire::put_together("CANCEL " + dialog_.target + " SIP/2.0",
                                   head("CANCEL", invite.branch, invite.cseq, ""), "");
  launch(std::move(asked));
}

Party::Dialog Caller::dialog_of(const wire::Text& response) {
  Dialog dialog{wire::tag_in(response.get("To")), wire::uri_in(response.get("Contact"))};
  std::vector<std::string> routes = response.all("Record-Route");
  std::reverse(routes.begin(), routes.end());
  dialog.routes = std::move(routes);
  return dialog;
}

void Caller::on_initial_response(Asked& invite, const wire::Text& response) {
  const int status = response.status();
  if (status < 200) {
    if (invite.done) return;
    if (cancel_wanted_) send_cancel();
    if (status > 100) on_provisional(response);
    return;
  }
  invite.done = true;
  const int least = std::atoi(response.get("Min-SE").c_str());
  if (status == 422 && !plan_.timer.gives_up && !cancel_wanted_ && least > timer_.interval) {
    // RFC 4028 §7.3: the same call, once more.
    acknowledge_refusal(invite, response);
    timer_.interval = least;
    return this->invite();
  }
  if (final_status_ != 0 && (final_status_ < 300) != (status < 300)) {
    broken("an INVITE has one final answer",
           std::to_string(final_status_) + " and then " + response.start);
  }
  final_status_ = status;
  if (status < 300) return on_answer(invite, response);
  acknowledge_refusal(invite, response);
  over_ = true;
}

void Caller::on_provisional(const wire::Text& response) {
  const Dialog dialog = dialog_of(response);
  early_[dialog.remote_tag] = dialog.target;
  const std::uint32_t rseq = std::uint32_t(std::strtoul(response.get("RSeq").c_str(), nullptr, 10));
  const bool reliable = rseq != 0;
  if (reliable && !plan_.reliable) {
    return broken("reliable provisionals only to who can acknowledge them", response.start);
  }
  if (plan_.late_offer && !reliable && !response.body.empty()) {
    return broken("no offer in an unreliable provisional", response.start);
  }
  if (!reliable || (plan_.forgets_prack && !stage_.finishing())) return;
  std::uint32_t& known = rseqs_[dialog.remote_tag];
  if (known != 0 && rseq != known + 1) return;
  known = rseq;
  std::string body;
  if (plan_.late_offer && !response.body.empty() && !session_agreed_) {
    body = session();
    session_agreed_ = true;
  }
  const std::uint32_t invite_cseq = asked_[initial_].cseq;
  ask("PRACK", dialog,
      {{"RAck", std::to_string(rseq) + " " + std::to_string(invite_cseq) + " INVITE"}}, body);
}

void Caller::on_answer(const Asked& invite, const wire::Text& response) {
  const Dialog dialog = dialog_of(response);
  const std::uint32_t cseq = invite.cseq;
  if (answered_ && dialog.remote_tag != dialog_.remote_tag) {
    return broken("the caller gets one 2xx dialog", response.start);
  }
  const bool first = !answered_;
  answered_ = true;
  dialog_ = dialog;
  if (!first) {
    if (stage_.finishing() || replies_.acknowledge == Acknowledge::AtOnce || over_) {
      acknowledge_answer(dialog, cseq);
    }
    return;
  }
  const bool polite = stage_.finishing() || cancel_wanted_;
  if (polite || replies_.acknowledge == Acknowledge::AtOnce) {
    acknowledge_answer(dialog, cseq);
  } else if (replies_.acknowledge == Acknowledge::Late) {
    stage_.after(draw_.between(50ms, 5000ms),
                 [this, dialog, cseq] { acknowledge_answer(dialog, cseq); });
  } else if (replies_.acknowledge == Acknowledge::Wrong) {
    acknowledge(dialog, cseq + 7, "", Nature::Improper);
  }
  take_grant(*wire::take_apart(invite.bytes), response);
  begin_talk(plan_.talk, plan_.deeds, plan_.replies);
  if (cancel_wanted_) hang_up();
}

void Caller::acknowledge_answer(const Dialog& dialog, std::uint32_t cseq) {
  if (plan_.late_offer && !session_agreed_ && answer_session_.empty()) answer_session_ = session();
  acknowledge(dialog, cseq, session_agreed_ ? "" : answer_session_);
}

void Caller::on_silence(const Asked& asked) {
  if (&asked == &asked_[initial_] && final_status_ == 0) {
    over_ = true;
    return;
  }
  if (asked.method == "PRACK" || asked.method == "CANCEL") return;
  Party::on_silence(asked);
}

// A caller of this world is never called.
void Caller::on_invite(const wire::Text& invite) { tell(invite, 486, local_tag_, {}, ""); }
void Caller::on_cancel(const wire::Text& cancel) { tell(cancel, 200, local_tag_, {}, ""); }
void Caller::on_prack(const wire::Text& prack) { tell(prack, 481, local_tag_, {}, ""); }

}  // namespace tandem::sim
