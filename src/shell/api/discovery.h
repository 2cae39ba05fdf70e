// How a command finds the switch that runs on this machine. The switch leaves a note of its address
// in its data directory, and a note of its data directory under its address in a directory of its
// user, so that either is enough.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"

namespace tandem::api {

// Leaves the notes, and takes them away when it ends. `addresses`: where the API listens; the first
// one is told to commands.
class Notice {
 public:
  // The fault is a sentence: DIR cannot be written to. Without the second note commands need
  // --data.
  static Result<Notice, std::string> post(const std::filesystem::path& data,
                                          const std::vector<Endpoint>& addresses);
  ~Notice();
  Notice(Notice&&) noexcept = default;
  Notice& operator=(Notice&&) = delete;

 private:
  Notice() = default;
  std::vector<std::filesystem::path> notes_;
};

// Where the switch of this data directory answers; nothing when none has left a note. It may be
// gone: a process that is killed takes nothing away.
std::optional<Endpoint> address_of(const std::filesystem::path& data);
// The data directory of the switch that answers at `address`.
std::optional<std::filesystem::path> data_of(const Endpoint& address);

// A client cannot connect to "any": that is the machine itself.
Endpoint reachable(Endpoint address);

}  // namespace tandem::api
