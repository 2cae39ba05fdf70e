// Rows about number groups and black and white lists: those of their own, and those by which devices
// use them (entities.md 1, 7 and 10). Only for the table of rows.
#pragma once

#include "core/directory/entity_number_rows.h"

namespace tandem::directory {

inline constexpr std::size_t kMaxEditedEntries = 4'096;  // more are imported as a file
inline constexpr std::size_t kMaxGroups = 64;            // of one device and number

inline constexpr EnumWord kListPolicy[] = {{"none", 0}, {"black", 1}, {"white", 2}};
inline constexpr EnumWord kListType[] = {{"black", 0}, {"white", 1}, {"system_white", 2}};

template <auto kMember>
consteval FieldRow references(std::string_view name, std::string_view alias,
                              std::string_view refers_to, std::string_view help) {
  return bound<kMember>({.name = name,
                         .alias = alias,
                         .help = help,
                         .max_entries = kMaxGroups,
                         .refers_to = refers_to});
}

inline constexpr FieldRow kCallerGroupsMode = rule_mode<&Device::caller_groups_mode>(
    "caller_groups_mode", "callerLimitE164GroupsAllow", "What caller_groups says.");
inline constexpr FieldRow kCallerGroups = references<&Device::caller_groups>(
    "caller_groups", "callerLimitE164Groups", "number_groups",
    "Groups whose numbers may be the caller, or may not; empty = any.");
inline constexpr FieldRow kCalleeGroupsMode = rule_mode<&Device::callee_groups_mode>(
    "callee_groups_mode", "calleeLimitE164GroupsAllow", "What callee_groups says.");
inline constexpr FieldRow kCalleeGroups = references<&Device::callee_groups>(
    "callee_groups", "calleeLimitE164Groups", "number_groups",
    "Groups whose numbers may be called, or may not; empty = any.");
inline constexpr FieldRow kCallerListPolicy = bound<&Device::caller_list_policy>(
    {.name = "caller_list_policy",
     .alias = "callerBlackListPolicy",
     .help = "black: callers on the black lists of caller_list are refused; white: only those on "
             "its white lists pass.",
     .words = kListPolicy});
inline constexpr FieldRow kCallerList = references<&Device::caller_list>(
    "caller_list", "", "number_lists", "Lists that caller_list_policy looks at; empty = none.");
inline constexpr FieldRow kCalleeListPolicy = bound<&Device::callee_list_policy>(
    {.name = "callee_list_policy",
     .alias = "calleeBlackListPolicy",
     .help = "black: called numbers on the black lists of callee_list are refused; white: only "
             "those on its white lists pass.",
     .words = kListPolicy});
inline constexpr FieldRow kCalleeList = references<&Device::callee_list>(
    "callee_list", "", "number_lists", "Lists that callee_list_policy looks at; empty = none.");

inline constexpr FieldRow kNumberFile = bound<&NumberStore::file>(
    {.name = "file",
     .help = "What was imported: a file in the folder numbers of the data directory, written by "
             "`tandem numbers import`. Empty = nothing.",
     .form = &kNumberFileForm});

inline constexpr FieldRow kNumberGroupFields[] = {
    kName,
    bound<&NumberStore::entries>(
        {.name = "entries",
         .help = "Numbers of the group beside those of file. One with a * at its end stands for all "
                 "that begin so. What follows a blank is a memo.",
         .max_entries = kMaxEditedEntries,
         .form = &kNumberEntryForm}),
    kNumberFile,
    kExternalId,
    kMemo,
};

inline constexpr FieldRow kNumberListFields[] = {
    kName,
    bound<&NumberList::type>(
        {.name = "type",
         .help = "black or white: for the devices that name the list. system_white: of the whole "
                 "switch, numbers that the dynamic blacklist leaves alone.",
         .words = kListType}),
    bound<&NumberStore::entries>(
        {.name = "entries",
         .help = "Numbers on the list beside those of file. What follows a blank is a memo.",
         .max_entries = kMaxEditedEntries,
         .form = &kListEntryForm}),
    kNumberFile,
    kExternalId,
    kMemo,
};

}  // namespace tandem::directory
