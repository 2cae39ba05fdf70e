// The DNS asked through c-ares: /etc/resolv.conf and /etc/hosts as the system has them, sockets
// that do not block, in the epoll set of whoever owns it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "shell/net/dns.h"

namespace tandem::net {

class CaresSource final : public DnsSource {
 public:
  // `epoll`: the set its sockets are in, under `tag | descriptor`. The fault is a sentence.
  static Result<std::unique_ptr<CaresSource>, std::string> open(int epoll, std::uint64_t tag);
  ~CaresSource() override;

  void query(const DnsQuery& query, std::function<void(DnsAnswer)> answered) override;

  void on_ready(int descriptor, std::uint32_t events);
  // Serves what timed out. To be called every now and then while busy().
  void look_after();
  bool busy() const;

 private:
  struct State;
  explicit CaresSource(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tandem::net
