#include "sim/mischief.h"

#include <array>
#include <vector>

#include "sim/wire.h"

namespace tandem::sim {
namespace {

std::vector<std::string> lines_of(const std::string& bytes) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = bytes.find('\n', at);
    lines.push_back(bytes.substr(at, end == std::string::npos ? end : end - at + 1));
    at += lines.back().size();
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string bytes;
  for (const std::string& line : lines) bytes += line;
  return bytes;
}

void replace_value(std::string& bytes, std::string_view marker, const std::string& value) {
  const std::size_t at = bytes.find(marker);
  if (at == std::string::npos) return;
  const std::size_t begin = at + marker.size();
  bytes.replace(begin, bytes.find_first_of(";\r\n", begin) - begin, value);
}

constexpr std::array kOddLines{
    "Content-Length: 5\r\n",
    "Content-Length: -1\r\n",
    "Content-Length: 99999999999\r\n",
    "CSeq: 4294967296 INVITE\r\n",
    "CSeq: 1 ACK\r\n",
    "Max-Forwards: 0\r\n",
    "Max-Forwards: 300\r\n",
    "Require: nothing-known\r\n",
    "Proxy-Require: foo\r\n",
    "Via: SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKother;maddr=198.18.0.1\r\n",
    "Route: <sip:198.18.0.1;lr>\r\n",
    "Record-Route: <sip:198.18.0.1>\r\n",
    "Contact: <sip:nobody@198.18.0.2>\r\n",
    "Contact: *\r\n",
    "To: \"unfinished <sip:a@b>\r\n",
    "From: <sip:x@y>;tag=second\r\n",
    " folded continuation\r\n",
    "NoColonHere\r\n",
    ": nameless\r\n",
    "RAck: 1 1 INVITE\r\n",
    "RSeq: 0\r\n",
    "Session-Expires: 1\r\n",
    "Content-Encoding: gzip\r\n",
    "Content-Type: multipart/mixed;boundary=x\r\n",
    "Supported: 100rel, 100rel\r\n"};

}  // namespace

std::string noise(Draw& draw, std::size_t most) {
  std::string bytes;
  const std::size_t size = std::size_t(draw.below(most + 1));
  const bool readable = draw.percent(50);
  for (std::size_t i = 0; i < size; ++i) {
    bytes += readable ? "INVITE sip:@;<>\":/\r\n\t ACK0123456789"[draw.below(35)]
                      : char(draw.below(256));
  }
  return bytes;
}

std::string damaged(Draw& draw, std::string bytes) {
  if (bytes.empty()) return bytes;
  switch (draw.between(0, 11)) {
    case 0:
      for (int left = draw.between(1, 8); left > 0; --left) {
        bytes[std::size_t(draw.below(bytes.size()))] = char(draw.below(256));
      }
      break;
    case 1:
      bytes.resize(std::size_t(draw.below(bytes.size())));
      break;
    case 2:
      bytes += noise(draw, 200);
      break;
    case 3:
      replace_value(bytes, "CSeq: ", std::to_string(draw.below(5'000'000'000)) + " INVITE");
      break;
    case 4:
      replace_value(bytes, ";tag=", "wrong" + std::to_string(draw.below(1000)));
      break;
    case 5:
      replace_value(bytes, ";branch=", draw.percent(50) ? "old" : "z9hG4bK");
      break;
    case 6:
      replace_value(bytes, "Content-Length: ", std::to_string(draw.below(70'000)));
      break;
    case 7:
    case 8: {
      std::vector<std::string> lines = lines_of(bytes);
      const std::size_t at = std::size_t(draw.below(lines.size()));
      if (draw.percent(50)) {
        lines.insert(lines.begin() + std::ptrdiff_t(at), lines[at]);
      } else {
        lines.erase(lines.begin() + std::ptrdiff_t(at));
      }
      bytes = joined(lines);
      break;
    }
    case 9: {
      std::vector<std::string> lines = lines_of(bytes);
      lines.insert(lines.begin() + std::ptrdiff_t(draw.below(lines.size()) + 1),
                   draw.pick(kOddLines));
      bytes = joined(lines);
      break;
    }
    case 10:
      bytes.insert(bytes.find("\r\n") + 2,
                   "X-Padding: " + std::string(std::size_t(draw.below(60'000)), 'x') + "\r\n");
      break;
    default:
      replace_value(bytes, "Call-ID: ", "other-" + std::to_string(draw.below(1000)));
      break;
  }
  return bytes;
}

std::string stray_request(Draw& draw, std::string_view host_port, std::string_view branch) {
  static constexpr std::array kMethods{"INVITE", "OPTIONS", "REGISTER", "BYE",       "CANCEL",
                                       "ACK",    "PRACK",   "UPDATE",   "SUBSCRIBE", "NOTIFY",
                                       "REFER",  "INFO",    "MESSAGE",  "PUBLISH",   "DANCE"};
  const std::string method = draw.pick(kMethods);
  const std::string name = std::to_string(draw.below(1'000'000));
  std::string via = "SIP/2.0/UDP " + std::string(host_port) + ";branch=" + std::string(branch);
  if (draw.percent(50)) via += ";rport";
  // Would the switch send to somebody who never asked?
  if (draw.percent(15)) via += ";maddr=198.18.0.1";
  if (draw.percent(15)) via = "SIP/2.0/UDP 198.18.0.2:7000;branch=" + std::string(branch);
  return wire::put_together(
      method + " sip:4400" + name + "@192.0.2.10 SIP/2.0",
      {{"Via", via},
       {"Max-Forwards", "70"},
       {"From", "<sip:stray@" + std::string(host_port) + ">;tag=s" + name},
       {"To", "<sip:4400" + name + "@192.0.2.10>" + (draw.percent(20) ? ";tag=t" + name : "")},
       {"Call-ID", "stray-" + name + "-" + std::string(branch)},
       {"CSeq", "1 " + method},
       {"Contact", "<sip:stray@198.18.0.3:5060>"}},
      "");
}

std::string stray_response(Draw& draw, std::string_view host_port, std::string_view branch) {
  const std::string name = std::to_string(draw.below(1'000'000));
  return wire::put_together("SIP/2.0 " + std::to_string(draw.between(100, 699)) + " Stray",
                            {{"Via", "SIP/2.0/UDP 192.0.2.10:5060;branch=" + std::string(branch)},
                             {"From", "<sip:a@192.0.2.10>;tag=f" + name},
                             {"To", "<sip:b@" + std::string(host_port) + ">;tag=t" + name},
                             {"Call-ID", "stray-" + name},
                             {"CSeq", "1 INVITE"},
                             {"Contact", "<sip:b@198.18.0.3>"}},
                            "");
}

}  // namespace tandem::sim
