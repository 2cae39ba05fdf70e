// Client transactions: our requests, sent again until an answer comes (RFC 3261 §17.1), and the
// CANCEL and ACK that follow an INVITE hop by hop (§9.1, §17.1.1.3).

#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "core/sip/headers.h"
#include "core/transaction/layer.h"

namespace tandem::transaction {
namespace {

// Calls visit(name, whole line with CRLF) for each header line of a message we wrote ourselves.
template <class Visit>
void for_each_line(std::string_view message, Visit&& visit) {
  std::size_t begin = message.find("\r\n");
  while (begin != std::string_view::npos) {
    begin += 2;
    const std::size_t end = message.find("\r\n", begin);
    if (end == std::string_view::npos || end == begin) return;
    const std::string_view line = message.substr(begin, end + 2 - begin);
    visit(line.substr(0, line.find(':')), line);
    begin = end;
  }
}

// CANCEL and the ACK of a refusal share Request-URI, topmost Via, Route, From, Call-ID and the
// number of CSeq with their INVITE; To is the INVITE's, or the refusal's.
std::string companion(std::string_view method, std::string_view invite, std::string_view to,
                      std::string_view own_lines) {
  std::string text(method);
  const std::size_t uri = invite.find(' ');
  text.append(invite.substr(uri, invite.find("\r\n") + 2 - uri));
  bool topmost = true;
  for_each_line(invite, [&](std::string_view name, std::string_view line) {
    if (name == "Via") {
      if (topmost) text.append(line);
      topmost = false;
    } else if (name == "Route" || name == "Max-Forwards" || name == "From" || name == "Call-ID") {
      text.append(line);
    } else if (name == "To") {
      if (to.empty()) {
        text.append(line);
      } else {
        text.append("To: ");
        sip::append_unfolded(text, to);
        text.append("\r\n");
      }
    } else if (name == "CSeq") {
      text.append(line.substr(0, line.rfind(' ') + 1)).append(method).append("\r\n");
    }
  });
  return text.append(own_lines).append("Content-Length: 0\r\n\r\n");
}

}  // namespace

bool TransactionLayer::start_client(Instant now, const ReservedClient& reserved, ClientKind kind,
                                    const sip::Path& path, std::string_view request, User user,
                                    sip::Outbox& outbox) {
  ClientTransaction* client = clients_.find(reserved.id);
  TANDEM_ASSERT(client != nullptr && client->reserved, "a client transaction started twice");
  if (size() > kMaxTransactions) return false;
  const bool invite = kind != ClientKind::NonInvite;
  client->reserved = false;
  client->user = user;
  client->path = path;
  client->kind = kind;
  client->machine = invite ? Machine::InviteClient : Machine::NonInviteClient;
  client->state = invite ? State::Calling : State::Trying;
  client->request = request;
  link_unanswered(reserved.id, *client);
  outbox.send(path, request, user.flow_no);

  milliseconds give_up = 64 * timers_.t1;  // Timer B
  client->wait = timers_.t1;
  if (kind == ClientKind::NonInvite) give_up = timers_.non_invite_timeout;  // Timer F
  if (kind == ClientKind::InitialInvite && !path.reliable()) {
    give_up = 0ms;
    for (const milliseconds wait : timers_of_call().invite_resend) give_up += wait;
    client->wait = timers_of_call().invite_resend.front();
  }
  client->expire_at = now + give_up;
  if (!path.reliable() && client->wait < give_up) client->resend_at = now + client->wait;
  arm(Owner::Kind::ClientTransaction, reserved.id, *client);
  return true;
}

void TransactionLayer::abandon_reserved(const ReservedClient& reserved) {
  const ClientTransaction* client = clients_.find(reserved.id);
  if (client != nullptr && client->reserved) clients_.erase(reserved.id);
}

// True when the user is to see the answer. May end the transaction.
bool TransactionLayer::feed_client(Instant now, ClientId id, ClientTransaction& client,
                                   Event event, const sip::Message* response, sip::Outbox& outbox,
                                   std::vector<TransactionEvent>* events) {
  const Step taken = step(client.machine, client.state, event);
  const User user = client.user;
  const bool accepted = client.state == State::Accepted;
  const bool heard = events != nullptr && user.owner != 0;  // a CANCEL has no user
  switch (taken.effect) {
    case Effect::AckAndPassUp:
      answered_ = std::exchange(
          client.request,
          companion("ACK", client.request, response->value(sip::HeaderId::To), {}));
      [[fallthrough]];
    case Effect::SendAck:
      outbox.send(client.path, client.request, user.flow_no);
      break;
    case Effect::SendAgain:
      resend_client(now, client, outbox);
      arm(Owner::Kind::ClientTransaction, id, client);
      break;
    case Effect::TellTimeout:
      if (heard) events->push_back({TransactionEventKind::Timeout, id, user.owner});
      break;
    case Effect::TellFailure:
      if (heard) events->push_back({TransactionEventKind::Failure, id, user.owner});
      break;
    case Effect::Forget:
      if (heard && accepted) {
        events->push_back({TransactionEventKind::Terminated, id, user.owner});
      }
      break;
    case Effect::Ignore:
    case Effect::PassUp:
    case Effect::Send:
    case Effect::Count:
      break;
  }
  if (taken.next == State::Terminated) {
    erase_client(id, client);
  } else if (taken.next != client.state) {
    enter_client(now, id, client, taken.next);
  }
  if (event == Event::Provisional && taken.next == State::Proceeding &&
      client.cancelled && client.cancel == ClientId{}) {
    send_cancel(now, id, client, outbox);
  }
  return taken.effect == Effect::PassUp || taken.effect == Effect::AckAndPassUp;
}

void TransactionLayer::enter_client(Instant now, ClientId id, ClientTransaction& client,
                                    State state) {
  const bool reliable = client.path.reliable();
  const bool invite = client.machine == Machine::InviteClient;
  unlink_unanswered(client);
  client.state = state;
  switch (state) {
    case State::Proceeding:
      if (invite) {
        client.resend_at = kNever;
        // A cancelled INVITE has its own limit (send_cancel).
        client.expire_at = kNever;
      } else if (!reliable) {
        // RFC 3261 §17.1.2.2: from now on every T2; Timer F goes on.
        client.wait = timers_.t2;
        client.resend_at = now + client.wait;
      }
      break;
    case State::Completed:
      client.resend_at = kNever;
      if (invite) {
        client.expire_at = now + (reliable ? 0ms : 64 * timers_.t1);  // Timer D
      } else {
        answered_ = std::move(client.request);
        give_back(client.request);
        client.expire_at = now + (reliable ? 0ms : timers_.t4);  // Timer K
      }
      break;
    case State::Accepted:
      client.resend_at = kNever;
      answered_ = std::move(client.request);
      give_back(client.request);
      client.expire_at = now + 64 * timers_.t1;  // Timer M
      break;
    case State::Calling:
    case State::Trying:
    case State::Confirmed:
    case State::Terminated:
    case State::Count:
      break;
  }
  arm(Owner::Kind::ClientTransaction, id, client);
}

void TransactionLayer::resend_client(Instant now, ClientTransaction& client,
                                     sip::Outbox& outbox) {
  outbox.send(client.path, client.request, client.user.flow_no);
  ++client.resends;
  if (client.kind == ClientKind::InitialInvite) {
    const auto& waits = timers_of_call().invite_resend;
    client.wait = waits[std::min<std::size_t>(client.resends, waits.size() - 1)];
  } else if (client.kind == ClientKind::ReInvite) {
    client.wait *= 2;  // Timer A
  } else {
    client.wait = client.state == State::Proceeding ? timers_.t2
                                                    : std::min(client.wait * 2, timers_.t2);
  }
  client.resend_at = now + client.wait;
  if (client.resend_at >= client.expire_at) client.resend_at = kNever;
}

const User* TransactionLayer::user_of(const Owner& owner) const {
  if (owner.kind != Owner::Kind::ClientTransaction) return nullptr;
  const ClientTransaction* client = clients_.find({owner.slot, owner.generation});
  return client == nullptr ? nullptr : &client->user;
}

void TransactionLayer::give_up(ClientId id) {
  if (ClientTransaction* client = clients_.find(id)) erase_client(id, *client);
}

bool TransactionLayer::is_initial(ClientId id) const {
  const ClientTransaction* client = clients_.find(id);
  return client != nullptr && client->kind == ClientKind::InitialInvite;
}

bool TransactionLayer::first_let_go(ClientId id, std::string_view tag) {
  constexpr std::size_t kMostKept = 1024;
  ClientTransaction* client = clients_.find(id);
  if (client == nullptr || client->state != State::Accepted) return false;
  // The request is not needed any more: its place holds the tags, each between line ends.
  std::string& tags = client->request;
  std::string line(1, '\n');
  line.append(tag).append(1, '\n');
  if (tags.find(line) != std::string::npos || tags.size() + line.size() > kMostKept) return false;
  tags += line;
  return true;
}

void TransactionLayer::cancel(Instant now, ClientId id, std::string_view reason,
                              sip::Outbox& outbox) {
  ClientTransaction* client = clients_.find(id);
  if (client == nullptr || client->cancelled) return;
  client->cancelled = true;
  client->cancel_reason = reason;
  if (client->state == State::Proceeding) send_cancel(now, id, *client, outbox);
}

void TransactionLayer::send_cancel(Instant now, ClientId id, ClientTransaction& client,
                                   sip::Outbox& outbox) {
  client.expire_at = now + timers_of_call().cancel_wait;
  arm(Owner::Kind::ClientTransaction, id, client);
  const std::string request = companion("CANCEL", client.request, {}, client.cancel_reason);
  give_back(client.cancel_reason);
  // Its answers come under the branch of the INVITE, which leads to it.
  const sip::Path path = client.path;
  const std::uint64_t flow_no = client.user.flow_no;
  const ReservedClient reserved = reserve_client();
  clients_.find(id)->cancel = reserved.id;
  if (!start_client(now, reserved, ClientKind::NonInvite, path, request, {0, flow_no}, outbox)) {
    abandon_reserved(reserved);
  }
}

void TransactionLayer::on_timer(Instant now, const Owner& owner, sip::Outbox& outbox,
                                std::vector<TransactionEvent>& events) {
  if (owner.kind == Owner::Kind::ServerTransaction) {
    const ServerId id{owner.slot, owner.generation};
    ServerTransaction* server = servers_.find(id);
    if (server == nullptr) return;
    server->timer = {};
    if (now >= server->expire_at) {
      feed_server(now, id, *server, Event::Expire);
    } else if (now >= server->resend_at) {
      if (feed_server(now, id, *server, Event::Resend) == Effect::SendAgain) {
        outbox.send(server->path, server->last, server->user.flow_no);
        server->wait = std::min(server->wait * 2, timers_.t2);
        server->resend_at = now + server->wait;
      }
      arm(Owner::Kind::ServerTransaction, id, *server);
    }
    return;
  }
  const ClientId id{owner.slot, owner.generation};
  ClientTransaction* client = clients_.find(id);
  if (client == nullptr) return;
  client->timer = {};
  if (now >= client->expire_at) {
    feed_client(now, id, *client, Event::Expire, nullptr, outbox, &events);
  } else if (now >= client->resend_at) {
    feed_client(now, id, *client, Event::Resend, nullptr, outbox, &events);
  }
}

void TransactionLayer::on_path_failed(Instant now, const sip::Path& path,
                                      std::vector<TransactionEvent>& events) {
  sip::Outbox nothing;
  for (ClientId id = unanswered_; ClientTransaction* client = clients_.find(id);) {
    const ClientId next = client->next;
    if (client->path.peer == path.peer && client->path.transport == path.transport) {
      feed_client(now, id, *client, Event::TransportError, nullptr, nothing, &events);
    }
    id = next;
  }
}

void TransactionLayer::link_unanswered(ClientId id, ClientTransaction& client) {
  client.unanswered = true;
  client.next = unanswered_;
  client.previous = {};
  if (ClientTransaction* second = clients_.find(unanswered_)) second->previous = id;
  unanswered_ = id;
}

void TransactionLayer::unlink_unanswered(ClientTransaction& client) {
  if (!client.unanswered) return;
  client.unanswered = false;
  if (ClientTransaction* next = clients_.find(client.next)) next->previous = client.previous;
  if (ClientTransaction* previous = clients_.find(client.previous)) {
    previous->next = client.next;
  } else {
    unanswered_ = client.next;
  }
}

void TransactionLayer::erase_client(ClientId id, ClientTransaction& client) {
  unlink_unanswered(client);
  wheel_.cancel(client.timer);
  clients_.erase(id);
}

}  // namespace tandem::transaction
