// One user agent in one call or request of its own: writes what its line says, remembers what it
// needs for the next message, and says whether a message is what its line expects and what RFC 3261
// demands. Deliberately independent of core: a second opinion on the protocol.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ladders/message_text.h"
#include "ladders/wish.h"

namespace tandem::ladder {

// What all user agents of a ladder know together.
struct Shared {
  std::map<std::string, std::set<std::string>> sessions;  // sent so far, by name
  MessageText last_invite;                                // that the switch sent
};

struct Place {
  std::string name;            // "north.2"
  std::string address;         // "203.0.113.10:5060": in its Via and Contact
  std::string transport;       // "UDP", "TCP", "TLS", "WS", "WSS"
  std::string switch_address;  // what it reaches the switch at
};

class Party {
 public:
  Party(Place place, Shared& shared);

  // The bytes this wish puts on the wire; sets `error` when it cannot be written.
  std::string write(const Wish& wish, std::string& error);
  // "" when `bytes` is what the wish expects; learns from it unless the line says it is lost.
  std::string check(const Wish& wish, const std::string& bytes);

  const Place& place() const { return place_; }
  const std::string& call_id() const { return call_id_; }
  bool owns(const std::string& call_id) const { return call_id_ == call_id; }
  bool fresh() const { return call_id_.empty(); }
  // What must not be told to the other side of a call.
  const std::set<std::string>& secrets() const { return secrets_; }
  // The line that describes these bytes best.
  std::string described(const std::string& bytes) const;

 private:
  // What the switch let us know in an early or confirmed dialog, by its tag.
  struct Known {
    std::string target;
    std::string rack;  // of its last reliable provisional
  };

  void begin(const Wish& wish);
  MessageText request(const Wish& wish, std::string& error);
  MessageText response(const Wish& wish, std::string& error);
  void add_ack_or_cancel(MessageText& message, const Wish& wish);
  void add_body(MessageText& message, const Wish& wish);
  void remember(const MessageText& message);
  std::string own_tag(const Wish& wish) const;
  std::string contact(const Wish& wish) const;

  void log_in(MessageText& message, const Wish& wish) const;
  std::string check_words(const Wish& wish, const MessageText& message);
  std::string check_body(const Wish& wish, const MessageText& message) const;
  std::string check_tag_name(const Wish& wish, const MessageText& message);
  std::string check_response(const MessageText& message) const;
  std::string check_request(const MessageText& message) const;
  std::string check_asked_again(const MessageText& message) const;
  std::string check_ack_and_cancel(const MessageText& message) const;
  void learn(const MessageText& message);

  Place place_;
  Shared& shared_;
  std::string call_id_, local_, remote_;  // From/To values without tag
  std::string remote_tag_, request_uri_;
  bool caller_ = false;
  bool routed_ = false;  // we sent Record-Route: where requests go is up to the ladder's words
  std::string own_contact_;
  std::map<std::string, Known> dialogs_;          // by the switch's tag
  std::map<std::string, std::string> tag_names_;  // "A" -> tag of the switch
  std::set<std::string> own_tags_;
  std::map<std::string, std::uint32_t> cseq_got_;  // last one, by the tags of the dialog
  std::uint32_t cseq_ = 0;
  std::uint32_t rseq_ = 0;
  int branches_ = 0;
  MessageText last_invite_sent_;
  int final_got_ = 0;                              // status of the last final answer to it
  std::map<std::string, int> final_sent_;          // by our tag: answers to the INVITE we got
  std::map<std::string, MessageText> received_;    // last request by method
  std::string last_request_;                       // method
  std::map<std::string, std::string> sent_bytes_;  // by label
  std::map<std::string, std::set<std::string>> got_bytes_;  // by label
  std::map<std::string, MessageText> asked_;  // requests we sent, by CSeq value and branch
  std::set<std::string> secrets_;
  MessageText challenge_;  // the last 401 or 407
};

}  // namespace tandem::ladder
