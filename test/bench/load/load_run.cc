#include "bench/load/load_run.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace tandem::bench {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kPatience = 5 * kSecond;  // without any datagram: the rest is lost
constexpr std::uint32_t kBurst = 32;              // calls started, ended between two receives
constexpr std::uint32_t kHangUpWindow = 256;

std::uint64_t processor_microseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto micros = [](const timeval& t) { return t.tv_sec * 1'000'000 + t.tv_usec; };
  return static_cast<std::uint64_t>(micros(usage.ru_utime) + micros(usage.ru_stime));
}

void print(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

}  // namespace

LoadRun::LoadRun(LoadOptions options)
    : options_(std::move(options)),
      calls_(options_.calls),
      caller_socket_(open_socket(options_.plan.caller_address, Waiting::Returns)),
      callee_socket_(open_socket(options_.plan.callee_address, Waiting::Returns)),
      caller_(options_.plan, calls_, tally_, caller_socket_),
      callee_(options_.plan, calls_, tally_, callee_socket_),
      caller_inbox_(caller_socket_),
      callee_inbox_(callee_socket_),
      target_(held() ? 0 : options_.calls) {}

int LoadRun::run() {
  begin_ = pace_begin_ = last_progress_ = now();
  for (std::uint64_t time = begin_; !stop_wanted() && !over(time); time = now()) {
    bool busy = start_calls(time);
    busy |= hang_up_calls();
    busy |= receive();
    caller_.flush();
    callee_.flush();
    if (tally_.received != progress_) {
      progress_ = tally_.received;
      last_progress_ = time;
    }
    if (!held()) continue;
    answer_command();
    if (!busy) wait(time);
  }
  count_unfinished();
  print("{" + json() + "}");
  return tally_.clean() ? 0 : 1;
}

bool LoadRun::over(std::uint64_t time) {
  if (time - begin_ > options_.limit_seconds * kSecond) return true;
  if (held()) return !input_open_;
  if (tally_.completed + tally_.failed == target_ && tally_.callee_ended >= tally_.completed) {
    return true;
  }
  return time > last_progress_ + kPatience;
}

std::uint32_t LoadRun::in_setup() const {
  const std::uint64_t left = held() ? tally_.answered : tally_.completed;
  return static_cast<std::uint32_t>(tally_.offered - left - tally_.failed);
}

bool LoadRun::start_calls(std::uint64_t time) {
  std::uint64_t due = target_;
  if (options_.rate != 0) {
    const double elapsed = static_cast<double>(time - pace_begin_) / double(kSecond);
    due = pace_base_ + static_cast<std::uint64_t>(elapsed * options_.rate) + 1;
  }
  std::uint32_t burst = 0;
  while (started_ < target_ && started_ < due && in_setup() < options_.window && burst < kBurst) {
    caller_.invite(started_++);
    ++burst;
  }
  return burst > 0;
}

bool LoadRun::hang_up_calls() {
  if (!hanging_up_) return false;
  std::uint32_t burst = 0;
  while (next_to_hang_up_ < started_ && burst < kBurst &&
         hung_up_ < tally_.completed - tally_.ended_by_switch + kHangUpWindow) {
    if (calls_[next_to_hang_up_].caller == CallerState::Answered) {
      caller_.hang_up(next_to_hang_up_);
      ++hung_up_;
      ++burst;
    }
    ++next_to_hang_up_;
  }
  return burst > 0;
}

bool LoadRun::receive() {
  const std::size_t to_callee = callee_inbox_.receive();
  for (std::size_t i = 0; i < to_callee; ++i) {
    callee_.receive(callee_inbox_.bytes(i), callee_inbox_.peer(i));
  }
  const std::size_t to_caller = caller_inbox_.receive();
  for (std::size_t i = 0; i < to_caller; ++i) {
    caller_.receive(caller_inbox_.bytes(i), caller_inbox_.peer(i));
  }
  return to_callee + to_caller > 0;
}

void LoadRun::wait(std::uint64_t time) {
  std::array<pollfd, 3> sources{
      {{caller_socket_, POLLIN, 0}, {callee_socket_, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
  const bool quiet = started_ == target_ && time > last_progress_ + kSecond;
  const timespec pause{0, quiet ? 100'000'000 : 200'000};
  if (ppoll(sources.data(), sources.size(), &pause, nullptr) > 0 && sources[2].revents != 0) {
    read_commands();
  }
}

void LoadRun::read_commands() {
  std::array<char, 256> bytes;
  const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count <= 0) {
    input_open_ = false;
    return;
  }
  input_.append(bytes.data(), static_cast<std::size_t>(count));
  for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
    const std::string line = input_.substr(0, end);
    input_.erase(0, end + 1);
    obey(line);
  }
}

void LoadRun::obey(const std::string& command) {
  command_ = command;
  last_progress_ = now();
  if (command.starts_with("up ")) {
    target_ = std::min(static_cast<std::uint32_t>(number_in(command.substr(3))), options_.calls);
    pace_begin_ = now();
    pace_base_ = started_;
  } else if (command == "hangup") {
    hanging_up_ = true;
  } else if (command != "status") {
    refuse("unknown command: " + command);
  }
}

void LoadRun::answer_command() {
  if (command_.empty()) return;
  const bool patient = now() < last_progress_ + kPatience;
  if (command_.starts_with("up ") && patient &&
      (started_ < target_ || tally_.answered + tally_.failed < target_)) {
    return;
  }
  if (command_ == "hangup" && patient &&
      (next_to_hang_up_ < started_ || tally_.completed + tally_.failed < started_)) {
    return;
  }
  print(fmt::format(R"({{"did": "{}", {}}})", command_, json()));
  command_.clear();
}

void LoadRun::count_unfinished() {
  if (held()) return;
  for (const Call& call : calls_) {
    const bool caller_over = call.caller == CallerState::Over || call.caller == CallerState::Failed;
    if (!caller_over || call.callee_invited != call.callee_ended) {
      tally_.fault(Fault::Unfinished);
    }
  }
  for (std::uint64_t i = caller_.outbox().failures() + callee_.outbox().failures(); i > 0; --i) {
    tally_.fault(Fault::NotSent);
  }
}

std::string LoadRun::json() const {
  return fmt::format(R"({}, "sent": {}, "seconds": {:.3f}, "generator_us": {})", tally_.json(),
                     caller_.outbox().datagrams() + callee_.outbox().datagrams(),
                     static_cast<double>(now() - begin_) / 1e9, processor_microseconds());
}

}  // namespace tandem::bench
