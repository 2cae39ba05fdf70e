#include "core/number/dial_plan.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/number/cleaning.h"
#include "support/allocation_counter.h"
#include "support/tsv.h"

namespace tandem::number {
namespace {

using Outcome = DialPlan::Outcome;

DialPlan plan(std::string_view text) {
  auto compiled = DialPlan::compile(text);
  EXPECT_TRUE(compiled.ok()) << text << ": " << (compiled.ok() ? "" : compiled.error().text());
  return compiled.ok() ? *compiled : DialPlan();
}

std::string rewritten(std::string_view text, std::string_view number) {
  Rng rng;
  std::string to;
  plan(text).apply(number, rng, to);
  return to;
}

std::vector<std::string> parts(const std::string& text, char separator) {
  std::vector<std::string> found(1);
  for (const char c : text) {
    if (c == separator)
      found.emplace_back();
    else
      found.back() += c;
  }
  return found;
}

// Literal text, in which [0-9] stands for a digit.
bool reads_as(std::string_view number, std::string_view pattern) {
  constexpr std::string_view kDigit = "[0-9]";
  while (!pattern.empty() && !number.empty()) {
    const bool any = pattern.starts_with(kDigit);
    const bool fits = any ? number.front() >= '0' && number.front() <= '9'
                          : number.front() == pattern.front();
    if (!fits) return false;
    number.remove_prefix(1);
    pattern.remove_prefix(any ? kDigit.size() : 1);
  }
  return number.empty() && pattern.empty();
}

// One result of the table: literal text, [0-9], or a..b before literal text.
bool is_one_of(const std::string& number, const std::string& results) {
  for (const std::string& each : parts(results, ';')) {
    const std::size_t dots = each.find("..");
    if (dots == std::string::npos) {
      if (reads_as(number, each)) return true;
      continue;
    }
    const std::string first = each.substr(0, dots);
    const std::string last = each.substr(dots + 2, first.size());
    const std::string rest = each.substr(dots + 2 + first.size());
    if (number.size() != first.size() + rest.size() || !number.ends_with(rest)) continue;
    const std::string drawn = number.substr(0, first.size());
    if (first <= drawn && drawn <= last) return true;
  }
  return false;
}

TEST(DialPlan, rewrites_as_the_worked_examples_say) {
  const auto rows = test_support::read_tsv(TANDEM_SOURCE_DIR "/test/tables/dial-plan-examples.tsv");
  ASSERT_EQ(rows.size(), 38u);

  for (auto row : rows) {
    const DialPlan compiled = plan(row["rule"]);
    Rng rng;
    for (int draw = 0; draw < 100; ++draw) {
      std::string to;
      const auto applied = compiled.apply(row["input"], rng, to);
      if (row["results"] == "REJECT") {
        EXPECT_EQ(applied.outcome, Outcome::Rejected) << row["rule"];
      } else if (row["results"].empty()) {
        EXPECT_EQ(to, "") << row["rule"];
      } else {
        EXPECT_TRUE(is_one_of(to, row["results"])) << row["rule"] << " made " << to;
      }
    }
  }
}

TEST(DialPlan, every_result_that_may_be_drawn_is_drawn) {
  const DialPlan compiled = plan("555:1;2;3-5");
  Rng rng;
  std::map<std::string, int> drawn;

  for (int i = 0; i < 3000; ++i) {
    std::string to;
    compiled.apply("5551234", rng, to);
    ++drawn[to];
  }

  ASSERT_EQ(drawn.size(), 5u);  // 1, 2, and the range 3 to 5, which counts once
  EXPECT_NEAR(drawn["11234"], 1000, 150);
  EXPECT_NEAR(drawn["21234"], 1000, 150);
  EXPECT_NEAR(drawn["41234"], 333, 100);
}

TEST(DialPlan, draws_from_ranges_of_any_size_and_reaches_both_ends) {
  Rng rng;
  std::set<std::string> drawn;
  const DialPlan small = plan("*:0998-1002");
  const DialPlan large = plan("*:00000000000000000000000000000007-99999999999999999999999999999999");
  const DialPlan one = plan("*:77-77");

  for (int i = 0; i < 500; ++i) {
    std::string to;
    small.apply("1", rng, to);
    drawn.insert(to);
    large.apply("1", rng, to);
    EXPECT_EQ(to.size(), 32u);
    EXPECT_GE(to, "00000000000000000000000000000007");
    one.apply("1", rng, to);
    EXPECT_EQ(to, "77");
  }

  EXPECT_EQ(drawn, (std::set<std::string>{"0998", "0999", "1000", "1001", "1002"}));
}

TEST(DialPlan, the_same_seed_draws_the_same_numbers) {
  const DialPlan compiled = plan("1:????;2-8");
  Rng first;
  Rng second;

  for (int i = 0; i < 50; ++i) {
    std::string a;
    std::string b;
    compiled.apply("1", first, a);
    compiled.apply("1", second, b);
    EXPECT_EQ(a, b);
  }
}

TEST(DialPlan, names_the_rule_that_fits_as_it_is_written) {
  const DialPlan compiled = plan("86:,\n  861 : 0 ,8613\\:4:X");
  Rng rng;
  std::string to;

  EXPECT_EQ(compiled.apply("8615", rng, to).rule, "861 : 0");
  EXPECT_EQ(to, "05");
  EXPECT_EQ(compiled.apply("8613:45", rng, to).rule, "8613\\:4:X");
  EXPECT_EQ(compiled.apply("99", rng, to).rule, "");
  EXPECT_EQ(to, "99");
  EXPECT_EQ(compiled.rules(), 3u);
}

TEST(DialPlan, an_empty_plan_changes_nothing) {
  for (const std::string_view text : {"", " ", "\n\t "}) {
    const DialPlan compiled = plan(text);
    EXPECT_TRUE(compiled.empty());
    EXPECT_EQ(rewritten(text, "4420"), "4420");
  }
}

TEST(DialPlan, finer_points_of_the_syntax) {
  EXPECT_EQ(rewritten(":861", "13"), "86113");        // no beginning at all: every number
  EXPECT_EQ(rewritten("44:*99", "4420"), "2099");     // * of a target without one before: the rest
  EXPECT_EQ(rewritten("*5:", "15"), "");
  EXPECT_EQ(rewritten("1*5:0*", "15"), "0");          // * takes nothing
  EXPECT_EQ(rewritten("1*15:0", "15"), "15");         // head and tail do not overlap
  EXPECT_EQ(rewritten("1*5:a,1*05:b", "105"), "b");   // the longer part after *
  EXPECT_EQ(rewritten("1*?5:a,1*05:b", "105"), "b");  // more literal characters
  EXPECT_EQ(rewritten("1L3:a,1F9:b", "1"), "a");      // L before F
  EXPECT_EQ(rewritten("1G2:a,1L9:b", "1234"), "a234");  // of L and G the earlier
  EXPECT_EQ(rewritten("HELLO:1", "HELLO2"), "12");    // letters that are no condition
  EXPECT_EQ(rewritten("E445:1", "E4456"), "16");      // three digits are no condition
  EXPECT_EQ(rewritten("44:\\-\\,\\;", "441"), "-,;1");
  EXPECT_EQ(rewritten("?:$9", "7"), "79");
}

TEST(DialPlan, a_number_that_becomes_too_long_is_refused) {
  const DialPlan compiled = plan("1:22");
  Rng rng;
  std::string to;

  EXPECT_EQ(compiled.apply(std::string(kMaxNumberLength, '1'), rng, to).outcome, Outcome::TooLong);
  EXPECT_EQ(to, "");
}

struct FaultRow {
  std::string_view text;
  std::size_t line;
  std::size_t column;
  std::string_view says;
};

TEST(DialPlan, faults_are_told_with_their_place) {
  constexpr FaultRow kRows[] = {
      {"86", 1, 1, "no colon"},
      {"86:,", 1, 5, "a rule is missing"},
      {",86:", 1, 1, "a rule is missing"},
      {"86:1,,87:2", 1, 6, "a rule is missing"},
      {"1*2*3:4", 1, 4, "two *"},
      {"12:\\a", 1, 4, "escapes only"},
      {"12:3\\", 1, 5, "escapes nothing"},
      {"12:*$", 1, 5, "$ after *"},
      {"1$:2", 1, 2, "only in targets"},
      {"1:100-99", 1, 3, "same number of digits"},
      {"1:9-3", 1, 3, "not above"},
      {"1:a-b", 1, 4, "digits on both sides"},
      {"1:5-", 1, 4, "digits on both sides"},
      {"1:1-2-3", 1, 4, "digits on both sides"},
      {"1:111111111111111111111111111111111-211111111111111111111111111111111", 1, 3, "32 digits"},
      {"1:!refuse", 1, 3, "!reject"},
      {"!1:2", 1, 1, "only as \\!"},
      {"1:2!", 1, 4, "only as \\!"},
      {"1;2:3", 1, 2, "only as \\;"},
      {"1:2:3", 1, 4, "second colon"},
      {"4 4:1", 1, 2, "blank"},
      {"44:1@2", 1, 5, "\"@\" is no character"},
      {"44:1,\n 45:2,\n  46;:x", 3, 5, "only as \\;"},
      {"44:\x01", 1, 4, "this character"},
  };

  for (const FaultRow& row : kRows) {
    const auto compiled = DialPlan::compile(row.text);
    ASSERT_FALSE(compiled.ok()) << row.text;
    EXPECT_EQ(compiled.error().line, row.line) << row.text;
    EXPECT_EQ(compiled.error().column, row.column) << row.text;
    EXPECT_NE(compiled.error().reason.find(row.says), std::string::npos)
        << row.text << ": " << compiled.error().text();
  }
  EXPECT_FALSE(DialPlan::compile(std::string(kMaxPlanLength + 1, ' ')).ok());
}

TEST(DialPlan, a_rule_that_is_never_used_is_warned_of) {
  const DialPlan compiled = plan("44:1,\n44:2,44E3:3,44E3:4");

  ASSERT_EQ(compiled.warnings().size(), 2u);
  EXPECT_EQ(compiled.warnings()[0].line, 2u);
  EXPECT_NE(compiled.warnings()[0].reason.find("never used"), std::string::npos);
  EXPECT_TRUE(plan("44:1,4?:2,44E3:3,44*:4,4*4:5").warnings().empty());
}

// The rules of the specification once more, as they are said: each rule is held against the number,
// and the best of those that fit is looked for.
struct PlainRule {
  std::string head, tail;
  bool star = false;
  char condition = 0;
  unsigned length = 0;
  std::string target;
};

bool plain_fits(const std::string& pattern, std::string_view text) {
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (pattern[i] != '?' && pattern[i] != text[i]) return false;
  return true;
}

bool plain_takes(const PlainRule& rule, std::string_view number) {
  if (number.size() < rule.head.size() + rule.tail.size()) return false;
  if (!plain_fits(rule.head, number)) return false;
  if (!plain_fits(rule.tail, number.substr(number.size() - rule.tail.size()))) return false;
  switch (rule.condition) {
    case 'L':
      return number.size() < rule.length;
    case 'E':
      return number.size() == rule.length;
    case 'G':
      return number.size() > rule.length;
    case 'F':
      return number.size() != rule.length;
    default:
      return true;
  }
}

bool plain_better(const PlainRule& a, const PlainRule& b) {
  const auto plain_literals = [](const PlainRule& rule) {
    const std::string all = rule.head + rule.tail;
    return all.size() - std::size_t(std::count(all.begin(), all.end(), '?'));
  };
  if (a.head.size() != b.head.size()) return a.head.size() > b.head.size();
  if (a.tail.size() != b.tail.size()) return a.tail.size() > b.tail.size();
  if (plain_literals(a) != plain_literals(b)) return plain_literals(a) > plain_literals(b);
  const std::string order = "ELGF";
  const auto rank = [&](char c) { return c == 0 ? 9 : c == 'G' ? 1 : int(order.find(c)) % 3 + (c == 'F' ? 2 : 0); };
  return rank(a.condition) < rank(b.condition);
}

std::string plain_text(const PlainRule& rule) {
  std::string text = rule.head;
  if (rule.star) text += '*' + rule.tail;
  if (rule.condition != 0) text += rule.condition + std::to_string(rule.length);
  return text + ':' + rule.target;
}

std::string plain_apply(const PlainRule* rule, const std::string& number) {
  if (rule == nullptr) return number;
  const std::string rest =
      number.substr(rule->head.size(), number.size() - rule->head.size() - rule->tail.size());
  std::string to;
  bool star = false;
  for (std::size_t i = 0; i < rule->target.size(); ++i) {
    const char c = rule->target[i];
    if (c == '*') {
      to += rest;
      star = true;
    } else if (c == '$') {
      if (i < number.size()) to += number[i];
    } else {
      to += c;
    }
  }
  return rule->star || star ? to : to + rest;
}

std::string random_text(std::mt19937& random, std::string_view alphabet, unsigned longest) {
  std::string text(random() % (longest + 1), ' ');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  return text;
}

PlainRule random_rule(std::mt19937& random) {
  PlainRule rule;
  rule.head = random_text(random, "1112?", 4);
  rule.star = random() % 3 == 0;
  if (rule.star) rule.tail = random_text(random, "12?", 2);
  if (random() % 3 == 0) {
    rule.condition = "LEGF"[random() % 4];
    rule.length = unsigned(random() % 8);
  }
  rule.target = random_text(random, "89$$*", 4);
  const std::size_t star = rule.target.find('*');
  if (star != std::string::npos) std::erase(rule.target, '$');
  return rule;
}

TEST(DialPlan, does_what_holding_each_rule_against_the_number_does) {
  std::mt19937 random(7);
  Rng rng;

  for (int round = 0; round < 2000; ++round) {
    std::vector<PlainRule> rules(1 + random() % 12);
    std::string text;
    for (PlainRule& rule : rules) {
      rule = random_rule(random);
      text += (text.empty() ? "" : ",") + plain_text(rule);
    }
    const DialPlan compiled = plan(text);
    for (int tries = 0; tries < 20; ++tries) {
      const std::string number = random_text(random, "1112", 8);
      const PlainRule* best = nullptr;
      for (const PlainRule& rule : rules)
        if (plain_takes(rule, number) && (best == nullptr || plain_better(rule, *best))) best = &rule;
      std::string to;
      const auto applied = compiled.apply(number, rng, to);
      ASSERT_EQ(to, plain_apply(best, number)) << text << " on " << number;
      ASSERT_EQ(applied.rule, best == nullptr ? "" : plain_text(*best)) << text << " on " << number;
    }
  }
}

TEST(DialPlan, a_plan_of_thousands_of_rules_allocates_nothing_beyond_its_result) {
  std::string text;
  for (int i = 10000; i < 18000; ++i) text += (text.empty() ? "" : ",") + std::to_string(i) + ":9";
  const DialPlan compiled = plan(text);
  Rng rng;
  std::string to(kMaxNumberLength, ' ');
  EXPECT_EQ(compiled.rules(), 8000u);

  const auto before = test_support::allocations();
  compiled.apply("174991234", rng, to);
  const auto after = test_support::allocations();

  EXPECT_EQ(to, "91234");
  EXPECT_EQ(after - before, 0u);
}

}  // namespace
}  // namespace tandem::number
