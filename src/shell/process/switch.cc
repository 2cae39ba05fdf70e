#include "shell/process/switch.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>

#include "shell/api/api.h"
#include "shell/api/discovery.h"
#include "shell/api/token.h"
#include "shell/http/server.h"
#include "shell/process/loop.h"
#include "shell/process/promptness.h"
#include "shell/store/cdr_store.h"
#include "shell/trace/tracing.h"

namespace tandem::process {
namespace {

namespace fs = std::filesystem;
using DirectoryPointer = std::shared_ptr<const directory::Directory>;

template <class E>
std::string sentence_of(const E& error) {
  return error.sentence;
}
std::string sentence_of(const std::string& error) { return error; }

// Connections and databases need more descriptors than a shell usually gives.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::array<std::uint64_t, 4> entropy() {
  std::array<std::uint64_t, 4> words{};
  const ssize_t count = ::getrandom(words.data(), sizeof words, 0);
  TANDEM_ASSERT(count == ssize_t(sizeof words), "the system gives 32 random bytes at once");
  return words;
}

std::string make_directory(const fs::path& data) {
  std::error_code fault;
  fs::create_directories(data, fault);
  if (!fault && fs::is_directory(data, fault)) return {};
  return "cannot make the data directory " + data.string() + ": " +
         (fault ? fault.message() : std::string("there is a file of this name")) +
         "; name another with --data DIR";
}

// What the parameters say, when nothing was given on the command line.
std::vector<net::ListenAddress> usual_listeners(const directory::Parameters& parameters) {
  std::vector<IpAddress> addresses = parameters.sip_local_ip;
  const bool all = addresses.empty();
  if (all) addresses = {IpAddress::v4(0), IpAddress::v6({})};
  const bool secure = !parameters.sip_tls_certificate.empty();
  std::vector<net::ListenAddress> listeners;
  const auto add = [&](sip::Transport transport, std::uint16_t port) {
    if (port == 0) return;
    for (const IpAddress& ip : addresses) {
      listeners.push_back({transport, {ip, port}, all && ip.is_v6()});
    }
  };
  for (const std::uint16_t port : parameters.sip_port) {
    for (const IpAddress& ip : addresses) {
      const bool optional = all && ip.is_v6();
      listeners.push_back({sip::Transport::Udp, {ip, port}, optional});
      if (parameters.sip_tcp_enable) {
        listeners.push_back({sip::Transport::Tcp, {ip, port}, optional});
      }
    }
  }
  if (secure) add(sip::Transport::Tls, parameters.sip_tls_port);
  add(secure ? sip::Transport::Wss : sip::Transport::Ws, parameters.sip_ws_port);
  return listeners;
}

// The certificate is read only when somebody is to see it.
Result<std::unique_ptr<net::TlsContext>, std::string> tls_for(
    const std::vector<net::ListenAddress>& listeners, const directory::Parameters& parameters) {
  const bool secure = std::ranges::any_of(
      listeners, [](const auto& each) { return sip::is_secure(each.transport); });
  if (!secure || parameters.sip_tls_certificate.empty()) return std::unique_ptr<net::TlsContext>();
  return net::TlsContext::load({parameters.sip_tls_certificate, parameters.sip_tls_private_key});
}

exchange::Identity identity_of(const std::vector<net::Listener>& listeners) {
  exchange::Identity identity;
  identity.seed = entropy();
  for (const net::Listener& each : listeners) {
    identity.listeners.push_back({each.transport, each.address});
  }
  return identity;
}

}  // namespace

struct Switch::State {
  SwitchOptions options;
  Log& log;
  UtcTime started = clock::wall_time();
  net::Descriptor ended{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  std::mutex directory_mutex;
  DirectoryPointer directory;  // the newest, for whoever names things

  // In the order they are made; each uses those above it.
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<journal::KeptStore> kept;
  std::uint64_t remembered = 0;  // of what earlier runs kept
  std::unique_ptr<store::ConfigStore> configuration;
  store::RestartValues restart_values;  // that act until this process ends
  std::string token;
  std::unique_ptr<store::CdrStore> records;
  std::unique_ptr<net::Network> network;
  trace::Ring trace{0};
  std::unique_ptr<trace::Tracing> tracing;
  std::unique_ptr<Loop> loop;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<http::Server> server;
  std::optional<api::Notice> notice;
  std::thread thread;

  State(const SwitchOptions& given, Log& to) : options(given), log(to) {}
  ~State();

  std::string open_data();
  std::string listen();
  std::string serve_api();
  void tell();
  void begin();
  void adopt(DirectoryPointer newer);
  api::Services services();
  api::Exchanges exchanges();
  api::ProcessFacts facts() const;
  DirectoryPointer newest_directory();
};

// Each step answers the sentence of its fault, or "".

std::string Switch::State::open_data() {
  if (std::string fault = make_directory(options.data); !fault.empty()) return fault;
  journal::JournalOptions journal_options;
  journal_options.directory = options.data / "journal";
  auto opened = journal::Journal::open(journal_options);
  if (!opened.ok()) return sentence_of(opened.error());
  journal = std::move(opened).value();

  // Before the loader, which removes files it has read.
  journal::KeptOptions kept_options;
  kept_options.notice = [this](std::string_view sentence) { log.warning("kept", sentence); };
  kept = std::make_unique<journal::KeptStore>(*journal, std::move(kept_options));

  auto store = store::ConfigStore::open(options.data);
  if (!store.ok()) return sentence_of(store.error());
  configuration = std::move(store).value();
  auto acting = configuration->restart_values();
  if (!acting.ok()) return sentence_of(acting.error());
  restart_values = std::move(acting).value();
  configuration->hold(restart_values);
  auto compiled = configuration->compile();
  if (!compiled.ok()) return sentence_of(compiled.error());
  directory = std::move(compiled).value();

  auto secret = api::load_or_make_token(options.data);
  if (!secret.ok()) return sentence_of(secret.error());
  token = std::move(secret).value();

  auto loaded = store::CdrStore::open(
      *journal, {.database = options.data / "cdr.db", .notice = [this](std::string_view sentence) {
                   log.warning("call_records", sentence);
                 }});
  if (!loaded.ok()) return sentence_of(loaded.error());
  records = std::move(loaded).value();
  return {};
}

std::string Switch::State::listen() {
  if (options.listen.empty()) options.listen = usual_listeners(directory->parameters());
  auto tls = tls_for(options.listen, directory->parameters());
  if (!tls.ok()) return tls.error();
  auto opened = net::Network::open(options.listen, Rng(entropy()), std::move(tls).value());
  if (!opened.ok()) return opened.error();
  network = std::move(opened).value();
  tracing = std::make_unique<trace::Tracing>(
      trace::Tracing::Parts{.ring = trace,
                            .listeners = network->listeners(),
                            .folder = options.data / "traces",
                            .now = clock::wall_time,
                            .directory = [this] { return newest_directory(); }});
  exchange::Exchange exchange(identity_of(network->listeners()), directory);
  loop = std::make_unique<Loop>(Loop::Parts{*network, *journal, trace, log}, std::move(exchange),
                                directory);
  auto read = kept->read([this](const journal::KeptRecord& each) { loop->remember(each); });
  if (!read.ok()) return sentence_of(read.error());
  remembered = *read;
  kept->start();
  return {};
}

std::string Switch::State::serve_api() {
  api = std::make_unique<api::Api>(services());
  http::ServerOptions server_options;
  server_options.listen = {options.api};
  server_options.trusts = [this](std::string_view authorization) {
    return api->trusts(authorization);
  };
  auto started_server = http::Server::start(
      server_options, [this](const http::Request& request, const http::Respond& respond) {
        respond(api->handle(request));
      });
  if (!started_server.ok()) return started_server.error();
  server = std::move(started_server).value();
  auto posted = api::Notice::post(options.data, server->addresses());
  if (!posted.ok()) return posted.error();
  notice.emplace(std::move(posted).value());
  return {};
}

// Said only now: a start that fails says one sentence and nothing else.
void Switch::State::tell() {
  const journal::OpenReport& report = journal->report();
  log.info("journal_opened", std::to_string(report.records) + " records of earlier runs, " +
                                 std::to_string(report.torn_bytes) + " torn bytes cut off");
  if (remembered > 0) log.info("kept_adopted", std::to_string(remembered) + " entries");
  for (const net::ListenAddress& each : network->bound()) log.info("listening", to_text(each));
  for (const Endpoint& each : server->addresses()) log.info("api_listening", each.text());
}

void Switch::State::begin() {
  thread = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), "exchange");  // for top(1) and profiles
    ask_for_short_turns();
    loop->run();
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(ended.get(), &one, sizeof one);
  });
}

// No new requests, then no calls, then the records: each while what it needs is there.
Switch::State::~State() {
  notice.reset();
  server.reset();
  if (loop) loop->stop();
  if (thread.joinable()) thread.join();
}

void Switch::State::adopt(DirectoryPointer newer) {
  {
    const std::lock_guard lock(directory_mutex);
    directory = newer;
  }
  log.info("configuration_adopted", "configuration " + std::to_string(newer->number()));
  tracing->use(newer->parameters());
  loop->adopt(std::move(newer));
}

api::Services Switch::State::services() {
  return {.configuration = configuration.get(),
          .cdrs = {.find = [this](const auto& filter,
                                  const auto& visit) { return records->find(filter, visit); },
                   .last_recorded = [this] { return records->last_recorded(); },
                   .summarise =
                       [this](UtcTime from, UtcTime until) {
                         return records->summarise(from, until);
                       },
                   .queue = [this] { return records->queue(); },
                   .fault = [this] { return records->fault_text(); }},
          .exchanges = exchanges(),
          .token = token,
          .version = options.version,
          .now = clock::wall_time};
}

api::Exchanges Switch::State::exchanges() {
  return {.post = [this](exchange::Input command,
                         auto answer) { loop->post(std::move(command), std::move(answer)); },
          .adopt = [this](DirectoryPointer newer) { adopt(std::move(newer)); },
          .facts = [this] { return facts(); },
          .tracing = tracing.get()};
}

api::ProcessFacts Switch::State::facts() const {
  api::ProcessFacts facts{
      .started = started, .listeners = {}, .draining = loop->draining(), .alarm = loop->alarm()};
  for (const net::ListenAddress& each : network->bound()) facts.listeners.push_back(to_text(each));
  return facts;
}

DirectoryPointer Switch::State::newest_directory() {
  const std::lock_guard lock(directory_mutex);
  return directory;
}

Switch::Switch(std::unique_ptr<State> state) : state_(std::move(state)) {}

Switch::~Switch() = default;

Result<std::unique_ptr<Switch>, std::string> Switch::start(const SwitchOptions& options, Log& log) {
  allow_many_descriptors();
  auto state = std::make_unique<State>(options, log);
  if (std::string fault = state->open_data(); !fault.empty()) return Failure{std::move(fault)};
  if (std::string fault = state->listen(); !fault.empty()) return Failure{std::move(fault)};
  if (std::string fault = state->serve_api(); !fault.empty()) return Failure{std::move(fault)};
  state->tell();
  state->begin();
  return std::unique_ptr<Switch>(new Switch(std::move(state)));
}

void Switch::drain() { state_->loop->drain(); }

void Switch::release() { state_->loop->release(); }

void Switch::stop() { state_->loop->stop(); }

// The store of the API belongs to the API: the files are read apart.
void Switch::reload() {
  auto store = store::ConfigStore::open(state_->options.data);
  if (!store.ok()) return state_->log.error("reload_failed", sentence_of(store.error()));
  (*store)->hold(state_->restart_values);
  auto compiled = (*store)->compile();
  if (!compiled.ok()) return state_->log.error("reload_failed", sentence_of(compiled.error()));
  state_->adopt(std::move(compiled).value());
}

int Switch::ended() const { return state_->ended.get(); }

}  // namespace tandem::process
