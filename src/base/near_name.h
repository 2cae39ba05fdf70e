// Which of the known names somebody meant who wrote another: for the sentence that refuses it.
#pragma once

#include <string_view>

namespace tandem {

// Takes the known names one after the other and keeps the nearest one.
class NearName {
 public:
  explicit NearName(std::string_view written);
  void consider(std::string_view name);
  // "" when none is near: more than a letter in four is wrong. Of several as near, the first.
  std::string_view nearest() const { return nearest_; }

 private:
  std::string_view written_;
  std::string_view nearest_;
  std::size_t most_;  // letters that may be wrong
};

// So many letters must be left out, put in, changed or exchanged with their neighbour to make one of
// the other; whether they are capitals does not matter. `most` + 1 when they are more than `most`.
std::size_t letters_between(std::string_view a, std::string_view b, std::size_t most);

}  // namespace tandem
