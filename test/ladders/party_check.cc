// How a user agent judges what it receives, and what it learns from it.
#include <algorithm>

#include "ladders/laws.h"
#include "ladders/party.h"

namespace tandem::ladder {
namespace {

std::string without_received(std::string via) {
  for (const char* name : {"received", "rport"}) via = without_parameter(via, name);
  return via;
}

// Both tags: early dialogs of one INVITE count their requests apart.
std::string dialog_of(const MessageText& request) {
  return request.from_tag() + " " + request.to_tag();
}

std::string differs(const std::string& what, const std::string& is, const std::string& should) {
  return what + " is '" + is + "', not '" + should + "'";
}

}  // namespace

std::string Party::check(const Wish& wish, const std::string& bytes) {
  const MessageText message(bytes);
  if (std::string fault = law_of_message(message); !fault.empty()) return fault;
  const std::string label = message.label();
  const std::string what = message.is_response() ? label.substr(0, 3) : label;
  if (wish.what != what) return "is " + label;
  if (wish.has("for") && message.method() != wish.get("for")) return "is " + label;
  const auto before = got_bytes_.find(label);
  const bool again = before != got_bytes_.end() && before->second.count(bytes) != 0;
  if (wish.has("again") && !again) return "is no repetition of the " + label + " before";
  if (!wish.has("again") && again) return "is a repetition of the " + label + " before";
  if (wish.has("again")) {
    if (!wish.has("lost")) learn(message);
    return "";
  }
  if (std::string fault = check_words(wish, message); !fault.empty()) return fault;
  const std::string fault =
      message.is_response() ? check_response(message) : check_request(message);
  if (!fault.empty()) return fault;
  if (wish.has("lost")) {
    if (call_id_.empty()) call_id_ = message.call_id();
    got_bytes_[label].insert(bytes);
    return "";
  }
  learn(message);
  return "";
}

std::string Party::check_words(const Wish& wish, const MessageText& message) {
  const std::string uri = message.is_response() ? "" : message.uri();
  if (!wish.argument.empty() && user_in(uri) != wish.argument) {
    return differs("number", user_in(uri), wish.argument);
  }
  if (wish.has("uri") && uri != wish.get("uri")) return differs("target", uri, wish.get("uri"));
  if (wish.has("from") && user_in(uri_in(message.header("From"))) != wish.get("from")) {
    return differs("caller", user_in(uri_in(message.header("From"))), wish.get("from"));
  }
  if (wish.has("phrase") && message.start.substr(12) != wish.get("phrase")) {
    return differs("phrase", message.start.substr(12), wish.get("phrase"));
  }
  if (std::string fault = check_tag_name(wish, message); !fault.empty()) return fault;
  if (std::string fault = check_body(wish, message); !fault.empty()) return fault;
  if (wish.has("reliable") && !message.has("RSeq")) return "has no RSeq";
  if (!wish.has("reliable") && message.has("RSeq")) return "has an RSeq";
  const std::string head = message.head();
  for (const auto& [kind, text] : wish.list) {
    const bool whole = head.find("\r\n" + text + "\r\n") != std::string::npos;
    const bool there = head.find(text) != std::string::npos;
    if (kind == "has" && !there) return "lacks '" + text + "'";
    if (kind == "no" && there) return "holds '" + text + "'";
    if (kind == "header" && !whole) return "has no header '" + text + "'";
  }
  return "";
}

// A name stands for one tag of the switch, and no two names for the same.
std::string Party::check_tag_name(const Wish& wish, const MessageText& message) {
  if (wish.has("totag")) {
    const auto named = tag_names_.find(wish.get("totag"));
    const bool same = named != tag_names_.end() && named->second == message.from_tag();
    return same ? "" : "From tag is not that of " + wish.get("totag");
  }
  if (!wish.has("tag")) return "";
  if (!message.is_response()) {
    const std::string wanted = own_tag(wish);
    return message.to_tag() == wanted ? "" : differs("To tag", message.to_tag(), wanted);
  }
  const std::string tag = message.to_tag();
  const std::string name = wish.get("tag");
  const auto known = tag_names_.find(name);
  if (known != tag_names_.end()) {
    return known->second == tag ? "" : "To tag is not that of " + name;
  }
  for (const auto& [other, other_tag] : tag_names_) {
    if (other_tag == tag) return "To tag is that of " + other;
  }
  tag_names_[name] = tag;
  return "";
}

std::string Party::check_body(const Wish& wish, const MessageText& message) const {
  if (wish.has("any")) return "";
  if (wish.has("sdp")) {
    const auto sent = shared_.sessions.find(wish.get("sdp"));
    if (sent != shared_.sessions.end() && sent->second.count(message.body) != 0) return "";
    return "does not carry the session " + wish.get("sdp") + " as it was sent";
  }
  if (wish.has("body")) {
    return message.body == unescaped(wish.get("body")) ? "" : "body is '" + message.body + "'";
  }
  return message.body.empty() ? "" : "has a body";
}

// RFC 3261 §8.2.6: what an answer repeats of the request.
std::string Party::check_response(const MessageText& message) const {
  const auto asked = asked_.find(message.header("CSeq") + " " + message.branch());
  if (asked == asked_.end()) return "answers nothing that was asked";
  const MessageText& request = asked->second;
  const auto vias = message.all("Via");
  const auto sent = request.all("Via");
  if (vias.size() != sent.size()) return "has another number of Via values than the request";
  for (std::size_t i = 0; i < vias.size(); ++i) {
    const std::string is = without_received(vias[i]);
    const std::string should = without_received(sent[i]);
    if (is != should) return differs("Via", is, should);
  }
  if (message.header("From") != request.header("From")) {
    return differs("From", message.header("From"), request.header("From"));
  }
  if (message.call_id() != request.call_id()) return "has another Call-ID than the request";
  const std::string to = without_parameter(message.header("To"), "tag");
  const std::string asked_to = without_parameter(request.header("To"), "tag");
  if (to != asked_to) return differs("To", to, asked_to);
  if (!request.to_tag().empty() && message.to_tag() != request.to_tag()) {
    return "has another To tag than the request";
  }
  if (message.method() == "INVITE" && message.status() > 100 && message.status() < 300 &&
      message.all("Record-Route") != request.all("Record-Route")) {
    return "does not repeat the Record-Route of the request";
  }
  return "";
}

// RFC 3261 §12.2.1: what a request in the dialog must say.
std::string Party::check_request(const MessageText& message) const {
  if (call_id_.empty()) {
    return message.to_tag().empty() ? "" : "has a To tag of no dialog";
  }
  if (message.call_id() != call_id_) return "has another Call-ID";
  const std::string method = message.method();
  if (method == "ACK" || method == "CANCEL") return check_ack_and_cancel(message);
  if (message.to_tag().empty()) return check_asked_again(message);
  if (own_tags_.count(message.to_tag()) == 0) return "names a To tag nobody gave";
  if (dialogs_.count(message.from_tag()) == 0) return "names a From tag nobody gave";
  const auto before = cseq_got_.find(dialog_of(message));
  const auto first = cseq_got_.find(message.from_tag() + " ");
  const bool raised = (before == cseq_got_.end() || message.cseq() > before->second) &&
                      (first == cseq_got_.end() || message.cseq() > first->second);
  if (!raised) return "does not raise the CSeq";
  if (!routed_ && message.uri() != own_contact_) {
    return differs("target", message.uri(), own_contact_);
  }
  return "";
}

// A request outside a dialog that comes again with a change: REGISTER at any time (RFC 3261 §10.2),
// INVITE after a refusal (§8.1.3.5).
std::string Party::check_asked_again(const MessageText& message) const {
  const std::string method = message.method();
  const auto before = received_.find(method);
  const bool refused = std::any_of(final_sent_.begin(), final_sent_.end(),
                                   [](const auto& sent) { return sent.second >= 300; });
  if (before == received_.end() || (method != "REGISTER" && !refused)) {
    return method + " without To tag in a call";
  }
  if (message.header("From") != before->second.header("From")) return "has another From than before";
  if (message.header("To") != before->second.header("To")) return "has another To than before";
  return message.cseq() > before->second.cseq() ? "" : "does not raise the CSeq";
}

std::string Party::check_ack_and_cancel(const MessageText& message) const {
  const auto invite = received_.find("INVITE");
  if (invite == received_.end()) return "comes without an INVITE";
  const MessageText& asked = invite->second;
  if (message.cseq() != asked.cseq()) return "has another CSeq number than the INVITE";
  if (message.header("From") != asked.header("From")) return "has another From than the INVITE";
  if (message.method() == "CANCEL") {
    if (message.branch() != asked.branch()) return "has another branch than the INVITE";
    if (message.uri() != asked.uri()) return "has another target than the INVITE";
    if (message.header("To") != asked.header("To")) return "has another To than the INVITE";
    return "";
  }
  const auto final = final_sent_.find(message.to_tag());
  if (final == final_sent_.end()) return "acknowledges an answer nobody gave";
  const bool same = message.branch() == asked.branch();
  if (final->second >= 300 && !same) return "has another branch than the INVITE it ends";
  if (final->second < 300 && same) return "has the branch of the INVITE";
  if (final->second < 300 && !routed_ && message.uri() != own_contact_) {
    return differs("target", message.uri(), own_contact_);
  }
  return "";
}

void Party::learn(const MessageText& message) {
  got_bytes_[message.label()].insert(message.bytes());
  const std::string contact = message.header("Contact");
  const std::string method = message.method();
  secrets_.insert(message.call_id());
  if (message.is_response()) {
    const int status = message.status();
    const std::string tag = message.to_tag();
    if (status == 401 || status == 407) challenge_ = message;
    if (status == 100 || status >= 300 || tag.empty()) {
      if (method == "INVITE" && status >= 300) final_got_ = status;
      if (method == "INVITE" && status >= 300 && remote_tag_.empty()) remote_tag_ = tag;
      return;
    }
    if (method != "INVITE" && method != "UPDATE") return;
    secrets_.insert(tag);
    remote_tag_ = tag;
    Known& dialog = dialogs_[tag];
    if (!contact.empty()) dialog.target = uri_in(contact);
    if (message.has("RSeq")) dialog.rack = message.header("RSeq") + " " + message.header("CSeq");
    if (method == "INVITE" && status >= 200) final_got_ = status;
    return;
  }
  received_[method] = message;
  if (method == "INVITE") shared_.last_invite = message;
  if (method != "ACK") last_request_ = method;
  call_id_ = message.call_id();
  if (remote_.empty()) {
    remote_ = without_parameter(message.header("From"), "tag");
    local_ = without_parameter(message.header("To"), "tag");
  }
  remote_tag_ = message.from_tag();
  secrets_.insert(remote_tag_);
  Known& dialog = dialogs_[remote_tag_];
  if (!contact.empty()) dialog.target = uri_in(contact);
  if (method != "ACK" && method != "CANCEL") cseq_got_[dialog_of(message)] = message.cseq();
}

std::string Party::described(const std::string& bytes) const {
  const MessageText message(bytes);
  const std::string label = message.label();
  std::string text = message.is_response() ? label.substr(0, 3) : label;
  if (message.is_response() && message.method() != "INVITE") text += " for " + message.method();
  if (label == "INVITE" && call_id_.empty()) text += " " + user_in(message.uri());
  const auto before = got_bytes_.find(label);
  if (before != got_bytes_.end() && before->second.count(bytes) != 0) return text + " again";
  if (message.has("RSeq")) text += " reliable";
  const std::string session = name_of_session(message.body);
  if (!session.empty()) {
    text += " sdp " + session;
  } else if (!message.body.empty()) {
    text += " any";
  }
  return text;
}

}  // namespace tandem::ladder
