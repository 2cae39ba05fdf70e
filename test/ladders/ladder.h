// Ladders: call flows as text (architecture.md, "life of a call"), played through the real Exchange
// with virtual time. `>` lines are inputs, `<` lines what must come out; a line without time
// happens at the same instant as the one before. Nothing else may be sent.
//
//   given
//     ingress north 203.0.113.10
//     egress  south 198.51.100.20  prefix 44
//   when
//      0.000 north > INVITE 442071234567 from 33123456789 sdp A
//            north < 100
//            south < INVITE 442071234567 sdp A
//      0.350 south > 180
//   then
//     cdr end_reason caller_hangup  callee_pdd 350
//
// Every word is explained in test/ladders/README.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tandem::ladder {

using Settings = std::vector<std::pair<std::string, std::string>>;

// One line of "when".
struct Line {
  int number = 0;  // in the file, from 1
  bool timed = false;
  std::int64_t at = 0;  // ms since the beginning, when timed
  std::string peer;     // "north", "north.2" = its second call, "operator", "dns", ...
  bool sends = false;   // '>'
  std::vector<std::string> words;
};

enum class Role : std::uint8_t { Ingress, Egress, Phone, Registrar, Stranger };

// A user agent: a configured gateway or phone, or somebody nobody configured.
struct Peer {
  std::string name;
  Role role = Role::Stranger;
  std::vector<std::string> addresses;       // as configured: "203.0.113.10", "gw.example.net:5070"
  Settings fields;                          // of the entity
  std::map<std::string, std::string> ways;  // of the player only: over, source, lives, at
};

// An account, a number group: whatever is configured and no peer.
struct Entity {
  std::string kind;  // as its resource calls one of them
  std::string name;
  Settings fields;
};

// One line of "then".
struct Expectation {
  int number = 0;
  std::vector<std::string> words;
};

struct Ladder {
  std::string name;
  std::vector<Peer> peers;
  std::vector<Entity> entities;
  Settings parameters;
  std::vector<std::vector<std::string>> ported;  // rows of the table of ported numbers
  Settings listeners;  // transport, address; none = the usual ones
  std::vector<Line> lines;
  std::vector<Expectation> expectations;
  bool one_life = false;  // not saved and restored any more once the configuration has changed
  int end_of_lines = 0;  // number of the last line of "when"
  std::string error;     // not empty: the file could not be read
};

Ladder parse(std::string_view name, std::string_view text);
// Words separated by blanks; 'quoted words' or "quoted words" keep theirs; # begins a comment.
std::vector<std::string> words_of(std::string_view text);

enum class Restart : std::uint8_t { Never, EveryStep };  // save and restore after every input

// What must change in the file so that it says what happened.
struct Edits {
  std::map<int, std::vector<std::string>> before;  // lines to insert before this one
  std::map<int, std::string> instead;              // "" = the line goes
};
std::string rewritten(const Edits& edits, std::string_view text);

// Plays it; "" when everything was as written, else what was not, with the ladder so far.
std::string play(const Ladder& ladder, Restart restart);
// Plays it and collects what the file should say. "" unless it cannot be played at all.
std::string approve(const Ladder& ladder, Edits& edits);

}  // namespace tandem::ladder
