// How a REGISTER of ours looks (RFC 3261 §10.2).
#include "core/leg/signal_transport.h"
#include "core/leg/writing.h"
#include "core/registering/registrations.h"
#include "core/sip/writer.h"

namespace tandem::registering {
namespace {

using directory::OutboundRegistration;
using sip::HeaderId;

// The registrar itself (§10.2: a domain without user part).
std::string request_uri(const OutboundRegistration& row) {
  const sip::Transport transport = leg::transport_of(row.transport);
  std::string uri = "sip:" + sip::host_in_uri(row.server);
  const bool own_port = row.signal_port != 0 &&
                        row.signal_port != sip::default_port(transport) &&
                        row.sip_proxy.host.empty();
  if (own_port) uri += ':' + std::to_string(row.signal_port);
  uri += sip::uri_parameter(transport);
  return uri;
}

}  // namespace

std::string_view write_register(Desk& desk, const Authorship& authorship, Registration& one) {
  const OutboundRegistration& row = one.row;
  const sip::Path& path = *one.path();
  const leg::LocalAddress& local = desk.locals[path.local];
  const sip::TransportRow& transport = sip::row(path.transport);
  const std::string registrar = request_uri(row);
  std::string address = "<sip:";
  sip::append_escaped_user(address, row.user);
  address += '@' + sip::host_in_uri(row.domain()) + '>';
  std::string contact;
  sip::append_escaped_user(contact, row.own_contact_user());

  sip::Writer writer(desk.scratch.data(), desk.scratch.size());
  writer.request_line("REGISTER", registrar);
  writer.header(HeaderId::Via, {"SIP/2.0/", transport.via, " ", local.host_port, ";branch=",
                                authorship.branch, ";rport"});
  writer.header(HeaderId::MaxForwards, std::uint64_t(desk.parameters.sip_max_forwards));
  writer.header(HeaderId::From, {address, ";tag=", one.tag});
  writer.header(HeaderId::To, address);
  writer.header(HeaderId::CallId, one.call_id);
  writer.begin_header(HeaderId::CSeq);
  writer.number(++one.cseq);
  writer.text(" REGISTER");
  writer.end_header();
  writer.header(HeaderId::Contact,
                {"<sip:", contact, "@", local.host_port, transport.parameter, ">"});
  writer.header(HeaderId::Expires, std::uint64_t(one.asked.count()));
  std::string lines;
  one.challenges.append_lines(lines, authorship.hasher, desk.rng,
                              {row.digest_user(), row.password}, {"REGISTER", registrar});
  writer.raw(lines);
  writer.header(HeaderId::Allow, leg::kAllowed);
  const std::string& product =
      row.user_agent.empty() ? desk.parameters.sip_user_agent : row.user_agent;
  if (!product.empty()) writer.header(HeaderId::UserAgent, product);
  writer.finish({});
  return writer.overflowed() ? std::string_view{} : writer.view();
}

}  // namespace tandem::registering
