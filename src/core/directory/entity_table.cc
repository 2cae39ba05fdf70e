// The rows of accounts and outbound registrations (entities.md 4 and 14), and of the resources. Devices:
// entity_ingress_rows.h, entity_egress_rows.h, entity_phone_rows.h.
#include "core/directory/entity_egress_rows.h"
#include "core/directory/entity_fields_to_come.h"
#include "core/directory/entity_ingress_rows.h"
#include "core/directory/entity_phone_rows.h"

namespace tandem::directory {
namespace {

constexpr EnumWord kAccountLock[] = {{"none", 0}, {"all", 1}};

constexpr FieldRow kAccountFields[] = {
    kName,
    bound<&Account::lock_type>({.name = "lock_type",
                                .alias = "lockType",
                                .help = "all: calls that this account would pay are refused.",
                                .words = kAccountLock}),
    bound<&Account::capacity>({.name = "capacity",
                               .help = "Concurrent calls that it pays; 0 = no limit.",
                               .unit = "calls",
                               .max = kNoLimit}),
    bound<&Account::max_call_rate>({.name = "max_call_rate",
                                    .alias = "maxCallRate",
                                    .help = "New calls a second that it pays; 0 = no limit.",
                                    .unit = "calls",
                                    .max = kMaxRate}),
    kExternalId,
    kMemo,
};

constexpr FieldRow kRegistrationFields[] = {
    kName,
    bound<&OutboundRegistration::enabled>(
        {.name = "enabled", .help = "off: it is un-registered, and nothing is sent over it."}),
    bound<&OutboundRegistration::server>(
        {.name = "server",
         .help = "The registrar: an address or a host name. It is the domain of REGISTER.",
         .form = &kDomainForm,
         .required = true}),
    bound<&OutboundRegistration::sip_proxy>(
        {.name = "sip_proxy",
         .alias = "sipProxy",
         .help = "Where requests are sent instead of to the server itself.",
         .form = &kProxyForm}),
    bound<&OutboundRegistration::signal_port>(
        {.name = "signal_port",
         .alias = "signalPort",
         .help = "Port of server or sip_proxy; 0 = what DNS says (RFC 3263), else 5060.",
         .max = kMaxPort}),
    bound<&OutboundRegistration::transport>(
        {.name = "transport", .help = "How messages are sent to it.", .words = kTransportOfOurs}),
    bound<&OutboundRegistration::user>({.name = "user",
                                        .help = "User part of the address that is registered; "
                                                "calls over the registration come from it.",
                                        .form = &kUserForm,
                                        .required = true}),
    bound<&OutboundRegistration::host>(
        {.name = "host", .help = "Domain of From and To; empty = server.", .form = &kOwnDomainForm}),
    bound<&OutboundRegistration::auth_user>({.name = "auth_user",
                                             .alias = "authUser",
                                             .help = "User name for challenges; empty = user.",
                                             .form = &kOwnUserForm}),
    bound<&OutboundRegistration::password>({.name = "password",
                                            .help = "Password for challenges.",
                                            .form = &kPasswordForm,
                                            .secret = true}),
    bound<&OutboundRegistration::contact_user>(
        {.name = "contact_user",
         .alias = "contactUser",
         .help = "User part of our Contact: calls to it come over this registration, and their "
                 "called number is that of To. Empty = tandem- and the id.",
         .form = &kOwnUserForm}),
    bound<&OutboundRegistration::ingress_gateway>(
        {.name = "ingress_gateway",
         .help = "The gateway that calls over this registration come from; empty = the one that "
                 "lists the address of the caller.",
         .refers_to = "ingress_gateways"}),
    kCapacity<OutboundRegistration>,
    bound<&OutboundRegistration::user_agent>(
        {.name = "user_agent",
         .alias = "userAgent",
         .help = "User-Agent of REGISTER; empty = SS_SIP_USER_AGENT decides.",
         .form = &kProductForm}),
    bound<&OutboundRegistration::local_ip>({.name = "local_ip",
                                            .alias = "localIp",
                                            .help = "Our address that it is registered with; "
                                                    "empty = chosen by the route.",
                                            .form = &kAddressForm}),
    bound<&OutboundRegistration::local_port>(
        {.name = "local_port",
         .alias = "signalPortLocal",
         .help = "Our port that it is registered with; 0 = the first.",
         .max = kMaxPort}),
    bound<&OutboundRegistration::expire>(
        {.name = "expire",
         .help = "Validity asked for; 0 = SS_SIP_USER_AGENT_EXPIRE decides.",
         .unit = "s",
         .max = 7'200,
         .least = 20}),
    bound<&OutboundRegistration::retry_delay>(
        {.name = "retry_delay",
         .alias = "retryDelay",
         .help = "First wait after a failure; 0 = SS_SIP_USER_AGENT_RETRY_DELAY decides.",
         .unit = "s",
         .max = kMaxTimeout,
         .least = 30}),
    bound<&OutboundRegistration::keep_alive>(
        {.name = "keep_alive",
         .alias = "keepAlive",
         .help = "Sends an empty line every SS_SIP_NAT_KEEP_ALIVE_PERIOD while it is registered."}),
    kExternalId,
    kMemo,
};

constexpr ResourceRow kResources[] = {
    {.name = "accounts",
     .singular = "account",
     .help = "Who pays, or is paid, for calls.",
     .fields = kAccountFields,
     .fields_to_come = kAccountFieldsToCome,
     .defaults = defaults_of<Account>,
     .append = append_to<&Directory::Source::accounts>,
     .copy = copy_to<&Directory::Source::accounts, &Directory::account>},
    {.name = "number_groups",
     .singular = "number_group",
     .help = "Numbers under a name, from a few to hundreds of millions: for the checks of devices, "
             "and as pools.",
     .fields = kNumberGroupFields,
     .defaults = defaults_of<NumberGroup>,
     .append = append_to<&Directory::Source::number_groups>,
     .copy = copy_to<&Directory::Source::number_groups, &Directory::number_group>},
    {.name = "number_transforms",
     .singular = "number_transform",
     .help = "Numbers that have another form where calls come from or go to.",
     .fields = kTransformFields,
     .defaults = defaults_of<NumberTransform>,
     .append = append_to<&Directory::Source::number_transforms>},
    {.name = "areas",
     .singular = "area",
     .help = "Cities and regions, by the beginnings of their numbers.",
     .fields = kAreaFields,
     .defaults = defaults_of<Area>,
     .append = append_to<&Directory::Source::areas>},
    {.name = "number_sections",
     .singular = "number_section",
     .help = "Ranges of numbers that are something else than areas say.",
     .fields = kSectionFields,
     .defaults = defaults_of<NumberSection>,
     .append = append_to<&Directory::Source::number_sections>},
    {.name = "number_lists",
     .singular = "number_list",
     .help = "Black and white lists of whole numbers.",
     .fields = kNumberListFields,
     .defaults = defaults_of<NumberList>,
     .append = append_to<&Directory::Source::number_lists>,
     .copy = copy_to<&Directory::Source::number_lists, &Directory::number_list>},
    {.name = "calendars",
     .singular = "calendar",
     .help = "Working time by the clock of a place: weekly hours and holidays.",
     .fields = kCalendarFields,
     .defaults = defaults_of<Calendar>,
     .append = append_to<&Directory::Source::calendars>,
     .copy = copy_to<&Directory::Source::calendars, &Directory::calendar>},
    {.name = "gateway_groups",
     .singular = "gateway_group",
     .help = "Gateways that share lines; members name the group in their field groups.",
     .fields = kGatewayGroupFields,
     .defaults = defaults_of<GatewayGroup>,
     .append = append_to<&Directory::Source::gateway_groups>,
     .copy = copy_to<&Directory::Source::gateway_groups, &Directory::gateway_group>},
    {.name = "ingress_gateways",
     .singular = "ingress_gateway",
     .help = "Peers that calls come from, known by their addresses.",
     .fields = kIngressFields,
     .bounds = kTalkBounds,
     .fields_to_come = kIngressFieldsToCome,
     .defaults = defaults_of<IngressGateway>,
     .append = append_to<&Directory::Source::ingress_gateways>,
     .copy = copy_to<&Directory::Source::ingress_gateways, &Directory::ingress_gateway>},
    {.name = "outbound_registrations",
     .singular = "outbound_registration",
     .help = "Platforms the switch registers at, as a phone would.",
     .fields = kRegistrationFields,
     .fields_to_come = kRegistrationFieldsToCome,
     .defaults = defaults_of<OutboundRegistration>,
     .append = append_to<&Directory::Source::outbound_registrations>,
     .copy = copy_to<&Directory::Source::outbound_registrations, &Directory::outbound_registration>},
    {.name = "egress_gateways",
     .singular = "egress_gateway",
     .help = "Peers that calls go to, chosen by the beginning of the called number.",
     .fields = kEgressFields,
     .bounds = kTalkBounds,
     .fields_to_come = kEgressFieldsToCome,
     .defaults = defaults_of<EgressGateway>,
     .append = append_to<&Directory::Source::egress_gateways>,
     .copy = copy_to<&Directory::Source::egress_gateways, &Directory::egress_gateway>},
    {.name = "phones",
     .singular = "phone",
     .help = "Lines of this switch: they register, call, and are called by their number.",
     .fields = kPhoneFields,
     .bounds = kTalkBounds,
     .fields_to_come = kPhoneFieldsToCome,
     .defaults = defaults_of<Phone>,
     .append = append_to<&Directory::Source::phones>,
     .copy = copy_to<&Directory::Source::phones, &Directory::phone>},
    {.name = "routing_tag_rules",
     .singular = "routing_tag_rule",
     .help = "Which routing tags a call gets; egress gateways and gateway groups ask for them.",
     .fields = kTagRuleFields,
     .most = kMaxTagRules,
     .defaults = defaults_of<RoutingTagRule>,
     .append = append_to<&Directory::Source::routing_tag_rules>},
};

}  // namespace

std::span<const ResourceRow> all_resources() { return kResources; }

}  // namespace tandem::directory
