// What must be so when a ladder is over: nothing left, one record a call, and what "then" says.
#include <algorithm>
#include <optional>

#include "core/cdr/cdr_fields.h"
#include "ladders/laws.h"
#include "ladders/player.h"

namespace tandem::ladder {
namespace {

constexpr std::int64_t kWallStart = 1'767'225'600'000;

std::string shown(const cdr::FieldValue& value, cdr::FieldType type) {
  std::string text = "-";
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    text =
        type == cdr::FieldType::Time ? seconds_text(*number - kWallStart) : std::to_string(*number);
  } else if (const auto* view = std::get_if<std::string_view>(&value)) {
    text = std::string(*view);
  } else if (const auto* own = std::get_if<std::string>(&value)) {
    text = *own;
  }
  return text.empty() ? "-" : text;
}

template <class Record, std::size_t Count>
std::optional<std::string> field_of(const std::array<cdr::Field<Record>, Count>& fields,
                                    const Record& record, const std::string& name) {
  for (const auto& field : fields) {
    if (field.name == name) return shown(field.get(record), field.type);
  }
  return std::nullopt;
}

// "cdr.2.attempt.1" -> record 2, attempt 1; "cdr" -> record 1, no attempt.
struct Subject {
  std::size_t record = 1;
  std::size_t attempt = 0;
};

Subject subject_of(std::string text) {
  Subject subject;
  auto number_after = [&](const std::string& word) -> std::size_t {
    const std::size_t at = text.find(word + ".");
    return at == std::string::npos ? 1 : std::stoul(text.substr(at + word.size() + 1));
  };
  if (text.rfind("cdr", 0) == 0 && text.rfind("cdr.attempt", 0) != 0) {
    subject.record = number_after("cdr");
  }
  if (text.find("attempt") != std::string::npos) subject.attempt = number_after("attempt");
  return subject;
}

}  // namespace

exchange::StatusReport Player::status() {
  replies_.clear();
  handle(exchange::Status{9});
  for (const exchange::Reply& reply : replies_) {
    if (const auto* report = std::get_if<exchange::StatusReport>(&reply.value)) return *report;
  }
  return {};
}

void Player::conclude() {
  if (exchange_->live_calls() != 0) return fail(0, "calls are left");
  if (exchange_->live_transactions() != 0) return fail(0, "transactions, legs or timers are left");
  judge_records();
  if (!failed()) judge_counters();
  for (const Expectation& expectation : ladder_.expectations) {
    if (!failed()) judge(expectation);
  }
}

void Player::judge_records() {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const std::string wrong = law_of_record(records_[i]);
    if (!wrong.empty()) return fail(0, "record " + std::to_string(i + 1) + " " + wrong);
    for (std::size_t j = 0; j < i; ++j) {
      if (records_[i].flow_no == records_[j].flow_no) return fail(0, "a call has two records");
    }
  }
}

void Player::judge_counters() {
  const exchange::StatusReport report = status();
  std::uint64_t offered = offered_before_, ended = ended_before_ + lost_calls_;
  for (const auto& [name, value] : report.counters) {
    if (name == "calls_offered") offered += value;
    if (name == "calls_ended") ended += value;
  }
  if (offered != ended) return fail(0, "a call was offered and never ended");
  for (const exchange::GatewayView& gateway : report.gateways) {
    if (gateway.calls != 0) return fail(0, gateway.name + " still counts a call");
  }
  const bool told =
      std::any_of(ladder_.expectations.begin(), ladder_.expectations.end(),
                  [](const Expectation& expectation) { return expectation.words[0] == "cdrs"; });
  // Strangers are told off without becoming a call.
  const auto calls = std::count_if(records_.begin(), records_.end(), [](const cdr::Cdr& record) {
    return record.end_reason != cause::EndReason::Unregistered;
  });
  if (!told && offered != std::uint64_t(calls) + lost_calls_) {
    fail(0, std::to_string(offered) + " calls left " + std::to_string(calls) + " records");
  }
}

// "cdr FIELD VALUE ...", "attempt.2 FIELD VALUE ...", "cdrs N", "counter NAME VALUE ...".
void Player::judge(const Expectation& expectation) {
  const auto& words = expectation.words;
  std::vector<std::string> now{words[0]};
  const bool pairs = words[0] != "cdrs";
  for (std::size_t i = 1; i < words.size(); i += pairs ? 2 : 1) {
    if (pairs && i + 1 >= words.size()) {
      return fail(expectation.number, words[i] + " needs a value");
    }
    const std::string is = actual(expectation, words[0], words[i]);
    if (failed()) return;
    if (pairs) now.push_back(words[i]);
    now.push_back(is);
    const std::string& should = pairs ? words[i + 1] : words[i];
    if (is == should || edits_ != nullptr) continue;
    return fail(expectation.number, words[0] + " " + (pairs ? words[i] : "") + " is '" + is +
                                        "', not '" + should + "'");
  }
  if (edits_ == nullptr || now == words) return;
  std::string line = " ";
  for (const std::string& word : now) {
    line += " " + (word.find_first_of(" #\"") == std::string::npos ? word : "'" + word + "'");
  }
  edits_->instead[expectation.number] = line;
}

std::string Player::actual(const Expectation& expectation, const std::string& subject,
                           const std::string& field) {
  if (subject == "cdrs") return std::to_string(records_.size());
  if (subject == "counter") {
    for (const auto& [name, value] : status().counters) {
      if (name == field) return std::to_string(value);
    }
    fail(expectation.number, "there is no counter " + field);
    return "";
  }
  const bool known = subject.rfind("cdr", 0) == 0 || subject.rfind("attempt", 0) == 0;
  if (!known) {
    fail(expectation.number, "not understood in 'then'");
    return "";
  }
  const Subject which = subject_of(subject);
  if (which.record > records_.size()) {
    fail(expectation.number, "there is no such record");
    return "";
  }
  const cdr::Cdr& record = records_[which.record - 1];
  if (which.attempt == 0 && field == "attempts") return std::to_string(record.attempts.size());
  if (which.attempt > record.attempts.size()) {
    fail(expectation.number, "there is no such attempt");
    return "";
  }
  const auto value = which.attempt == 0
                         ? field_of(cdr::kCdrFields, record, field)
                         : field_of(cdr::kAttemptFields, record.attempts[which.attempt - 1], field);
  if (!value) fail(expectation.number, "there is no field " + field);
  return value.value_or("");
}

}  // namespace tandem::ladder
