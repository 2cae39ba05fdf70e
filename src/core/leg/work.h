// What a leg holds only while something of it is open: requests without their final answer, answers
// without their acknowledgement. Most of its life a call just talks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/leg/session_timer.h"
#include "core/sip/path.h"
#include "core/transaction/layer.h"

namespace tandem::leg {

// A session request of ours or theirs that has no final answer (initial INVITE, re-INVITE).
struct InviteServer {
  transaction::ServerId transaction{};
  sip::Path path;
  std::string head;  // Via, From, Call-ID and CSeq lines of every answer; To without its tag
  std::string to;
  std::uint32_t cseq = 0;
  bool active = false;
  bool offered = false;  // the request carried an offer
  bool initial = false;

  template <class Archive>
  void fields(Archive& archive) {
    archive(transaction, path, head, to, cseq, active, offered, initial);
  }
};

// The 2xx to an INVITE, repeated until the ACK comes (RFC 3261 §13.3.1.4).
struct Answer {
  std::string bytes;  // "" = none is waiting
  sip::Path path;
  std::uint32_t cseq = 0;
  milliseconds wait{};
  Instant resend_at = kNever;
  Instant give_up_at = kNever;
  bool offered = false;  // the 2xx carried our offer: the ACK must bring the answer

  template <class Archive>
  void fields(Archive& archive) {
    archive(bytes, path, cseq, wait, resend_at, give_up_at, offered);
  }
};

// A provisional answer sent reliably, repeated until its PRACK comes (RFC 3262 §3), or waiting for
// the one before it.
struct Provisional {
  int status = 0;
  std::uint32_t rseq = 0;  // 0 = not sent yet
  std::uint8_t branch = 0;
  std::string type;        // body
  std::string body;
  std::string annex;
  bool offers = false;     // the body is an offer (the INVITE had none)
  std::string bytes;       // as sent

  template <class Archive>
  void fields(Archive& archive) {
    archive(status, rseq, branch, type, body, annex, offers, bytes);
  }
};

// State of the reliable provisionals of an ingress leg.
struct Provisionals {
  std::vector<Provisional> queue;  // front: sent and unacknowledged when rseq != 0
  std::uint32_t last_rseq = 0;
  milliseconds wait{};
  Instant resend_at = kNever;
  Instant give_up_at = kNever;
  bool answered = false;        // our answer to the offer went out reliably: the 2xx needs none
  std::uint8_t answered_branch = 0;
  // A 2xx that waits until the PRACK is there (RFC 3262 §3).
  bool connect_waiting = false;
  std::uint8_t connect_branch = 0;
  std::string connect_type, connect_body, connect_annex;

  template <class Archive>
  void fields(Archive& archive) {
    archive(queue, last_rseq, wait, resend_at, give_up_at, answered, answered_branch,
            connect_waiting, connect_branch, connect_type, connect_body, connect_annex);
  }
};

// One early dialog an egress INVITE made (RFC 3261 §12.1; forking makes several).
struct EarlyDialog {
  std::string tag;
  std::string target;
  std::string routes;
  std::uint8_t branch = 0;
  std::uint32_t cseq = 0;          // of the last request we sent in it
  std::uint32_t rseq = 0;          // last reliable provisional understood
  std::uint32_t unanswered_rseq = 0;  // its PRACK waits for our answer; 0 = none
  bool allows_update = false;

  template <class Archive>
  void fields(Archive& archive) {
    archive(tag, target, routes, branch, cseq, rseq, unanswered_rseq, allows_update);
  }
};

// The INVITE or re-INVITE we sent.
struct InviteClient {
  transaction::ClientId transaction{};
  std::uint32_t cseq = 0;
  bool active = false;     // no final answer yet
  bool initial = false;
  bool offered = false;    // it carried our offer
  bool cancelled = false;
  bool refresh = false;    // a refresh or probe of ours; the other half knows nothing of it
  std::uint8_t challenges = 0;  // answered

  template <class Archive>
  void fields(Archive& archive) {
    archive(transaction, cseq, active, initial, offered, cancelled, refresh, challenges);
  }
};

// A request of the peer that the other half must answer, or one of ours that the peer must.
enum class Purpose : std::uint8_t { Update, Info, Message, Prack, Bye, StrayBye, Refresh };
struct PendingServer {
  transaction::ServerId transaction{};
  std::string head;
  std::string to;
  Purpose purpose{};
  std::uint8_t branch = 0;  // early dialog it came in

  template <class Archive>
  void fields(Archive& archive) {
    archive(transaction, head, to, purpose, branch);
  }
};
struct PendingClient {
  transaction::ClientId transaction{};
  Purpose purpose{};
  std::uint64_t ticket = 0;  // of an Info
  std::uint8_t challenges = 0;  // answered

  template <class Archive>
  void fields(Archive& archive) {
    archive(transaction, purpose, ticket, challenges);
  }
};

// A description the peer gave in answer to a refresh, which the other half has not agreed to yet.
struct Untold {
  std::string session;    // "" = none
  Instant at = kNever;    // told again then, after glare
  std::uint8_t tries = 0;

  template <class Archive>
  void fields(Archive& archive) {
    archive(session, at, tries);
  }
};

// What a leg holds only while something of it is open: most of its life a call just talks.
struct Work {
  InviteServer invite_server;
  Answer answer;
  Provisionals provisionals;
  std::vector<EarlyDialog> early;
  std::vector<PendingServer> servers;
  std::string goodbye;  // header lines of our own for a BYE or refusal still to be sent
  std::string ack;      // to the last 2xx, sent again when the 2xx comes again
  sip::Path ack_path;
  std::string credentials;  // lines of the INVITE, for an ACK that waits
  std::string proposed; // session we offered in mid-call; in use once it is accepted
  Untold untold;
  TimerAnswer granted;  // what the 2xx to the open request of the peer says of the timer

  bool done() const {
    return !invite_server.active && answer.bytes.empty() && provisionals.queue.empty() &&
           !provisionals.connect_waiting && early.empty() && servers.empty() && goodbye.empty() &&
           ack.empty() && proposed.empty() && credentials.empty() && untold.session.empty();
  }
  template <class Archive>
  void fields(Archive& archive) {
    archive(invite_server, answer, provisionals, early, servers, goodbye, ack, ack_path,
            credentials, proposed, untold, granted);
  }
};

}  // namespace tandem::leg
