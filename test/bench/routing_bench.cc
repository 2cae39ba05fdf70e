// What a routing decision costs when very many prefixes are configured: the lookup alone, the whole
// decision, the memory, and a change of one gateway among them.
//
//   routing_bench [PREFIXES [GATEWAYS [CANDIDATES]]]   10000000 prefixes in all, of 500 gateways; each
//                                                      number has 50 candidates
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "core/routing/routing.h"
#include "support/allocation_counter.h"

namespace tandem {
namespace {

using directory::Directory;
using directory::EgressGateway;

double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return double(now.tv_sec) + double(now.tv_nsec) / 1e9;
}

double wall() { return seconds_of(CLOCK_MONOTONIC); }

double resident_mib() {
  malloc_trim(0);
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return double(std::atol(line.c_str() + 6)) / 1024;
  return 0;
}

struct Shape {
  std::size_t prefixes;
  std::size_t gateways;
  std::size_t candidates;  // gateways of each prefix
};

// Prefixes of 4 to 11 digits, far apart.
std::string prefix_of(std::size_t i) {
  const std::uint64_t mixed = i * 2654435761u % 9'999'999'967u;
  return std::to_string(1'000 + i % 9'000) + std::to_string(mixed).substr(0, i % 8);
}

// Prefix i is served by `candidates` gateways in a row.
Directory::Source source_of(const Shape& shape) {
  Directory::Source source;
  source.number = 1;
  source.egress_gateways.resize(shape.gateways);
  for (std::size_t i = 0; i < shape.gateways; ++i) {
    EgressGateway& gateway = source.egress_gateways[i];
    gateway.id = std::int64_t(i) + 1;
    gateway.name = "vendor-" + std::to_string(i);
    gateway.priority = int(i % 7);
    gateway.capacity = 1'000;
    gateway.remote_ips = {{.host = "192.0.2.1", .ip = IpAddress::v4(0xc0000201), .port = 5060}};
  }
  for (std::size_t i = 0; i < shape.prefixes / shape.candidates; ++i) {
    const std::string prefix = prefix_of(i);
    for (std::size_t of = 0; of < shape.candidates; ++of)
      source.egress_gateways[(i + of) % shape.gateways].prefixes.push_back(prefix);
  }
  return source;
}

double percentile(std::vector<double> sorted, double share) {
  std::ranges::sort(sorted);
  return sorted[std::size_t(share * double(sorted.size() - 1))];
}

class Bench {
 public:
  explicit Bench(const Shape& shape) : shape_(shape) {
    const double empty = resident_mib();
    auto source = source_of(shape);
    const double lists = resident_mib();
    const double begin = wall();
    directory_ = Directory::compile(source);
    compiled_s_ = wall() - begin;
    source = {};
    lists_mib_ = lists - empty;
    index_mib_ = resident_mib() - lists;
    for (std::size_t i = 0; i < shape.gateways; ++i) {
      facts::GatewayLive& live = live_.egress.at(std::int64_t(i) + 1);
      live.calls = std::int64_t(i * 37 % 900);
      for (std::size_t n = 0; n < 20 + i % 13; ++n) live.history.count(now_.wall, {});
    }
    for (int i = 0; i < 200'000; ++i)
      numbers_.push_back(prefix_of(random_() % (shape.prefixes / shape.candidates)) + "5550123");
  }

  // One line of JSON.
  void print() {
    std::printf(
        "{\"prefixes\": %zu, \"gateways\": %zu, \"candidates\": %zu, \"compile_s\": %.2f, "
        "\"lists_mib\": %.0f, \"index_mib\": %.0f, \"lookup_ns\": %.0f, ",
        shape_.prefixes, shape_.gateways, shape_.candidates, compiled_s_, lists_mib_, index_mib_,
        lookup_ns());
    decisions();
    change();
    std::printf("\"lookup_after_ns\": %.0f}\n", lookup_ns());
  }

 private:
  double lookup_ns() {
    std::size_t found = 0;
    const double begin = wall();
    for (const std::string& number : numbers_) {
      directory::PrefixMatches matches;
      directory_->egress_by_prefix(number, matches);
      found += matches.size();
    }
    const double ns = (wall() - begin) * 1e9 / double(numbers_.size());
    if (found == 0) std::abort();
    return ns;
  }

  void decisions() {
    std::vector<double> us;
    std::size_t routes = 0;
    facts::CallFacts call;
    call.caller.routed = "12125550100";
    const std::size_t count = 50'000;
    std::uint64_t allocations = 0;
    for (std::size_t i = 0; i < count; ++i) {
      call.callee.routed = numbers_[i];
      const auto before = test_support::allocations();
      const double begin = wall();
      const routing::Routes found =
          routing::find_routes({call, *directory_, live_, registrar_, now_});
      us.push_back((wall() - begin) * 1e6);
      allocations += test_support::allocations() - before;
      routes += found.routes.size();
    }
    // One of the allocations is the result.
    std::printf(
        "\"decision_us\": %.2f, \"decision_p99_us\": %.2f, \"routes\": %.1f, "
        "\"allocations\": %.1f, ",
        percentile(us, 0.5), percentile(us, 0.99), double(routes) / double(count),
        double(allocations) / double(count) - 1);
  }

  // One gateway gets a list of its own.
  void change() {
    std::vector<double> ms;
    for (int round = 0; round < 10; ++round) {
      Directory::Source source;
      source.number = directory_->number() + 1;
      const double begin = wall();
      const auto old = directory_->egress_gateways();
      source.egress_gateways.assign(old.begin(), old.end());
      source.prefixes = directory_->prefixes().base();
      TextList list;
      for (std::size_t i = 0; i < shape_.prefixes / shape_.gateways; ++i)
        list.push_back(prefix_of(i * 3 + std::size_t(round)));
      source.egress_gateways[random_() % shape_.gateways].prefixes = list;
      directory_ = Directory::compile(std::move(source));
      ms.push_back((wall() - begin) * 1e3);
    }
    std::printf("\"change_ms\": %.1f, \"change_max_ms\": %.1f, ", percentile(ms, 0.5),
                percentile(ms, 1));
  }

  Shape shape_;
  std::shared_ptr<const Directory> directory_;
  facts::Live live_;
  TimerWheel wheel_;
  registrar::Registrar registrar_{wheel_};
  Now now_{Instant{}, UtcTime(std::chrono::hours(24 * 365 * 56))};
  std::mt19937_64 random_{5};
  std::vector<std::string> numbers_;
  double compiled_s_ = 0, lists_mib_ = 0, index_mib_ = 0;
};

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  const auto argument = [&](int i, std::size_t otherwise) {
    return argc > i ? std::size_t(std::atoll(argv[i])) : otherwise;
  };
  tandem::Shape shape{argument(1, 10'000'000), argument(2, 500), argument(3, 50)};
  tandem::Bench(shape).print();
}
