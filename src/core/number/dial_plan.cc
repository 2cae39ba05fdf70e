#include "core/number/dial_plan.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/number/cleaning.h"
#include "core/number/compiled_plan.h"

namespace tandem::number {
namespace {

constexpr char kAnyOne = '\0';

std::size_t literals(const Symbols& symbols) {
  return std::size_t(std::ranges::count(symbols, Symbol::Kind::Literal, &Symbol::kind));
}

// E, then L and G, then F, then no condition at all.
int exactness(Condition condition) {
  switch (condition) {
    case Condition::Equal:
      return 0;
    case Condition::Less:
    case Condition::Greater:
      return 1;
    case Condition::NotEqual:
      return 2;
    case Condition::None:
      break;
  }
  return 3;
}

// The choice among rules that fit (call-handling.md 3.2); the earlier one of equals stays in front.
bool stands_before(const Rule& a, const Rule& b) {
  const auto order = [](const Rule& rule) {
    return std::tuple(-std::ptrdiff_t(rule.head.size()), -std::ptrdiff_t(rule.tail.size()),
                      -std::ptrdiff_t(literals(rule.head) + literals(rule.tail)),
                      exactness(rule.condition));
  };
  return order(a) < order(b);
}

// The tree of heads while it grows.
class TreeBuilder {
 public:
  explicit TreeBuilder(CompiledPlan& plan) : plan_(plan) {
    nodes_.emplace_back();
    for (std::uint32_t i = 0; i < plan.rules.size(); ++i) {
      std::size_t node = 0;
      for (const Symbol& symbol : plan.rules[i].head)
        node = child(node, symbol.kind == Symbol::Kind::AnyOne ? kAnyOne : symbol.literal);
      nodes_[node].rules.push_back(i);
    }
    plan.nodes.resize(nodes_.size());
    // Children come after their parents.
    for (std::size_t i = nodes_.size(); i-- > 0;) close(i);
  }

 private:
  struct Growing {
    std::map<char, std::size_t> children;
    std::vector<std::uint32_t> rules;
  };

  std::size_t child(std::size_t node, char character) {
    const auto [known, fresh] = nodes_[node].children.try_emplace(character, nodes_.size());
    const std::size_t found = known->second;
    if (fresh) nodes_.emplace_back();
    return found;
  }

  void close(std::size_t i) {
    CompiledPlan::Node& node = plan_.nodes[i];
    const Growing& from = nodes_[i];
    node.first_edge = std::uint32_t(plan_.edges.size());
    node.edges = std::uint32_t(from.children.size());
    node.first_rule = std::uint32_t(plan_.ending.size());
    node.rules = std::uint32_t(from.rules.size());
    node.best = from.rules.empty() ? std::uint32_t(plan_.rules.size()) : from.rules.front();
    plan_.ending.insert(plan_.ending.end(), from.rules.begin(), from.rules.end());
    for (const auto& [character, to] : from.children) {
      plan_.edges.push_back({character, std::uint32_t(to)});
      node.best = std::min(node.best, plan_.nodes[to].best);
    }
  }

  CompiledPlan& plan_;
  std::vector<Growing> nodes_;
};

void warn_of_doubles(CompiledPlan& plan) {
  using Original = std::tuple<std::string, bool, Condition, std::uint8_t>;
  const auto spelled = [](const Rule& rule) {
    std::string text;
    for (const Symbols* part : {&rule.head, &rule.tail}) {
      for (const Symbol& symbol : *part) {
        text += symbol.kind == Symbol::Kind::AnyOne ? '?' : '=';
        text += symbol.literal;
      }
      text += '*';
    }
    return text;
  };
  std::map<Original, const Rule*> first;
  for (const Rule& rule : plan.rules) {
    const Original original{spelled(rule), rule.has_star, rule.condition, rule.length};
    const auto [known, fresh] = first.try_emplace(original, &rule);
    if (fresh) continue;
    const PlanRemark other = remark_at(plan.text, known->second->begin, {});
    plan.warnings.push_back(
        remark_at(plan.text, rule.begin,
                  "this rule is never used: the one at line " + std::to_string(other.line) +
                      ", column " + std::to_string(other.column) + " has the same original"));
  }
}

bool fits(const Symbols& symbols, std::string_view text) {
  for (std::size_t i = 0; i < symbols.size(); ++i)
    if (symbols[i].kind == Symbol::Kind::Literal && symbols[i].literal != text[i]) return false;
  return true;
}

// Does the rule take a number that begins with its head?
bool takes(const Rule& rule, std::string_view number) {
  if (rule.has_star) {
    if (number.size() < rule.head.size() + rule.tail.size()) return false;
    if (!fits(rule.tail, number.substr(number.size() - rule.tail.size()))) return false;
  }
  switch (rule.condition) {
    case Condition::Equal:
      return number.size() == rule.length;
    case Condition::Less:
      return number.size() < rule.length;
    case Condition::Greater:
      return number.size() > rule.length;
    case Condition::NotEqual:
      return number.size() != rule.length;
    case Condition::None:
      break;
  }
  return true;
}

// Finds the first rule, in their order, among those whose heads the number begins with.
class Search {
 public:
  Search(const CompiledPlan& plan, std::string_view number) : plan_(plan), number_(number) {
    found_ = std::uint32_t(plan.rules.size());
    look(plan.nodes.front(), 0);
  }

  const Rule* found() const {
    return found_ < plan_.rules.size() ? &plan_.rules[found_] : nullptr;
  }

 private:
  void look(const CompiledPlan::Node& node, std::size_t depth) {
    if (node.best >= found_) return;
    for (std::uint32_t i = 0; i < node.rules; ++i) {
      const std::uint32_t rule = plan_.ending[node.first_rule + i];
      if (rule >= found_) break;
      if (takes(plan_.rules[rule], number_)) {
        found_ = rule;
        break;
      }
    }
    if (depth == number_.size()) return;
    const std::span edges = std::span(plan_.edges).subspan(node.first_edge, node.edges);
    if (edges.empty()) return;
    const auto exact =
        std::ranges::lower_bound(edges, number_[depth], {}, &CompiledPlan::Edge::character);
    if (exact != edges.end() && exact->character == number_[depth])
      look(plan_.nodes[exact->node], depth + 1);
    if (edges.front().character == kAnyOne) look(plan_.nodes[edges.front().node], depth + 1);
  }

  const CompiledPlan& plan_;
  std::string_view number_;
  std::uint32_t found_;
};

char random_digit(Rng& rng) { return char('0' + rng.below(10)); }

// Adds the decimal number `more` to `digits`, which has room for the sum.
void add_decimal(std::string& digits, std::size_t begin, std::string_view more) {
  int carry = 0;
  std::size_t from = more.size();
  for (std::size_t i = digits.size(); i-- > begin;) {
    const int sum = (digits[i] - '0') + (from > 0 ? more[--from] - '0' : 0) + carry;
    digits[i] = char('0' + sum % 10);
    carry = sum / 10;
  }
}

// A number of the range, each with the same chance: a distance from its first end is drawn digit by
// digit until it is not too large, which takes less than two draws on average.
void append_of_range(const Target& target, Rng& rng, std::string& to) {
  constexpr std::size_t kMaxDigits = 32;
  char distance[kMaxDigits];
  const std::size_t size = target.first.size();
  int borrow = 0;
  for (std::size_t i = size; i-- > 0;) {
    int digit = target.last[i] - target.first[i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    distance[i] = char('0' + digit + 10 * borrow);
  }
  const std::string_view all(distance, size);
  const std::string_view largest = all.substr(std::min(all.find_first_not_of('0'), size));
  const std::size_t begin = to.size();
  to += target.first;
  if (largest.empty()) return;
  char drawn[kMaxDigits];
  const std::string_view offset(drawn, largest.size());
  do {
    drawn[0] = char('0' + rng.below(std::uint64_t(largest[0] - '0') + 1));
    for (std::size_t i = 1; i < largest.size(); ++i) drawn[i] = random_digit(rng);
  } while (offset > largest);
  add_decimal(to, begin, offset);
}

void append_text(const Target& target, std::string_view number, std::string_view rest, Rng& rng,
                 std::string& to) {
  for (std::size_t i = 0; i < target.text.size(); ++i) {
    const Symbol& symbol = target.text[i];
    switch (symbol.kind) {
      case Symbol::Kind::Literal:
        to += symbol.literal;
        break;
      case Symbol::Kind::AnyOne:
        to += random_digit(rng);
        break;
      case Symbol::Kind::Keep:
        if (i < number.size()) to += number[i];
        break;
      case Symbol::Kind::Star:
        to += rest;
        break;
    }
  }
}

}  // namespace

std::string PlanRemark::text() const {
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + reason;
}

Result<DialPlan, PlanRemark> DialPlan::compile(std::string_view text) {
  auto rules = read_rules(text);
  if (!rules.ok()) return Failure{std::move(rules.error())};
  DialPlan plan;
  if (rules->empty()) return plan;
  auto compiled = std::make_shared<CompiledPlan>();
  compiled->text = text;
  compiled->rules = *std::move(rules);
  std::ranges::stable_sort(compiled->rules, stands_before);
  TreeBuilder tree(*compiled);
  warn_of_doubles(*compiled);
  plan.plan_ = std::move(compiled);
  return plan;
}

std::string_view DialPlan::text() const {
  return plan_ == nullptr ? std::string_view() : std::string_view(plan_->text);
}

std::size_t DialPlan::rules() const { return plan_ == nullptr ? 0 : plan_->rules.size(); }

std::span<const PlanRemark> DialPlan::warnings() const {
  return plan_ == nullptr ? std::span<const PlanRemark>() : std::span(plan_->warnings);
}

DialPlan::Applied DialPlan::apply(std::string_view number, Rng& rng, std::string& to) const {
  const Rule* rule = plan_ == nullptr ? nullptr : Search(*plan_, number).found();
  if (rule == nullptr) {
    to = number;
    return {Outcome::Unchanged, {}};
  }
  const std::string_view written = text().substr(rule->begin, rule->end - rule->begin);
  const std::size_t which = rule->targets.size() == 1 ? 0 : rng.below(rule->targets.size());
  const Target& target = rule->targets[which];
  to.clear();
  if (target.kind == Target::Kind::Reject) return {Outcome::Rejected, written};
  const std::string_view rest =
      number.substr(rule->head.size(), number.size() - rule->head.size() - rule->tail.size());
  if (target.kind == Target::Kind::Range)
    append_of_range(target, rng, to);
  else
    append_text(target, number, rest, rng, to);
  if (!rule->has_star && !target.has_star) to += rest;
  if (to.size() <= kMaxNumberLength) return {Outcome::Rewritten, written};
  to.clear();
  return {Outcome::TooLong, written};
}

}  // namespace tandem::number
