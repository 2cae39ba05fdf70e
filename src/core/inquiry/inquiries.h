// Questions about calls to servers outside of this switch (call-handling.md 5, 17.3, 17.5): over SIP
// an INVITE without a session, whose 3xx is the answer; over HTTP the shell asks. They are no legs
// and have no dialog: each costs one transaction at most, and the one wait its call allows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/slot_map.h"
#include "base/time.h"
#include "base/timer_wheel.h"
#include "core/leg/leg.h"
#include "core/lrn/answer.h"
#include "core/sip/message.h"
#include "core/transaction/layer.h"

namespace tandem::inquiry {

struct Inquiry;
using InquiryId = SlotId<Inquiry>;

enum class Protocol : std::uint8_t { Sip, Http };

struct Server {
  Protocol protocol = Protocol::Sip;
  std::string host;  // address or name
  std::uint16_t port = 0;
  sip::Transport transport{};

  template <class Archive>
  void fields(Archive& archive) {
    archive(protocol, host, port, transport);
  }
};

struct Order {
  std::uint64_t call = 0;  // packed id
  Server server;
  milliseconds limit{};    // the answer comes within it, or counts as none
  std::string callee;
  std::string caller;
  std::string lines = {};  // further header lines, each with CRLF
  int max_forwards = 70;

  template <class Archive>
  void fields(Archive& archive) {
    archive(call, server, limit, callee, caller, lines, max_forwards);
  }
};

enum class Outcome : std::uint8_t {
  Redirected,  // `alternatives` is the answer
  Refused,     // with `status`, 4xx to 6xx
  Silent,      // nobody answered in time, or could be asked
  Accepted,    // it took the call, which nobody gave it
  LookedUp,    // over HTTP: `looked_up` is the answer
};

struct News {
  InquiryId inquiry{};
  std::uint64_t call = 0;
  Outcome outcome{};
  int status = 0;             // of the answer; 0 = none
  std::string alternatives = {};  // URIs, best first, one a line
  lrn::Answer looked_up = {};
};

// A name somebody has to look up.
struct Question {
  std::uint64_t question;
  std::string host;
  std::uint16_t port;
  sip::Transport transport;
};

// A number the shell has to look up over HTTP.
struct LookUp {
  std::uint64_t question;
  std::string host;
  std::uint16_t port;
  std::string number;
  milliseconds limit;
};

// What inquiries may use while one input is handled.
struct Desk {
  leg::Context& at;
  std::vector<Question>& questions;
  std::vector<LookUp>& look_ups;
  std::vector<News>& news;
  std::string_view loop_token;
};

struct Inquiry {
  Order order;
  transaction::ClientId running{};
  TimerId timer{};

  template <class Archive>
  void fields(Archive& archive) {
    archive(order, running, timer);
  }
};

class Inquiries {
 public:
  // The answer comes as News, never at once. None: too many are open (kMaxInquiries).
  InquiryId ask(Desk& desk, Order order);
  // Nobody waits for the answer any more: no news comes.
  void drop(Desk& desk, InquiryId id);

  void on_timer(Desk& desk, InquiryId id);
  void on_resolved(Desk& desk, InquiryId id, const std::vector<sip::Path>& targets);
  void on_looked_up(Desk& desk, InquiryId id, const lrn::Answer& answer);
  void on_response(Desk& desk, InquiryId id, const sip::Message& response);
  // No answer came, or nothing could be sent.
  void on_transaction_event(Desk& desk, InquiryId id, transaction::ClientId transaction);

  const Inquiry* find(InquiryId id) const { return inquiries_.find(id); }
  std::size_t size() const { return inquiries_.size(); }

  template <class Archive>
  void fields(Archive& archive) {
    archive(inquiries_);
  }

 private:
  void send(Desk& desk, InquiryId id, Inquiry& inquiry, sip::Path path);
  void conclude(Desk& desk, InquiryId id, News news);
  void cancel(Desk& desk, const Inquiry& inquiry);
  void forget(Desk& desk, InquiryId id);

  SlotMap<Inquiry, InquiryId> inquiries_;
};

}  // namespace tandem::inquiry
