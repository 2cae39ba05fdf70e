// Finding in the ring what fulfils a wish: once, or again and again as messages come.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/sip/message.h"
#include "shell/net/network.h"
#include "shell/trace/entry.h"
#include "shell/trace/matcher.h"
#include "shell/trace/ring.h"

namespace tandem::trace {

// Looks at what is new in the ring and tells what of it is wanted. A call is the messages with one
// flow number, and those that only its Call-IDs connect with it (retransmissions, say). When a call
// fulfils the wish only with a later message, its earlier ones are wanted from then on.
class Catcher {
 public:
  // Only entries behind `after`.
  Catcher(Matcher matcher, std::uint64_t after);
  ~Catcher();
  Catcher(Catcher&&) noexcept;

  // The numbers of wanted entries that were not told yet, ascending.
  std::vector<std::uint64_t> look(const Ring& ring);
  std::uint64_t missed() const { return missed_; }  // overwritten before they were looked at
  std::uint64_t calls() const { return calls_; }    // chosen so far
  const Wish& wish() const { return matcher_.wish(); }

 private:
  struct Call;
  struct Noted;
  void note(std::uint64_t sequence, const Traced& traced);
  void choose(Noted& noted);
  void look_back(const Ring& ring, std::vector<std::uint64_t>& wanted);
  void forget_calls();
  std::uint64_t call_of(std::uint64_t flow, std::uint64_t tie) const;

  Matcher matcher_;
  unsigned wanted_;      // bits a call needs; 0 = each message counts by itself
  std::uint64_t after_;  // looked at
  std::uint64_t floor_;  // nothing before it is told any more
  std::uint64_t missed_ = 0;
  std::uint64_t calls_ = 0;
  std::unique_ptr<sip::Message> message_ = std::make_unique<sip::Message>();
  std::vector<Noted> noted_;         // of this look
  std::vector<std::uint64_t> late_;  // calls chosen in this look that had messages before it
  std::unordered_map<std::uint64_t, Call> known_;
  std::unordered_map<std::uint64_t, std::uint64_t> flow_of_;  // by tie
};

// The entries with these numbers, as far as they are still there.
std::vector<Entry> read_entries(const Ring& ring, const std::vector<std::uint64_t>& sequences,
                                const std::vector<net::Listener>& listeners);

// All at once.
std::vector<Entry> find_messages(const Ring& ring, Matcher matcher, const Page& page,
                                 const std::vector<net::Listener>& listeners);

}  // namespace tandem::trace
