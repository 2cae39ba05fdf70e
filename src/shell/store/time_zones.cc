#include "shell/store/time_zones.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace tandem::store {
namespace {

constexpr std::size_t kLargestFile = 1'048'576;  // the greatest there is has some 4 kB
constexpr std::string_view kUsualZone = "SERVER_CALENDAR_TIME_ZONE";

std::filesystem::path folder() {
  const char* wanted = std::getenv("TZDIR");
  return wanted != nullptr && *wanted != '\0' ? wanted : "/usr/share/zoneinfo";
}

std::string no_zone(const std::string& name) {
  return '"' + name + "\" is no time zone of this machine; it must be a name of the IANA database, "
         "such as Europe/Berlin (package tzdata)";
}

}  // namespace

std::optional<TimeZone> read_time_zone(const std::string& name) {
  if (name == "UTC") return TimeZone();
  const std::filesystem::path file = folder() / name;
  std::error_code failed;
  if (name.empty() || name.find("..") != name.npos || name.starts_with('/') ||
      !std::filesystem::is_regular_file(file, failed)) {
    return std::nullopt;
  }
  std::string bytes(kLargestFile, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return TimeZone::parse(bytes);
}

void hold_time_zones(directory::Directory::Source& source) {
  const auto hold = [&](const std::string& name) {
    if (name.empty() || source.time_zones.contains(name)) return;
    if (auto zone = read_time_zone(name))
      source.time_zones[name] = std::make_shared<const TimeZone>(*std::move(zone));
  };
  hold(source.parameters.calendar_time_zone);
  for (const directory::Calendar& calendar : source.calendars) hold(calendar.time_zone);
}

directory::Faults missing_time_zones(const Draft& draft) {
  directory::Faults faults;
  for (const EntityDraft& each : draft.entities) {
    if (each.kind == ChangeKind::Remove || each.resource->name != "calendars") continue;
    const std::string name =
        directory::to_text(directory::value_of(*each.resource, each.after.record, "time_zone"));
    if (name.empty() || read_time_zone(name)) continue;
    faults.push_back({each.path + "time_zone", name,
                      "calendar " + directory::name_of(each.after.record) + ": time_zone: " +
                          no_zone(name)});
  }
  for (const ParameterDraft& each : draft.parameters) {
    if (each.row->name != kUsualZone || !each.after || read_time_zone(*each.after)) continue;
    faults.push_back({std::string(kUsualZone), *each.after,
                      std::string(kUsualZone) + ": " + no_zone(*each.after)});
  }
  return faults;
}

}  // namespace tandem::store
