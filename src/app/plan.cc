#include "app/plan.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <set>
#include <vector>

#include "app/reply.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

// More entries than anybody reads in a row.
constexpr std::size_t kLongList = 30;

std::set<std::string> entries_of(const json::value& list) {
  std::set<std::string> entries;
  if (list.is_array())
    for (const json::value& entry : list.get_array()) entries.insert(plain(entry));
  return entries;
}

// "5 more" and the first few of them.
void print_difference(const char* verb, const std::set<std::string>& these,
                      const std::set<std::string>& those) {
  std::vector<std::string> only;
  std::ranges::set_difference(these, those, std::back_inserter(only));
  if (only.empty()) return;
  std::string some;
  for (std::size_t i = 0; i < std::min<std::size_t>(only.size(), 10); ++i)
    some += (i == 0 ? " " : ",") + (only[i].empty() ? "\"\"" : only[i]);
  std::printf("      %s %zu:%s%s\n", verb, only.size(), some.c_str(), only.size() > 10 ? ",..." : "");
}

void print_long_list(const json::object& field) {
  const auto before = entries_of(field.at("before"));
  const auto after = entries_of(field.at("after"));
  std::printf("    %s: %zu -> %zu entries\n", text_of(field, "field").c_str(), before.size(),
              after.size());
  print_difference("added", after, before);
  print_difference("taken out", before, after);
}

void print_field(const std::string& change, const json::object& field) {
  const auto size = [&](const char* when) {
    const json::value& value = field.at(when);
    return value.is_array() ? value.get_array().size() : 0;
  };
  if (std::max(size("before"), size("after")) > kLongList) return print_long_list(field);
  const std::string after = plain(field.at("after"));
  std::printf("    %s: ", text_of(field, "field").c_str());
  if (change == "update") std::printf("%s -> ", plain(field.at("before")).c_str());
  std::printf("%s\n", after.c_str());
}

// "egress_gateways" -> "egress gateway"
std::string noun_of(std::string resource) {
  if (resource.ends_with('s')) resource.pop_back();
  for (char& c : resource) c = c == '_' ? ' ' : c;
  return resource;
}

void print_entity(const json::object& entity) {
  const std::string change = text_of(entity, "change");
  const char mark = change == "create" ? '+' : change == "remove" ? '-' : '~';
  if (change == "unchanged") return;
  std::printf("%c %s %s\n", mark, noun_of(text_of(entity, "resource")).c_str(),
              text_of(entity, "name").c_str());
  if (change == "remove") return;
  for (const json::value& field : entity.at("fields").as_array()) {
    if (change == "create" && text_of(field.as_object(), "field") == "name") continue;
    print_field(change, field.as_object());
  }
}

void print_parameter(const json::object& parameter) {
  const json::value* available = parameter.if_contains("available");
  const bool kept_only = available != nullptr && !is_true(parameter, "available");
  std::printf("~ %s: %s -> %s; %s\n", text_of(parameter, "name").c_str(),
              plain(parameter.at("before")).c_str(), plain(parameter.at("after")).c_str(),
              kept_only ? "kept, this version does not act on it"
                        : acts_when(text_of(parameter, "applies")).c_str());
}

void print_unknown(const json::object& plan) {
  const json::value* unknown = plan.if_contains("unknown");
  if (unknown == nullptr) return;
  for (const json::value& item : unknown->as_array()) {
    std::printf("? line %lld: %s: there is no parameter of this name; left out\n",
                static_cast<long long>(number_of(item.as_object(), "line")),
                text_of(item.as_object(), "name").c_str());
  }
}

void print_outcome(const json::object& plan) {
  const auto number = static_cast<long long>(number_of(plan, "directory_number"));
  if (!is_true(plan, "changes_anything")) {
    std::printf("Nothing to change.\n");
  } else if (is_true(plan, "dry_run")) {
    std::printf("Nothing was changed: this was a dry run.\n");
  } else {
    std::printf("Applied as change %lld; `tandem changes undo %lld` takes it back.\n", number,
                number);
  }
}

}  // namespace

void print_plan(const Globals& globals, const std::string& reply) {
  if (globals.json) {
    std::fputs(reply.c_str(), stdout);
    return;
  }
  const json::object plan = object_of(reply);
  for (const json::value& entity : plan.at("entities").as_array()) {
    print_entity(entity.as_object());
  }
  for (const json::value& parameter : plan.at("parameters").as_array()) {
    print_parameter(parameter.as_object());
  }
  print_unknown(plan);
  print_warnings(plan);
  print_outcome(plan);
}

std::string acts_when(const std::string& applies) {
  if (applies == "restart") return "takes effect after a restart of the switch";
  if (applies == "next-call") return "acts on calls that arrive from now on";
  return "acts at once";
}

}  // namespace tandem::app
