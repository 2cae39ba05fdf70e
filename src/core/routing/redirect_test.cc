#include "core/routing/redirect.h"

#include <gtest/gtest.h>

namespace tandem::routing {
namespace {

using Kind = RedirectTarget::Kind;

Endpoint at(std::string_view text) { return *Endpoint::parse(text, 5060); }

class Redirect : public testing::Test {
 protected:
  Redirect() {
    directory::Directory::Source source;
    source.parameters.sip_local_domain = {"tandem.example"};
    add(source, "south", "198.51.100.20", 5060);
    add(source, "west", "198.51.100.30", 5080);
    add(source, "west2", "198.51.100.30", 5090);
    directory::EgressGateway named;
    named.id = 4;
    named.name = "named";
    named.remote_ips = {{"sip.east.example", {}, 0}};
    named.groups = {{.group = 9}};
    source.egress_gateways.push_back(named);
    source.gateway_groups.emplace_back().id = 9;
    source.gateway_groups.back().name = "trunk a";
    directory_ = directory::Directory::compile(std::move(source));
  }
  static void add(directory::Directory::Source& source, std::string name, std::string_view ip,
                  std::uint16_t port) {
    directory::EgressGateway gateway;
    gateway.id = std::int64_t(source.egress_gateways.size()) + 1;
    gateway.name = std::move(name);
    gateway.signal_port = port;
    gateway.remote_ips = {{std::string(ip), *IpAddress::parse(ip), 0}};
    source.egress_gateways.push_back(std::move(gateway));
  }
  // "number N", "N at PLACE of GATEWAY", or "refused".
  std::string told(std::string_view uri, std::int64_t by = 1) const {
    Redirecting redirecting{*directory_, {at("192.0.2.1")}, by, {}};
    if (by != 0) redirecting.called = at("198.51.100.20");
    const RedirectTarget target = target_of(uri, redirecting);
    const std::string rated = target.rated ? " rated" : "";
    switch (target.kind) {
      case Kind::Refused:
        return "refused";
      case Kind::Number:
        return "number " + target.number +
               (target.gateway != 0 ? " over " + std::to_string(target.gateway) : "") +
               (target.group != 0 ? " within " + std::to_string(target.group) : "") + rated;
      case Kind::Place:
        return target.number + " at " + target.place + " of " + std::to_string(target.gateway) +
               rated;
    }
    return "";
  }

  std::shared_ptr<const directory::Directory> directory_;
};

TEST_F(Redirect, our_own_addresses_and_domains_are_numbers_to_be_routed) {
  EXPECT_EQ(told("sip:4420@192.0.2.1"), "number 4420");
  EXPECT_EQ(told("sip:+44%2020;npdi@192.0.2.1:5060;user=phone"), "number 4420");
  EXPECT_EQ(told("sip:4420@TANDEM.example"), "number 4420");
  EXPECT_EQ(told("tel:+44-20"), "number 4420");
}

TEST_F(Redirect, the_address_of_a_gateway_is_that_gateway) {
  EXPECT_EQ(told("sip:1@198.51.100.20"), "1 at 198.51.100.20:5060 of 1");
  EXPECT_EQ(told("sip:1@198.51.100.30:5090"), "1 at 198.51.100.30:5090 of 3");
  EXPECT_EQ(told("sip:1@198.51.100.30:5080"), "1 at 198.51.100.30:5080 of 2");
  EXPECT_EQ(told("sip:1@SIP.east.example"), "1 at SIP.east.example of 4");
  EXPECT_EQ(told("sip:1@x.example;maddr=198.51.100.20"), "1 at 198.51.100.20:5060 of 1");
}

TEST_F(Redirect, another_port_of_a_gateway_is_the_gateway_still) {
  EXPECT_EQ(told("sip:1@198.51.100.20:6000"), "1 at 198.51.100.20:6000 of 1");
  EXPECT_EQ(told("sip:1@198.51.100.30"), "1 at 198.51.100.30:5060 of 2");
}

TEST_F(Redirect, strangers_and_what_cannot_be_reached_are_refused) {
  for (const std::string_view uri :
       {"sip:1@198.51.100.66", "sip:1@other.example", "sips:1@198.51.100.20",
        "sip:1@198.51.100.20;transport=ws", "sip:1@192.0.2.1:5070", "sip:198.51.100.20",
        "sip:@192.0.2.1", "mailto:a@b", "*", "", "sip:a b@198.51.100.20"}) {
    EXPECT_EQ(told(uri), "refused") << uri;
  }
}

TEST_F(Redirect, headers_of_the_uri_are_left_out) {
  const Redirecting by{*directory_, {}, 1, at("198.51.100.20")};

  EXPECT_EQ(target_of("sip:1@198.51.100.20;x?Subject=a", by).uri, "sip:1@198.51.100.20;x");
}

TEST_F(Redirect, the_redirect_server_may_choose_a_gateway_and_what_is_billed) {
  EXPECT_EQ(told("sip:4420@192.0.2.1;gw=west", 0), "number 4420 over 2");
  EXPECT_EQ(told("sip:4420@192.0.2.1;gw=nobody", 0), "refused");
  EXPECT_EQ(told("sip:4420@192.0.2.1;group=trunk%20a", 0), "number 4420 within 9");
  EXPECT_EQ(told("sip:4420@192.0.2.1;group=trunk", 0), "refused");
  EXPECT_EQ(told("sip:4420@192.0.2.1;rate=1", 0), "number 4420 rated");
  EXPECT_EQ(told("sip:4420@198.51.100.20;rate=1;gw=west", 0),
            "4420 at 198.51.100.20:5060 of 1 rated");
  EXPECT_EQ(told("sip:4420@192.0.2.1;gw=west;rate=1"), "number 4420") << "not of a gateway";
}

}  // namespace
}  // namespace tandem::routing
