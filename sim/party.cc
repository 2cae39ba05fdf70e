#include "sim/party.h"

#include <algorithm>

namespace tandem::sim {
namespace {

constexpr milliseconds kT2 = 4000ms;
constexpr milliseconds kPatience = 32'000ms;
constexpr std::size_t kKept = 8;

}  // namespace

Party::Party(Stage& stage, Host& host, std::string number, std::string side, Draw draw)
    : stage_(stage), host_(host), number_(std::move(number)), side_(std::move(side)), draw_(draw) {}

void Party::put(const std::string& bytes, Nature nature) {
  if (dead_) return;
  if (sent_.size() == kKept) sent_.erase(sent_.begin());
  sent_.push_back(bytes);
  stage_.send(host_, bytes, nature);
}

std::vector<wire::Line> Party::head(const std::string& method, const std::string& branch,
                                    std::uint32_t cseq, const std::string& to_tag) const {
  const std::string transport = host_.stream() ? "TCP " : "UDP ";
  std::vector<wire::Line> lines;
  lines.push_back(
      {"Via", "SIP/2.0/" + transport + host_.address.text() + ";branch=" + branch + ";rport"});
  const bool hop_by_hop = method == "CANCEL";
  if (two_vias_ && !hop_by_hop) {
    lines.push_back({"Via", "SIP/2.0/UDP inner." + host_.domain() + ";branch=" + branch + "i"});
  }
  lines.push_back({"Max-Forwards", "70"});
  lines.push_back({"From", local_ + ";tag=" + local_tag_});
  lines.push_back({"To", remote_ + (to_tag.empty() ? "" : ";tag=" + to_tag)});
  lines.push_back({"Call-ID", call_id_});
  lines.push_back({"CSeq", std::to_string(cseq) + " " + method});
  return lines;
}

wire::Line Party::contact() const {
  return {"Contact", "<sip:p" + number_ + "@" + host_.address.text() +
                         (host_.stream() ? ";transport=tcp>" : ">")};
}

// The name says whose session it is: law "sessions reach the other side of their own call".
std::string Party::session(bool hold) {
  ++version_;
  const std::string media = "192.0.2." + std::to_string(100 + host_.number % 100);
  said_session_ = "v=0\r\no=- " + std::to_string(host_.number + 1) + " " + std::to_string(version_) +
         " IN IP4 " + media + "\r\ns=call-" + number_ + "-" + side_ + "-" +
         std::to_string(version_) + "\r\nc=IN IP4 " + media +
         "\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
         "a=rtpmap:101 telephone-event/8000\r\n" +
         (hold ? "a=sendonly\r\n" : "");
  return said_session_;
}

void Party::check_session(const wire::Text& text) {
  if (!wire::same_name(text.get("Content-Type"), "application/sdp")) return;
  unchanged_ = heard_session_ == text.body;
  heard_session_ = text.body;
  const std::size_t at = text.body.find("s=call-");
  if (at == std::string::npos) return;
  const std::string name = text.body.substr(at + 7, text.body.find('\r', at) - at - 7);
  const std::string own = number_ + "-" + side_;
  if (name.compare(0, number_.size() + 1, number_ + "-") != 0 ||
      name.compare(0, own.size(), own) == 0) {
    broken("sessions reach the other side of their own call", side_ + " got " + name);
  }
}

std::size_t Party::ask(const std::string& method, const Dialog& dialog,
                       std::vector<wire::Line> more, const std::string& body, Nature nature) {
  Asked asked;
  asked.method = method;
  asked.branch = host_.new_branch();
  asked.cseq = ++local_cseq_;
  asked.nature = nature;
  std::vector<wire::Line> lines = head(method, asked.branch, asked.cseq, dialog.remote_tag);
  for (const std::string& route : dialog.routes) lines.push_back({"Route", route});
  if (method == "INVITE" || method == "UPDATE") {
    lines.push_back(contact());
    lines.push_back(allow());
  }
  lines.insert(lines.end(), more.begin(), more.end());
  if (!body.empty() && body.compare(0, 4, "v=0\r") == 0) {
    lines.push_back({"Content-Type", "application/sdp"});
  } else if (!body.empty()) {
    lines.push_back(
        {"Content-Type", method == "MESSAGE" ? "text/plain" : "application/dtmf-relay"});
  }
  asked.bytes = wire::put_together(method + " " + dialog.target + " SIP/2.0", lines, body);
  asked.from = local_ + ";tag=" + local_tag_;
  launch(std::move(asked));
  return asked_.size() - 1;
}

void Party::launch(Asked asked) {
  asked.until = stage_.now() + kPatience;
  put(asked.bytes, asked.nature);
  asked_.push_back(std::move(asked));
  const std::size_t index = asked_.size() - 1;
  stage_.after(host_.stream() ? kPatience : asked_[index].wait, [this, index] { again(index); });
}

// RFC 3261 §17.1: an INVITE is repeated until something is heard, anything else until it is over.
void Party::again(std::size_t index) {
  Asked& asked = asked_[index];
  const bool invite = asked.method == "INVITE";
  if (asked.done || (invite && asked.provisional)) return;
  if (stage_.now() >= asked.until) {
    asked.done = true;
    return on_silence(asked);
  }
  put(asked.bytes, asked.nature);
  asked.wait = invite ? asked.wait * 2 : std::min(asked.wait * 2, kT2);
  const milliseconds left = asked.until - stage_.now();
  stage_.after(std::min(asked.wait, left), [this, index] { again(index); });
}

void Party::acknowledge(const Dialog& dialog, std::uint32_t cseq, const std::string& body,
                        Nature nature) {
  std::vector<wire::Line> lines = head("ACK", host_.new_branch(), cseq, dialog.remote_tag);
  for (const std::string& route : dialog.routes) lines.push_back({"Route", route});
  if (!body.empty()) lines.push_back({"Content-Type", "application/sdp"});
  put(wire::put_together("ACK " + dialog.target + " SIP/2.0", lines, body), nature);
}

// RFC 3261 §17.1.1.3: Request-URI, topmost Via and CSeq number of the INVITE, To of the answer.
void Party::acknowledge_refusal(const Asked& asked, const wire::Text& answer) {
  std::vector<wire::Line> lines =
      head("ACK", asked.branch, asked.cseq, wire::tag_in(answer.get("To")));
  std::erase_if(lines, [first = true](const wire::Line& line) mutable {
    const bool more = line.name == "Via" && !first;
    if (line.name == "Via") first = false;
    return more;
  });
  const std::string uri = asked.bytes.substr(7, asked.bytes.find(' ', 7) - 7);
  put(wire::put_together("ACK " + uri + " SIP/2.0", lines, ""), Nature::Proper);
}

std::string Party::tell(const wire::Text& request, int status, const std::string& tag,
                        std::vector<wire::Line> more, const std::string& body, Nature nature) {
  std::vector<wire::Line> lines;
  for (const char* name : {"Via", "From", "Call-ID", "CSeq"}) {
    for (const std::string& value : request.all(name)) lines.push_back({name, value});
  }
  std::string to = request.get("To");
  if (wire::tag_in(to).empty() && status > 100 && !tag.empty()) to += ";tag=" + tag;
  lines.push_back({"To", to});
  const std::string method = request.method();
  if ((method == "INVITE" || method == "UPDATE") && status > 100 && status < 300) {
    lines.push_back(contact());
    lines.push_back(allow());
  }
  lines.insert(lines.end(), more.begin(), more.end());
  if (!body.empty()) lines.push_back({"Content-Type", "application/sdp"});
  const std::string bytes =
      wire::put_together("SIP/2.0 " + std::to_string(status) + " Said", lines, body);
  told_[request.branch() + method] = bytes;
  put(bytes, nature);
  return bytes;
}

void Party::await_ack(const wire::Text& request, const std::string& bytes, const std::string& tag,
                      bool success) {
  Accepted accepted;
  accepted.branch = request.branch();
  accepted.cseq = request.cseq();
  accepted.bytes = bytes;
  accepted.tag = tag;
  accepted.success = success;
  accepted.until = stage_.now() + kPatience;
  accepted_.push_back(std::move(accepted));
  const std::size_t index = accepted_.size() - 1;
  // A 2xx is repeated over streams too (RFC 3261 §13.3.1.4).
  stage_.after(success || !host_.stream() ? 500ms : kPatience,
               [this, index] { again_accepted(index); });
}

void Party::again_accepted(std::size_t index) {
  Accepted& accepted = accepted_[index];
  if (accepted.acknowledged) return;
  if (stage_.now() >= accepted.until) {
    accepted.acknowledged = true;
    if (accepted.success) hang_up();
    return;
  }
  if (accepted.success || !host_.stream()) put(accepted.bytes, Nature::Proper);
  accepted.wait = std::min(accepted.wait * 2, kT2);
  stage_.after(std::min(accepted.wait, milliseconds(accepted.until - stage_.now())),
               [this, index] { again_accepted(index); });
}

void Party::overhear(const wire::Text& answer) {
  peer_tags_.insert(wire::tag_in(answer.get("To")));
}

void Party::receive(const wire::Text& text) {
  if (dead_) return;
  if (text.is_request()) return on_request(text);
  on_response(text);
}

void Party::on_response(const wire::Text& response) {
  const std::string branch = response.branch();
  const std::string method = response.method();
  overhear(response);
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    Asked& asked = asked_[i];
    if (asked.branch != branch || asked.method != method) continue;
    check_response(asked, response);
    asked.provisional = true;
    const bool initial = method == "INVITE" && i == initial_ && side_ == "caller";
    if (initial) return on_initial_response(asked, response);
    if (response.status() < 200) return;
    const bool first = !asked.done;
    asked.done = true;
    if (method == "INVITE" || method == "UPDATE") return on_modify_response(asked, response);
    if (first && method == "BYE") over_ = true;
    return;
  }
}

void Party::check_response(const Asked& asked, const wire::Text& response) {
  if (asked.nature == Nature::Improper) return;
  const auto sent = wire::take_apart(asked.bytes);
  const auto vias = sent->all("Via");
  const auto got = response.all("Via");
  bool same = vias.size() == got.size();
  for (std::size_t i = 0; same && i < vias.size(); ++i) {
    same = wire::parameter_in(vias[i], "branch") == wire::parameter_in(got[i], "branch");
  }
  if (!same) broken("answers carry the Via of their request", response.start);
  if (response.get("From") != asked.from) {
    broken("answers carry the From of their request", response.get("From"));
  }
  if (response.cseq() != asked.cseq)
    broken("answers carry the CSeq of their request", response.start);
  if (response.status() > 100 && wire::tag_in(response.get("To")).empty()) {
    broken("answers but 100 have a To tag", response.start);
  }
  if (response.status() < 300) check_session(response);
}

void Party::on_silence(const Asked& asked) {
  if (asked.method == "BYE") over_ = true;
  // RFC 3261 §12.2.1.2: a dialog whose requests time out is over.
  if (asked.method == "INVITE" || asked.method == "UPDATE") hang_up();
}

}  // namespace tandem::sim
