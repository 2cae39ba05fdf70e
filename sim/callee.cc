#include "sim/callee.h"

#include <algorithm>

namespace tandem::sim {
namespace {

bool lists(const wire::Text& text, const char* header, const char* option) {
  for (const std::string& value : text.all(header)) {
    if (value.find(option) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

Callee::Callee(Stage& stage, Host& host, const std::string& number, const CalleePlan& plan,
               Draw draw)
    : Party(stage, host, number, "callee" + std::to_string(host.number), draw), plan_(plan) {
  local_tag_ = tag_of(plan.answering_fork);
  record_routes_ = plan.record_route;
  replies_ = plan.replies;
  timer_ = plan.timer;
}

bool Callee::knows_tag(const std::string& tag) const {
  return tag.compare(0, tag_of(0).size(), tag_of(0)) == 0;
}

std::vector<wire::Line> Callee::answer_lines() const {
  std::vector<wire::Line> lines;
  for (const std::string& route : invite_.all("Record-Route"))
    lines.push_back({"Record-Route", route});
  if (record_routes_) lines.push_back({"Record-Route", "<sip:" + host_.address.text() + ";lr>"});
  return lines;
}

void Callee::on_invite(const wire::Text& invite) {
  invite_ = invite;
  call_id_ = invite.get("Call-ID");
  local_ = invite.get("To");
  const std::string from = invite.get("From");
  remote_ = from.substr(0, from.find(";tag="));
  dialog_ = {wire::tag_in(from), wire::uri_in(invite.get("Contact"))};
  late_offer_ = invite.body.empty();
  peer_demands_ = lists(invite, "Require", "100rel");
  peer_reliable_ = peer_demands_ || lists(invite, "Supported", "100rel");
  check_session(invite);
  if (plan_.silent && !stage_.finishing()) return;
  if (const int least = refusal(invite); least != 0 && !stage_.finishing()) {
    const std::string bytes =
        tell(invite, 422, local_tag_, {{"Min-SE", std::to_string(least)}}, "");
    over_ = true;  // until it is asked again
    return await_ack(invite, bytes, local_tag_, false);
  }
  over_ = false;
  if (plan_.trying) tell(invite, 100, "", {}, "");
  if (plan_.rings.empty()) {
    stage_.after(plan_.final_after, [this] { decide(); });
  } else {
    stage_.after(plan_.rings.front().after, [this] { ring(0); });
  }
}

void Callee::ring(std::size_t index) {
  if (final_ != 0) return;
  if (unacknowledged_ != 0) {  // RFC 3262 §3: one at a time
    stage_.after(500ms, [this, index] { ring(index); });
    return;
  }
  const RingAt& step = plan_.rings[index];
  const bool reliable = peer_demands_ || (peer_reliable_ && step.reliable);
  // An offer of ours only travels reliably (RFC 3261 §13.2.1).
  const bool with_session = step.session && (reliable || !late_offer_) && !session_done_[step.fork];
  std::vector<wire::Line> more = answer_lines();
  if (reliable) {
    std::uint32_t& rseq = rseqs_[step.fork];
    rseq = rseq == 0 ? std::uint32_t(draw_.between(1, 9000)) : rseq + 1;
    unacknowledged_ = rseq;
    ringing_fork_ = step.fork;
    more.push_back({"Require", "100rel"});
    more.push_back({"RSeq", std::to_string(rseq)});
  }
  std::string& own = sessions_[step.fork];
  if (with_session && own.empty()) own = session();
  ring_bytes_ = tell(invite_, step.status, tag_of(step.fork), more, with_session ? own : "");
  if (reliable) repeat_ring(unacknowledged_, 500ms, stage_.now() + 32'000ms);
  if (reliable && with_session) session_done_[step.fork] = true;
  if (index + 1 < plan_.rings.size()) {
    stage_.after(plan_.rings[index + 1].after, [this, index] { ring(index + 1); });
  } else {
    stage_.after(plan_.final_after, [this] { decide(); });
  }
}

void Callee::repeat_ring(std::uint32_t rseq, milliseconds wait, Instant until) {
  stage_.after(wait, [this, rseq, wait, until] {
    if (unacknowledged_ != rseq || final_ != 0) return;
    if (stage_.now() >= until) return conclude(504, plan_.answering_fork);
    stage_.send(host_, ring_bytes_, Nature::Proper);
    repeat_ring(rseq, wait * 2, until);
  });
}

void Callee::on_prack(const wire::Text& prack) {
  const std::uint32_t rseq = std::uint32_t(std::strtoul(prack.get("RAck").c_str(), nullptr, 10));
  if (rseq != unacknowledged_) {
    tell(prack, 481, local_tag_, {}, "");
    return;
  }
  unacknowledged_ = 0;
  check_session(prack);
  tell(prack, 200, local_tag_, {}, "");
}

void Callee::decide() {
  if (final_ != 0) return;
  if (unacknowledged_ != 0) {
    stage_.after(500ms, [this] { decide(); });
    return;
  }
  if (plan_.final_status != 0) conclude(plan_.final_status, plan_.answering_fork);
}

void Callee::conclude(int status, int fork) {
  if (status >= 300) {
    final_ = status;
    std::vector<wire::Line> more;
    if (status < 400)
      for (const std::string& contact : plan_.contacts) more.push_back({"Contact", contact});
    if (status == 401) more.push_back({"WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\""});
    if (status == 503 && plan_.retry_after != 0)
      more.push_back({"Retry-After", std::to_string(plan_.retry_after)});
    const std::string bytes = tell(invite_, status, tag_of(fork), more, "");
    await_ack(invite_, bytes, tag_of(fork), false);
    over_ = true;
    return;
  }
  const bool first = final_ == 0;
  final_ = status;
  std::string& own = sessions_[fork];
  if (own.empty()) own = session();
  if (first) granted_ = grant(invite_);
  std::vector<wire::Line> more = answer_lines();
  more.insert(more.end(), granted_.begin(), granted_.end());
  const std::string bytes =
      tell(invite_, status, tag_of(fork), more, session_done_[fork] ? "" : own);
  await_ack(invite_, bytes, tag_of(fork), true);
  if (!first) return;
  begin_talk(plan_.talk, plan_.deeds, plan_.replies);
  if (plan_.second_answer) {
    stage_.after(draw_.between(1ms, 400ms), [this, fork] { conclude(200, fork == 0 ? 1 : 0); });
  }
  if (plan_.contradicts) {
    stage_.spoil(number_);
    stage_.after(draw_.between(1ms, 400ms),
                 [this] { tell(invite_, 486, local_tag_, {}, "", Nature::Improper); });
  }
  if (plan_.bye_with_answer) hang_up();
}

void Callee::on_acknowledged(Accepted& accepted, const wire::Text&) {
  if (!plan_.repeats_answer || !accepted.success || stage_.finishing()) return;
  const std::string bytes = accepted.bytes;
  stage_.after(draw_.between(10ms, 3000ms),
               [this, bytes] {
                 if (!dead_) stage_.send(host_, bytes, Nature::Proper);
               });
}

void Callee::on_cancel(const wire::Text& cancel) {
  tell(cancel, 200, local_tag_, {}, "");
  if (final_ != 0 || (plan_.ignores_cancel && !stage_.finishing())) return;
  conclude(487, plan_.answering_fork);
}

void Callee::finish() {
  if (over_) return;
  if (confirmed_) {
    stage_.after(draw_.between(0ms, 5000ms), [this] { hang_up(); });
  } else if (final_ == 0) {
    conclude(480, plan_.answering_fork);
  }
}

}  // namespace tandem::sim
