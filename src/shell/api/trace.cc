// SIP messages that passed, for people and for programs.
#include <algorithm>

#include "core/cdr/cdr_text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/followers.h"
#include "shell/api/handlers.h"
#include "shell/api/time_text.h"

namespace tandem::api {
namespace {

using http::Response;

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  cdr::append_json_string(out, value);
}

void append_json(std::string& out, const TraceEntry& entry) {
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
void append_text(std::string& out, const TraceEntry& entry) {
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

using Append = void (*)(std::string&, const TraceEntry&);

void append_json_line(std::string& out, const TraceEntry& entry) {
  append_json(out, entry);
  out += '\n';
}

Response json_page(const std::vector<TraceEntry>& entries) {
  std::string out = "{\"items\":[";
  for (const TraceEntry& entry : entries) {
    if (out.back() != '[') out += ',';
    append_json(out, entry);
  }
  return json_response(out + "]}");
}

Response plain(std::string body) {
  Response response{.content_type = "text/plain; charset=utf-8"};
  response.body = std::move(body);
  return response;
}

Response follow(Desk& desk, TraceFilter filter, std::string content_type, Append append) {
  const std::shared_ptr<Follower> follower = Follower::admit(desk);
  if (follower == nullptr) return too_many_followers();
  if (filter.after == 0) {
    // What has passed is told too when one call or number is meant; else only news.
    const bool all = filter.flow_no == 0 && filter.number.empty() && filter.call_id.empty();
    TraceFilter newest;
    newest.limit = 1;
    const auto last = desk.services.exchanges.trace(newest);
    if (all && !last.empty()) filter.after = last.back().sequence;
  }
  Response response{.content_type = std::move(content_type)};
  response.stream.next = [&desk, filter, append, follower](std::string& out) mutable {
    for (const TraceEntry& entry : desk.services.exchanges.trace(filter)) {
      append(out, entry);
      filter.after = entry.sequence;
    }
    return http::Stream::Step::More;
  };
  return response;
}

}  // namespace

Response get_trace(Desk& desk, const Visit& visit) {
  const Query& query = visit.query;
  if (!desk.services.exchanges.trace) {
    return http::problem(503, "No switch runs on this data directory.");
  }
  TraceFilter filter;
  filter.flow_no = query.integer("flow_no");
  filter.number = query.text("number");
  filter.call_id = query.text("call_id");
  filter.after = static_cast<std::uint64_t>(query.integer("after"));
  filter.limit = static_cast<std::uint32_t>(query.integer("limit"));
  const std::string format = query.text("format");
  const bool text = format == "text";
  const Append append = text ? append_text : append_json_line;
  if (query.flag("follow")) {
    if (text) return follow(desk, filter, "text/plain; charset=utf-8", append);
    if (format == "ndjson") return follow(desk, filter, "application/x-ndjson", append);
    return http::problem(400, "follow needs format=ndjson or format=text.",
                         {{"follow", "true", "follow: needs format ndjson or text"}});
  }
  const std::vector<TraceEntry> entries = desk.services.exchanges.trace(filter);
  if (format == "json") return json_page(entries);
  if (format == "ladder") return plain(desk.services.exchanges.ladder(entries));
  std::string body;
  for (const TraceEntry& entry : entries) append(body, entry);
  Response response = plain(std::move(body));
  if (!text) response.content_type = "application/x-ndjson";
  return response;
}

}  // namespace tandem::api
