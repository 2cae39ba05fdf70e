// How a leg writes its messages: what is the same in all of them stands here once.

#include <cstring>
#include <utility>

#include "core/cause/sip_q850.h"
#include "core/leg/header_policy.h"
#include "core/leg/leg.h"
#include "core/leg/signal_transport.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "base/text.h"
#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

// Room for the lines that an answer repeats, so that the text grows once.
constexpr std::size_t kUsualHead = 384;

// What is said beside a Q.850 cause. A refusal of the other side is told by the name of the cause:
// the end reason has no text of its own for it, and the status may have been mapped for the caller.
std::string_view q850_text(const Release& release) {
  const bool of_a_peer = release.reason == cause::EndReason::PeerSip ||
                         release.reason == cause::EndReason::PeerQ850;
  return of_a_peer ? cause::q850_name(release.q850_cause) : cause::row(release.reason).text_en;
}

}  // namespace

// A response to a request of the peer: `head` holds its Via, From, Call-ID and CSeq lines.
sip::Writer Leg::response(Context& context, int status, std::string_view phrase,
                          std::string_view head, std::string_view to, std::uint8_t branch) const {
  sip::Writer writer(context.scratch.data(), context.scratch.size());
  writer.status_line(status, phrase.empty() ? sip::reason_phrase(status) : phrase);
  writer.raw(head);
  writer.begin_header(sip::HeaderId::To);
  writer.text(to);
  // RFC 3261 §8.2.6.2: a 100 in the dialog bears the tag its request had.
  if (status > 100 || stage_ != Stage::Calling) {
    writer.text(";tag=");
    writer.text(stage_ == Stage::Calling && branch != 0 ? tag_of_branch(local_tag_, branch)
                                                        : std::string_view(local_tag_));
  }
  writer.end_header();
  if (!context.live.sip_user_agent.empty() && status > 100) {
    writer.header(sip::HeaderId::Server, context.live.sip_user_agent);
  }
  return writer;
}

// A request in the dialog (RFC 3261 §12.2.1.1), or the one that makes it (no remote tag, no routes).
sip::Writer Leg::request(Context& context, sip::Method method, std::string_view branch,
                         std::uint32_t cseq, const Dialog& dialog,
                         std::optional<int> max_forwards) const {
  const std::string_view target = dialog.target;
  const std::string_view routes = dialog.routes;
  const LocalAddress& local = context.locals[path_.local];
  // A first route without lr is a strict router: it becomes the target, the target the last route.
  const std::string_view first = routes.substr(0, routes.find(", "));
  const bool strict = !routes.empty() && first.find(";lr") == std::string_view::npos;

  sip::Writer writer(context.scratch.data(), context.scratch.size());
  const auto router = strict ? sip::parse_name_address(first) : std::nullopt;
  const std::string_view uri = router ? router->uri_text : target;
  writer.request_line(to_text(method), uri);
  writer.header(sip::HeaderId::Via, {"SIP/2.0/", sip::via_name(path_.transport), " ",
                                     local.host_port, ";branch=", branch, ";rport"});
  if (strict) {
    const std::size_t rest = std::min(routes.size(), first.size() + 2);
    const std::string_view others = routes.substr(rest);
    writer.header(sip::HeaderId::Route, {others, others.empty() ? "" : ", ", "<", target, ">"});
  } else if (!routes.empty()) {
    writer.header(sip::HeaderId::Route, routes);
  }
  writer.header(sip::HeaderId::MaxForwards,
                std::uint64_t(max_forwards.value_or(context.parameters.sip_max_forwards)));
  writer.header(sip::HeaderId::From, {local_, ";tag=", dialog.local_tag});
  if (dialog.remote_tag.empty()) {
    writer.header(sip::HeaderId::To, remote_);
  } else {
    writer.header(sip::HeaderId::To, {remote_, ";tag=", dialog.remote_tag});
  }
  writer.header(sip::HeaderId::CallId, call_id_);
  writer.begin_header(sip::HeaderId::CSeq);
  writer.number(cseq);
  writer.text(" ");
  writer.text(to_text(method));
  writer.end_header();
  write_credentials(context, writer, method, uri);
  return writer;
}

sip::Writer Leg::request(Context& context, sip::Method method, std::string_view branch,
                         std::uint32_t cseq) const {
  return request(context, method, branch, cseq, {local_tag_, remote_tag_, target_, routes_});
}

void Leg::write_contact(const Context& context, sip::Writer& writer) const {
  const std::string_view transport = sip::uri_parameter(path_.transport);
  const std::string_view at = local_user_.empty() ? "" : "@";
  if (!rules_.has_lists) {
    const std::string_view own = context.locals[path_.local].host_port;
    return writer.header(sip::HeaderId::Contact, {"<sip:", local_user_, at, own, transport, ">"});
  }
  writer.header(sip::HeaderId::Contact,
                {"<sip:", local_user_, at, contact_host(context), transport, ">"});
}

std::string Leg::own_host(const Context& context) const {
  const directory::Device* device = lists(context);
  if (device == nullptr || device->local_domain.empty()) {
    return context.locals[path_.local].host_port;
  }
  const bool six = device->local_domain.find(':') != std::string::npos;
  return six ? '[' + device->local_domain + ']' : device->local_domain;
}

std::string Leg::contact_host(const Context& context) const {
  const directory::Device* device = lists(context);
  std::string host = own_host(context);
  if (device == nullptr || device->local_domain.empty()) return host;
  const std::uint16_t port = context.locals[path_.local].address.port;
  return port == sip::default_port(path_.transport) ? host : host + ':' + std::to_string(port);
}

void Leg::write_abilities(sip::Writer& writer) const {
  writer.header(sip::HeaderId::Allow, kAllowed);
  write_supported(writer, rules_.reliable != directory::ReliableProvisional::Off);
}

void Leg::write_supported(sip::Writer& writer, bool reliable) const {
  if (!reliable && !timer_.on) return;
  writer.header(sip::HeaderId::Supported, reliable && timer_.on ? "100rel, timer"
                                          : reliable            ? "100rel"
                                                                : "timer");
}

bool Leg::note_session(const Body& body) {
  if (body.empty()) return false;
  // Told apart, not guarded: no key is needed.
  std::uint64_t mark = body.bytes.size();
  std::size_t at = 0;
  for (; at + sizeof mark <= body.bytes.size(); at += sizeof mark) {
    std::uint64_t word = 0;
    std::memcpy(&word, body.bytes.data() + at, sizeof word);
    mark = (mark ^ word) * 0x9e3779b97f4a7c15u;
    mark ^= mark >> 29;
  }
  for (; at < body.bytes.size(); ++at) {
    mark = (mark ^ std::uint8_t(body.bytes[at])) * 0x9e3779b97f4a7c15u;
  }
  return std::exchange(session_mark_, mark) != mark;
}

const directory::Device* Leg::lists(const Context& context) const {
  return rules_.has_lists ? context.directory.device(device_) : nullptr;
}

void Leg::gather_annex(std::string& annex, const sip::Message& message) const {
  const bool phone = device_.kind == directory::DeviceKind::Phone;
  append_annex(annex, message, phone ? Vouched::No : Vouched::Yes);
}

void Leg::write_passed(const Context& context, sip::Writer& writer, std::string_view annex,
                       const Identity* identity) const {
  Passing passing;
  if (const directory::Device* device = lists(context)) passing.pass_headers = device->pass_headers;
  passing.privacy = identity == nullptr && rules_.privacy == directory::PrivacyHeader::Pass;
  if (identity != nullptr) passing.written = identity->written();
  write_annex(writer, annex, passing);
}

void append_response_head(std::string& head, const sip::Message& request, const sip::Path& path,
                          bool record_routes) {
  head.reserve(head.size() + kUsualHead);
  transaction::append_via_lines(head, request, path);
  for (const sip::HeaderField& field : request.headers()) {
    const bool wanted = field.id == sip::HeaderId::From || field.id == sip::HeaderId::CallId ||
                        field.id == sip::HeaderId::CSeq ||
                        (record_routes && field.id == sip::HeaderId::RecordRoute);
    if (!wanted) continue;
    head.append(sip::name_of(field.id)).append(": ");
    sip::append_unfolded(head, field.value);
    head.append("\r\n");
  }
}

std::string without_tag(std::string_view value) {
  std::string text;
  append_without_tag(text, value);
  return text;
}

void append_without_tag(std::string& text, std::string_view value) {
  const std::size_t begin = text.size();
  sip::append_unfolded(text, value);
  // Parameters of the header stand after the address; a tag inside <> or quotes is not ours.
  const std::size_t close = text.rfind('>');
  std::size_t at = text.find(';', close == std::string::npos || close < begin ? begin : close);
  while (at != std::string::npos) {
    const std::size_t next = text.find(';', at + 1);
    const std::size_t end = next == std::string::npos ? text.size() : next;
    const std::string_view parameter = trim(std::string_view(text).substr(at + 1, end - at - 1));
    if (parameter.size() >= 3 && equal_ignoring_case(parameter.substr(0, 3), "tag") &&
        (parameter.size() == 3 || parameter[3] == '=' || parameter[3] == ' ')) {
      text.erase(at, end - at);
      return;
    }
    at = next;
  }
}

std::string route_set(const sip::Message& message, bool reversed) {
  std::string routes;
  for (sip::ValueWalker walk(message, sip::HeaderId::RecordRoute); walk.next();) {
    if (routes.empty()) {
      routes = walk.value();
    } else if (reversed) {
      routes.insert(0, ", ").insert(0, walk.value());
    } else {
      routes.append(", ").append(walk.value());
    }
  }
  return routes;
}

std::string_view contact_uri(const sip::Message& message) {
  sip::ValueWalker walk(message, sip::HeaderId::Contact);
  if (!walk.next()) return {};
  sip::Uri uri;
  const auto address = sip::parse_name_address(walk.value(), uri);
  if (!address || uri.host.empty()) return {};
  return address->uri_text;
}

std::optional<int> cause_in(const sip::Message& message, std::string_view protocol) {
  for (sip::ValueWalker walk(message, sip::HeaderId::Reason); walk.next();) {
    const auto reason = sip::parse_reason(walk.value());
    if (reason && equal_ignoring_case(reason->protocol, protocol)) return reason->cause;
  }
  return std::nullopt;
}

void note_reason(Release& release, const sip::Message& message, int usual) {
  release.reason_header = message.value(sip::HeaderId::Reason);
  const auto known = [](int cause, int first, int last) { return cause >= first && cause <= last; };
  const int cause = cause_in(message, "Q.850").value_or(0);
  release.q850_cause = known(cause, 1, 127) ? cause : usual;
  const int status = cause_in(message, "SIP").value_or(0);
  release.sip_cause = known(status, 200, 699) ? status : 0;
}

Body session_body(const sip::Message& message) {
  const std::string_view bytes = sip::body_of_type(message, "application", "sdp");
  if (bytes.empty()) return {};
  return {"application/sdp", bytes};
}

sip::Path Leg::next_hop(const Context& context, const sip::Path& source) const {
  using directory::RequestAddress;
  // RFC 3261 §12.2.1.1; an ingress gateway may be reached where it speaks from instead.
  const RequestAddress how = rules_.request_address;
  if (how == RequestAddress::SourceSocket) return source;
  const sip::Path named = path_of_dialog(routes_, target_, source, context.locals);
  if (how == RequestAddress::Contact) return named;
  sip::Path path = source;
  path.peer.port = named.peer.port;
  return path;
}

sip::Path Leg::dialog_path(const Context& context, std::uint8_t early_branch) const {
  const EarlyDialog* dialog = early_dialog(early_branch);
  if (dialog == nullptr || rules_.request_address == directory::RequestAddress::SourceSocket) {
    return path_;
  }
  return path_of_dialog(dialog->routes, dialog->target, path_, context.locals);
}

std::string unsupported_options(const sip::Message& message, directory::ReliableProvisional policy,
                                Wants wants) {
  std::string refused;
  for (sip::ValueWalker walk(message, sip::HeaderId::Require); walk.next();) {
    if (walk.value().empty() || equal_ignoring_case(walk.value(), "timer")) continue;
    if (wants == Wants::Registration && equal_ignoring_case(walk.value(), "path")) continue;
    if (wants == Wants::Call && equal_ignoring_case(walk.value(), "100rel") &&
        policy != directory::ReliableProvisional::Off) {
      continue;
    }
    if (!refused.empty()) refused += ", ";
    refused += walk.value();
  }
  return refused;
}

void finish_with_body(sip::Writer& writer, const Body& body) {
  if (!body.empty()) writer.header(sip::HeaderId::ContentType, body.type);
  writer.finish(body.bytes);
}

void write_reason(sip::Writer& writer, const Release& release, ReasonOf what) {
  if (release.reason == cause::EndReason::SessionTimeout) {
    writer.header(sip::HeaderId::Reason, "SIP ;cause=408 ;text=\"Session timeout\"");
    return;
  }
  const int sip_cause = what == ReasonOf::Request ? release.sip_cause : 0;
  if (release.q850_cause == 0 && sip_cause == 0) return;
  writer.begin_header(sip::HeaderId::Reason);
  if (sip_cause != 0) {
    writer.text("SIP;cause=");
    writer.number(std::uint64_t(sip_cause));
    // RFC 3326 §3.1: another phone has answered.
    const std::string_view text =
        sip_cause == 200 ? "Call completed elsewhere" : sip::reason_phrase(sip_cause);
    if (!text.empty()) {
      writer.text(";text=\"");
      writer.text(text);
      writer.text("\"");
    }
    if (release.q850_cause == 0) return writer.end_header();
    writer.text(", ");
  }
  writer.text("Q.850;cause=");
  writer.number(std::uint64_t(release.q850_cause));
  const std::string_view text = q850_text(release);
  if (!text.empty()) {
    writer.text(";text=\"");
    writer.text(text);
    writer.text("\"");
  }
  writer.end_header();
}

void Leg::answer_at_once(Context& context, const sip::Message& request, const sip::Path& path,
                         transaction::ServerId transaction, int status, std::string_view extra) {
  context.head.clear();
  append_response_head(context.head, request, path);
  sip::Writer writer = response(context, status, {}, context.head,
                                without_tag(request.value(sip::HeaderId::To)),
                                branch_of_tag(request.to().tag));
  if (status == 405 || (status >= 200 && status < 300 &&
                        (request.method() == sip::Method::Options ||
                         request.method() == sip::Method::Update))) {
    write_abilities(writer);
  }
  if (request.method() == sip::Method::Update && status < 300) write_contact(context, writer);
  writer.raw(extra);
  writer.finish({});
  context.transactions.respond(context.now.mono, transaction, status, writer.view(), context.outbox);
}

}  // namespace tandem::leg
