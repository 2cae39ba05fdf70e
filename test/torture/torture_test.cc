// Every message of rfc4475/ and own/ meets the verdict that verdicts.tsv gives it. "accepted" says
// that the message can be read and answered for by whoever takes it; "refused" that reading finds
// the fault, and with which status it is answered (0: not at all).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>

#include "core/sip/message.h"
#include "support/allocation_counter.h"
#include "support/sip_laws.h"
#include "support/tsv.h"

namespace tandem::sip {
namespace {

const std::filesystem::path kFolder = TANDEM_SOURCE_DIR "/test/torture";

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<test_support::TsvRow> verdicts() {
  return test_support::read_tsv((kFolder / "verdicts.tsv").string());
}

TEST(Torture, every_message_meets_its_verdict) {
  const auto message = std::make_unique<Message>();
  for (const auto& row : verdicts()) {
    const std::string& name = row.at("file");
    const std::string bytes = bytes_of(kFolder / name);

    const ParseError error = parse(bytes, *message);

    EXPECT_EQ(to_text(error.kind), row.at("fault")) << name << " at " << error.offset;
    EXPECT_EQ(std::to_string(error.status), row.at("status")) << name;
    EXPECT_EQ(row.at("verdict"), error.kind == ParseErrorKind::None ? "accepted" : "refused")
        << name;
  }
}

TEST(Torture, every_message_has_one_verdict) {
  std::set<std::string> files;
  for (const char* folder : {"rfc4475", "own"}) {
    for (const auto& entry : std::filesystem::directory_iterator(kFolder / folder))
      files.insert(std::filesystem::relative(entry.path(), kFolder).string());
  }
  std::set<std::string> rows;
  for (const auto& row : verdicts())
    EXPECT_TRUE(rows.insert(row.at("file")).second) << row.at("file") << " stands twice";

  EXPECT_EQ(rows, files);
  const auto of_the_rfc = std::count_if(rows.begin(), rows.end(), [](const std::string& name) {
    return name.starts_with("rfc4475/");
  });
  EXPECT_GE(of_the_rfc, 49);
}

TEST(Torture, accepted_messages_keep_the_laws) {
  const auto message = std::make_unique<Message>();
  for (const auto& row : verdicts()) {
    const std::string bytes = bytes_of(kFolder / row.at("file"));
    if (parse(bytes, *message).kind == ParseErrorKind::None) test_support::check_laws(*message);
  }
}

TEST(Torture, each_message_cut_anywhere_is_refused_or_keeps_the_laws) {
  const auto message = std::make_unique<Message>();
  for (const auto& row : verdicts()) {
    const std::string whole = bytes_of(kFolder / row.at("file"));
    for (std::size_t size = 0; size < std::min<std::size_t>(whole.size(), 700); ++size) {
      const std::string bytes = whole.substr(0, size);
      if (parse(bytes, *message).kind == ParseErrorKind::None) test_support::check_laws(*message);
    }
  }
}

TEST(Torture, reading_allocates_nothing) {
  const auto message = std::make_unique<Message>();
  for (const auto& row : verdicts()) {
    const std::string bytes = bytes_of(kFolder / row.at("file"));
    const std::size_t before = test_support::allocations();

    parse(bytes, *message);

    EXPECT_EQ(test_support::allocations(), before) << row.at("file");
  }
}

}  // namespace
}  // namespace tandem::sip
