// tandem serve: the switch, in the foreground until it is told to stop.
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "app/commands.h"
#include "shell/process/switch.h"

namespace tandem::app {
namespace {

constexpr const char* kDefaultApi = "127.0.0.1:8080";
constexpr std::uint16_t kDefaultApiPort = 8080;

struct ServeOptions {
  std::vector<std::string> listen;
  std::string log_format = "text";
  std::string log_level = "info";
};

// The signals that steer a switch, taken as a file that can be waited for. Every thread made later
// leaves them to it.
int take_signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&wanted, each);
  ::pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return ::signalfd(-1, &wanted, SFD_CLOEXEC);
}

int next_signal(int signals) {
  signalfd_siginfo info{};
  return ::read(signals, &info, sizeof info) == sizeof info ? int(info.ssi_signo) : 0;
}

// Until the switch has ended: the first SIGTERM or SIGINT lets calls end, the second releases them,
// the third does not wait for that either.
void steer(process::Switch& running, int signals, process::Log& log) {
  int wanted_to_end = 0;
  for (;;) {
    pollfd files[] = {{.fd = signals, .events = POLLIN, .revents = 0},
                      {.fd = running.ended(), .events = POLLIN, .revents = 0}};
    if (::poll(files, 2, -1) <= 0) continue;
    if (files[1].revents != 0) return;
    if (files[0].revents == 0) continue;
    const int signal = next_signal(signals);
    if (signal == SIGHUP) {
      running.reload();
    } else if (++wanted_to_end == 1) {
      log.info("draining", "no new calls are taken; a second signal ends those that are up");
      running.drain();
    } else if (wanted_to_end == 2) {
      log.warning("releasing", "calls that are up are hung up; a third signal ends at once");
      running.release();
    } else {
      log.warning("stopping", "ends at once");
      running.stop();
    }
  }
}

process::Severity severity_of(const std::string& level) {
  if (level == "debug") return process::Severity::Debug;
  if (level == "warning") return process::Severity::Warning;
  if (level == "error") return process::Severity::Error;
  return process::Severity::Info;
}

Result<process::SwitchOptions, std::string> switch_options(const Globals& globals,
                                                           const ServeOptions& options) {
  process::SwitchOptions wanted;
  wanted.data = globals.data;
  wanted.version = TANDEM_VERSION;
  const std::string api = globals.api.empty() ? kDefaultApi : globals.api;
  const auto address = Endpoint::parse(api, kDefaultApiPort);
  if (!address) {
    return Failure{"--api " + api + " is no address; write ADDR:PORT, 127.0.0.1:8080"};
  }
  wanted.api = *address;
  for (const std::string& text : options.listen) {
    const auto parsed = net::parse_listen_address(text);
    if (!parsed) {
      return Failure{"--listen " + text +
                     " is no address; write udp:, tcp:, tls:, ws: or wss: and ADDR:PORT, "
                     "udp:0.0.0.0:5060"};
    }
    wanted.listen.push_back(*parsed);
  }
  return wanted;
}

int run(const Globals& globals, const ServeOptions& options) {
  const auto wanted = switch_options(globals, options);
  if (!wanted.ok()) return fail(wanted.error());
  const int signals = take_signals();
  process::Log log(
      options.log_format == "json" ? process::LogFormat::Json : process::LogFormat::Text,
      severity_of(options.log_level));
  auto started = process::Switch::start(*wanted, log);
  if (!started.ok()) return fail(started.error());
  std::unique_ptr<process::Switch> running = std::move(started).value();
  std::fputs("ready\n", stdout);
  std::fflush(stdout);
  steer(*running, signals, log);
  running.reset();
  log.info("stopped", "every call record is kept");
  return 0;
}

}  // namespace

void add_serve(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand(
      "serve", "Run the switch in the foreground; prints `ready` when it takes calls");
  auto options = std::make_shared<ServeOptions>();
  command
      ->add_option("--listen", options->listen,
                   "Where to take SIP, again for each address; else what SS_SIP_PORT, "
                   "SS_SIP_TLS_PORT, SS_SIP_WS_PORT and SS_SIP_LOCAL_IP say")
      ->type_name("TRANSPORT:ADDR:PORT");
  command->add_option("--log-format", options->log_format, "Form of the log on the error stream")
      ->check(CLI::IsMember({"text", "json"}));
  command->add_option("--log-level", options->log_level, "The least severe lines of the log")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
  command->callback([&globals, options] { globals.status = run(globals, *options); });
}

}  // namespace tandem::app
