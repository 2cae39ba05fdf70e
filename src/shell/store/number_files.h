// The files of imported numbers, in the folder `numbers` of the data directory. Each is a NumberSet
// (core/number/number_set.h), written once under a new name and never changed, and mapped while a
// Directory uses it: a change elsewhere does not read it again.
//
// For one thread at a time, like the ConfigStore that owns it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "core/directory/number_entities.h"

namespace tandem::store {

class NumberFiles {
 public:
  explicit NumberFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  bool has(const std::string& name) const;
  std::uintmax_t bytes(const std::string& name) const;  // 0 when it is not there
  // Its pages are read now, so that the first calls do not wait for the disk. nullopt: it is not
  // there, or something else.
  std::optional<directory::ImportedNumbers> open(const std::string& name);

  // The age of a file nobody names begins now: an undo may name it again.
  void set_aside(const std::string& name) const;
  // Removes what imports that were cut short left behind, and files nobody named for so long.
  void tidy(const std::set<std::string>& named, std::chrono::hours longest) const;

 private:
  struct Mapping;
  std::filesystem::path folder_;
  std::map<std::string, std::weak_ptr<const Mapping>> mapped_;
};

// A file while it is written: it bears its name only when it is whole and on the disk.
class NumberFileWriter {
 public:
  static Result<NumberFileWriter, std::string> create(const std::filesystem::path& folder);
  NumberFileWriter(NumberFileWriter&& other) noexcept;
  NumberFileWriter& operator=(NumberFileWriter&&) = delete;
  ~NumberFileWriter();  // removes what was not finished

  bool append(const std::string& bytes);
  // Its name; the fault is a sentence.
  Result<std::string, std::string> finish(const std::string& head);

 private:
  NumberFileWriter(std::filesystem::path folder, std::string name, int file)
      : folder_(std::move(folder)), name_(std::move(name)), file_(file) {}
  std::filesystem::path draft() const { return folder_ / (name_ + ".draft"); }

  std::filesystem::path folder_;
  std::string name_;
  int file_ = -1;
  bool failed_ = false;
};

}  // namespace tandem::store
