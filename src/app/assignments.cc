#include "app/assignments.h"

#include "core/directory/near_names.h"
#include "shell/store/document.h"

namespace tandem::app {

Result<std::string, std::string> body_of(const Assignments& what,
                                         const std::vector<std::string>& assignments,
                                         directory::Fields fields) {
  for (const std::string& assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == assignment.npos) {
      return Failure{assignment + ": write FIELD=VALUE, " + what.example};
    }
    const std::string name = assignment.substr(0, equals);
    const directory::FieldRow* row = directory::find_field(what.resource, name);
    if (row == nullptr) {
      const std::string near = directory::near_field(what.resource, name);
      return Failure{name + " is no field of " + std::string(what.resource.singular) +
                     (near.empty() ? "; `tandem " + what.command + " add --help` lists them" : near)};
    }
    fields.push_back({name, directory::from_text(*row, assignment.substr(equals + 1))});
  }
  return store::write_fields(fields);
}

}  // namespace tandem::app
