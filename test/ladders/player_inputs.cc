// How lines become inputs of the exchange, and actions become something to expect.
#include <algorithm>

#include "ladders/player.h"

namespace tandem::ladder {
namespace {

std::string base_of(const std::string& name) { return name.substr(0, name.find('.')); }

exchange::ListCalls list_all(std::uint64_t request) {
  exchange::ListCalls list{};
  list.request = request;
  return list;
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

std::string described(const exchange::CallView& call) {
  return std::string(to_text(call.state)) + " " + or_dash(call.caller) + " " +
         or_dash(call.callee) + " " + or_dash(call.caller_gateway) + " " +
         or_dash(call.callee_gateway);
}

// "resting 13 198.51.100.20:5060 alive 198.51.100.21:5060 dead"
std::string described(const exchange::GatewayOnline& gateway) {
  std::string text = gateway.state;
  if (gateway.rests_for > 0ms) {
    text += " " + std::to_string(std::chrono::ceil<seconds>(gateway.rests_for).count());
  }
  for (const exchange::AddressView& address : gateway.addresses) {
    text += " " + (address.address.empty() ? address.host : address.address) + " " + address.state;
  }
  return text;
}

std::string described(const exchange::OutboundView& view) {
  return view.name + " " + std::string(to_text(view.state)) +
         (view.registered ? " registered " : " offline ") + std::to_string(view.answer) + " " +
         std::to_string(view.failures);
}

// What is no SIP, as `bytes` lines write it.
std::string as_bytes_line(std::string_view bytes) {
  std::string text = "bytes ";
  for (const char c : bytes) {
    text += c == '\r' ? "\\r" : c == '\n' ? "\\n" : std::string(1, c);
  }
  return text;
}

// The redirect server is told the caller's Call-ID; it is on the side of the switch.
std::string without_call_id_for_server(std::string head) {
  const std::size_t begin = head.find("X-Tandem-Callid:");
  if (begin != std::string::npos) head.erase(begin, head.find('\n', begin) - begin);
  return head;
}

}  // namespace

void Player::send(const Line& line) {
  if (world_.seat(base_of(line.peer)) == nullptr) {
    return fail(line.number, "nobody is called " + base_of(line.peer));
  }
  Wish wish;
  std::string error = read_wish(line.words, wish);
  const std::string bytes = error.empty() ? party(line.peer).write(wish, error) : "";
  if (!error.empty()) return fail(line.number, error);
  receive(base_of(line.peer), bytes);
}

void Player::receive(const std::string& peer, const std::string& bytes) {
  handle(exchange::Received{world_.seat(peer)->path, bytes});
}

// "operator > hangup 1", "drain 30", "calls", "explain north CALLER CALLEE", "parameter NAME
// VALUE", "set GATEWAY FIELD VALUE"; "journal > fault", "journal > good".
void Player::operate(const Line& line) {
  const auto& words = line.words;
  const std::string& what = words[0];
  if (what == "hangup") {
    const std::size_t index = words.size() > 1 ? std::stoul(words[1]) : 1;
    return handle(exchange::HangUp{1, flow_of_call(index)});
  }
  if (what == "drain" && words.size() == 2) {
    return handle(exchange::Drain{seconds(std::stol(words[1]))});
  }
  if (what == "thin" && words.size() == 2) {
    return handle(exchange::ThinOut{int(std::stol(words[1]))});
  }
  if (what == "calls") return handle(list_all(1));
  if (what == "registrations") return handle(exchange::ListOutbound{1});
  if (what == "retry" && words.size() == 2) {
    return handle(exchange::RetryOutbound{1, world_.id_of(words[1])});
  }
  if (what == "explain" && words.size() == 4) {
    return handle(exchange::Explain{1, words[2], words[3], "", words[1]});
  }
  if (what == "online" && words.size() == 2) return handle(exchange::ListOnline{1, words[1]});
  if (what == "unban" && words.size() == 2) return handle(exchange::Unban{1, words[1]});
  if (what == "keepalive") return handle(exchange::ShowKeepAlive{1});
  if (line.peer == "journal" && (what == "fault" || what == "good")) {
    return handle(exchange::StorageFault{what == "fault"});
  }
  std::string wrong = "the operator cannot '" + what + "'";
  if (what == "parameter" && words.size() == 3) wrong = world_.set_parameter(words[1], words[2]);
  if (what == "set" && words.size() == 4) wrong = world_.set(words[1], words[2], words[3]);
  if (what == "remove" && words.size() == 2) wrong = world_.remove(words[1]);
  if (!wrong.empty()) return fail(line.number, wrong);
  const auto changed = world_.compile();
  if (changed == nullptr) return fail(line.number, world_.error());
  directory_ = changed;
  // A call that is restored takes up the configuration of now.
  if (ladder_.one_life) restart_ = Restart::Never;
  handle(exchange::Adopt{changed});
}

// The number of the nth live call; 0 when there is none.
std::int64_t Player::flow_of_call(std::size_t index) {
  exchange_->handle(clocks(), list_all(2), actions_);
  std::int64_t flow = 0;
  for (const exchange::Reply& reply : actions_.replies) {
    const auto* list = std::get_if<exchange::CallList>(&reply.value);
    if (list != nullptr && index <= list->calls.size()) flow = list->calls[index - 1].flow_no;
  }
  actions_.clear();
  return flow;
}

// "dns > HOST [ADDRESS...]": what a name leads to; nothing = it leads nowhere.
void Player::resolve(const Line& line) {
  const auto question = questions_.find(line.words[0]);
  if (question == questions_.end()) return fail(line.number, "nobody asked for that name");
  exchange::Resolved answer{question->second, {}, 60s};
  for (std::size_t i = 1; i < line.words.size(); ++i) {
    const auto endpoint = Endpoint::parse(line.words[i], 5060);
    if (!endpoint) return fail(line.number, "'" + line.words[i] + "' is no address");
    sip::Path path;
    path.peer = *endpoint;
    answer.targets.push_back(path);
  }
  questions_.erase(question);
  handle(answer);
}

// "http > NUMBER ported LRN [STATE]", "not-ported [STATE]", "unknown" or "nothing": what the LRN server
// says of it.
void Player::look_up(const Line& line) {
  const std::vector<std::string>& words = line.words;
  const auto question = look_ups_.find(words[0]);
  if (question == look_ups_.end() || words.size() < 2) {
    return fail(line.number, "nobody asked for that number");
  }
  const auto word = [&](std::size_t place) {
    return place < words.size() ? words[place] : std::string();
  };
  exchange::LookedUp told{question->second, {}};
  look_ups_.erase(question);
  if (words[1] == "ported") {
    told.answer = {.outcome = lrn::Outcome::Ported, .lrn = word(2), .state = word(3)};
  } else if (words[1] == "not-ported") {
    told.answer = {.outcome = lrn::Outcome::NotPorted, .state = word(2)};
  } else if (words[1] == "unknown") {
    told.answer.outcome = lrn::Outcome::Unknown;
  } else if (words[1] != "nothing") {
    return fail(line.number, "the LRN server cannot say '" + words[1] + "'");
  }
  handle(told);
}

// "network > unreachable PEER": nothing can be sent there.
void Player::break_path(const Line& line) {
  const Seat* seat = line.words.size() == 2 ? world_.seat(line.words[1]) : nullptr;
  if (line.words[0] != "unreachable" || seat == nullptr) {
    return fail(line.number, "the network can make a known peer 'unreachable', no more");
  }
  handle(exchange::PathFailed{seat->path});
}

void Player::handle(const exchange::Input& input) {
  actions_.clear();
  if (exchange_ == nullptr) return;  // killed: nobody hears it
  exchange_->handle(clocks(), input, actions_);
  if (!exchange_->consistent()) return fail(0, "the exchange is not consistent any more");
  collect();
  if (restart_ == Restart::EveryStep && !failed()) restart();
}

void Player::collect() {
  for (const exchange::Keep& keep : actions_.keeps) kept_[{keep.kind, keep.id}] = keep.bytes;
  for (const cdr::Cdr& record : actions_.cdrs.parsed()) records_.push_back(record);
  for (const exchange::Ask& ask : actions_.asks) {
    questions_[ask.host] = ask.question;
    const std::string port = ask.port == 0 ? "" : ":" + std::to_string(ask.port);
    sent_.push_back({.peer = "dns", .bytes = "", .note = ask.host + port, .to = {}});
  }
  for (const exchange::LookUp& each : actions_.look_ups) {
    look_ups_[each.number] = each.question;
    sent_.push_back({.peer = "http", .bytes = "", .note = each.number, .to = {}});
  }
  for (const exchange::Reply& reply : actions_.replies) collect_reply(reply);
  for (const auto& datagram : actions_.outbox.datagrams()) collect_message(datagram);
  if (actions_.drained) {
    sent_.push_back({.peer = "operator", .bytes = "", .note = "drained", .to = {}});
  }
}

void Player::collect_reply(const exchange::Reply& reply) {
  auto tell = [&](const std::string& text) {
    sent_.push_back({.peer = "operator", .bytes = "", .note = text, .to = {}});
  };
  if (const auto* list = std::get_if<exchange::CallList>(&reply.value)) {
    for (const exchange::CallView& call : list->calls) tell(described(call));
    if (list->calls.empty()) tell("no calls");
  } else if (const auto* result = std::get_if<exchange::HangUpResult>(&reply.value)) {
    tell(result->found ? "hung up" : "no such call");
  } else if (const auto* states = std::get_if<exchange::OutboundList>(&reply.value)) {
    for (const exchange::OutboundView& each : states->registrations) tell(described(each));
  } else if (const auto* retried = std::get_if<exchange::RetriedOutbound>(&reply.value)) {
    if (!retried->found) tell("no such registration");
  } else if (const auto* told = std::get_if<exchange::Explanation>(&reply.value)) {
    std::string text = told->end_reason;
    for (const std::string& gateway : told->egress) text += (text.empty() ? "" : " ") + gateway;
    tell(text);
  } else if (const auto* online = std::get_if<exchange::OnlineList>(&reply.value)) {
    for (const exchange::GatewayOnline& gateway : online->gateways) tell(described(gateway));
  } else if (const auto* unbanned = std::get_if<exchange::UnbanResult>(&reply.value)) {
    tell(!unbanned->found ? "no such gateway" : unbanned->rested ? "unbanned" : "was not banned");
  } else if (const auto* page = std::get_if<exchange::KeepAliveReport>(&reply.value)) {
    const keepalive::Figures& figures = page->figures;
    tell("contacts " + std::to_string(figures.contacts) + " offline " +
         std::to_string(figures.offline) + " sent " + std::to_string(figures.sent) + " answers " +
         std::to_string(page->answers));
  } else if (const auto* report = std::get_if<exchange::StatusReport>(&reply.value)) {
    replies_.push_back({reply.request, *report});
  }
}

void Player::collect_message(const sip::Outbox::Datagram& datagram) {
  Sent sent;
  sent.bytes = std::string(datagram.bytes);
  sent.to = datagram.path.peer;
  sent.peer = party_of(sent);
  if (sent.peer.empty()) sent.peer = world_.peer_at(datagram.path.peer);
  if (sent.peer.empty()) {
    return fail(0, "was sent to " + sent.to.text() + ", where nobody is:\n" + sent.bytes);
  }
  if (sent.bytes.find("SIP/2.0") == std::string::npos) {
    sent.note = as_bytes_line(sent.bytes);
    return sent_.push_back(std::move(sent));
  }
  const std::string wrong = law_of_topology(base_of(sent.peer), sent.bytes);
  if (!wrong.empty()) return fail(0, wrong + ":\n" + sent.bytes);
  sent_.push_back(std::move(sent));
}

// Nothing of one side may be seen on the other: no Call-ID, tag, branch or address (RFC 7092).
std::string Player::law_of_topology(const std::string& peer, const std::string& bytes) const {
  const std::string head = without_call_id_for_server(MessageText(bytes).head());
  const Seat* own = world_.seat(peer);
  for (const Peer& other : ladder_.peers) {
    const Seat* seat = world_.seat(other.name);
    if (other.name == peer || seat == nullptr || own == nullptr) continue;
    for (const Endpoint& place : seat->reached_at) {
      const bool shared = std::any_of(own->reached_at.begin(), own->reached_at.end(),
                                      [&](const Endpoint& mine) { return mine.ip == place.ip; });
      if (!shared && head.find(place.ip.text()) != std::string::npos) {
        return "tells " + peer + " the address of " + other.name;
      }
    }
  }
  for (const auto& [name, party] : parties_) {
    if (base_of(name) == peer) continue;
    for (const std::string& secret : party.secrets()) {
      if (!secret.empty() && head.find(secret) != std::string::npos) {
        return "tells " + peer + " '" + secret + "' of " + name;
      }
    }
  }
  return "";
}

}  // namespace tandem::ladder
