// The local table of ported numbers: what it holds, what it says of a number, and that a new one is
// there. It is made by `tandem lrn import`.
#include <boost/json.hpp>

#include "core/lrn/index.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"

namespace tandem::api {
namespace {

namespace json = boost::json;
using http::Response;

struct Table {
  std::shared_ptr<const directory::Directory> directory;
  std::string fault;
};

Result<Table, Response> newest(Desk& desk) {
  const std::lock_guard lock(desk.configuration_mutex);
  auto compiled = desk.services.configuration->compile();
  if (!compiled.ok()) return Failure{problem_of(compiled.error())};
  return Table{std::move(compiled).value(), desk.services.configuration->ported_fault()};
}

json::object table_json(const Table& table) {
  const lrn::Index* index = table.directory->ported_numbers();
  return {{"rows", index == nullptr ? 0 : index->rows()},
          {"bytes", index == nullptr ? 0 : index->bytes()},
          {"fault", table.fault}};
}

}  // namespace

Response get_ported_table(Desk& desk, const Visit&) {
  auto table = newest(desk);
  if (!table.ok()) return table.error();
  return json_response(json::serialize(table_json(*table)));
}

Response get_ported_number(Desk& desk, const Visit& visit) {
  auto table = newest(desk);
  if (!table.ok()) return table.error();
  if (!lrn::key_of(visit.key)) {
    return http::problem(400, "A number of the table has 1 to 18 digits.");
  }
  const lrn::Index* index = table->directory->ported_numbers();
  if (index == nullptr) return http::problem(404, "There is no table of ported numbers.");
  const lrn::Answer answer = index->answer(visit.key);
  return json_response(json::serialize(
      json::object{{"number", visit.key},
                   {"ported", answer.outcome == lrn::Outcome::Ported},
                   {"lrn", answer.lrn},
                   {"state", answer.state},
                   {"ocn", answer.ocn}}));
}

Response reload_ported_table(Desk& desk, const Visit&) {
  auto table = newest(desk);
  if (!table.ok()) return table.error();
  if (desk.services.exchanges.adopt) desk.services.exchanges.adopt(table->directory);
  return json_response(json::serialize(table_json(*table)));
}

}  // namespace tandem::api
