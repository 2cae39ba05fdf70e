// A configuration store in a directory of its own, and the questions its tests ask.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "shell/store/config_store.h"
#include "shell/store/document.h"
#include "support/temporary_directory.h"

namespace tandem::store {

// The form that operators script.
inline constexpr std::string_view kOperatorsForm = R"({
  "ingress_gateways":[{"name":"north","remote_ips":["127.0.0.2"]}],
  "egress_gateways":[{"name":"south","remote_ips":["127.0.0.3:5080"],"prefix":[""],"priority":1}],
  "parameters":{"SS_SIP_SESSION_TTL":600,"SS_SIP_T1":250}})";

inline const Author kAnna{.user = "anna", .address = "127.0.0.1", .time_ms = 1'000};
inline const Author kBert{
    .user = "bert", .address = "", .time_ms = 2'000, .origin = Origin::Cli, .comment = "as agreed"};

class ConfigStoreTest : public ::testing::Test {
 protected:
  ConfigStoreTest() { open(); }

  void open() {
    store_.reset();
    auto opened = ConfigStore::open(directory_.path());
    ASSERT_TRUE(opened.ok()) << opened.error().sentence;
    store_ = *std::move(opened);
  }

  std::filesystem::path file() const { return directory_.path() / "tandem.db"; }

  Result<Plan, ConfigError> apply(std::string_view json, Mode mode = Mode::Apply,
                                  const Author& author = kAnna) {
    const auto document = read_document(json);
    EXPECT_TRUE(document.ok()) << document.error().sentence;
    return store_->apply(*document, mode, author);
  }

  // Must go well.
  Plan applied(std::string_view json) {
    const auto plan = apply(json);
    EXPECT_TRUE(plan.ok()) << plan.error().sentence;
    return plan.ok() ? *plan : Plan{};
  }

  ConfigError refusal(std::string_view json) {
    const auto plan = apply(json);
    EXPECT_FALSE(plan.ok());
    return plan.ok() ? ConfigError{} : plan.error();
  }

  std::string exported() {
    const auto document = store_->export_document();
    return document.ok() ? write_document(*document) : document.error().sentence;
  }

  std::string field(const char* resource, const char* name, const char* field) {
    const auto entity = store_->get(resource, name);
    if (!entity) return entity.error().sentence;
    return directory::to_text(value_of(*directory::find_resource(resource), entity->record, field));
  }

  std::int64_t id(const char* resource, const char* name) {
    const auto entity = store_->get(resource, name);
    return entity.ok() ? entity->id : 0;
  }

  test_support::TemporaryDirectory directory_;
  std::unique_ptr<ConfigStore> store_;
};

}  // namespace tandem::store
