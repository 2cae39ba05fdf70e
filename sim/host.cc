#include "sim/host.h"

#include "sim/callee.h"
#include "sim/mischief.h"
#include "sim/wire.h"

namespace tandem::sim {
namespace {

// An answer to what belongs to no call here.
void answer_outside(Stage& stage, Host& host, const wire::Text& request) {
  std::vector<wire::Line> lines;
  for (const char* name : {"Via", "From", "Call-ID", "CSeq"}) {
    for (const std::string& value : request.all(name)) lines.push_back({name, value});
  }
  std::string to = request.get("To");
  if (wire::tag_in(to).empty()) to += ";tag=none";
  lines.push_back({"To", to});
  const bool options = request.method() == "OPTIONS";
  stage.send(host, wire::put_together(options ? "SIP/2.0 200 OK" : "SIP/2.0 481 No", lines, ""),
             Nature::Proper);
}

void name(std::string& contact, const std::string& number) {
  static constexpr std::string_view kPlace = "NUMBER";
  const std::size_t at = contact.find(kPlace);
  if (at != std::string::npos) contact.replace(at, kPlace.size(), number);
}

Party& new_callee(Stage& stage, Host& host, const wire::Text& invite) {
  const std::string number = wire::user_in(invite.request_uri());
  const std::string call_id = invite.get("Call-ID");
  Draw draw(stage.seed(), number, std::uint64_t(host.number) << 32 | host.parties.size());
  // Numbers that begin with 44 are answered by who is polite: laws count on it.
  const bool may_refuse = number.compare(0, 2, "44") != 0;
  CalleePlan plan = draw_callee_plan(
      draw, host.temper, stage.long_talks() ? Talk::Long : Talk::Short, may_refuse);
  const int status = stage.finishing() ? 0 : host.vendor.refuses(stage.now());
  if (status != 0) {
    plan.rings.clear();
    plan.final_after = draw.between(0ms, 500ms);
    plan.final_status = status;
    plan.retry_after = host.vendor.retry_after;
    plan.contacts = host.vendor.contacts;
    for (std::string& contact : plan.contacts) name(contact, number);
  }
  auto& party = host.parties[call_id];
  party = std::make_shared<Callee>(stage, host, number, plan, draw);
  return *party;
}

}  // namespace

std::string_view to_text(Temper temper) {
  switch (temper) {
    case Temper::Polite:
      return "polite";
    case Temper::Slow:
      return "slow";
    case Temper::Fickle:
      return "fickle";
    case Temper::Rude:
      return "rude";
    case Temper::Silent:
      return "silent";
    case Temper::Scanner:
      return "scanner";
  }
  return "";
}

void overhear(Host& host, std::string_view bytes) {
  if (!bytes.starts_with("SIP/2.0 ")) return;
  const auto answer = wire::take_apart(bytes);
  if (!answer) return;
  const auto found = host.parties.find(answer->get("Call-ID"));
  if (found != host.parties.end()) found->second->overhear(*answer);
}

void receive(Stage& stage, Host& host, std::string_view bytes) {
  if (host.temper == Temper::Scanner) return;
  const bool silent = host.temper == Temper::Silent || host.vendor.is_silent(stage.now());
  if (silent && !stage.finishing()) return;
  const auto text = wire::take_apart(bytes);
  if (!text) return;
  const auto found = host.parties.find(text->get("Call-ID"));
  if (found != host.parties.end()) return found->second->receive(*text);
  if (!text->is_request()) return;
  if (text->method() == "INVITE" && wire::tag_in(text->get("To")).empty()) {
    return new_callee(stage, host, *text).receive(*text);
  }
  if (text->method() != "ACK") answer_outside(stage, host, *text);
}

}  // namespace tandem::sim
