#include "core/directory/profiles.h"

#include <gtest/gtest.h>

#include <set>

#include "core/directory/parameter_row.h"

namespace tandem::directory {
namespace {

TEST(Profiles, have_canonical_values_of_parameters_that_exist) {
  for (const ProfileRow& profile : all_profiles()) {
    for (std::size_t i = 0; i < kProfileParameters.size(); ++i) {
      const ParameterRow* row = find_parameter(kProfileParameters[i]);
      ASSERT_NE(row, nullptr) << kProfileParameters[i];
      if (profile.values[i].empty()) continue;
      const auto value = canonical_value(*row, profile.values[i]);
      ASSERT_TRUE(value.ok()) << value.error().sentence;
      EXPECT_EQ(*value, profile.values[i]);
    }
  }
}

TEST(Profiles, are_six_with_names_of_their_own) {
  std::set<std::string_view> names;
  for (const ProfileRow& profile : all_profiles()) names.insert(profile.name);

  EXPECT_EQ(names.size(), 6u);
}

TEST(Profiles, are_found_by_name_and_title) {
  EXPECT_EQ(find_profile("Call-Centre")->title, "Call centre");
  EXPECT_EQ(find_profile("call centre")->name, "call-centre");
  EXPECT_EQ(find_profile("casino"), nullptr);
}

// Intervals of refresh that the published lists name.
TEST(Profiles, refresh_as_often_as_published) {
  for (const auto& [name, seconds] : {std::pair{"wholesale", 300},
                                      {"call-centre", 300},
                                      {"mobile", 150},
                                      {"enterprise", 600},
                                      {"high-security", 90}}) {
    const ProfileRow& row = *find_profile(name);
    EXPECT_EQ(std::stoi(std::string(row.values[0])) / std::stoi(std::string(row.values[1])),
              seconds)
        << name;
  }
}

}  // namespace
}  // namespace tandem::directory
