// Commands from other threads on their way to the exchange's: bounded, and never waited for.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/directory/directory.h"
#include "core/exchange/exchange.h"

namespace tandem::process {

struct Letter {
  exchange::Input command;
  std::function<void(exchange::Reply)> answer;
};

class Mailbox {
 public:
  static constexpr std::size_t kMax = 1024;  // letters that wait

  // Any thread. False: full, the letter is lost.
  bool post(Letter letter) {
    const std::lock_guard lock(mutex_);
    if (letters_.size() >= kMax) return false;
    letters_.push_back(std::move(letter));
    waiting_.store(true, std::memory_order_release);
    return true;
  }
  // Any thread. The newest configuration is the one that counts.
  void adopt(std::shared_ptr<const directory::Directory> directory) {
    const std::lock_guard lock(mutex_);
    directory_ = std::move(directory);
    waiting_.store(true, std::memory_order_release);
  }

  // The exchange's thread; costs next to nothing when there is nothing. Replaces `letters`;
  // `directory` is nullptr when there is no new one.
  bool take(std::vector<Letter>& letters, std::shared_ptr<const directory::Directory>& directory) {
    if (!waiting_.load(std::memory_order_acquire)) return false;
    const std::lock_guard lock(mutex_);
    letters.clear();
    letters.swap(letters_);
    directory = std::move(directory_);
    directory_ = nullptr;
    waiting_.store(false, std::memory_order_release);
    return true;
  }

 private:
  std::mutex mutex_;
  std::vector<Letter> letters_;
  std::shared_ptr<const directory::Directory> directory_;
  std::atomic<bool> waiting_{false};
};

}  // namespace tandem::process
