// Lists of numbers on their way in: a list comes in as many parts as it takes, is written as a file
// by a thread of its own, and only then named by its group. One that was begun and not gone on with
// makes room for the next.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "shell/api/operation.h"
#include "shell/store/number_import.h"

namespace tandem::api {

struct NumberUpload {
  enum class State : std::uint8_t { Reading, Writing, Done, Refused };

  NumberUpload(std::filesystem::path folder, store::NumberImportTerms terms)
      : import(std::move(folder), std::move(terms)) {}

  std::string id;
  const directory::ResourceRow* resource = nullptr;
  std::int64_t entity = 0;
  store::Author author;
  store::NumberImport import;

  std::mutex mutex;  // of what follows, and of the reading
  std::condition_variable changed;
  State state = State::Reading;
  std::chrono::steady_clock::time_point touched;
  store::NumberImport::Made made;
  store::ConfigError fault;
  std::thread thread;
};

class NumberUploads {
 public:
  explicit NumberUploads(Desk& desk) : desk_(desk) {}
  ~NumberUploads();  // gives up what is being written
  NumberUploads(const NumberUploads&) = delete;
  NumberUploads& operator=(const NumberUploads&) = delete;

  // nullptr: as many as may be are read already.
  std::shared_ptr<NumberUpload> begin(std::filesystem::path folder, store::NumberImportTerms terms);
  std::shared_ptr<NumberUpload> find(const std::string& id);
  // After the last part: writes the file and changes the entity, on a thread.
  void write(const std::shared_ptr<NumberUpload>& upload);

 private:
  void finish(NumberUpload& upload);
  void make_room();

  Desk& desk_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<NumberUpload>> uploads_;
  std::uint64_t last_ = 0;
};

std::string_view to_text(NumberUpload::State state);

}  // namespace tandem::api
