// A change of the configuration before it is written: drawn up against what is stored, checked as a
// whole, then either a draft or the list of everything that is wrong with it. No database here.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shell/store/config_store.h"

namespace tandem::store {

// What is stored, all of it.
struct Catalogue {
  struct Collection {
    std::vector<StoredEntity> entities;  // by id
    std::int64_t last_id = 0;            // given so far
  };

  std::uint64_t directory_number = 0;
  std::vector<Collection> collections;             // by position in all_resources()
  std::map<std::string, std::string> parameters;   // those that were set; canonical
  std::map<std::string, ChangeHead> last_changes;  // of parameters that ever changed

  Catalogue();
  const Collection& of(const directory::ResourceRow& resource) const;
  Collection& of(const directory::ResourceRow& resource);
  // nullptr when there is none.
  const StoredEntity* find(const directory::ResourceRow& resource, std::int64_t id) const;
  const StoredEntity* find(const directory::ResourceRow& resource, std::string_view name) const;
  directory::EntityNames names() const;
};

struct EntityDraft {
  ChangeKind kind = ChangeKind::Unchanged;
  const directory::ResourceRow* resource = nullptr;
  StoredEntity before;  // of Create: nobody's
  StoredEntity after;   // of Remove: as before
  std::string path;     // in the document, before the field
  std::uint64_t undoes = 0;
};

struct ParameterDraft {
  const directory::ParameterRow* row = nullptr;
  std::optional<std::string> before;  // nothing: not set
  std::optional<std::string> after;
  std::uint64_t undoes = 0;
};

struct Draft {
  std::vector<EntityDraft> entities;
  std::vector<ParameterDraft> parameters;  // those that change
  Author author;

  bool changes_anything() const;
};

Plan plan_of(const Draft& draft);
ChangeHead head_of(const Author& author, std::uint64_t number);
// The catalogue as it is once the draft is written under `number`.
void carry_out(const Draft& draft, std::uint64_t number, Catalogue& catalogue);

// What stays of an entity that is no more: versions go on where they ended.
struct RemovedEntity {
  std::int64_t id = 0;
  std::int64_t version = 0;
};

// Takes the parts of one change, then checks them together.
class Drafting {
 public:
  Drafting(const Catalogue& catalogue, Author author);

  // `path` stands before the fields in faults: "egress_gateways[0]."; may be empty.
  void create(const directory::ResourceRow& resource, const directory::Fields& given,
              std::string path);
  void update(const directory::ResourceRow& resource, const StoredEntity& entity,
              const directory::Fields& given, std::string path);
  void remove(const directory::ResourceRow& resource, const StoredEntity& entity);
  // Creates or updates by the name that is given.
  void place(const directory::ResourceRow& resource, const directory::Fields& given,
             std::string path);
  void set(const directory::NamedValue& parameter, std::string path);
  // Makes an entity again that was removed, under its old id.
  void restore(const directory::ResourceRow& resource, const RemovedEntity& removed,
               const directory::Fields& given);
  // What is drafted from here on takes back this change.
  void undoing(std::uint64_t number) { undoes_ = number; }
  void comment_unless_given(const std::string& comment);
  void refuse(directory::Fault fault) { faults_.push_back(std::move(fault)); }

  // All faults, or a draft without any.
  Result<Draft, ConfigError> finish() &&;

 private:
  const StoredEntity* find_by_name(const directory::ResourceRow& resource, const std::string& name);
  void take_faults(const directory::Faults& faults, const std::string& path);
  void check_entities();
  void check_parameters();

  const Catalogue& catalogue_;
  Draft draft_;
  std::uint64_t undoes_ = 0;
  directory::Faults faults_;
  std::map<const directory::ResourceRow*, std::int64_t> last_ids_;
  using Name = std::pair<const directory::ResourceRow*, std::string>;
  std::map<Name, const StoredEntity*> by_name_;  // of the catalogue; made when first needed
  std::set<Name> placed_;
  std::map<std::string, std::string> parameter_paths_;  // by name of the row
};

}  // namespace tandem::store
