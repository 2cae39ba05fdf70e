#include "core/lrn/answer.h"

#include <gtest/gtest.h>

namespace tandem::lrn {
namespace {

struct Case {
  std::string_view uri;
  Outcome outcome;
  std::string_view lrn;
};

constexpr Case kCases[] = {
    {"sip:2125550123;rn=2125550199;npdi@192.0.2.9", Outcome::Ported, "2125550199"},
    {"sip:2125550123;npdi;rn=+1-212-555-0199@192.0.2.9", Outcome::Ported, "12125550199"},
    {"sip:2125550123@192.0.2.9;rn=2125550199;npdi=yes", Outcome::Ported, "2125550199"},
    {"tel:2125550123;npdi;rn=2125550199", Outcome::Ported, "2125550199"},
    {"sip:2125550123;npdi@192.0.2.9", Outcome::NotPorted, ""},
    {"sip:2125550123@192.0.2.9", Outcome::NotPorted, ""},
    {"sip:2125550123;rn=2125550123;npdi@192.0.2.9", Outcome::NotPorted, "2125550123"},
    {"sip:somebody@192.0.2.9", Outcome::Failed, ""},
    {"sip:2125550123;rn=x@192.0.2.9", Outcome::Failed, ""},
    {"sip:2125550123;rn=@192.0.2.9", Outcome::Failed, ""},
    {"nothing of the kind", Outcome::Failed, ""},
    {"", Outcome::Failed, ""},
};

TEST(LrnAnswer, is_read_from_the_contact) {
  for (const Case& each : kCases) {
    SCOPED_TRACE(each.uri);
    const Answer answer = answer_in_contact(each.uri, "2125550123");

    EXPECT_EQ(answer.outcome, each.outcome);
    EXPECT_EQ(answer.lrn, each.lrn);
  }
}

}  // namespace
}  // namespace tandem::lrn
