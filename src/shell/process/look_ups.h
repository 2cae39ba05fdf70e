// Numbers that are looked up at an LRN server over HTTP (call-handling.md 17.5). The client blocks, so
// a few threads ask for the exchange's; what waits too long, or is too much, is answered as failed.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "base/time.h"
#include "core/exchange/exchange.h"

namespace tandem::process {

class LookUps {
 public:
  // `told` gets each answer, on any thread.
  explicit LookUps(std::function<void(exchange::LookedUp)> told);
  ~LookUps();  // what is open is left
  LookUps(const LookUps&) = delete;
  LookUps& operator=(const LookUps&) = delete;

  void ask(exchange::LookUp question, Instant now);

 private:
  struct Waiting {
    exchange::LookUp question;
    Instant since;
  };
  void work();

  std::function<void(exchange::LookedUp)> told_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<Waiting> waiting_;
  bool over_ = false;
  std::vector<std::thread> threads_;  // begun with the first question
};

// {"lrn":"2125550199","state":"NY","ocn":"6529","lata":"132"}; failed when it is something else.
lrn::Answer answer_in_json(std::string_view body, std::string_view asked);

}  // namespace tandem::process
