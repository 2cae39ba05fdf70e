#include "party.h"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace tandem::ladder {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) ==
                  std::tolower(static_cast<unsigned char>(y));
         });
}

std::vector<std::string> headers_of(const std::string& bytes, const std::string& name) {
  std::vector<std::string> values;
  std::size_t at = bytes.find("\r\n");
  while (at != std::string::npos) {
    at += 2;
    const std::size_t end = bytes.find("\r\n", at);
    if (end == std::string::npos || end == at) break;
    const std::string line = bytes.substr(at, end - at);
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos && same_name(line.substr(0, colon), name)) {
      std::size_t begin = line.find_first_not_of(' ', colon + 1);
      values.push_back(begin == std::string::npos ? "" : line.substr(begin));
    }
    at = end;
  }
  return values;
}

std::string body_of(const std::string& bytes) {
  const std::size_t at = bytes.find("\r\n\r\n");
  return at == std::string::npos ? "" : bytes.substr(at + 4);
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  if (begin == std::string::npos) return "";
  const std::size_t start = begin + from.size();
  const std::size_t end = text.find_first_of(to, start);
  return text.substr(start, end == std::string::npos ? end : end - start);
}

std::string tag_in(const std::string& value) { return between(value, ";tag=", ";> "); }
std::string uri_in(const std::string& value) {
  return value.find('<') == std::string::npos ? value.substr(0, value.find(';'))
                                              : between(value, "<", ">");
}

std::string host_of(const std::string& address) {
  if (address[0] == '[') return address.substr(1, address.find(']') - 1);
  return address.substr(0, address.find(':'));
}

const char* phrase(int status) {
  switch (status) {
    case 100: return "Trying";
    case 180: return "Ringing";
    case 183: return "Session Progress";
    case 200: return "OK";
    case 486: return "Busy Here";
    case 503: return "Service Unavailable";
    default: return "Said So";
  }
}

}  // namespace

std::string header_of(const std::string& bytes, const std::string& name) {
  const auto values = headers_of(bytes, name);
  return values.empty() ? "" : values.front();
}

std::string label_of(const std::string& bytes) {
  if (bytes.rfind("SIP/2.0 ", 0) == 0) {
    const std::string cseq = header_of(bytes, "CSeq");
    return bytes.substr(8, 3) + " " + cseq.substr(std::min(cseq.size(), cseq.find(' ') + 1));
  }
  return bytes.substr(0, bytes.find(' '));
}

std::string Wish::get(const std::string& option) const {
  const auto found = options.find(option);
  return found == options.end() ? "" : found->second;
}

bool Wish::is_response() const {
  return what.size() == 3 && std::isdigit(static_cast<unsigned char>(what[0]));
}

std::string read_wish(const std::vector<std::string>& words, Wish& wish) {
  static const char* const kFlags[] = {"nosdp", "reliable", "again", "any", "unreachable", "lost",
                                       "nocontact"};
  static const char* const kValues[] = {"from",  "sdp", "tag",     "for",   "body",  "cseq",
                                        "phrase", "rseq", "display", "to",   "maxforwards",
                                        "branch", "host", "contact", "port"};
  wish.what = words[0];
  std::size_t i = 1;
  const bool takes_number = !wish.is_response() && i < words.size();
  auto known = [&](const std::string& word) {
    for (const char* flag : kFlags) if (word == flag) return true;
    for (const char* value : kValues) if (word == value) return true;
    return word == "header" || word == "has" || word == "no";
  };
  if (takes_number && !known(words[i])) wish.number = words[i++];
  for (; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "header" || word == "has" || word == "no") {
      if (++i >= words.size()) return word + " needs a text";
      wish.list.emplace_back(word, words[i]);
      continue;
    }
    if (std::any_of(std::begin(kFlags), std::end(kFlags), [&](const char* f) { return word == f; })) {
      wish.options[word] = "yes";
      continue;
    }
    if (std::none_of(std::begin(kValues), std::end(kValues),
                     [&](const char* v) { return word == v; })) {
      return "unknown word '" + word + "'";
    }
    if (++i >= words.size()) return word + " needs a value";
    wish.options[word] = words[i];
  }
  return "";
}

std::string session(const std::string& name, const std::string& host) {
  const bool six = host.find(':') != std::string::npos;
  const std::string where = std::string(six ? "IN IP6 " : "IN IP4 ") + host;
  const bool hold = name.find("hold") != std::string::npos;
  const bool fax = name.find("fax") != std::string::npos;
  return "v=0\r\no=- 1 1 " + where + "\r\ns=" + name + "\r\nc=" + where + "\r\nt=0 0\r\n" +
         (fax ? "m=image 30000 udptl t38\r\n"
              : "m=audio 30000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
                "a=rtpmap:101 telephone-event/8000\r\n") +
         (hold ? "a=sendonly\r\n" : "");
}

Party::Party(std::string name, std::string address, std::string switch_address)
    : name_(std::move(name)),
      address_(std::move(address)),
      switch_address_(std::move(switch_address)) {
  local_tag_ = "tag-" + name_;
}

bool Party::owns(const std::string& bytes) const {
  return !call_id_.empty() && header_of(bytes, "Call-ID") == call_id_;
}

std::string Party::write(const Wish& wish, std::string& error) {
  if (wish.what == "again") {
    const auto found = sent_.find(wish.number + (wish.has("for") ? " " + wish.get("for") : ""));
    if (found == sent_.end()) {
      error = "nothing called '" + wish.number + "' was sent before";
      return "";
    }
    return found->second;
  }
  std::string bytes = wish.is_response() ? response(wish, error) : request(wish, error);
  sent_[label_of(bytes)] = bytes;
  sent_[label_of(bytes).substr(0, label_of(bytes).find(' '))] = bytes;
  return bytes;
}

std::string Party::request(const Wish& wish, std::string& error) {
  const std::string& method = wish.what;
  const bool initial = remote_tag_.empty();
  if (method == "INVITE" && call_id_.empty()) {
    caller_ = true;
    call_id_ = "call-" + name_ + "@" + host_of(address_);
    const std::string from = wish.has("from") ? wish.get("from") : "1000";
    local_uri_ = "sip:" + (from.empty() ? "" : from + "@") + address_;
    const std::string host = wish.has("host") ? wish.get("host") : switch_address_;
    remote_uri_ = "sip:" + wish.number + "@" + host;
    target_ = remote_uri_;
  }
  if (call_id_.empty()) {
    call_id_ = "other-" + name_ + "@" + host_of(address_);
    local_uri_ = "sip:" + address_;
    remote_uri_ = target_ = "sip:" + switch_address_;
  }
  std::uint32_t cseq;
  std::string branch, cseq_method = method, uri = target_;
  if (method == "ACK" || method == "CANCEL") {
    cseq = invite_cseq_;
    // RFC 3261 §17.1.1.3: the ACK of a refusal shares the INVITE's branch, that of a 2xx does not.
    const bool refused = got_.count("final") != 0 && got_["final"][8] >= '3';
    branch = method == "CANCEL" || refused ? invite_branch_ : "z9hG4bK" + name_ + std::to_string(++branch_);
    if (method == "CANCEL" || refused) uri = invite_uri_;
  } else {
    cseq = ++cseq_;
    branch = "z9hG4bK" + name_ + std::to_string(++branch_);
  }
  if (wish.has("branch")) branch = wish.get("branch");
  if (wish.has("cseq")) cseq = std::uint32_t(std::stoul(wish.get("cseq")));
  if (method == "INVITE") {
    invite_cseq_ = cseq;
    invite_branch_ = branch;
    invite_uri_ = uri;
    got_.erase("final");
  }
  const std::string to_tag = method == "CANCEL" && !got_.count("final") && initial ? ""
                             : method == "CANCEL" ? ""
                             : wish.has("tag") ? tags_[wish.get("tag")] : remote_tag_;
  std::string bytes = method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP " + address_ +
                      ";branch=" + branch + ";rport\r\n";
  if (!routes_.empty()) bytes += "Route: " + routes_ + "\r\n";
  bytes += "Max-Forwards: " + (wish.has("maxforwards") ? wish.get("maxforwards") : "70") + "\r\n";
  bytes += "From: " + (wish.has("display") ? "\"" + wish.get("display") + "\" " : "") + "<" +
           local_uri_ + ">;tag=" + local_tag_ + "\r\n";
  bytes += "To: <" + remote_uri_ + ">" + (to_tag.empty() ? "" : ";tag=" + to_tag) + "\r\n";
  bytes += "Call-ID: " + call_id_ + "\r\nCSeq: " + std::to_string(cseq) + " " + cseq_method + "\r\n";
  if (method == "PRACK") {
    bytes += "RAck: " + (wish.has("rseq") ? wish.get("rseq") : last_rack_) + "\r\n";
  }
  if ((method == "INVITE" || method == "UPDATE") && !wish.has("nocontact")) {
    bytes += "Contact: <" + (wish.has("contact") ? wish.get("contact") : "sip:" + name_ + "@" + address_) + ">\r\n";
    bytes += "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO\r\n";
  }
  for (const auto& [kind, text] : wish.list) {
    if (kind == "header") bytes += text + "\r\n";
  }
  std::string body = wish.has("body") ? wish.get("body") : "";
  if (wish.has("sdp")) {
    body = session(wish.get("sdp"), host_of(address_));
    bytes += "Content-Type: application/sdp\r\n";
  }
  bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  (void)error;
  return bytes;
}

std::string Party::response(const Wish& wish, std::string& error) {
  const std::string method = wish.has("for") ? wish.get("for") : last_request_;
  const auto found = received_.find(method);
  if (found == received_.end()) {
    error = "no request '" + method + "' to answer";
    return "";
  }
  const std::string& request = found->second;
  const int status = std::stoi(wish.what);
  std::string bytes = "SIP/2.0 " + wish.what + " " +
                      (wish.has("phrase") ? wish.get("phrase") : phrase(status)) + "\r\n";
  for (const char* name : {"Via", "Record-Route", "From", "Call-ID", "CSeq"}) {
    for (const std::string& value : headers_of(request, name)) {
      bytes += std::string(name) + ": " + value + "\r\n";
    }
  }
  std::string to = header_of(request, "To");
  if (status > 100 && tag_in(to).empty()) {
    to += ";tag=" + local_tag_ + (wish.has("tag") ? "-" + wish.get("tag") : "");
  }
  bytes += "To: " + to + "\r\n";
  if (method == "INVITE" && status > 100 && status < 300 && !wish.has("nocontact")) {
    bytes += "Contact: <" + (wish.has("contact") ? wish.get("contact") : "sip:" + name_ + "@" + address_) + ">\r\n";
    bytes += "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO\r\n";
  }
  if (wish.has("reliable")) {
    rseq_ = wish.has("rseq") ? std::uint32_t(std::stoul(wish.get("rseq"))) : rseq_ + 1;
    bytes += "Require: 100rel\r\nRSeq: " + std::to_string(rseq_) + "\r\n";
  }
  for (const auto& [kind, text] : wish.list) {
    if (kind == "header") bytes += text + "\r\n";
  }
  std::string body = wish.has("body") ? wish.get("body") : "";
  if (wish.has("sdp")) {
    body = session(wish.get("sdp"), host_of(address_));
    bytes += "Content-Type: application/sdp\r\n";
  }
  bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return bytes;
}

void Party::learn(const std::string& bytes) {
  const bool is_response = bytes.rfind("SIP/2.0 ", 0) == 0;
  const std::string cseq = header_of(bytes, "CSeq");
  const std::string method = cseq.substr(cseq.find(' ') + 1);
  got_[label_of(bytes)] = bytes;
  if (is_response) {
    const int status = std::stoi(bytes.substr(8, 3));
    const std::string tag = tag_in(header_of(bytes, "To"));
    if (method == "INVITE") {
      if (status >= 200) got_["final"] = bytes;
      if (status > 100 && !tag.empty() && status < 300) remote_tag_ = tag;
      const std::string contact = header_of(bytes, "Contact");
      if (status > 100 && status < 300 && !contact.empty()) target_ = uri_in(contact);
      const std::string rseq = header_of(bytes, "RSeq");
      if (!rseq.empty()) last_rack_ = rseq + " " + cseq;
    }
    return;
  }
  received_[method] = bytes;
  last_request_ = method;
  if (call_id_.empty() && method == "INVITE") {
    call_id_ = header_of(bytes, "Call-ID");
    remote_tag_ = tag_in(header_of(bytes, "From"));
    remote_uri_ = uri_in(header_of(bytes, "From"));
    local_uri_ = uri_in(header_of(bytes, "To"));
    target_ = uri_in(header_of(bytes, "Contact"));
  }
  const std::string to_tag = tag_in(header_of(bytes, "To"));
  if (!caller_ && !to_tag.empty()) local_tag_ = to_tag;
}

std::string Party::check(const Wish& wish, const std::string& bytes) {
  const std::string label = label_of(bytes);
  const std::string first = label.substr(0, label.find(' '));
  if (wish.what != first) return "got " + label + "\n" + bytes;
  if (wish.has("for") && label != wish.what + " " + wish.get("for")) return "got " + label;
  if (wish.has("again") && got_[label] != bytes) {
    return "is no repetition of the last " + label + "\n" + bytes + "before:\n" + got_[label];
  }
  if (!wish.number.empty()) {
    const std::string uri = bytes.substr(first.size() + 1, bytes.find(' ', first.size() + 1) - first.size() - 1);
    const std::string user = between(uri, "sip:", "@;");
    if (user != wish.number) return "number is " + user;
  }
  if (wish.has("from")) {
    const std::string user = between(header_of(bytes, "From"), "sip:", "@;>");
    if (user != wish.get("from")) return "caller is " + user;
  }
  const std::string tag = tag_in(header_of(bytes, "To"));
  if (wish.has("tag")) {
    std::string& known = tags_[wish.get("tag")];
    if (known.empty()) {
      for (const auto& [name, other] : tags_) {
        if (name != wish.get("tag") && other == tag) return "To tag is that of " + name;
      }
      known = tag;
    }
    if (known != tag) return "To tag is " + tag + ", " + wish.get("tag") + " is " + known;
  }
  const std::string body = body_of(bytes);
  if (wish.has("sdp")) {
    if (body.find("s=" + wish.get("sdp") + "\r\n") == std::string::npos) {
      return "session is not " + wish.get("sdp") + ":\n" + bytes;
    }
  } else if (wish.has("body")) {
    if (body != wish.get("body")) return "body is '" + body + "'";
  } else if (!body.empty() && !wish.has("any")) {
    return "has a body:\n" + bytes;
  }
  if (wish.has("reliable") && header_of(bytes, "RSeq").empty()) return "has no RSeq";
  if (!wish.has("reliable") && !header_of(bytes, "RSeq").empty()) return "has an RSeq";
  for (const auto& [kind, text] : wish.list) {
    const bool there = bytes.find(text) != std::string::npos;
    if (kind == "has" && !there) return "lacks '" + text + "':\n" + bytes;
    if (kind == "no" && there) return "holds '" + text + "':\n" + bytes;
  }
  learn(bytes);
  return "";
}

}  // namespace tandem::ladder
