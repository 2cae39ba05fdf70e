// Every *.ladder file of this folder, twice: as it is written, and with the exchange saved and
// restored between all inputs. TANDEM_APPROVE=1 rewrites what they expect; the diff is the review.
#include "ladders/ladder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tandem::ladder {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(TANDEM_SOURCE_DIR) / "test/ladders";

std::vector<std::string> all_ladders() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".ladder") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string text_of(const std::string& name) {
  std::ifstream file(kFolder / (name + ".ladder"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Ladders : public testing::TestWithParam<std::string> {};

TEST_P(Ladders, go_as_written) {
  const std::string text = text_of(GetParam());
  const Ladder ladder = parse(GetParam(), text);
  if (std::getenv("TANDEM_APPROVE") != nullptr) {
    Edits edits;
    const std::string fault = approve(ladder, edits);
    EXPECT_TRUE(fault.empty()) << fault;
    const std::string changed = rewritten(edits, text);
    if (changed != text) std::ofstream(kFolder / (GetParam() + ".ladder")) << changed;
  } else {
    const std::string fault = play(ladder, Restart::Never);
    EXPECT_TRUE(fault.empty()) << fault;
  }
}

TEST_P(Ladders, go_the_same_with_a_restart_at_every_step) {
  const std::string fault = play(parse(GetParam(), text_of(GetParam())), Restart::EveryStep);
  EXPECT_TRUE(fault.empty()) << fault;
}

std::string name_of(const testing::TestParamInfo<std::string>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(Flow, Ladders, testing::ValuesIn(all_ladders()), name_of);

}  // namespace
}  // namespace tandem::ladder
