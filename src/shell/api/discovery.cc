#include "shell/api/discovery.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "base/text.h"

namespace tandem::api {
namespace {

namespace fs = std::filesystem;

// Of this user alone, so that nobody can point our commands, and with them our token, elsewhere.
std::optional<fs::path> notes_directory() {
  fs::path directory = "/tmp/tandem-" + std::to_string(::geteuid());
  if (const char* runtime = std::getenv("XDG_RUNTIME_DIR");
      runtime != nullptr && *runtime != '\0') {
    directory = fs::path(runtime) / "tandem";
  } else if (::geteuid() == 0) {
    directory = "/run/tandem";
  }
  ::mkdir(directory.c_str(), 0700);
  struct stat facts {};
  const bool ours = ::lstat(directory.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) &&
                    facts.st_uid == ::geteuid() && (facts.st_mode & 022) == 0;
  if (!ours) return std::nullopt;
  return directory;
}

std::string first_line(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return std::string(trim(line));
}

// Replaces the file at once: whoever reads it sees the old or the new text.
bool write_note(const fs::path& file, const std::string& text) {
  const fs::path draft = file.string() + ".new";
  {
    std::ofstream stream(draft, std::ios::trunc);
    stream << text << '\n';
    stream.close();
    if (!stream.good()) return false;
  }
  return std::rename(draft.c_str(), file.c_str()) == 0;
}

}  // namespace

Result<Notice, std::string> Notice::post(const fs::path& data,
                                         const std::vector<Endpoint>& addresses) {
  Notice notice;
  if (addresses.empty()) return notice;
  const fs::path file = data / "api-address";
  if (!write_note(file, reachable(addresses.front()).text())) {
    return Failure{"cannot write " + file.string() + ": " + std::strerror(errno)};
  }
  notice.notes_.push_back(file);
  const auto directory = notes_directory();
  std::error_code ignored;
  const fs::path absolute = fs::absolute(data, ignored);
  for (const Endpoint& address : addresses) {
    if (!directory || !write_note(*directory / reachable(address).text(), absolute.string())) break;
    notice.notes_.push_back(*directory / reachable(address).text());
  }
  return notice;
}

Notice::~Notice() {
  std::error_code ignored;
  for (const fs::path& note : notes_) fs::remove(note, ignored);
}

std::optional<Endpoint> address_of(const fs::path& data) {
  const auto address = Endpoint::parse(first_line(data / "api-address"), 0);
  if (!address || address->port == 0) return std::nullopt;
  return address;
}

std::optional<fs::path> data_of(const Endpoint& address) {
  const auto directory = notes_directory();
  if (!directory) return std::nullopt;
  std::string data = first_line(*directory / reachable(address).text());
  if (data.empty()) return std::nullopt;
  return data;
}

Endpoint reachable(Endpoint address) {
  if (!address.ip.is_any()) return address;
  std::array<std::uint8_t, 16> loopback{};
  loopback.back() = 1;
  address.ip = address.ip.is_v4() ? IpAddress::v4(0x7f000001) : IpAddress::v6(loopback);
  return address;
}

}  // namespace tandem::api
