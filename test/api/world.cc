#include "api/world.h"

#include <gtest/gtest.h>

#include <mutex>

#include "core/cdr/cdr_record.h"
#include "shell/api/token.h"
#include "support/journal_contents.h"
#include "support/sample_cdr.h"

namespace tandem::test_api {
namespace {

const UtcTime kNow = from_epoch_milliseconds(1'769'860'800'000);  // 2026-01-31T12:00:00Z

exchange::CallView call_view(std::int64_t flow_no, exchange::CallState state) {
  exchange::CallView call;
  call.flow_no = flow_no;
  call.state = state;
  call.caller = "33123456789";
  call.callee = "442071234567";
  call.caller_gateway = "north";
  call.callee_gateway = "south";
  call.caller_ip = "127.0.0.2:5060";
  call.callee_ip = "127.0.0.3:5080";
  call.caller_call_id = "a" + std::to_string(flow_no) + "@127.0.0.2";
  call.callee_call_id = "b" + std::to_string(flow_no) + "@127.0.0.1";
  call.start = kNow - seconds(70);
  if (state == exchange::CallState::Answered) call.answer_time = kNow - seconds(61);
  call.attempt = 1;
  return call;
}

template <class T, class E>
T must(Result<T, E> result) {
  EXPECT_TRUE(result.ok());
  return std::move(result).value();
}

}  // namespace

// Answers at once, as the real one does between two inputs.
struct World::FakeExchange {
  mutable std::mutex mutex;
  std::vector<exchange::CallView> calls{call_view(17, exchange::CallState::Answered),
                                        call_view(18, exchange::CallState::Alerting)};
  std::vector<std::uint64_t> adopted;

  exchange::CallList answer(const exchange::ListCalls& wish) const {
    exchange::CallList list{.calls = {}, .total = calls.size()};
    for (const exchange::CallView& call : calls) {
      const bool wanted = call.flow_no > wish.after_flow_no &&
                          (wish.flow_no == 0 || wish.flow_no == call.flow_no) &&
                          call.callee.find(wish.number) != std::string::npos &&
                          (wish.gateway.empty() || wish.gateway == call.caller_gateway);
      if (wanted && list.calls.size() < wish.limit) list.calls.push_back(call);
    }
    return list;
  }
  exchange::HangUpResult answer(const exchange::HangUp& wish) {
    const auto removed = std::erase_if(
        calls, [&](const exchange::CallView& call) { return call.flow_no == wish.flow_no; });
    return {.found = removed > 0};
  }
  exchange::Explanation answer(const exchange::Explain& wish) const {
    const bool known = wish.callee.starts_with("44");
    exchange::Explanation explanation;
    const std::string from = wish.ingress.empty() ? wish.source_ip : wish.ingress;
    explanation.lines.push_back({"source", from, "accepted", ""});
    if (known) {
      explanation.lines.push_back({"candidate", "south", "matched 44 (2 digits)", ""});
      explanation.egress = {"south"};
    } else {
      explanation.end_reason = "no_route";
      explanation.lines.push_back({"candidate", "", "rejected", "no_route"});
    }
    return explanation;
  }
  exchange::OnlineList answer(const exchange::ListOnline& wish) const {
    exchange::GatewayOnline south{.kind = "egress", .name = "south", .calls = 1, .capacity = 30,
                                  .attempts = 9, .answered = 4, .state = "resting",
                                  .addresses = {}, .rests_for = milliseconds(19'400),
                                  .quality = facts::QualityFigures{.attempts = 75, .replied = 72, .rang = 60,
                                                                   .answered = 34, .ended = 34,
                                                                   .talk = 5'700'000},
                                  .rests_after = 503, .rests = 2, .destinations = {}};
    south.addresses.push_back({.address = "127.0.0.3:5060", .host = {}, .state = "dead",
                               .status = 200, .answered = kNow - seconds(95), .missed = 2});
    exchange::OnlineList list;
    if (wish.name.empty() || wish.name == south.name) list.gateways.push_back(south);
    const exchange::GroupOnline trunk{
        .name = "trunk", .state = "full", .calls = 30, .capacity = 30, .members = 2};
    if (wish.name.empty() || wish.name == trunk.name) list.groups.push_back(trunk);
    return list;
  }
  exchange::UnbanResult answer(const exchange::Unban& wish) const {
    return {.found = wish.name == "south", .rested = true};
  }
  exchange::KeepAliveReport answer(const exchange::ShowKeepAlive&) const {
    exchange::KeepAliveReport report;
    report.figures.contacts = 3'001;
    report.figures.pacing = keepalive::pace(report.settings.rhythm, 3'001);
    report.figures.sent = 6'002;
    report.figures.cycles = 2;
    report.answers = 5;
    return report;
  }
  exchange::StatusReport answer(const exchange::Status&) const {
    return {.counters = {{"requests_received", 12}, {"calls", calls.size()}},
            .gateways = {{"ingress", "north", 2, 30, 12, {}}, {"egress", "south", 2, 28, 12, {}}}};
  }
  exchange::RegistrationList answer(const exchange::ListRegistrations& wish) const {
    exchange::RegistrationList list;
    list.total = 1;
    if (wish.user.empty() || wish.user == "1001") {
      list.registrations.push_back({.number = 1,
                                    .kind = "phone",
                                    .user = "1001",
                                    .contact = "sip:1001@10.0.0.5",
                                    .route = "",
                                    .source = "udp:127.0.0.2:5060",
                                    .user_agent = "acme",
                                    .since = kNow - seconds(70),
                                    .updated = kNow - seconds(10),
                                    .expires = kNow + seconds(50),
                                    .state = "unreachable",
                                    .nat = true,
                                    .heard = kNow - seconds(10)});
    }
    return list;
  }
  exchange::UnregisterResult answer(const exchange::Unregister& wish) const {
    return {.removed = wish.user == "1001" ? 1u : 0u};
  }
  static exchange::OutboundList answer(const exchange::ListOutbound&) {
    exchange::OutboundView platform;
    platform.id = 3;
    platform.name = "platform";
    platform.state = registering::State::Registered;
    platform.registered = true;
    platform.since = platform.answer_time = kNow - seconds(60);
    platform.registered_until = kNow + seconds(3540);
    platform.answer = 200;
    platform.phrase = "OK";
    platform.address = "udp:198.51.100.30:5060";
    exchange::OutboundView idle;
    idle.id = 4;
    idle.name = "idle one";
    idle.enabled = false;
    return {{platform, idle}};
  }
  static exchange::RetriedOutbound answer(const exchange::RetryOutbound& wish) {
    return {.found = wish.id == 3};
  }
  template <class Other>
  exchange::HangUpResult answer(const Other&) const {
    ADD_FAILURE() << "the API asks the exchange only what it may";
    return {};
  }

  void post(exchange::Input input, const std::function<void(exchange::Reply)>& reply) {
    const std::lock_guard lock(mutex);
    reply(std::visit([this](const auto& wish) { return exchange::Reply{0, answer(wish)}; }, input));
  }
};

World::World() : exchange_(std::make_unique<FakeExchange>()) {
  token_ = must(api::load_or_make_token(data()));
  configuration_ = must(store::ConfigStore::open(data()));
  configuration_->hold(must(configuration_->restart_values()));
  journal_ = must(journal::Journal::open(test_support::small_journal(data() / "journal")));
  cdrs_ = must(store::CdrStore::open(
      *journal_, {.database = data() / "cdr.db", .batch_interval = milliseconds{1}}));
  for (std::int64_t number = 1; number <= 5; ++number) end_call(number);
  trace_messages();

  FakeExchange& exchange = *exchange_;
  api::Services services{
      .configuration = configuration_.get(),
      .cdrs = {.find = [this](const auto& filter,
                              const auto& visit) { return cdrs_->find(filter, visit); },
               .last_recorded = [this] { return cdrs_->last_recorded(); },
               .summarise = [this](UtcTime from,
                                   UtcTime until) { return cdrs_->summarise(from, until); },
               .queue = [this] { return cdrs_->queue(); },
               .fault = [this] { return cdrs_->fault_text(); }},
      .exchanges = {.post = [&](exchange::Input input,
                                auto reply) { exchange.post(std::move(input), reply); },
                    .adopt =
                        [&](std::shared_ptr<const directory::Directory> directory) {
                          const std::lock_guard lock(exchange.mutex);
                          exchange.adopted.push_back(directory->number());
                        },
                    .facts =
                        [] {
                          return api::ProcessFacts{.started = kNow - seconds(3600),
                                                   .listeners = {"udp:127.0.0.1:5060"},
                                                   .alarm = {}};
                        },
                    .tracing = tracing_.get()},
      .token = token_,
      .version = "1.2.3",
      .now = [] { return kNow; }};
  api_ = std::make_unique<api::Api>(std::move(services));
  http::ServerOptions options;
  options.listen = {{IpAddress::v4(0x7f000001), 0}};
  options.max_body_bytes = 100'000;
  server_ = must(http::Server::start(
      options, [this](const http::Request& request, const http::Respond& respond) {
        respond(api_->handle(request));
      }));
}

World::~World() = default;

void World::trace_messages() {
  tracing_ = std::make_unique<trace::Tracing>(trace::Tracing::Parts{
      .ring = ring_,
      .listeners = listeners_,
      .folder = data() / "traces",
      .now = [] { return kNow; },
      .directory = [directory = must(configuration_->compile())] { return directory; }});
  const sip::Path path{.peer = *Endpoint::parse("127.0.0.2:5060", 0)};
  const UtcTime time = kNow - seconds(70);
  ring_.add({time + milliseconds(1), 17, false, path,
             "INVITE sip:442071234567@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.2:5060\r\n"
             "From: <sip:33123456789@127.0.0.2>;tag=a\r\nTo: <sip:442071234567@127.0.0.1>\r\n"
             "Call-ID: a17@127.0.0.2\r\nCSeq: 1 INVITE\r\nSession-Expires: 60\r\n"
             "Supported: timer\r\n\r\n"});
  ring_.add({time + milliseconds(2), 17, true, path,
             "SIP/2.0 422 Session Interval Too Small\r\nVia: SIP/2.0/UDP 127.0.0.2:5060\r\n"
             "From: <sip:33123456789@127.0.0.2>;tag=a\r\nTo: <sip:442071234567@127.0.0.1>;tag=b"
             "\r\nCall-ID: a17@127.0.0.2\r\nCSeq: 1 INVITE\r\nMin-SE: 90\r\n\r\n"});
  ring_.add({time + milliseconds(3), 0, true, path, "HELLO"});
  ring_.publish();
}

void World::end_call(std::int64_t number) {
  std::string bytes;
  cdr::append_record(bytes, test_support::sample_cdr(number));
  ASSERT_TRUE(journal_->append(journal::RecordType::Cdr, bytes));
  journal_->write();
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (cdrs_->queue() > 0 && std::chrono::steady_clock::now() < limit) {
    std::this_thread::yield();
  }
}

std::vector<std::uint64_t> World::adopted() const {
  const std::lock_guard lock(exchange_->mutex);
  return exchange_->adopted;
}

}  // namespace tandem::test_api
