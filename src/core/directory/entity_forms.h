// The forms of texts in entities: addresses, prefixes, header names, ... Each is a value that says
// what it allows and writes what it accepts in one way.
#pragma once

#include "core/directory/entity_rows.h"

namespace tandem::directory {

extern const TextForm kNameForm;            // 1-64 printable characters without comma
extern const TextForm kExternalIdForm;      // at most 255 printable characters
extern const TextForm kMemoForm;            // at most 65535 bytes of any text
extern const TextForm kAddressForm;         // "192.0.2.1", "2001:db8::1", ""
extern const TextForm kAddressRangeForm;    // address, "192.0.2.0/24", "192.0.2.1-192.0.2.9"
extern const TextForm kGatewayAddressForm;  // address or host name, each with or without port
extern const TextForm kDomainForm;          // host name or address
extern const TextForm kOwnDomainForm;       // the same, or ""
extern const TextForm kProxyForm;           // like kGatewayAddressForm, or ""
extern const TextForm kUserForm;            // 1-64 characters of a user part, unescaped
extern const TextForm kOwnUserForm;         // the same, or ""
extern const TextForm kPasswordForm;        // at most 64 printable characters
extern const TextForm kProductForm;         // at most 64 printable ASCII characters
extern const TextForm kPrefixForm;          // 0-64 digits, letters, # * +
extern const TextForm kPhoneNumberForm;     // 1-64 digits, letters, # * +
extern const TextForm kNumberOrNoneForm;    // a number, or ""
extern const TextForm kHeaderNameForm;      // header that is nobody's own (RFC 3261 §25.1 token)
extern const TextForm kStopCodeForm;        // "410", "600-603" (SIP status of a refusal)
extern const TextForm kInviteCodeForm;      // "503:480" (SIP status)
extern const TextForm kFailedStatusForm;    // the same; 0 stands for the others, or for no change
extern const TextForm kFailedCauseForm;     // likewise of Q.850 causes, 1-127
extern const TextForm kExtraHeaderForm;     // "Name: value with ${variables}"
extern const TextForm kNumberPairForm;      // "025:010"
extern const TextForm kProportionForm;      // "70:a"
extern const TextForm kPlainNameForm;       // like kNameForm, without colon: named within texts
extern const TextForm kTimeZoneForm;        // "Europe/Berlin", ""
extern const TextForm kWorkingHoursForm;    // "mon-fri 08:00-18:00"
extern const TextForm kWorkingDatesForm;    // "2026-12-24..2026-12-26 off"
extern const TextForm kPeriodCapacityForm;  // "mon-fri 08:00-18:00 in office: 30"
extern const TextForm kPeriodPriorityForm;
extern const TextForm kPeriodRuleForm;      // "sat+sun: deny callee 4420 33"
extern const TextForm kPeriodPlanForm;      // "in office: callee 44:0044"
extern const TextForm kMembershipForm;      // "vendors", "vendors:5"
extern const TextForm kNumberEntryForm;     // "442071234567", "4420* a memo"
extern const TextForm kListEntryForm;       // the same, without *
extern const TextForm kAreaPrefixForm;      // 1-15 digits
extern const TextForm kMobilePrefixForm;    // 7 digits
extern const TextForm kNumberRangeForm;     // "13800000000-13899999999"
extern const TextForm kNumberFileForm;      // "1a2b3c.numbers", or ""
extern const TextForm kDialPlanForm;        // "86:,861:0" (number/dial_plan.h)
extern const TextForm kTagForm;             // "mobile"
extern const TextForm kCodecForm;           // "audio/PCMA"

// What may stand for a value of the call in extra_headers, as ${name}.
inline constexpr std::string_view kHeaderVariables[] = {"caller", "callee", "callid", "account",
                                                        "ingress"};

// "host", "host:port", "[2001:db8::1]:5060": false when the text is none of them.
bool parse_gateway_address(std::string_view text, GatewayAddress& address);

}  // namespace tandem::directory
