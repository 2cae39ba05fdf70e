// Terminals: who they are, that they know their password, and where they can be reached.

#include "core/exchange/state.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "core/registrar/subscribers.h"
#include "core/sip/headers.h"

namespace tandem::exchange {

using digest::Judgement;
using registrar::Subscriber;
using sip::HeaderId;
using stats::Counter;

namespace {

std::string user_of(std::string_view uri_text) {
  std::string text;
  const auto uri = sip::parse_uri(uri_text);
  if (uri) sip::append_unescaped(text, uri->user_number());
  return text;
}

}  // namespace

Exchange::State::Terminal Exchange::State::terminal_named(const directory::Directory& directory,
                                                         std::string_view name) {
  using directory::RegisterType;
  if (const directory::Phone* phone = directory.phone_by_number(name)) {
    return {.who = {Subscriber::Kind::Phone, phone->id},
            .phone = phone,
            .password = &phone->password,
            .authentication = phone->sip_authentication_method,
            .answers = phone->response_address,
            .registers = phone->register_type == RegisterType::Dynamic};
  }
  const directory::IngressGateway* gateway = directory.ingress_by_name(name);
  if (gateway != nullptr && gateway->register_type == RegisterType::Dynamic) {
    return {.who = {Subscriber::Kind::IngressGateway, gateway->id},
            .gateway = gateway,
            .password = &gateway->password,
            .authentication = gateway->sip_authentication_method,
            .answers = gateway->response_address,
            .registers = true};
  }
  const directory::EgressGateway* called = directory.egress_by_name(name);
  if (called == nullptr || !called->registers()) return {};
  return {.who = registrar::subscriber_of(directory, *called),
          .password = &called->password,
          .answers = called->response_address,
          .registers = true};
}

// Whose the request claims to be: by From, by Contact, by the credentials it bears.
Exchange::State::Terminal Exchange::State::claimed_terminal() const {
  Terminal terminal = terminal_named(user_of(message.from().uri_text));
  if (terminal.who) return terminal;
  terminal = terminal_named(user_of(leg::contact_uri(message)));
  if (terminal.who) return terminal;
  for (const HeaderId id : {HeaderId::ProxyAuthorization, HeaderId::Authorization}) {
    const auto given = sip::parse_digest(message.value(id));
    if (given) terminal = terminal_named(given->username);
    if (terminal.who) return terminal;
  }
  return {};
}

// Is the address enough (call-handling.md 2.1 rule 1)?
bool Exchange::State::vouched_for(const Terminal& terminal, const sip::Path& path) const {
  using directory::SipAuthentication;
  if (terminal.authentication == SipAuthentication::Password) return false;
  return is_at(terminal, path, terminal.authentication == SipAuthentication::IpPort);
}

// Is it registered from there, or configured to be there?
bool Exchange::State::is_at(const Terminal& terminal, const sip::Path& path,
                            bool with_port) const {
  if (terminal.registers) return registrar.from(terminal.who, path, with_port) != nullptr;
  for (const directory::GatewayAddress& address : terminal.phone->remote_ips) {
    const std::uint16_t port = address.port != 0 ? address.port : terminal.phone->signal_port;
    if (address.ip == path.peer.ip && (!with_port || port == path.peer.port)) return true;
  }
  return false;
}

// The terminal that the request in `message` claims to be of, when that is at its source.
Exchange::State::Terminal Exchange::State::terminal_at(const sip::Path& path) const {
  if (!settings->directory->has_terminals()) return {};
  Terminal claimed = claimed_terminal();
  return claimed.who && is_at(claimed, path, false) ? claimed : Terminal{};
}

// Step 3 of a call: who sends the INVITE in `message`. False when it was answered. Somebody at an
// address that belongs to nobody goes through too; screening refuses him, with a record.
bool Exchange::State::identify(const sip::Path& path, transaction::ServerId transaction,
                               Terminal& from) {
  const directory::Directory& directory = *settings->directory;
  Terminal claimed = directory.has_terminals() ? claimed_terminal() : Terminal{};
  if (claimed.phone == nullptr && claimed.gateway == nullptr) claimed = {};  // it is only called
  if (claimed.who && vouched_for(claimed, path)) {
    transactions.answer_to(transaction, answer_path(path, claimed.answers));
    from = claimed;
    return true;
  }
  from.gateway = caller_at(path);
  if (from.gateway != nullptr) return true;
  found_gateways.clear();
  directory.ingress_by_address(path.peer.ip, found_gateways);
  if (!found_gateways.empty()) return true;
  if (!claimed.who) {
    if (!is_stranger(path)) return true;
    refuse_stranger(path, transaction);
    return false;
  }
  transactions.answer_to(transaction, answer_path(path, claimed.answers));
  const bool by_proxy = directory.parameters().sip_authentication_code ==
                        directory::ChallengeCode::ProxyAuthenticationRequired;
  const std::string& name = claimed.phone != nullptr ? claimed.phone->name : claimed.gateway->name;
  Admission admission{.status = by_proxy ? 407 : 401, .back = transactions.answer_path(transaction)};
  if (admit(path, transaction, claimed, name, admission)) {
    from = claimed;
    return true;
  }
  if (admission.refused != cause::EndReason{}) record_refusal(path, admission.refused);
  return false;
}

// SS_SIP_AUTHENTICATION_REALM, or the domain of the request.
std::string Exchange::State::realm() const {
  std::string text = settings->directory->parameters().sip_authentication_realm;
  if (text.empty()) text = message.request_uri().host;
  std::erase_if(text, [](char c) { return c == '"' || c == '\\'; });
  return text;
}

// Answered without a transaction (RFC 3261 §8.2.7), so that a flood of requests without the right
// credentials fills nothing; what comes again is judged again.
void Exchange::State::turn_away(const sip::Path& path, const sip::Path& back,
                                transaction::ServerId transaction, int status,
                                std::string_view own_lines) {
  transactions.drop(transaction);
  send_stateless(path, back, status, own_lines);
}

// True when the request bears the right credentials of the terminal `name`; else it was answered.
// `terminal` is nobody for an unknown name, which makes no difference to be seen.
bool Exchange::State::admit(const sip::Path& path, transaction::ServerId transaction,
                            const Terminal& terminal, std::string_view name, Admission& admission) {
  const directory::Parameters& parameters = settings->directory->parameters();
  const bool by_proxy = admission.status == 407;
  const std::string asked_realm = realm();
  registrar.prefetch_first(terminal.who);
  const digest::Ruling ruling = gate.judge(
      now.mono,
      {.request = message,
       .header = by_proxy ? HeaderId::ProxyAuthorization : HeaderId::Authorization,
       .realm = asked_realm,
       .user = name,
       .password = terminal.who ? terminal.password : nullptr,
       .source = path.peer.ip},
      parameters);
  if (ruling.judgement == Judgement::Accepted) {
    scanner.proved(path.peer.ip);
    return true;
  }
  if (ruling.replayed) counters.add(Counter::CredentialsReplayed);
  if (ruling.wrong) note_wrong_password(path, name, ruling);
  switch (ruling.judgement) {
    case Judgement::Accepted:
      break;
    case Judgement::Malformed:
      counters.add(Counter::CredentialsMalformed);
      if (!registrar.serves(path.peer.ip)) note_stranger(path);
      turn_away(path, admission.back, transaction, 400);
      break;
    case Judgement::Challenge:
    case Judgement::Stale: {
      counters.add(Counter::ChallengesSent);
      if (!ruling.wrong && !ruling.replayed) note_unanswered(path);
      challenges.clear();
      gate.append_challenges(
          challenges, now.mono,
          {.header = by_proxy ? HeaderId::ProxyAuthenticate : HeaderId::WwwAuthenticate,
           .realm = asked_realm,
           .to = path.peer.ip,
           .salt = std::uint32_t(rng.next()),
           .refusals = ruling.refusals,
           .stale = ruling.judgement == Judgement::Stale},
          parameters);
      turn_away(path, admission.back, transaction, admission.status, challenges);
      break;
    }
    case Judgement::Refused:
      admission.refused = cause::EndReason::AuthenticationFailed;
      turn_away(path, admission.back, transaction, 403);
      break;
    case Judgement::Suspended:
      if (!ruling.wrong) counters.add(Counter::RequestsOfSuspended);
      admission.refused = cause::EndReason::AuthenticationSuspended;
      turn_away(path, admission.back, transaction, 403,
                "Retry-After: " + std::to_string(ruling.retry_after.count()) + "\r\n");
      break;
  }
  return false;
}

// Told once for each suspension. Guessing from an address where nobody is registered counts towards
// the ban of scanners, whether the names are known here or not.
void Exchange::State::note_wrong_password(const sip::Path& path, std::string_view name,
                                          const digest::Ruling& ruling) {
  counters.add(Counter::CredentialsWrong);
  if (ruling.suspension_began) {
    counters.add(Counter::TerminalsSuspended);
    std::string text = "refusing " + std::string(name.substr(0, 64)) + " at " + path.peer.ip.text() +
                       " for " + std::to_string(ruling.retry_after.count()) +
                       " s: too many wrong passwords";
    actions->tells.push_back({Severity::Warning, "terminal_suspended", 0, std::move(text)});
  }
  if (!registrar.serves(path.peer.ip)) note_stranger(path);
}

// Who is challenged all the time from an address where nobody registers, also by answers to nonces that
// were never his, asks for attention only.
void Exchange::State::note_unanswered(const sip::Path& path) {
  if (registrar.serves(path.peer.ip)) return;
  if (scanner.challenged(path.peer.ip, now.mono)) note_stranger(path);
}

// What a REGISTER needs lies in tables larger than the caches: it is on its way while the message finds
// its transaction.
void Exchange::State::foresee_registration() {
  registering.clear();
  const auto address = sip::parse_uri(message.to().uri_text);
  if (!address) return;
  const std::string_view user = address->user_number();
  settings->directory->prefetch_phone_place(user);
  sip::append_unescaped(registering, user);
  settings->directory->prefetch_phone(registering);
}

// Without credentials it has no transaction, because it is answered without one whatever it says.
void Exchange::State::on_register(const sip::Path& path, transaction::ServerId transaction) {
  const directory::Parameters& parameters = settings->directory->parameters();
  counters.add(Counter::RegistersReceived);
  // RFC 3261 §10.3 steps 1 and 5: neither the registrar nor the address is one of ours.
  const auto address = sip::parse_uri(message.to().uri_text);
  if (!is_for_us(message.request_uri().host) || !address || !is_for_us(address->host)) {
    return turn_away(path, usual_answer_path(path), transaction, 404);
  }
  const std::string& name = registering;
  Terminal terminal = terminal_named(name);
  if (!terminal.registers) terminal = {};
  if (!terminal.who && !parameters.reply_unauthorized) return refuse_stranger(path, transaction);
  Admission admission{.status = 401, .back = answer_path(path, terminal.answers)};
  transactions.answer_to(transaction, admission.back);
  registrar.prefetch_place(terminal.who);
  if (!admit(path, transaction, terminal, name, admission)) return;

  const std::string refused =
      leg::unsupported_options(message, parameters.sip_100rel, leg::Wants::Registration);
  if (!refused.empty()) {
    return answer(path, transaction, 420, "Unsupported: " + refused + "\r\n");
  }
  const registrar::Outcome outcome =
      registrar.on_register(now, terminal.who, message, path,
                            {.longest = parameters.endpoint_expire,
                             .shortest = parameters.endpoint_expire_min,
                             .replace = parameters.endpoint_register_replace});
  switch (outcome.status) {
    case 200:
      return confirm_registration(path, transaction, terminal.who);
    case 423:
      return answer(path, transaction, 423,
                    "Min-Expires: " + std::to_string(outcome.min_expires.count()) + "\r\n");
    case 503:
      counters.add(Counter::TransactionsRefused);
      return answer(path, transaction, 503, "Retry-After: 60\r\n");
    default:
      return answer(path, transaction, outcome.status);
  }
}

void Exchange::State::confirm_registration(const sip::Path& path,
                                           transaction::ServerId transaction, Subscriber who) {
  counters.add(Counter::RegistersAccepted);
  const std::string_view bytes = registration_confirmed(path, transaction, who);
  if (bytes.empty()) return answer(path, transaction, 500);
  transactions.respond_unkept(now.mono, transaction, 200, bytes, actions->outbox);
}

// The REGISTER was confirmed, and came again (RFC 3261 §17.2.2): the answer says what is registered now.
void Exchange::State::confirm_again(const sip::Path& path, transaction::ServerId transaction) {
  const Terminal terminal = terminal_named(registering);
  if (!terminal.registers) return;  // no longer a terminal: there is nothing to confirm
  const std::string_view bytes = registration_confirmed(path, transaction, terminal.who);
  if (!bytes.empty()) actions->outbox.send(transactions.answer_path(transaction), bytes);
}

// RFC 3261 §10.3 step 8: all contacts; RFC 3327 §5.3: the Path that will be used. "" = too long.
std::string_view Exchange::State::registration_confirmed(const sip::Path& path,
                                                         transaction::ServerId transaction,
                                                         Subscriber who) {
  head.clear();
  leg::append_response_head(head, message, path);
  sip::Writer writer(scratch.data(), scratch.size());
  writer.status_line(200, sip::reason_phrase(200));
  writer.raw(head);
  const std::string_view to = message.value(HeaderId::To);
  if (message.to().tag.empty()) {
    untagged.clear();
    leg::append_without_tag(untagged, to);
    writer.header(HeaderId::To, {untagged, ";tag=",
                                 leg::make_tag({identity.number, {}, transactions.salt_of(transaction)})});
  } else {
    writer.header(HeaderId::To, to);
  }
  registrar.write_contacts(writer, who, now.wall);
  for (sip::ValueWalker walk(message, HeaderId::Path); walk.next();) {
    writer.header(HeaderId::Path, walk.value());
  }
  if (message.has(HeaderId::Path)) writer.header(HeaderId::Supported, "path");
  const std::string& product = settings->directory->parameters().sip_user_agent;
  if (!product.empty()) writer.header(HeaderId::Server, product);
  writer.finish({});
  return writer.overflowed() ? std::string_view() : writer.view();
}

// Where answers to this terminal go.
sip::Path Exchange::State::answer_path(const sip::Path& path,
                                       directory::ResponseAddress how) const {
  sip::Path answer = path;
  if (path.reliable() || how == directory::ResponseAddress::SourceSocket) return answer;
  const sip::Via& via = message.via();
  answer.peer.port = via.port != 0 ? via.port : std::uint16_t(5060);
  if (how != directory::ResponseAddress::Via) return answer;
  if (const auto ip = IpAddress::parse(via.host)) answer.peer.ip = *ip;
  return answer;
}

// What changed goes to the journal before the answers go out.
void Exchange::State::keep_bindings() {
  for (const registrar::Change& change : registrar.changes()) {
    keep_reachable(change);
    if (change.kind == registrar::ChangeKind::Adopted) continue;
    const registrar::Binding* binding = registrar.find(change.id);
    if (change.kind == registrar::ChangeKind::Removed || binding == nullptr) {
      forget(KeptKind::Binding, change.kept, KeepBy::Sending);
      continue;
    }
    Keep& item = next_keep(KeptKind::Binding, change.kept, KeepBy::Sending);
    item.bytes = registrar::Registrar::keep(*binding, own_addresses[binding->path.local],
                                            std::move(item.bytes));
  }
  registrar.changes().clear();
}

}  // namespace tandem::exchange
