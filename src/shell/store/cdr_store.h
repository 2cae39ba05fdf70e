// The call detail records of a switch in the database `cdr.db`: loaded from the journal behind the
// calls, looked up by operators. A file of its own, apart from the configuration: neither waits for
// the other's lock, and it can be moved or removed alone. Its schema is db/migrations/cdr.
//
// A look-up finds what was written to the journal before it: it waits for the loader, which is some
// 50 ms behind (two seconds at most; while loading fails it does not wait).
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "shell/journal/journal.h"
#include "shell/store/cdr_loader.h"
#include "shell/store/cdr_query.h"
#include "shell/store/cdr_summary.h"

namespace tandem::store {

class CdrStore {
 public:
  // Fails with a sentence when the file cannot be made or belongs to a newer version; a database
  // that is only locked is waited for in the background. The journal must outlive the store.
  static Result<std::unique_ptr<CdrStore>, StoreError> open(journal::Journal& journal,
                                                            const CdrLoaderOptions& options);
  // Loads what is written to the journal so far.
  ~CdrStore();

  // Any thread; one look-up at a time.
  Result<std::size_t, StoreError> find(const CdrFilter& filter, const CdrVisitor& visit);
  Result<std::int64_t, StoreError> last_recorded();
  Result<CdrSummary, StoreError> summarise(UtcTime from, UtcTime until);

  // Any thread: records of the journal that cannot be found yet.
  std::uint64_t queue() const { return loader_.queue(); }
  // Any thread: why nothing is loaded at the moment; "" when all is well.
  std::string fault_text() const { return loader_.fault_text(); }

 private:
  CdrStore(journal::Journal& journal, const CdrLoaderOptions& options);

  Result<Done, StoreError> ensure_open();

  const std::filesystem::path path_;
  CdrLoader loader_;
  std::mutex mutex_;
  std::optional<Database>
      reading_;  // opened when first needed, and again when the file was replaced
};

}  // namespace tandem::store
