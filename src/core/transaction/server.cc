// Server transactions: our answers, sent again when the request comes again (RFC 3261 §17.2).

#include <algorithm>

#include "core/transaction/layer.h"

namespace tandem::transaction {

void TransactionLayer::set_user(ServerId id, User user) {
  if (ServerTransaction* server = servers_.find(id)) server->user = user;
}

sip::Path TransactionLayer::answer_path(ServerId id) const {
  const ServerTransaction* server = servers_.find(id);
  return server != nullptr ? server->path : sip::Path{};
}

void TransactionLayer::answer_to(ServerId id, const sip::Path& path) {
  if (ServerTransaction* server = servers_.find(id)) server->path = path;
}

void TransactionLayer::respond(Instant now, ServerId id, int status, std::string_view bytes,
                               sip::Outbox& outbox) {
  answer(now, id, status, bytes, true, outbox);
}

void TransactionLayer::respond_unkept(Instant now, ServerId id, int status, std::string_view bytes,
                                      sip::Outbox& outbox) {
  answer(now, id, status, bytes, false, outbox);
}

// The half of its key that no table goes by.
std::uint32_t TransactionLayer::salt_of(ServerId id) const {
  const ServerTransaction* server = servers_.find(id);
  return server != nullptr ? std::uint32_t(server->key) : 0;
}

void TransactionLayer::answer(Instant now, ServerId id, int status, std::string_view bytes,
                              bool kept, sip::Outbox& outbox) {
  ServerTransaction* server = servers_.find(id);
  if (server == nullptr) return;
  const Event event = status < 200   ? Event::Provisional
                      : status < 300 ? Event::Success
                                     : Event::Refusal;
  const sip::Path path = server->path;
  const std::uint64_t flow_no = server->user.flow_no;
  // The bytes are kept before the state is entered, which may drop them again or end it all.
  kept = kept && (server->machine == Machine::NonInviteServer || event != Event::Success);
  const State before = server->state;
  if (kept && (before == State::Trying || before == State::Proceeding)) server->last = bytes;
  if (feed_server(now, id, *server, event) == Effect::Send) outbox.send(path, bytes, flow_no);
}

void TransactionLayer::respond_once(Instant now, ServerId id, int status, std::string_view bytes,
                                    sip::Outbox& outbox) {
  respond(now, id, status, bytes, outbox);
  ServerTransaction* server = servers_.find(id);
  if (server == nullptr) return;
  server->resend_at = kNever;
  arm(Owner::Kind::ServerTransaction, id, *server);
}

void TransactionLayer::drop(ServerId id) {
  if (ServerTransaction* server = servers_.find(id)) erase_server(id, *server);
}

// May end the transaction: `server` is not to be touched when the effect is Forget.
Effect TransactionLayer::feed_server(Instant now, ServerId id, ServerTransaction& server,
                                     Event event) {
  const Step taken = step(server.machine, server.state, event);
  if (taken.next != server.state) {
    enter_server(now, server, taken.next);
    // Over a stream nothing comes again: there is nothing to wait for.
    const bool waits = server.expire_at > now;
    if (taken.next == State::Terminated || (!waits && server.expire_at != kNever)) {
      erase_server(id, server);
      return taken.effect;
    }
    arm(Owner::Kind::ServerTransaction, id, server);
  }
  return taken.effect;
}

void TransactionLayer::enter_server(Instant now, ServerTransaction& server, State state) {
  const bool reliable = server.path.reliable();
  const bool invite = server.machine == Machine::InviteServer;
  server.state = state;
  server.resend_at = server.expire_at = kNever;
  switch (state) {
    case State::Completed:
      if (invite) {
        server.wait = timers_.t1;
        if (!reliable) server.resend_at = now + server.wait;  // Timer G
        server.expire_at = now + timers_of_call().ack_timeout;  // Timer H
      } else {
        server.expire_at = reliable ? now : now + 64 * timers_.t1;  // Timer J
      }
      break;
    case State::Confirmed:
      give_back(server.last);
      server.expire_at = reliable ? now : now + timers_.t4;  // Timer I
      break;
    case State::Accepted:
      give_back(server.last);
      // Timer L, and not before the 2xx itself is given up: until then an INVITE that comes again is
      // the same one.
      server.expire_at =
          now + std::max<milliseconds>(64 * timers_.t1, timers_of_call().ack_timeout);
      break;
    case State::Calling:
    case State::Trying:
    case State::Proceeding:
    case State::Terminated:
    case State::Count:
      break;
  }
}

void TransactionLayer::erase_server(ServerId id, ServerTransaction& server) {
  wheel_.cancel(server.timer);
  by_key_.erase(server.key, id.slot);
  if (server.merge_key != 0) by_merge_key_.erase(server.merge_key, id.slot);
  servers_.erase(id);
}

}  // namespace tandem::transaction
