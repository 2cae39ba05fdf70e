// What is known of a number that may have been ported (RFC 4694, call-handling.md 5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::lrn {

enum class Outcome : std::uint8_t {
  Failed,     // nobody answered, or nothing that can be read
  Unknown,    // there is no such number
  NotPorted,
  Ported,     // to `lrn`
};

struct Answer {
  Outcome outcome = Outcome::Failed;
  std::string lrn = {};    // location routing number, as it was answered
  std::string state = {};  // the region; "" = not known
  std::string ocn = {};    // company that serves it

  friend bool operator==(const Answer&, const Answer&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(outcome, lrn, state, ocn);
  }
};

// What a Contact of a 302 says of the number that was asked for: rn and npdi in its user part or
// behind its host (call-handling.md 17.5).
Answer answer_in_contact(std::string_view uri, std::string_view asked);

}  // namespace tandem::lrn
