// What the API can do, row by row.
#include <array>

#include "shell/api/handlers.h"
#include "shell/api/trace_forms.h"
#include "shell/trace/wish_rows.h"

namespace tandem::api {
namespace {

using enum QueryType;

constexpr std::string_view kRoot = "/api/v1/";

constexpr QueryRow kEntityQuery[] = {
    {"limit", Integer, "At most so many.", "100", 1, 1000},
    {"after", Integer, "Only ids behind this one: `next` of the page before."},
    {"name", Text, "Only the one of this name."},
    {"search", Text, "Only names that hold this text, in upper or lower case."},
    {"secrets", Boolean, "Passwords too.", "false"},
};
constexpr QueryRow kSecrets{"secrets", Boolean, "Passwords too.", "false"};
constexpr QueryRow kSecretsQuery[] = {kSecrets};
constexpr QueryRow kComment{"comment", Text, "Why; kept with the change.", "", 0, 500};
constexpr QueryRow kEntityChangeQuery[] = {kSecrets, kComment};
constexpr QueryRow kDryRun{"dry_run", Boolean, "Only say what would change.", "false"};

constexpr QueryRow kParameterQuery[] = {
    {"search", Text,
     "Only those whose name, alias, group or help holds each of these words, in upper or lower "
     "case."},
    {"group", Text, "Only those of this group."},
    {"changed", Boolean, "Only those that are set (true) or have their defaults (false)."},
    {"since", Time, "Only those that were changed at or after."},
    {"format", Word, "`tsv` is the list that the import takes, as text/tab-separated-values.",
     "json", 0, 0, "json tsv"},
};
constexpr QueryRow kCommentQuery[] = {kComment};
constexpr QueryRow kChangeQuery[] = {kDryRun, kComment};
constexpr QueryRow kImportQuery[] = {
    kDryRun,
    {"skip_unknown", Boolean, "Leave out names that no parameter has instead of refusing the list.",
     "false"},
    kComment,
};
constexpr QueryRow kNumbersQuery[] = {
    {"how", Word, "What becomes of the numbers that were imported before.", "replace", 0, 0,
     "replace add remove"},
    {"more", Boolean, "Further parts of the list follow, with `upload`.", "false"},
    {"upload", Text, "The list this is a further part of, as the answer to its first part said."},
    kComment,
};
constexpr QueryRow kFiguresQuery[] = {
    {"number", Text, "Is this number one of them?"},
};
constexpr QueryRow kExportTableQuery[] = {
    {"format", Word, "Comma-separated (RFC 4180) or tab-separated values.", "csv", 0, 0,
     "csv tsv"},
    {"field", Text, "Only the name and this list, one entry a row."},
    kSecrets,
};
constexpr QueryRow kImportTableQuery[] = {
    {"mode", Word,
     "`set` gives fields the values of the table; `add` and `remove` change lists entry by entry; "
     "`replace` also removes entities without a row.",
     "set", 0, 0, "set add remove replace"},
    kDryRun,
    kComment,
};
constexpr QueryRow kOutboundQuery[] = {
    {"name", Text, "Only the one of this name."},
};
constexpr QueryRow kChangesQuery[] = {
    {"limit", Integer, "At most so many.", "100", 1, 1000},
    {"before", Integer, "Only ids before this one: `next` of the page before."},
    {"change", Integer, "Only fields of this change.", "", 1},
    {"since", Time, "Only changes at or after."},
    {"parameters", Boolean, "Only changes of parameters.", "false"},
};
constexpr QueryRow kCallsQuery[] = {
    {"limit", Integer, "At most so many.", "100", 1, 1000},
    {"after", Integer, "Only flow numbers behind this one: `next` of the page before."},
    {"number", Text, "Part of the caller or the callee."},
    {"gateway", Text, "Name of the ingress or egress gateway."},
    {"without_timer", Boolean, "Only answered calls with a leg without session timer.", "false"},
};
constexpr QueryRow kRegistrationsQuery[] = {
    {"limit", Integer, "At most so many.", "100", 1, 1000},
    {"after", Integer, "Only entries behind this one: `next` of the page before."},
    {"user", Text, "Only the contacts of this phone or gateway."},
};
constexpr QueryRow kCdrQuery[] = {
    {"from", Time, "Arrived at or after."},
    {"until", Time, "Arrived before."},
    {"caller", Text, "The calling number begins so, as billed or as received."},
    {"callee", Text, "The called number begins so, as billed or as received."},
    {"caller_gateway", Text, "Name of the ingress gateway."},
    {"callee_gateway", Text, "Name of the egress gateway."},
    {"flow_no", Integer, "Exactly this record."},
    {"end_reason", Text, "Code; `peer_sip` stands for every `peer_sip_NNN` too."},
    {"answered", Boolean, "Only answered calls (true) or only others (false)."},
    {"order", Word, "By time of arrival, or as the calls ended.", "newest", 0, 0,
     "newest oldest recorded"},
    {"after", Integer, "Only records behind this flow number in that order."},
    {"limit", Integer, "At most so many. Default: 100 with format json, else all.", "", 1,
     store::kMaxCdrLimit},
    {"format", Word, "`ndjson` and `csv` are streamed, a record a line.", "json", 0, 0,
     "json ndjson csv"},
    {"follow", Boolean,
     "Go on with records as they are made. Begins with those that exist when `from` or `after` is "
     "given. Needs format ndjson or csv.",
     "false"},
};
constexpr QueryRow kSimulateQuery[] = {
    {"from", Time, "Calls that arrived at or after."},
    {"until", Time, "Calls that arrived before."},
    {"caller", Text, "The calling number begins so, as billed or as received."},
    {"callee", Text, "The called number begins so, as billed or as received."},
    {"caller_gateway", Text, "Name of the ingress gateway."},
    {"callee_gateway", Text, "Name of the egress gateway."},
    {"flow_no", Integer, "Exactly this record."},
    {"end_reason", Text, "Code; `peer_sip` stands for every `peer_sip_NNN` too."},
    {"answered", Boolean, "Only answered calls (true) or only others (false)."},
    {"order", Word, "By time of arrival, or as the calls ended.", "newest", 0, 0,
     "newest oldest recorded"},
    {"after", Integer, "Only records behind this flow number in that order."},
    {"limit", Integer, "At most so many calls; `next` goes on behind them.", "1000", 1, 1000},
};
constexpr QueryRow kDoctorQuery[] = {
    {"gateway", Text, "Only what concerns this gateway."},
    {"since", Time, "Only calls that arrived at or after; else of the last 24 hours."},
};
constexpr QueryRow kRouteQuery[] = {
    {"callee", Text, "The called number, as the gateway would send it. Required."},
    {"caller", Text, "The calling number."},
    {"source", Text, "IP address the call would come from, or"},
    {"ingress", Text, "name of the ingress gateway; not needed when there is only one; or"},
    {"phone", Text, "number of the phone that calls."},
    {"at", Time, "When it would come; else now. At another time every gateway is taken to be reachable, and no "
                 "call to be up."},
};
constexpr QueryRow kOnlineQuery[] = {
    {"name", Text, "Only the one of this name."},
};
constexpr QueryType type_of(const trace::WishMember& member) {
  if (std::holds_alternative<bool trace::Wish::*>(member)) return Boolean;
  return std::holds_alternative<std::int64_t trace::Wish::*>(member) ? Integer : Text;
}

// Every member of a wish, and how its messages are shown.
constexpr auto kTraceQuery = [] {
  std::array<QueryRow, trace::kWishRows.size() + std::size(kMessageQuery)> rows{};
  std::size_t count = 0;
  for (const trace::WishRow& row : trace::kWishRows) {
    rows[count++] = {row.name, type_of(row.member), row.help};
  }
  for (const QueryRow& row : kMessageQuery) rows[count++] = row;
  return rows;
}();

const Operation kFixedOperations[] = {
    {"GET", "/api/v1/parameters", "List the system parameters", "parameters", list_parameters,
     kParameterQuery, "", "ParameterList"},
    {"GET",
     "/api/v1/parameters/{name}",
     "Get one system parameter",
     "parameters",
     get_parameter,
     {},
     "",
     "Parameter"},
    {"PUT", "/api/v1/parameters/{name}", "Set a system parameter", "parameters", set_parameter,
     kCommentQuery, "ParameterValue", "Parameter"},
    {"DELETE", "/api/v1/parameters/{name}", "Set a system parameter back to its default",
     "parameters", reset_parameter, kCommentQuery, "", "Parameter"},
    {"PATCH", "/api/v1/parameters", "Set several parameters as one change; null is the default",
     "parameters", set_parameters, kChangeQuery, "ParameterValues", "Plan"},
    {"GET",
     "/api/v1/parameters/{name}/history",
     "Who changed the parameter, newest first",
     "parameters",
     parameter_history,
     {},
     "",
     "ParameterHistory"},
    {"POST", "/api/v1/parameters/{name}/undo",
     "Take back the last change of the parameter, as a new change", "parameters", undo_parameter,
     kChangeQuery, "", "Plan"},
    {"POST", "/api/v1/parameters/undo", "Take back the last change of any parameter", "parameters",
     undo_last_parameters, kChangeQuery, "", "Plan"},
    {.method = "POST",
     .path = "/api/v1/parameters/import",
     .summary = "Set the parameters of a list as one change: an export, or a VOS3000 list",
     .tag = "parameters",
     .serve = import_parameters,
     .query = kImportQuery,
     .body = "ParameterListText",
     .reply = "ImportPlan",
     .body_type = "text/tab-separated-values"},

    {"GET",
     "/api/v1/profiles",
     "List the profiles: sets of parameter values",
     "profiles",
     list_profiles,
     {},
     "",
     "ProfileList"},
    {"GET",
     "/api/v1/profiles/{name}",
     "Get one profile, beside what is in force",
     "profiles",
     get_profile,
     {},
     "",
     "Profile"},
    {"POST", "/api/v1/profiles/{name}/apply", "Apply a profile as one change", "profiles",
     apply_profile, kChangeQuery, "", "Plan"},

    {"POST", "/api/v1/apply", "Apply a document as one change", "configuration", apply_document,
     kChangeQuery, "Document", "Plan"},
    {"GET",
     "/api/v1/export",
     "The configuration in the form that apply takes",
     "configuration",
     export_document,
     kSecretsQuery,
     "",
     "Document"},
    {"GET", "/api/v1/export/{resource}", "All entities of a resource as a table of text",
     "configuration", export_entities, kExportTableQuery, "", ""},
    {.method = "POST",
     .path = "/api/v1/import/{resource}",
     .summary = "Entities of a resource from a table of text, as one change",
     .tag = "configuration",
     .serve = import_entities,
     .query = kImportTableQuery,
     .body = "TableText",
     .reply = "Plan",
     .body_type = "text/csv"},
    {"GET", "/api/v1/changes", "Who changed what, newest first", "configuration", list_changes,
     kChangesQuery, "", "ChangeList"},
    {"POST", "/api/v1/changes/{number}/undo", "Take back all of one change, as a new change",
     "configuration", undo_change, kChangeQuery, "", "Plan"},

    {"GET",
     "/api/v1/number_uploads/{upload}",
     "How far the reading of a list of numbers has come",
     "number_groups",
     get_number_upload,
     {},
     "",
     "NumberUpload"},

    {"GET", "/api/v1/calls", "List the live calls", "calls", list_calls, kCallsQuery, "",
     "CallList"},
    {"GET", "/api/v1/calls/{flow_no}", "Get one live call", "calls", get_call, {}, "", "Call"},
    {"GET", "/api/v1/calls/{flow_no}/page",
     "All there is of one call, live or ended: numbers, decision, both legs, timers, messages",
     "calls", get_call_page, {}, "", "CallPage"},
    {"DELETE", "/api/v1/calls/{flow_no}", "Hang up a call", "calls", hang_up, {}, "", "", 204},

    {"GET", "/api/v1/registrations", "List the registered contacts", "registrations",
     list_registrations, kRegistrationsQuery, "", "RegistrationList"},
    {"DELETE",
     "/api/v1/registrations/{user}",
     "Forget the contacts of a phone or gateway",
     "registrations",
     unregister,
     {},
     "",
     "",
     204},

    {"GET", "/api/v1/cdrs", "Look up call detail records", "cdrs", list_cdrs, kCdrQuery, "",
     "CdrList"},
    {"GET", "/api/v1/cdrs/{flow_no}", "Get one call detail record", "cdrs", get_cdr, {}, "", "Cdr"},

    {"GET", "/api/v1/online_gateways", "How the gateways stand at the moment", "gateways",
     list_online, kOnlineQuery, "", "OnlineGatewayList"},
    {"GET", "/api/v1/online_gateway_groups", "How the gateway groups stand at the moment",
     "gateways", list_online_groups, kOnlineQuery, "", "OnlineGroupList"},
    {"GET", "/api/v1/online_number_pools",
     "How the number pools stand at the moment; with a name also which numbers carry calls",
     "gateways", list_online_pools, kOnlineQuery, "", "OnlinePoolList"},
    {"POST",
     "/api/v1/online_gateways/{name}/unban",
     "End the pause that an egress gateway asked for by Retry-After",
     "gateways",
     unban_gateway,
     {},
     "",
     "Unbanned"},
    {"GET",
     "/api/v1/keepalive",
     "The NAT keep-alive in figures",
     "gateways",
     get_keep_alive,
     {},
     "",
     "KeepAlive"},
    {"GET", "/api/v1/online_registrations", "How the outbound registrations stand", "registrations",
     list_outbound, kOutboundQuery, "", "OnlineRegistrationList"},
    {"GET",
     "/api/v1/online_registrations/{name}",
     "How one outbound registration stands",
     "registrations",
     get_outbound,
     {},
     "",
     "OnlineRegistration"},
    {"POST",
     "/api/v1/online_registrations/{name}/retry",
     "Register at once, whatever is waited for",
     "registrations",
     retry_outbound,
     {},
     "",
     "",
     204},

    {"GET",
     "/api/v1/ported_numbers",
     "How large the local table of ported numbers is",
     "numbers",
     get_ported_table,
     {},
     "",
     "PortedTable"},
    {"GET",
     "/api/v1/ported_numbers/{number}",
     "What the local table says of a number",
     "numbers",
     get_ported_number,
     {},
     "",
     "PortedNumber"},
    {"POST",
     "/api/v1/ported_numbers/reload",
     "Use the table that was imported last",
     "numbers",
     reload_ported_table,
     {},
     "",
     "PortedTable"},

    {"GET", "/api/v1/route", "What would happen to a call, and why", "calls", explain_route,
     kRouteQuery, "", "Explanation"},
    {"GET",
     "/api/v1/cdrs/{flow_no}/decision",
     "The decision on a call of the records, under the configuration it was made with",
     "calls",
     explain_record,
     {},
     "",
     "PastDecision"},
    {"POST", "/api/v1/simulate",
     "Which calls a document would decide otherwise; nothing is changed. The calls are those of the "
     "records, or of a section `calls` of the document: objects with `callee_in`, `caller_in`, `start`, "
     "`caller_gateway` or `caller_ip`, `caller_type` and `flow_no` of a record",
     "calls",
     simulate, kSimulateQuery, "Document", "Simulation"},
    {"GET", "/api/v1/doctor", "What is wrong with calls, why, and what to do", "status",
     get_doctor, kDoctorQuery, "", "Diagnosis"},
    {"GET", "/api/v1/trace", "The newest SIP messages, of a call or a number or with a header",
     "trace", get_trace, kTraceQuery, "", "Trace"},
    {"GET", "/api/v1/traces", "List the debug traces", "trace", list_debug_traces, {}, "",
     "DebugTraceList"},
    {"POST", "/api/v1/traces", "Start a debug trace", "trace", start_debug_trace, {}, "TraceOrder",
     "DebugTrace", 201},
    {"GET", "/api/v1/traces/{id}", "Get one debug trace", "trace", get_debug_trace, {}, "",
     "DebugTrace"},
    {"DELETE", "/api/v1/traces/{id}", "Stop a debug trace and forget what it caught", "trace",
     remove_debug_trace, {}, "", "", 204},
    {"POST", "/api/v1/traces/{id}/stop", "Stop a debug trace and keep what it caught", "trace",
     stop_debug_trace, {}, "", "DebugTrace"},
    {"GET", "/api/v1/traces/{id}/messages", "What a debug trace caught", "trace",
     debug_trace_messages, kMessageQuery, "", "Trace"},
    {"GET",
     "/api/v1/status",
     "Counters, gateways, and what the program says of itself",
     "status",
     get_status,
     {},
     "",
     "Status"},
};

const Operation kPublicOperations[] = {
    {"GET", "/api/v1/openapi.json", "This document", "status", get_openapi},
    {"GET", "/", "A page for people", "status", front_page},
};

std::string schema_of(const directory::ResourceRow& resource) {
  return std::string(resource.singular);
}

// Of groups and lists: what is in them.
void add_numbers(const directory::ResourceRow& resource, std::vector<Operation>& operations) {
  const std::string one = std::string(kRoot) + std::string(resource.name) + "/{id}";
  const std::string noun(resource.singular);
  Operation upload{.method = "POST",
                   .path = one + "/numbers",
                   .summary = "Import numbers into one " + noun + ": text, one a line",
                   .tag = resource.name,
                   .serve = upload_numbers,
                   .query = kNumbersQuery,
                   .body = "NumberText",
                   .reply = "NumberUpload",
                   .body_type = "text/plain"};
  Operation text{.method = "GET",
                 .path = one + "/numbers",
                 .summary = "All numbers of one " + noun + ", as text",
                 .tag = resource.name,
                 .serve = export_numbers,
                 .reply = "NumberText",
                 .reply_type = "text/plain"};
  Operation figures{.method = "GET",
                    .path = one + "/figures",
                    .summary = "How many numbers one " + noun + " holds, and whether it holds one",
                    .tag = resource.name,
                    .serve = get_number_figures,
                    .query = kFiguresQuery,
                    .reply = "NumberFigures"};
  for (Operation* row : {&upload, &text, &figures}) {
    row->resource = &resource;
    operations.push_back(std::move(*row));
  }
}

void add_resource(const directory::ResourceRow& resource, std::vector<Operation>& operations) {
  const std::string all = std::string(kRoot) + std::string(resource.name);
  const std::string one = all + "/{id}";
  const std::string schema = schema_of(resource);
  const std::string noun(resource.singular);
  const Operation rows[] = {
      {"GET", all, "List " + std::string(resource.name), resource.name, list_entities, kEntityQuery,
       "", schema + "_list"},
      {"POST", all, "Create an entity of " + std::string(resource.name), resource.name,
       create_entity, kEntityChangeQuery, schema, schema, 201},
      {"GET", one, "Get one " + noun + " by id or name", resource.name, get_entity,
       kSecretsQuery, "", schema},
      {"PATCH", one, "Change some fields of one " + noun, resource.name, patch_entity,
       kEntityChangeQuery, schema, schema},
      {"PUT", one, "Give all fields of one " + noun + "; those left out get their defaults",
       resource.name, replace_entity, kEntityChangeQuery, schema, schema},
      {"DELETE", one, "Remove one " + noun, resource.name, remove_entity, kCommentQuery, "", "",
       204},
  };
  for (Operation row : rows) {
    row.resource = &resource;
    operations.push_back(std::move(row));
  }
  if (resource.name == "number_groups" || resource.name == "number_lists")
    add_numbers(resource, operations);
}

}  // namespace

std::vector<Operation> all_operations() {
  std::vector<Operation> operations;
  for (const directory::ResourceRow& resource : directory::all_resources()) {
    add_resource(resource, operations);
  }
  operations.insert(operations.end(), std::begin(kFixedOperations), std::end(kFixedOperations));
  for (Operation operation : kPublicOperations) {
    operation.access = Access::Public;
    operations.push_back(std::move(operation));
  }
  return operations;
}

}  // namespace tandem::api
