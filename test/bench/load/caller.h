// The calling half of the generator (RFC 3261 UAC): INVITE, ACK, BYE, and the check of every
// answer. It never sends anything twice: what is lost shows as an unfinished call, what the server
// repeats as a fault.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "bench/load/call_plan.h"
#include "bench/load/datagrams.h"
#include "bench/load/tally.h"

namespace tandem::bench {

class Caller {
 public:
  Caller(const CallPlan& plan, std::vector<Call>& calls, Tally& tally, int socket)
      : plan_(plan), calls_(calls), tally_(tally), outbox_(socket) {}

  void invite(std::uint32_t call);
  void hang_up(std::uint32_t call);
  void receive(std::string_view bytes, const sockaddr_in& peer);
  void flush() { outbox_.flush(); }
  const Outbox& outbox() const { return outbox_; }

 private:
  void refreshed(const SipText& sip, std::uint32_t call, const sockaddr_in& peer);
  void request(const SipText& sip, const sockaddr_in& peer);
  void response(const SipText& sip);
  bool belongs(const SipText& sip, std::uint32_t call, char sequence);
  void ringing(const SipText& sip, Call& call);
  void answered(const SipText& sip, std::uint32_t call);
  void refused(const SipText& sip, std::uint32_t index, bool to_bye);
  void called_uri(Draft& uri, std::uint32_t call);
  void start_request(Draft& draft, std::string_view method, std::string_view target,
                     std::uint32_t call, char sequence);
  void in_dialog(Draft& draft, std::string_view method, const SipText& answer, std::uint32_t call,
                 char sequence);

  const CallPlan& plan_;
  std::vector<Call>& calls_;
  Tally& tally_;
  Outbox outbox_;
};

}  // namespace tandem::bench
