// Passwords as the database holds them: sealed with a key of the data directory, because digest needs
// them back and a copy of the database alone must not give them away (AES-256-GCM).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tandem::store {

class SecretBox {
 public:
  // With the key in `data`/secrets.key, which is made when it is missing and only its owner reads.
  static Result<std::unique_ptr<SecretBox>, std::string> open(const std::filesystem::path& data);
  ~SecretBox();

  std::string seal(std::string_view secret) const;  // "" stays ""
  // Nothing when another key sealed it, or somebody changed it.
  std::optional<std::string> unseal(std::string_view sealed) const;

  // A password nobody knows yet: letters and digits that cannot be taken for each other.
  static std::string make_password();

 private:
  struct Work;
  explicit SecretBox(std::unique_ptr<Work> work);
  std::unique_ptr<Work> work_;
};

}  // namespace tandem::store
