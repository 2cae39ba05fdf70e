#include "core/directory/number_lists.h"

#include <array>

namespace tandem::directory {
namespace {

using cause::EndReason;
using Verdict = std::optional<ListVerdict>;
using Ids = std::vector<std::int64_t>;

// What one of the two numbers is asked for.
struct Side {
  std::string_view number;
  RuleMode groups_mode;
  const Ids& groups;
  ListPolicy policy;
  const Ids& lists;
  EndReason group_denied;
  EndReason on_black_list;
  EndReason not_on_white_list;
};

Verdict by_groups(const Directory& directory, const Side& side) {
  if (side.groups.empty()) return std::nullopt;
  for (const std::int64_t id : side.groups) {
    const NumberGroup* group = directory.number_group(id);
    if (group == nullptr) continue;
    if (group->broken()) return ListVerdict{EndReason::ConfigurationError, group};
    if (!group->held->holds(side.number)) continue;
    if (side.groups_mode == RuleMode::Allow) return std::nullopt;
    return ListVerdict{side.group_denied, group};
  }
  if (side.groups_mode == RuleMode::Deny) return std::nullopt;
  return ListVerdict{side.group_denied, nullptr};
}

// Of the lists that a device names, those of the type its policy asks for count.
Verdict by_lists(const Directory& directory, const Side& side) {
  if (side.policy == ListPolicy::None || side.lists.empty()) return std::nullopt;
  const ListType wanted =
      side.policy == ListPolicy::Black ? ListType::Black : ListType::White;
  for (const std::int64_t id : side.lists) {
    const NumberList* list = directory.number_list(id);
    if (list == nullptr || list->type != wanted) continue;
    if (list->broken()) return ListVerdict{EndReason::ConfigurationError, list};
    if (!list->held->holds(side.number)) continue;
    if (side.policy == ListPolicy::White) return std::nullopt;
    return ListVerdict{side.on_black_list, list};
  }
  if (side.policy == ListPolicy::Black) return std::nullopt;
  return ListVerdict{side.not_on_white_list, nullptr};
}

Side caller_side(const ListQuestion& question) {
  const Device& device = question.device;
  return {question.caller,
          device.caller_groups_mode,
          device.caller_groups,
          device.caller_list_policy,
          device.caller_list,
          EndReason::CallerGroupDenied,
          EndReason::BlackListCaller,
          EndReason::WhiteListCallerMissing};
}

Side callee_side(const ListQuestion& question) {
  const Device& device = question.device;
  return {question.callee,
          device.callee_groups_mode,
          device.callee_groups,
          device.callee_list_policy,
          device.callee_list,
          EndReason::CalleeGroupDenied,
          EndReason::BlackListCallee,
          EndReason::WhiteListCalleeMissing};
}

Verdict refused(const Directory& directory, const Side& side) {
  const Verdict denied = by_groups(directory, side);
  return denied ? denied : by_lists(directory, side);
}

}  // namespace

Verdict refused_by_lists(const ListQuestion& question) {
  const std::array sides{caller_side(question), callee_side(question)};
  for (const Side& side : sides)
    if (const Verdict denied = by_groups(question.directory, side)) return denied;
  for (const Side& side : sides)
    if (const Verdict denied = by_lists(question.directory, side)) return denied;
  return std::nullopt;
}

Verdict refused_caller(const ListQuestion& question) {
  return refused(question.directory, caller_side(question));
}

Verdict refused_callee(const ListQuestion& question) {
  return refused(question.directory, callee_side(question));
}

}  // namespace tandem::directory
