// Loader and look-ups together.
#include "shell/store/cdr_store.h"

namespace tandem::store {

Result<std::unique_ptr<CdrStore>, StoreError> CdrStore::open(journal::Journal& journal,
                                                             const CdrLoaderOptions& options) {
  std::unique_ptr<CdrStore> store(new CdrStore(journal, options));
  const auto connected = store->loader_.connect();
  if (!connected && connected.error().kind != StoreErrorKind::Busy)
    return Failure{connected.error()};
  store->loader_.start();
  return store;
}

CdrStore::CdrStore(journal::Journal& journal, const CdrLoaderOptions& options)
    : path_(options.database), loader_(journal, options) {}

CdrStore::~CdrStore() { loader_.stop(); }

constexpr milliseconds kPatience{2000};  // with the loader

Result<Done, StoreError> CdrStore::ensure_open() {
  if (reading_ && !reading_->file_gone()) return Done{};
  reading_.reset();
  auto opened = Database::open(path_, Database::Access::ReadOnly);
  if (!opened) return Failure{opened.error()};
  reading_ = std::move(*opened);
  return Done{};
}

Result<std::size_t, StoreError> CdrStore::find(const CdrFilter& filter, const CdrVisitor& visit) {
  loader_.catch_up(kPatience);
  const std::lock_guard lock(mutex_);
  if (const auto open = ensure_open(); !open) return Failure{open.error()};
  return find_cdrs(*reading_, filter, visit);
}

Result<CdrSummary, StoreError> CdrStore::summarise(UtcTime from, UtcTime until) {
  loader_.catch_up(kPatience);
  const std::lock_guard lock(mutex_);
  if (const auto open = ensure_open(); !open) return Failure{open.error()};
  return summarise_cdrs(*reading_, from, until);
}

Result<std::int64_t, StoreError> CdrStore::last_recorded() {
  const std::lock_guard lock(mutex_);
  if (const auto open = ensure_open(); !open) return Failure{open.error()};
  return store::last_recorded(*reading_);
}

}  // namespace tandem::store
