#include "shell/api/number_uploads.h"

#include "base/limits.h"
#include "shell/api/configuration_access.h"

namespace tandem::api {
namespace {

using State = NumberUpload::State;

constexpr std::chrono::minutes kLongestPause{10};
constexpr std::size_t kRemembered = 16;  // that ended

}  // namespace

std::string_view to_text(State state) {
  switch (state) {
    case State::Reading:
      return "reading";
    case State::Writing:
      return "writing";
    case State::Done:
      return "done";
    case State::Refused:
      return "refused";
  }
  return {};
}

Desk::Desk(Services given)
    : services(std::move(given)), uploads(std::make_unique<NumberUploads>(*this)) {}

Desk::~Desk() = default;

NumberUploads::~NumberUploads() {
  for (const auto& [id, upload] : uploads_) upload->import.give_up();
  for (const auto& [id, upload] : uploads_)
    if (upload->thread.joinable()) upload->thread.join();
}

// Ended ones are remembered for a while; those that nobody goes on with are not.
void NumberUploads::make_room() {
  const auto now = std::chrono::steady_clock::now();
  for (auto each = uploads_.begin(); each != uploads_.end();) {
    NumberUpload& upload = *each->second;
    std::unique_lock lock(upload.mutex);
    const bool ended = upload.state == State::Done || upload.state == State::Refused;
    const bool left = upload.state == State::Reading && now - upload.touched > kLongestPause;
    lock.unlock();
    if (!left && (!ended || uploads_.size() < kRemembered)) {
      ++each;
      continue;
    }
    if (upload.thread.joinable()) upload.thread.join();
    each = uploads_.erase(each);
  }
}

std::shared_ptr<NumberUpload> NumberUploads::begin(std::filesystem::path folder,
                                                   store::NumberImportTerms terms) {
  const std::lock_guard lock(mutex_);
  make_room();
  std::size_t running = 0;
  for (const auto& [id, upload] : uploads_) {
    const std::lock_guard inner(upload->mutex);
    running += upload->state == State::Reading || upload->state == State::Writing ? 1 : 0;
  }
  if (running >= kMaxNumberUploads) return nullptr;
  auto upload = std::make_shared<NumberUpload>(std::move(folder), std::move(terms));
  upload->id = std::to_string(++last_);
  upload->touched = std::chrono::steady_clock::now();
  uploads_[upload->id] = upload;
  return upload;
}

std::shared_ptr<NumberUpload> NumberUploads::find(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = uploads_.find(id);
  return found == uploads_.end() ? nullptr : found->second;
}

void NumberUploads::write(const std::shared_ptr<NumberUpload>& upload) {
  upload->thread = std::thread([this, upload] { finish(*upload); });
}

void NumberUploads::finish(NumberUpload& upload) {
  auto made = upload.import.finish();
  store::ConfigError fault;
  if (!made.ok()) {
    fault.sentence = made.error();
  } else {
    const std::lock_guard lock(desk_.configuration_mutex);
    auto changed = desk_.services.configuration->update(
        upload.resource->name, upload.entity, {{"file", made->file}}, std::nullopt, upload.author);
    if (!changed.ok()) fault = changed.error();
    if (changed.ok()) publish(desk_);
  }
  const std::lock_guard lock(upload.mutex);
  upload.state = fault.sentence.empty() ? State::Done : State::Refused;
  if (made.ok()) upload.made = *std::move(made);
  upload.fault = std::move(fault);
  upload.changed.notify_all();
}

}  // namespace tandem::api
