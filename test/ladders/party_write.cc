// How a user agent writes what its line says.
#include <openssl/evp.h>

#include "ladders/party.h"

namespace tandem::ladder {
namespace {

constexpr const char* kAllow = "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, MESSAGE";

const char* phrase_of(int status) {
  switch (status) {
    case 100:
      return "Trying";
    case 180:
      return "Ringing";
    case 183:
      return "Session Progress";
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 486:
      return "Busy Here";
    case 487:
      return "Request Terminated";
    case 503:
      return "Service Unavailable";
    default:
      return "So It Is";
  }
}

void change(MessageText& message, const Wish& wish, const MessageText& last_invite) {
  if (wish.has("line")) message.start = wish.get("line");
  for (const auto& [kind, text] : wish.list) {
    if (kind == "without") message.remove(text);
    if (kind == "copy") message.add(text, last_invite.header(text));
    if (kind != "header" && kind != "set") continue;
    const std::size_t colon = text.find(':');
    const std::string name = text.substr(0, colon);
    const std::size_t begin = text.find_first_not_of(' ', colon + 1);
    const std::string value = begin == std::string::npos ? "" : text.substr(begin);
    if (kind == "set") {
      message.set(name, value);
    } else {
      message.add(name, value);
    }
  }
}

// Hexadecimal digits of a hash (RFC 7616).
std::string hash(const char* algorithm, const std::string& text) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  EVP_Q_digest(nullptr, algorithm, nullptr, text.data(), text.size(), bytes, &size);
  std::string digits;
  for (std::size_t i = 0; i < size; ++i) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", bytes[i]);
    digits += pair;
  }
  return digits;
}

// The value of a parameter of a challenge; quotes removed.
std::string asked(const std::string& challenge, const std::string& name) {
  const std::size_t at = challenge.find(name + "=");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 1;
  if (challenge[begin] == '"') {
    return challenge.substr(begin + 1, challenge.find('"', begin + 1) - begin - 1);
  }
  return challenge.substr(begin, challenge.find(',', begin) - begin);
}

// Blown up to this many bytes by a header.
void inflate(MessageText& message, std::size_t size) {
  const std::size_t now = message.bytes().size() + std::string("X-Padding: \r\n").size();
  if (now < size) message.add("X-Padding", std::string(size - now, 'x'));
}

}  // namespace

// "USER:PASSWORD" answers the first challenge of the last 401 or 407.
void Party::log_in(MessageText& message, const Wish& wish) const {
  const std::string login = wish.get("login");
  const std::string user = login.substr(0, login.find(':'));
  const std::string password = login.substr(login.find(':') + 1);
  const bool proxy = challenge_.status() == 407;
  const std::string value = challenge_.header(proxy ? "Proxy-Authenticate" : "WWW-Authenticate");
  const std::string realm = asked(value, "realm");
  const std::string nonce = asked(value, "nonce");
  const std::string algorithm = asked(value, "algorithm");
  const char* kind = algorithm == "SHA-256" ? "SHA256" : algorithm == "MD5" ? "MD5" : "SHA512-256";
  const std::string count = wish.has("nc") ? wish.get("nc") : "00000001";
  const std::string response =
      hash(kind, hash(kind, user + ":" + realm + ":" + password) + ":" + nonce + ":" + count +
                     ":cnonce:auth:" + hash(kind, message.method() + ":" + message.uri()));
  message.add(proxy ? "Proxy-Authorization" : "Authorization",
              "Digest username=\"" + user + "\", realm=\"" + realm + "\", nonce=\"" + nonce +
                  "\", uri=\"" + message.uri() + "\", response=\"" + response +
                  "\", algorithm=" + algorithm + ", cnonce=\"cnonce\", qop=auth, nc=" + count);
}

Party::Party(Place place, Shared& shared) : place_(std::move(place)), shared_(shared) {
  static const std::map<std::string, std::string> kParameters{{"TCP", ";transport=tcp"},
                                                              {"TLS", ";transport=tls"},
                                                              {"WS", ";transport=ws"},
                                                              {"WSS", ";transport=ws"}};
  const auto parameter = kParameters.find(place_.transport);
  own_contact_ = "sip:" + place_.name + "@" + place_.address +
                 (parameter == kParameters.end() ? "" : parameter->second);
}

std::string Party::own_tag(const Wish& wish) const {
  return "tag-" + place_.name + (wish.has("tag") ? "-" + wish.get("tag") : "");
}

std::string Party::contact(const Wish& wish) const {
  return wish.has("contact") ? wish.get("contact") : own_contact_;
}

std::string Party::write(const Wish& wish, std::string& error) {
  if (wish.what == "bytes") return unescaped(wish.argument);
  if (wish.has("again")) {
    const std::string label = wish.is_response()
                                  ? wish.what + " " + (wish.has("for") ? wish.get("for") : "INVITE")
                                  : wish.what;
    const auto found = sent_bytes_.find(label);
    if (found != sent_bytes_.end()) return found->second;
    error = "no " + label + " was sent before";
    return "";
  }
  MessageText message = wish.is_response() ? response(wish, error) : request(wish, error);
  if (!error.empty()) return "";
  if (wish.has("login")) log_in(message, wish);
  add_body(message, wish);
  change(message, wish, shared_.last_invite);
  if (wish.has("size")) inflate(message, std::stoul(wish.get("size")));
  remember(message);
  return message.bytes();
}

// The first request of a call, or one outside of any.
void Party::begin(const Wish& wish) {
  caller_ = true;
  const std::string host = host_of(place_.address);
  const std::string bracketed = host.find(':') == std::string::npos ? host : "[" + host + "]";
  call_id_ = "call-" + place_.name + "@" + bracketed;
  const std::string from = wish.has("anonymous") ? "sip:anonymous@anonymous.invalid"
                           : wish.has("from")    ? "sip:" + wish.get("from") + "@" + place_.address
                                                 : "sip:" + place_.address;
  const std::string display = wish.has("display") ? "\"" + wish.get("display") + "\" " : "";
  const std::string at = wish.has("host") ? wish.get("host") : place_.switch_address;
  request_uri_ = wish.has("uri")         ? wish.get("uri")
                 : wish.argument.empty() ? "sip:" + at
                                         : "sip:" + wish.argument + "@" + at;
  local_ = display + "<" + from + ">";
  remote_ = "<" + (wish.has("to") ? "sip:" + wish.get("to") + "@" + at : request_uri_) + ">";
}

MessageText Party::request(const Wish& wish, std::string& error) {
  const std::string& method = wish.what;
  if (call_id_.empty()) begin(wish);
  MessageText message;
  std::string to_tag = caller_ ? remote_tag_ : remote_tag_;
  if (wish.has("totag")) {
    const auto named = tag_names_.find(wish.get("totag"));
    to_tag = named == tag_names_.end() ? wish.get("totag") : named->second;
  }
  if (wish.has("login") && !wish.has("totag")) to_tag.clear();
  const auto dialog = dialogs_.find(to_tag);
  std::string uri = dialog == dialogs_.end() ? request_uri_ : dialog->second.target;
  if (wish.has("uri")) uri = wish.get("uri");
  std::string branch = "z9hG4bK-" + place_.name + "-" + std::to_string(++branches_);
  std::uint32_t cseq = 0;
  if (method == "ACK" || method == "CANCEL") {
    if (last_invite_sent_.start.empty()) {
      error = method + " without an INVITE before";
      return message;
    }
    cseq = last_invite_sent_.cseq();
    // RFC 3261 §17.1.1.3: the ACK of a refusal shares the INVITE's branch, that of a 2xx does not.
    const bool hop = method == "CANCEL" || final_got_ >= 300;
    if (hop) branch = last_invite_sent_.branch();
    if (hop) uri = last_invite_sent_.uri();
    if (method == "CANCEL") to_tag = last_invite_sent_.to_tag();
  } else {
    cseq = wish.has("merged") ? cseq_ : ++cseq_;
  }
  if (wish.has("branch")) branch = wish.get("branch");
  if (wish.has("cseq")) cseq = std::uint32_t(std::stoul(wish.get("cseq")));

  message.start = method + " " + uri + " SIP/2.0";
  message.add("Via", "SIP/2.0/" + place_.transport + " " + place_.address + ";branch=" + branch +
                         (wish.has("norport") ? "" : ";rport"));
  message.add("Max-Forwards", wish.has("maxforwards") ? wish.get("maxforwards") : "70");
  const std::string own = caller_ ? "tag-" + place_.name : own_tag(wish);
  message.add("From", local_ + ";tag=" + own);
  message.add("To", remote_ + (to_tag.empty() || wish.has("merged") ? "" : ";tag=" + to_tag));
  message.add("Call-ID", call_id_);
  message.add("CSeq", std::to_string(cseq) + " " + method);
  if (method == "PRACK") {
    message.add("RAck", wish.has("rack") ? wish.get("rack") : dialogs_[to_tag].rack);
  }
  if (method == "INVITE" || method == "UPDATE") {
    if (!wish.has("nocontact")) message.add("Contact", "<" + contact(wish) + ">");
    message.add("Allow", kAllow);
  }
  if (method == "INVITE") {
    own_tags_.insert(own);
    if (wish.has("reliable")) message.add("Supported", "100rel");
  }
  return message;
}

MessageText Party::response(const Wish& wish, std::string& error) {
  MessageText message;
  // A provisional answer can only be meant for an INVITE.
  const std::string method = wish.has("for")       ? wish.get("for")
                             : wish.what[0] == '1' ? "INVITE"
                                                   : last_request_;
  const auto found = received_.find(method);
  if (found == received_.end()) {
    error = "no request '" + method + "' to answer";
    return message;
  }
  const MessageText& asked = found->second;
  const int status = std::stoi(wish.what);
  const bool session = method == "INVITE" || method == "UPDATE";
  message.start =
      "SIP/2.0 " + wish.what + " " + (wish.has("phrase") ? wish.get("phrase") : phrase_of(status));
  for (const std::string& via : asked.all("Via")) message.add("Via", via);
  message.add("From", asked.header("From"));
  const std::string to = asked.header("To");
  const bool tagged = status == 100 || !asked.to_tag().empty();
  message.add("To", tagged ? to : to + ";tag=" + own_tag(wish));
  if (!tagged) own_tags_.insert(own_tag(wish));
  message.add("Call-ID", asked.call_id());
  message.add("CSeq", asked.header("CSeq"));
  if (session && status > 100 && status < 300) {
    if (!wish.has("nocontact")) message.add("Contact", "<" + contact(wish) + ">");
    message.add("Allow", kAllow);
  }
  if (wish.has("reliable")) {
    rseq_ = wish.has("rseq") ? std::uint32_t(std::stoul(wish.get("rseq"))) : rseq_ + 1;
    message.add("Require", "100rel");
    message.add("RSeq", std::to_string(rseq_));
  }
  if (method == "INVITE" && status >= 200) final_sent_[message.to_tag()] = status;
  return message;
}

void Party::add_body(MessageText& message, const Wish& wish) {
  if (wish.has("sdp")) {
    message.body = session(wish.get("sdp"), host_of(place_.address));
    shared_.sessions[wish.get("sdp")].insert(message.body);
    message.add("Content-Type", "application/sdp");
  } else if (wish.has("body")) {
    message.body = unescaped(wish.get("body"));
    message.add("Content-Type", wish.has("type") ? wish.get("type") : "application/dtmf-relay");
  }
  message.add("Content-Length", std::to_string(message.body.size()));
}

void Party::remember(const MessageText& message) {
  const std::string bytes = message.bytes();
  sent_bytes_[message.label()] = bytes;
  const std::string method = message.method();
  const bool session = method == "INVITE" || method == "UPDATE";
  if (session && message.has("Contact") && message.status() < 300) {
    own_contact_ = uri_in(message.header("Contact"));
    secrets_.insert(host_of(own_contact_.substr(own_contact_.find('@') + 1)));
  }
  if (message.has("Record-Route")) routed_ = true;
  for (const std::string& tag : own_tags_) secrets_.insert(tag);
  secrets_.insert(call_id_);
  secrets_.insert(message.branch());
  if (message.is_response()) return;
  asked_[message.header("CSeq") + " " + message.branch()] = message;
  if (method == "INVITE") {
    last_invite_sent_ = message;
    final_got_ = 0;
  }
}

}  // namespace tandem::ladder
