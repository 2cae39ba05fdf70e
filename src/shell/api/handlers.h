// Who serves the operations. One .cc per subject.
#pragma once

#include "shell/api/operation.h"

namespace tandem::api {

// entities.cc
http::Response list_entities(Desk& desk, const Visit& visit);
http::Response create_entity(Desk& desk, const Visit& visit);
http::Response get_entity(Desk& desk, const Visit& visit);
http::Response patch_entity(Desk& desk, const Visit& visit);
http::Response replace_entity(Desk& desk, const Visit& visit);
http::Response remove_entity(Desk& desk, const Visit& visit);

// number_stores.cc
http::Response upload_numbers(Desk& desk, const Visit& visit);
http::Response get_number_upload(Desk& desk, const Visit& visit);
http::Response export_numbers(Desk& desk, const Visit& visit);
http::Response get_number_figures(Desk& desk, const Visit& visit);

// parameters.cc
http::Response list_parameters(Desk& desk, const Visit& visit);
http::Response get_parameter(Desk& desk, const Visit& visit);
http::Response set_parameter(Desk& desk, const Visit& visit);
http::Response reset_parameter(Desk& desk, const Visit& visit);
http::Response set_parameters(Desk& desk, const Visit& visit);
http::Response undo_parameter(Desk& desk, const Visit& visit);
http::Response undo_last_parameters(Desk& desk, const Visit& visit);
http::Response parameter_history(Desk& desk, const Visit& visit);

// parameter_list.cc
http::Response import_parameters(Desk& desk, const Visit& visit);

// profiles.cc
http::Response list_profiles(Desk& desk, const Visit& visit);
http::Response get_profile(Desk& desk, const Visit& visit);
http::Response apply_profile(Desk& desk, const Visit& visit);

// configuration.cc
http::Response apply_document(Desk& desk, const Visit& visit);
http::Response list_outbound(Desk& desk, const Visit& visit);
http::Response get_outbound(Desk& desk, const Visit& visit);
http::Response retry_outbound(Desk& desk, const Visit& visit);
http::Response export_document(Desk& desk, const Visit& visit);
http::Response list_changes(Desk& desk, const Visit& visit);
http::Response undo_change(Desk& desk, const Visit& visit);

// calls.cc
http::Response list_calls(Desk& desk, const Visit& visit);
http::Response get_call(Desk& desk, const Visit& visit);
http::Response hang_up(Desk& desk, const Visit& visit);
http::Response explain_route(Desk& desk, const Visit& visit);
http::Response get_status(Desk& desk, const Visit& visit);

// online.cc
http::Response list_online(Desk& desk, const Visit& visit);
http::Response list_online_groups(Desk& desk, const Visit& visit);
http::Response list_online_pools(Desk& desk, const Visit& visit);
http::Response unban_gateway(Desk& desk, const Visit& visit);
http::Response get_ported_table(Desk& desk, const Visit& visit);
http::Response get_ported_number(Desk& desk, const Visit& visit);
http::Response reload_ported_table(Desk& desk, const Visit& visit);
http::Response get_keep_alive(Desk& desk, const Visit& visit);
// registrations.cc
http::Response list_registrations(Desk& desk, const Visit& visit);
http::Response unregister(Desk& desk, const Visit& visit);
// call_page.cc
http::Response get_call_page(Desk& desk, const Visit& visit);

// cdrs.cc
http::Response list_cdrs(Desk& desk, const Visit& visit);
http::Response get_cdr(Desk& desk, const Visit& visit);

// bulk.cc
http::Response import_entities(Desk& desk, const Visit& visit);
http::Response export_entities(Desk& desk, const Visit& visit);

// decisions.cc
http::Response explain_record(Desk& desk, const Visit& visit);
http::Response simulate(Desk& desk, const Visit& visit);

// doctor.cc
http::Response get_doctor(Desk& desk, const Visit& visit);

// trace.cc
http::Response get_trace(Desk& desk, const Visit& visit);
http::Response list_debug_traces(Desk& desk, const Visit& visit);
http::Response start_debug_trace(Desk& desk, const Visit& visit);
http::Response get_debug_trace(Desk& desk, const Visit& visit);
http::Response stop_debug_trace(Desk& desk, const Visit& visit);
http::Response remove_debug_trace(Desk& desk, const Visit& visit);
http::Response debug_trace_messages(Desk& desk, const Visit& visit);

// documents.cc
http::Response get_openapi(Desk& desk, const Visit& visit);
http::Response front_page(Desk& desk, const Visit& visit);

}  // namespace tandem::api
