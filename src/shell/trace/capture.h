// Messages as a capture file that Wireshark, tshark and sngrep open: pcapng
// (draft-ietf-opsawg-pcapng) with raw IP packets. The IP, UDP and TCP headers around the messages
// are made up from the addresses; what the messages say is as it was, but for secrets.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/address.h"
#include "shell/trace/entry.h"

namespace tandem::trace {

class Capture {
 public:
  // Appends what every file begins with.
  static void begin(std::string& out);
  // Appends one message, as one or several packets. The bytes of a connection are numbered on from
  // one message to the next.
  void append(std::string& out, const Entry& entry);

 private:
  // Position in the stream of each direction, by its two ends.
  std::map<std::pair<Endpoint, Endpoint>, std::uint32_t> positions_;
};

// A whole file.
std::string capture_file(const std::vector<Entry>& entries);

}  // namespace tandem::trace
