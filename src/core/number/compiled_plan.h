// A dial plan in the form it is applied in: rules in the order of their precedence, and a tree of
// the beginnings they want. Only for dial_plan.cc and its compiler.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/number/dial_plan.h"

namespace tandem::number {

struct Symbol {
  enum class Kind : std::uint8_t { Literal, AnyOne, Keep, Star };  // c, ?, $, *
  Kind kind;
  char literal;
  friend bool operator==(const Symbol&, const Symbol&) = default;
};
using Symbols = std::vector<Symbol>;

struct Target {
  enum class Kind : std::uint8_t { Text, Range, Reject };
  Kind kind = Kind::Text;
  bool has_star = false;
  Symbols text;
  std::string first;  // of a range: digits, as many as in `last`
  std::string last;
};

// In the order of precedence: a rule for one length is more exact than one for many.
enum class Condition : std::uint8_t { Equal, Less, Greater, NotEqual, None };

struct Rule {
  Symbols head;  // before the *, or all of it
  Symbols tail;  // after the *
  bool has_star = false;
  Condition condition = Condition::None;
  std::uint8_t length = 0;  // that the condition speaks of
  std::vector<Target> targets;
  std::uint32_t begin = 0;  // in the text
  std::uint32_t end = 0;
};

struct CompiledPlan {
  struct Edge {
    char character;  // '\0' = any one
    std::uint32_t node;
  };
  struct Node {
    std::uint32_t first_edge = 0;
    std::uint32_t edges = 0;
    std::uint32_t first_rule = 0;  // in `ending`
    std::uint32_t rules = 0;
    std::uint32_t best = 0;  // the smallest rule at or beneath this node
  };

  std::string text;
  std::vector<Rule> rules;  // the first that fits counts
  std::vector<Node> nodes;  // the root first
  std::vector<Edge> edges;  // those of a node in the order of characters
  std::vector<std::uint32_t> ending;  // positions of the rules whose head ends at each node
  std::vector<PlanRemark> warnings;
};

// The rules as they stand; sorting and the tree are the compiler's.
Result<std::vector<Rule>, PlanRemark> read_rules(std::string_view text);
PlanRemark remark_at(std::string_view text, std::size_t position, std::string reason);

}  // namespace tandem::number
