#include "shell/api/trace_forms.h"

#include <optional>

#include "core/cdr/cdr_text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/followers.h"
#include "shell/api/time_text.h"
#include "shell/trace/capture.h"

namespace tandem::api {
namespace {

using http::Response;
using trace::Entry;

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  cdr::append_json_string(out, value);
}

void append_json(std::string& out, const Entry& entry) {
  out += "{\"sequence\":" + std::to_string(entry.sequence);
  out += ",\"time\":" + std::to_string(epoch_milliseconds(entry.time));
  out += ",\"flow_no\":" + (entry.flow_no == 0 ? "null" : std::to_string(entry.flow_no));
  append_member(out, "direction", entry.sent ? "sent" : "received");
  append_member(out, "transport", entry.transport);
  append_member(out, "local", entry.local);
  append_member(out, "peer", entry.peer);
  append_member(out, "message", entry.bytes);
  out += '}';
}

// "2026-01-31 12:00:00.123  call 17  received udp 127.0.0.2:5060 > 127.0.0.1:5060", then the
// message
void append_text(std::string& out, const Entry& entry) {
  const std::string& from = entry.sent ? entry.local : entry.peer;
  const std::string& to = entry.sent ? entry.peer : entry.local;
  out += "--- " + time_text(entry.time);
  if (entry.flow_no != 0) out += "  call " + std::to_string(entry.flow_no);
  out += entry.sent ? "  sent " : "  received ";
  out += entry.transport + "  " + from + " > " + to + '\n';
  for (const char c : entry.bytes) {
    if (c != '\r') out += c;
  }
  if (!out.ends_with('\n')) out += '\n';
  if (!out.ends_with("\n\n")) out += '\n';
}

std::string type_of(std::string_view format) {
  if (format == "ndjson") return "application/x-ndjson";
  if (format == "pcap") return "application/x-pcapng";
  return "text/plain; charset=utf-8";
}

// Writes messages one after another; what a format needs from one to the next is kept.
class Pen {
 public:
  explicit Pen(std::string format) : format_(std::move(format)) {}

  void append(std::string& out, const Entry& entry) {
    if (format_ == "text") {
      append_text(out, entry);
    } else if (format_ == "pcap") {
      capture_.append(out, entry);
    } else {
      append_json(out, entry);
      out += '\n';
    }
  }
  void begin(std::string& out) const {
    if (format_ == "pcap") trace::Capture::begin(out);
  }

 private:
  std::string format_;
  trace::Capture capture_;
};

Response json_page(const std::vector<Entry>& entries) {
  std::string out = "{\"items\":[";
  for (const Entry& entry : entries) {
    if (out.back() != '[') out += ',';
    append_json(out, entry);
  }
  return json_response(out + "]}");
}

}  // namespace

trace::Page page_of(const Query& query) {
  return {.after = static_cast<std::uint64_t>(query.integer("after")),
          .limit = static_cast<std::uint32_t>(query.integer("limit"))};
}

Response messages_response(const trace::Tracing& tracing, const Query& query,
                           const std::vector<Entry>& entries) {
  const std::string format = query.text("format");
  if (format == "json") return json_page(entries);
  Response response{.content_type = type_of(format)};
  if (format == "ladder") {
    response.body = tracing.ladder(entries);
    return response;
  }
  Pen pen(format);
  pen.begin(response.body);
  for (const Entry& entry : entries) pen.append(response.body, entry);
  return response;
}

std::optional<Response> refuse_follow(const Query& query) {
  const std::string format = query.text("format");
  if (format != "json" && format != "ladder") return std::nullopt;
  return http::problem(400, "follow needs format=ndjson, format=text or format=pcap.",
                       {{"follow", "true", "follow: needs format ndjson, text or pcap"}});
}

Response follow_messages(Desk& desk, const Query& query, NextMessages next) {
  const std::shared_ptr<Follower> follower = Follower::admit(desk);
  if (follower == nullptr) return too_many_followers();
  const std::string format = query.text("format");
  Response response{.content_type = type_of(format)};
  response.stream.next = [next = std::move(next), pen = std::make_shared<Pen>(format), follower,
                          begun = false](std::string& out) mutable {
    if (!begun) pen->begin(out);
    begun = true;
    const NewMessages messages = next();
    for (const Entry& entry : messages.entries) pen->append(out, entry);
    return messages.last ? http::Stream::Step::Last : http::Stream::Step::More;
  };
  return response;
}

}  // namespace tandem::api
