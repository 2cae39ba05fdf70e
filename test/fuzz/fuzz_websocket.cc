// Any bytes as what a client of WebSocket sends, arriving in pieces of the size that the first byte
// says: the same comes out as when they arrive at once, memory stays within the limit, and what we
// write of it is read as it was. The second byte says whether they begin with the request that
// opens it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/limits.h"
#include "shell/net/utf8.h"
#include "shell/net/websocket.h"
#include "shell/net/websocket_upgrade.h"

using namespace tandem;
using net::WebSocketEvent;

namespace {

constexpr std::size_t kLimit = 2048;
constexpr std::size_t kLongestHead = 14;  // of a frame

bool is_end(WebSocketEvent event) {
  return event == WebSocketEvent::Close || event == WebSocketEvent::Fault;
}

// What comes out, as text.
std::string events(std::string_view bytes, std::size_t piece) {
  net::WebSocketReader reader(kLimit);
  std::string seen;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.append(bytes.substr(at, piece));
    for (auto event = reader.next(); event != WebSocketEvent::NeedMore; event = reader.next()) {
      seen.append(1, char('0' + int(event))).append(reader.payload()).append("\n");
      if (is_end(event)) return seen.append(std::to_string(reader.code()));
      TANDEM_ASSERT(reader.payload().size() <= kLimit, "no message is larger than allowed");
    }
    TANDEM_ASSERT(reader.buffered() <= 2 * kLimit + kLongestHead + piece, "memory is bounded");
  }
  return seen;
}

// As a client would send what we send.
std::string masked(std::string_view frame) {
  std::string bytes(frame);
  const std::size_t said = std::uint8_t(frame[1]);
  const std::size_t head = said == 127 ? 10 : said == 126 ? 4 : 2;
  bytes[1] = char(said | 0x80);
  return bytes.insert(head, 4, '\0');
}

void come_back(std::string_view payload) {
  const auto kind = net::is_utf8(payload) ? net::Opcode::Text : net::Opcode::Binary;
  std::string frame;
  net::append_frame(frame, kind, payload);
  net::WebSocketReader reader(payload.size());
  reader.append(masked(frame));
  TANDEM_ASSERT(reader.next() == WebSocketEvent::Message, "what we write is read");
  TANDEM_ASSERT(reader.payload() == payload, "what we write is read as it was");
}

// The request is judged the same however it comes.
void judge_request(std::string_view bytes) {
  const net::Upgrade whole = net::read_upgrade(bytes);
  TANDEM_ASSERT(whole.used <= bytes.size(), "no more is used than there is");
  for (std::size_t size = 0; size < std::min<std::size_t>(bytes.size(), 256); ++size) {
    const net::Upgrade part = net::read_upgrade(bytes.substr(0, size));
    if (part.state == net::Upgrade::State::NeedMore) continue;
    TANDEM_ASSERT(part.state == whole.state && part.answer == whole.answer,
                  "the beginning decides");
    break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (data[1] % 2 == 1) {
    judge_request(bytes);
    return 0;
  }
  const std::size_t piece = 1 + data[0];
  TANDEM_ASSERT(events(bytes, piece) == events(bytes, std::max<std::size_t>(bytes.size(), 1)),
                "what comes out does not depend on the pieces");
  come_back(bytes);
  return 0;
}
