// The profiles: sets of parameter values, shown beside what is in force, applied as one change.
#include "core/directory/profiles.h"

#include "core/cdr/cdr_text.h"
#include "shell/api/handlers.h"
#include "shell/api/plan.h"

namespace tandem::api {
namespace {

using directory::kProfileParameters;
using directory::ProfileRow;
using http::Response;

void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += name;
  out += "\":";
  cdr::append_json_string(out, value);
}

// The parameters the profile has a value for, with the value in force.
Result<std::string, store::ConfigError> values_json(store::ConfigStore& store,
                                                    const ProfileRow& profile) {
  std::string out = "[";
  for (std::size_t i = 0; i < kProfileParameters.size(); ++i) {
    if (profile.values[i].empty()) continue;
    const auto parameter = store.parameter(kProfileParameters[i]);
    if (!parameter.ok()) return Failure{parameter.error()};
    if (out.back() != '[') out += ',';
    out += '{';
    append_member(out, "name", kProfileParameters[i]);
    append_member(out, "value", profile.values[i]);
    append_member(out, "current", parameter->value);
    out += '}';
  }
  return out + ']';
}

Result<std::string, store::ConfigError> profile_json(store::ConfigStore& store,
                                                     const ProfileRow& profile) {
  auto values = values_json(store, profile);
  if (!values.ok()) return values;
  std::string out = "{";
  append_member(out, "name", profile.name);
  append_member(out, "title", profile.title);
  append_member(out, "help", profile.help);
  return out + ",\"parameters\":" + *values + '}';
}

Response no_profile(const std::string& name) {
  std::string known;
  for (const ProfileRow& row : directory::all_profiles()) {
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  return http::problem(404, "There is no profile " + name + "; there are " + known + '.');
}

}  // namespace

Response list_profiles(Desk& desk, const Visit&) {
  const std::lock_guard lock(desk.configuration_mutex);
  std::string body = "{\"items\":[";
  for (const ProfileRow& row : directory::all_profiles()) {
    auto profile = profile_json(*desk.services.configuration, row);
    if (!profile.ok()) return problem_of(profile.error());
    if (body.back() != '[') body += ',';
    body += *profile;
  }
  return json_response(std::move(body) + "]}");
}

Response get_profile(Desk& desk, const Visit& visit) {
  const ProfileRow* row = directory::find_profile(visit.key);
  if (row == nullptr) return no_profile(visit.key);
  const std::lock_guard lock(desk.configuration_mutex);
  auto profile = profile_json(*desk.services.configuration, *row);
  if (!profile.ok()) return problem_of(profile.error());
  return json_response(std::move(profile).value());
}

Response apply_profile(Desk& desk, const Visit& visit) {
  const ProfileRow* row = directory::find_profile(visit.key);
  if (row == nullptr) return no_profile(visit.key);
  directory::Fields values;
  for (std::size_t i = 0; i < kProfileParameters.size(); ++i) {
    if (row->values[i].empty()) continue;
    values.push_back({std::string(kProfileParameters[i]), std::string(row->values[i])});
  }
  store::Author author = author_of(desk, visit, store::Origin::Profile);
  if (author.comment.empty()) author.comment = "profile " + std::string(row->name);
  const store::Mode mode = mode_of(visit);
  const std::lock_guard lock(desk.configuration_mutex);
  return plan_response(desk, desk.services.configuration->set_parameters(values, mode, author),
                       mode);
}

}  // namespace tandem::api
