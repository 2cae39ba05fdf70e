#include "core/routing/warnings.h"

#include <algorithm>
#include <map>

#include "core/directory/routing_tags.h"
#include "core/registrar/subscribers.h"
#include "core/routing/filters.h"

namespace tandem::routing {
namespace {

using directory::EgressGateway;

constexpr std::size_t kMostWarnings = 50;
constexpr std::size_t kMostNames = 3;

bool never_works(const directory::Calendar& calendar) {
  const auto works = [](const auto& row) { return row.working; };
  return std::ranges::none_of(calendar.weekly, works) &&
         std::ranges::none_of(calendar.dates, works);
}

class Warnings {
 public:
  Warnings(const Question& question, const Routes& found)
      : question_(question), directory_(question.directory), found_(found) {}

  std::vector<Warning> all() && {
    of_caller();
    of_candidates();
    of_routes();
    return std::move(warnings_);
  }

 private:
  void warn(std::string_view subject, std::string sentence) {
    if (warnings_.size() < kMostWarnings)
      warnings_.push_back({std::string(subject), std::move(sentence)});
  }

  void of_plan(std::string_view subject, std::string_view field, const number::DialPlan& plan) {
    for (const number::PlanRemark& remark : plan.warnings())
      warn(subject, std::string(field) + ": " + remark.text());
  }

  void of_caller() {
    if (const auto* phone = directory_.phone(question_.call.phone)) {
      of_plan(phone->name, "plan_callee_out", phone->plan_callee_out);
    } else if (const auto* gateway = directory_.ingress_gateway(question_.call.ingress)) {
      of_plan(gateway->name, "plan_caller_out", gateway->plan_caller_out);
      of_plan(gateway->name, "plan_callee_out", gateway->plan_callee_out);
    }
  }

  // Those that are asked, and those that are hidden from the call by one of them.
  void of_candidates() {
    directory::PrefixMatches matches;
    directory_.egress_by_prefix(question_.call.sought(), matches);
    const EgressGateway* hider = nullptr;
    std::string_view its_prefix;
    std::vector<std::string_view> hidden;
    for (std::size_t i = 0; i < matches.size(); ++i) {
      const EgressGateway* last = nullptr;
      for (const std::uint32_t index : matches[i].egress) {
        const EgressGateway& gateway = directory_.egress_gateways()[index];
        if (!question_.only.allows(gateway)) continue;
        if (hider != nullptr) {
          hidden.push_back(gateway.name);
          continue;
        }
        of_candidate(gateway);
        if (directory_.egress_briefs()[index].ends_search) last = &gateway;
      }
      if (hider != nullptr || last == nullptr) continue;
      hider = last;
      its_prefix = question_.call.sought().substr(0, matches[i].length);
    }
    if (hidden.empty()) return;
    std::string names;
    for (std::size_t i = 0; i < std::min(hidden.size(), kMostNames); ++i)
      names.append(names.empty() ? "" : ", ").append(hidden[i]);
    if (hidden.size() > kMostNames)
      names += " and " + std::to_string(hidden.size() - kMostNames) + " more";
    warn(hider->name, "its prefix \"" + std::string(its_prefix) + "\" ends the search (prefix_style): " +
                          names + " with shorter ones are not tried");
  }

  // What keeps it from any call at all.
  void of_candidate(const EgressGateway& gateway) {
    if (is_locked(gateway, directory_)) {
      warn(gateway.name, gateway.lock_type == directory::Lock::All
                             ? "is locked: it gets no call"
                             : "is locked by a group of it: it gets no call");
    }
    of_way(gateway);
    const auto* calendar = directory_.calendar(gateway.calendar);
    if (calendar != nullptr && gateway.calendar_mode == directory::CalendarMode::Working &&
        never_works(*calendar)) {
      warn(gateway.name, "its calendar " + calendar->name + " has no working time: it gets no call");
    }
    of_tags(gateway, gateway.tag_wishes, "");
    for (const directory::GroupMembership& membership : gateway.groups)
      if (const auto* group = directory_.gateway_group(membership.group))
        of_tags(gateway, group->tag_wishes, "its group " + group->name + ' ');
  }

  void of_way(const EgressGateway& gateway) {
    using registrar::Subscriber;
    if (gateway.registers()) {
      const Subscriber who = registrar::subscriber_of(directory_, gateway);
      const bool alone = who.kind == Subscriber::Kind::EgressGateway;
      if (alone && gateway.password.empty())
        warn(gateway.name, "has no password: it cannot register, and gets no call");
    } else if (gateway.remote_ips.empty() && directory_.registration_of(gateway) == nullptr) {
      warn(gateway.name, "has no address: no call can go there");
    }
  }

  void of_tags(const EgressGateway& gateway, const directory::TagWishes& wishes, const std::string& who) {
    const directory::RoutingTags& tags = directory_.routing_tags();
    const directory::TagSet set = tags.set_by_rules();
    if ((wishes.required & ~set) != 0) {
      warn(gateway.name, who + "requires " + tags.words(wishes.required & ~set) +
                             ", which no rule sets: it gets no call");
    } else if (wishes.any != 0 && (wishes.any & set) == 0) {
      warn(gateway.name, who + "asks for one of " + tags.words(wishes.any) +
                             ", none of which a rule sets: it gets no call");
    }
  }

  void of_routes() {
    const auto gateway_of = [&](const Route& route) {
      return directory_.egress_gateway(route.gateway);
    };
    std::map<std::pair<std::string, std::uint16_t>, std::string_view> first_at;
    for (const Route& route : found_.routes) {
      const EgressGateway* gateway = gateway_of(route);
      if (gateway == nullptr) return;  // a phone
      of_plan(gateway->name, "plan_caller_in", gateway->plan_caller_in);
      of_plan(gateway->name, "plan_callee_in", gateway->plan_callee_in);
      of_plan(gateway->name, "plan_identity", gateway->plan_identity);
      if (gateway->registers()) continue;
      for (const directory::GatewayAddress& address : gateway->remote_ips) {
        const std::uint16_t port = address.port != 0 ? address.port : gateway->signal_port;
        const auto [there, added] = first_at.try_emplace({address.host, port}, gateway->name);
        if (added || there->second == gateway->name) continue;
        warn(gateway->name, "leads to " + address.host + ':' + std::to_string(port) + ", as " +
                                std::string(there->second) + " does: both fail together");
      }
    }
    if (found_.routes.empty()) return;
    if (found_.routes.size() == 1)
      warn(gateway_of(found_.routes.front())->name,
           "is the only route: when it fails, so does the call");
    if (std::ranges::all_of(found_.routes, &Route::protect))
      warn(gateway_of(found_.routes.front())->name,
           "is a reserve, and so is all that is left: the call waits for it");
  }

  const Question& question_;
  const directory::Directory& directory_;
  const Routes& found_;
  std::vector<Warning> warnings_;
};

}  // namespace

std::vector<Warning> find_warnings(const Question& question, const Routes& found) {
  return Warnings(question, found).all();
}

}  // namespace tandem::routing
