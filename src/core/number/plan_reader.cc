// The text of a dial plan as rules (call-handling.md 3.2), or what is wrong with it and where.
#include <algorithm>
#include <optional>

#include "core/number/cleaning.h"
#include "core/number/compiled_plan.h"

namespace tandem::number {
namespace {

constexpr std::string_view kEscapable = ",:;*?$-\\!LEGF";
constexpr std::string_view kReject = "!reject";
constexpr std::size_t kMaxRangeDigits = 32;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string quoted(char c) { return std::string("\"") + c + '"'; }

struct Token {
  char c;
  bool escaped;
  std::uint32_t position;

  bool is(char sign) const { return !escaped && c == sign; }
  bool digit() const { return !escaped && is_digit(c); }
};
using Tokens = std::span<const Token>;

struct Trouble {
  std::size_t position;
  std::string reason;
};
using Check = std::optional<Trouble>;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<std::vector<Rule>, PlanRemark> read() {
    Check trouble = split();
    const Tokens all(tokens_);
    std::size_t begin = 0;
    while (!trouble && begin <= all.size() && !blank(all)) {
      std::size_t end = begin;
      while (end < all.size() && !all[end].is(',')) ++end;
      trouble = read_rule(all.subspan(begin, end - begin), place(begin));
      begin = end + 1;
    }
    if (trouble) return Failure{remark_at(text_, trouble->position, std::move(trouble->reason))};
    return std::move(rules_);
  }

 private:
  static bool blank(Tokens tokens) {
    return std::ranges::all_of(tokens, [](const Token& t) { return !t.escaped && is_blank(t.c); });
  }

  // Where the token stands in the text, or the end.
  std::size_t place(std::size_t token) const {
    return token < tokens_.size() ? tokens_[token].position : text_.size();
  }

  Check split() {
    for (std::uint32_t i = 0; i < text_.size(); ++i) {
      if (text_[i] != '\\') {
        tokens_.push_back({text_[i], false, i});
        continue;
      }
      if (i + 1 == text_.size()) return Trouble{i, "a \\ at the end escapes nothing"};
      const char c = text_[i + 1];
      if (kEscapable.find(c) == std::string_view::npos)
        return Trouble{i, "\\ escapes only , : ; * ? $ - \\ ! L E G F"};
      tokens_.push_back({c, true, i++});
    }
    return std::nullopt;
  }

  static Tokens trimmed(Tokens tokens) {
    while (!tokens.empty() && blank(tokens.first(1))) tokens = tokens.subspan(1);
    while (!tokens.empty() && blank(tokens.last(1))) tokens = tokens.first(tokens.size() - 1);
    return tokens;
  }

  Check read_rule(Tokens tokens, std::size_t where) {
    const Tokens whole = trimmed(tokens);
    if (whole.empty()) return Trouble{where, "a rule is missing"};
    const auto colon = std::ranges::find_if(whole, [](const Token& t) { return t.is(':'); });
    const std::size_t at = std::size_t(colon - whole.begin());
    if (at == whole.size())
      return Trouble{whole.front().position, "a rule has no colon between its original and target"};
    Rule rule;
    rule.begin = whole.front().position;
    rule.end = whole.back().position + (whole.back().escaped ? 2 : 1);
    if (Check trouble = read_original(trimmed(whole.first(at)), rule)) return trouble;
    if (Check trouble = read_targets(whole.subspan(at + 1), rule)) return trouble;
    rules_.push_back(std::move(rule));
    return std::nullopt;
  }

  static Tokens without_condition(Tokens tokens, Rule& rule) {
    std::size_t digits = 0;
    while (digits < tokens.size() && tokens[tokens.size() - 1 - digits].digit()) ++digits;
    if (digits == 0 || digits > 2 || digits == tokens.size()) return tokens;
    const std::size_t at = tokens.size() - 1 - digits;
    const Token& letter = tokens[at];
    if (letter.is('E'))
      rule.condition = Condition::Equal;
    else if (letter.is('L'))
      rule.condition = Condition::Less;
    else if (letter.is('G'))
      rule.condition = Condition::Greater;
    else if (letter.is('F'))
      rule.condition = Condition::NotEqual;
    else
      return tokens;
    for (const Token& each : tokens.subspan(at + 1))
      rule.length = std::uint8_t(rule.length * 10 + (each.c - '0'));
    return tokens.first(at);
  }

  Check read_original(Tokens tokens, Rule& rule) {
    tokens = without_condition(tokens, rule);
    Symbols* part = &rule.head;
    for (const Token& token : tokens) {
      if (token.is('*')) {
        if (rule.has_star) return Trouble{token.position, "an original has two *"};
        rule.has_star = true;
        part = &rule.tail;
      } else if (token.is('?')) {
        part->push_back({Symbol::Kind::AnyOne, 0});
      } else if (token.is('$')) {
        return Trouble{token.position, "$ stands only in targets"};
      } else if (Check trouble = no_literal(token)) {
        return trouble;
      } else {
        part->push_back({Symbol::Kind::Literal, token.c});
      }
    }
    if (rule.head.size() + rule.tail.size() > kMaxNumberLength)
      return Trouble{tokens.front().position, "an original is longer than any number"};
    return std::nullopt;
  }

  Check read_targets(Tokens tokens, Rule& rule) {
    while (true) {
      const auto end = std::ranges::find_if(tokens, [](const Token& t) { return t.is(';'); });
      const std::size_t size = std::size_t(end - tokens.begin());
      if (Check trouble = read_target(trimmed(tokens.first(size)), rule.targets.emplace_back()))
        return trouble;
      if (size == tokens.size()) return std::nullopt;
      tokens = tokens.subspan(size + 1);
    }
  }

  Check read_target(Tokens tokens, Target& target) {
    if (!tokens.empty() && tokens.front().is('!')) return read_keyword(tokens, target);
    const auto dash = std::ranges::find_if(tokens, [](const Token& t) { return t.is('-'); });
    if (dash != tokens.end()) {
      const std::size_t at = std::size_t(dash - tokens.begin());
      return read_range(tokens.first(at), tokens.subspan(at + 1), dash->position, target);
    }
    for (const Token& token : tokens)
      if (Check trouble = read_symbol(token, target)) return trouble;
    if (target.text.size() > kMaxNumberLength)
      return Trouble{tokens.front().position, "a target is longer than any number"};
    return std::nullopt;
  }

  Check read_symbol(const Token& token, Target& target) {
    if (token.is('*')) {
      target.has_star = true;
      target.text.push_back({Symbol::Kind::Star, 0});
    } else if (token.is('?')) {
      target.text.push_back({Symbol::Kind::AnyOne, 0});
    } else if (token.is('$')) {
      if (target.has_star)
        return Trouble{token.position, "$ after * has no place in the number to keep"};
      target.text.push_back({Symbol::Kind::Keep, 0});
    } else if (token.is(':')) {
      return Trouble{token.position, "a second colon in a rule; a colon of a number is \\:"};
    } else if (Check trouble = no_literal(token)) {
      return trouble;
    } else {
      target.text.push_back({Symbol::Kind::Literal, token.c});
    }
    return std::nullopt;
  }

  Check read_keyword(Tokens tokens, Target& target) {
    std::string word;
    for (const Token& token : tokens) word += token.c;
    if (word != kReject)
      return Trouble{tokens.front().position, "! begins only the target !reject"};
    target.kind = Target::Kind::Reject;
    return std::nullopt;
  }

  static Check read_range(Tokens first, Tokens last, std::size_t dash, Target& target) {
    const auto digits = [](Tokens tokens, std::string& to) {
      for (const Token& token : tokens) to += token.c;
      return !tokens.empty() && std::ranges::all_of(tokens, &Token::digit);
    };
    if (!digits(first, target.first) || !digits(last, target.last))
      return Trouble{dash, "a range has digits on both sides of its -; a - of a number is \\-"};
    const std::size_t where = first.front().position;
    if (first.size() > kMaxRangeDigits || last.size() > kMaxRangeDigits)
      return Trouble{where, "a range has at most 32 digits"};
    if (first.size() != last.size())
      return Trouble{where, "both ends of a range have the same number of digits"};
    if (target.first > target.last)
      return Trouble{where, "the first end of a range is not above the second"};
    target.kind = Target::Kind::Range;
    return std::nullopt;
  }

  static Check no_literal(const Token& token) {
    if (token.escaped) return std::nullopt;
    if (is_blank(token.c)) return Trouble{token.position, "a blank stands within a number"};
    if (token.c == '-' || token.c == '!' || token.c == ';')
      return Trouble{token.position, quoted(token.c) + " stands in an original only as \\" + token.c};
    if (is_number({&token.c, 1}, Letters::Allow)) return std::nullopt;
    const bool shown = token.c > ' ' && token.c < 0x7f;
    return Trouble{token.position, (shown ? quoted(token.c) : std::string("this character")) +
                                       " is no character of a number"};
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<Rule> rules_;
};

}  // namespace

PlanRemark remark_at(std::string_view text, std::size_t position, std::string reason) {
  const std::string_view before = text.substr(0, position);
  const std::size_t line_break = before.rfind('\n');
  PlanRemark remark;
  remark.line = 1 + std::size_t(std::ranges::count(before, '\n'));
  remark.column = line_break == std::string_view::npos ? position + 1 : position - line_break;
  remark.reason = std::move(reason);
  return remark;
}

Result<std::vector<Rule>, PlanRemark> read_rules(std::string_view text) {
  if (text.size() > kMaxPlanLength)
    return Failure{remark_at(text, kMaxPlanLength, "a plan has at most 65535 characters")};
  return Reader(text).read();
}

}  // namespace tandem::number
