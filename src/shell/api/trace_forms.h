// Messages of a trace in the forms the API answers with: whole, or as they come.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "shell/api/operation.h"
#include "shell/api/query.h"
#include "shell/trace/tracing.h"

namespace tandem::api {

// What an operation that shows messages takes beside its own rows.
inline constexpr QueryRow kMessageQuery[] = {
    {"after", QueryType::Integer, "Only messages behind this sequence number."},
    {"limit", QueryType::Integer, "At most so many, the newest.", "10000", 1, 100'000},
    {"format", QueryType::Word,
     "`ladder` is for people; `ndjson` a message a line; `pcap` a capture file (pcapng).", "json",
     0, 0, "json ndjson text ladder pcap"},
    {"follow", QueryType::Boolean,
     "Go on with messages as they pass. Needs format ndjson, text or pcap.", "false"},
};

trace::Page page_of(const Query& query);

http::Response messages_response(const trace::Tracing& tracing, const Query& query,
                                 const std::vector<trace::Entry>& entries);

// Where a stream gets its messages.
struct NewMessages {
  std::vector<trace::Entry> entries = {};
  bool last = false;  // no more will come
};
using NextMessages = std::function<NewMessages()>;

// A stream in the format of the query, which must be one that can go on.
http::Response follow_messages(Desk& desk, const Query& query, NextMessages next);

// Is `follow` asked for, in a format that has no end? Otherwise the problem.
std::optional<http::Response> refuse_follow(const Query& query);

}  // namespace tandem::api
