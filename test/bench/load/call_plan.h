// What every call of a run looks like: the addresses, the numbers, the session descriptions, and
// the state that caller and callee keep of each call. Caller and callee are in one program, so that
// each can say what the other must have received.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/load/datagrams.h"
#include "bench/load/sip_text.h"

namespace tandem::bench {

// A proxy or relay leaves the Call-ID and adds to Via; a back-to-back user agent shows neither.
enum class Topology : std::uint8_t { Shown, Hidden };
enum class Ending : std::uint8_t { AtOnce, Later };

struct CallPlan {
  std::string server, caller, callee;  // as written: "127.0.10.1:5060"
  sockaddr_in server_address{}, caller_address{}, callee_address{};
  char prefix = '1';             // first digit of the numbers called
  std::uint32_t group_size = 0;  // calls that share the three digits after it; 0 = all
  std::uint32_t run = 0;         // tells the calls of one run from those of another
  Topology topology = Topology::Shown;
  Ending ending = Ending::AtOnce;
  std::string caller_session, callee_session;  // SDP

  // Fills in what follows from the addresses.
  void complete();

  void called_number(Draft& draft, std::uint32_t call) const;   // prefix, group, call: 12 digits
  void calling_number(Draft& draft, std::uint32_t call) const;  // 33, call: 10 digits
  // The call of a number or of one of our tokens, if it is one of this run.
  std::optional<std::uint32_t> call_of_called(std::string_view uri) const;
  // A token unique to call and run: "c1a2b-17".
  void token(Draft& draft, char kind, std::uint32_t call) const;
  std::optional<std::uint32_t> call_of_token(std::string_view token, char kind) const;
};

// The media that `session` describes are those of `expected`: what the media lines and attributes
// say, and where they go. The switch may write its own origin and name.
bool same_media(std::string_view session, std::string_view expected);

enum class CallerState : std::uint8_t { Unused, Inviting, Answered, HangingUp, Over, Failed };

struct Call {
  CallerState caller = CallerState::Unused;
  bool rang = false;
  bool callee_invited = false, callee_acked = false, callee_ended = false;
  bool callee_refreshed = false;    // a re-INVITE waits for its ACK
  std::uint64_t since = 0;          // when the last request was sent
  std::uint64_t callee_dialog = 0;  // hash of Call-ID and From tag at the callee
  std::string remote_tag;           // of the To of the 200 at the caller
  std::string bye;                  // what hangs up, ready to send
};

}  // namespace tandem::bench
