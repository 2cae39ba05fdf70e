// What the exchange counts since its start: one row each, shown under these names by status and
// metrics.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::stats {

enum class Counter : std::uint8_t {
  MessagesReceived, MessagesMalformed, MessagesBanned, KeepAlives, RequestsUnknownSource,
  RequestsOutOfDialog, ResponsesStray, AcksStray, RequestsMerged, Retransmissions, LoopsRefused,
  CallsOffered, CallsRefused, CallsAnswered, CallsEnded, CallsAdopted, AttemptsMade, RecordsWritten,
  TransactionsRefused, SourcesBanned, KeepAliveAnswers, RegistersReceived, RegistersAccepted,
  ChallengesSent,
  CredentialsWrong, CredentialsReplayed, TerminalsSuspended, RequestsOfSuspended,
  CredentialsMalformed,
  Count,
};

struct CounterRow {
  Counter counter;
  std::string_view name;
  std::string_view help;
};

inline constexpr std::array<CounterRow, std::size_t(Counter::Count)> kCounters{{
    {Counter::MessagesReceived, "messages_received", "SIP messages and keep-alives read"},
    {Counter::MessagesMalformed, "messages_malformed", "not SIP, or SIP with a fault; answered 4xx or dropped"},
    {Counter::MessagesBanned, "messages_banned", "dropped because their source is banned"},
    {Counter::KeepAlives, "keep_alives", "empty datagrams that hold a NAT binding open"},
    {Counter::RequestsUnknownSource, "requests_unknown_source", "calls from sources nobody configured"},
    {Counter::RequestsOutOfDialog, "requests_out_of_dialog", "named a dialog that does not exist; answered 481"},
    {Counter::ResponsesStray, "responses_stray", "answers to nothing we asked; dropped"},
    {Counter::AcksStray, "acks_stray", "ACKs that match nothing; dropped"},
    {Counter::RequestsMerged, "requests_merged", "the same request over two ways; answered 482"},
    {Counter::Retransmissions, "retransmissions", "repeated requests absorbed"},
    {Counter::LoopsRefused, "loops_refused", "calls that came back to us; answered 482"},
    {Counter::CallsOffered, "calls_offered", "calls that arrived"},
    {Counter::CallsRefused, "calls_refused", "calls that ended before their first attempt"},
    {Counter::CallsAnswered, "calls_answered", "calls that were answered"},
    {Counter::CallsEnded, "calls_ended", "calls that are over"},
    {Counter::CallsAdopted, "calls_adopted", "calls of an earlier run that went on in this one"},
    {Counter::AttemptsMade, "attempts_made", "egress attempts of ended calls"},
    {Counter::RecordsWritten, "records_written", "call detail records handed to the journal"},
    {Counter::TransactionsRefused, "transactions_refused", "requests refused because a table is full"},
    {Counter::SourcesBanned, "sources_banned", "bans of unknown sources"},
    {Counter::KeepAliveAnswers, "keep_alive_answers", "what terminals sent back to keep-alives"},
    {Counter::RegistersReceived, "registers_received", "REGISTER requests of anybody"},
    {Counter::RegistersAccepted, "registers_accepted", "registrations made, refreshed, listed or ended"},
    {Counter::ChallengesSent, "challenges_sent", "401 and 407 answers"},
    {Counter::CredentialsWrong, "credentials_wrong", "requests with a wrong password or an unknown user"},
    {Counter::CredentialsReplayed, "credentials_replayed", "right credentials that came a second time; answered stale"},
    {Counter::TerminalsSuspended, "terminals_suspended", "suspensions after too many wrong passwords"},
    {Counter::RequestsOfSuspended, "requests_of_suspended", "refused while a suspension ran; answered 403"},
    {Counter::CredentialsMalformed, "credentials_malformed", "credentials that cannot be read; answered 400"},
}};

constexpr bool counters_complete() {
  for (std::size_t i = 0; i < kCounters.size(); ++i) {
    if (std::size_t(kCounters[i].counter) != i) return false;
  }
  return true;
}
static_assert(counters_complete(), "kCounters has one row per Counter, in its order");

class Counters {
 public:
  void add(Counter counter, std::uint64_t amount = 1) { values_[std::size_t(counter)] += amount; }
  std::uint64_t get(Counter counter) const { return values_[std::size_t(counter)]; }

  template <class Archive>
  void fields(Archive& archive) {
    archive(values_);
  }

 private:
  std::array<std::uint64_t, std::size_t(Counter::Count)> values_{};
};

}  // namespace tandem::stats
