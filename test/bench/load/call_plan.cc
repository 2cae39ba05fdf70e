#include "bench/load/call_plan.h"

namespace tandem::bench {
namespace {

std::string session(const std::string& address, int port) {
  const std::string host = address.substr(0, address.rfind(':'));
  return "v=0\r\no=- 3900000000 3900000000 IN IP4 " + host + "\r\ns=call\r\nc=IN IP4 " + host +
         "\r\nt=0 0\r\nm=audio " + std::to_string(port) +
         " RTP/AVP 8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
         "a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\n"
         "a=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n";
}

void padded(Draft& draft, std::uint32_t value, std::uint32_t digits) {
  std::array<char, 10> text;
  for (std::uint32_t i = digits; i > 0; --i, value /= 10) {
    text[i - 1] = static_cast<char>('0' + value % 10);
  }
  draft.text({text.data(), digits});
}

std::string_view line_of(std::string_view session, std::string_view start) {
  const auto at = session.find(start);
  if (at == std::string_view::npos) return {};
  return session.substr(at, session.find('\r', at) - at);
}

}  // namespace

void CallPlan::complete() {
  server_address = loopback(server);
  caller_address = loopback(caller);
  callee_address = loopback(callee);
  caller_session = session(caller, 30000);
  callee_session = session(callee, 40000);
  run = static_cast<std::uint32_t>(now() / 1'000'000 % 1'000'000);
}

void CallPlan::called_number(Draft& draft, std::uint32_t call) const {
  draft.text({&prefix, 1});
  padded(draft, group_size == 0 ? 0 : call / group_size, 3);
  padded(draft, call, 8);
}

void CallPlan::calling_number(Draft& draft, std::uint32_t call) const {
  draft.text("33");
  padded(draft, call, 8);
}

std::optional<std::uint32_t> CallPlan::call_of_called(std::string_view uri) const {
  const auto start = uri.find("sip:");
  if (start == std::string_view::npos || uri.size() < start + 16) return std::nullopt;
  const std::string_view number = uri.substr(start + 4, 12);
  const auto call = static_cast<std::uint32_t>(number_in(number.substr(4)));
  std::array<char, 16> expected;
  Draft draft(expected.data());
  called_number(draft, call);
  if (number != draft.view()) return std::nullopt;
  return call;
}

void CallPlan::token(Draft& draft, char kind, std::uint32_t call) const {
  draft.text({&kind, 1}).number(run).text("-").number(call);
}

std::optional<std::uint32_t> CallPlan::call_of_token(std::string_view token, char kind) const {
  const auto dash = token.find('-');
  if (token.empty() || token.front() != kind || dash == std::string_view::npos ||
      number_in(token.substr(1)) != run) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(number_in(token.substr(dash + 1)));
}

bool same_media(std::string_view session, std::string_view expected) {
  const auto media = session.find("m=");
  return media != std::string_view::npos &&
         session.substr(media) == expected.substr(expected.find("m=")) &&
         line_of(session, "c=") == line_of(expected, "c=");
}

}  // namespace tandem::bench
