#include "shell/trace/ladder_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "core/sip/headers.h"
#include "core/sip/message.h"

namespace tandem::trace {
namespace {

// One dialog of a peer: a name of its own in the ladder.
struct Party {
  std::string name;
  std::string last_request;    // method of the last request seen in it
  std::set<std::string> seen;  // messages, to tell which come again
};

std::string user_of(std::string_view uri_text) {
  const auto uri = sip::parse_uri(uri_text);
  std::string user;
  if (uri) sip::append_unescaped(user, uri->user_number());
  return user;
}

bool has_session(const sip::Message& message) {
  return message.value(sip::HeaderId::ContentType).starts_with("application/sdp") &&
         !message.body().empty();
}

class Ladder {
 public:
  explicit Ladder(const NameOfPeer& name_of) : name_of_(name_of) {}

  void add(const Entry& entry) {
    sip::Message& message = *message_;
    const sip::ParseError fault = sip::parse(entry.bytes, message);
    if (fault.kind == sip::ParseErrorKind::KeepAlive) return;
    Party& party = party_of(entry);
    std::string line = time_of(entry);
    line += fmt::format("{} {} ", party.name, entry.sent ? '<' : '>');
    if (fault.kind != sip::ParseErrorKind::None && message.call_id().empty()) {
      line += "# not SIP";
    } else {
      const bool again = !party.seen.insert((entry.sent ? "<" : ">") + entry.bytes).second;
      line += message.is_request() ? request(party, again) : response(party, again);
    }
    steps_ += line + '\n';
  }

  std::string text() const {
    if (steps_.empty()) return {};
    return (given_.empty() ? "" : "given\n" + given_) + "when\n" + steps_;
  }

 private:
  // "   0.350 ", or blanks when it is the instant of the line before.
  std::string time_of(const Entry& entry) {
    if (begin_ == UtcTime{}) begin_ = entry.time;
    const bool same = entry.time == last_ && last_ != UtcTime{};
    last_ = entry.time;
    if (same) return std::string(10, ' ');
    const std::int64_t passed = std::max<std::int64_t>((entry.time - begin_).count(), 0);
    return fmt::format("{:>5}.{:03} ", passed / 1000, passed % 1000);
  }

  Party& party_of(const Entry& entry) {
    const std::string key = entry.peer + ' ' + std::string(message_->call_id());
    const auto known = parties_.find(key);
    if (known != parties_.end()) return known->second;
    const bool we_call = entry.sent == message_->is_request();
    const PeerRole role = we_call ? PeerRole::Called : PeerRole::Calls;
    const std::string gateway = name_of_(entry.peer, role);
    std::string name = gateway.empty() ? entry.peer : gateway;
    const int count = ++names_[name];
    if (count == 1 && !gateway.empty()) {
      given_ += fmt::format("  {} {} {}\n", we_call ? "egress" : "ingress", name, entry.peer);
    }
    if (count > 1) name += fmt::format(".{}", count);
    Party& party = parties_[key];
    party.name = name;
    return party;
  }

  std::string request(Party& party, bool again) const {
    const sip::Message& message = *message_;
    party.last_request = message.method_text();
    std::string words = party.last_request;
    const bool begins = message.method() == sip::Method::Invite && message.to().tag.empty();
    if (begins && !again) {
      words += ' ' + user_of(message.request_uri_text());
      words += " from " + user_of(message.from().uri_text);
    }
    if (again) words += " again";
    if (has_session(message)) words += " sdp";
    return words;
  }

  std::string response(const Party& party, bool again) const {
    const sip::Message& message = *message_;
    std::string words = std::to_string(message.status());
    if (again) words += " again";
    if (message.has(sip::HeaderId::RSeq)) words += " reliable";
    if (has_session(message)) words += " sdp";
    const std::string_view method = message.cseq().method_text;
    // That the last request is answered goes without saying.
    if (party.last_request != method) words += " for " + std::string(method);
    return words;
  }

  const NameOfPeer& name_of_;
  std::unique_ptr<sip::Message> message_ = std::make_unique<sip::Message>();
  std::map<std::string, Party> parties_;  // by peer and Call-ID
  std::map<std::string, int> names_;
  UtcTime begin_{};
  UtcTime last_{};
  std::string given_;
  std::string steps_;
};

}  // namespace

std::string ladder_text(const std::vector<Entry>& entries, const NameOfPeer& name_of) {
  Ladder ladder(name_of);
  for (const Entry& entry : entries) ladder.add(entry);
  return ladder.text();
}

}  // namespace tandem::trace
