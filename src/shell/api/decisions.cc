// Decisions that were made, and those that another configuration would make: a call of the records is
// decided anew, by the functions of the exchange, under a configuration that is not in force.
#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "core/cdr/cdr_fields.h"
#include "core/cdr/cdr_text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/api/questions.h"
#include "shell/store/document.h"

namespace tandem::api {
namespace {

namespace json = boost::json;
using directory::Directory;
using http::Response;

constexpr std::size_t kMostCalls = 1'000;  // of one request

// What of a record says how the call came in, and what became of it.
struct PastCall {
  std::int64_t flow_no = 0;
  std::string caller;  // as received
  std::string callee;
  std::string gateway;  // or phone it came from; "" = unknown source
  bool from_phone = false;
  std::string source_ip;
  UtcTime start{};
  std::uint64_t configuration = 0;
  std::string end_reason;
  json::value attempts;
};

std::string text_of(const cdr::FieldValue& value) {
  if (const auto* view = std::get_if<std::string_view>(&value)) return std::string(*view);
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : std::string();
}

std::int64_t number_of(const cdr::FieldValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? *number : 0;
}

// "192.0.2.1:5060" and "[2001:db8::1]:5060" without the port.
std::string host_of(std::string_view address) {
  if (address.starts_with('[')) return std::string(address.substr(1, address.find(']') - 1));
  return std::string(address.substr(0, address.rfind(':')));
}

PastCall past_call(const cdr::CdrValues& values) {
  const auto value = [&](std::string_view name) -> const cdr::FieldValue& {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (cdr::kCdrFields[i].name == name) return values[i];
    TANDEM_ASSERT(false, "a record has this field");
    return values.front();
  };
  PastCall call;
  call.flow_no = number_of(value("flow_no"));
  call.caller = text_of(value("caller_in"));
  call.callee = text_of(value("callee_in"));
  call.gateway = text_of(value("caller_gateway"));
  call.from_phone = text_of(value("caller_type")) == cdr::to_text(cdr::PartyType::Phone);
  call.source_ip = host_of(text_of(value("caller_ip")));
  call.start = UtcTime(milliseconds(number_of(value("start"))));
  call.configuration = static_cast<std::uint64_t>(number_of(value("config_snapshot")));
  call.end_reason = text_of(value("end_reason"));
  boost::system::error_code error;
  call.attempts = json::parse(text_of(value("attempts")), error);
  return call;
}

// A call that the request brings, by the names a record has for these: {"callee_in":"4420","start":...}.
Result<PastCall, Response> call_in(const directory::Fields& fields, std::size_t number, UtcTime now) {
  const std::string where = "calls: " + std::to_string(number) + ": ";
  PastCall call;
  for (const directory::NamedValue& field : fields) {
    const auto* text = std::get_if<std::string>(&field.value);
    const auto* whole = std::get_if<std::int64_t>(&field.value);
    const std::string value = text != nullptr    ? *text
                              : whole != nullptr ? std::to_string(*whole)
                                                 : std::string();
    if (field.name == "caller_in") call.caller = value;
    else if (field.name == "callee_in") call.callee = value;
    else if (field.name == "caller_gateway") call.gateway = value;
    else if (field.name == "caller_ip") call.source_ip = host_of(value);
    else if (field.name == "caller_type") call.from_phone = value == "phone";
    else if (field.name == "flow_no") call.flow_no = to_number<std::int64_t>(value).value_or(0);
    else if (field.name != "start")
      return Failure{http::problem(400, where + "there is no field " + field.name)};
    else if (!parse_time(value, now, call.start))
      return Failure{http::problem(400, where + "start: \"" + value + "\" is no time")};
  }
  if (call.callee.empty()) return Failure{http::problem(400, where + "callee_in is required")};
  if (!call.gateway.empty() || !call.source_ip.empty()) return call;
  return Failure{http::problem(400, where + "caller_gateway or caller_ip is required")};
}

// Takes them out of the document; nothing when it brings none.
Result<std::optional<std::vector<PastCall>>, Response> take_calls(Desk& desk,
                                                                  store::Document& document) {
  const auto section = std::ranges::find(document.sections, "calls", &store::Document::Section::resource);
  if (section == document.sections.end()) return std::optional<std::vector<PastCall>>();
  std::vector<PastCall> calls;
  const UtcTime now = desk.services.now();
  if (section->entities.size() > kMostCalls)
    return Failure{http::problem(400, "calls: at most " + std::to_string(kMostCalls))};
  for (const directory::Fields& fields : section->entities) {
    auto call = call_in(fields, calls.size() + 1, now);
    if (!call.ok()) return Failure{call.error()};
    calls.push_back(*std::move(call));
  }
  document.sections.erase(section);
  return std::optional(std::move(calls));
}

Result<std::vector<PastCall>, Response> recorded_calls(Desk& desk, const Query& query) {
  std::vector<PastCall> calls;
  store::CdrFilter filter = cdr_filter_of(query);
  filter.limit = static_cast<std::uint32_t>(query.integer("limit"));
  const auto found = desk.services.cdrs.find(
      filter, [&](const cdr::CdrValues& values) { calls.push_back(past_call(values)); });
  if (!found.ok()) return Failure{http::problem(500, found.error().sentence)};
  return calls;
}

exchange::Explain question_of(const PastCall& call, std::shared_ptr<const Directory> directory) {
  exchange::Explain question{.request = 0,
                             .caller = call.caller,
                             .callee = call.callee,
                             .source_ip = call.source_ip,
                             .ingress = {}};
  if (call.from_phone) {
    question.phone = call.gateway;
  } else if (const auto* gateway = directory->ingress_by_name(call.gateway);
             gateway != nullptr && gateway->remote_ips.empty()) {
    question.ingress = call.gateway;  // it was known by its registration
  }
  question.directory = std::move(directory);
  question.at = call.start;
  return question;
}

Result<PastCall, Response> find_call(Desk& desk, const std::string& key) {
  const auto flow_no = to_number<std::int64_t>(key);
  PastCall call;
  if (flow_no && *flow_no > 0) {
    store::CdrFilter filter;
    filter.flow_no = *flow_no;
    const auto found = desk.services.cdrs.find(
        filter, [&](const cdr::CdrValues& values) { call = past_call(values); });
    if (!found.ok()) return Failure{http::problem(500, found.error().sentence)};
  }
  if (call.flow_no == 0) return Failure{http::problem(404, "There is no record " + key + '.')};
  return call;
}

json::object outcome_json(const exchange::Explanation& told) {
  json::array egress;
  for (const std::string& gateway : told.egress) egress.emplace_back(gateway);
  return {{"accepted", told.end_reason.empty()},
          {"end_reason", told.end_reason},
          {"egress", std::move(egress)}};
}

json::object call_json(const PastCall& call) {
  return {{"flow_no", call.flow_no},
          {"start", epoch_milliseconds(call.start)},
          {"caller", call.caller},
          {"callee", call.callee},
          {"source", call.gateway.empty() ? call.source_ip : call.gateway}};
}

// What calls go to first, before and after: "south" -> "east" 12 times.
class Moves {
 public:
  void count(const exchange::Explanation& before, const exchange::Explanation& after) {
    ++moves_[{first_of(before), first_of(after)}];
  }
  json::array to_json() const {
    json::array list;
    for (const auto& [move, calls] : moves_) {
      list.push_back(json::object{{"from", move.first}, {"to", move.second}, {"calls", calls}});
    }
    return list;
  }

 private:
  static std::string first_of(const exchange::Explanation& told) {
    return told.end_reason.empty() ? told.egress.front() : told.end_reason;
  }
  std::map<std::pair<std::string, std::string>, std::uint64_t> moves_;
};

}  // namespace

Response explain_record(Desk& desk, const Visit& visit) {
  const auto call = find_call(desk, visit.key);
  if (!call.ok()) return call.error();
  std::shared_ptr<const Directory> directory;
  std::uint64_t in_force = 0;
  {
    const std::lock_guard lock(desk.configuration_mutex);
    const auto compiled = desk.services.configuration->compile_at(call->configuration);
    if (!compiled.ok()) return problem_of(compiled.error());
    directory = *compiled;
    const auto number = desk.services.configuration->directory_number();
    if (!number.ok()) return problem_of(number.error());
    in_force = *number;
  }
  const auto told = ask<exchange::Explanation>(desk, question_of(*call, std::move(directory)));
  if (!told.ok()) return told.error();
  json::object body = outcome_json(*told);
  body["lines"] = lines_json(*told);
  body["warnings"] = warnings_json(*told);
  body["call"] = call_json(*call);
  body["configuration"] = call->configuration;
  body["in_force"] = in_force;
  body["recorded_end_reason"] = call->end_reason;
  body["recorded_attempts"] = call->attempts;
  return json_response(json::serialize(body));
}

Response simulate(Desk& desk, const Visit& visit) {
  if (auto refused = refuse_body_type(visit.request)) return std::move(*refused);
  auto document = store::read_document(visit.request.body);
  if (!document.ok()) return http::problem(400, document.error().sentence);
  auto brought = take_calls(desk, *document);
  if (!brought.ok()) return brought.error();
  std::shared_ptr<const Directory> before;
  std::shared_ptr<const Directory> after;
  {
    const std::lock_guard lock(desk.configuration_mutex);
    auto current = desk.services.configuration->compile();
    if (!current.ok()) return problem_of(current.error());
    auto changed = desk.services.configuration->compile_with(*document);
    if (!changed.ok()) return problem_of(changed.error());
    before = *std::move(current);
    after = *std::move(changed);
  }
  std::vector<PastCall> calls;
  const bool of_records = !brought->has_value();
  if (of_records) {
    auto recorded = recorded_calls(desk, visit.query);
    if (!recorded.ok()) return recorded.error();
    calls = *std::move(recorded);
  } else {
    calls = **std::move(brought);
  }

  json::array different;
  Moves moves;
  for (const PastCall& call : calls) {
    const auto now = ask<exchange::Explanation>(desk, question_of(call, before));
    if (!now.ok()) return now.error();
    const auto then = ask<exchange::Explanation>(desk, question_of(call, after));
    if (!then.ok()) return then.error();
    if (now->end_reason == then->end_reason && now->egress == then->egress) continue;
    moves.count(*now, *then);
    json::object item = call_json(call);
    item["before"] = outcome_json(*now);
    item["after"] = outcome_json(*then);
    different.push_back(std::move(item));
  }
  json::value next = nullptr;
  if (of_records && calls.size() == std::size_t(visit.query.integer("limit")))
    next = calls.back().flow_no;
  return json_response(json::serialize(json::object{{"calls", calls.size()},
                                                    {"different", different.size()},
                                                    {"moves", moves.to_json()},
                                                    {"items", std::move(different)},
                                                    {"next", next}}));
}

}  // namespace tandem::api
