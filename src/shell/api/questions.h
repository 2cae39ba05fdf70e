// Questions to the exchange, and the forms of its answers that several operations use.
#pragma once

#include <boost/json.hpp>
#include <future>
#include <memory>
#include <string>

#include "base/result.h"
#include "shell/api/operation.h"

namespace tandem::api {

inline http::Response no_switch() {
  return http::problem(503, "No switch runs on this data directory.");
}

inline http::Response no_call(const std::string& flow_no) {
  return http::problem(404, "There is no live call " + flow_no + '.');
}

// Asks and waits; the answer, or the problem to be told.
template <class Answer>
Result<Answer, http::Response> ask(Desk& desk, exchange::Input input) {
  if (!desk.services.exchanges.post) return Failure{no_switch()};
  auto promise = std::make_shared<std::promise<exchange::Reply>>();
  auto future = promise->get_future();
  desk.services.exchanges.post(
      std::move(input), [promise](exchange::Reply reply) { promise->set_value(std::move(reply)); });
  if (future.wait_for(desk.services.patience) != std::future_status::ready) {
    http::Response late = http::problem(503, "The exchange did not answer in time; try again.");
    late.headers.emplace_back("Retry-After", "1");
    return Failure{std::move(late)};
  }
  exchange::Reply reply = future.get();
  Answer* answer = std::get_if<Answer>(&reply.value);
  TANDEM_ASSERT(answer != nullptr, "the exchange answers the question it was asked");
  return std::move(*answer);
}

// calls.cc
boost::json::value timer_json(const exchange::LegView& leg);
boost::json::object call_json(const exchange::CallView& call);
boost::json::array lines_json(const exchange::Explanation& told);  // of the decision
boost::json::array warnings_json(const exchange::Explanation& told);
// cdrs.cc
store::CdrFilter cdr_filter_of(const Query& query);

}  // namespace tandem::api
