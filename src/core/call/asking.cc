// What servers outside know of a call before it is routed: the external redirect server (step 13,
// call-handling.md 17.3). The call waits in its place; a server that is silent, lies or loops costs it
// one wait.

#include <algorithm>

#include "base/limits.h"
#include "core/call/call.h"
#include "core/leg/alternatives.h"
#include "core/sip/uri.h"

namespace tandem::call {
namespace {

using cause::EndReason;
using directory::RedirectFailure;
using directory::RedirectScope;
using inquiry::Outcome;

// A name in a header line: what could end the line, or is no text, is left out.
std::string on_one_line(std::string_view text) {
  std::string line(text);
  std::erase_if(line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
  return line;
}

std::string lines_about(const cdr::Cdr& record) {
  std::string lines = "X-Tandem-Ingress: " + on_one_line(record.caller_gateway) + "\r\n";
  if (!record.account_name.empty()) {
    lines += "X-Tandem-Account: " + on_one_line(record.account_name) + "\r\n";
  }
  lines += "X-Tandem-Callid: " + on_one_line(record.caller_call_id) + "\r\n";
  return lines;
}

// Refusals that say more of the server than of the call.
bool is_failure(int status) {
  return status == 408 || status == 480 || (status >= 500 && status < 600);
}

// A challenge is between us and the server: it must not go out without its header.
int status_for_caller(int status) { return status == 401 || status == 407 ? 403 : status; }

}  // namespace

bool asks_redirect_server(const directory::Device* caller, const directory::Parameters& system) {
  if (system.external_redirect_server_ip.empty()) return false;
  switch (system.external_redirect_scope) {
    case RedirectScope::Off:
      return false;
    case RedirectScope::PerDevice:
      return caller != nullptr && caller->external_redirect;
    case RedirectScope::All:
      break;
  }
  return true;
}

void Call::ask_redirect_server(Desk& desk) {
  if (!asks_redirect_server(calling_device(), desk.leg.live)) return find_way(desk);
  count_in(desk);
  const directory::Parameters& live = desk.leg.live;
  const bool tcp = live.external_redirect_transport == directory::RedirectTransport::Tcp;
  inquiry::Order order;
  order.call = self_.packed();
  order.server = {inquiry::Protocol::Sip, live.external_redirect_server_ip,
                  live.external_redirect_server_port,
                  tcp ? sip::Transport::Tcp : sip::Transport::Udp};
  order.limit = parameters().external_redirect_timeout;
  order.callee = hunt().facts.callee.routed;
  order.caller = hunt().facts.caller.routed;
  order.lines = lines_about(record_);
  order.max_forwards = hunt().max_forwards - 1;
  hunt().asked = desk.inquiries.ask(desk.inquiring, std::move(order));
  if (!hunt().asked) return fail_redirect_server(desk);
  hunt().asking = Asking::RedirectServer;
}

void Call::on_inquiry(Desk& desk, const inquiry::News& news) {
  if (!hunt_ || state_ != State::Attempting) return;
  switch (hunt().asking) {
    case Asking::Nothing:
      return;
    case Asking::PortedNumber:
      return on_dip(desk, news);
    case Asking::RedirectServer:
      break;
  }
  if (!(hunt().asked == news.inquiry)) return;
  hunt().asking = Asking::Nothing;
  on_redirect_server(desk, news);
}

void Call::on_redirect_server(Desk& desk, const inquiry::News& news) {
  switch (news.outcome) {
    case Outcome::Redirected:
      if (take_answer(desk, news.alternatives)) return next_attempt(desk);
      break;
    case Outcome::Refused:
      if (is_failure(news.status)) break;
      return refuse(desk, EndReason::ExternalRedirectRejected, status_for_caller(news.status));
    case Outcome::Silent:
    case Outcome::Accepted:
    case Outcome::LookedUp:
      break;
  }
  fail_redirect_server(desk);
}

void Call::fail_redirect_server(Desk& desk) {
  if (parameters().external_redirect_failure_action == RedirectFailure::Reject) {
    return refuse(desk, EndReason::ExternalRedirectFailed);
  }
  find_way(desk);
}

// The routes of each Contact, one after the other. False: none of them leads anywhere.
bool Call::take_answer(Desk& desk, std::string_view alternatives) {
  routing::Redirecting by{.directory = directory(), .ours = {}};
  for (const leg::LocalAddress& local : desk.leg.locals) by.ours.push_back(local.address);
  std::vector<routing::Route>& routes = hunt().routes;
  while (!alternatives.empty() && routes.size() < kMaxAttempts) {
    const auto target = routing::target_of(leg::take_line(alternatives), by);
    if (target.kind != routing::RedirectTarget::Kind::Refused) add_routes_to(desk, target, routes);
  }
  return !routes.empty();
}

void Call::stop_asking(Desk& desk) {
  if (!hunt_ || hunt().asking == Asking::Nothing) return;
  desk.inquiries.drop(desk.inquiring, hunt().asked);
  desk.inquiries.drop(desk.inquiring, hunt().dip.callee);
  desk.inquiries.drop(desk.inquiring, hunt().dip.caller);
  hunt().asking = Asking::Nothing;
}

}  // namespace tandem::call
