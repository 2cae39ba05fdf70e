// Looking up call detail records in the database.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "core/cdr/cdr_fields.h"
#include "shell/store/sqlite.h"

namespace tandem::store {

enum class CdrOrder : std::uint8_t {
  NewestFirst,  // by time of arrival
  OldestFirst,  // by time of arrival
  AsRecorded,   // as the calls ended: to follow new ones, none is missed
};

// Everything given must hold. Empty texts and nullopt do not restrict.
struct CdrFilter {
  std::optional<UtcTime> from{};   // arrived at or after
  std::optional<UtcTime> until{};  // arrived before
  std::string caller{};            // the number, billed or as received, begins so
  std::string callee{};            // the same
  std::string caller_gateway{};    // name
  std::string callee_gateway{};    // name
  std::string end_reason{};        // code; "peer_sip" stands for every "peer_sip_NNN" too
  std::optional<bool> answered{};
  std::int64_t flow_no = 0;  // exactly this record

  CdrOrder order = CdrOrder::NewestFirst;
  // Only records behind this one in the chosen order: to page, and to follow. 0 = from the start.
  std::int64_t after_flow_no = 0;
  std::uint32_t limit = 100;  // 1 to kMaxCdrLimit
};
inline constexpr std::uint32_t kMaxCdrLimit = 1'000'000;

// Called for each record found; the views in it are valid during the call. append_json() and
// append_csv() of core/cdr/cdr_text.h take it.
using CdrVisitor = std::function<void(const cdr::CdrValues&)>;

// Answers how many were found. Fails when the database does, or after_flow_no is no record.
Result<std::size_t, StoreError> find_cdrs(Database& database, const CdrFilter& filter,
                                          const CdrVisitor& visit);

// Flow number of the record made last, 0 when there is none: where to begin to follow.
Result<std::int64_t, StoreError> last_recorded(Database& database);

}  // namespace tandem::store
