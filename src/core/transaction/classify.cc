// To which transaction a message belongs (RFC 3261 §17.1.3, §17.2.3, §8.2.2.2, §9.2).

#include <cstring>

#include "base/limits.h"
#include "base/text.h"
#include "core/transaction/layer.h"

namespace tandem::transaction {
namespace {

constexpr std::string_view kCookie = "z9hG4bK";

std::string_view bytes_of(const std::uint32_t& number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

Event event_of(int status) {
  return status < 200 ? Event::Provisional : status < 300 ? Event::Success : Event::Refusal;
}

}  // namespace

TransactionLayer::TransactionLayer(std::uint8_t exchange, SipHashKey key, TimerWheel& wheel)
    : exchange_(exchange), key_(key), wheel_(wheel) {}

std::uint64_t TransactionLayer::server_key(const sip::Message& request, sip::Method method) const {
  const sip::Via& via = request.via();
  const std::uint32_t port_and_method = std::uint32_t(via.port) << 8 | std::uint32_t(method);
  // An unknown method is told apart by its name.
  const std::string_view name =
      method == sip::Method::Unknown ? request.method_text() : std::string_view{};
  std::uint64_t key = 0;
  if (via.branch.starts_with(kCookie)) {
    key = table_hash(key_, {via.branch, via.host, name, bytes_of(port_and_method)});
  } else {
    // RFC 2543 clients: the branch says nothing, the dialog and the way here do.
    const std::uint32_t cseq = request.cseq().number;
    key = table_hash(key_, {via.branch, via.host, bytes_of(port_and_method), name, bytes_of(cseq),
                         request.call_id(), request.from().tag, request.request_uri_text()});
  }
  return key == 0 ? 1 : key;
}

std::uint64_t TransactionLayer::merge_key(const sip::Message& request) const {
  const std::uint32_t cseq = request.cseq().number;
  const std::uint64_t key = table_hash(
      key_, {request.call_id(), request.from().tag, bytes_of(cseq), request.method_text()});
  return key == 0 ? 1 : key;
}

std::uint32_t TransactionLayer::find_server(std::uint64_t key) const {
  return by_key_.find(key, [&](std::uint32_t slot) { return server_at(slot).key == key; });
}

TransactionLayer::Keys TransactionLayer::keys_of(const sip::Message& message) const {
  Keys keys;
  if (message.is_response()) return keys;
  const bool ack = message.method() == sip::Method::Ack;
  keys.server = server_key(message, ack ? sip::Method::Invite : message.method());
  by_key_.prefetch(keys.server);
  if (ack || !message.to().tag.empty()) return keys;
  keys.merge = merge_key(message);
  by_merge_key_.prefetch(keys.merge);
  return keys;
}

Verdict TransactionLayer::classify(Instant now, const sip::Message& message, const Keys& keys,
                                   const sip::Path& path, sip::Outbox& outbox) {
  if (message.is_response()) return classify_response(now, message, outbox);
  if (message.method() == sip::Method::Ack) return classify_ack(now, keys);
  return classify_request(now, message, keys, path, outbox);
}

Verdict TransactionLayer::classify_ack(Instant now, const Keys& keys) {
  Verdict verdict;
  const std::uint32_t slot = find_server(keys.server);
  if (slot == KeyTable::kNone) {
    verdict.kind = Verdict::Kind::AckToUser;
    return verdict;
  }
  const ServerId id = servers_.id_of(slot);
  const Effect effect = feed_server(now, id, *servers_.find(id), Event::Ack);
  verdict.kind = effect == Effect::PassUp ? Verdict::Kind::AckToUser : Verdict::Kind::Absorbed;
  return verdict;
}

Verdict TransactionLayer::classify_request(Instant now, const sip::Message& request,
                                           const Keys& keys, const sip::Path& path,
                                           sip::Outbox& outbox) {
  Verdict verdict;
  if (const std::uint32_t slot = find_server(keys.server); slot != KeyTable::kNone) {
    const ServerId id = servers_.id_of(slot);
    ServerTransaction& server = *servers_.find(id);
    if (feed_server(now, id, server, Event::Request) != Effect::SendAgain) return verdict;
    if (!server.last.empty()) {
      outbox.send(server.path, server.last, server.user.flow_no);
    } else if (server.state == State::Completed) {
      verdict.kind = Verdict::Kind::Repeated;
      verdict.server = id;
    }
    return verdict;
  }
  if (size() >= kMaxTransactions) {
    verdict.kind = Verdict::Kind::Refused;
    return verdict;
  }
  verdict.server = open_server(request, path, keys.server);
  if (request.method() == sip::Method::Cancel) {
    const std::uint32_t slot = find_server(server_key(request, sip::Method::Invite));
    verdict.kind = Verdict::Kind::CancelUnknown;
    if (slot == KeyTable::kNone) return verdict;
    verdict.kind = Verdict::Kind::Cancel;
    verdict.cancelled = servers_.id_of(slot);
    const User user = servers_.find(verdict.cancelled)->user;
    verdict.user = user.owner;
    servers_.find(verdict.server)->user.flow_no = user.flow_no;
    return verdict;
  }
  verdict.kind = Verdict::Kind::NewRequest;
  if (keys.merge != 0) {
    ServerTransaction& server = *servers_.find(verdict.server);
    const auto same = [&](std::uint32_t slot) { return server_at(slot).merge_key == keys.merge; };
    if (by_merge_key_.find(keys.merge, same) != KeyTable::kNone) {
      verdict.kind = Verdict::Kind::Merged;
    } else {
      server.merge_key = keys.merge;
      by_merge_key_.insert(keys.merge, verdict.server.slot);
    }
  }
  return verdict;
}

ServerId TransactionLayer::open_server(const sip::Message& request, const sip::Path& path,
                                       std::uint64_t key) {
  const ServerId id = servers_.insert();
  ServerTransaction& server = *servers_.find(id);
  const bool invite = request.method() == sip::Method::Invite;
  server.key = key;
  server.path = response_path(request, path);
  server.machine = invite ? Machine::InviteServer : Machine::NonInviteServer;
  server.state = invite ? State::Proceeding : State::Trying;
  by_key_.insert(key, id.slot);
  return id;
}

Verdict TransactionLayer::classify_response(Instant now, const sip::Message& response,
                                            sip::Outbox& outbox) {
  Verdict verdict;
  verdict.kind = Verdict::Kind::StrayResponse;
  const auto named = client_of(response.via().branch);
  ClientTransaction* client = named ? clients_.find(*named) : nullptr;
  if (client == nullptr || client->reserved) return verdict;
  ClientId id = *named;
  const bool invite = client->machine == Machine::InviteClient;
  if (invite && response.cseq().method == sip::Method::Cancel) {
    id = client->cancel;
    client = clients_.find(id);
    if (client == nullptr) return verdict;
  } else if (invite != (response.cseq().method == sip::Method::Invite)) {
    return verdict;
  }
  const std::uint64_t user = client->user.owner;
  const bool pass = feed_client(now, id, *client, event_of(response.status()), &response, outbox,
                                nullptr);
  if (!pass || user == 0) {
    verdict.kind = Verdict::Kind::Absorbed;
    return verdict;
  }
  verdict.kind = Verdict::Kind::Response;
  verdict.client = id;
  verdict.user = user;
  return verdict;
}

std::uint32_t TransactionLayer::check_of(ClientId id) const {
  const std::uint64_t word = id.packed();
  char bytes[sizeof word];
  std::memcpy(bytes, &word, sizeof word);
  return std::uint32_t(siphash(key_, {std::string_view(bytes, sizeof bytes)}));
}

ReservedClient TransactionLayer::reserve_client() {
  ReservedClient reserved;
  reserved.id = clients_.insert();
  char* at = reserved.text.data();
  std::memcpy(at, kCookie.data(), kCookie.size());
  at = write_hex(at + kCookie.size(), exchange_, 2);
  at = write_hex(at, reserved.id.slot, 8);
  at = write_hex(at, reserved.id.generation, 8);
  write_hex(at, check_of(reserved.id), 8);
  return reserved;
}

std::optional<ClientId> TransactionLayer::client_of(std::string_view branch) const {
  if (branch.size() != ReservedClient::kBranchSize || !branch.starts_with(kCookie)) {
    return std::nullopt;
  }
  branch.remove_prefix(kCookie.size());
  const auto exchange = read_hex(branch.substr(0, 2));
  const auto slot = read_hex(branch.substr(2, 8));
  const auto generation = read_hex(branch.substr(10, 8));
  const auto check = read_hex(branch.substr(18, 8));
  if (!exchange || !slot || !generation || !check || *exchange != exchange_) return std::nullopt;
  ClientId id;
  id.slot = std::uint32_t(*slot);
  id.generation = std::uint32_t(*generation);
  if (*check != check_of(id)) return std::nullopt;
  return id;
}

// Shorter than the branch of a client transaction: no answer is taken for one of those.
StatelessBranch TransactionLayer::stateless_branch(std::uint64_t random) const {
  StatelessBranch branch;
  std::memcpy(branch.text.data(), kCookie.data(), kCookie.size());
  write_hex(write_hex(branch.text.data() + kCookie.size(), exchange_, 2), random, 16);
  return branch;
}

void TransactionLayer::rebuild() {
  by_key_ = KeyTable();
  by_merge_key_ = KeyTable();
  servers_.for_each([&](ServerId id, const ServerTransaction& server) {
    by_key_.insert(server.key, id.slot);
    if (server.merge_key != 0) by_merge_key_.insert(server.merge_key, id.slot);
  });
}

bool TransactionLayer::consistent() const {
  bool fine = by_key_.size() == servers_.size();
  servers_.for_each([&](ServerId id, const ServerTransaction& server) {
    fine = fine && find_server(server.key) == id.slot && has_state(server.machine, server.state);
    // What is over and done with must be on its way out.
    const bool open = server.state == State::Trying || server.state == State::Proceeding;
    fine = fine && (open || server.expire_at != kNever);
  });
  std::size_t unanswered = 0;
  clients_.for_each([&](ClientId, const ClientTransaction& client) {
    fine = fine && !client.reserved && has_state(client.machine, client.state);
    unanswered += client.unanswered ? 1 : 0;
  });
  std::size_t listed = 0;
  for (ClientId id = unanswered_; const ClientTransaction* client = clients_.find(id);
       id = client->next) {
    if (++listed > unanswered) return false;
  }
  return fine && listed == unanswered;
}

}  // namespace tandem::transaction
