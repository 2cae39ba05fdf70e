// The inside of an Exchange: everything it holds, as one value.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/archive.h"
#include "base/rng.h"
#include "base/slot_map.h"
#include "base/timer_wheel.h"
#include "core/call/call.h"
#include "core/digest/gate.h"
#include "core/exchange/exchange.h"
#include "core/exchange/scanner.h"
#include "core/facts/live.h"
#include "core/inquiry/inquiries.h"
#include "core/keepalive/keepalive.h"
#include "core/leg/leg.h"
#include "core/lrn/cache.h"
#include "core/probe/probes.h"
#include "core/registrar/registrar.h"
#include "core/registering/registrations.h"
#include "core/stats/counters.h"
#include "core/transaction/layer.h"

namespace tandem::exchange {

using Calls = SlotMap<call::Call, call::CallId>;

template <class Value>
void add_reply(std::vector<Reply>& replies, std::uint64_t request, Value value) {
  Reply& added = replies.emplace_back();
  added.request = request;
  added.value = std::move(value);
}

// State that lives from input to input.
struct Exchange::State {
  State(const Identity& who, std::shared_ptr<const directory::Directory> configuration);

  // --- one input each (exchange.cc, commands.cc) ---
  void on(const Received& received);
  void on(const Tick& tick);
  void on(const Adopt& adopt);
  void on(const PathFailed& failed);
  void on(const Resolved& resolved);
  void on(const LookedUp& answer);
  void on(const ListCalls& list);
  void on(const HangUp& hang_up);
  void on(const ListOutbound& list);
  void on(const RetryOutbound& retry);
  void on(const Explain& explain);
  void on(const ListOnline& list);
  void on(const ListPools& list);
  void on(const Unban& wish);
  void on(const ShowKeepAlive& wish);
  void on(const Status& status);
  void on(const Drain& drain);
  void on(const StorageFault& fault);
  void on(const ThinOut& wish);
  void on(const Kept& earlier);
  void on(const ListRegistrations& list);
  void on(const Unregister& wish);

  // --- messages (messages.cc, inviting.cc) ---
  // A phone, or a gateway that registers; `who` is nobody for an unknown name. As the caller of an
  // INVITE it may also be a gateway that is known by its address. One that is only called has neither
  // `phone` nor `gateway`.
  struct Terminal {
    registrar::Subscriber who{};
    const directory::Phone* phone = nullptr;
    const directory::IngressGateway* gateway = nullptr;
    const std::string* password = nullptr;
    directory::SipAuthentication authentication{};
    directory::ResponseAddress answers{};
    bool registers = false;
  };
  // How credentials are asked for, where answers go, and why the request was refused if it was for good.
  struct Admission {
    int status = 401;
    sip::Path back{};
    cause::EndReason refused{};
  };
  void on_stray_response();
  void on_malformed(const sip::ParseError& error, const sip::Path& path);
  void on_request(const sip::Path& path, const transaction::Verdict& verdict);
  void on_response(const sip::Path& path, const transaction::Verdict& verdict);
  leg::Leg* leg_of(std::uint64_t user);
  static registering::RegistrationId registration_of(const Owner& owner);
  void on_initial_request(const sip::Path& path, transaction::ServerId transaction);
  void on_invite(const sip::Path& path, transaction::ServerId transaction, const Terminal& from);
  void answer(const sip::Path& path, transaction::ServerId transaction, int status,
              std::string_view own_lines = {});
  void answer_stateless(const sip::Path& path, int status, std::string_view own_lines = {});
  void on_publish(const sip::Path& path, transaction::ServerId transaction, std::string_view allow);
  std::string entity_tag(std::uint64_t until) const;
  sip::Path usual_answer_path(const sip::Path& path);
  bool loops() const;
  bool is_for_us(std::string_view host) const;
  bool is_stranger(const sip::Path& path);
  const directory::OutboundRegistration* registration_called(const sip::Path& path) const;
  void refuse_stranger(const sip::Path& path, transaction::ServerId transaction);
  facts::Setup setup_at(const sip::Path& path) const;
  // The gateway that sent the request in `message`; nullptr = none.
  const directory::IngressGateway* caller_at(const sip::Path& path) const;
  void note_stranger(const sip::Path& path);
  void record_refusal(const sip::Path& path, cause::EndReason reason);
  void send_stateless(const sip::Path& path, const sip::Path& back, int status,
                      std::string_view own_lines);
  // `offered` is nothing when the caller's device may use no codec of it.
  void offer_call(call::Call& call, const sip::Path& path, const Terminal& from,
                  const std::optional<leg::Body>& offered, const leg::Release* refused,
                  leg::LegId again = {});
  call::CallId awaited_call();
  std::int64_t next_flow_no();

  // --- who lives, and who is kept reachable (watching.cc) ---
  probe::Desk probe_desk();
  void watch_later();
  void watch_configured();
  void serve_keep_alive();
  void send_keep_alives();
  void send_options(const sip::Path& path);
  bool is_echo(const sip::Path& path, const sip::ParseError& error) const;
  void tell_of_watch();
  GatewayOnline view(const directory::EgressGateway& gateway) const;
  GroupOnline view(const directory::GatewayGroup& group) const;
  void show_destinations(const directory::EgressGateway& gateway, GatewayOnline& shown) const;
  template <class Gateway>
  std::optional<facts::QualityFigures> shown_quality(const Gateway& gateway,
                                                     const facts::GatewayLive& its) const;
  // --- terminals (registering.cc) ---
  static Terminal terminal_named(const directory::Directory& directory, std::string_view name);
  Terminal terminal_named(std::string_view name) const {
    return terminal_named(*settings->directory, name);
  }
  Terminal claimed_terminal() const;
  Terminal terminal_at(const sip::Path& path) const;
  bool vouched_for(const Terminal& terminal, const sip::Path& path) const;
  bool is_at(const Terminal& terminal, const sip::Path& path, bool with_port) const;
  bool identify(const sip::Path& path, transaction::ServerId transaction, Terminal& from);
  std::string realm() const;
  void turn_away(const sip::Path& path, const sip::Path& back, transaction::ServerId transaction,
                 int status, std::string_view own_lines = {});
  bool admit(const sip::Path& path, transaction::ServerId transaction, const Terminal& terminal,
             std::string_view name, Admission& admission);
  void note_unanswered(const sip::Path& path);
  void note_wrong_password(const sip::Path& path, std::string_view name,
                           const digest::Ruling& ruling);
  void foresee_registration();
  void on_register(const sip::Path& path, transaction::ServerId transaction);
  void confirm_registration(const sip::Path& path, transaction::ServerId transaction,
                            registrar::Subscriber who);
  void confirm_again(const sip::Path& path, transaction::ServerId transaction);
  std::string_view registration_confirmed(const sip::Path& path, transaction::ServerId transaction,
                                          registrar::Subscriber who);
  sip::Path answer_path(const sip::Path& path, directory::ResponseAddress how) const;
  void keep_bindings();
  void keep_reachable(const registrar::Change& change);
  keepalive::Contact contact_of(const registrar::Binding& binding) const;
  routing::Presence presence() const { return {keep_alive, registered_contacts}; }

  // --- questions to servers about calls (inquiring.cc) ---
  inquiry::Desk inquiry_desk(leg::Context& at);
  const call::Call* asks_for(inquiry::InquiryId id) const;
  void on_inquiry_response(const sip::Path& path, const transaction::Verdict& verdict);
  void on_inquiry_timer(inquiry::InquiryId id);
  void on_inquiry_address(inquiry::InquiryId id, const std::vector<sip::Path>& targets);
  void on_inquiry_event(const transaction::TransactionEvent& event);
  std::optional<cause::EndReason> explain_questions(const directory::Directory& directory,
                                                    facts::CallFacts& call,
                                                    Explanation& told) const;
  std::optional<cause::EndReason> explain_dip(const directory::Directory& directory,
                                              const directory::Device& caller,
                                              facts::CallFacts& call, Explanation& told) const;
  bool tell_inquiry_news();  // false: there was none
  void ask_for_inquiries();

  // --- calls ---
  void settle();                 // carries events between legs and calls until none is left
  void drop_ended();
  call::Desk desk(leg::Context& context);
  leg::Context context(const call::Call* of);
  registering::Desk registering_desk();
  void on_transaction_events();
  void name_locals();
  void serve_timer(const TimerWheel::Fired& fired);
  const transaction::Timers* timers_of_user(const transaction::User* user);
  void hang_up_all(cause::EndReason reason);
  void finish_input();

  // --- what outlives the process (keeping.cc) ---
  void keep_call(const call::Call& call);
  void keep_changed();
  void keep_confirmed();
  void keep_quality(bool all);
  void keep_destinations(bool all);
  bool adopt_destination(const Kept& earlier);
  bool adopt_quality(const Kept& earlier);
  void adopt_confirmation(const Kept& earlier);
  void adopt_call(const Kept& earlier);
  bool resume_call(LastingLoader& loader, const cdr::Cdr& record);
  template <class Fill>
  void keep(KeptKind kind, std::uint64_t id, KeepBy by, Fill fill);  // `fill` writes its bytes
  void forget(KeptKind kind, std::uint64_t id, KeepBy by = KeepBy::NextWrite);
  Keep& next_keep(KeptKind kind, std::uint64_t id, KeepBy by);  // its bytes are those of an earlier one
  void end_adoption();
  // Dialogs and refreshes are much to copy: only for one call.
  enum class Detail : std::uint8_t { Little, Much };
  CallView view(const call::Call& call, Detail detail) const;
  LegView view(const leg::Leg& leg, const directory::Parameters& parameters, Detail detail) const;
  bool lacks_timer(const call::Call& call) const;
  RegistrationView view(registrar::BindingId id, const registrar::Binding& binding) const;

  template <class Archive>
  void fields(Archive& archive) {
    archive(rng, wheel, transactions, calls, legs, credentials, registrations, live, counters, scanner,
            last_flow_no, awaited, drain_deadline, drain_told, probes, keep_alive, fixed_contacts,
            registered_contacts, registrar, gate, inquiries, ported);
  }

  // --- kept from input to input ---
  Identity identity;
  std::vector<leg::LocalAddress> locals;
  std::vector<registrar::Local> own_addresses;  // as bound, by Path::local
  std::string loop_token;
  std::shared_ptr<const call::Settings> settings;
  Rng rng;
  TimerWheel wheel;
  transaction::TransactionLayer transactions;
  Calls calls;
  call::Legs legs;
  registrar::Registrar registrar;
  digest::Gate gate;
  credentials::Credentials credentials;
  registering::Registrations registrations;
  facts::Live live;
  stats::Counters counters;
  Scanner scanner;
  inquiry::Inquiries inquiries;
  lrn::Cache ported;  // numbers that were looked up
  std::int64_t last_flow_no = 0;
  std::map<std::string, std::uint64_t> awaited;  // calls answered 422, by the caller's Call-ID
  Instant drain_deadline = kNever;
  bool drain_told = false;
  probe::Probes probes;
  keepalive::KeepAlive keep_alive;
  std::map<sip::Path, keepalive::ContactId> fixed_contacts;  // of devices that do not register
  std::vector<keepalive::ContactId> registered_contacts;     // by the slot of their binding

  // --- of the input being handled ---
  Now now{};
  Actions* actions = nullptr;
  std::size_t records_before = 0;  // in `actions`, of earlier inputs
  sip::Message message;  // reused: large
  sdp::Session session;  // likewise
  std::vector<leg::Event> events;
  std::deque<std::string> kept;  // bytes that events point to
  std::vector<std::uint64_t> changed;  // packed ids of calls whose state is to be kept anew
  std::vector<leg::Confirmation> confirmed;  // of kept calls that changed in nothing else
  std::string kept_record;             // for its memory
  bool adopting = false;               // calls of an earlier process were put into their slots
  std::map<std::uint64_t, std::uint32_t> confirmed_before;  // while adopting: flow number to CSeq
  std::vector<transaction::TransactionEvent> transaction_events;
  std::vector<call::AddressQuestion> questions;
  std::vector<call::Pause> pauses;
  std::vector<sip::Path> silent;  // where phones gave no answer to a call
  std::vector<call::LearnedMethod> learned;
  std::vector<inquiry::Question> inquiry_questions;
  std::vector<inquiry::LookUp> inquiry_look_ups;
  std::vector<inquiry::News> inquiry_news;
  std::vector<probe::Question> probe_questions;
  std::vector<probe::News> probe_news;
  std::vector<sip::Path> keep_alive_paths;
  std::string registering;     // user of the To of a REGISTER
  bool heard_contact = false;  // what came in is from a contact that is kept reachable
  std::vector<registering::Question> registrar_questions;
  std::vector<registering::News> registration_news;
  std::vector<call::CallId> touched;  // calls that may be over
  std::vector<const directory::IngressGateway*> found_gateways;
  std::vector<char> scratch;
  std::string head;  // header lines of an answer
  std::string untagged;    // its To
  std::string challenges;  // what it asks for credentials with
};

}  // namespace tandem::exchange
