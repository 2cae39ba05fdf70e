#include "sim/climate.h"

#include <array>
#include <set>

#include "core/directory/parameters.h"

namespace tandem::sim {
namespace {

using directory::ParameterRow;
using directory::ParameterType;

// Not drawn: they name this machine's addresses, or leave out records (drawn by themselves).
const std::set<std::string_view> kLeftAlone{
    "SS_SIP_PORT",         "SS_SIP_LOCAL_IP",       "SS_SIP_PUBLIC_IP",
    "SS_SIP_LOCAL_DOMAIN", "SS_SIP_TCP_ENABLE",     "SS_NUMBER_STRIP_CHARS",
    "SS_SIP_TLS_PORT",     "SS_SIP_TLS_CERTIFICATE", "SS_SIP_TLS_PRIVATE_KEY",
    "SS_SIP_WS_PORT",      "SS_SIP_TLS_VERIFY_PEER",
    "SS_SIP_USER_AGENT",   "SS_SCANNER_BAN_EXEMPT", "SS_GATEWAY_SWITCH_STOP_SIP_CODES"};

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  directory::ListEntries entries(list);
  for (std::string_view word; entries.next(word);) words.emplace_back(word);
  return words;
}

std::string drawn_value(Draw& draw, const ParameterRow& row) {
  switch (row.type) {
    case ParameterType::Bool:
      return draw.percent(50) ? "On" : "Off";
    case ParameterType::Enum:
      return draw.pick(words_of(row.unit));
    case ParameterType::Int:
    case ParameterType::DurationSeconds:
    case ParameterType::DurationMilliseconds:
      return std::string(draw.percent(50) ? row.min : row.max);
    case ParameterType::List:
      return draw.percent(50) ? std::string(row.min)
                              : std::string(row.min) + "," + std::string(row.max);
    case ParameterType::Text:
      return std::string(row.initial);
  }
  return std::string(row.initial);
}

constexpr std::string_view kSession = "sip_session";

// Where talks are long: most at their defaults, some at an end of their range.
void draw_session_parameters(Draw& draw, std::map<std::string, std::string>& texts) {
  for (const ParameterRow& row : directory::all_parameters()) {
    if (row.group != kSession || !row.available()) continue;
    if (draw.percent(15)) texts[std::string(row.name)] = drawn_value(draw, row);
  }
  if (draw.percent(50)) {
    static constexpr std::array kIntervals{"90", "120", "300", "900"};
    texts["SS_SIP_SESSION_TTL"] = draw.pick(kIntervals);
  }
}

}  // namespace

Climate draw_climate(Draw& draw, double hours) {
  Climate climate;
  climate.length = milliseconds(std::int64_t(hours * 3'600'000));
  climate.long_talks = draw.percent(30);
  climate.calls = int(hours * draw.between(300, 1200)) + 1;
  // The same number of events in sixty times the time.
  if (climate.long_talks) {
    climate.length *= 60;
    climate.calls = climate.calls / 2 + 1;
  }
  climate.calm = draw.percent(20);
  climate.questions = int(hours * 100) + 1;
  Draw vendors = draw;
  climate.vendors = vendors.percent(50);
  if (climate.vendors && vendors.percent(40)) climate.locks = int(hours * vendors.between(0, 200)) + 1;
  climate.handovers = int(hours * draw.between(0, 60));
  if (climate.calm) {
    climate.delay_most = climate.delay_least = milliseconds(draw.between(0, 40));
    return climate;
  }
  static constexpr std::array kLosses{0, 0, 5, 20, 100, 300};
  climate.loss = draw.pick(kLosses);
  climate.doubling = draw.pick(kLosses);
  climate.delay_least = milliseconds(draw.between(0, 100));
  climate.delay_most =
      climate.delay_least + milliseconds(draw.between(0, draw.percent(20) ? 2000 : 60));
  climate.cuts = int(hours * draw.between(0, 100));
  climate.falls = int(hours * draw.between(0, 60));
  climate.broken_streams = draw.percent(50) ? draw.between(0, 30) : 0;
  climate.stalls = draw.percent(30) ? int(hours * draw.between(0, 40)) : 0;
  climate.overloads = draw.percent(20) ? int(hours * draw.between(0, 40)) : 0;
  climate.crashes = draw.percent(20) ? int(hours * draw.between(0, 20)) + 1 : 0;
  climate.edits = draw.percent(50) ? int(hours * draw.between(0, 300)) : 0;
  climate.hang_ups = draw.percent(30) ? int(hours * draw.between(0, 100)) : 0;
  climate.drains = draw.percent(25);
  climate.extreme = draw.percent(50);
  return climate;
}

std::map<std::string, std::string> draw_parameters(Draw& draw, const Climate& climate) {
  std::map<std::string, std::string> texts;
  if (climate.long_talks) draw_session_parameters(draw, texts);
  if (climate.calm) return texts;
  for (const ParameterRow& row : directory::all_parameters()) {
    if (!row.available() || kLeftAlone.contains(row.name)) continue;
    if (climate.long_talks && row.group == kSession) continue;
    const bool record = row.group == "cdr";
    if (draw.percent(record ? 5 : climate.extreme ? 25 : 3)) {
      texts[std::string(row.name)] = drawn_value(draw, row);
    }
  }
  // Limits at tiny values too: their ends are "off" and more than a world can fill.
  if (draw.percent(15)) texts["SS_CALL_CAPACITY"] = std::to_string(draw.between(1, 5));
  if (draw.percent(15)) texts["SS_CALL_RATE_LIMIT"] = std::to_string(draw.between(1, 3));
  if (draw.percent(15)) texts["SS_MAX_CALL_DURATION"] = std::to_string(draw.between(1, 30));
  // What may not stand together, or is no pair of ends, keeps its default.
  for (auto built = directory::build_parameters(texts); !built.ok();
       built = directory::build_parameters(texts)) {
    if (texts.erase(built.error().parameter) == 0) texts.clear();
  }
  return texts;
}

}  // namespace tandem::sim
