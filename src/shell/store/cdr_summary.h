// What the records of a span of time say together: how many calls, how they ended, how long they
// lasted. Counted in the database; memory does not grow with the number of calls.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "shell/store/sqlite.h"

namespace tandem::store {

// Calls that are alike.
struct CallGroup {
  std::string caller_gateway = {};
  std::string callee_gateway = {};
  std::string end_reason = {};
  std::string end_side = {};
  std::int64_t hold = -1;  // whole seconds of talk; -1 = not answered
  std::uint64_t calls = 0;
  std::string dead_side = {};  // caller or callee: whose leg was found dead; "" = neither
};

// The addresses of one call: where its messages and where its media come from.
struct CallAddresses {
  std::int64_t flow_no = 0;
  std::string caller_gateway = {};
  std::string callee_gateway = {};
  std::string caller_ip = {};
  std::string caller_rtp_ip = {};
  std::string callee_ip = {};
  std::string callee_rtp_ip = {};
};

// Attempts that a peer refused with one status.
struct RefusedAttempts {
  std::string callee_gateway = {};
  int status = 0;
  std::uint64_t calls = 0;
};

struct CdrSummary {
  std::uint64_t calls = 0;
  std::vector<CallGroup> groups = {};
  std::vector<CallAddresses> unacknowledged = {};  // the newest that ended as ack_timeout
  std::vector<RefusedAttempts> refused = {};       // 405, 420, 422, 491, 501
  bool cut = false;                           // there are more groups than are told
};

inline constexpr std::int64_t kMaxCallGroups = 200'000;
inline constexpr std::int64_t kMaxCallAddresses = 500;

// Of calls that arrived at or after `from`, before `until`.
Result<CdrSummary, StoreError> summarise_cdrs(Database& database, UtcTime from, UtcTime until);

}  // namespace tandem::store
