#include "core/probe/options_request.h"

#include "core/sip/writer.h"

namespace tandem::probe {

using sip::HeaderId;

std::string_view write_options(const OptionsRequest& request,
                               const directory::Parameters& parameters,
                               const leg::LocalAddress& local, std::span<char> scratch) {
  const sip::TransportRow& transport = sip::row(request.path.transport);
  std::string uri = "sip:" + std::string(request.host);
  uri += transport.parameter;
  sip::Writer writer(scratch.data(), scratch.size());
  writer.request_line("OPTIONS", uri);
  writer.header(HeaderId::Via, {"SIP/2.0/", transport.via, " ", local.host_port,
                                ";branch=", request.branch, ";rport"});
  writer.header(HeaderId::MaxForwards, std::uint64_t(parameters.sip_max_forwards));
  writer.header(HeaderId::From, {"<sip:", local.host_port, ">;tag=", request.tag});
  writer.header(HeaderId::To, {"<sip:", request.host, ">"});
  writer.header(HeaderId::CallId, request.call_id);
  writer.header(HeaderId::CSeq, "1 OPTIONS");
  writer.header(HeaderId::Contact, {"<sip:", local.host_port, transport.parameter, ">"});
  writer.header(HeaderId::Accept, "application/sdp");
  if (!parameters.sip_user_agent.empty()) {
    writer.header(HeaderId::UserAgent, parameters.sip_user_agent);
  }
  writer.finish({});
  return writer.overflowed() ? std::string_view{} : writer.view();
}

}  // namespace tandem::probe
