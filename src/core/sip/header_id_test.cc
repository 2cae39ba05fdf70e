#include "core/sip/header_id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "core/sip/header_table.h"
#include "core/sip/method.h"
#include "core/sip/writer.h"

namespace tandem::sip {
namespace {

std::string changed(std::string_view text, int (*change)(int)) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [change](unsigned char c) { return static_cast<char>(change(c)); });
  return result;
}

TEST(HeaderId, each_name_is_found_however_its_letters_are_written) {
  for (std::size_t i = 1; i < kHeaders.size(); ++i) {
    const HeaderRow& row = kHeaders[i];

    EXPECT_EQ(header_id(row.name), row.id) << row.name;
    EXPECT_EQ(header_id(changed(row.name, std::tolower)), row.id) << row.name;
    EXPECT_EQ(header_id(changed(row.name, std::toupper)), row.id) << row.name;
    EXPECT_EQ(name_of(row.id), row.name);
  }
}

TEST(HeaderId, each_compact_form_is_found) {
  for (const HeaderRow& row : kHeaders) {
    if (row.compact == 0) continue;
    const std::string name(1, row.compact);

    EXPECT_EQ(header_id(name), row.id);
    EXPECT_EQ(header_id(changed(name, std::toupper)), row.id);
  }
}

TEST(HeaderId, compact_forms_are_the_registered_ones) {
  const struct {
    std::string_view name;
    HeaderId id;
  } rows[] = {{"i", HeaderId::CallId},
              {"m", HeaderId::Contact},
              {"e", HeaderId::ContentEncoding},
              {"l", HeaderId::ContentLength},
              {"c", HeaderId::ContentType},
              {"f", HeaderId::From},
              {"s", HeaderId::Subject},
              {"k", HeaderId::Supported},
              {"t", HeaderId::To},
              {"v", HeaderId::Via},
              {"x", HeaderId::SessionExpires},
              {"r", HeaderId::ReferTo},
              {"b", HeaderId::ReferredBy},
              {"o", HeaderId::Event},
              {"u", HeaderId::AllowEvents}};
  for (const auto& row : rows) EXPECT_EQ(header_id(row.name), row.id) << row.name;
}

TEST(HeaderId, other_names_are_unknown) {
  for (const char* name :
       {"", "q", "z", "1", "@", "Vi", "Viaa", "Vla", "Call_ID", "Call-I", "Subject1", "To ", " To",
        "\xd6ia", "X-Custom", "Max.Forwards", "0ontact",
        "A-Name-Much-Longer-Than-Any-Header-That-Is-Known-To-Anybody"})
    EXPECT_EQ(header_id(name), HeaderId::Unknown) << name;
}

TEST(Method, each_method_reads_as_it_is_written) {
  for (int i = 0; i < int(Method::Unknown); ++i)
    EXPECT_EQ(parse_method(to_text(Method(i))), Method(i));
  EXPECT_EQ(to_text(Method::Unknown), "");
}

TEST(Method, letters_count) {  // RFC 3261 §7.1
  for (const char* name : {"", "invite", "Invite", "INVITE ", "INVIT", "INVITEX", "BYe"})
    EXPECT_EQ(parse_method(name), Method::Unknown) << name;
}

TEST(ReasonPhrase, registered_statuses_have_one_and_others_none) {
  EXPECT_EQ(reason_phrase(100), "Trying");
  EXPECT_EQ(reason_phrase(180), "Ringing");
  EXPECT_EQ(reason_phrase(487), "Request Terminated");
  EXPECT_EQ(reason_phrase(608), "Rejected");
  for (const int status : {0, 99, 101, 299, 499, 699, 700, -1})
    EXPECT_EQ(reason_phrase(status), "") << status;
}

}  // namespace
}  // namespace tandem::sip
