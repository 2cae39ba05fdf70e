#include "ladders/laws.h"

#include <array>

namespace tandem::ladder {
namespace {

// Header fields that may stand once in a message.
constexpr std::array kSingle = {"From",         "To",           "Call-ID", "CSeq",
                                "Max-Forwards", "Content-Type", "Contact", "Content-Length",
                                "RSeq",         "RAck",         "Server",  "User-Agent",
                                "Reason",       "Retry-After",  "Privacy", "Allow"};
constexpr std::array kAlways = {"Via", "From", "To", "Call-ID", "CSeq", "Content-Length"};

}  // namespace

std::string law_of_message(const MessageText& message) {
  if (!message.fault().empty()) return message.fault();
  for (const char* name : kAlways) {
    if (!message.has(name)) return std::string("has no ") + name;
  }
  for (const char* name : kSingle) {
    // The answer to a REGISTER lists every contact.
    const bool list = message.method() == "REGISTER" && std::string(name) == "Contact";
    if (!list && message.all(name).size() > 1) return std::string(name) + " stands twice";
  }
  for (const auto& [name, value] : message.headers) {
    if (value.empty()) return name + " is empty";
    if (value.find_first_of("\r\n") != std::string::npos) return name + " is folded";
  }
  if (message.header("Content-Length") != std::to_string(message.body.size())) {
    return "Content-Length is not the size of the body";
  }
  if (message.body.empty() == message.has("Content-Type")) {
    return "has a body without Content-Type, or the reverse";
  }
  if (message.from_tag().empty()) return "has no From tag";
  if (message.branch().rfind("z9hG4bK", 0) != 0) return "has a branch without the cookie";
  const std::string method = message.method();
  const bool session = method == "INVITE" || method == "UPDATE";
  if (message.is_response()) {
    const int status = message.status();
    if (status > 100 && message.to_tag().empty()) return "has no To tag";
    if (status == 100 && message.has("RSeq")) return "is a reliable 100";
    if (session && status >= 200 && status < 300 && !message.has("Contact")) {
      return "has no Contact";
    }
    return "";
  }
  if (!message.has("Max-Forwards")) return "has no Max-Forwards";
  if (session && !message.has("Contact")) return "has no Contact";
  const std::string start = message.start;
  if (start.size() < 8 || start.substr(start.size() - 8) != " SIP/2.0") return "has no version";
  return message.header("CSeq").substr(message.header("CSeq").find(' ') + 1) == method
             ? ""
             : "has a CSeq of another method";
}

std::string law_of_record(const cdr::Cdr& record) {
  const UtcTime never{};
  if (record.end_reason == cause::EndReason{}) return "has no end reason";
  if (record.start == never || record.stop < record.start) return "stops before it starts";
  if (record.ring_time != never && record.ring_time < record.start) return "rings before it starts";
  const bool answered = record.answer_time != never;
  if (answered && record.ring_time > record.answer_time) return "rings after the answer";
  if (answered && record.stop < record.answer_time) return "stops before the answer";
  const std::int64_t talk = answered ? (record.stop - record.answer_time).count() : 0;
  if (record.hold_time_ms != talk) return "has a talk time that is not stop minus answer";
  if (record.caller_pdd < -1 || record.callee_pdd < -1) return "has a negative delay";
  UtcTime last = record.start;
  for (const cdr::Attempt& attempt : record.attempts) {
    if (attempt.start < last) return "has attempts out of order";
    if (attempt.end < attempt.start || attempt.end > record.stop)
      return "has an attempt without end";
    if (attempt.end_reason == cause::EndReason{}) return "has an attempt without end reason";
    last = attempt.start;
  }
  return "";
}

}  // namespace tandem::ladder
