#include "core/inquiry/invite_request.h"

#include "core/leg/identity.h"
#include "core/leg/writing.h"

namespace tandem::inquiry {

using sip::HeaderId;

std::string_view write_invite(const InviteRequest& request, const leg::Context& at) {
  const leg::LocalAddress& local = at.locals[request.path.local];
  const sip::TransportRow& transport = sip::row(request.path.transport);
  const std::string callee = leg::address_uri(request.order.callee, request.host, false);
  const std::string caller = leg::address_uri(request.order.caller, local.host_port, false);
  sip::Writer writer(at.scratch.data(), at.scratch.size());
  writer.request_line("INVITE", callee + std::string(transport.parameter));
  writer.header(HeaderId::Via, {"SIP/2.0/", transport.via, " ", local.host_port,
                                ";branch=", request.branch, ";rport"});
  writer.header(HeaderId::MaxForwards, std::uint64_t(request.order.max_forwards));
  writer.header(HeaderId::From, {"<", caller, ">;tag=", request.tag});
  writer.header(HeaderId::To, {"<", callee, ">"});
  writer.header(HeaderId::CallId, request.call_id);
  writer.header(HeaderId::CSeq, "1 INVITE");
  writer.header(HeaderId::Contact, {"<sip:", local.host_port, transport.parameter, ">"});
  writer.header(HeaderId::Allow, leg::kAllowed);
  if (!at.live.sip_user_agent.empty()) writer.header(HeaderId::UserAgent, at.live.sip_user_agent);
  writer.raw(request.order.lines);
  writer.header(HeaderId::Loop, request.loop_token);
  writer.finish({});
  return writer.overflowed() ? std::string_view{} : writer.view();
}

}  // namespace tandem::inquiry
