#include "pages.h"

#include <string_view>

#include "core/cause/end_reason.h"
#include "core/cause/sip_q850.h"
#include "core/cdr/cdr_fields.h"
#include "core/directory/entity_rows.h"
#include "core/directory/parameter_row.h"
#include "core/directory/profiles.h"
#include "markdown.h"

namespace tandem::reference {
namespace {

using cause::EndReasonRow;
using cause::MappingClass;
using cause::MappingRow;
using directory::ParameterRow;

std::string number(int value) { return value == 0 ? "" : std::to_string(value); }

std::string applies(const ParameterRow& row) {
  switch (row.applies) {
    case directory::Applies::Live:
      return "at once";
    case directory::Applies::NextCall:
      return "next call";
    case directory::Applies::Restart:
      return "restart";
  }
  return {};
}

std::string profiles_page() {
  std::string to = "# Profiles\n\n" + std::string(kMade) +
                   "\nSets of parameter values that fit a way of use. `tandem profile apply NAME` "
                   "shows what differs and applies it as one change; a dash leaves the parameter "
                   "as it is.\n\n";
  add_head(to, {"Profile", "For", code(directory::kProfileParameters[0]),
                code(directory::kProfileParameters[1]), code(directory::kProfileParameters[2]),
                code(directory::kProfileParameters[3])});
  for (const directory::ProfileRow& row : directory::all_profiles()) {
    const auto value = [&row](std::size_t i) {
      return std::string(row.values[i].empty() ? "-" : row.values[i]);
    };
    add_row(to, {code(row.name) + ": " + std::string(row.title), cell(row.help), value(0), value(1),
                 value(2), value(3)});
  }
  return to;
}

std::string parameters_page() {
  std::string to =
      "# System parameters\n\n" + std::string(kMade) +
      "\nSet one with `tandem param set NAME VALUE`. A value that is not allowed is "
      "refused and changes nothing. *Acts* says when a change has its effect: at once, "
      "on calls that arrive later, or after a restart.\n";
  std::string_view group;
  for (const ParameterRow& row : directory::all_parameters()) {
    if (!row.available()) continue;
    if (row.group != group) {
      group = row.group;
      add_heading(to, group);
      add_head(to, {"Parameter", "Default", "Allowed", "Acts", "Meaning"});
    }
    const std::string alias = row.alias.empty() ? "" : " (also " + code(row.alias) + ")";
    add_row(to, {code(row.name) + alias, code(row.initial), cell(allowed_text(row)), applies(row),
                 cell(row.help)});
  }
  return to;
}

std::string end_reasons_page() {
  std::string to = "# End reasons\n\n" + std::string(kMade) +
                   "\nEvery call ends for one of these reasons; code and number are stored in the "
                   "CDR. *SIP* is the answer the caller gets when the call was not answered yet, "
                   "*Q.850* the cause of the Reason header; empty cells are the peer's own.\n";
  std::string_view family;
  for (const EndReasonRow& row : cause::all_end_reasons()) {
    if (to_text(row.family) != family) {
      family = to_text(row.family);
      add_heading(to, family);
      add_head(to, {"Number", "Code", "Side", "SIP", "Q.850", "Text", "When"});
    }
    add_row(to,
            {std::to_string(row.number()), code(row.code), std::string(to_text(row.side)),
             number(row.sip_status), number(row.q850_cause), cell(row.text_en), cell(row.when)});
  }
  add_heading(to, "Texts");
  add_head(to, {"Code", "English", "Chinese", "Spanish"});
  for (const EndReasonRow& row : cause::all_end_reasons())
    add_row(to, {code(row.code), cell(row.text_en), cell(row.text_zh), cell(row.text_es)});
  return to;
}

void add_mapping(std::string& to, std::span<const MappingRow> rows,
                 std::span<const MappingClass> classes) {
  for (const MappingRow& row : rows)
    add_row(to, {std::to_string(row.from), std::to_string(row.to), cell(row.note)});
  for (const MappingClass& each : classes) {
    const std::string range = std::to_string(each.first) + "-" + std::to_string(each.last);
    add_row(to, {range, std::to_string(each.to), "any other of this class"});
  }
}

std::string sip_q850_page() {
  std::string to = "# SIP status codes and Q.850 causes\n\n" + std::string(kMade) +
                   "\nRFC 3398 with additions.\n";
  add_heading(to, "From SIP to Q.850");
  add_head(to, {"Status", "Cause", "Remark"});
  add_mapping(to, cause::sip_to_q850_rows(), cause::sip_to_q850_classes());
  add_heading(to, "From Q.850 to SIP");
  add_head(to, {"Cause", "Status", "Remark"});
  add_mapping(to, cause::q850_to_sip_rows(), cause::q850_to_sip_classes());
  return to;
}

template <class Fields>
void add_fields(std::string& to, const Fields& fields) {
  add_head(to, {"Field", "Type", "Meaning"});
  for (const auto& field : fields)
    add_row(to, {code(field.name), std::string(to_text(field.type)), cell(field.help)});
}

std::string cdr_page() {
  std::string to =
      "# Call detail record\n\n" + std::string(kMade) +
      "\nOne record per call, with the list of its attempts. `tandem cdr --json` prints one object "
      "per line with these fields; CSV and the table `cdr` of `cdr.db` have the same names in the "
      "same order. *epoch ms* is milliseconds since 1970-01-01 UTC. What did not happen or was not "
      "measured is `null`, in CSV empty.\n";
  add_heading(to, "Fields");
  add_fields(to, cdr::kCdrFields);
  add_heading(to, "Fields of an attempt");
  add_fields(to, cdr::kAttemptFields);
  return to;
}

std::string default_text(const directory::FieldRow& field, const directory::Value& value) {
  if (field.required) return "must be given";
  if (const bool* on = std::get_if<bool>(&value)) return code(*on ? "true" : "false");
  const bool list = field.max_entries > 0;
  return code(list ? "[" + to_text(value) + "]" : to_text(value));
}

void add_resource(std::string& to, const directory::ResourceRow& resource) {
  add_heading(to, resource.name);
  to += std::string(resource.help) + "\n\n";
  add_head(to, {"Field", "Default", "Unit", "Allowed", "Meaning"});
  const directory::Record defaults = resource.defaults(resource);
  for (std::size_t i = 0; i < resource.fields.size(); ++i) {
    const directory::FieldRow& field = resource.fields[i];
    const std::string alias = field.alias.empty() ? "" : " (also " + code(field.alias) + ")";
    add_row(to, {code(field.name) + alias, default_text(field, defaults[i]),
                 std::string(field.unit), cell(allowed_text(field)), cell(field.help)});
  }
}

std::string entities_page() {
  std::string to =
      "# Configured entities\n\n" + std::string(kMade) +
      "\nSet them with `tandem apply FILE`, the HTTP API or `tandem gateway set`; documents, API "
      "and command line use these names. A value that is not allowed is refused and changes "
      "nothing; `null` takes a field back to its default. Words in lists of allowed values are "
      "written as they stand; the numbers of the legacy interface are accepted too. The switch "
      "itself sets `id`, `version` and who created and changed an entity when.\n";
  for (const directory::ResourceRow& resource : directory::all_resources())
    add_resource(to, resource);
  return to;
}

}  // namespace

std::vector<Page> pages() {
  return {{"parameters.md", parameters_page()}, {"profiles.md", profiles_page()},
          {"entities.md", entities_page()},     {"end-reasons.md", end_reasons_page()},
          {"sip-q850.md", sip_q850_page()},     {"cdr.md", cdr_page()},
          {"headers.md", headers_page()},       {"counters.md", counters_page()}};
}

}  // namespace tandem::reference
