// What both sides of a call do while it lasts, and how they answer what the switch asks.

#include <algorithm>

#include "sim/mischief.h"
#include "sim/party.h"

namespace tandem::sim {

void Party::on_request(const wire::Text& request) {
  const std::string method = request.method();
  if (method == "ACK") return on_ack(request);
  const auto told = told_.find(request.branch() + method);
  if (told != told_.end()) {
    const auto waits = std::find_if(accepted_.begin(), accepted_.end(), [&](const Accepted& a) {
      return a.branch == request.branch();
    });
    const bool acknowledged = waits != accepted_.end() && waits->acknowledged;
    const bool silent = told->second.empty();
    if (!acknowledged && !silent) stage_.send(host_, told->second, Nature::Proper);
    return;
  }
  if (method == "CANCEL") return on_cancel(request);
  const std::string tag = wire::tag_in(request.get("To"));
  if (tag.empty() && method == "INVITE") return on_invite(request);
  if (!knows_tag(tag)) {
    tell(request, 481, "", {}, "");
    return;
  }
  check_request(request);
  std::uint32_t& heard = heard_[tag];
  if (request.cseq() <= heard) {
    tell(request, 500, tag, {}, "");  // it was passed on the way; the ledger saw it leave
    return;
  }
  heard = request.cseq();
  told_[request.branch() + method];  // what is being answered, or never will be
  if (ignores(method)) return;
  if (method == "BYE") {
    tell(request, 200, tag, {}, "");
    over_ = true;
    for (Accepted& accepted : accepted_) accepted.acknowledged |= accepted.tag == tag;
    return;
  }
  if (method == "PRACK") return on_prack(request);
  if (over_) {
    tell(request, 481, tag, {}, "");
    return;
  }
  if (method == "INVITE" || method == "UPDATE") return on_modify(request);
  const bool known = method == "INFO" || method == "MESSAGE" || method == "OPTIONS";
  tell(request, known ? 200 : 501, tag, {}, "");
}

bool Party::ignores(const std::string& method) const {
  if (stage_.finishing() || !confirmed_) return false;
  if (method == "BYE") return replies_.deaf_to_bye;
  if (method == "INVITE" || method == "UPDATE") return replies_.deaf_to_modify;
  return method != "PRACK" && replies_.deaf_to_info;
}

void Party::check_request(const wire::Text& request) {
  if (!confirmed_ || over_) return;
  check_session(request);
  const std::string from = wire::tag_in(request.get("From"));
  // A request in an early dialog may still be under way when another one is confirmed.
  if (!dialog_.remote_tag.empty() && wire::tag_in(request.get("To")) == local_tag_ &&
      from != dialog_.remote_tag && !peer_tags_.contains(from)) {
    broken("requests in a dialog carry its tags", request.get("From"));
  }
  if (request.request_uri() != wire::uri_in(contact().value)) {
    broken("requests in a dialog name the peer's contact", request.start);
  }
  if (record_routes_ && request.get("Route").find(host_.address.text()) == std::string::npos) {
    broken("requests in a dialog follow its route set", request.start);
  }
}

void Party::on_ack(const wire::Text& ack) {
  for (Accepted& accepted : accepted_) {
    const bool own = accepted.success ? accepted.cseq == ack.cseq() &&
                                            accepted.tag == wire::tag_in(ack.get("To"))
                                      : accepted.branch == ack.branch();
    if (!own || accepted.acknowledged) continue;
    accepted.acknowledged = true;
    check_session(ack);
    return on_acknowledged(accepted, ack);
  }
}

void Party::on_acknowledged(Accepted&, const wire::Text&) {}

bool Party::modifying() const {
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    const Asked& asked = asked_[i];
    const bool modify = asked.method == "UPDATE" ||
                        (asked.method == "INVITE" && (i != initial_ || side_ != "caller"));
    if (modify && !asked.done) return true;
  }
  return false;
}

void Party::on_modify(const wire::Text& request) {
  const bool invite = request.method() == "INVITE";
  if (!invite && !timer_.takes_update && !stage_.finishing()) {
    tell(request, 405, local_tag_, {allow()}, "");
    return;
  }
  // A glare that the switch cannot see: the party is busy with something else. Never twice in a
  // row.
  const bool busy = !stage_.finishing() && request.has("Session-Expires") && !clock_.glared &&
                    draw_.percent(timer_.glare);
  clock_.glared = busy;
  if (busy || (modifying() && !request.body.empty())) {  // RFC 3261 §14.2: glare
    const std::string bytes = tell(request, 491, local_tag_, {}, "");
    if (invite) await_ack(request, bytes, local_tag_, false);
    return;
  }
  if (invite) tell(request, 100, "", {}, "");
  stage_.after(replies_.delay,
               [this, request, unchanged = unchanged_] { answer_modify(request, unchanged); });
}

void Party::answer_modify(const wire::Text& request, bool unchanged) {
  int status = stage_.finishing() ? 200 : replies_.modify;
  if (over_) status = request.method() == "INVITE" ? 487 : 481;
  const bool invite = request.method() == "INVITE";
  std::vector<wire::Line> more;
  if (status == 200 && refusal(request) != 0) {
    status = 422;
    more.push_back({"Min-SE", std::to_string(refusal(request))});
  }
  const bool with_session = status == 200 && (invite || !request.body.empty());
  // What did not change is answered unchanged (RFC 4028 §7.4).
  const bool again = !request.body.empty() && unchanged && !said_session_.empty();
  if (status == 200) more = grant(request);
  const std::string bytes = tell(request, status, local_tag_, more,
                                 !with_session ? std::string()
                                 : again       ? said_session_
                                               : session());
  if (invite) await_ack(request, bytes, local_tag_, status == 200);
  if (status == 481 || status == 408) over_ = true;
}

void Party::on_modify_response(Asked& asked, const wire::Text& response) {
  if (response.status() < 300) take_grant(*wire::take_apart(asked.bytes), response);
  if (asked.method == "INVITE") {
    if (response.status() >= 300) {
      acknowledge_refusal(asked, response);
    } else {
      const bool late = asked.bytes.find("v=0\r\n") == std::string::npos;
      const std::string body = late ? session() : std::string();
      const std::uint32_t cseq = asked.cseq;
      if (stage_.finishing() || replies_.acknowledge == Acknowledge::AtOnce) {
        acknowledge(dialog_, cseq, body);
      } else if (replies_.acknowledge == Acknowledge::Late) {
        stage_.after(draw_.between(100ms, 3000ms),
                     [this, cseq, body] { acknowledge(dialog_, cseq, body); });
      } else if (replies_.acknowledge == Acknowledge::Wrong) {
        acknowledge(dialog_, cseq + 3, body, Nature::Improper);
      }
    }
  }
  const int status = response.status();
  if (status == 481 || status == 408) return hang_up();
  if (asked.refresh) return on_refresh_response(asked, response);
  if (status == 491 && asked.deed && keeps_session_) {
    stage_.meanwhile(glare_pause(), [this, deed = *asked.deed] { act(deed); });
  }
}

void Party::begin_talk(const std::optional<milliseconds>& talk, const std::vector<DeedAt>& deeds,
                       const Replies& replies) {
  confirmed_ = true;
  replies_ = replies;
  const bool answers = replies.modify == 200 && !replies.deaf_to_modify && !replies.deaf_to_info;
  const bool acknowledges =
      replies.acknowledge == Acknowledge::AtOnce || replies.acknowledge == Acknowledge::Late;
  keeps_session_ = host_.temper != Temper::Rude && host_.vendor.habit != Habit::Dying && answers && acknowledges;
  if (keeps_session_) stage_.vouch(call_id_);
  if (stage_.finishing()) {
    stage_.after(draw_.between(0ms, 3000ms), [this] { hang_up(); });
    return;
  }
  for (const DeedAt& deed : deeds) {
    if (talk && deed.after > *talk) continue;
    stage_.meanwhile(deed.after, [this, what = deed.deed] { act(what); });
  }
  if (talk) stage_.meanwhile(*talk, [this] { hang_up(); });
  if (timer_.dies_after) stage_.meanwhile(*timer_.dies_after, [this] { die(); });
}

void Party::hang_up() {
  if (over_ || dead_ || !confirmed_) return;
  over_ = true;
  ask("BYE", dialog_, {}, "");
}

void Party::act(Deed deed) {
  if (over_ || dead_ || stage_.finishing()) return;
  switch (deed) {
    case Deed::ReInvite:
    case Deed::LateReInvite: {
      if (modifying()) return;
      const std::size_t index = ask("INVITE", dialog_, timer_lines(),
                                    deed == Deed::ReInvite ? session(draw_.percent(50)) : "");
      asked_[index].deed = deed;
      if (!draw_.percent(10)) return;
      // Sometimes it is taken back.
      stage_.after(draw_.between(50ms, 500ms), [this, index] {
        Asked& asked = asked_[index];
        if (asked.done || !asked.provisional) return;
        Asked cancel;
        cancel.method = "CANCEL";
        cancel.branch = asked.branch;
        cancel.cseq = asked.cseq;
        cancel.from = asked.from;
        const std::string uri = asked.bytes.substr(7, asked.bytes.find(' ', 7) - 7);
        cancel.bytes =
            wire::put_together("CANCEL " + uri + " SIP/2.0",
                               head("CANCEL", asked.branch, asked.cseq, dialog_.remote_tag), "");
        launch(std::move(cancel));
      });
      return;
    }
    case Deed::Update:
      if (modifying()) return;
      asked_[ask("UPDATE", dialog_, timer_lines(), draw_.percent(70) ? session() : "")].deed = deed;
      return;
    case Deed::Info:
      ask("INFO", dialog_, {}, "Signal=5\r\nDuration=160\r\n");
      return;
    case Deed::Message:
      ask("MESSAGE", dialog_, {}, "hello");
      return;
    case Deed::Options:
      ask("OPTIONS", dialog_, {}, "");
      return;
    case Deed::Mischief:
      stage_.spoil(number_);
      for (int left = draw_.between(1, 3); left > 0; --left) {
        stage_.send(host_, damaged(draw_, draw_.pick(sent_)), Nature::Improper);
      }
      return;
  }
}

}  // namespace tandem::sim
