#include "app/line.h"

#include <pwd.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <thread>

#include "shell/api/api.h"
#include "shell/api/discovery.h"
#include "shell/api/token.h"
#include "shell/http/target.h"
#include "shell/store/cdr_query.h"

namespace tandem::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uint16_t kDefaultPort = 8080;

// The API over the files, in this process.
struct Files {
  std::unique_ptr<store::ConfigStore> configuration;
  std::optional<store::Database> cdrs;
  std::unique_ptr<api::Api> api;
};

UtcTime now() {
  return UtcTime(std::chrono::duration_cast<milliseconds>(
      std::chrono::system_clock::now().time_since_epoch()));
}

// Who is behind this command: whoever became root, not root.
std::string operator_name() {
  if (const char* name = std::getenv("TANDEM_OPERATOR"); name != nullptr && *name != '\0') {
    return name;
  }
  const char* before = std::getenv("SUDO_USER");
  if (before != nullptr && *before != '\0' && ::getuid() == 0) return before;
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : "uid " + std::to_string(::getuid());
}

api::CdrSource cdrs_of(Files& files) {
  return {
      .find = [&files](const store::CdrFilter& filter,
                       const store::CdrVisitor& visit) -> Result<std::size_t, store::StoreError> {
        if (!files.cdrs) return std::size_t{0};
        return store::find_cdrs(*files.cdrs, filter, visit);
      },
      .last_recorded = [&files]() -> Result<std::int64_t, store::StoreError> {
        if (!files.cdrs) return std::int64_t{0};
        return store::last_recorded(*files.cdrs);
      },
      .summarise = [&files](UtcTime from, UtcTime until)
          -> Result<store::CdrSummary, store::StoreError> {
        if (!files.cdrs) return store::CdrSummary{};
        return store::summarise_cdrs(*files.cdrs, from, until);
      },
      .queue = [] { return std::uint64_t{0}; },
      .fault = [] { return std::string{}; }};
}

Result<std::unique_ptr<Files>, std::string> open_files(const fs::path& data) {
  std::error_code ignored;
  if (!fs::is_directory(data, ignored)) {
    return Failure{"there is no data directory " + data.string() +
                   "; start a switch with `tandem serve --data " + data.string() +
                   "`, or name another with --data DIR"};
  }
  auto configuration = store::ConfigStore::open(data);
  if (!configuration.ok()) return Failure{configuration.error().sentence};
  auto files = std::make_unique<Files>();
  files->configuration = std::move(configuration).value();
  if (fs::exists(data / "cdr.db", ignored)) {
    auto cdrs = store::Database::open(data / "cdr.db", store::Database::Access::ReadOnly);
    if (!cdrs.ok()) return Failure{cdrs.error().sentence};
    files->cdrs.emplace(std::move(cdrs).value());
  }
  files->api = std::make_unique<api::Api>(api::Services{.configuration = files->configuration.get(),
                                                        .cdrs = cdrs_of(*files),
                                                        .exchanges = {},
                                                        .token = std::nullopt,
                                                        .version = TANDEM_VERSION,
                                                        .now = now});
  return files;
}

// The sentence of a problem (RFC 9457), and a line for each refused field.
std::string sentence_of(int status, const std::string& body) {
  json::error_code fault;
  const json::value problem = json::parse(body, fault);
  const json::object* object = fault ? nullptr : problem.if_object();
  const json::value* detail = object == nullptr ? nullptr : object->if_contains("detail");
  if (detail == nullptr || !detail->is_string()) {
    return "the switch answered with status " + std::to_string(status);
  }
  const json::value* errors = object->if_contains("errors");
  if (errors == nullptr || errors->as_array().size() < 2) {
    return std::string(detail->as_string());
  }
  std::string text =
      std::to_string(errors->as_array().size()) + " faults, and nothing was changed:";
  for (const json::value& error : errors->as_array()) {
    text += "\n  " + std::string(error.at("message").as_string());
  }
  return text;
}

std::string nobody_answers(const Endpoint& server) {
  return "no switch answers at " + server.text() + "; start it with `tandem serve --api " +
         server.text() + "`, or say with --api ADDR:PORT where it is";
}

std::string sentence_of(const Endpoint& server, http::ClientFault fault) {
  switch (fault) {
    case http::ClientFault::NobodyListens:
      return nobody_answers(server);
    case http::ClientFault::TimedOut:
      return "the switch at " + server.text() + " does not answer in time; try again";
    case http::ClientFault::Broken:
      return "the connection to " + server.text() + " broke; is it a switch that listens there?";
  }
  return {};
}

bool answers(const Endpoint& server) {
  return http::send(server, {.method = "HEAD", .target = "/"}).ok();
}

Result<std::string, std::string> token_for(const Endpoint& server, const fs::path& data) {
  if (const char* token = std::getenv("TANDEM_TOKEN"); token != nullptr && *token != '\0') {
    return std::string(token);
  }
  const auto of_server = api::data_of(server);
  auto token = api::load_token(of_server.value_or(data));
  if (token.ok()) return token;
  auto second = api::load_token(data);
  if (second.ok()) return second;
  return Failure{token.error() +
                 "; name the data directory of the switch with --data DIR, or give its token in "
                 "TANDEM_TOKEN"};
}

// Importing very much takes its time.
constexpr std::size_t kLongBody = 256 * 1024;
constexpr std::chrono::minutes kLongWait(10);

}  // namespace

struct Line::State {
  Endpoint server;  // none: the files
  std::string token;
  std::unique_ptr<Files> files;

  // In lower case, as a server reads them.
  static http::Fields headers(std::string_view body_type) {
    http::Fields fields{
        {std::string(api::kOperatorHeader), operator_name()},
        {"user-agent", std::string(api::kCommandAgent) + TANDEM_VERSION},
    };
    if (!body_type.empty()) fields.emplace_back("content-type", body_type);
    return fields;
  }
  http::ClientRequest request(std::string_view method, std::string target, std::string body,
                              std::string_view body_type) const {
    http::ClientRequest request{.method = std::string(method), .target = std::move(target)};
    request.headers = headers(body.empty() ? std::string_view{} : body_type);
    request.headers.emplace_back("Authorization", "Bearer " + token);
    request.body = std::move(body);
    if (request.body.size() > kLongBody) request.reply_timeout = kLongWait;
    return request;
  }
  http::Response ask_files(std::string_view method, const std::string& target, std::string body,
                           std::string_view body_type) {
    http::Request request;
    const auto parsed = http::parse_target(target);
    TANDEM_ASSERT(parsed.has_value(), "commands write good targets");
    request.method = method;
    request.path = parsed->path;
    request.segments = parsed->segments;
    request.query = parsed->query;
    request.headers = headers(body_type);
    request.body = std::move(body);
    return files->api->handle(request);
  }
};

Line::Line(std::unique_ptr<State> state) : state_(std::move(state)) {}
Line::~Line() = default;
Line::Line(Line&&) noexcept = default;

Result<Line, std::string> Line::open(const Globals& globals, Needs needs) {
  auto state = std::make_unique<State>();
  std::optional<Endpoint> server;
  if (!globals.api.empty()) {
    server = Endpoint::parse(globals.api, kDefaultPort);
    if (!server) {
      return Failure{"--api " + globals.api + " is no address; write ADDR:PORT, 127.0.0.1:8080"};
    }
    server = api::reachable(*server);
  } else {
    server = api::address_of(globals.data);
    if (!server || !answers(*server)) {
      if (needs == Needs::Data) {
        auto files = open_files(globals.data);
        if (!files.ok()) return Failure{files.error()};
        state->files = std::move(files).value();
        return Line(std::move(state));
      }
      if (server) return Failure{nobody_answers(*server)};
      return Failure{"no switch runs on " + globals.data.string() +
                     "; start it with `tandem serve --data " + globals.data.string() +
                     "`, or say with --data DIR or --api ADDR:PORT where it is"};
    }
  }
  state->server = *server;
  auto token = token_for(*server, globals.data);
  if (!token.ok()) return Failure{answers(*server) ? token.error() : nobody_answers(*server)};
  state->token = std::move(token).value();
  return Line(std::move(state));
}

Result<std::string, std::string> Line::ask(std::string_view method, std::string target,
                                           std::string body, std::string_view body_type) {
  if (state_->files) {
    http::Response response = state_->ask_files(method, target, std::move(body), body_type);
    if (response.status >= 300) return Failure{sentence_of(response.status, response.body)};
    return std::move(response.body);
  }
  auto reply = http::send(state_->server,
                          state_->request(method, std::move(target), std::move(body), body_type));
  if (!reply.ok()) return Failure{sentence_of(state_->server, reply.error())};
  if (reply->status >= 300) return Failure{sentence_of(reply->status, reply->body)};
  return std::move(reply->body);
}

Result<Done, std::string> Line::stream(std::string target, const http::BodySink& sink) {
  if (state_->files) {
    http::Response response = state_->ask_files("GET", target, {}, {});
    if (response.status >= 300) return Failure{sentence_of(response.status, response.body)};
    if (!response.stream.next) sink(response.body);
    using Step = http::Stream::Step;
    for (Step step = response.stream.next ? Step::More : Step::Last; step == Step::More;) {
      std::string piece;
      step = response.stream.next(piece);  // the last piece comes with Last
      if (!piece.empty() && !sink(piece)) break;
      if (step == Step::Broken) {
        return Failure{std::string(
            "the list is not whole: the database could not be read to its end; try again")};
      }
      if (step == Step::More && piece.empty()) std::this_thread::sleep_for(response.stream.pause);
    }
    return Done{};
  }
  auto reply = http::send(state_->server, state_->request("GET", std::move(target), {}, {}), sink);
  if (!reply.ok()) return Failure{sentence_of(state_->server, reply.error())};
  if (reply->status >= 300) return Failure{sentence_of(reply->status, reply->body)};
  return Done{};
}

std::string query_of(const http::Fields& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    query += query.empty() ? '?' : '&';
    query += name + '=' + http::percent_encode(value);
  }
  return query;
}

}  // namespace tandem::app
