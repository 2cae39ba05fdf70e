#include "shell/store/config_compiler.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "core/directory/parameters.h"
#include "shell/store/config_numbers.h"
#include "shell/store/time_zones.h"

namespace tandem::store {

using directory::Directory;
using directory::PrefixIndex;
using directory::ResourceRow;

Result<Directory::Source, ConfigError> ConfigCompiler::source_of(const Catalogue& catalogue,
                                                                 const RestartValues& held) {
  Directory::Source source;
  source.number = catalogue.directory_number;
  std::map<std::string, std::string> values = catalogue.parameters;
  for (const auto& [name, value] : held) values[name] = value;
  auto parameters = directory::build_parameters(values);
  if (!parameters)
    return Failure{
        ConfigError{ConfigErrorKind::Failed,
                    "the stored configuration is damaged: " + parameters.error().sentence,
                    {}}};
  source.parameters = *std::move(parameters);
  source.prefixes = prefixes();
  source.ported_numbers = ported_.current();
  const directory::EntityNames names = catalogue.names();
  for (const ResourceRow& resource : directory::all_resources())
    for (const StoredEntity& entity : catalogue.of(resource).entities) {
      const bool as_before = last_ != nullptr && resource.copy != nullptr &&
                             resource.copy(source, *last_, entity.id, entity.version);
      if (as_before) continue;
      directory::EntityHead& head = resource.append(source);
      head.id = entity.id;
      head.version = entity.version;
      directory::to_typed(resource, entity.record, names, head);
    }
  hold_numbers(files_, source);
  hold_time_zones(source);
  return source;
}

Result<std::shared_ptr<const Directory>, ConfigError> ConfigCompiler::compile(
    const Catalogue& catalogue, const RestartValues& held) {
  if (current_ && last_->ported_numbers() == ported_.current().get()) return last_;
  auto source = source_of(catalogue, held);
  if (!source) return Failure{source.error()};
  auto compiled = Directory::compile(*std::move(source));
  let_go_of_old_ones();
  if (last_ != nullptr) handed_out_.push_back(std::move(last_));
  last_ = std::move(compiled);
  base_ = last_->prefixes().base();
  current_ = true;
  renew_prefixes();
  return last_;
}

Result<std::shared_ptr<const Directory>, ConfigError> ConfigCompiler::compile_apart(
    const Catalogue& catalogue) {
  auto source = source_of(catalogue, {});
  if (!source) return Failure{source.error()};
  return Directory::compile(*std::move(source));
}

void ConfigCompiler::forget() {
  let_go_of_old_ones();
  if (last_ != nullptr) handed_out_.push_back(std::move(last_));
  last_ = nullptr;
  current_ = false;
  base_ = nullptr;
  renewing_ = {};
}

PrefixIndex::Base ConfigCompiler::prefixes() {
  if (renewing_.valid() && renewing_.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
    base_ = renewing_.get();
  return base_;
}

// A new base is good for the Directories that follow.
void ConfigCompiler::renew_prefixes() {
  if (renewing_.valid() || !last_->prefixes().is_worn()) return;
  renewing_ = std::async(std::launch::async, [directory = last_] {
    return PrefixIndex::make_base(directory->egress_gateways());
  });
}

void ConfigCompiler::let_go_of_old_ones() {
  std::erase_if(handed_out_, [](const auto& directory) { return directory.use_count() == 1; });
}

}  // namespace tandem::store
