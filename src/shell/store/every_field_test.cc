// Every field of every resource, stored and read again. A field that is added is added to
// test/tables/every-field.json, with a value that is not its default.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/config_store_fixture.h"

namespace tandem::store {
namespace {

TEST_F(ConfigStoreTest, every_value_of_every_field_is_there_after_the_store_is_opened_again) {
  std::filesystem::create_directory(directory_.path() / "numbers");
  std::ofstream(directory_.path() / "numbers" / "1.numbers");  // an imported file
  std::stringstream text;
  text << std::ifstream(TANDEM_SOURCE_DIR "/test/tables/every-field.json").rdbuf();
  applied(text.str());
  const std::string before = exported();
  for (const directory::ResourceRow& resource : directory::all_resources()) {
    const auto defaults = resource.defaults(resource);
    const auto record = store_->list(resource.name)->at(0).record;
    for (std::size_t i = 0; i < record.size(); ++i)
      EXPECT_NE(record[i], defaults[i]) << resource.fields[i].name << " is not tried";
  }

  open();

  EXPECT_EQ(exported(), before);
  EXPECT_EQ(store_->get("accounts", "acme")->created_by, "anna");
}

}  // namespace
}  // namespace tandem::store
