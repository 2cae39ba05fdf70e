// The rows of the call detail record.
#include "core/cdr/cdr_fields.h"

#include "core/cdr/cdr_text.h"
#include "core/cdr/field_count.h"

namespace tandem::cdr {
namespace {

template <auto Member, class Record>
FieldValue text(const Record& record) {
  return std::string_view{record.*Member};
}

template <auto Member, class Record>
FieldValue integer(const Record& record) {
  return static_cast<std::int64_t>(record.*Member);
}

template <auto Member, class Record>
FieldValue time(const Record& record) {
  if (record.*Member == UtcTime{}) return {};
  return epoch_milliseconds(record.*Member);
}

// A delay that may not have been measured: -1 there, nothing here.
template <auto Member, class Record>
FieldValue delay(const Record& record) {
  if (record.*Member < 0) return {};
  return record.*Member;
}

template <auto Member, class Record>
FieldValue word(const Record& record) {
  return to_text(record.*Member);
}

template <class Record>
FieldValue end_reason(const Record& record) {
  if (record.end_reason == cause::EndReason{}) return std::string_view{};
  return cause::code_of(record.end_reason, record.end_detail);
}

template <class Record>
FieldValue end_number(const Record& record) {
  if (record.end_reason == cause::EndReason{}) return std::int64_t{0};
  return std::int64_t{cause::number_of(record.end_reason, record.end_detail)};
}

FieldValue hold_time(const Cdr& cdr) { return cdr.hold_time_ms / 1000; }

// The detail of an end that has no number of a peer to tell.
FieldValue dead_side(const Cdr& cdr) {
  using cause::EndReason;
  const EndReason why = cdr.end_reason;
  const bool of_peer = why == EndReason::PeerSip || why == EndReason::PeerQ850 ||
                       why == EndReason::PeerByeReason;
  if (of_peer) return std::string_view{};
  switch (cdr.end_detail) {
    case kDeadCaller:
      return std::string_view{"caller"};
    case kDeadCallee:
      return std::string_view{"callee"};
    default:
      return std::string_view{};
  }
}

FieldValue attempts(const Cdr& cdr) {
  std::string json;
  append_json(json, cdr.attempts);
  return json;
}

using enum FieldType;

}  // namespace

constexpr std::array<CdrField, kCdrFieldCount> kCdrFields{{
    {"flow_no", Integer, 1, "Number of the call: unique, rises with the time of arrival.",
     integer<&Cdr::flow_no>},
    {"flow_no_first", Integer, 1, "Number of the first record of a call that has several.",
     integer<&Cdr::flow_no_first>},
    {"caller", Text, 1, "Calling number as billed.", text<&Cdr::caller>},
    {"caller_in", Text, 1, "Calling number as received.", text<&Cdr::caller_in>},
    {"caller_out", Text, 1,
     "Calling number as sent by the attempt that decided; empty when nothing was sent.",
     text<&Cdr::caller_out>},
    {"callee", Text, 1, "Called number as billed.", text<&Cdr::callee>},
    {"callee_in", Text, 1, "Called number as received.", text<&Cdr::callee_in>},
    {"callee_out", Text, 1,
     "Called number as sent by the attempt that decided; empty when nothing was sent.",
     text<&Cdr::callee_out>},
    {"caller_gateway", Text, 1, "Name of the ingress gateway; empty when the source is unknown.",
     text<&Cdr::caller_gateway>},
    {"callee_gateway", Text, 1, "Name of the egress gateway of the attempt that decided.",
     text<&Cdr::callee_gateway>},
    {"caller_ip", Text, 1, "Signalling address of the caller, ip:port.", text<&Cdr::caller_ip>},
    {"callee_ip", Text, 1, "Signalling address of the callee, ip:port.", text<&Cdr::callee_ip>},
    {"caller_rtp_ip", Text, 1, "Media address of the caller, ip:port, from its SDP.",
     text<&Cdr::caller_rtp_ip>},
    {"callee_rtp_ip", Text, 1, "Media address of the callee, ip:port, from its SDP.",
     text<&Cdr::callee_rtp_ip>},
    {"caller_codec", Text, 1, "First audio codec agreed with the caller.",
     text<&Cdr::caller_codec>},
    {"callee_codec", Text, 1, "First audio codec agreed with the callee.",
     text<&Cdr::callee_codec>},
    {"caller_product", Text, 1, "User-Agent of the caller.", text<&Cdr::caller_product>},
    {"callee_product", Text, 1, "Server or User-Agent of the callee.", text<&Cdr::callee_product>},
    {"caller_type", Text, 1, "What the caller is: ingress, egress, unknown.",
     word<&Cdr::caller_type>},
    {"callee_type", Text, 1, "What the callee is: ingress, egress, unknown.",
     word<&Cdr::callee_type>},
    {"start", Time, 1, "The call arrived.", time<&Cdr::start>},
    {"stop", Time, 1, "The call ended.", time<&Cdr::stop>},
    {"progress_time", Time, 1, "First 183, or 18x other than 180, sent to the caller.",
     time<&Cdr::progress_time>},
    {"ring_time", Time, 1, "First 180 sent to the caller.", time<&Cdr::ring_time>},
    {"answer_time", Time, 1, "The call was answered.", time<&Cdr::answer_time>},
    {"detect_time", Time, 1, "A dead leg was noticed; equals stop for a call that ended by itself.",
     time<&Cdr::detect_time>},
    {"last_alive_time", Time, 1, "Last message of the leg that ended or died.",
     time<&Cdr::last_alive_time>},
    {"hold_time", Integer, 0, "Talk time in whole seconds, rounded down.", hold_time},
    {"hold_time_ms", Integer, 1, "Talk time in milliseconds.", integer<&Cdr::hold_time_ms>},
    {"connect_duration", Integer, 1,
     "Milliseconds from arrival to answer, or to the end of a call without answer.",
     integer<&Cdr::connect_duration>},
    {"caller_pdd", Integer, 1,
     "Post-dial delay of the caller in ms: arrival to first 18x or 200; absent when none was sent.",
     delay<&Cdr::caller_pdd>},
    {"callee_pdd", Integer, 1, "Post-dial delay in ms of the attempt that decided.",
     delay<&Cdr::callee_pdd>},
    {"account", Integer, 1, "Identifier of the paying account; 0 when there is none.",
     integer<&Cdr::account>},
    {"account_name", Text, 1, "Name of the paying account.", text<&Cdr::account_name>},
    {"end_side", Text, 1, "Who ended the call: caller, callee, switch.", word<&Cdr::end_side>},
    {"end_reason", Text, 1, "Why the call ended: code of the end reason, such as peer_sip_503.",
     end_reason<Cdr>},
    {"end_number", Integer, 1, "Number of the end reason, such as 2503.", end_number<Cdr>},
    {"sip_status", Integer, 1, "Final SIP answer of the peer that decided; 0 when none came.",
     integer<&Cdr::sip_status>},
    {"q850_cause", Integer, 1, "Q.850 cause of the end; 0 when there is none.",
     integer<&Cdr::q850_cause>},
    {"sip_reason_header", Text, 1, "Reason header of the peer that ended the call, as sent.",
     text<&Cdr::sip_reason_header>},
    {"billing_mode", Integer, 1, "-1: the call is not billed.", integer<&Cdr::billing_mode>},
    {"node_call_id", Integer, 1, "Number of the call in this run of the switch.",
     integer<&Cdr::node_call_id>},
    {"caller_call_id", Text, 1, "SIP Call-ID of the caller's leg.", text<&Cdr::caller_call_id>},
    {"callee_call_id", Text, 1, "SIP Call-ID of the leg of the attempt that decided.",
     text<&Cdr::callee_call_id>},
    {"config_snapshot", Integer, 1, "Number of the configuration the call was decided under.",
     integer<&Cdr::config_snapshot>},
    {"attempts", List, 1, "Every egress gateway tried, in order.", attempts},
    {"dead_side", Text, 0,
     "Whose leg was found dead: caller, callee; empty for a call that ended otherwise.", dead_side},
}};

constexpr std::array<AttemptField, kAttemptFieldCount> kAttemptFields{{
    {"gateway", Text, 1, "Name of the egress gateway.", text<&Attempt::gateway>},
    {"gateway_id", Integer, 1, "Identifier of the egress gateway.", integer<&Attempt::gateway_id>},
    {"address", Text, 1, "Where the INVITE went, ip:port.", text<&Attempt::address>},
    {"call_id", Text, 1, "SIP Call-ID of the attempt.", text<&Attempt::call_id>},
    {"caller", Text, 1, "Calling number as sent.", text<&Attempt::caller>},
    {"callee", Text, 1, "Called number as sent.", text<&Attempt::callee>},
    {"start", Time, 1, "The INVITE was sent.", time<&Attempt::start>},
    {"pdd", Integer, 1,
     "Milliseconds to the first 180, 183 with SDP or 200; absent when none came.",
     delay<&Attempt::pdd>},
    {"end", Time, 1, "The attempt failed, or the call ended.", time<&Attempt::end>},
    {"sip_status", Integer, 1, "Final SIP answer of the peer; 0 when none came.",
     integer<&Attempt::sip_status>},
    {"q850_cause", Integer, 1, "Q.850 cause of the peer's Reason header, or mapped; 0 when none.",
     integer<&Attempt::q850_cause>},
    {"sip_reason_header", Text, 1, "Reason header of the peer, as sent.",
     text<&Attempt::sip_reason_header>},
    {"end_reason", Text, 1, "Why the attempt ended: code of the end reason.", end_reason<Attempt>},
    {"end_number", Integer, 1, "Number of the end reason.", end_number<Attempt>},
}};

namespace {

template <class Record, std::size_t Count>
constexpr std::size_t described_members(const std::array<Field<Record>, Count>& rows) {
  std::size_t members = 0;
  for (const Field<Record>& row : rows) members += static_cast<std::size_t>(row.members);
  return members;
}

static_assert(described_members(kCdrFields) == field_count<Cdr>(), "describe every member of Cdr");
static_assert(described_members(kAttemptFields) == field_count<Attempt>(),
              "describe every member of Attempt");

}  // namespace

CdrValues values_of(const Cdr& cdr) {
  CdrValues values;
  for (std::size_t i = 0; i < kCdrFieldCount; ++i) values[i] = kCdrFields[i].get(cdr);
  return values;
}

std::string_view to_text(FieldType type) {
  switch (type) {
    case Text:
      return "text";
    case Integer:
      return "integer";
    case Time:
      return "epoch ms";
    case List:
      return "list";
  }
  return "";
}

std::string_view to_text(PartyType type) {
  switch (type) {
    case PartyType::Unknown:
      return "unknown";
    case PartyType::Ingress:
      return "ingress";
    case PartyType::Egress:
      return "egress";
    case PartyType::Phone:
      return "phone";
  }
  return "";
}

}  // namespace tandem::cdr
