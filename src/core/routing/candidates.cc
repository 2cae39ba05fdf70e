#include "core/routing/candidates.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "core/routing/filters.h"

namespace tandem::routing {
namespace {

using cause::EndReason;
using directory::EgressGateway;

// What an operator should know of a candidate beside its rank: addresses that are down, and how long
// it still rests.
std::string health_of(const Asked& asked) {
  std::string text;
  if (!asked.live.dead.empty()) {
    text += ", " + std::to_string(asked.live.dead.size()) +
            (asked.live.dead.size() == 1 ? " address down" : " addresses down");
  }
  if (asked.live.banned_until > asked.question.now.mono) {
    const milliseconds left = asked.live.banned_until - asked.question.now.mono;
    text += ", rests " + std::to_string(std::chrono::ceil<seconds>(left).count()) +
            " s more after " + std::to_string(asked.live.banned_by);
  }
  return text;
}

// "40 %", and of what.
std::string asr_text(const SortedAsr& asr) {
  std::string text = std::to_string(asr.percent) + " %";
  if (asr.destination != 0) text += " to " + facts::to_text(asr.destination);
  return text;
}

// What else it is sorted by, as far as it has any.
std::string load_of(const Asked& asked, const Candidate& candidate) {
  std::string text;
  if (asked.live.calls != 0) text += ", " + std::to_string(asked.live.calls) + " calls now";
  if (candidate.history != 0) text += ", " + std::to_string(candidate.history) + " until now";
  if (asked.gateway.weight != 0) text += ", weight " + std::to_string(asked.gateway.weight);
  return text;
}

// A fee for so many seconds as "0.012500" a minute.
std::string a_minute(__int128 fee, __int128 period) {
  constexpr int kBillionthsOfMillionth = 1'000;
  constexpr std::int64_t kMillionths = 1'000'000;
  const auto whole = std::int64_t(fee * 60 / period / kBillionthsOfMillionth);
  std::string digits = std::to_string(whole % kMillionths);
  digits.insert(0, 6 - digits.size(), '0');
  return std::to_string(whole / kMillionths) + '.' + digits;
}

// What it costs, and what is left of the price; nothing while nobody knows.
std::string money_of(const Asked& asked) {
  const auto cost = asked.question.rates.cost_of(asked.gateway, asked.question.call);
  if (!cost) return {};
  std::string text = ", costs " + a_minute(cost->fee, cost->period) + " a minute";
  if (const auto& price = asked.source->price) {
    const __int128 left = __int128{price->fee} * cost->period - __int128{cost->fee} * price->period;
    text += left < 0 ? ", margin -" : ", margin ";
    text += a_minute(left < 0 ? -left : left, __int128{price->period} * cost->period);
  }
  return text;
}

void tell(const Asked& asked, const Sorted& sorted, const SortChain& chain,
          const Candidate& candidate, const std::optional<Removal>& removal) {
  facts::DecisionTrace* trace = asked.question.trace;
  if (trace == nullptr) return;
  std::string outcome =
      removal ? "rejected by " + std::string(removal->filter->name) : std::string("accepted");
  if (removal && removal->filter->why != nullptr) outcome += ": " + removal->filter->why(asked);
  outcome += ", matched " + std::to_string(candidate.length) + " digits, priority " +
             std::to_string(candidate.priority);
  if (candidate.protect) outcome += ", a reserve";
  if (chain.terms().asr != directory::SortPlace::None) {
    outcome += ", ASR " + asr_text(chain.asr_of(sorted, asked.question));
  }
  outcome += load_of(asked, candidate) + money_of(asked);
  facts::tell(trace, "candidate", asked.gateway.name, outcome + health_of(asked),
              removal ? cause::code_of(removal->reason, 0) : std::string());
}

// What concerns a call of how a gateway is now.
std::uint32_t concerns_of(const facts::GatewayLive& live) {
  return (live.offline ? directory::kConcernOffline : 0u) |
         (live.banned_until != Instant{} ? directory::kConcernBan : 0u);
}

class Search {
 public:
  Search(const Question& question, const Source& source, Candidates& found)
      : question_(question), source_(source), found_(found) {}

  // One group of equal prefix length. True: shorter prefixes may follow, as none of its unlocked
  // gateways is in terminate mode.
  bool take_group(const directory::PrefixMatch& match) {
    const auto gateways = question_.directory.egress_gateways();
    const auto briefs = question_.directory.egress_briefs();
    bool further = true;
    for (const std::uint32_t index : match.egress) {
      const EgressGateway& gateway = gateways[index];
      if (!question_.only.allows(gateway)) continue;
      if (briefs[index].ends_search) further = false;
      take({gateway, briefs[index], question_.live.egress.read(briefs[index].id), match.length});
    }
    return further;
  }

 private:
  void take(const Sorted& each) {
    const Asked asked{question_, each.gateway, each.live, &source_,
                      each.brief.concerns | concerns_of(each.live) | source_.concerns,
                      &each.brief};
    const std::optional<Removal> removal = first_objection(asked);
    if (!removal) {
      found_.usable.push_back(found_.chain.candidate(each, question_));
      return tell(asked, each, found_.chain, found_.usable.back(), removal);
    }
    if (question_.trace != nullptr) {
      tell(asked, each, found_.chain, found_.chain.candidate(each, question_), removal);
    }
    if (!found_.removed) found_.removed = removal->reason;
    if (*found_.removed != removal->reason) found_.removed = EndReason::NoAvailableRouter;
  }

  const Question& question_;
  const Source& source_;
  Candidates& found_;
};

}  // namespace

bool Only::allows(const EgressGateway& each) const {
  if (gateway == 0 && group == 0) return true;
  if (gateway != 0 && gateway != each.id) return false;
  return group == 0 || std::ranges::find(each.groups, group, &directory::GroupMembership::group) !=
                           each.groups.end();
}

Candidates find_candidates(const Question& question, std::pmr::memory_resource& memory) {
  directory::PrefixMatches matches;
  question.directory.egress_by_prefix(question.call.sought(), matches);
  const Source source = Source::of(question);
  Candidates found(SortTerms::of(question.directory.parameters(), source.device), question,
                   memory);
  found.usable.reserve(matches.gateways());
  Search search(question, source, found);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (!search.take_group(matches[i])) break;
  }
  return found;
}

}  // namespace tandem::routing
