#include "core/inquiry/inquiries.h"

#include <utility>

#include "base/limits.h"
#include "base/owner.h"
#include "core/inquiry/invite_request.h"
#include "core/leg/alternatives.h"
#include "core/leg/tokens.h"

namespace tandem::inquiry {
namespace {

constexpr std::uint16_t kSipPort = 5060;

// As it stands in URIs: a name that was looked up is still called by its name.
std::string host_of(const Server& server, const sip::Path& path) {
  if (IpAddress::parse(server.host)) return path.peer.text();
  return server.port == kSipPort ? server.host : server.host + ':' + std::to_string(server.port);
}

}  // namespace

InquiryId Inquiries::ask(Desk& desk, Order order) {
  if (inquiries_.size() >= kMaxInquiries) return {};
  const InquiryId id = inquiries_.insert();
  Inquiry& inquiry = *inquiries_.find(id);
  inquiry.order = std::move(order);
  const std::uint64_t word = owner_word(Owner::Kind::Inquiry, id);
  inquiry.timer = desk.at.wheel.arm(desk.at.now.mono + inquiry.order.limit, word);
  const Server& server = inquiry.order.server;
  if (server.protocol == Protocol::Http) {
    desk.look_ups.push_back({question_of(word), server.host, server.port, inquiry.order.callee,
                             inquiry.order.limit});
  } else if (const auto ip = IpAddress::parse(server.host)) {
    sip::Path path;
    path.transport = server.transport;
    path.peer = {*ip, server.port};
    send(desk, id, inquiry, path);
  } else {
    desk.questions.push_back({question_of(word), server.host, server.port, server.transport});
  }
  return id;
}

void Inquiries::send(Desk& desk, InquiryId id, Inquiry& inquiry, sip::Path path) {
  leg::Context& at = desk.at;
  const auto local = leg::local_for(at.locals, path, {}, 0);
  if (!local) return;  // the time that is allowed for the answer passes
  path.local = *local;
  const transaction::ReservedClient reserved = at.transactions.reserve_client();
  const std::string tag = leg::make_tag({at.exchange, {}, std::uint32_t(at.rng.next())});
  const std::string call_id = leg::make_call_id(at.exchange, at.rng.next(), at.rng.next());
  const std::string host = host_of(inquiry.order.server, path);
  const std::string_view request =
      write_invite({.order = inquiry.order,
                    .path = path,
                    .host = host,
                    .branch = reserved.branch(),
                    .tag = tag,
                    .call_id = call_id,
                    .loop_token = desk.loop_token},
                   at);
  inquiry.running = reserved.id;
  const bool begun =
      !request.empty() &&
      at.transactions.start_client(at.now.mono, reserved, transaction::ClientKind::InitialInvite,
                                   path, request,
                                   {owner_word(Owner::Kind::Inquiry, id), at.flow_no}, at.outbox);
  if (begun) return;
  at.transactions.abandon_reserved(reserved);
  inquiry.running = {};
}

// The first place only: what does not answer there costs the one wait there is.
void Inquiries::on_resolved(Desk& desk, InquiryId id, const std::vector<sip::Path>& targets) {
  Inquiry* inquiry = inquiries_.find(id);
  if (inquiry == nullptr || inquiry->running) return;
  if (targets.empty()) return conclude(desk, id, {.outcome = Outcome::Silent});
  send(desk, id, *inquiry, targets.front());
}

void Inquiries::on_looked_up(Desk& desk, InquiryId id, const lrn::Answer& answer) {
  conclude(desk, id, {.outcome = Outcome::LookedUp, .looked_up = answer});
}

void Inquiries::on_response(Desk& desk, InquiryId id, const sip::Message& response) {
  const int status = response.status();
  if (status < 200) return;
  News news;
  news.status = status;
  if (status < 300) {
    news.outcome = Outcome::Accepted;
  } else if (status < 400) {
    news.outcome = Outcome::Redirected;
    news.alternatives = leg::alternatives_of(response);
  } else {
    news.outcome = Outcome::Refused;
  }
  conclude(desk, id, std::move(news));
}

void Inquiries::on_transaction_event(Desk& desk, InquiryId id, transaction::ClientId transaction) {
  const Inquiry* inquiry = inquiries_.find(id);
  if (inquiry == nullptr || !(inquiry->running == transaction)) return;
  conclude(desk, id, {.outcome = Outcome::Silent});
}

void Inquiries::on_timer(Desk& desk, InquiryId id) {
  const Inquiry* inquiry = inquiries_.find(id);
  if (inquiry == nullptr) return;
  cancel(desk, *inquiry);
  conclude(desk, id, {.outcome = Outcome::Silent});
}

void Inquiries::drop(Desk& desk, InquiryId id) {
  const Inquiry* inquiry = inquiries_.find(id);
  if (inquiry == nullptr) return;
  cancel(desk, *inquiry);
  forget(desk, id);
}

// What is answered from now on nobody reads; a 2xx is acknowledged and ended like any stray one.
void Inquiries::cancel(Desk& desk, const Inquiry& inquiry) {
  if (!inquiry.running) return;
  desk.at.transactions.cancel(desk.at.now.mono, inquiry.running, {}, desk.at.outbox);
}

void Inquiries::conclude(Desk& desk, InquiryId id, News news) {
  const Inquiry* inquiry = inquiries_.find(id);
  if (inquiry == nullptr) return;
  news.inquiry = id;
  news.call = inquiry->order.call;
  desk.news.push_back(std::move(news));
  forget(desk, id);
}

void Inquiries::forget(Desk& desk, InquiryId id) {
  desk.at.wheel.cancel(inquiries_.find(id)->timer);
  inquiries_.erase(id);
}

}  // namespace tandem::inquiry
