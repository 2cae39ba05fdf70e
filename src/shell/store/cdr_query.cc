// A filter as SQL: conditions and their parameters side by side.
#include "shell/store/cdr_query.h"

#include <algorithm>
#include <variant>
#include <vector>

namespace tandem::store {
namespace {

using Parameter = std::variant<std::int64_t, std::string>;

class Query {
 public:
  explicit Query(const CdrFilter& filter);

  Result<Statement, StoreError> prepare(Database& database) const;

 private:
  void require(std::string_view condition, std::vector<Parameter> parameters);
  void require_number(const std::string& column, const std::string& prefix);
  void require_reason(const std::string& code);
  void require_text(const std::string& column, const std::string& text);

  std::string conditions_;
  std::string order_;
  std::vector<Parameter> parameters_;
};

std::string_view order_of(CdrOrder order) {
  switch (order) {
    case CdrOrder::NewestFirst:
      return " ORDER BY start DESC, record DESC";
    case CdrOrder::OldestFirst:
      return " ORDER BY start, record";
    case CdrOrder::AsRecorded:
      return " ORDER BY record";
  }
  return "";
}

std::string_view behind(CdrOrder order) {
  switch (order) {
    case CdrOrder::NewestFirst:
      return "(start, record) < (SELECT start, record FROM cdr WHERE flow_no = ?)";
    case CdrOrder::OldestFirst:
      return "(start, record) > (SELECT start, record FROM cdr WHERE flow_no = ?)";
    case CdrOrder::AsRecorded:
      return "record > (SELECT record FROM cdr WHERE flow_no = ?)";
  }
  return "";
}

Query::Query(const CdrFilter& filter) : order_(order_of(filter.order)) {
  if (filter.from) require("start >= ?", {epoch_milliseconds(*filter.from)});
  if (filter.until) require("start < ?", {epoch_milliseconds(*filter.until)});
  require_number("caller", filter.caller);
  require_number("callee", filter.callee);
  require_text("caller_gateway", filter.caller_gateway);
  require_text("callee_gateway", filter.callee_gateway);
  require_reason(filter.end_reason);
  if (filter.answered) require(*filter.answered ? "answer_time NOTNULL" : "answer_time ISNULL", {});
  if (filter.flow_no != 0) require("flow_no = ?", {filter.flow_no});
  if (filter.after_flow_no != 0) require(behind(filter.order), {filter.after_flow_no});
  parameters_.emplace_back(
      static_cast<std::int64_t>(std::clamp<std::uint32_t>(filter.limit, 1, kMaxCdrLimit)));
}

void Query::require(std::string_view condition, std::vector<Parameter> parameters) {
  conditions_ += conditions_.empty() ? " WHERE " : " AND ";
  conditions_ += condition;
  for (Parameter& parameter : parameters) parameters_.push_back(std::move(parameter));
}

void Query::require_number(const std::string& column, const std::string& prefix) {
  if (prefix.empty()) return;
  const std::string begins = "substr(" + column + ", 1, length(?)) = ?";
  const std::string received = "substr(" + column + "_in, 1, length(?)) = ?";
  require("(" + begins + " OR " + received + ")", {prefix, prefix, prefix, prefix});
}

void Query::require_text(const std::string& column, const std::string& text) {
  if (!text.empty()) require(column + " = ?", {text});
}

// The code itself, or the code with a number behind it.
void Query::require_reason(const std::string& code) {
  if (code.empty()) return;
  const std::string begins = "substr(end_reason, 1, length(?) + 1) = ? || '_'";
  const std::string digit = "substr(end_reason, length(?) + 2, 1) BETWEEN '0' AND '9'";
  require("(end_reason = ? OR " + begins + " AND " + digit + ")", {code, code, code, code});
}

Result<Statement, StoreError> Query::prepare(Database& database) const {
  std::string sql = "SELECT ";
  for (const cdr::CdrField& field : cdr::kCdrFields) {
    if (&field != &cdr::kCdrFields.front()) sql += ", ";
    sql += field.name;
  }
  sql += " FROM cdr" + conditions_ + order_ + " LIMIT ?";
  auto statement = database.prepare(sql);
  if (!statement) return statement;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const int parameter = static_cast<int>(i + 1);
    if (const auto* number = std::get_if<std::int64_t>(&parameters_[i]))
      statement->bind(parameter, *number);
    else
      statement->bind(parameter, std::string_view(std::get<std::string>(parameters_[i])));
  }
  return statement;
}

cdr::FieldValue value_at(const Statement& row, std::size_t index) {
  const int column = static_cast<int>(index);
  if (row.is_null(column)) return {};
  switch (cdr::kCdrFields[index].type) {
    case cdr::FieldType::Integer:
    case cdr::FieldType::Time:
      return row.integer(column);
    case cdr::FieldType::Text:
    case cdr::FieldType::List:
      return row.text(column);
  }
  return {};
}

}  // namespace

Result<std::size_t, StoreError> find_cdrs(Database& database, const CdrFilter& filter,
                                          const CdrVisitor& visit) {
  if (filter.after_flow_no != 0) {
    const auto known = database.number("SELECT 1 FROM cdr WHERE flow_no = " +
                                       std::to_string(filter.after_flow_no));
    if (!known) return Failure{known.error()};
    if (*known == 0)
      return Failure{StoreError{StoreErrorKind::Failed, "there is no record with flow_no " +
                                                            std::to_string(filter.after_flow_no)}};
  }
  const Query query(filter);
  auto statement = query.prepare(database);
  if (!statement) return Failure{statement.error()};
  std::size_t found = 0;
  Statement::Step step;
  while ((step = statement->step()) == Statement::Step::Row) {
    cdr::CdrValues values;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = value_at(*statement, i);
    visit(values);
    ++found;
  }
  if (step == Statement::Step::Failed) return Failure{database.error()};
  return found;
}

Result<std::int64_t, StoreError> last_recorded(Database& database) {
  return database.number("SELECT flow_no FROM cdr ORDER BY record DESC LIMIT 1");
}

}  // namespace tandem::store
