// The called half of the generator (RFC 3261 UAS): 100, 180 and 200 at once, and the check of every
// request against what the calling half sent.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/load/call_plan.h"
#include "bench/load/datagrams.h"
#include "bench/load/tally.h"

namespace tandem::bench {

class Callee {
 public:
  Callee(const CallPlan& plan, std::vector<Call>& calls, Tally& tally, int socket)
      : plan_(plan), calls_(calls), tally_(tally), outbox_(socket) {}

  void receive(std::string_view bytes, const sockaddr_in& peer);
  void flush() { outbox_.flush(); }
  const Outbox& outbox() const { return outbox_; }

 private:
  void invited(const SipText& sip, std::uint32_t call, const sockaddr_in& peer);
  void refreshed(const SipText& sip, std::uint32_t call, const sockaddr_in& peer);
  void check_invite(const SipText& sip, std::uint32_t call);
  void check_dialog(const SipText& sip, std::uint32_t call);

  const CallPlan& plan_;
  std::vector<Call>& calls_;
  Tally& tally_;
  Outbox outbox_;
};

}  // namespace tandem::bench
