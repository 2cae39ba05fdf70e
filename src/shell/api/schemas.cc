#include "shell/api/schemas.h"

#include <boost/json.hpp>

#include "core/cdr/cdr_fields.h"
#include "core/directory/entity_rows.h"
#include "shell/trace/wish_rows.h"

namespace tandem::api {
namespace {

namespace json = boost::json;

// Schemas of what has no table of its own.
constexpr std::string_view kFixedSchemas = R"json({
"Problem": {"type": "object", "properties": {
  "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
  "detail": {"type": "string", "description": "A sentence that says what to do."},
  "errors": {"type": "array", "items": {"type": "object", "properties": {
    "field": {"type": "string"}, "value": {"type": "string"}, "message": {"type": "string"}}}}}},
"ParameterValue": {"type": "object", "required": ["value"], "properties": {
  "value": {"type": ["string", "integer", "boolean", "array"]}}},
"Parameter": {"type": "object", "properties": {
  "name": {"type": "string"}, "value": {"type": "string"}, "default": {"type": "string"},
  "changed": {"type": "boolean"}, "type": {"type": "string"},
  "allowed": {"type": "string", "description": "What a value must be, as a phrase."},
  "unit": {"type": "string"}, "applies": {"enum": ["live", "next-call", "restart"]},
  "group": {"type": "string"}, "help": {"type": "string"},
  "alias": {"type": "string", "description": "Another name it is known by."},
  "changed_at": {"type": ["integer", "null"], "description": "ms since 1970; null: never"},
  "changed_by": {"type": "string"},
  "change": {"type": ["integer", "null"], "description": "Number of its last change."},
  "available": {"type": "boolean",
    "description": "False: this version keeps the value and does not act on it."},
  "restart_needed": {"type": "boolean",
    "description": "The switch acts on another value until it is started again."}}},
"ParameterValues": {"type": "object", "description": "Values by the names of parameters.",
  "additionalProperties": {"type": ["string", "integer", "boolean", "array", "null"]}},
"ParameterListText": {"type": "string",
  "description": "A name and a value a line: an export, or a list copied from VOS3000."},
"NumberText": {"type": "string", "description": "A number a line; of CSV the first column counts. A * at the end stands for any rest."},
"NumberUpload": {"type": "object", "properties": {
  "upload": {"type": "string", "description": "Names the list in the requests with its further parts."},
  "state": {"enum": ["reading", "writing", "done", "refused"]},
  "lines": {"type": "integer"}, "entries": {"type": "integer", "description": "Numbers read."},
  "written": {"type": "integer", "description": "Numbers merged into the file so far."},
  "file": {"type": "string"},
  "numbers": {"type": "integer", "description": "Different ones in the file."},
  "fault": {"type": "string"}}},
"NumberFigures": {"type": "object", "properties": {
  "name": {"type": "string"}, "entries": {"type": "integer", "description": "Edited ones."},
  "imported": {"type": "integer"}, "bytes": {"type": "integer", "description": "Of the file."},
  "missing": {"type": "boolean", "description": "The file is not there: calls that ask for it are refused."},
  "holds": {"type": ["boolean", "null"], "description": "Whether the number asked for is one of them."}}},
"TableText": {"type": "string",
  "description": "The first row names fields, `name` among them; rows of one name are one entity."},
"ImportPlan": {"allOf": [{"$ref": "#/components/schemas/Plan"}, {"type": "object", "properties": {
  "unknown": {"type": "array", "description": "Names that were left out.",
    "items": {"type": "object", "properties": {
      "line": {"type": "integer"}, "name": {"type": "string"}}}}}}]},
"Profile": {"type": "object", "properties": {
  "name": {"type": "string"}, "title": {"type": "string"}, "help": {"type": "string"},
  "parameters": {"type": "array", "items": {"type": "object", "properties": {
    "name": {"type": "string"}, "value": {"type": "string"},
    "current": {"type": "string", "description": "The value in force."}}}}}},
"ProfileList": {"type": "object", "properties": {
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/Profile"}}}},
"ParameterList": {"type": "object", "properties": {
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/Parameter"}}}},
"ParameterHistory": {"type": "object", "properties": {"items": {"type": "array", "items": {
  "allOf": [{"$ref": "#/components/schemas/Change"}, {"type": "object", "properties": {
  "before": {"type": ["string", "null"]}, "after": {"type": ["string", "null"]},
  "undoes": {"type": ["integer", "null"], "description": "The change that was taken back."}}}]}}}},
"Change": {"type": "object", "properties": {
  "change": {"type": "integer", "description": "Its number: that of the configuration it made."},
  "time": {"type": "integer", "description": "ms since 1970"}, "user": {"type": "string"},
  "address": {"type": "string"}, "origin": {"enum": ["api", "cli", "import", "profile", ""]},
  "comment": {"type": "string"}}},
"Plan": {"type": "object", "properties": {
  "dry_run": {"type": "boolean"}, "changes_anything": {"type": "boolean"},
  "directory_number": {"type": "integer"},
  "entities": {"type": "array", "items": {"type": "object", "properties": {
    "change": {"enum": ["create", "update", "remove", "unchanged"]},
    "resource": {"type": "string"}, "id": {"type": ["integer", "null"]}, "name": {"type": "string"},
    "fields": {"type": "array", "items": {"type": "object", "properties": {
      "field": {"type": "string"}, "before": {}, "after": {}}}}}}},
  "parameters": {"type": "array", "items": {"type": "object", "properties": {
    "name": {"type": "string"}, "before": {"type": "string"}, "after": {"type": "string"},
    "applies": {"type": "string"}, "available": {"type": "boolean"}}}},
  "warnings": {"type": "array", "items": {"type": "string"}, "description": "What is allowed and yet odd, such as a rule of a dial plan that never has its turn."}}},
"ChangeList": {"type": "object", "properties": {"next": {"type": ["integer", "null"]},
  "items": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Change"},
    {"type": "object", "properties": {"id": {"type": "integer"}, "object": {"type": "string"},
    "field": {"type": "string"}, "before": {"type": "string"}, "after": {"type": "string"}}}]}}}},
"Call": {"type": "object", "properties": {
  "flow_no": {"type": "integer"}, "state": {"type": "string"}, "caller": {"type": "string"},
  "callee": {"type": "string"}, "caller_gateway": {"type": "string"},
  "callee_gateway": {"type": "string"}, "caller_ip": {"type": "string"},
  "callee_ip": {"type": "string"}, "caller_call_id": {"type": "string"},
  "callee_call_id": {"type": "string"},
  "start": {"type": ["integer", "null"], "description": "ms since 1970"},
  "ring_time": {"type": ["integer", "null"]}, "answer_time": {"type": ["integer", "null"]},
  "attempt": {"type": "integer"},
  "caller_timer": {"$ref": "#/components/schemas/SessionTimer"},
  "callee_timer": {"$ref": "#/components/schemas/SessionTimer"}}},
"SessionTimer": {"type": ["object", "null"],
  "description": "Of an answered leg; null: it is not answered.", "properties": {
  "interval": {"type": ["integer", "null"], "description": "Seconds; null: no timer."},
  "refresher": {"enum": ["switch", "peer", null]}, "method": {"type": "string"}, "one_sided": {"type": "boolean"},
  "next_refresh_s": {"type": ["integer", "null"]}, "deadline_s": {"type": ["integer", "null"]},
  "last_received": {"type": ["integer", "null"]},
  "rule": {"type": "string"}, "reason": {"type": "string"},
  "peer_supports": {"type": "boolean"}, "peer_updates": {"type": "boolean"}, "refused_update": {"type": "boolean"},
  "refused_reinvite": {"type": "boolean"}}},
"CallPage": {"type": "object", "properties": {"flow_no": {"type": "integer"},
  "state": {"type": "string", "description": "As of a live call, or ended."},
  "call": {"description": "The live call, else null."},
  "record": {"description": "The record of an ended call, else null."},
  "decision": {"type": ["object", "null"],
    "description": "The decision made again, by the configuration of now."},
  "legs": {"type": "array", "description": "Read from the messages in the trace.",
    "items": {"type": "object", "properties": {
    "side": {"enum": ["caller", "callee"]}, "peer": {"type": "string"},
    "call_id": {"type": "string"}, "invited": {"type": ["integer", "null"]},
    "answered": {"type": ["integer", "null"]}, "status": {"type": "integer"},
    "dialog": {"type": "object"},
    "timer": {"$ref": "#/components/schemas/SessionTimer"},
    "refreshes": {"type": "array", "items": {"type": "object"}},
    "too_small": {"type": "array", "items": {"type": "object"}},
    "abilities": {"type": "object"}}}},
  "messages": {"type": "integer"}, "ladder": {"type": "string"}}},
"CallList": {"type": "object", "properties": {"total": {"type": "integer"},
  "next": {"type": ["integer", "null"]},
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/Call"}}}},
"Registration": {"type": "object", "properties": {"number": {"type": "integer"},
  "kind": {"enum": ["phone", "ingress"]}, "user": {"type": "string"},
  "contact": {"type": "string"}, "route": {"type": "string"}, "source": {"type": "string"},
  "user_agent": {"type": "string"}, "since": {"type": "integer"}, "updated": {"type": "integer"},
  "expires": {"type": "integer"}, "updates": {"type": "integer"},
  "q": {"type": "integer", "description": "thousandths"},
  "state": {"enum": ["online", "offline", "unreachable"],
    "description": "offline: it is silent; unreachable: a call to it found nobody"},
  "nat": {"type": "boolean", "description": "its Contact names another address than it came from"},
  "heard": {"type": ["integer", "null"], "description": "the last that came from it"},
  "kept_alive": {"type": ["integer", "null"], "description": "the last keep-alive to it"}}},
"RegistrationList": {"type": "object", "properties": {"total": {"type": "integer"},
  "next": {"type": ["integer", "null"]},
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/Registration"}}}},
"OnlineRegistration": {"type": "object", "properties": {
  "id": {"type": "integer", "description": "of the outbound registration"},
  "name": {"type": "string"}, "enabled": {"type": "boolean"},
  "state": {"enum": ["idle", "resolving", "registering", "registered", "refreshing", "waiting",
    "suspended", "unregistering"]},
  "registered": {"type": "boolean", "description": "Calls can be sent over it."},
  "since": {"type": ["integer", "null"], "description": "in this state, ms since 1970"},
  "registered_until": {"type": ["integer", "null"]},
  "answer": {"type": "integer", "description": "Last SIP status; 0: no answer came."},
  "reason": {"type": "string", "description": "Of the last answer, or what went wrong."},
  "answer_time": {"type": ["integer", "null"]},
  "failures": {"type": "integer", "description": "In a row, since it was registered."},
  "address": {"type": "string", "description": "Of the registrar, with the transport."},
  "calls": {"type": "integer", "description": "Sent over it and not ended."}}},
"OnlineRegistrationList": {"type": "object", "properties": {
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/OnlineRegistration"}}}},
"CdrList": {"type": "object", "properties": {"next": {"type": ["integer", "null"]},
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/Cdr"}}}},
"Explanation": {"type": "object", "properties": {"accepted": {"type": "boolean"},
  "end_reason": {"type": "string", "description": "Code; empty when the call would be sent."},
  "egress": {"type": "array", "items": {"type": "string"},
    "description": "Gateways in the order they would be tried."},
  "lines": {"type": "array", "items": {"type": "object", "properties": {
    "step": {"type": "string"}, "subject": {"type": "string"}, "outcome": {"type": "string"},
    "reason": {"type": "string"}}}},
  "warnings": {"type": "array", "description": "What an operator should know beside the decision.",
    "items": {"type": "object", "properties": {
    "subject": {"type": "string", "description": "The gateway or phone it is about."},
    "warning": {"type": "string"}}}}}},
"PastDecision": {"allOf": [{"$ref": "#/components/schemas/Explanation"}, {"type": "object",
  "properties": {
  "call": {"$ref": "#/components/schemas/DecidedCall"},
  "configuration": {"type": "integer", "description": "It was decided under."},
  "in_force": {"type": "integer", "description": "The configuration of now."},
  "recorded_end_reason": {"type": "string"},
  "recorded_attempts": {"type": "array", "items": {"$ref": "#/components/schemas/Attempt"}}}}]},
"DecidedCall": {"type": "object", "properties": {"flow_no": {"type": "integer"},
  "start": {"type": "integer", "description": "ms since 1970"},
  "caller": {"type": "string"}, "callee": {"type": "string"},
  "source": {"type": "string", "description": "Gateway or phone it came from, or its address."}}},
"Simulation": {"type": "object", "properties": {
  "calls": {"type": "integer", "description": "That were looked at."},
  "different": {"type": "integer", "description": "That would be decided otherwise."},
  "next": {"type": ["integer", "null"], "description": "`after` of the next page."},
  "moves": {"type": "array", "description": "By what the different calls go to first.",
    "items": {"type": "object", "properties": {"from": {"type": "string",
    "description": "Gateway, or end reason."}, "to": {"type": "string"},
    "calls": {"type": "integer"}}}},
  "items": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/DecidedCall"},
    {"type": "object", "properties": {
    "before": {"$ref": "#/components/schemas/Explanation"},
    "after": {"$ref": "#/components/schemas/Explanation"}}}]}}}},
"OnlineGroupList": {"type": "object", "properties": {"items": {"type": "array", "items": {
  "type": "object", "properties": {"name": {"type": "string"},
  "state": {"enum": ["up", "full", "locked"]},
  "calls": {"type": "integer", "description": "of all members, from ingress and to egress"},
  "capacity": {"type": "integer", "description": "0 = no limit"},
  "members": {"type": "integer"}}}}}},
"OnlinePoolList": {"type": "object", "properties": {"items": {"type": "array", "items": {
  "type": "object", "properties": {"name": {"type": "string", "description": "Of the number group."},
  "numbers": {"type": "integer"},
  "busy": {"type": "integer", "description": "Numbers that carry calls."},
  "calls": {"type": "integer"},
  "exhausted": {"type": "integer", "description": "So often none was free, since the start."},
  "used_by": {"type": "array", "items": {"type": "string"}},
  "in_use": {"type": "array", "description": "Of a pool asked for by name; at most 1000.",
    "items": {"type": "object", "properties": {
    "number": {"type": "string"}, "calls": {"type": "integer"}}}}}}}}},
"OnlineGatewayList": {"type": "object", "properties": {"items": {"type": "array", "items": {
  "type": "object", "properties": {
  "kind": {"enum": ["ingress", "egress"]}, "name": {"type": "string"},
  "state": {"enum": ["up", "locked", "offline", "resting"]},
  "calls": {"type": "integer"}, "capacity": {"type": "integer", "description": "0 = no limit"},
  "attempts": {"type": "integer"}, "answered": {"type": "integer"},
  "quality": {"type": ["object", "null"],
    "description": "Of the window of SS_GATEWAY_QUALITY_RESERVE_TIME; null: it is not counted.",
    "properties": {"attempts": {"type": "integer"}, "answered": {"type": "integer"},
    "ended": {"type": "integer"}, "asr": {"type": ["number", "null"], "description": "percent"},
    "response_ratio": {"type": ["number", "null"], "description": "percent that anything but a 100 came for"},
    "connect_ratio": {"type": ["number", "null"], "description": "percent that rang or were answered"},
    "acd": {"type": ["number", "null"], "description": "seconds"}}},
  "destinations": {"type": "array", "description": "Of a gateway asked for by name, while quality is kept by destination (SS_GATEWAY_QUALITY_PREFIX_MIN_CALLS); the latest first, at most 1000.",
    "items": {"type": "object", "properties": {"prefix": {"type": "string"},
    "attempts": {"type": "integer"}, "answered": {"type": "integer"}, "ended": {"type": "integer"},
    "asr": {"type": ["number", "null"]}, "response_ratio": {"type": ["number", "null"]},
    "connect_ratio": {"type": ["number", "null"]}, "acd": {"type": ["number", "null"]},
    "sorts": {"type": "boolean", "description": "There is enough to sort the gateway by it."}}}},
  "retry_after_ms": {"type": "integer", "description": "What is left of its Retry-After."},
  "retry_after_status": {"type": "integer"},
  "retry_after_count": {"type": "integer", "description": "Pauses since the start."},
  "addresses": {"type": "array", "description": "Those under OPTIONS check.", "items": {
    "type": "object", "properties": {"address": {"type": "string"}, "host": {"type": "string"},
    "state": {"enum": ["unknown", "alive", "suspect", "dead"]}, "last_status": {"type": "integer"},
    "last_answer": {"type": ["integer", "null"], "description": "ms since 1970"},
    "missed": {"type": "integer"}}}}}}}}},
"Unbanned": {"type": "object", "properties": {
  "rested": {"type": "boolean", "description": "False: there was no pause to end."}}},
"PortedTable": {"type": "object", "properties": {"rows": {"type": "integer"},
  "bytes": {"type": "integer"},
  "fault": {"type": "string", "description": "Why it cannot be used; empty: it can, or there is none."}}},
"PortedNumber": {"type": "object", "properties": {"number": {"type": "string"},
  "ported": {"type": "boolean"}, "lrn": {"type": "string", "description": "Empty: none is listed."},
  "state": {"type": "string"}, "ocn": {"type": "string"}}},
"KeepAlive": {"type": "object", "properties": {
  "enabled": {"type": "boolean"}, "method": {"enum": ["text", "crlf", "options"]},
  "scope": {"enum": ["all", "nat_only"]}, "contacts": {"type": "integer"},
  "offline": {"type": "integer"}, "period_s": {"type": "integer"},
  "send_interval_ms": {"type": "integer"}, "send_one_time": {"type": "integer"},
  "cycle": {"type": "object", "properties": {"contacts": {"type": "integer"},
    "batches": {"type": "integer"}, "last_batch_ms": {"type": "integer"},
    "capacity": {"type": "integer"}, "effective_batch": {"type": "integer"},
    "overrun": {"type": "boolean"}, "sent": {"type": "integer"}}},
  "cycles": {"type": "integer"}, "overruns": {"type": "integer"},
  "late_cycles": {"type": "integer"}, "sent": {"type": "integer"},
  "answers": {"type": "integer"}, "heard": {"type": "integer"}}},
"Trace": {"type": "object", "properties": {"items": {"type": "array", "items": {
  "type": "object", "properties": {"sequence": {"type": "integer"}, "time": {"type": "integer"},
  "flow_no": {"type": ["integer", "null"]}, "direction": {"enum": ["received", "sent"]},
  "transport": {"type": "string"}, "local": {"type": "string"}, "peer": {"type": "string"},
  "message": {"type": "string"}}}}}},
"Diagnosis": {"type": "object", "properties": {"from": {"type": "integer"},
  "until": {"type": "integer"}, "gateway": {"type": "string"},
  "calls": {"type": "integer", "description": "Call records looked at."},
  "messages": {"type": "integer", "description": "SIP messages looked at."},
  "findings": {"type": "array", "items": {"type": "object", "properties": {
    "symptom": {"type": "string"}, "weight": {"enum": ["problem", "note"]},
    "gateway": {"type": "string"}, "found": {"type": "string"}, "advice": {"type": "string"},
    "figures": {"type": "object", "additionalProperties": {"type": "integer"}}}}},
  "devices": {"type": "array", "items": {"type": "object", "properties": {
    "name": {"type": "string"}, "role": {"enum": ["caller", "callee"]},
    "answered": {"type": "integer"}, "without_timer": {"type": "integer"},
    "refreshes": {"type": "integer"}, "refreshes_succeeded": {"type": "integer"},
    "last_status": {"type": "integer"}, "reinvites_refused": {"type": "integer"},
    "updates_refused": {"type": "integer"}, "supported": {"type": "string"},
    "allow": {"type": "string"}, "product": {"type": "string"},
    "since": {"type": ["integer", "null"]}}}},
  "symptoms": {"type": "array", "items": {"type": "object", "properties": {
    "code": {"type": "string"}, "symptom": {"type": "string"}, "looked_at": {"type": "string"},
    "findings": {"type": "integer"}}}},
  "histogram": {"type": "array", "description": "How long answered calls lasted.",
    "items": {"type": "object", "properties": {"from_s": {"type": "integer"},
    "to_s": {"type": "integer"}, "calls": {"type": "integer"}, "mark": {"type": "string"}}}}}},
"DebugTraceList": {"type": "object", "properties": {
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/DebugTrace"}}}},
"Status": {"type": "object", "properties": {"version": {"type": "string"},
  "started": {"type": "integer"}, "uptime_s": {"type": "integer"},
  "listeners": {"type": "array", "items": {"type": "string"}}, "draining": {"type": "boolean"},
  "alarm": {"type": "string", "description": "Why new calls are refused; empty: they are not."},
  "directory_number": {"type": "integer"}, "cdr_queue": {"type": "integer"},
  "cdr_fault": {"type": "string"},
  "counters": {"type": "object", "additionalProperties": {"type": "integer"}},
  "gateways": {"type": "array", "items": {"type": "object", "properties": {
    "kind": {"enum": ["ingress", "egress"]}, "name": {"type": "string"},
    "calls": {"type": "integer"}, "attempts": {"type": "integer"},
    "answered": {"type": "integer"}, "timer": {"type": "object",
    "description": "Session timers since the start.",
    "additionalProperties": {"type": "integer"}}}}}}}
})json";

json::object integer_schema(const directory::FieldRow& row) {
  return {{"type", "integer"}, {"minimum", row.min}, {"maximum", row.max}};
}

json::object list_schema(const directory::FieldRow& row, json::object item) {
  return {{"type", "array"}, {"maxItems", row.max_entries}, {"items", std::move(item)}};
}

json::object type_of(const directory::FieldRow& row) {
  switch (row.type) {
    case directory::FieldType::Boolean:
      return {{"type", "boolean"}};
    case directory::FieldType::Integer:
      return integer_schema(row);
    case directory::FieldType::Text:
    case directory::FieldType::Reference:
      return {{"type", "string"}};
    case directory::FieldType::Texts:
    case directory::FieldType::References:
      return list_schema(row, json::object{{"type", "string"}});
    case directory::FieldType::Integers:
      return list_schema(row, integer_schema(row));
    case directory::FieldType::Enum: {
      json::array words;
      for (const directory::EnumWord& word : row.words) words.emplace_back(word.word);
      return {{"type", "string"}, {"enum", std::move(words)}};
    }
  }
  return {};
}

json::object field_schema(const directory::FieldRow& row) {
  json::object schema = type_of(row);
  std::string help(row.help);
  if (!help.empty() && !help.ends_with('.')) help += '.';
  schema["description"] = help + " Must be " + directory::allowed_text(row) + '.';
  return schema;
}

json::object read_only(std::string_view type, std::string_view help) {
  return {{"type", type}, {"readOnly", true}, {"description", help}};
}

json::object resource_schema(const directory::ResourceRow& resource) {
  json::object properties{{"id", read_only("integer", "Stays the same for ever.")},
                          {"version", json::object{{"type", "integer"},
                                                   {"description",
                                                    "Rises with each change. Sent back with a "
                                                    "change, an older one is refused."}}}};
  json::array required;
  for (const directory::FieldRow& row : resource.fields) {
    properties[row.name] = field_schema(row);
    if (row.required) required.emplace_back(row.name);
  }
  for (const char* time : {"created_at", "updated_at"}) {
    properties[time] = read_only("integer", "ms since 1970");
  }
  for (const char* user : {"created_by", "updated_by"}) properties[user] = read_only("string", "");
  properties["warnings"] = json::object{
      {"type", "array"},
      {"readOnly", true},
      {"items", json::object{{"type", "string"}}},
      {"description", "In replies to changes: what is allowed and yet odd."}};
  return {{"type", "object"},
          {"description", resource.help},
          {"required", std::move(required)},
          {"properties", std::move(properties)}};
}

json::object list_of(std::string_view schema) {
  const json::object item{{"$ref", "#/components/schemas/" + std::string(schema)}};
  return {{"type", "object"},
          {"properties",
           json::object{{"items", json::object{{"type", "array"}, {"items", item}}},
                        {"total", json::object{{"type", "integer"}}},
                        {"next", json::object{{"type", json::array{"integer", "null"}}}}}}};
}

json::object document_schema() {
  json::object properties;
  for (const directory::ResourceRow& resource : directory::all_resources()) {
    const json::object item{{"$ref", "#/components/schemas/" + std::string(resource.singular)}};
    properties[resource.name] = json::object{{"type", "array"}, {"items", item}};
  }
  properties["parameters"] =
      json::object{{"type", "object"}, {"description", "Values by the names of parameters."}};
  return {{"type", "object"}, {"properties", std::move(properties)}};
}

template <class Fields>
json::object record_schema(const Fields& fields, json::object list_item) {
  json::object properties;
  for (const auto& field : fields) {
    json::object schema{{"description", field.help}};
    switch (field.type) {
      case cdr::FieldType::Text:
        schema["type"] = "string";
        break;
      case cdr::FieldType::Integer:
      case cdr::FieldType::Time:
        schema["type"] = json::array{"integer", "null"};
        break;
      case cdr::FieldType::List:
        schema["type"] = "array";
        schema["items"] = list_item;
        break;
    }
    properties[field.name] = std::move(schema);
  }
  return {{"type", "object"}, {"properties", std::move(properties)}};
}

json::object wish_properties() {
  json::object properties;
  for (const trace::WishRow& row : trace::kWishRows) {
    const bool flag = std::holds_alternative<bool trace::Wish::*>(row.member);
    const bool number = std::holds_alternative<std::int64_t trace::Wish::*>(row.member);
    properties[row.name] = json::object{{"type", flag ? "boolean" : number ? "integer" : "string"},
                                        {"description", row.help}};
  }
  return properties;
}

json::object trace_order_schema() {
  json::object properties = wish_properties();
  properties["seconds"] = json::object{
      {"type", "integer"}, {"minimum", 1}, {"description", "How long; else ten minutes."}};
  properties["until_stopped"] = json::object{{"type", "boolean"}};
  properties["file"] = json::object{
      {"type", "boolean"}, {"description", "Also into capture files in the data directory."}};
  return {{"type", "object"}, {"properties", std::move(properties)}};
}

json::object debug_trace_schema() {
  json::object properties{
      {"id", json::object{{"type", "integer"}}},
      {"state", json::object{{"enum", json::array{"running", "ended"}}}},
      {"wish", json::object{{"type", "object"}, {"properties", wish_properties()}}},
      {"user", json::object{{"type", "string"}}},
      {"files", json::object{{"type", "array"}, {"items", json::object{{"type", "string"}}}}},
      {"fault", json::object{{"type", "string"}, {"description", "Why there is no file."}}}};
  for (const char* time : {"started", "until", "ended"}) {
    properties[time] = json::object{{"type", json::array{"integer", "null"}},
                                    {"description", "ms since 1970"}};
  }
  constexpr std::pair<const char*, const char*> kCounts[] = {
      {"messages", "Caught."},
      {"calls", "Calls they belong to; 0 when single messages are wished for."},
      {"bytes", "Of all messages caught."},
      {"dropped", "Caught, and no longer in memory."},
      {"missed", "Passed too fast to be looked at."}};
  for (const auto& [name, help] : kCounts) {
    properties[name] = json::object{{"type", "integer"}, {"description", help}};
  }
  return {{"type", "object"}, {"properties", std::move(properties)}};
}

}  // namespace

json::object all_schemas() {
  json::object schemas = json::parse(kFixedSchemas).as_object();
  for (const directory::ResourceRow& resource : directory::all_resources()) {
    const std::string name(resource.singular);
    schemas[name] = resource_schema(resource);
    schemas[name + "_list"] = list_of(name);
  }
  schemas["Document"] = document_schema();
  schemas["TraceOrder"] = trace_order_schema();
  schemas["DebugTrace"] = debug_trace_schema();
  schemas["Attempt"] = record_schema(cdr::kAttemptFields, {});
  schemas["Cdr"] =
      record_schema(cdr::kCdrFields, json::object{{"$ref", "#/components/schemas/Attempt"}});
  return schemas;
}

}  // namespace tandem::api
