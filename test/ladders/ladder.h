// Ladders: call flows as text (architecture.md, "life of a call"), played through the real Exchange
// with virtual time. `>` lines are what a peer sends, `<` lines what it must receive; a line without
// time happens at the same instant as the one before. Nothing else may be sent.
//
//   given
//     ingress north 192.0.2.10
//     egress  south 198.51.100.20 prefix 44 priority 1
//     parameter SS_SIP_TIMEOUT_RINGING 30
//   when
//      0.000 north > INVITE 442071234567 from 33123456789 sdp A
//            north < 100
//            south < INVITE 442071234567 sdp A
//      0.350 south > 180
//   then
//     cdr end_reason caller_hangup  callee_pdd 350  hold_time_ms 61000
//     calls 0
//
// See test/ladders/README.md for every word.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::ladder {

struct Line {
  int number = 0;      // in the file
  bool timed = false;
  std::int64_t at = 0; // ms
  std::string peer;    // "north", "north.2" = its second call
  bool sends = false;  // '>': the peer sends; '<': it must receive
  std::vector<std::string> words;
};

struct Peer {
  std::string name;
  bool ingress = false;
  std::string address;              // "192.0.2.10:5060"
  std::vector<std::pair<std::string, std::string>> settings;  // field, value
};

struct Ladder {
  std::string name;
  std::vector<Peer> peers;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<Line> lines;
  std::vector<std::vector<std::string>> expectations;  // "then": words of each line
  std::vector<int> expectation_lines;
  std::string error;  // not empty: the file could not be read
};

Ladder parse(std::string_view name, std::string_view text);

enum class Restart : std::uint8_t { Never, EveryStep };  // save and restore between all inputs

// Plays it; "" when everything was as written, else what was not, with the line.
std::string play(const Ladder& ladder, Restart restart);

}  // namespace tandem::ladder
