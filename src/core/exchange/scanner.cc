#include "core/exchange/scanner.h"

namespace tandem::exchange {

std::size_t Scanner::place(const IpAddress& address) {
  std::uint64_t hash = 1469598103934665603u;  // FNV-1a: a collision only shares a ban table entry
  for (const std::uint8_t byte : address.bytes()) hash = (hash ^ byte) * 1099511628211u;
  return std::size_t((hash ^ hash >> 32) % kSources);
}

bool Scanner::banned(const IpAddress& source, Instant now) const {
  if (!any_) return false;
  const Source& entry = sources_[place(source)];
  return entry.address == source && now < entry.banned_until;
}

Scanner::Source& Scanner::counted(const IpAddress& source, Instant now) {
  Source& entry = sources_[place(source)];
  if (entry.address != source || now - entry.window >= 60s) {
    entry = Source{.address = source, .window = now};
  }
  return entry;
}

bool Scanner::refused(const IpAddress& source, Instant now,
                      const directory::Parameters& parameters) {
  if (parameters.scanner_ban_count == 0) return false;
  for (const AddressRange& exempt : parameters.scanner_ban_exempt) {
    if (exempt.contains(source)) return false;
  }
  Source& entry = counted(source, now);
  if (++entry.count < parameters.scanner_ban_count) return false;
  entry.banned_until = now + parameters.scanner_ban_time;
  entry.count = 0;
  any_ = true;
  return true;
}

bool Scanner::challenged(const IpAddress& source, Instant now) {
  // A ban of another one is worth more than this count.
  const Source& there = sources_[place(source)];
  if (there.address != source && now < there.banned_until) return false;
  Source& entry = counted(source, now);
  if (++entry.challenges < kChallengesOfARefusal) return false;
  entry.challenges = 0;
  return true;
}

void Scanner::proved(const IpAddress& source) {
  Source& entry = sources_[place(source)];
  if (entry.address == source) entry.challenges = 0;
}

}  // namespace tandem::exchange
