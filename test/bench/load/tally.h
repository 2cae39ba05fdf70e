// What the generator saw: faults by name, delays, and one line of JSON in the end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::bench {

// Everything that must not happen in a run that counts. Repeated: a retransmission of the server.
enum class Fault : std::uint8_t {
  Unreadable,
  UnknownCall,
  UnexpectedRequest,
  UnexpectedAnswer,
  Refused,
  WrongBranch,
  WrongCallId,
  WrongTag,
  WrongSequence,
  WrongNumber,
  WrongHops,
  WrongMedia,
  Unhidden,
  RepeatedInvite,
  RepeatedAck,
  RepeatedBye,
  RepeatedAnswer,
  Unfinished,
  NotSent,
  Count,
};

std::string_view name_of(Fault fault);

// Delays in microseconds.
class Delays {
 public:
  void add(std::uint64_t nanoseconds) {
    values_.push_back(static_cast<std::uint32_t>(nanoseconds / 1000));
  }
  void clear() { values_.clear(); }
  // {"p50": .., "p99": .., "max": .., "n": ..}
  std::string json() const;

 private:
  std::vector<std::uint32_t> values_;
};

struct Tally {
  std::array<std::uint64_t, std::size_t(Fault::Count)> faults{};
  std::array<std::uint64_t, 700> refusals{};  // by status
  std::uint64_t offered = 0;
  std::uint64_t answered = 0;
  std::uint64_t completed = 0;  // the caller's end: hung up and confirmed, or ended by the switch
  std::uint64_t failed = 0;     // refused or answered wrongly
  std::uint64_t callee_ended = 0;     // the callee's end
  std::uint64_t ended_by_switch = 0;  // of `completed`
  std::uint64_t first_end = 0;        // when the switch ended the first and the last one
  std::uint64_t last_end = 0;
  std::uint64_t refreshes = 0;        // UPDATE and re-INVITE of the switch
  std::uint64_t received = 0;
  Delays ringing;  // INVITE to 180
  Delays answer;   // INVITE to 200
  Delays goodbye;  // BYE to 200

  void fault(Fault which) { ++faults[std::size_t(which)]; }
  bool clean() const;
  // The members of a JSON object, without the braces.
  std::string json() const;
};

}  // namespace tandem::bench
