// How a caller is told to a device: every value of every field that has a say, as a table.
#include "core/leg/identity.h"

#include <gtest/gtest.h>

#include <array>

namespace tandem::leg {
namespace {

using directory::DeviceRules;
using directory::IdentityHeader;
using directory::NumberDisplay;
using directory::PrivacyHeader;
using facts::PrivacyWish;

constexpr std::string_view kHost = "192.0.2.1:5060";
constexpr std::string_view kNobody = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
constexpr std::string_view kShown = "\"Anna\" <sip:33123@192.0.2.1:5060>";

std::string headers(const DeviceRules& rules, const Caller& caller) {
  std::array<char, 2048> room;
  sip::Writer writer(room.data(), room.size());
  Identity identity(rules, caller, kHost);
  identity.write(writer);
  return std::string(writer.view());
}

std::string from(const DeviceRules& rules, const Caller& caller) {
  return Identity(rules, caller, kHost).from();
}

struct PrivacyCase {
  PrivacyHeader rule;
  PrivacyWish wish;
  std::string_view brought;  // Privacy of the caller
  bool hidden;
  bool told_the_number;      // P-Asserted-Identity
  std::string_view sent;     // Privacy to the device
};

constexpr PrivacyCase kPrivacy[] = {
    {PrivacyHeader::None, PrivacyWish::None, "", false, true, ""},
    {PrivacyHeader::None, PrivacyWish::Identity, "id", true, false, ""},
    {PrivacyHeader::None, PrivacyWish::Everything, "user", true, false, ""},
    {PrivacyHeader::Pass, PrivacyWish::None, "", false, true, ""},
    {PrivacyHeader::Pass, PrivacyWish::None, "none", false, true, "none"},
    {PrivacyHeader::Pass, PrivacyWish::Identity, "id", false, true, "id"},
    {PrivacyHeader::Pass, PrivacyWish::Everything, "", true, false, ""},
    {PrivacyHeader::Pass, PrivacyWish::Everything, "user", true, false, "user"},
    {PrivacyHeader::Pass, PrivacyWish::Everything, "user; ID", true, true, "user; ID"},
    {PrivacyHeader::Id, PrivacyWish::None, "", true, true, "id"},
    {PrivacyHeader::Id, PrivacyWish::Identity, "id", true, true, "id"},
    {PrivacyHeader::Id, PrivacyWish::Everything, "user", true, true, "id"},
    {PrivacyHeader::ValueNone, PrivacyWish::None, "id", false, true, "none"},
    {PrivacyHeader::ValueNone, PrivacyWish::Identity, "id", true, false, "none"},
    {PrivacyHeader::ValueNone, PrivacyWish::Everything, "user", true, false, "none"},
};

TEST(Identity, hides_the_caller_as_device_and_caller_want) {
  for (const PrivacyCase& each : kPrivacy) {
    SCOPED_TRACE(std::to_string(int(each.rule)) + " " + std::to_string(int(each.wish)));
    const DeviceRules rules{.privacy = each.rule, .asserted = IdentityHeader::Caller};
    const Caller caller{"33123", "Anna", {}, {}, each.brought, each.wish};

    EXPECT_EQ(from(rules, caller), each.hidden ? kNobody : kShown);
    EXPECT_EQ(Identity(rules, caller, kHost).contact_user(), each.hidden ? "" : "33123");
    std::string expected;
    if (each.told_the_number) expected += "P-Asserted-Identity: " + std::string(kShown) + "\r\n";
    if (!each.sent.empty()) expected += "Privacy: " + std::string(each.sent) + "\r\n";
    EXPECT_EQ(headers(rules, caller), expected);
  }
}

TEST(Identity, sends_the_identities_that_the_fields_name) {
  const Caller caller{"33123", "", "111", "222", {}, {}};
  const auto sent = [&](IdentityHeader asserted, IdentityHeader preferred) {
    return headers({.preferred = preferred, .asserted = asserted}, caller);
  };

  EXPECT_EQ(sent(IdentityHeader::None, IdentityHeader::None), "");
  EXPECT_EQ(sent(IdentityHeader::Pass, IdentityHeader::None),
            "P-Asserted-Identity: <sip:111@192.0.2.1:5060>\r\n");
  EXPECT_EQ(sent(IdentityHeader::None, IdentityHeader::Pass),
            "P-Preferred-Identity: <sip:222@192.0.2.1:5060>\r\n");
  EXPECT_EQ(sent(IdentityHeader::Caller, IdentityHeader::Caller),
            "P-Asserted-Identity: <sip:33123@192.0.2.1:5060>\r\n"
            "P-Preferred-Identity: <sip:33123@192.0.2.1:5060>\r\n");
  EXPECT_EQ(headers({.preferred = IdentityHeader::Pass, .asserted = IdentityHeader::Pass},
                    {"33123", "", {}, {}, {}, {}}),
            "");
}

TEST(Identity, says_which_headers_it_sees_to) {
  std::array<char, 1024> room;
  sip::Writer writer(room.data(), room.size());
  const DeviceRules rules{
      .privacy = PrivacyHeader::Id, .asserted = IdentityHeader::Pass, .rpid = true};
  const Caller caller{"1", "", {}, {}, {}, {}};
  Identity identity(rules, caller, kHost);

  identity.write(writer);

  const std::vector<sip::HeaderId> written(identity.written().begin(), identity.written().end());
  EXPECT_EQ(written, (std::vector{sip::HeaderId::PAssertedIdentity, sip::HeaderId::RemotePartyId,
                                  sip::HeaderId::Privacy}));
}

TEST(Identity, writes_remote_party_id_with_screen_and_privacy) {
  const auto sent = [](directory::RpidScreen screen, PrivacyHeader privacy, std::string_view number) {
    return headers({.privacy = privacy, .rpid_screen = screen, .rpid = true},
                   {number, "Anna", {}, {}, {}, PrivacyWish::Identity});
  };

  EXPECT_EQ(sent(directory::RpidScreen::Yes, PrivacyHeader::Pass, "33123"),
            "Remote-Party-ID: \"Anna\" <sip:33123@192.0.2.1:5060>;party=calling;screen=yes;"
            "privacy=off\r\n");
  EXPECT_EQ(sent(directory::RpidScreen::No, PrivacyHeader::None, "33123"),
            "Remote-Party-ID: \"Anna\" <sip:33123@192.0.2.1:5060>;party=calling;screen=no;"
            "privacy=full\r\n");
  EXPECT_EQ(sent(directory::RpidScreen::No, PrivacyHeader::None, ""), "");
}

struct FromCase {
  DeviceRules rules;
  std::string_view number;
  std::string_view display;
  std::string_view expected;
};

constexpr FromCase kFrom[] = {
    {{}, "33123", "", "<sip:33123@192.0.2.1:5060>"},
    {{}, "33123", "Anna", "\"Anna\" <sip:33123@192.0.2.1:5060>"},
    {{.display = false}, "33123", "Anna", "<sip:33123@192.0.2.1:5060>"},
    {{}, "", "", "<sip:192.0.2.1:5060>"},
    {{.user_phone = true}, "33123", "", "<sip:33123@192.0.2.1:5060;user=phone>"},
    {{.user_phone = true}, "anna", "", "<sip:anna@192.0.2.1:5060>"},
    {{.number = NumberDisplay::PlusNumber}, "33123", "", "<sip:+33123@192.0.2.1:5060>"},
    {{.number = NumberDisplay::PlusNumber}, "+33123", "", "<sip:+33123@192.0.2.1:5060>"},
    {{.number = NumberDisplay::PlusNumber}, "a33", "", "<sip:a33@192.0.2.1:5060>"},
    {{.number = NumberDisplay::PlusNumber}, "", "", "<sip:192.0.2.1:5060>"},
    {{.number = NumberDisplay::Name}, "33123", "", "<sip:33123@192.0.2.1:5060>"},
    {{.number = NumberDisplay::Name, .display = false}, "33123", "A b",
     "<sip:A%20b@192.0.2.1:5060>"},
};

TEST(Identity, writes_from_as_the_fields_say) {
  for (const FromCase& each : kFrom)
    EXPECT_EQ(from(each.rules, {each.number, each.display, {}, {}, {}, {}}), each.expected);
}

TEST(Identity, a_name_between_quotes_is_escaped_and_one_line) {
  std::string name;
  append_quotable(name, "Acme \"North\" \\ Co\r\nVia: x");

  EXPECT_EQ(name, R"(Acme \"North\" \\ Co  Via: x)");
}

}  // namespace
}  // namespace tandem::leg
