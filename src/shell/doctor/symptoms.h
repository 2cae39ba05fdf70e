// The symptoms operators come with, each as a row: what one sees, what is looked at, and the
// function that finds the cause and says what to do (session-timer.md 7).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shell/doctor/facts.h"
#include "shell/doctor/histogram.h"

namespace tandem::doctor {

enum class Weight : std::uint8_t { Problem, Note };
std::string_view to_text(Weight weight);  // "problem", "note"

struct Finding {
  std::string_view symptom = {};  // code of its row
  Weight weight = Weight::Problem;
  std::string gateway = {};  // concerned; "" = the whole switch
  std::string found = {};    // one or two sentences
  std::string advice = {};   // what to do
  std::vector<std::pair<std::string, std::int64_t>> figures = {};
};

struct Symptom {
  using Look = void (*)(const Facts&, std::vector<Finding>&);

  std::string_view code = {};
  std::string_view symptom = {};    // as the operator says it
  std::string_view looked_at = {};  // "end reasons and lengths of answered calls"
  Look look;
};

// In the order of the specification.
std::span<const Symptom> all_symptoms();

// Problems first.
std::vector<Finding> examine(const Facts& facts);

// One bar of the histogram of all answered calls.
struct Bar {
  Span span;
  std::uint64_t calls = 0;
  std::string mark = {};  // what a peak here means; "" = none
};
std::vector<Bar> histogram_bars(const Facts& facts);

}  // namespace tandem::doctor
