// The call: one caller's wish, from Setup to its record. It sees both halves and decides; each half
// (core/leg) only knows itself (architecture.md §6, RFC 7092).
//
//   Offered ── screened, routed ──► Attempting ── 180 ──► Alerting ── 200 ──► Answered
//      │                               │  ▲ next route        │                  │
//      └───────────── refused ─────────┴──┴───────────────────┴── end() ──► Releasing ──► Ended
//
// A call is a value: its deadlines are instants, its halves are named by LegId. One file per part of
// its life: offering.cc, hunting.cc, over_registration.cc, at_contacts.cc, redirecting.cc,
// failing.cc, answering.cc, supervising.cc, modifying.cc, ending.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/slot_map.h"
#include "base/time.h"
#include "base/timer_wheel.h"
#include "core/cdr/cdr_record.h"
#include "core/directory/directory.h"
#include "core/facts/call_facts.h"
#include "core/facts/live.h"
#include "core/inquiry/inquiries.h"
#include "core/leg/leg.h"
#include "core/lrn/cache.h"
#include "core/lrn/rules.h"
#include "core/registrar/registrar.h"
#include "core/routing/presence.h"
#include "core/routing/redirect.h"
#include "core/routing/routing.h"
#include "core/routing/sending.h"

namespace tandem::call {

struct CallTag;
using CallId = SlotId<CallTag>;
using Legs = SlotMap<leg::Leg, leg::LegId>;

// What servers outside are asked before a call is routed (call-handling.md 5, 17.3).
enum class Asking : std::uint8_t { Nothing, PortedNumber, RedirectServer };

// What is looked up for one call: where its called number is, and in which region its caller.
struct Dip {
  inquiry::InquiryId callee{}, caller{};  // none = answered, or not asked for
  lrn::Answer of_callee, of_caller;
  template <class Archive>
  void fields(Archive& archive) {
    archive(callee, caller, of_callee, of_caller);
  }
};

enum class State : std::uint8_t { Offered, Attempting, Alerting, Answered, Releasing, Ended };

// A configuration as calls use it: they keep the one they began with.
struct Settings {
  std::shared_ptr<const directory::Directory> directory;
  transaction::Timers timers;
  bool answers_by_via = false;  // an ingress gateway or phone wants answers where its Via says
};

// A name a call needs the address of before it can send. The question names its call: slot (22
// bits), generation (32), number of the attempt (10).
struct AddressQuestion {
  static constexpr std::uint64_t of(CallId call, std::uint32_t attempt) {
    return std::uint64_t(call.slot) << 42 | std::uint64_t(call.generation) << 10 |
           (attempt & 0x3ff);
  }
  static constexpr CallId call_of(std::uint64_t question) {
    return {std::uint32_t(question >> 42), std::uint32_t(question >> 10)};
  }

  std::uint64_t question;
  std::string host;
  std::uint16_t port;
  sip::Transport transport;
};

// A gateway that asked for a pause by Retry-After.
struct Pause {
  std::int64_t gateway;
  seconds length;
  std::uint16_t status;
};

// A device refused a method of refreshing, for the first time or after it had refused the other.
struct LearnedMethod {
  std::string device;
  facts::Refreshing how{};
  int status = 0;  // its answer to the other
};

// What a call may use while it handles one input.
struct Desk {
  leg::Context& leg;
  Legs& legs;
  facts::Live& live;
  const registrar::Registrar& registrar;
  routing::Presence presence;
  cdr::RecordList& cdrs;
  std::vector<AddressQuestion>& questions;
  std::vector<Pause>& pauses;
  std::vector<sip::Path>& silent;  // where a phone gave no answer to a call
  std::vector<LearnedMethod>& learned;
  inquiry::Inquiries& inquiries;
  inquiry::Desk inquiring;
  lrn::Cache& ported;
  std::string_view loop_token;
};

// What the ingress leg knows of a new INVITE, beside its Setup.
struct Offer {
  leg::Body session;
  bool without_codec = false;  // the gateway's sip_codecs left none of those the caller offered
  std::string_view annex;
  int max_forwards = 70;
  leg::TimerAsk timer;
};

// A Call-ID as far as the record keeps it.
inline std::string_view recorded_call_id(std::string_view call_id) { return call_id.substr(0, 255); }

// What a call knows only until it is answered or over.
struct Hunt {
  // An early dialog of an attempt whose session the caller was told.
  struct EarlySource {
    std::uint16_t attempt = 0;
    std::uint8_t branch = 0;
    std::string session;  // the last one it brought
    template <class Archive>
    void fields(Archive& archive) {
      archive(attempt, branch, session);
    }
  };

  facts::CallFacts facts;
  std::string offer;                   // session of the caller; "" = late offer
  std::string annex;                   // header lines that may pass to the egress leg
  bool late_offer = false;
  bool answer_sent = false;            // a session of the called side went to the caller
  int max_forwards = 0;
  std::vector<routing::Route> routes;
  std::vector<routing::Detour> detours;  // of some of them
  std::uint32_t next_route = 0;
  Instant arrived{};
  Instant reserve_due = kNever;        // when a call that waits for its reserves goes on
  std::uint32_t next_address = 0;      // of the gateway of next_route, or of its `contacts`
  std::vector<registrar::BindingId> contacts;  // of a gateway that registers, by q
  std::vector<sip::Path> targets;      // what the name of next_address stands for, best first
  std::uint32_t next_target = 0;
  routing::SentNumbers sent;           // to the route that is opened
  std::vector<EarlySource> early_sources;
  // Of the attempt that failed last, for the answer to the caller.
  std::string failed_phrase;
  std::string failed_annex;
  std::uint32_t failed_retry_after = 0;
  cause::EndReason passed_over{};      // why the last route could not even be tried
  // Redirections that were followed, and where they led: the same way is not gone twice.
  std::uint32_t redirects = 0;
  std::vector<std::string> followed;
  Asking asking = Asking::Nothing;     // somebody outside; the call waits for the answer
  inquiry::InquiryId asked{};          // the redirect server
  Dip dip;
  // Attempts whose refusal gave a Q.850 cause of its own, by number; the latest 64.
  std::uint64_t gave_cause = 0;

  template <class Archive>
  void fields(Archive& archive) {
    archive(facts, offer, annex, late_offer, answer_sent, max_forwards, routes, detours, next_route,
            arrived, reserve_due, next_address, contacts, targets, next_target, sent,
            early_sources, failed_phrase,
            failed_annex, failed_retry_after, passed_over, redirects, followed, asking, asked, dip,
            gave_cause);
  }
};

// Whether the external redirect server is asked about calls of this device (17.3).
bool asks_redirect_server(const directory::Device* caller, const directory::Parameters& system);

class Call {
 public:
  // Who it is; once, before anything else.
  void begin(CallId self, std::int64_t flow_no, std::shared_ptr<const Settings> settings,
             leg::LegId ingress);

  // The caller's wish. `refused` is what the leg itself found wrong with it.
  void offer(Desk& desk, const facts::Setup& setup, const Offer& offer,
             const leg::Release* refused);
  void on_event(Desk& desk, const leg::Event& event);
  void on_timer(Desk& desk);
  // The caller repeats an INVITE that was answered 422: the same call, on a new leg.
  void offer_again(Desk& desk, leg::LegId ingress, const facts::Setup& setup, const Offer& offer,
                   const leg::Release* refused);
  bool awaits_repetition() const { return repeat_deadline_ != kNever; }
  // An operator, or the switch itself, ends the call.
  void hang_up(Desk& desk, cause::EndReason reason);
  void on_resolved(Desk& desk, std::uint64_t question, const std::vector<sip::Path>& targets);
  void on_inquiry(Desk& desk, const inquiry::News& news);

  State state() const { return state_; }
  bool over() const { return state_ == State::Ended; }
  std::int64_t flow_no() const { return record_.flow_no; }
  const Settings& settings() const { return *settings_; }
  void use(std::shared_ptr<const Settings> settings);  // after a restore
  const cdr::Cdr& record() const { return record_; }
  leg::LegId ingress() const { return ingress_; }
  leg::LegId egress() const { return egress_; }

  // --- what outlives the process (resuming.cc) ---

  CallId self() const { return self_; }
  // Whether this call is kept for the next start.
  bool kept() const { return kept_; }
  void keep(bool kept) { kept_ = kept; }
  // Whether a confirmation is kept beside it.
  bool kept_confirmation() const { return kept_confirmation_; }
  void keep_confirmation(bool kept) { kept_confirmation_ = kept; }
  void restore_record(const cdr::Cdr& record) { record_ = record; }
  // Goes on in another process, from what was kept so long ago, its legs being in their places.
  // False: it cannot.
  bool resume(Desk& desk, milliseconds kept_since);
  // Of a call that cannot go on nothing but its record is left: it ends now.
  void close(Desk& desk, cdr::Cdr record);
  bool consistent(const Legs& legs) const;
  // Adds what this call counts: its lines here and there.
  void count(facts::Live& live) const;

  template <class Archive>
  void fields(Archive& archive) {
    lasting_fields(archive);
    archive(record_, kept_, kept_confirmation_);
  }
  // All but the record, which has a form of its own (cdr_record.h).
  template <class Archive>
  void lasting_fields(Archive& archive) {
    archive(self_, state_, ingress_, egress_, leaving_, ingress_gateway_, phone_, hunt_,
            attempts_,
            question_, counted_, attempt_reason_, attempt_deadline_, proceeding_deadline_,
            setup_deadline_, talk_deadline_, untimed_deadline_, repeat_deadline_, untimed_since_,
            probed_, modify_from_, modify_kind_, modify_open_,
            deciding_attempt_, timer_);
  }

 private:
  // What was counted for this call and must be given back.
  struct Counted {
    bool call = false;     // in Live::calls and the ingress gateway or calling phone
    std::int64_t egress = 0;  // gateway of the running attempt; 0 = none
    facts::Destination destination = 0;  // that its quality is counted by as well; 0 = none
    std::int64_t phone = 0;   // phone of the running attempt; 0 = none
    std::int64_t registration = 0;  // that it goes over; 0 = none
    routing::PoolNumbers pooled;    // of the running attempt
    template <class Archive>
    void fields(Archive& archive) {
      archive(call, egress, destination, phone, registration, pooled);
    }
  };

  // offering.cc
  void consider(Desk& desk, const facts::Setup& setup, const Offer& offer,
                const leg::Release* refused);
  void note_setup(const facts::Setup& setup, const Offer& offer);
  bool agree_timer(Desk& desk, const Offer& offer);
  const directory::Device* calling_device() const;
  void await_repetition(Desk& desk, const leg::Release& why);
  void admit(Desk& desk);
  void count_in(Desk& desk);
  void find_way(Desk& desk);

  // asking.cc, dipping.cc
  void look_up(Desk& desk);
  void ask_redirect_server(Desk& desk);
  void on_redirect_server(Desk& desk, const inquiry::News& news);
  void fail_redirect_server(Desk& desk);
  bool take_answer(Desk& desk, std::string_view alternatives);
  void stop_asking(Desk& desk);
  void on_dip(Desk& desk, const inquiry::News& news);
  void dip(Desk& desk, std::string_view number, lrn::Answer& answer, inquiry::InquiryId& open);
  void end_dip(Desk& desk);
  std::string ported_parameters() const;

  // quality.cc
  facts::Quality* callee_quality(Desk& desk) const;  // nullptr = it is not measured
  facts::Quality* caller_quality(Desk& desk) const;
  void note_quality(Desk& desk, bool answered);
  void note_caller_quality(Desk& desk, bool answered);
  void note_talk(Desk& desk, milliseconds talk);
  facts::Quality* destination_quality(Desk& desk) const;
  facts::Destination destination_called(const Desk& desk) const;

  // reserves.cc
  bool wait_for_reserve(Desk& desk, const routing::Route& route);
  bool waits_for_reserve() const;
  void on_reserve_due(Desk& desk);

  // hunting.cc, failing.cc
  void next_attempt(Desk& desk);
  bool open_route(Desk& desk, const directory::EgressGateway& gateway);
  routing::Question question(const Desk& desk) const;
  bool open_phone(Desk& desk, const routing::Route& route);
  void give_back_pooled(Desk& desk);
  bool prepare_numbers(Desk& desk, const directory::EgressGateway& device);
  bool go_to_address(Desk& desk, const directory::EgressGateway& gateway);
  struct Named {
    std::string host;
    std::uint16_t port = 0;
    sip::Transport transport{};
  };
  void ask_address(Desk& desk, const directory::EgressGateway& gateway, Named name);
  std::string host_asked(const directory::EgressGateway& gateway) const;
  bool to_next_address(const directory::EgressGateway& gateway);
  bool pass_dead_addresses(const directory::EgressGateway& gateway,
                           const facts::GatewayLive& live);
  void try_elsewhere(Desk& desk);
  bool refused_here_only(Desk& desk, const directory::EgressGateway& gateway,
                         const leg::Release& why) const;
  void note_pause(Desk& desk, const directory::EgressGateway& gateway, const leg::Release& why);
  // `contact` = of what registered: there, by the way it came.
  void start_attempt(Desk& desk, const directory::EgressGateway& gateway, const sip::Path& path,
                     std::string_view host_port, const registrar::Binding* contact = nullptr);
  leg::Caller caller_of(std::string_view number, const leg::Leg& ingress) const;
  std::string name_for_phone(const leg::Caller& caller) const;
  void add_extra_headers(leg::Leg& to, const directory::Device& device, std::string_view caller,
                         std::string_view callee) const;
  void fail_attempt(Desk& desk, const leg::Release& why);
  bool may_hunt(const directory::EgressGateway& gateway, const cdr::Attempt& failed) const;
  void note_refusal(const directory::EgressGateway* gateway, const leg::Release& why,
                    cdr::Attempt& attempt);
  void give_up(Desk& desk, bool limit_reached);
  void on_proceeding(Desk& desk, const leg::Event& event);
  void on_ringing(Desk& desk, const leg::Event& event);
  seconds proposed_interval(const leg::Leg& ingress) const;
  void set_attempt_deadline(Desk& desk, int gateway_seconds, seconds system,
                            cause::EndReason reason);
  int ring_as(const leg::Leg& ingress, const leg::Event& event, leg::Body& body);
  Hunt::EarlySource* early_source(std::uint8_t branch);
  std::uint8_t variant_of(std::uint8_t branch, bool with_session);
  void let_go(Desk& desk, const leg::Release& why);
  const directory::EgressGateway* running_gateway() const;

  // redirecting.cc
  bool take_redirection(Desk& desk, const directory::EgressGateway& gateway,
                        const leg::Release& why, cdr::Attempt& attempt);
  bool follow(Desk& desk, const directory::EgressGateway& gateway, std::string_view alternatives);
  void add_routes_to(Desk& desk, const routing::RedirectTarget& target,
                     std::vector<routing::Route>& added);
  std::uint32_t add_detour(routing::Detour detour);
  const routing::Detour* detour() const;
  const std::string& billed_callee() const;
  bool first_time_at(const routing::RedirectTarget& target);
  routing::Redirected redirected() const;
  sip::Path way_to_target(const directory::EgressGateway& gateway) const;
  std::string target_host() const;
  bool go_to_target(Desk& desk, const directory::EgressGateway& gateway);

  // supervising.cc
  void on_supervision(Desk& desk, const leg::Event& event);
  void watch_untimed(Desk& desk);
  void on_untimed_limit(Desk& desk);
  bool untimed_limit_applies(Desk& desk) const;
  facts::TimerLive* timer_live(Desk& desk, leg::LegId leg) const;
  void note_method(Desk& desk, const leg::Event& event, facts::TimerLive& live) const;

  // over_registration.cc
  void count_registration(Desk& desk, const directory::EgressGateway& gateway);
  bool start_over_registration(Desk& desk, const directory::EgressGateway& gateway);
  struct RegisteredAs {
    std::string host, contact_user;
  };
  void go_over_registration(const directory::EgressGateway& gateway, leg::SetupOrder& order,
                            RegisteredAs& words) const;
  // at_contacts.cc
  const registrar::Binding* contact_in_turn(Desk& desk, const directory::EgressGateway& gateway);
  void go_to_contact(const registrar::Binding& contact, leg::SetupOrder& order,
                     std::string& target) const;

  directory::PrivacyHeader privacy_towards(const directory::EgressGateway& gateway) const;
  void give_back_attempt(Desk& desk);

  // answering.cc
  bool brings_session(const leg::Event& answer);
  void on_connect(Desk& desk, const leg::Event& event);
  void on_confirm(Desk& desk, const leg::Event& event);
  bool note_media(Desk& desk, std::string_view text, std::string& address, std::string& codec);

  // modifying.cc
  std::uint8_t branch_across(const leg::Event& event);
  void on_modify(Desk& desk, const leg::Event& event);
  void on_modify_reply(Desk& desk, const leg::Event& event);
  void on_withdraw(Desk& desk, const leg::Event& event);
  void on_info(Desk& desk, const leg::Event& event);
  void on_info_reply(Desk& desk, const leg::Event& event);

  // ending.cc
  void on_release(Desk& desk, const leg::Event& event);
  void on_gone(Desk& desk, const leg::Event& event);
  void refuse(Desk& desk, cause::EndReason reason, int status = 0, std::string_view phrase = {});
  std::uint32_t own_retry_after(const Desk& desk) const;
  void end(Desk& desk, cause::Side side, const leg::Release& why);
  void note_end_times(Desk& desk, cause::Side side, const leg::Release& why);
  void write_record(Desk& desk, cause::Side side, const leg::Release& why);
  bool wanted(cause::Side side) const;
  const directory::DeviceRules& rules_of(cause::Side side) const;
  leg::Release as_told_to_caller(const leg::Release& why) const;
  void give_back(Desk& desk);
  void enter(Desk& desk, State state);
  void arm(Desk& desk);

  leg::Leg* leg(Desk& desk, leg::LegId id) const { return desk.legs.find(id); }
  leg::Leg* other(Desk& desk, leg::LegId id) const {
    return desk.legs.find(id == ingress_ ? egress_ : ingress_);
  }
  Hunt& hunt() {
    if (!hunt_) hunt_ = std::make_unique<Hunt>();
    return *hunt_;
  }
  const Hunt& hunt() const {
    TANDEM_ASSERT(hunt_ != nullptr, "what only a hunting call knows was asked of another");
    return *hunt_;
  }
  const directory::Directory& directory() const { return *settings_->directory; }
  const directory::Parameters& parameters() const { return directory().parameters(); }

  CallId self_{};
  State state_ = State::Offered;
  std::shared_ptr<const Settings> settings_;
  leg::LegId ingress_{};
  leg::LegId egress_{};                // of the running or answered attempt
  std::vector<leg::LegId> leaving_;    // legs of attempts that were given up
  std::int64_t ingress_gateway_ = 0;   // id; 0 = not identified
  std::int64_t phone_ = 0;             // id of the phone that calls; 0 = a gateway does
  std::unique_ptr<const directory::EgressGateway> callee_phone_;  // counted_.phone as hunting sees it
  std::unique_ptr<Hunt> hunt_;         // until the call is answered or over
  std::uint32_t attempts_ = 0;
  std::uint64_t question_ = 0;         // address we wait for; 0 = none
  Counted counted_;
  std::uint32_t deciding_attempt_ = 0; // index into the record's attempts: the call ended by it
  // Deadlines.
  cause::EndReason attempt_reason_{};  // what the running attempt fails with
  Instant attempt_deadline_ = kNever;
  Instant proceeding_deadline_ = kNever;
  Instant setup_deadline_ = kNever;
  Instant talk_deadline_ = kNever;
  Instant untimed_deadline_ = kNever;  // of legs without session timer
  Instant repeat_deadline_ = kNever;   // for the INVITE that follows a 422
  Instant untimed_since_ = kNever;     // the limit of untimed legs runs since then
  std::uint32_t probed_ = 0;           // limits that passed
  // The Modify under way between the legs.
  leg::LegId modify_from_{};
  leg::ModifyKind modify_kind_{};
  bool modify_open_ = false;
  cdr::Cdr record_;
  bool kept_ = false;                  // bytes of it wait in the journal for the next start
  bool kept_confirmation_ = false;     // and a confirmation of it
  TimerId timer_{};
};

}  // namespace tandem::call
