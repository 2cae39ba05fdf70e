#include "shell/store/cdr_summary.h"

namespace tandem::store {
namespace {

constexpr std::string_view kGroups =
    "SELECT caller_gateway, callee_gateway, end_reason, end_side,"
    " CASE WHEN answer_time IS NULL THEN -1 ELSE hold_time_ms / 1000 END AS hold, count(*), dead_side"
    " FROM cdr WHERE start >= ? AND start < ? GROUP BY 1, 2, 3, 4, 5, dead_side LIMIT ?";

constexpr std::string_view kUnacknowledged =
    "SELECT flow_no, caller_gateway, callee_gateway, caller_ip, caller_rtp_ip, callee_ip,"
    " callee_rtp_ip FROM cdr WHERE start >= ? AND start < ? AND end_reason = 'ack_timeout'"
    " ORDER BY start DESC LIMIT ?";

constexpr int kStatuses[] = {405, 420, 422, 491, 501};

// Runs with the span and a limit; `take` gets each row.
template <class Take>
Result<Done, StoreError> select(Database& database, std::string_view sql, UtcTime from,
                                UtcTime until, std::int64_t limit, Take take) {
  auto statement = database.prepare(sql);
  if (!statement) return Failure{statement.error()};
  statement->bind(1, epoch_milliseconds(from));
  statement->bind(2, epoch_milliseconds(until));
  statement->bind(3, limit);
  Statement::Step step;
  while ((step = statement->step()) == Statement::Step::Row) take(*statement);
  if (step == Statement::Step::Failed) return Failure{database.error()};
  return Done{};
}

CallGroup group_of(const Statement& row) {
  return {.caller_gateway = std::string(row.text(0)),
          .callee_gateway = std::string(row.text(1)),
          .end_reason = std::string(row.text(2)),
          .end_side = std::string(row.text(3)),
          .hold = row.integer(4),
          .calls = static_cast<std::uint64_t>(row.integer(5)),
          .dead_side = std::string(row.text(6))};
}

CallAddresses addresses_of(const Statement& row) {
  return {.flow_no = row.integer(0),
          .caller_gateway = std::string(row.text(1)),
          .callee_gateway = std::string(row.text(2)),
          .caller_ip = std::string(row.text(3)),
          .caller_rtp_ip = std::string(row.text(4)),
          .callee_ip = std::string(row.text(5)),
          .callee_rtp_ip = std::string(row.text(6))};
}

// By the final status of the deciding peer.
Result<Done, StoreError> count_refused(Database& database, UtcTime from, UtcTime until,
                                       CdrSummary& summary) {
  for (const int status : kStatuses) {
    const std::string sql =
        "SELECT callee_gateway, count(*) FROM cdr WHERE start >= ? AND start < ? AND sip_status "
        "= " +
        std::to_string(status) + " GROUP BY 1 LIMIT ?";
    const auto done = select(database, sql, from, until, kMaxCallGroups, [&](const Statement& row) {
      summary.refused.push_back(
          {std::string(row.text(0)), status, static_cast<std::uint64_t>(row.integer(1))});
    });
    if (!done.ok()) return done;
  }
  return Done{};
}

}  // namespace

Result<CdrSummary, StoreError> summarise_cdrs(Database& database, UtcTime from, UtcTime until) {
  CdrSummary summary;
  auto done = select(database, kGroups, from, until, kMaxCallGroups, [&](const Statement& row) {
    summary.groups.push_back(group_of(row));
    summary.calls += summary.groups.back().calls;
  });
  if (!done.ok()) return Failure{done.error()};
  summary.cut = summary.groups.size() == std::size_t(kMaxCallGroups);
  done = select(database, kUnacknowledged, from, until, kMaxCallAddresses,
                [&](const Statement& row) { summary.unacknowledged.push_back(addresses_of(row)); });
  if (!done.ok()) return Failure{done.error()};
  done = count_refused(database, from, until, summary);
  if (!done.ok()) return Failure{done.error()};
  return summary;
}

}  // namespace tandem::store
