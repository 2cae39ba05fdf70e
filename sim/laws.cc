#include "sim/laws.h"

#include <array>
#include <cctype>

#include "core/cdr/cdr_record.h"
#include "sim/wire.h"

namespace tandem::sim {
namespace {

// How addresses and domains of peers begin or end in every world.
constexpr std::array<std::string_view, 3> kPeerMarks{"198.51.100.", "203.0.113.", "2001:db8:1::"};
constexpr std::string_view kPeerDomain = ".sim";

bool token(std::string_view text) {
  for (const char c : text) {
    if (!std::isalnum(static_cast<unsigned char>(c)) &&
        std::string_view("-.!%*_+`'~").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return !text.empty();
}

std::string form_of(std::string_view bytes, Demand demand) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return "no empty line";
  const std::string_view head = bytes.substr(0, end + 2);
  for (std::size_t i = 0; i < head.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(head[i]);
    if (c == '\r' && (i + 1 == head.size() || head[i + 1] != '\n')) return "CR without LF";
    if (c == '\n' && (i == 0 || head[i - 1] != '\r')) return "LF without CR";
    const bool control = (c < 0x20 && c != '\r' && c != '\n' && c != '\t') || c == 0x7f;
    if (control && demand == Demand::Whole) return "control character";
  }
  const auto text = wire::take_apart(bytes);
  if (!text) return "a header line without colon";
  for (const wire::Line& line : text->lines) {
    if (!token(line.name)) return "header name '" + line.name + "'";
  }
  if (text->count("Content-Length") != 1) return "not one Content-Length";
  if (text->get("Content-Length") != std::to_string(text->body.size())) {
    return "Content-Length " + text->get("Content-Length") + " of " +
           std::to_string(text->body.size());
  }
  if (text->body.empty() == text->has("Content-Type")) return "Content-Type and body do not agree";
  return "";
}

std::string start_of(const wire::Text& text) {
  if (!text.is_request()) {
    const bool fine = text.start.size() >= 12 && text.start[11] == ' ' && text.status() >= 100 &&
                      text.status() <= 699;
    return fine ? "" : "status line '" + text.start + "'";
  }
  const std::size_t first = text.start.find(' ');
  const std::size_t last = text.start.rfind(' ');
  const bool fine = first != std::string::npos && last > first + 1 &&
                    text.start.find(' ', first + 1) == last &&
                    text.start.substr(last) == " SIP/2.0" && token(text.start.substr(0, first));
  return fine ? "" : "request line '" + text.start + "'";
}

std::string headers_of_all(const wire::Text& text) {
  for (const char* name : {"From", "To", "Call-ID", "CSeq"}) {
    if (text.count(name) != 1) return std::string("not one ") + name;
  }
  if (!text.has("Via")) return "no Via";
  if (wire::tag_in(text.get("From")).empty()) return "From without tag";
  if (text.branch().empty()) return "Via without branch";
  return "";
}

std::string headers_of_kind(const wire::Text& text) {
  const std::string method = text.method();
  if (text.is_request()) {
    if (text.count("Max-Forwards") != 1) return "not one Max-Forwards";
    if (text.branch().compare(0, 7, "z9hG4bK") != 0) return "branch without magic cookie";
    const std::string cseq = text.get("CSeq");
    if (cseq.substr(cseq.find(' ') + 1) != method) return "CSeq of another method";
    if ((method == "INVITE" || method == "UPDATE") && text.count("Contact") != 1) {
      return "not one Contact";
    }
    return "";
  }
  if (text.status() > 100 && wire::tag_in(text.get("To")).empty()) return "To without tag";
  if (method == "INVITE" && text.status() / 100 == 2 && text.count("Contact") != 1) {
    return "2xx without Contact";
  }
  return "";
}

std::string time_law(const cdr::Cdr& record) {
  const UtcTime none{};
  if (record.start == none || record.stop < record.start) return "stop before start";
  UtcTime before = record.start;
  for (const UtcTime time : {record.progress_time, record.ring_time}) {
    if (time == none) continue;
    if (time < before || time > record.stop) return "ringing outside the call";
  }
  if (record.answer_time != none) {
    for (const UtcTime time : {record.start, record.progress_time, record.ring_time}) {
      if (time > record.answer_time) return "answer before ringing";
    }
    if (record.answer_time > record.stop) return "answer after stop";
    if (record.hold_time_ms != (record.stop - record.answer_time).count()) return "talk time";
    if (record.attempts.empty()) return "answered without attempt";
  } else if (record.hold_time_ms != 0) {
    return "talk time without answer";
  }
  if (record.caller_pdd < -1 || record.callee_pdd < -1) return "negative PDD";
  return "";
}

}  // namespace

std::string message_law(std::string_view bytes, Demand demand) {
  std::string wrong = form_of(bytes, demand);
  if (!wrong.empty()) return wrong;
  const auto text = wire::take_apart(bytes);
  wrong = start_of(*text);
  if (!wrong.empty() || demand == Demand::Form) return wrong;
  wrong = headers_of_all(*text);
  return wrong.empty() ? headers_of_kind(*text) : wrong;
}

std::string hiding_law(std::string_view bytes, std::string_view own_address,
                       std::string_view own_domain) {
  const std::string_view head = bytes.substr(0, bytes.find("\r\n\r\n"));
  for (const std::string_view mark : kPeerMarks) {
    for (std::size_t at = head.find(mark); at != std::string_view::npos;
         at = head.find(mark, at + mark.size())) {
      const std::string_view rest = head.substr(at + mark.size());
      const std::string_view last = rest.substr(0, rest.find_first_not_of("0123456789abcdef"));
      // A damaged address is nobody's.
      if (!last.empty() && last != own_address) return "names " + std::string(mark) + std::string(last);
    }
  }
  for (std::size_t at = head.find(kPeerDomain); at != std::string_view::npos;
       at = head.find(kPeerDomain, at + 1)) {
    const std::size_t begin = head.find_last_not_of("h0123456789", at - 1) + 1;
    const std::string_view name = head.substr(begin, at + kPeerDomain.size() - begin);
    if (name != own_domain) return "names " + std::string(name);
  }
  return "";
}

std::string record_law(const cdr::Cdr& record) {
  const std::string wrong = time_law(record);
  if (!wrong.empty()) return wrong;
  if (record.flow_no <= 0) return "no flow number";
  if (record.end_reason == cause::EndReason{}) return "no end reason";
  for (const cdr::Attempt& attempt : record.attempts) {
    if (attempt.start < record.start || attempt.end < attempt.start || attempt.end > record.stop) {
      return "an attempt outside the call";
    }
    if (attempt.pdd < -1) return "negative PDD of an attempt";
    if (attempt.end_reason == cause::EndReason{}) return "an attempt without end reason";
  }
  std::string bytes;
  cdr::append_record(bytes, record);
  const auto read = cdr::parse_record(bytes);
  if (!read) return "the journal cannot read it";
  std::string again;
  cdr::append_record(again, *read);
  return again == bytes ? "" : "the journal reads something else";
}

}  // namespace tandem::sim
