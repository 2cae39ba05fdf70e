// The line on which a command speaks: to the switch that runs, through its API, or, where the
// command can do without one, to the same API over the files of the data directory.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/commands.h"
#include "base/result.h"
#include "shell/http/client.h"

namespace tandem::app {

enum class Needs { Switch, Data };  // Data: works on the files when no switch runs

class Line {
 public:
  // The fault, here and below, is what to tell the operator.
  static Result<Line, std::string> open(const Globals& globals, Needs needs);
  ~Line();
  Line(Line&&) noexcept;

  // The body of the answer.
  Result<std::string, std::string> ask(std::string_view method, std::string target,
                                       std::string body = {},
                                       std::string_view body_type = "application/json");
  // Gives the body to `sink` as it comes, until it ends or `sink` answers false.
  Result<Done, std::string> stream(std::string target, const http::BodySink& sink);

 private:
  struct State;
  explicit Line(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// "?a=1&b=x%20y" of those that have a value; "" when none has.
std::string query_of(const http::Fields& parameters);

}  // namespace tandem::app
