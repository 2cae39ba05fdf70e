// Requests of ours that the peer answers 401 or 407, sent again with credentials (RFC 3261 §22.2,
// §22.3). What a peer asked once is answered in later requests before it asks (Leg::request).

#include <algorithm>
#include <array>

#include "core/leg/again.h"
#include "core/leg/leg.h"
#include "core/leg/writing.h"

namespace tandem::leg {
namespace {

using sip::HeaderId;

constexpr std::array kCredentialHeaders{HeaderId::Authorization, HeaderId::ProxyAuthorization};

credentials::Request first_line(std::string_view request) {
  const std::size_t method = request.find(' ');
  const std::size_t uri = request.find(' ', method + 1);
  return {request.substr(0, method), request.substr(method + 1, uri - method - 1)};
}

}  // namespace

std::string credential_lines(std::string_view request) {
  std::string lines;
  const std::string_view head = request.substr(0, request.find("\r\n\r\n") + 2);
  for (std::size_t begin = head.find("\r\n") + 2; begin < head.size();) {
    const std::size_t end = head.find("\r\n", begin) + 2;
    const std::string_view line = head.substr(begin, end - begin);
    const HeaderId id = sip::header_id(line.substr(0, line.find(':')));
    if (std::ranges::find(kCredentialHeaders, id) != kCredentialHeaders.end()) lines += line;
    begin = end;
  }
  return lines;
}

void Leg::write_credentials(Context& context, sip::Writer& writer, sip::Method method,
                            std::string_view uri) const {
  const bool without = method == sip::Method::Ack || method == sip::Method::Cancel;
  if (!challenger_ || without) return;
  std::string lines;
  context.credentials.append_lines(lines, context.rng, challenger_, {to_text(method), uri});
  writer.raw(lines);
}

// False: we have nothing to say to the challenge, or said it in vain.
bool Leg::may_answer(Context& context, const sip::Message& refusal, std::uint8_t answered) const {
  if (!challenger_ || (refusal.status() != 401 && refusal.status() != 407)) return false;
  const credentials::Attempted attempted{answered, context.parameters.sip_authentication_retry,
                                         context.transactions.answered_request()};
  return context.credentials.note(challenger_, refusal, attempted);
}

// The refused request with the credentials it lacked.
sip::Writer Leg::write_with_credentials(Context& context, std::string_view branch,
                                        std::uint32_t cseq) const {
  const std::string_view refused = context.transactions.answered_request();
  std::string lines;
  context.credentials.append_lines(lines, context.rng, challenger_, first_line(refused));
  sip::Writer writer(context.scratch.data(), context.scratch.size());
  Again again;
  again.branch = branch;
  again.cseq = cseq;
  again.without = kCredentialHeaders;
  again.lines = lines;
  write_again(writer, refused, again);
  return writer;
}

// True when the INVITE or re-INVITE is on its way again.
bool Leg::answer_challenged_invite(Context& context, const sip::Message& refusal) {
  if (invite_client_.cancelled || parting()) return false;
  if (!may_answer(context, refusal, invite_client_.challenges)) return false;
  const transaction::ClientId before = invite_client_.transaction;
  const auto reserved = context.transactions.reserve_client();
  const sip::Writer writer = write_with_credentials(context, reserved.branch(), ++local_cseq_);
  if (invite_client_.initial) {
    work().early.clear();  // their INVITE is over
    if (!start_initial_invite(context, reserved, writer)) return false;
  } else {
    const bool sent = !writer.overflowed() &&
                      context.transactions.start_client(
                          context.now.mono, reserved, transaction::ClientKind::ReInvite, path_,
                          writer.view(), user(context), context.outbox);
    if (!sent) {
      context.transactions.abandon_reserved(reserved);
      return false;
    }
    invite_client_.transaction = reserved.id;
    invite_client_.cseq = local_cseq_;
    invite_client_.active = true;
    if (timer_.open == before) timer_.open = reserved.id;
  }
  ++invite_client_.challenges;
  return true;
}

// The same for any other request; `pending` is not among clients_ any more.
bool Leg::answer_challenged(Context& context, const PendingClient& pending,
                            const sip::Message& refusal) {
  if (!may_answer(context, refusal, pending.challenges)) return false;
  const sip::Path* path = context.transactions.path_of(pending.transaction);
  if (path == nullptr) return false;
  const sip::Path to = *path;
  const auto reserved = context.transactions.reserve_client();
  const sip::Writer writer =
      write_with_credentials(context, reserved.branch(), next_cseq(pending, refusal));
  if (timer_.open == pending.transaction) timer_.open = reserved.id;
  PendingClient again = pending;
  ++again.challenges;
  start_client(context, again, reserved, writer, to);
  return true;
}

// One more than the refused request had, and than any since in its dialog.
std::uint32_t Leg::next_cseq(const PendingClient& pending, const sip::Message& refusal) {
  const std::uint32_t next = refusal.cseq().number + 1;
  if (pending.purpose == Purpose::StrayBye) return next;  // of a dialog that is not kept
  if (side_ == Side::Egress && stage_ == Stage::Calling && work_) {
    for (EarlyDialog& dialog : work_->early) {
      if (dialog.tag == refusal.to().tag) return dialog.cseq = std::max(next, dialog.cseq + 1);
    }
  }
  return local_cseq_ = std::max(next, local_cseq_ + 1);
}

}  // namespace tandem::leg
