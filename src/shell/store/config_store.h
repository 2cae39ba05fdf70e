// The configuration of a switch in the database `tandem.db` of its data directory: entities,
// parameters, who changed what and when. Each change is validated as a whole, then written in one
// transaction under a new directory number; a change that is refused changes nothing. The schema is
// db/migrations/config; the fields are the rows of core/directory (entity_rows.h).
//
// For one thread, that of the management. Other processes may write the same file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/directory/directory.h"
#include "core/directory/entity_rows.h"
#include "core/directory/parameter_row.h"

namespace tandem::store {

// By what a change was asked for.
enum class Origin : std::uint8_t { Api, Cli, Import, Profile };
std::string_view to_text(Origin origin);  // "api", "cli", "import", "profile"

// Who changes, when, from where and why; kept with what was changed.
struct Author {
  std::string user;
  std::string address;       // from where; may be empty
  std::int64_t time_ms = 0;  // since 1970 UTC
  Origin origin = Origin::Api;
  std::string comment = {};
};

// A change that was made. Its number is that of the configuration it made.
struct ChangeHead {
  std::uint64_t number = 0;
  std::int64_t time_ms = 0;
  std::string user;
  std::string address;
  std::string origin;  // "" of changes from before it was kept
  std::string comment;
};

struct StoredEntity {
  std::int64_t id = 0;       // stays the same for ever, and is not given again
  std::int64_t version = 0;  // 1, then one more with each change
  directory::Record record;  // fields of the resource, in the order of its rows
  std::int64_t created_at = 0;
  std::string created_by;
  std::int64_t updated_at = 0;
  std::string updated_by;
};

struct StoredParameter {
  const directory::ParameterRow* row = nullptr;
  std::string value;    // canonical; the default when nobody set it
  bool is_set = false;  // stored, even if it equals the default
  bool waits = false;   // acts after a restart, and the switch that runs has another value
  ChangeHead last;      // its last change; number 0 when it never changed
};

struct ParameterPast {
  ChangeHead change;
  std::optional<std::string> before;  // nothing: the default
  std::optional<std::string> after;
  std::uint64_t undoes = 0;  // the change this one took back; 0 = none
};

// Entities and parameters under their names: what `apply` takes and `export` gives (document.h
// reads and writes it as JSON).
struct Document {
  struct Section {
    std::string resource;  // "ingress_gateways"
    std::vector<directory::Fields> entities;
    // What stands before the fields of each in faults, "line 7: "; none = its place in the section.
    std::vector<std::string> paths = {};
    bool whole = false;  // entities that are not mentioned are removed
  };
  std::vector<Section> sections;
  directory::Fields parameters;
};

struct FieldChange {
  std::string field;
  directory::Value before;  // of a new entity: no value
  directory::Value after;   // of a removed one: no value
};

enum class ChangeKind : std::uint8_t { Create, Update, Remove, Unchanged };

struct EntityChange {
  ChangeKind kind = ChangeKind::Unchanged;
  const directory::ResourceRow* resource = nullptr;
  std::int64_t id = 0;  // 0 for one that a dry run would create
  std::string name;     // after the change
  // Create and Remove: fields that differ from the default, and the name; Update: those that
  // change.
  std::vector<FieldChange> fields;
};

struct ParameterChange {
  const directory::ParameterRow* row = nullptr;
  std::string before;
  std::string after;
};

// What an application does or, with Mode::DryRun, would do, in the order of the document.
struct Plan {
  std::vector<EntityChange> entities;
  std::vector<ParameterChange> parameters;  // only those that change
  // Of the configuration after it; the old one when nothing changes or with Mode::DryRun.
  std::uint64_t directory_number = 0;

  bool changes_anything() const;
};

enum class Mode : std::uint8_t { Apply, DryRun };

// Passwords and the like are left out unless somebody asks for them.
enum class Secrets : std::uint8_t { Hide, Show };
// Stands for one in plans and in the list of changes.
inline constexpr std::string_view kHiddenSecret = "(secret)";

enum class ConfigErrorKind : std::uint8_t {
  Invalid,       // `faults` says what is wrong with the request
  NotFound,      // no such resource, entity or parameter
  Conflict,      // changed by somebody else since the given version
  InUse,         // others refer to what is to be removed
  Busy,          // the database is locked by another process; may be tried again
  NewerVersion,  // the database belongs to a newer version of the program
  Failed,        // disk, damaged database, ...
};

struct ConfigError {
  ConfigErrorKind kind = ConfigErrorKind::Failed;
  std::string sentence;      // for people; of several faults the first
  directory::Faults faults;  // of Invalid: all of them
};

// One row of the list of changes: a field that changed.
struct AuditRow {
  std::int64_t id = 0;
  ChangeHead change;
  std::string object;  // "egress_gateway south", "parameter SS_SIP_T1"
  std::string field;
  std::string before;
  std::string after;
};

struct ChangeFilter {
  std::int64_t before = 0;    // only rows before this id; 0 = from the newest
  std::uint64_t number = 0;   // only of this change; 0 = all
  std::int64_t since_ms = 0;  // only of changes at or after
  bool parameters_only = false;
  std::size_t count = 100;  // at most
};

class NumberFiles;

// The values that parameters which act after a restart had at the start, by name.
using RestartValues = std::map<std::string, std::string>;

class ConfigStore {
 public:
  // Makes `data`/tandem.db when it is missing, and brings it to the form of this program.
  static Result<std::unique_ptr<ConfigStore>, ConfigError> open(const std::filesystem::path& data);
  ~ConfigStore();

  // ---- entities; `resource` is a name of all_resources()

  // All of them by id; NotFound for an unknown resource.
  Result<std::vector<StoredEntity>, ConfigError> list(std::string_view resource);
  Result<StoredEntity, ConfigError> get(std::string_view resource, std::int64_t id);
  Result<StoredEntity, ConfigError> get(std::string_view resource, std::string_view name);

  Result<StoredEntity, ConfigError> create(std::string_view resource,
                                           const directory::Fields& given, const Author& author);
  // Fields that are not given stay. Conflict when `version` is given and no longer current.
  Result<StoredEntity, ConfigError> update(std::string_view resource, std::int64_t id,
                                           const directory::Fields& given,
                                           std::optional<std::int64_t> version,
                                           const Author& author);
  Result<Done, ConfigError> remove(std::string_view resource, std::int64_t id,
                                   std::optional<std::int64_t> version, const Author& author);

  // ---- parameters; by name or alias

  // Those whose feature exists or that were set all the same, in the order of their rows.
  Result<std::vector<StoredParameter>, ConfigError> parameters();
  Result<StoredParameter, ConfigError> parameter(std::string_view name);
  // No value: back to the default.
  Result<StoredParameter, ConfigError> set_parameter(std::string_view name,
                                                     const directory::Value& value,
                                                     const Author& author);
  // Several as one change.
  Result<Plan, ConfigError> set_parameters(const directory::Fields& values, Mode mode,
                                           const Author& author);
  // Newest first.
  Result<std::vector<ParameterPast>, ConfigError> parameter_history(std::string_view name);

  // ---- taking back: former values come back as a new change, and what happened stays written

  // The last change of one parameter that was not taken back; again, the one before it.
  Result<Plan, ConfigError> undo_parameter(std::string_view name, Mode mode, const Author& author);
  // The last change of any parameter, with all it changed.
  Result<Plan, ConfigError> undo_last(Mode mode, const Author& author);
  // All of one change. Conflict, with a fault for each, when something of it was changed since.
  Result<Plan, ConfigError> undo_change(std::uint64_t number, Mode mode, const Author& author);

  // ---- documents

  // Entities are found by their names. What the document does not mention stays as it is.
  Result<Plan, ConfigError> apply(const Document& document, Mode mode, const Author& author);
  // Everything that differs from the defaults, in the form that apply() takes. What was left out of
  // it stays as it is when it is applied again.
  Result<Document, ConfigError> export_document(Secrets secrets = Secrets::Hide);

  // ---- the whole

  // The number of the current configuration: one more with each change.
  Result<std::uint64_t, ConfigError> directory_number();
  Result<std::shared_ptr<const directory::Directory>, ConfigError> compile();
  // The files that number groups and lists name.
  NumberFiles& number_files();
  // The configuration of an earlier number, or of this one.
  Result<std::shared_ptr<const directory::Directory>, ConfigError> compile_at(std::uint64_t number);
  // What applying the document would make; nothing is written.
  Result<std::shared_ptr<const directory::Directory>, ConfigError> compile_with(
      const Document& document);
  // Why the local table of ported numbers could not be used by the last compile(); "" = it could, or
  // there is none.
  std::string ported_fault() const;
  // What parameters that act after a restart are set to, and to have compile() go on with what they
  // were set to at the start.
  Result<RestartValues, ConfigError> restart_values();
  void hold(RestartValues values);
  // Newest first.
  Result<std::vector<AuditRow>, ConfigError> changes(const ChangeFilter& filter);

 private:
  struct State;
  explicit ConfigStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tandem::store
