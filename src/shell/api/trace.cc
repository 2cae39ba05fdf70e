// SIP messages that passed, for people and for programs; and debug traces, which collect them.
#include "base/text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/api/questions.h"
#include "shell/api/trace_forms.h"
#include "shell/store/document.h"
#include "shell/trace/wish_rows.h"

namespace tandem::api {
namespace {

namespace json = boost::json;
using http::Response;
using trace::DebugTrace;
using trace::Wish;
using trace::WishRow;

constexpr seconds kUsualLength{600};

Response no_trace(const std::string& id) {
  return http::problem(404, "There is no debug trace " + id + '.');
}

// Of a query, of a body, or of an order that cannot be carried out now.
Response problem_of(const trace::WishFault& fault, int status) {
  if (fault.field.empty()) return http::problem(409, "Not now: " + fault.message + '.');
  const std::string message = fault.field + ": " + fault.message;
  return http::problem(status, message, {{fault.field, fault.value, message}});
}

Wish wish_of(const Query& query) {
  Wish wish;
  for (const WishRow& row : trace::kWishRows) {
    if (query.has(row.name)) trace::set_member(wish, row, query.text(row.name));
  }
  return wish;
}

json::value time_of(UtcTime time) {
  return time == UtcTime{} ? json::value(nullptr) : json::value(epoch_milliseconds(time));
}

json::object wish_json(const Wish& wish) {
  json::object object;
  for (const WishRow& row : trace::kWishRows) {
    const std::string text = trace::text_of(wish, row);
    if (text.empty()) continue;
    if (std::holds_alternative<bool Wish::*>(row.member)) {
      object[row.name] = true;
    } else if (const auto* number = std::get_if<std::int64_t Wish::*>(&row.member)) {
      object[row.name] = wish.*(*number);
    } else {
      object[row.name] = text;
    }
  }
  return object;
}

json::object trace_json(const DebugTrace& trace) {
  json::array files;
  for (const std::string& file : trace.files) files.emplace_back(file);
  return {{"id", trace.id},
          {"state", trace.runs() ? "running" : "ended"},
          {"wish", wish_json(trace.wish)},
          {"user", trace.user},
          {"started", time_of(trace.started)},
          {"until", time_of(trace.until)},
          {"ended", time_of(trace.ended)},
          {"messages", trace.messages},
          {"calls", trace.calls},
          {"bytes", trace.bytes},
          {"dropped", trace.dropped},
          {"missed", trace.missed},
          {"files", std::move(files)},
          {"fault", trace.fault}};
}

// The body of an order: the members of a wish, and how long.
struct OrderBody {
  Wish wish;
  trace::TraceOrder order;
  bool until_stopped = false;
  std::vector<http::FieldError> errors;

  void refuse(const std::string& name, std::string value, const std::string& message) {
    errors.push_back({name, std::move(value), name + ": " + message});
  }
  void take(const std::string& name, const directory::Value& value, seconds longest);
  void take_wish(const WishRow& row, const directory::Value& value);
};

void OrderBody::take_wish(const WishRow& row, const directory::Value& value) {
  std::string text;
  if (const auto* given = std::get_if<std::string>(&value)) text = *given;
  if (const auto* number = std::get_if<std::int64_t>(&value)) text = std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) text = *flag ? "true" : "false";
  if (const auto* list = std::get_if<directory::TextList>(&value)) {
    for (const std::string_view each : *list) text.append(text.empty() ? "" : ",").append(each);
  }
  if (const auto* list = std::get_if<directory::IntegerList>(&value)) {
    for (const std::int64_t each : *list) text += (text.empty() ? "" : ",") + std::to_string(each);
  }
  if (!trace::set_member(wish, row, text)) refuse(std::string(row.name), text, "must be a number");
}

void OrderBody::take(const std::string& name, const directory::Value& value, seconds longest) {
  for (const WishRow& row : trace::kWishRows) {
    if (row.name == name) return take_wish(row, value);
  }
  const auto* number = std::get_if<std::int64_t>(&value);
  const auto* flag = std::get_if<bool>(&value);
  if (name == "seconds") {
    if (number == nullptr || *number < 1 || seconds(*number) > longest) {
      return refuse(name, store::write_value(value),
                    "must be from 1 to " + std::to_string(longest.count()) +
                        ", the SERVER_DEBUG_TRACE_MAX_MINUTES; or say until_stopped");
    }
    order.length = seconds(*number);
  } else if (name == "until_stopped" || name == "file") {
    if (flag == nullptr) return refuse(name, store::write_value(value), "must be true or false");
    (name == "file" ? order.to_file : until_stopped) = *flag;
  } else {
    refuse(name, store::write_value(value), "there is no such field");
  }
}

// Operates on one debug trace, if there is such a one.
template <class Operate>
Response with_trace(Desk& desk, const Visit& visit, Operate operate) {
  trace::Tracing* tracing = desk.services.exchanges.tracing;
  if (tracing == nullptr) return no_switch();
  const auto id = to_number<std::int64_t>(visit.key);
  const auto found = id ? tracing->debug_traces().find(*id) : std::nullopt;
  return found ? operate(*tracing, *found) : no_trace(visit.key);
}

}  // namespace

Response get_trace(Desk& desk, const Visit& visit) {
  trace::Tracing* tracing = desk.services.exchanges.tracing;
  if (tracing == nullptr) return no_switch();
  const Wish wish = wish_of(visit.query);
  const trace::Page page = page_of(visit.query);
  if (visit.query.flag("follow")) {
    if (auto refused = refuse_follow(visit.query)) return std::move(*refused);
    auto follow = tracing->follow(wish, page.after);
    if (!follow.ok()) return problem_of(follow.error(), 400);
    return follow_messages(desk, visit.query,
                           [follow = *follow] { return NewMessages{.entries = follow->next()}; });
  }
  const auto entries = tracing->find(wish, page);
  if (!entries.ok()) return problem_of(entries.error(), 400);
  return messages_response(*tracing, visit.query, *entries);
}

Response list_debug_traces(Desk& desk, const Visit&) {
  trace::Tracing* tracing = desk.services.exchanges.tracing;
  if (tracing == nullptr) return no_switch();
  json::array items;
  for (const DebugTrace& trace : tracing->debug_traces().list()) items.push_back(trace_json(trace));
  return json_response(json::serialize(json::object{{"items", std::move(items)}}));
}

Response start_debug_trace(Desk& desk, const Visit& visit) {
  trace::Tracing* tracing = desk.services.exchanges.tracing;
  if (tracing == nullptr) return no_switch();
  if (auto refused = refuse_body_type(visit.request)) return std::move(*refused);
  const auto fields = store::read_fields(visit.request.body);
  if (!fields.ok()) return http::problem(400, fields.error().sentence);
  const auto longest = std::chrono::duration_cast<seconds>(tracing->longest());
  OrderBody body;
  for (const directory::NamedValue& field : *fields) body.take(field.name, field.value, longest);
  if (!body.errors.empty()) return http::problem(422, body.errors.front().message, body.errors);
  if (body.until_stopped) {
    body.order.length = milliseconds(0);
  } else if (body.order.length == milliseconds(0)) {
    body.order.length = std::min(longest, kUsualLength);
  }
  body.order.user = author_of(desk, visit).user;
  const auto started = tracing->start(body.wish, body.order);
  if (!started.ok()) return problem_of(started.error(), 422);
  return json_response(json::serialize(trace_json(*started)), 201);
}

Response get_debug_trace(Desk& desk, const Visit& visit) {
  return with_trace(desk, visit, [](trace::Tracing&, const DebugTrace& trace) {
    return json_response(json::serialize(trace_json(trace)));
  });
}

Response stop_debug_trace(Desk& desk, const Visit& visit) {
  return with_trace(desk, visit, [&](trace::Tracing& tracing, const DebugTrace& trace) {
    tracing.debug_traces().stop(trace.id);
    const auto stopped = tracing.debug_traces().find(trace.id);
    return stopped ? json_response(json::serialize(trace_json(*stopped))) : no_trace(visit.key);
  });
}

Response remove_debug_trace(Desk& desk, const Visit& visit) {
  return with_trace(desk, visit, [](trace::Tracing& tracing, const DebugTrace& trace) {
    tracing.debug_traces().remove(trace.id);
    return Response{.status = 204};
  });
}

Response debug_trace_messages(Desk& desk, const Visit& visit) {
  return with_trace(desk, visit, [&](trace::Tracing& tracing, const DebugTrace& trace) {
    trace::DebugTraces& traces = tracing.debug_traces();
    trace::Page page = page_of(visit.query);
    if (!visit.query.flag("follow")) {
      return messages_response(tracing, visit.query, traces.messages(trace.id, page));
    }
    if (auto refused = refuse_follow(visit.query)) return std::move(*refused);
    return follow_messages(desk, visit.query, [&traces, id = trace.id, page]() mutable {
      // Asked first: what it caught last is told too.
      const auto facts = traces.find(id);
      NewMessages news{.entries = traces.messages(id, page), .last = !facts || !facts->runs()};
      if (!news.entries.empty()) page.after = news.entries.back().sequence;
      if (news.entries.size() == page.limit) news.last = false;
      return news;
    });
  });
}

}  // namespace tandem::api
