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

void tell(const Asked& asked, const Candidate& candidate, const SortTerms& terms,
          const std::optional<Removal>& removal) {
  facts::DecisionTrace* trace = asked.question.trace;
  if (trace == nullptr) return;
  std::string outcome =
      removal ? "rejected by " + std::string(removal->filter->name) : std::string("accepted");
  outcome += ", matched " + std::to_string(candidate.length) + " digits, priority " +
             std::to_string(candidate.priority);
  if (candidate.protect) outcome += ", a reserve";
  if (terms.asr != directory::SortPlace::None) {
    outcome += ", ASR " + std::to_string(100 - candidate.failing) + " %";
  }
  facts::tell(trace, "candidate", asked.gateway.name, outcome + health_of(asked),
              removal ? cause::code_of(removal->reason, 0) : std::string());
}

class Search {
 public:
  explicit Search(const Question& question)
      : question_(question),
        source_(Source::of(question)),
        terms_(SortTerms::of(question.directory.parameters(), source_.device)) {}

  // One group of equal prefix length. True: shorter prefixes may follow, as none of its unlocked
  // gateways is in terminate mode.
  bool take_group(const directory::PrefixMatch& match) {
    const auto all = question_.directory.egress_gateways();
    bool further = true;
    for (const std::uint32_t index : match.egress) {
      const EgressGateway& gateway = all[index];
      if (!question_.only.allows(gateway)) continue;
      if (gateway.prefix_style == directory::PrefixStyle::Terminate &&
          !is_locked(gateway, question_.directory)) {
        further = false;
      }
      take(gateway, match.length);
    }
    return further;
  }

  const SortTerms& terms() const { return terms_; }

  Candidates found;

 private:
  void take(const EgressGateway& gateway, std::uint16_t length) {
    const Asked asked{question_, gateway, question_.live.egress.read(gateway.id), &source_};
    const std::optional<Removal> removal = first_objection(asked);
    if (!removal) {
      found.usable.push_back(Candidate::of(gateway, asked.live, length, question_, terms_));
      return tell(asked, found.usable.back(), terms_, removal);
    }
    if (question_.trace != nullptr) {
      tell(asked, Candidate::of(gateway, asked.live, length, question_, terms_), terms_,
           removal);
    }
    if (!found.removed) found.removed = removal->reason;
    if (*found.removed != removal->reason) found.removed = EndReason::NoAvailableRouter;
  }

  const Question& question_;
  const Source source_;
  const SortTerms terms_;
};

}  // namespace

bool Only::allows(const EgressGateway& each) const {
  if (gateway != 0 && gateway != each.id) return false;
  return group == 0 || std::ranges::find(each.groups, group, &directory::GroupMembership::group) !=
                           each.groups.end();
}

Candidates find_candidates(const Question& question) {
  directory::PrefixMatches matches;
  question.directory.egress_by_prefix(question.call.sought(), matches);
  Search search(question);
  search.found.terms = search.terms();
  search.found.usable.reserve(matches.gateways());
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (!search.take_group(matches[i])) break;
  }
  return std::move(search.found);
}

}  // namespace tandem::routing
