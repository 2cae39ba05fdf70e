// Rows and words that several resources have. Only for the table of rows.
#pragma once

#include <limits>

#include "core/directory/device_rows.h"
#include "core/directory/entity_binding.h"
#include "core/directory/entity_forms.h"
#include "core/directory/entity_rows.h"

namespace tandem::directory {

inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int32_t>::max();
inline constexpr std::int64_t kMaxRate = 1'000'000;
inline constexpr std::int64_t kMaxTalk = 604'800;  // a week
inline constexpr std::int64_t kMaxTimeout = 600;
inline constexpr std::int64_t kMaxSetup = 3'600;
inline constexpr std::int64_t kMaxPort = 65'535;
inline constexpr std::size_t kMaxAddresses = 1'024;
inline constexpr std::size_t kMaxPrefixes = 1'000'000;

inline constexpr EnumWord kTransport[] = {{"udp", 0}, {"tcp", 1}};
inline constexpr EnumWord kRegisterType[] = {{"static", 0}, {"dynamic", 1}};
inline constexpr EnumWord kSipAuthentication[] = {{"ip", 0}, {"ip_port", 1}, {"password", 2}};

inline constexpr BoundsRow kTalkBounds[] = {{"max_call_duration_lower", "max_call_duration_upper"}};

inline constexpr FieldRow kName =
    bound<&EntityHead::name>({.name = "name",
                              .help = "Key; other entities, documents and call records name it.",
                              .form = &kNameForm,
                              .required = true,
                              .unique = true});

inline constexpr FieldRow kExternalId =
    bound<&EntityHead::external_id>({.name = "external_id",
                                     .alias = "externalId",
                                     .help = "Key of the entity in another system.",
                                     .form = &kExternalIdForm,
                                     .unique = true});

inline constexpr FieldRow kMemo = bound<&EntityHead::memo>(
    {.name = "memo", .help = "Notes of the operators.", .form = &kMemoForm});

template <class Terminal>
constexpr FieldRow kPassword = bound<&Terminal::password>(
    {.name = "password",
     .help = "Of registration and of calls that are challenged. A new one is made up when none is "
             "given. Shown only to who asks for secrets.",
     .form = &kPasswordForm,
     .secret = true,
     .made_up = true});

}  // namespace tandem::directory
