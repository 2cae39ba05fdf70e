// Any bytes as the value of a header: the first byte picks the reader. Each answers with views into
// the value, or with nothing.
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "core/sip/headers.h"

using namespace tandem;

namespace {

void check_within(std::string_view whole, std::initializer_list<std::string_view> parts) {
  const std::less_equal<const char*> at_most;
  for (const std::string_view part : parts) {
    TANDEM_ASSERT(part.empty() || (at_most(whole.data(), part.data()) &&
                                   at_most(part.data() + part.size(), whole.data() + whole.size())),
                  "a view lies within the value");
  }
}

void check_address(std::string_view value, const sip::NameAddress& address) {
  check_within(value, {address.display, address.uri_text, address.tag, address.parameters});
  TANDEM_ASSERT(sip::parse_uri(address.uri_text), "the URI of an address reads");
}

void name_address(std::string_view value) {
  if (const auto address = sip::parse_name_address(value)) check_address(value, *address);
}

void via(std::string_view value) {
  const auto via = sip::parse_via(value);
  if (!via) return;
  check_within(value, {via->transport_text, via->host, via->branch, via->received, via->maddr});
  TANDEM_ASSERT(!via->host.empty() && !via->transport_text.empty(), "a Via has a sender");
}

void cseq(std::string_view value) {
  const auto cseq = sip::parse_cseq(value);
  if (!cseq) return;
  check_within(value, {cseq->method_text});
  TANDEM_ASSERT(cseq->number < 0x80000000, "less than 2^31");
}

void numbers(std::string_view value) {
  sip::parse_delta_seconds(value);
  if (const auto rseq = sip::parse_rseq(value)) TANDEM_ASSERT(*rseq != 0, "RSeq begins with 1");
  if (const auto rack = sip::parse_rack(value)) TANDEM_ASSERT(rack->rseq != 0, "so does RAck");
}

void session_expires(std::string_view value) {
  if (sip::parse_session_expires(value))
    TANDEM_ASSERT(sip::parse_delta_seconds(value), "an interval is a number of seconds");
}

void replaces(std::string_view value) {
  const auto replaces = sip::parse_replaces(value);
  if (!replaces) return;
  check_within(value, {replaces->call_id, replaces->to_tag, replaces->from_tag});
  TANDEM_ASSERT(!replaces->to_tag.empty() && !replaces->from_tag.empty(), "both tags");
}

void reason(std::string_view value) {
  const auto reason = sip::parse_reason(value);
  if (!reason) return;
  check_within(value, {reason->protocol, reason->text});
  TANDEM_ASSERT(reason->cause >= 0, "a cause is no negative number");
}

void retry_after(std::string_view value) { sip::parse_retry_after(value); }

void warning(std::string_view value) {
  const auto warning = sip::parse_warning(value);
  if (!warning) return;
  check_within(value, {warning->agent, warning->text});
  TANDEM_ASSERT(warning->code >= 0 && warning->code <= 999, "three digits");
}

void digest(std::string_view value) {
  const auto digest = sip::parse_digest(value);
  if (!digest) return;
  check_within(value, {digest->scheme, digest->realm, digest->nonce, digest->opaque,
                       digest->algorithm, digest->qop, digest->username, digest->uri,
                       digest->response, digest->cnonce, digest->nc, digest->domain});
}

void diversion(std::string_view value) {
  const auto diversion = sip::parse_diversion(value);
  if (!diversion) return;
  check_address(value, diversion->address);
  check_within(value, {diversion->reason, diversion->privacy});
}

void history_info(std::string_view value) {
  if (const auto history = sip::parse_history_info(value)) check_address(value, history->address);
}

void content_type(std::string_view value) {
  const auto type = sip::parse_content_type(value);
  if (!type) return;
  check_within(value, {type->type, type->subtype, type->parameters});
  sip::parameter(type->parameters, "boundary");
}

void parameters(std::string_view value) {
  if (const auto found = sip::parameter(value, "a")) check_within(value, {*found});
}

void unfolding(std::string_view value) {
  std::string once;
  sip::append_unfolded(once, value);
  TANDEM_ASSERT(once.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
                "nothing that ends a line is left");
  std::string twice;
  sip::append_unfolded(twice, once);
  TANDEM_ASSERT(twice == once, "unfolding once is enough");
}

using Reader = void (*)(std::string_view);
constexpr std::array<Reader, 15> kReaders{name_address,    via,        cseq,      numbers,
                                          session_expires, replaces,   reason,    retry_after,
                                          warning,         digest,     diversion, history_info,
                                          content_type,    parameters, unfolding};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view value(reinterpret_cast<const char*>(data) + 1, size - 1);
  kReaders[data[0] % kReaders.size()](value);
  return 0;
}
