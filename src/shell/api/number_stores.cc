// The numbers of groups and lists: brought in and taken out as text, one a line, and looked up.
#include "base/text.h"
#include "core/cdr/cdr_text.h"
#include "core/directory/parameters.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/api/number_uploads.h"
#include "shell/store/number_files.h"

namespace tandem::api {
namespace {

using directory::ResourceRow;
using http::Response;
using store::NumberImportTerms;
using State = NumberUpload::State;

// A client that gave the last part is told the end, unless it takes longer.
constexpr std::chrono::seconds kUsualWriting{3};

const std::string& text_of(const ResourceRow& resource, const store::StoredEntity& entity,
                           std::string_view field) {
  return std::get<std::string>(directory::value_of(resource, entity.record, field));
}

std::string upload_json(NumberUpload& upload) {
  std::string out = "{\"upload\":\"" + upload.id + "\",\"state\":\"";
  out.append(to_text(upload.state));
  out += "\",\"lines\":" + std::to_string(upload.import.lines()) +
         ",\"entries\":" + std::to_string(upload.import.entries()) +
         ",\"written\":" + std::to_string(upload.import.merged()) +
         ",\"file\":\"" + upload.made.file +
         "\",\"numbers\":" + std::to_string(upload.made.entries) + ",\"fault\":";
  cdr::append_json_string(out, upload.fault.sentence);
  return out + '}';
}

NumberImportTerms::How how_of(const std::string& word) {
  if (word == "add") return NumberImportTerms::How::Add;
  return word == "remove" ? NumberImportTerms::How::Remove : NumberImportTerms::How::Replace;
}

// Numbers are cleaned as those of calls are.
Result<NumberImportTerms, Response> terms_of(Desk& desk, const Visit& visit,
                                             const store::StoredEntity& entity) {
  NumberImportTerms terms;
  terms.how = how_of(visit.query.text("how"));
  terms.beginnings = visit.resource->name == "number_groups";
  const auto compiled = desk.services.configuration->compile();
  if (!compiled.ok()) return Failure{problem_of(compiled.error())};
  const directory::Parameters& parameters = (*compiled)->parameters();
  terms.strip_chars = parameters.number_strip_chars;
  terms.plus = parameters.number_plus;
  const std::string& file = text_of(*visit.resource, entity, "file");
  if (terms.how == NumberImportTerms::How::Replace || file.empty()) return terms;
  terms.before = desk.services.configuration->number_files().open(file);
  if (terms.before) return terms;
  return Failure{http::problem(409, "The file " + file +
                                        " of what was imported is not there; replace it.")};
}

Result<std::shared_ptr<NumberUpload>, Response> begin(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  auto entity = find_entity(desk, visit);
  if (!entity.ok()) return Failure{problem_of(entity.error())};
  auto terms = terms_of(desk, visit, *entity);
  if (!terms.ok()) return Failure{std::move(terms).error()};
  auto upload = desk.uploads->begin(desk.services.configuration->number_files().folder(),
                                    *std::move(terms));
  if (upload == nullptr) {
    Response busy = http::problem(429, "Other lists are being read; try again in a minute.");
    busy.headers.emplace_back("Retry-After", "60");
    return Failure{std::move(busy)};
  }
  upload->resource = visit.resource;
  upload->entity = entity->id;
  upload->author = author_of(desk, visit, store::Origin::Import);
  return upload;
}

Result<std::shared_ptr<NumberUpload>, Response> upload_of(Desk& desk, const Visit& visit) {
  const std::string id = visit.query.text("upload");
  if (id.empty()) return begin(desk, visit);
  auto upload = desk.uploads->find(id);
  if (upload != nullptr && upload->resource == visit.resource) return upload;
  return Failure{http::problem(404, "There is no upload " + id + " any more; begin again.")};
}

Response refusal_of(const NumberUpload& upload) {
  const directory::Faults& faults = upload.import.faults();
  std::vector<http::FieldError> errors;
  for (const directory::Fault& fault : faults)
    errors.push_back({fault.field, fault.value, fault.sentence});
  std::string detail = faults.empty() ? upload.fault.sentence : faults.front().sentence;
  if (faults.size() > 1) detail += " (and " + std::to_string(faults.size() - 1) + " more)";
  return http::problem(422, detail, errors);
}

// Gives out the entries of a group, edited ones first.
class NumberStream {
 public:
  NumberStream(directory::TextList entries, std::optional<directory::ImportedNumbers> imported)
      : entries_(std::move(entries)),
        imported_(std::move(imported)),
        words_(imported_ ? imported_->set : none_) {}

  http::Stream::Step next(std::string& out) {
    for (const std::string_view entry : std::exchange(entries_, {}))
      out.append(entry.substr(0, entry.find(' '))) += '\n';
    while (out.size() < kPiece) {
      const auto word = words_.next();
      if (!word) return texts(out);
      out.append(number::entry_of(*word)) += '\n';
    }
    return http::Stream::Step::More;
  }

 private:
  static constexpr std::size_t kPiece = 256 * 1024;

  http::Stream::Step texts(std::string& out) {
    if (imported_)
      for (; text_ < imported_->set.texts() && out.size() < kPiece; ++text_)
        out.append(imported_->set.text(text_)) += '\n';
    const bool more = imported_ && text_ < imported_->set.texts();
    return more ? http::Stream::Step::More : http::Stream::Step::Last;
  }

  number::NumberSet none_;
  directory::TextList entries_;
  std::optional<directory::ImportedNumbers> imported_;
  number::NumberSet::Words words_;
  std::size_t text_ = 0;
};

}  // namespace

Response upload_numbers(Desk& desk, const Visit& visit) {
  const std::string* type = visit.request.header("content-type");
  if (type != nullptr && !type->starts_with("text/")) {
    return http::problem(415, "The body is to be text, one number a line, sent as text/plain.");
  }
  auto begun = upload_of(desk, visit);
  if (!begun.ok()) return std::move(begun).error();
  const std::shared_ptr<NumberUpload> upload = *std::move(begun);
  std::unique_lock lock(upload->mutex);
  if (upload->state != State::Reading)
    return http::problem(409, "The upload " + upload->id + " is over; begin again.");
  upload->import.take(visit.request.body);
  upload->touched = std::chrono::steady_clock::now();
  const bool last = !visit.query.flag("more");
  if (last) upload->import.end();
  if (!upload->import.faults().empty()) {
    upload->state = State::Refused;
    return refusal_of(*upload);
  }
  if (!last) return json_response(upload_json(*upload));
  upload->state = State::Writing;
  desk.uploads->write(upload);
  upload->changed.wait_for(lock, kUsualWriting,
                           [&] { return upload->state != State::Writing; });
  if (upload->state == State::Refused) return refusal_of(*upload);
  return json_response(upload_json(*upload), upload->state == State::Done ? 200 : 202);
}

Response get_number_upload(Desk& desk, const Visit& visit) {
  const auto upload = desk.uploads->find(visit.key);
  if (upload == nullptr) return http::problem(404, "There is no upload " + visit.key + '.');
  const std::lock_guard lock(upload->mutex);
  return json_response(upload_json(*upload));
}

Response export_numbers(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  auto entity = find_entity(desk, visit);
  if (!entity.ok()) return problem_of(entity.error());
  const std::string& file = text_of(*visit.resource, *entity, "file");
  auto imported = desk.services.configuration->number_files().open(file);
  if (!file.empty() && !imported)
    return http::problem(409, "The file " + file + " of what was imported is not there.");
  auto stream = std::make_shared<NumberStream>(
      std::get<directory::TextList>(directory::value_of(*visit.resource, entity->record, "entries")),
      std::move(imported));
  Response response{.content_type = "text/plain; charset=utf-8"};
  response.stream.next = [stream](std::string& out) { return stream->next(out); };
  return response;
}

Response get_number_figures(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  auto entity = find_entity(desk, visit);
  if (!entity.ok()) return problem_of(entity.error());
  store::NumberFiles& files = desk.services.configuration->number_files();
  const auto& entries =
      std::get<directory::TextList>(directory::value_of(*visit.resource, entity->record, "entries"));
  const std::string& file = text_of(*visit.resource, *entity, "file");
  const auto imported = files.open(file);
  const directory::HeldNumbers held({entries.begin(), entries.end()}, imported);
  std::string out = "{\"name\":";
  cdr::append_json_string(out, directory::name_of(entity->record));
  out += ",\"entries\":" + std::to_string(entries.size()) +
         ",\"imported\":" + std::to_string(imported ? imported->set.size() : 0) +
         ",\"bytes\":" + std::to_string(files.bytes(file)) +
         ",\"missing\":" + (file.empty() || imported ? "false" : "true") + ",\"holds\":";
  const std::string number = visit.query.text("number");
  out += number.empty() ? "null" : held.holds(number) ? "true" : "false";
  return json_response(out + '}');
}

}  // namespace tandem::api
