// One user agent's half of a call over SIP: dialog, offer/answer order, reliable provisionals and
// requests in the dialog (RFC 3261 §12-15, 3262, 3264, 3311, 6026, 6141). It turns messages into
// primitives (primitives.h) and primitives into messages; it knows nothing of the other half.
//
// A leg is a value in the exchange's slot map, named by LegId. Its functions send through the
// transaction layer and append Events for the call; nothing calls back.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/owner.h"
#include "base/rng.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "base/timer_wheel.h"
#include "core/credentials/credentials.h"
#include "core/directory/directory.h"
#include "core/facts/call_facts.h"
#include "core/leg/identity.h"
#include "core/leg/primitives.h"
#include "core/leg/session_state.h"
#include "core/leg/work.h"
#include "core/sdp/codecs.h"
#include "core/sdp/sdp.h"
#include "core/sip/message.h"
#include "core/sip/path.h"
#include "core/sip/writer.h"
#include "core/transaction/layer.h"

namespace tandem::leg {

// One listening address as peers see it.
struct LocalAddress {
  sip::Transport transport = sip::Transport::Udp;
  Endpoint address;
  std::string host_port;  // "192.0.2.1:5060", IPv6 in brackets: for Via and Contact
};

// The ACK of an answer to the INVITE of this CSeq came.
struct Confirmation {
  std::uint64_t call = 0;  // packed id
  std::uint32_t cseq = 0;
};

// What a leg may use while it handles one input.
struct Context {
  Now now;
  const directory::Directory& directory;
  const directory::Parameters& parameters;  // of `directory`
  const directory::Parameters& live;        // of the newest: for what acts at once
  const transaction::Timers& timers;
  transaction::TransactionLayer& transactions;
  credentials::Credentials& credentials;
  TimerWheel& wheel;
  Rng& rng;
  sip::Outbox& outbox;
  std::vector<Event>& events;
  std::deque<std::string>& kept;         // bytes that events point to, until they are handled
  std::vector<std::uint64_t>& changed;   // packed ids of calls whose state is to be kept anew
  std::vector<Confirmation>& confirmed;  // of calls whose state changed in nothing else
  std::span<const LocalAddress> locals;  // by Path::local
  std::span<char> scratch;               // room for one message under construction
  std::string& head;                     // and for header lines it begins with
  sdp::Session& session;                 // room for one session description
  std::uint8_t exchange = 0;             // our number, part of every token
  bool jitter = true;                    // refreshes are moved a little, at random
  std::uint64_t flow_no = 0;             // of the call, for the trace

  // Appends `event` with its annex, whose bytes are kept until the event is handled.
  void keep(Event event, std::string annex);
};

// The listening address a message to `path` leaves from: same transport and family, the wanted
// address and port when given; nothing when there is none.
std::optional<std::uint16_t> local_for(std::span<const LocalAddress> locals, const sip::Path& path,
                                       const IpAddress& wanted_ip, std::uint16_t wanted_port);

enum class Side : std::uint8_t { Ingress, Egress };

enum class Stage : std::uint8_t {
  Calling,    // INVITE in or out, no final answer yet
  Accepted,   // 2xx sent and not acknowledged; or 2xx received and our ACK waits for the answer
  Confirmed,  // acknowledged
  Leaving,    // released: the outcome of CANCEL or BYE is awaited, or the ACK before a BYE
  Ended,      // nothing more will be sent or understood
};

// Whether provisionals of this leg are acknowledged (RFC 3262).
enum class Reliability : std::uint8_t { Off, Supported, Required };

// What a leg needs to start an egress INVITE.
struct SetupOrder {
  sip::Path path;
  std::string_view peer_host_port;  // host part of Request-URI and To
  std::string_view callee;
  std::string_view to_user = {};    // who stands in To; "" = the callee
  std::string_view target = {};     // Request-URI; "" = the callee at the peer
  std::string_view routes = {};     // Route of the INVITE (RFC 3327); "" = none
  Caller caller;
  std::string_view from_host;       // "" = our own address; local_domain of the device comes first
  std::string_view contact_user;    // "" = the caller
  credentials::Peer challenger;     // whose challenges are answered
  std::string_view user_parameters = {};  // ";npdi": behind the callee in the Request-URI
  std::string_view forwarding;      // number the call was forwarded at; "" = none
  directory::ForwardSignal forward_signal = directory::ForwardSignal::Diversion;
  std::string_view annex;           // header lines from the other leg (header_policy.h)
  Body offer;                       // empty: late offer
  bool reliable = true;             // provisionals may be: what the device wants decides
  seconds session_interval{};       // proposed, when the device has a session timer
  int max_forwards = 70;
  std::string_view loop_token;
};

class Leg {
 public:
  Leg() = default;
  explicit Leg(Side leg_side) : side_(leg_side) {}

  // --- what the exchange hands to a leg ---

  // A new INVITE; sends 100 when asked to. A value is what the call must refuse it with.
  std::optional<Release> open(Context& context, LegId self, const sip::Message& invite,
                              const sip::Path& path, transaction::ServerId transaction);
  // The session description of a message of the peer, as far as its device may use it; nothing when
  // no codec is left. Lives as long as events of this input do.
  std::optional<Body> heard_session(Context& context, const sip::Message& message, sdp::Turn turn);
  // Any other request that names this leg's dialog. `transaction` is none for an ACK.
  void on_request(Context& context, const sip::Message& request, const sip::Path& path,
                  transaction::ServerId transaction);
  void on_ack(Context& context, const sip::Message& ack, const sip::Path& path);
  // The peer cancels the INVITE of `transaction`; the 200 to the CANCEL was sent by the exchange.
  void on_cancel(Context& context, transaction::ServerId transaction, const sip::Message& cancel);
  void on_response(Context& context, transaction::ClientId transaction,
                   const sip::Message& response, const sip::Path& path);
  // No answer came, or nothing could be sent.
  void on_transaction_event(Context& context, const transaction::TransactionEvent& event);
  void on_timer(Context& context);
  // A 2xx to an INVITE of ours whose leg is gone, from another branch of a fork for instance: it is
  // acknowledged and its dialog ended (RFC 3261 §13.2.2.4).
  static void drop_stray(Context& context, transaction::ClientId invite,
                         const sip::Message& response, const sip::Path& path);

  // The 2xx to an INVITE that an earlier process sent.
  void on_stray_accepted(Context& context, const sip::Message& response);

  // --- what the call tells a leg ---

  // Goes on in another process, from what was kept so long ago: nothing is open, timers are armed.
  // False: it cannot.
  bool resume(Context& context, milliseconds kept_since);
  // The answer to the INVITE of this CSeq was acknowledged after the leg was kept.
  void resume_confirmed(Context& context, std::uint32_t cseq);

  // The caller's wish for a session timer; a value is what its INVITE is to be refused with
  // (table 2.1).
  std::optional<Release> agree_timer(Context& context, const TimerAsk& ask);
  // Asks the peer for a sign of life; its Supervision or Release follows. False: not possible now.
  bool probe(Context& context);

  void setup(Context& context, LegId self, const SetupOrder& order);            // egress
  void trying(Context& context);  // ingress: says again that it is dealt with
  void progress(Context& context, int status, const Body& body, std::uint8_t branch,
                std::string_view annex);                                         // ingress
  void connect(Context& context, const Body& body, std::uint8_t branch,
               std::string_view annex);                                          // ingress
  // The other half's answer to an offer this leg's peer made in its 2xx or reliable provisional.
  void confirm(Context& context, const Body& body);
  void release(Context& context, const Release& release);
  void modify(Context& context, const Event& wish);
  void answer_modify(Context& context, int status, const Body& body, const Release& release);
  void withdraw_modify(Context& context);
  void info(Context& context, const Event& news);
  void answer_info(Context& context, const Event& reply);
  // The other half cannot answer any more what this peer asked of it.
  void end_pending_requests(Context& context);

  // --- what others may know ---

  Side side() const { return side_; }
  Stage stage() const { return stage_; }
  std::uint64_t call() const { return call_; }
  void belong_to(std::uint64_t call) { call_ = call; }
  // Whom this leg speaks to: before open() or setup().
  void speak_to(directory::DeviceRef device, const directory::DeviceRules& rules) {
    device_ = device;
    rules_ = rules;
    timer_.on = rules.session_timer;
  }
  const directory::DeviceRules& rules() const { return rules_; }
  // Whose challenges to our requests in the dialog are answered.
  void challenged_by(credentials::Peer peer) { challenger_ = peer; }
  // Header lines for every request to this peer, each with its CRLF (extra_headers.h).
  void add_to_requests(std::string lines) {
    extra_lines_ = std::make_unique<std::string>(std::move(lines));
  }
  const std::string& call_id() const { return call_id_; }
  const std::string& local_tag() const { return local_tag_; }
  const std::string& remote_tag() const { return remote_tag_; }
  const std::string& remote_target() const { return target_; }
  const std::string& routes() const { return routes_; }
  std::uint32_t local_cseq() const { return local_cseq_; }
  std::uint32_t remote_cseq() const { return remote_cseq_known_ ? remote_cseq_ : 0; }
  const sip::Path& path() const { return path_; }
  bool peer_supports_reliable() const { return reliability_ != Reliability::Off; }
  // True while a Modify cannot be started: one is open in either direction.
  bool modify_open() const;
  bool can_update_early(std::uint8_t branch) const;
  UtcTime last_heard() const { return last_heard_; }
  bool has_timer() const { return timer_.interval != 0; }
  const SessionState& timer() const { return timer_; }
  // What the caller's INVITE was granted; 0 = nothing.
  seconds granted_interval() const { return work().granted.interval; }
  bool peer_updates() const { return peer_updates_; }
  // True when this request's dialog identifiers are this leg's (RFC 3261 §12.2.2).
  bool matches(const sip::Message& request) const;
  bool consistent() const;

  template <class Archive>
  void fields(Archive& archive) {
    archive(side_, stage_, reliability_, call_, self_, path_, call_id_, local_, local_tag_, remote_,
            remote_tag_, target_, routes_, local_user_, local_cseq_, remote_cseq_,
            remote_cseq_known_, peer_updates_, bye_after_ack_, early_told_, branch_);
    archive(ack_cseq_, ack_waits_, device_, rules_, challenger_, extra_lines_, habits_, gone_,
            resumed_, last_heard_, timer_, session_, session_mark_);
    if constexpr (Archive::kLasting) {
      // Of what is open only the answer that waits for its ACK goes on (resume()).
      bool waits = work_ && !work_->answer.bytes.empty();
      archive(waits);
      if (waits) archive(work().answer);
    } else {
      archive(work_, invite_client_, ack_transaction_, clients_, alarm_);
    }
  }

 private:
  enum class Session : std::uint8_t { No, Yes };  // does an answer belong to a session request

  // --- writing (leg_writing.cc) ---
  sip::Writer response(Context& context, int status, std::string_view phrase,
                       std::string_view head, std::string_view to, std::uint8_t branch) const;
  // What tells the dialogs of one INVITE apart.
  struct Dialog {
    std::string_view local_tag, remote_tag, target, routes;
  };
  sip::Writer request(Context& context, sip::Method method, std::string_view branch,
                      std::uint32_t cseq, const Dialog& dialog,
                      std::optional<int> max_forwards = std::nullopt) const;
  sip::Writer request(Context& context, sip::Method method, std::string_view branch,
                      std::uint32_t cseq) const;
  void write_contact(const Context& context, sip::Writer& writer) const;
  void write_abilities(sip::Writer& writer) const;
  // The lines of a message of this peer that may pass to the other leg.
  void gather_annex(std::string& annex, const sip::Message& message) const;
  // The lines of the other leg that pass to this peer, and in a request those of the device's own.
  void write_passed(const Context& context, sip::Writer& writer, std::string_view annex,
                    const Identity* identity = nullptr) const;
  void write_extra(sip::Writer& writer) const {
    if (extra_lines_) writer.raw(*extra_lines_);
  }
  // What this leg calls itself: the host in URIs of its own, and in Contact.
  std::string own_host(const Context& context) const;
  std::string contact_host(const Context& context) const;

  // --- session descriptions on their way (sessions.cc) ---
  // As the device may see it; nothing when no codec is left.
  std::optional<Body> said_session(Context& context, const Body& body, sdp::Turn turn) const;
  // The lists and texts of this peer; nullptr when it has none, or is not configured any more.
  const directory::Device* lists(const Context& context) const;
  void answer_at_once(Context& context, const sip::Message& request, const sip::Path& path,
                      transaction::ServerId transaction, int status, std::string_view extra = {});
  void answer_pending(Context& context, const PendingServer& pending, int status, const Body& body,
                      const Release& release, Session session);

  // --- ingress (ingress.cc, reliable.cc) ---
  std::optional<Release> check_invite(const sip::Message& invite);
  void send_provisional(Context& context, int status, const Body& body, std::uint8_t branch,
                        std::string_view annex);
  void pump_provisionals(Context& context);
  void on_prack(Context& context, const sip::Message& prack, const sip::Path& path,
                transaction::ServerId transaction);
  void accept_invite(Context& context, int status, const Body& body, std::string_view annex);
  void send_answer(Context& context, const Body& body, std::uint8_t branch,
                   std::string_view annex);
  void refuse(Context& context, const Release& release);
  // Of the description in an answer of ours to the INVITE that is open.
  sdp::Turn turn_of_answer() const {
    return read_work().invite_server.offered ? sdp::Turn::Answer : sdp::Turn::Offer;
  }

  // --- egress (egress.cc) ---
  void on_invite_response(Context& context, const sip::Message& response, const sip::Path& path);
  void on_provisional(Context& context, const sip::Message& response, const sip::Path& path);
  void on_accepted(Context& context, const sip::Message& response, const sip::Path& path);
  void fail_setup(Context& context, cause::EndReason reason);
  // The description in an answer of the peer to our INVITE.
  Body heard_answer(Context& context, const sip::Message& response);
  void on_extra_accepted(Context& context, transaction::ClientId invite,
                         const sip::Message& response, const sip::Path& path);
  EarlyDialog* early_dialog(const sip::Message& response);
  void send_prack(Context& context, EarlyDialog& dialog, std::uint32_t rseq, const Body& body);
  void send_ack(Context& context, const Body& body);
  bool start_initial_invite(Context& context, const transaction::ReservedClient& reserved,
                            const sip::Writer& writer);
  void drop_branch(Context& context, transaction::ClientId invite, const sip::Message& response,
                   const sip::Path& path);

  // --- session timer (refreshing.cc) ---
  std::optional<Release> consider_timer(Context& context, const TimerAsk& ask);
  void write_grant(sip::Writer& writer, const TimerAnswer& granted) const;
  void take_grant(Context& context, const TimerAnswer& granted);
  void write_timer(const Context& context, sip::Writer& writer) const;
  void propose_timer(const Context& context, sip::Writer& writer, seconds ttl);
  std::uint64_t least_interval(const Context& context) const;
  void take_timer_reply(Context& context, const sip::Message& response, bool initial);
  void run_timer(Context& context, TimerRule rule, seconds interval, Role refresher,
                 bool one_sided);
  void drive(Context& context, RefreshEvent event,
             cause::EndReason reason = cause::EndReason::SessionTimeout);
  milliseconds early(Context& context, seconds interval) const;
  void tell_life(Context& context, LifeNews news, int status = 0, std::uint32_t asked = 0,
                 std::uint32_t granted = 0) const;
  void tell_dead(Context& context, cause::EndReason reason);
  bool may_refresh() const;
  Instant refresh_limit(const Context& context) const;
  void plan_retry(const Context& context);
  void send_refresh(Context& context);
  void send_session_again(Context& context);
  void on_refresh_answer(Context& context, int status, const sip::Message* response);
  void on_refresh_broken(Context& context);
  bool raise_interval(Context& context, const sip::Message& response);
  void note_refresh(Context& context, int status);
  bool repeat_invite(Context& context, const sip::Message& response);
  Instant timer_due() const;
  void on_session_time(Context& context);
  void on_probe_answer(Context& context, int status, const sip::Message* response);
  // Remembers the peer's description; true when it differs from the one before.
  bool note_session(const Body& body);
  void propose_changed_session(Context& context, const Body& body);
  void tell_untold(Context& context);
  void on_untold_answer(Context& context, int status);
  Instant untold_due() const { return parting() ? kNever : read_work().untold.at; }
  void write_supported(sip::Writer& writer, bool reliable) const;

  sip::Path reachable(const Context& context, sip::Path path) const;  // resuming.cc
  void resume_timer(const Context& context);
  // What would be missed after a restart has changed.
  void note_change(Context& context) const { context.changed.push_back(call_); }

  // --- challenges of the peer (authorizing.cc) ---
  void write_credentials(Context& context, sip::Writer& writer, sip::Method method,
                         std::string_view uri) const;
  bool may_answer(Context& context, const sip::Message& refusal, std::uint8_t answered) const;
  sip::Writer write_with_credentials(Context& context, std::string_view branch,
                                     std::uint32_t cseq) const;
  bool answer_challenged_invite(Context& context, const sip::Message& refusal);
  bool answer_challenged(Context& context, const PendingClient& pending,
                         const sip::Message& refusal);
  std::uint32_t next_cseq(const PendingClient& pending, const sip::Message& refusal);

  // --- in the dialog (in_dialog.cc, modify.cc) ---
  void on_bye(Context& context, const sip::Message& bye, const sip::Path& path,
              transaction::ServerId transaction);
  void on_session_request(Context& context, const sip::Message& request, const sip::Path& path,
                          transaction::ServerId transaction);
  void on_info(Context& context, const sip::Message& request, const sip::Path& path,
               transaction::ServerId transaction);
  void on_pending_response(Context& context, const PendingClient& pending,
                           const sip::Message& response);
  void send_bye(Context& context, std::string_view own_lines);
  // Where requests go to a peer that speaks from `source`.
  sip::Path next_hop(const Context& context, const sip::Path& source) const;
  // Where requests in the dialog go as it stands, or in an early one.
  sip::Path dialog_path(const Context& context, std::uint8_t early_branch) const;
  void learn_peer(const Context& context, const sip::Message& message, const sip::Path& path);
  void start_client(Context& context, PendingClient pending,
                    const transaction::ReservedClient& reserved, const sip::Writer& writer,
                    const sip::Path& path);
  bool start_reinvite(Context& context, const transaction::ReservedClient& reserved,
                      const sip::Writer& writer, bool refresh);
  void on_bare_update(Context& context, const sip::Message& request, const sip::Path& path,
                      transaction::ServerId transaction);
  void fail_pending(Context& context, const PendingClient& pending, int status);
  void on_invite_failure(Context& context, bool timeout);
  sip::Writer in_dialog_request(Context& context, sip::Method method,
                                std::string_view transaction_branch, std::uint8_t early_branch);
  // The early dialog a request of the peer came in, and the one of that number; nullptr = none.
  std::uint8_t early_branch_of(const sip::Message& request) const;
  const EarlyDialog* early_dialog(std::uint8_t branch) const;
  void leave_dialog(Context& context, const Release& release);
  void cancel_invite(Context& context, const Release& release);
  std::string reason_lines(Context& context, const Release& release) const;
  bool our_offer_open() const;
  bool their_offer_open() const;
  void hear(const Context& context, int status);
  bool parting() const { return stage_ == Stage::Leaving || stage_ == Stage::Ended; }
  void on_work_time(Context& context);
  void finish_if_idle(Context& context);
  Work& work() {
    if (!work_) work_ = std::make_unique<Work>();
    return *work_;
  }
  const Work& work() const;
  const Work& read_work() const { return work(); }  // makes none
  void compact() {
    if (work_ && work_->done()) work_.reset();
  }
  void arm(Context& context);
  Event event(Primitive primitive) const;
  transaction::User user(const Context& context) const {
    return {owner_word(Owner::Kind::Leg, self_), context.flow_no};
  }

  Side side_ = Side::Ingress;
  Stage stage_ = Stage::Calling;
  Reliability reliability_ = Reliability::Off;  // towards and from this peer
  std::uint64_t call_ = 0;                      // packed id of the call it belongs to
  LegId self_{};
  sip::Path path_;             // where requests in the dialog go
  // The dialog (RFC 3261 §12). URIs and From/To values without tags.
  std::string call_id_;
  std::string local_;          // our From/To value
  std::string local_tag_;      // without branch until the 2xx is sent
  std::string remote_;
  std::string remote_tag_;
  std::string target_;         // remote target
  std::string routes_;         // Route values in order, ", " between them
  std::string local_user_;     // user part of our Contact
  std::uint32_t local_cseq_ = 0;
  std::uint32_t remote_cseq_ = 0;
  bool remote_cseq_known_ = false;
  bool peer_updates_ = false;  // its latest Allow lists UPDATE
  bool bye_after_ack_ = false; // released between our 2xx and its ACK (RFC 3261 §15)
  bool early_told_ = false;    // the caller knows an early dialog: a provisional with a tag went out
  std::uint8_t branch_ = 0;    // early dialog told to the caller last
  std::unique_ptr<Work> work_;  // nothing = all done
  InviteClient invite_client_;
  transaction::ClientId ack_transaction_{};
  std::uint32_t ack_cseq_ = 0;
  bool ack_waits_ = false;     // 2xx came with an offer: the ACK needs the answer
  std::vector<PendingClient> clients_;
  directory::DeviceRef device_;
  directory::DeviceRules rules_;
  credentials::Peer challenger_;
  std::unique_ptr<std::string> extra_lines_;
  sdp::CodecHabits habits_;  // of the peer's last description
  bool gone_ = false;          // Gone was told
  bool resumed_ = false;       // it was made by an earlier process
  UtcTime last_heard_{};
  SessionState timer_;
  std::string session_;            // description we sent last, agreed on; "" = none
  std::uint64_t session_mark_ = 0; // of the peer's last one
  TimerId alarm_{};
};

}  // namespace tandem::leg
