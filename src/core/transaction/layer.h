// The transaction layer (RFC 3261 §17, RFC 6026): which transaction a message belongs to, what is
// sent again, what times out. It knows nothing of dialogs and calls; its users are legs and others,
// each named by the word of its Owner.
//
// A client transaction is named in its own branch (exchange, slot, generation and a keyed check), so
// that an answer finds it without a table and nobody can guess one. A server transaction is found by
// a keyed hash of what RFC 3261 §17.2.3 compares.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/owner.h"
#include "base/siphash.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "base/timer_wheel.h"
#include "core/sip/message.h"
#include "core/sip/outbox.h"
#include "core/sip/path.h"
#include "base/key_table.h"
#include "core/transaction/machines.h"
#include "core/transaction/via.h"

namespace tandem::transaction {

struct ServerTransaction;
struct ClientTransaction;
using ServerId = SlotId<ServerTransaction>;
using ClientId = SlotId<ClientTransaction>;

// From the parameters of group sip_timer.
struct Timers {
  milliseconds t1{500};
  milliseconds t2{4000};
  milliseconds t4{5000};
  milliseconds non_invite_timeout{32000};        // Timer F
  milliseconds ack_timeout{32000};               // Timer H, and the 2xx without ACK
  milliseconds cancel_wait{32000};               // for the final answer of a cancelled INVITE
  std::vector<milliseconds> invite_resend{milliseconds(500), milliseconds(1000),
                                          milliseconds(2000), milliseconds(4000)};
};

// Empties a text that is not needed any more. Assigning an empty string would keep its memory, for
// the half minute that the transaction stays.
inline void give_back(std::string& text) { std::string().swap(text); }

// Who uses a transaction, and the call it belongs to (for the trace).
struct User {
  std::uint64_t owner = 0;  // Owner::packed(); 0 = nobody wants to hear of it
  std::uint64_t flow_no = 0;

  template <class Archive>
  void fields(Archive& archive) {
    archive(owner, flow_no);
  }
};

enum class ClientKind : std::uint8_t {
  InitialInvite,  // repeated as SS_SIP_RESEND_INTERVAL says
  ReInvite,       // repeated by T1, Timer B = 64*T1
  NonInvite,
};

struct ServerTransaction {
  std::uint64_t key = 0;
  std::uint64_t merge_key = 0;  // 0 = the request was in a dialog
  User user;
  sip::Path path;       // where answers go
  std::string last;     // the answer sent last; "" = none, or not needed any more
  TimerId timer{};
  Instant resend_at = kNever;
  Instant expire_at = kNever;
  milliseconds wait{};
  State state{};
  Machine machine{};

  template <class Archive>
  void fields(Archive& archive) {
    archive(key, merge_key, user, path, last, timer, resend_at, expire_at, wait, state, machine);
  }
};

struct ClientTransaction {
  User user;
  sip::Path path;
  std::string request;        // until the final answer; then the ACK of a refusal
  std::string cancel_reason;  // header lines for a CANCEL that waits for a provisional answer
  TimerId timer{};
  Instant resend_at = kNever;
  Instant expire_at = kNever;
  milliseconds wait{};
  ClientId cancel{};          // the CANCEL of this INVITE
  ClientId next{}, previous{};  // among those without any answer
  std::uint8_t resends = 0;
  State state{};
  Machine machine{};
  ClientKind kind{};
  bool cancelled = false;
  bool unanswered = false;
  bool reserved = true;       // named, not started

  template <class Archive>
  void fields(Archive& archive) {
    archive(user, path, request, cancel_reason, timer, resend_at, expire_at, wait, cancel, next,
            previous, resends, state, machine, kind, cancelled, unanswered, reserved);
  }
};

// A client transaction that has a name and has not begun.
struct ReservedClient {
  static constexpr std::size_t kBranchSize = 7 + 2 + 8 + 8 + 8;
  ClientId id{};
  std::array<char, kBranchSize> text{};
  std::string_view branch() const { return {text.data(), text.size()}; }
};

struct StatelessBranch {
  std::array<char, 7 + 2 + 16> text{};
  operator std::string_view() const { return {text.data(), text.size()}; }
};

// What a message is to the exchange.
struct Verdict {
  enum class Kind : std::uint8_t {
    Absorbed,       // a retransmission: dealt with
    Repeated,       // a retransmission: `server` was answered by respond_unkept()
    NewRequest,     // `server` is to be answered
    Merged,         // the same request over another way: `server` is to be answered 482
    Cancel,         // `server` = the CANCEL, `cancelled` = its INVITE, of `user`
    CancelUnknown,  // `server` = a CANCEL of nothing
    AckToUser,      // the ACK of a 2xx: belongs to a dialog
    Response,       // to `client` of `user`
    StrayResponse,  // to nothing of ours
    Refused,        // a new request, and no room for it
  };
  Kind kind = Kind::Absorbed;
  ServerId server{};
  ServerId cancelled{};
  ClientId client{};
  std::uint64_t user = 0;
};

enum class TransactionEventKind : std::uint8_t {
  Timeout,     // no (final) answer came
  Failure,     // nothing can be sent there
  Terminated,  // an accepted INVITE: its 2xx cannot come again
};
struct TransactionEvent {
  TransactionEventKind kind{};
  ClientId client{};
  std::uint64_t user = 0;
};

class TransactionLayer {
 public:
  // `exchange` is written into every branch; `wheel` outlives the layer.
  TransactionLayer(std::uint8_t exchange, SipHashKey key, TimerWheel& wheel);

  // For transactions that begin from now on.
  void use(const Timers& timers) { timers_ = timers; }
  // What is done from here on is done for a call that began with these timers: those that act on the
  // next call alone are taken from them. nullptr: for no call. Must live until the next one is told.
  void act_for(const Timers* of_call) { of_call_ = of_call; }
  // Of a client transaction whose timer is due; nothing when it is over.
  const User* user_of(const Owner& owner) const;

  // Under which keys a request is looked for; their places, in tables larger than the caches, are
  // being fetched from here on. Of a response there are none.
  struct Keys {
    std::uint64_t server = 0;
    std::uint64_t merge = 0;  // 0 = it is in a dialog
  };
  Keys keys_of(const sip::Message& message) const;
  // `keys` are those of the message.
  Verdict classify(Instant now, const sip::Message& message, const Keys& keys,
                   const sip::Path& path, sip::Outbox& outbox);
  Verdict classify(Instant now, const sip::Message& message, const sip::Path& path,
                   sip::Outbox& outbox) {
    return classify(now, message, keys_of(message), path, outbox);
  }

  // --- server ---
  void set_user(ServerId id, User user);
  // Where answers go, and to have them go elsewhere than RFC 3261 §18.2.2 and RFC 3581 say.
  sip::Path answer_path(ServerId id) const;
  void answer_to(ServerId id, const sip::Path& path);
  // Sends an answer, remembers it for retransmissions. Nothing happens when the transaction is over
  // or has its final answer.
  void respond(Instant now, ServerId id, int status, std::string_view bytes, sip::Outbox& outbox);

  // The same, but sent again only when the request comes again, not by Timer G: who is not known
  // gets no more answers than he sends requests.
  void respond_once(Instant now, ServerId id, int status, std::string_view bytes,
                    sip::Outbox& outbox);

  // The same, but the bytes are not kept: when the request comes again its answer is made again. For
  // answers that change nothing when they are, and would fill the memory for half a minute each.
  void respond_unkept(Instant now, ServerId id, int status, std::string_view bytes,
                      sip::Outbox& outbox);
  // A number that is the same each time the request comes, for what its answers are made of.
  std::uint32_t salt_of(ServerId id) const;

  // Forgets a request that is not to be answered: what comes again is as new.
  void drop(ServerId id);

  // --- client ---
  ReservedClient reserve_client();
  // Sends `request`, whose Via must bear the reserved branch. False when there is no room: the
  // reservation stands and is to be abandoned.
  bool start_client(Instant now, const ReservedClient& reserved, ClientKind kind,
                    const sip::Path& path, std::string_view request, User user,
                    sip::Outbox& outbox);
  void abandon_reserved(const ReservedClient& reserved);
  // Sends it no more; what is still answered is stray.
  void give_up(ClientId id);
  // Cancels an INVITE: at once when a provisional answer came, else when one comes
  // (RFC 3261 §9.1). `reason` = header lines for the CANCEL, each with CRLF.
  void cancel(Instant now, ClientId id, std::string_view reason, sip::Outbox& outbox);
  // While the user handles a final answer: the request it answers, to be sent again with a change.
  std::string_view answered_request() const { return answered_; }
  // Where it was sent; nullptr when it is over.
  const sip::Path* path_of(ClientId id) const {
    const ClientTransaction* client = clients_.find(id);
    return client == nullptr ? nullptr : &client->path;
  }
  // True for an INVITE that began a dialog, not one inside it.
  bool is_initial(ClientId id) const;
  // A 2xx with this To tag belongs to a dialog that is let go: true the first time, when it wants a
  // BYE, and not when it only comes again.
  bool first_let_go(ClientId id, std::string_view tag);
  // A branch for an ACK of a 2xx, which has no transaction.
  StatelessBranch stateless_branch(std::uint64_t random) const;

  // --- time and transport ---
  void on_timer(Instant now, const Owner& owner, sip::Outbox& outbox,
                std::vector<TransactionEvent>& events);
  // Unanswered requests to that peer fail.
  void on_path_failed(Instant now, const sip::Path& path, std::vector<TransactionEvent>& events);

  std::size_t size() const { return servers_.size() + clients_.size(); }
  bool consistent() const;

  template <class Archive>
  void save(Archive& archive) const {
    archive(servers_, clients_, unanswered_);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(servers_, clients_, unanswered_);
    if (!archive.failed()) rebuild();
  }

 private:
  // classify.cc
  std::uint64_t server_key(const sip::Message& request, sip::Method method) const;
  std::uint64_t merge_key(const sip::Message& request) const;
  std::uint32_t find_server(std::uint64_t key) const;  // its slot; KeyTable::kNone = there is none
  const ServerTransaction& server_at(std::uint32_t slot) const {
    return *servers_.find(servers_.id_of(slot));
  }
  Verdict classify_request(Instant now, const sip::Message& request, const Keys& keys,
                           const sip::Path& path, sip::Outbox& outbox);
  Verdict classify_response(Instant now, const sip::Message& response, sip::Outbox& outbox);
  Verdict classify_ack(Instant now, const Keys& keys);
  ServerId open_server(const sip::Message& request, const sip::Path& path, std::uint64_t key);
  std::uint32_t check_of(ClientId id) const;
  std::optional<ClientId> client_of(std::string_view branch) const;

  // client.cc
  bool feed_client(Instant now, ClientId id, ClientTransaction& client, Event event,
                   const sip::Message* response, sip::Outbox& outbox,
                   std::vector<TransactionEvent>* events);
  void enter_client(Instant now, ClientId id, ClientTransaction& client, State state);
  void resend_client(Instant now, ClientTransaction& client, sip::Outbox& outbox);
  void send_cancel(Instant now, ClientId id, ClientTransaction& client, sip::Outbox& outbox);
  void link_unanswered(ClientId id, ClientTransaction& client);
  void unlink_unanswered(ClientTransaction& client);
  void erase_client(ClientId id, ClientTransaction& client);

  const Timers& timers_of_call() const { return of_call_ != nullptr ? *of_call_ : timers_; }

  // server.cc
  void answer(Instant now, ServerId id, int status, std::string_view bytes, bool kept,
              sip::Outbox& outbox);
  Effect feed_server(Instant now, ServerId id, ServerTransaction& server, Event event);
  void enter_server(Instant now, ServerTransaction& server, State state);
  void erase_server(ServerId id, ServerTransaction& server);

  template <class Transaction>
  void arm(Owner::Kind kind, SlotId<Transaction> id, Transaction& transaction);
  void rebuild();

  std::uint8_t exchange_;
  SipHashKey key_;
  TimerWheel& wheel_;
  Timers timers_;
  const Timers* of_call_ = nullptr;
  SlotMap<ServerTransaction, ServerId> servers_;
  SlotMap<ClientTransaction, ClientId> clients_;
  ClientId unanswered_{};  // first of the list
  KeyTable by_key_;
  KeyTable by_merge_key_;
  std::string answered_;  // of the answer being handled
};

template <class Transaction>
void TransactionLayer::arm(Owner::Kind kind, SlotId<Transaction> id, Transaction& transaction) {
  const Instant due = std::min(transaction.resend_at, transaction.expire_at);
  if (due == kNever) {
    wheel_.cancel(transaction.timer);
    transaction.timer = {};
  } else if (!wheel_.rearm(transaction.timer, due)) {
    transaction.timer = wheel_.arm(due, owner_word(kind, id));
  }
}

}  // namespace tandem::transaction
