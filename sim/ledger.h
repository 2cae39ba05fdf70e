// Laws over time: what came in and went out, kept by transaction and dialog, and what must have
// become of it when everything has settled.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/cdr/cdr.h"
#include "core/directory/parameters.h"
#include "sim/host.h"
#include "sim/wire.h"

namespace tandem::sim {

// For how long the switch remembers a transaction, at least: later than that, a repeated message
// may be news to it.
struct Memory {
  milliseconds server{};     // after a final answer to the peer
  milliseconds accepted{};   // after a 2xx of the peer
  milliseconds cancelled{};  // after our CANCEL
  milliseconds unheard{};    // an INVITE of ours nobody answers
};
Memory memory_of(const directory::Parameters& parameters);

class Ledger {
 public:
  using Broken =
      std::function<void(std::string_view law, const std::string& detail, const std::string& call)>;
  explicit Ledger(Broken broken) : broken_(std::move(broken)) {}
  void remember(const Memory& memory) { memory_ = memory; }

  // A message reached the switch; before it is handled. `host` is -1 for the switch itself.
  void delivered(Instant now, const wire::Text& text, Nature nature, int host);
  // Something came that cannot even be taken apart.
  void damaged(std::string_view bytes);
  // The switch sent a message.
  void sent(Instant now, const wire::Text& text, std::string_view bytes, int host);
  void recorded(const cdr::Cdr& record);

  void spoil(const std::string& call) { spoiled_.insert(call); }
  bool spoiled(const std::string& call) const { return spoiled_.contains(call); }
  void path_broke(int host);  // the way to this host failed: what was under way is excused
  // What was in memory is lost, but for the calls with these Call-IDs.
  void crashed(const std::set<std::string>& kept_calls);
  // Which call a message belongs to, on whichever leg; "" = none known.
  std::string call_of(const wire::Text& text) const;
  // Whether the request this answers was proper: then everything is demanded of the answer.
  bool answers_proper(const wire::Text& response) const;

  // All is quiet: every open account must be closed. `all_recorded`: no parameter leaves records
  // out.
  void settle(bool all_recorded);

  // The record of a call by the caller's Call-ID; nullptr = none.
  const cdr::Cdr* record_of(const std::string& call_id) const;
  // When the first 2xx of this egress Call-ID came in, and the first BYE of this Call-ID.
  Instant answered_at(const std::string& call_id) const;
  Instant bye_at(const std::string& call_id) const;
  std::size_t records() const { return flows_.size(); }
  bool has_record(std::int64_t flow_no) const { return flows_.contains(flow_no); }

 private:
  // An INVITE the switch was sent.
  struct Offered {
    std::string call_id, number;
    int host = 0;
    Nature nature{};
    bool initial = false;
    bool excused = false;
    std::string final_answer;
    int status = 0;
    Instant final_at{};
  };
  // An INVITE the switch sent.
  struct Attempted {
    std::string call_id, number, bytes;
    std::uint32_t cseq = 0;
    int host = 0;
    bool initial = false;
    bool excused = false;
    bool provisional = false;
    Instant first{};
    Instant cancelled_at = kNever;
    Instant final_at = kNever;
    int final_status = 0;
    bool refusal_acknowledged = false;
    std::map<std::string, bool> answers = {};  // To tag -> acknowledged
  };
  struct Counted {  // the requests of the switch in a dialog, or before it has a tag of the peer
    std::uint32_t highest = 0;
    std::set<std::string> sent;  // branch and method
  };
  struct Standing {  // a dialog that was made
    std::string number;
    int host = 0;
    bool ended = false;
    bool excused = false;
    bool survived = false;  // a crash: it must end although its call is excused from other laws
  };

  void invite_came(Instant now, const wire::Text& text, Nature nature, int host);
  void answer_came(Instant now, const wire::Text& text, int host);
  void invite_sent(Instant now, const wire::Text& text, std::string_view bytes, int host);
  void answer_sent(Instant now, const wire::Text& text, std::string_view bytes);
  void counts_up(const wire::Text& text);
  void ack_sent(const wire::Text& text);
  void cancel_sent(Instant now, const wire::Text& text);
  bool remembered(const Attempted& attempt, Instant now) const;
  void settle_offered(bool all_recorded);
  void settle_attempted();
  bool excused(bool own, const std::string& number) const { return own || spoiled(number); }

  Broken broken_;
  Memory memory_{};
  std::map<std::string, Offered> offered_;      // by Call-ID and branch
  std::map<std::string, Attempted> attempted_;  // likewise
  std::map<std::string, Standing> standing_;    // by Call-ID and tag of the called side
  std::map<std::string, Counted> counted_;      // by Call-ID and both tags
  std::map<std::string, std::string> numbers_;  // Call-ID -> called number
  std::map<std::string, bool> requests_;        // branch -> came properly, and only so
  std::map<std::string, cdr::Cdr> records_;     // last by the caller's Call-ID
  std::map<std::string, int> record_count_;
  std::map<std::string, Instant> answered_, byes_;
  std::set<std::int64_t> flows_;
  std::set<std::string> spoiled_;
};

}  // namespace tandem::sim
