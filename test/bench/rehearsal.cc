// A day of a switch in small, without sockets and in virtual time: calls that are answered, refused,
// cancelled and held with their session timers, registrations and keep-alives. The compiler learns from
// it which ways through the core are the usual ones (scripts/lib/profile.sh). It judges nothing, and
// plays the same every time.
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "core/exchange/exchange.h"

namespace tandem {
namespace {

constexpr int kPhones = 2'000;
constexpr int kHours = 8;
constexpr int kCallsAnHour = 2'000;
constexpr int kHeldCalls = 500;
constexpr const char* kDomain = "switch.example";
constexpr const char* kAllow = "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK\r\n";
constexpr const char* kSession =
    "v=0\r\no=user1 53655765 2353687637 IN IP4 127.0.10.2\r\ns=-\r\nc=IN IP4 127.0.10.2\r\n"
    "t=0 0\r\nm=audio 6000 RTP/AVP 8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n";
constexpr std::string_view kNumber = "14155550100";
constexpr std::string_view kTriedTwice = "442071234567";  // the first gateway refuses it

enum class Ending { Hangup, Refusal, Cancel, Held };

struct Message {
  sip::Path path;
  std::string bytes;
};

// The line of a header with its line end, "" when there is none.
std::string line_of(std::string_view message, std::string_view name) {
  const std::size_t at = message.find("\r\n" + std::string(name) + ": ");
  if (at == message.npos) return {};
  return std::string(message.substr(at + 2, message.find("\r\n", at + 2) - at));
}

std::string value_of(std::string_view message, std::string_view name) {
  const std::string line = line_of(message, name);
  return line.empty() ? line : line.substr(name.size() + 2, line.size() - name.size() - 4);
}

// What stands between the quotes after `name` in a challenge.
std::string_view quoted(std::string_view challenge, std::string_view name) {
  const std::size_t at = challenge.find(name);
  const std::string_view rest = challenge.substr(at + name.size() + 1);
  return rest.substr(0, rest.find('"'));
}

std::string with_body(const std::string& head, std::string_view body) {
  std::string text = head;
  if (!body.empty()) text += "Content-Type: application/sdp\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return text.append(body);
}

directory::EgressGateway egress_gateway(std::int64_t id, const char* host, int address,
                                        std::vector<std::string> prefixes) {
  directory::EgressGateway gateway;
  gateway.id = id;
  gateway.name = host;
  gateway.remote_ips.push_back({host, IpAddress::v4(std::uint32_t(0x7f000a00 + address)), 5080});
  gateway.prefixes = std::move(prefixes);
  return gateway;
}

std::shared_ptr<const directory::Directory> compiled() {
  directory::Directory::Source source;
  source.number = 1;
  source.parameters.sip_authentication_realm = kDomain;
  directory::IngressGateway north;
  north.id = 1;
  north.name = "north";
  north.remote_ips.push_back(*AddressRange::parse("127.0.10.2"));
  source.ingress_gateways.push_back(north);
  source.egress_gateways.push_back(egress_gateway(2, "127.0.10.3", 3, {"", "44"}));
  source.egress_gateways.push_back(egress_gateway(3, "127.0.10.4", 4, {"44"}));
  source.egress_gateways.back().priority = 0;
  for (int i = 0; i < 40; ++i) {
    source.egress_gateways.push_back(egress_gateway(4 + i, "127.0.10.5", 5, {std::to_string(200 + i)}));
  }
  for (int i = 0; i < kPhones; ++i) {
    directory::Phone phone;
    phone.id = 100 + i;
    phone.name = std::to_string(100'000 + i);
    phone.password = "secret-" + phone.name;
    phone.sip_authentication_method = directory::SipAuthentication::Password;
    source.phones.push_back(phone);
  }
  return directory::Directory::compile(std::move(source));
}

exchange::Identity identity() {
  exchange::Identity who;
  who.seed = {1, 2, 3, 4};
  who.listeners.push_back({sip::Transport::Udp, {IpAddress::v4(0x7f000a01), 5060}});
  return who;
}

class Day {
 public:
  Day() : exchange_(identity(), compiled()) {}

  bool play() {
    for (int i = 0; i < kHeldCalls; ++i) call(Ending::Held);
    for (int hour = 0; hour < kHours; ++hour) {
      for (int i = 0; i < kPhones; ++i) {
        enroll(i, hour);
        if (i % 20 == 0) wait(seconds(1));
      }
      for (int i = 0; i < kCallsAnHour; ++i) {
        call(i % 10 == 8 ? Ending::Refusal : i % 10 == 9 ? Ending::Cancel : Ending::Hangup);
        if (i % 20 == 0) wait(seconds(20));
      }
    }
    std::printf("%zu records, %zu calls held, %zu phones registered\n", records_,
                exchange_.live_calls(), registered_);
    return records_ == std::size_t(kHours * kCallsAnHour) && exchange_.live_calls() == kHeldCalls &&
           registered_ == std::size_t(kHours * kPhones);
  }

 private:
  using seconds = std::chrono::seconds;

  // --- the caller's side ---

  void call(Ending ending) {
    ending_ = ending;
    call_id_ = "call-" + std::to_string(++calls_) + "@127.0.10.2";
    callee_ = calls_ % 10 == 7 ? kTriedTwice : kNumber;
    to_ = "<sip:" + callee_ + "@127.0.10.1:5060>";
    // Every third call has a session timer, which is left to the switch; some say who calls.
    std::string invite = request("INVITE", 1) + kAllow;
    invite += "Supported: timer, 100rel\r\n";
    if (calls_ % 3 == 0) invite += "Session-Expires: 1800;refresher=uas\r\nMin-SE: 90\r\n";
    if (calls_ % 5 == 0) invite += "P-Asserted-Identity: <sip:33123456789@127.0.10.2>\r\n";
    say(caller_, with_body(invite, kSession));
    if (ending == Ending::Cancel) say(caller_, with_body(request("CANCEL", 1), ""));
    if (ending == Ending::Hangup) say(caller_, with_body(request("BYE", 2), ""));
  }

  std::string request(const std::string& method, int cseq) const {
    std::string text = method + " sip:" + callee_ + "@127.0.10.1:5060 SIP/2.0\r\n";
    const std::string branch = method == "CANCEL" || method == "ACK" ? "INVITE" : method;
    text += "Via: SIP/2.0/UDP 127.0.10.2:5070;branch=z9hG4bK" + call_id_ + branch + ";rport\r\n";
    text += "Max-Forwards: 70\r\nFrom: \"Alice\" <sip:33123456789@127.0.10.2:5070>;tag=caller\r\n";
    text += "To: " + to_ + "\r\nCall-ID: " + call_id_ + "\r\nCSeq: " + std::to_string(cseq) + " ";
    text += method + "\r\nContact: <sip:33123456789@127.0.10.2:5070>\r\nUser-Agent: rehearsal\r\n";
    return text;
  }

  void enroll(int phone, int hour) {
    const std::string own = "127.0.12." + std::to_string(phone % 250 + 1);
    const sip::Path path{.peer = {*IpAddress::parse(own), std::uint16_t(6000 + phone / 250)}};
    say(path, enrolment(phone, hour, 1, ""));
  }

  std::string enrolment(int phone, int hour, int cseq, const std::string& credentials) const {
    const std::string user = std::to_string(100'000 + phone);
    const std::string number = std::to_string(phone) + "-" + std::to_string(hour);
    std::string text = "REGISTER sip:" + std::string(kDomain) + " SIP/2.0\r\n";
    text += "Via: SIP/2.0/UDP 192.168.1.20:5060;branch=z9hG4bKr" + number + "-" +
            std::to_string(cseq) + ";rport\r\nMax-Forwards: 70\r\n";
    text += "From: <sip:" + user + "@" + kDomain + ">;tag=r" + number + "\r\n";
    text += "To: <sip:" + user + "@" + kDomain + ">\r\nCall-ID: r" + number + "@192.168.1.20\r\n";
    text += "CSeq: " + std::to_string(cseq) + " REGISTER\r\n";
    text += "Contact: <sip:" + user + "@192.168.1.20:5060>;expires=3600\r\n";
    text += "User-Agent: rehearsal\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n" + credentials;
    return with_body(text, "");
  }

  void prove(const sip::Path& path, const std::string& refusal) {
    const std::string id = value_of(refusal, "Call-ID");
    const int phone = std::stoi(id.substr(1));
    const int hour = std::stoi(id.substr(id.find('-') + 1));
    const std::string user = std::to_string(100'000 + phone);
    // The last challenge is of MD5, which every phone knows.
    const std::string_view challenge =
        std::string_view(refusal).substr(refusal.rfind("WWW-Authenticate: "));
    const std::string_view nonce = quoted(challenge, " nonce=");
    const HashText a1 = hasher_.hex(HashKind::Md5, {user, ":", kDomain, ":secret-", user});
    const HashText a2 = hasher_.hex(HashKind::Md5, {"REGISTER:sip:", kDomain});
    const HashText response = hasher_.hex(
        HashKind::Md5, {a1.view(), ":", nonce, ":00000001:0a4f113b:auth:", a2.view()});
    std::string line = "Authorization: Digest username=\"" + user + "\", realm=\"" + kDomain;
    line.append("\", nonce=\"").append(nonce).append("\", uri=\"sip:").append(kDomain);
    line.append("\", response=\"").append(response.view());
    line += "\", algorithm=MD5, cnonce=\"0a4f113b\", qop=auth, nc=00000001\r\n";
    queue_.push_back({path, enrolment(phone, hour, 2, line)});
  }

  // --- what the others do with what the switch sends ---

  void hear(const sip::Path& path, const std::string& bytes) {
    if (bytes.find(" SIP/2.0\r\n") != bytes.npos) return hear_request(path, bytes);
    if (!bytes.starts_with("SIP/2.0 ")) return;
    const int status = std::stoi(bytes.substr(8, 3));
    const std::string cseq = value_of(bytes, "CSeq");
    if (cseq.ends_with("REGISTER")) {
      if (status == 401) prove(path, bytes);
      if (status == 200) ++registered_;
    } else if (cseq.ends_with("INVITE") && status >= 200) {
      to_ = value_of(bytes, "To");
      std::string ack = request("ACK", 1);
      if (status < 300) ack.replace(ack.find("INVITE;rport"), 6, "ACK");
      queue_.push_back({path, with_body(ack, "")});
    }
  }

  void hear_request(const sip::Path& path, const std::string& bytes) {
    const std::string method = bytes.substr(0, bytes.find(' '));
    if (method == "ACK") return;
    const bool first = line_of(bytes, "To").find(";tag=") == std::string::npos;
    if (method != "INVITE" || !first) {
      answer(path, bytes, "200 OK", method == "INVITE" ? kSession : "");
      if (method == "CANCEL") answer(path, invite_, "487 Request Terminated", "");
      return;
    }
    answer(path, bytes, "100 Trying", "");
    if (path.peer.ip == refuser_) return answer(path, bytes, "503 Service Unavailable", "");
    if (ending_ == Ending::Refusal) return answer(path, bytes, "486 Busy Here", "");
    answer(path, bytes, "180 Ringing", "");
    invite_ = bytes;
    if (ending_ != Ending::Cancel) answer(path, bytes, "200 OK", kSession);
  }

  void answer(const sip::Path& path, const std::string& request, const char* status,
              std::string_view body) {
    std::string text = "SIP/2.0 " + std::string(status) + "\r\n";
    for (const char* name : {"Via", "From"}) text += line_of(request, name);
    const std::string to = value_of(request, "To");
    text += "To: " + to + (to.find(";tag=") == to.npos ? ";tag=callee\r\n" : "\r\n");
    for (const char* name : {"Call-ID", "CSeq"}) text += line_of(request, name);
    text += "Contact: <sip:14155550100@127.0.10.3:5080>\r\n";
    if (!body.empty()) text += std::string(kAllow) + "Supported: timer\r\n";
    const std::string timer = value_of(request, "Session-Expires");
    if (text.starts_with("SIP/2.0 200") && !timer.empty()) {
      const bool named = timer.find("refresher") != timer.npos;
      text += "Require: timer\r\nSession-Expires: " + timer + (named ? "\r\n" : ";refresher=uac\r\n");
    }
    queue_.push_back({path, with_body(text, body)});
  }

  // --- how messages and time pass ---

  void say(const sip::Path& path, std::string bytes) {
    queue_.push_back({path, std::move(bytes)});
    settle();
  }

  void settle() {
    while (!queue_.empty()) {
      const std::vector<Message> messages = std::exchange(queue_, {});
      for (const Message& each : messages) handle(exchange::Received{each.path, each.bytes});
    }
  }

  void handle(const exchange::Input& input) {
    actions_.clear();
    exchange_.handle(now_, input, actions_);
    records_ += actions_.cdrs.size();
    for (const auto& each : actions_.outbox.datagrams()) hear(each.path, std::string(each.bytes));
  }

  void wait(milliseconds span) {
    const Now until{now_.mono + span, now_.wall + span};
    while (exchange_.next_deadline() <= until.mono) {
      const milliseconds step = std::max(exchange_.next_deadline() - now_.mono, milliseconds{0});
      now_ = {now_.mono + step, now_.wall + step};
      handle(exchange::Tick{});
      settle();
    }
    now_ = until;
  }

  Now now_{Instant{}, UtcTime{milliseconds{1'700'000'000'000}}};
  exchange::Exchange exchange_;
  exchange::Actions actions_;
  std::vector<Message> queue_;
  Hasher hasher_;
  sip::Path caller_{.peer = {IpAddress::v4(0x7f000a02), 5070}};
  IpAddress refuser_ = IpAddress::v4(0x7f000a04);
  Ending ending_ = Ending::Hangup;
  std::string call_id_, callee_, to_, invite_;
  int calls_ = 0;
  std::size_t records_ = 0, registered_ = 0;
};

}  // namespace
}  // namespace tandem

int main() { return tandem::Day().play() ? 0 : 1; }
