// Call detail records: a page as JSON, or all that fit as a stream of lines, also as they are made.
#include <algorithm>

#include "base/text.h"
#include "core/cdr/cdr_text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/followers.h"
#include "shell/api/handlers.h"
#include "shell/api/questions.h"

namespace tandem::api {
namespace {

using http::Response;
using store::CdrFilter;
using store::CdrOrder;

constexpr std::uint32_t kPageRecords = 500;  // of a stream, in memory at once

CdrOrder order_of(std::string_view word) {
  if (word == "oldest") return CdrOrder::OldestFirst;
  if (word == "recorded") return CdrOrder::AsRecorded;
  return CdrOrder::NewestFirst;
}

Response problem_of(const store::StoreError& error) {
  const bool busy = error.kind == store::StoreErrorKind::Busy;
  Response response = http::problem(busy ? 503 : 500, error.sentence);
  if (busy) response.headers.emplace_back("Retry-After", "1");
  return response;
}

enum class Form { Json, Csv };

// Writes the records that fit, page by page; `following` ones as they are made.
class CdrStream {
 public:
  CdrStream(Desk& desk, CdrFilter filter, Form form, std::uint64_t limit, bool following)
      : desk_(desk), filter_(std::move(filter)), form_(form), left_(limit), following_(following) {}

  http::Stream::Step next(std::string& out) {
    using Step = http::Stream::Step;
    if (form_ == Form::Csv && !begun_) cdr::append_csv_header(out);
    begun_ = true;
    filter_.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(left_, kPageRecords));
    const auto found = desk_.services.cdrs.find(
        filter_, [&](const cdr::CdrValues& values) { append(out, values); });
    if (!found.ok()) {
      // A locked database is asked again, from the record after the last one told.
      return found.error().kind == store::StoreErrorKind::Busy ? Step::More : Step::Broken;
    }
    if (left_ == 0) return Step::Last;
    return following_ || *found == filter_.limit ? Step::More : Step::Last;
  }

 private:
  void append(std::string& out, const cdr::CdrValues& values) {
    filter_.after_flow_no = std::get<std::int64_t>(values.front());
    --left_;
    if (form_ == Form::Csv) {
      cdr::append_csv(out, values);
    } else {
      cdr::append_json(out, values);
      out += '\n';
    }
  }

  Desk& desk_;
  CdrFilter filter_;
  Form form_;
  std::uint64_t left_;
  bool following_;
  bool begun_ = false;
};

Response stream_cdrs(Desk& desk, const Query& query, Form form) {
  CdrFilter filter = cdr_filter_of(query);
  const bool following = query.flag("follow");
  std::shared_ptr<Follower> follower;
  if (following) {
    follower = Follower::admit(desk);
    if (follower == nullptr) return too_many_followers();
    filter.order = CdrOrder::AsRecorded;
    if (!query.has("from") && !query.has("after")) {
      const auto last = desk.services.cdrs.last_recorded();
      if (!last.ok()) return problem_of(last.error());
      filter.after_flow_no = *last;
    }
  }
  const std::uint64_t limit =
      query.has("limit") ? static_cast<std::uint64_t>(query.integer("limit")) : UINT64_MAX;
  auto stream = std::make_shared<CdrStream>(desk, std::move(filter), form, limit, following);
  Response response{.content_type = form == Form::Csv ? "text/csv; charset=utf-8; header=present"
                                                      : "application/x-ndjson"};
  response.stream.next = [stream, follower](std::string& out) { return stream->next(out); };
  return response;
}

Response page_of_cdrs(Desk& desk, const Query& query) {
  CdrFilter filter = cdr_filter_of(query);
  filter.limit = query.has("limit") ? static_cast<std::uint32_t>(query.integer("limit")) : 100;
  constexpr std::uint32_t kMostOnAPage = 1000;
  filter.limit = std::min(filter.limit, kMostOnAPage);
  std::string out = "{\"items\":[";
  std::int64_t last = 0;
  const auto found = desk.services.cdrs.find(filter, [&](const cdr::CdrValues& values) {
    if (out.back() != '[') out += ',';
    cdr::append_json(out, values);
    last = std::get<std::int64_t>(values.front());
  });
  if (!found.ok()) return problem_of(found.error());
  out += "],\"next\":";
  out += *found == filter.limit ? std::to_string(last) : "null";
  return json_response(out + '}');
}

}  // namespace

CdrFilter cdr_filter_of(const Query& query) {
  CdrFilter filter;
  if (query.has("from")) filter.from = query.time("from");
  if (query.has("until")) filter.until = query.time("until");
  if (query.has("answered")) filter.answered = query.flag("answered");
  filter.caller = query.text("caller");
  filter.callee = query.text("callee");
  filter.caller_gateway = query.text("caller_gateway");
  filter.callee_gateway = query.text("callee_gateway");
  filter.end_reason = query.text("end_reason");
  filter.flow_no = query.integer("flow_no");
  filter.order = order_of(query.text("order"));
  filter.after_flow_no = query.integer("after");
  return filter;
}

Response list_cdrs(Desk& desk, const Visit& visit) {
  const std::string format = visit.query.text("format");
  if (format == "csv") return stream_cdrs(desk, visit.query, Form::Csv);
  if (format == "ndjson") return stream_cdrs(desk, visit.query, Form::Json);
  if (visit.query.flag("follow")) {
    return http::problem(400, "follow needs format=ndjson or format=csv.",
                         {{"follow", "true", "follow: needs format ndjson or csv"}});
  }
  return page_of_cdrs(desk, visit.query);
}

Response get_cdr(Desk& desk, const Visit& visit) {
  const auto flow_no = to_number<std::int64_t>(visit.key);
  std::string out;
  if (flow_no && *flow_no > 0) {
    CdrFilter filter;
    filter.flow_no = *flow_no;
    const auto found = desk.services.cdrs.find(
        filter, [&](const cdr::CdrValues& values) { cdr::append_json(out, values); });
    if (!found.ok()) return problem_of(found.error());
  }
  if (out.empty()) return http::problem(404, "There is no record " + visit.key + '.');
  return json_response(std::move(out));
}

}  // namespace tandem::api
