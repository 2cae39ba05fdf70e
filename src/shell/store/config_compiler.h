// Makes a Directory of what is stored. Of the one made before it takes what did not change, so that a
// change costs what it touches and not what is configured.
#pragma once

#include <future>
#include <memory>
#include <vector>

#include "shell/numbers/ported_table.h"
#include "shell/store/config_draft.h"
#include "shell/store/number_files.h"

namespace tandem::store {

// For one thread, but for what it does on its own.
class ConfigCompiler {
 public:
  // Both outlive it.
  ConfigCompiler(NumberFiles& files, numbers::PortedTable& ported)
      : files_(files), ported_(ported) {}

  // `held` in place of what is stored. The very same Directory while nothing was said to be changed.
  Result<std::shared_ptr<const directory::Directory>, ConfigError> compile(
      const Catalogue& catalogue, const RestartValues& held);

  // Of something that is not what is stored: of another time, or of what is only thought of.
  Result<std::shared_ptr<const directory::Directory>, ConfigError> compile_apart(
      const Catalogue& catalogue);

  // What is stored has changed; entities that changed have another version.
  void changed() { current_ = false; }
  // The same, and versions say nothing: everything is made anew.
  void forget();

 private:
  Result<directory::Directory::Source, ConfigError> source_of(const Catalogue& catalogue,
                                                              const RestartValues& held);
  directory::PrefixIndex::Base prefixes();
  void renew_prefixes();
  void let_go_of_old_ones();

  NumberFiles& files_;
  numbers::PortedTable& ported_;
  std::shared_ptr<const directory::Directory> last_;
  bool current_ = false;  // last_ is what is stored
  // Those that calls may still hold: freeing one takes long, and must not fall to the calls.
  std::vector<std::shared_ptr<const directory::Directory>> handed_out_;
  directory::PrefixIndex::Base base_;  // of the prefixes, for the next one
  std::future<directory::PrefixIndex::Base> renewing_;
};

}  // namespace tandem::store
