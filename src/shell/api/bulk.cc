// Many entities at once as tables of text: out, and in as one change.
#include "base/text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/api/plan.h"
#include "shell/store/sheet_import.h"

namespace tandem::api {
namespace {

using directory::ResourceRow;
using http::Response;
using store::ImportMode;
using store::SheetForm;

constexpr std::string_view kCsv = "text/csv";
constexpr std::string_view kTsv = "text/tab-separated-values";

const ResourceRow* resource_of(const Visit& visit) {
  const ResourceRow* resource = directory::find_resource(visit.key);
  return resource != nullptr && resource->name == visit.key ? resource : nullptr;
}

Response no_resource(const Visit& visit) {
  return http::problem(404, "There is no resource " + visit.key + '.');
}

std::optional<SheetForm> form_of(const http::Request& request) {
  const std::string* header = request.header("content-type");
  if (header == nullptr) return SheetForm::Csv;
  const std::string_view type = trim(std::string_view(*header).substr(0, header->find(';')));
  if (equal_ignoring_case(type, kCsv) || equal_ignoring_case(type, "text/plain"))
    return SheetForm::Csv;
  if (equal_ignoring_case(type, kTsv)) return SheetForm::Tsv;
  return std::nullopt;
}

ImportMode import_mode_of(std::string_view word) {
  for (const ImportMode mode : {ImportMode::Add, ImportMode::Remove, ImportMode::Replace})
    if (word == to_text(mode)) return mode;
  return ImportMode::Set;
}

store::ConfigError refusal(directory::Faults faults) {
  std::string sentence = faults.front().sentence;
  if (faults.size() > 1) sentence += " (and " + std::to_string(faults.size() - 1) + " more)";
  return {store::ConfigErrorKind::Invalid, std::move(sentence), std::move(faults)};
}

}  // namespace

Response import_entities(Desk& desk, const Visit& visit) {
  const ResourceRow* resource = resource_of(visit);
  if (resource == nullptr) return no_resource(visit);
  const auto form = form_of(visit.request);
  if (!form)
    return http::problem(415, "The table is to be sent as " + std::string(kCsv) + " or " +
                                  std::string(kTsv) + '.');
  const std::string& text = visit.request.body;
  const std::lock_guard lock(desk.configuration_mutex);
  store::ConfigStore& configuration = *desk.services.configuration;
  const auto current = configuration.list(resource->name);
  if (!current.ok()) return problem_of(current.error());
  auto section = store::read_sheet(*resource, text, *form,
                                   import_mode_of(visit.query.text("mode")), *current);
  if (!section.ok()) return problem_of(refusal(std::move(section).error()));
  store::Document document;
  document.sections.push_back(std::move(section).value());
  const store::Mode mode = mode_of(visit);
  auto plan =
      configuration.apply(document, mode, author_of(desk, visit, store::Origin::Import));
  if (plan.ok()) return plan_response(desk, plan, mode);
  store::ConfigError error = plan.error();
  if (error.faults.empty()) return problem_of(error);
  store::add_columns(*resource, text, *form, error.faults);
  return problem_of(refusal(std::move(error.faults)));
}

Response export_entities(Desk& desk, const Visit& visit) {
  const ResourceRow* resource = resource_of(visit);
  if (resource == nullptr) return no_resource(visit);
  const std::string name = visit.query.text("field");
  const directory::FieldRow* list = directory::find_field(*resource, name);
  const bool is_list = list != nullptr && (list->type == directory::FieldType::Texts ||
                                           list->type == directory::FieldType::References);
  if (!name.empty() && !is_list) {
    const std::string sentence = "field: " + name + " is no list of " + visit.key;
    return http::problem(400, sentence, {{"field", name, sentence}});
  }
  const bool csv = visit.query.text("format") != "tsv";
  const auto secrets =
      visit.query.flag("secrets") ? store::Secrets::Show : store::Secrets::Hide;
  const std::lock_guard lock(desk.configuration_mutex);
  const auto entities = desk.services.configuration->list(resource->name);
  if (!entities.ok()) return problem_of(entities.error());
  Response response{.content_type = std::string(csv ? kCsv : kTsv) + "; charset=utf-8"};
  response.body = store::write_sheet(*resource, *entities, csv ? SheetForm::Csv : SheetForm::Tsv,
                                     list, secrets);
  return response;
}

}  // namespace tandem::api
