// The table and the examples of call-handling.md 5.
#include "core/lrn/rules.h"

#include <gtest/gtest.h>

namespace tandem::lrn {
namespace {

constexpr Terms kTerms{.eat = 1, .interstate = "IE", .undetermined = "UN"};

Answer not_ported(std::string state) {
  return {.outcome = Outcome::NotPorted, .state = std::move(state)};
}
Answer ported(std::string lrn, std::string state) {
  return {.outcome = Outcome::Ported, .lrn = std::move(lrn), .state = std::move(state)};
}

struct Case {
  std::string_view name;
  Terms terms;
  std::string_view dialled;
  Answer callee;
  Answer caller;
  bool refused;
  std::string_view searched;  // "" = the dialled number
  std::string_view billed;
  std::string_view rn;
};

Terms with(bool reject, bool route_by_lrn = true) {
  Terms terms = kTerms;
  terms.reject_failures = reject;
  terms.route_by_lrn = route_by_lrn;
  return terms;
}

const Case kCases[] = {
    {"1 not ported, same region", kTerms, "12125550123", not_ported("NY"), not_ported("NY"), false, "",
     "12125550123", ""},
    {"1 not ported, told by its own number", kTerms, "12125550123",
     {.outcome = Outcome::NotPorted, .lrn = "2125550123", .state = "NY"}, not_ported("NJ"), false,
     "", "IE12125550123", ""},
    {"2 ported", kTerms, "12125550123", ported("2125550199", "NY"), not_ported("NY"), false,
     "12125550199", "12125550199", "12125550199"},
    {"2 ported, answered in full", kTerms, "12125550123", ported("12125550199", "NY"),
     not_ported("NY"), false, "12125550199", "12125550199", "12125550199"},
    {"2 ported, routed as dialled", with(true, false), "12125550123", ported("2125550199", "NY"),
     not_ported("NY"), false, "", "12125550199", "12125550199"},
    {"3 same region", kTerms, "12125550123", ported("2125550199", "NY"),
     ported("2125550188", "NY"), false, "12125550199", "12125550199", "12125550199"},
    {"4 other region", kTerms, "13105550123", ported("3105550109", "CA"), not_ported("NY"), false,
     "13105550109", "IE13105550109", "13105550109"},
    {"5 region of the caller unknown", kTerms, "13105550123", ported("3105550109", "CA"), Answer{},
     false, "13105550109", "UN13105550109", "13105550109"},
    {"5 region of the called number unknown", kTerms, "13105550123", not_ported(""),
     not_ported("NY"), false, "", "UN13105550123", ""},
    {"6 failure is refused", with(true), "12125550123", Answer{}, not_ported("NY"), true, "",
     "UN12125550123", ""},
    {"7 failure goes on", with(false), "12125550123", Answer{}, not_ported("NY"), false, "",
     "UN12125550123", ""},
    {"8 no such number is refused", with(true), "12125550123", {.outcome = Outcome::Unknown},
     not_ported("NY"), true, "", "UN12125550123", ""},
    {"8 no such number goes on", with(false), "12125550123", {.outcome = Outcome::Unknown},
     not_ported("NY"), false, "", "UN12125550123", ""},
};

TEST(LrnRules, decide_as_the_table_says) {
  for (const Case& each : kCases) {
    SCOPED_TRACE(each.name);
    const Verdict verdict =
        decide(each.terms, {each.dialled, each.dialled}, each.callee, each.caller);

    EXPECT_EQ(verdict.refused, each.refused);
    EXPECT_EQ(verdict.searched, each.searched);
    EXPECT_EQ(verdict.billed, each.billed);
    EXPECT_EQ(verdict.routing_number, each.rn);
  }
}

TEST(LrnRules, a_routing_prefix_stays_in_front_and_is_not_billed) {
  const Terms terms{.eat = 2};

  const Verdict verdict = decide(terms, {"a12125550123", "12125550123"},
                                 ported("2125550199", ""), Answer{});

  EXPECT_EQ(verdict.searched, "a12125550199");
  EXPECT_EQ(verdict.billed, "12125550199");
}

TEST(LrnRules, the_number_that_is_asked_for) {
  EXPECT_EQ(query_of("12125550123", kTerms), "2125550123");
  EXPECT_EQ(query_of("0112125550123", kTerms), "2125550123") << "the last ten digits";
  EXPECT_EQ(query_of("5550123", kTerms), "550123");
  EXPECT_EQ(query_of("1", kTerms), "");
  EXPECT_EQ(query_of("", kTerms), "");
}

}  // namespace
}  // namespace tandem::lrn
