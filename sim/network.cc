// How bytes travel: datagrams may be lost, doubled, late and out of order; streams keep order but
// may break.

#include <algorithm>
#include <cstdlib>

#include "sim/world.h"

namespace tandem::sim {

milliseconds World::delay() {
  return finishing_ ? climate_.delay_least
                    : network_.between(climate_.delay_least, climate_.delay_most);
}

bool World::lost(int host, bool towards_switch) {
  if (finishing_) return false;
  for (const Cut& cut : cuts_) {
    if (cut.host == host && cut.towards_switch == towards_switch && cut.begin <= now_ &&
        now_ < cut.end) {
      return true;
    }
  }
  return climate_.loss != 0 && network_.permille(climate_.loss);
}

void World::send(Host& from, const std::string& bytes, Nature nature) {
  if (from.down || bytes.size() > 65'000) return;
  if (from.vendor.is_silent(now_) && !finishing_) return;
  if (from.stream()) return send_stream(from, bytes, nature);
  const sip::Path path{sip::Transport::Udp, from.local, 0, from.address};
  const int host = from.number;
  int copies = lost(host, true) ? 0 : 1;
  if (!finishing_ && climate_.doubling != 0 && network_.permille(climate_.doubling)) ++copies;
  for (; copies > 0; --copies) {
    after(delay(), [this, path, bytes, nature, host] { deliver(path, bytes, nature, host); });
  }
}

void World::deliver(const sip::Path& path, const std::string& bytes, Nature nature, int host) {
  note(host < 0 ? "switch" : "h" + std::to_string(host), "switch", bytes);
  heard_.insert(path.peer.ip);
  if (known(path.peer.ip)) {
    learn_named(bytes);
    const auto text = wire::take_apart(bytes);
    if (text) {
      ledger_.delivered(now_, *text, nature, host);
      if (nature == Nature::Proper) sessions_.delivered(now_, *text, host);
      if (nature == Nature::Proper) dispatch_.delivered(now_, *text, host);
    } else {
      ledger_.damaged(bytes);
    }
  }
  handle(exchange::Received{path, bytes}, nature);
}

void World::transmit(const sip::Path& path, const std::string& bytes) {
  const auto host = by_address_.find(path.peer);
  const std::string to =
      host != by_address_.end() ? "h" + std::to_string(host->second) : path.peer.text();
  note("switch", to, bytes);
  if (path.transport == sip::Transport::Tcp) return transmit_stream(path, bytes);
  if (host == by_address_.end()) return to_self(path, bytes);
  const int number = host->second;
  if (population_.hosts[std::size_t(number)].unreachable) {
    return after(2 * delay(), [this, path, number] { fail_path(path, number); });
  }
  overhear(population_.hosts[std::size_t(number)], bytes);
  int copies = lost(number, false) ? 0 : 1;
  if (!finishing_ && climate_.doubling != 0 && network_.permille(climate_.doubling)) ++copies;
  for (; copies > 0; --copies) {
    after(delay(), [this, number, bytes] { to_host(number, bytes); });
  }
}

void World::to_host(int host, const std::string& bytes) {
  Host& at = population_.hosts[std::size_t(host)];
  if (!at.down) receive(*this, at, bytes);
}

// A route that leads back to one of the switch's own addresses.
void World::to_self(const sip::Path& path, const std::string& bytes) {
  const auto listeners = switch_listeners();
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    if (listeners[i].address != path.peer || listeners[i].transport != path.transport) continue;
    const sip::Path back{path.transport, std::uint16_t(i), 0, listeners[path.local].address};
    after(delay(), [this, back, bytes] { deliver(back, bytes, Nature::Proper, -1); });
    return;
  }
}

void World::fail_path(const sip::Path& path, int host) {
  ledger_.path_broke(host);
  sessions_.path_broke(host);
  handle(exchange::PathFailed{path});
}

World::Stream* World::stream_for(int host, const Endpoint& peer) {
  for (auto& [number, stream] : streams_) {
    if (stream.open && stream.host == host && (peer.none() || stream.peer == peer)) return &stream;
  }
  return nullptr;
}

void World::send_stream(Host& from, const std::string& bytes, Nature nature) {
  Stream* stream = stream_for(from.number, {});
  if (stream == nullptr) {
    const std::uint32_t number = ++last_stream_;
    stream = &streams_[number];
    stream->number = number;
    stream->host = from.number;
    stream->peer = {from.address.ip, std::uint16_t(40'000 + number % 20'000)};
  }
  if (!finishing_ && network_.permille(climate_.broken_streams)) return break_stream(*stream);
  stream->muddled |= nature == Nature::Improper;
  // In pieces, of which some arrive together.
  const std::uint32_t number = stream->number;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = std::min<std::size_t>(
        bytes.size() - at, network_.percent(70) ? bytes.size() : network_.below(400) + 1);
    stream->last_in = std::max(stream->last_in, now_ + delay());
    after(stream->last_in - now_, [this, number, piece = bytes.substr(at, size), nature] {
      Stream& to = streams_[number];
      if (!to.open) return;
      to.framer.append(piece);
      pump(number, nature);
    });
    at += size;
  }
}

void World::pump(std::uint32_t number, Nature nature) {
  Stream& stream = streams_[number];
  const std::uint16_t local = population_.hosts[std::size_t(stream.host)].local;
  const sip::Path path{sip::Transport::Tcp, local, number, stream.peer};
  while (stream.open) {
    switch (stream.framer.next()) {
      case sip::StreamEvent::NeedMore:
        return;
      case sip::StreamEvent::Ping:
        break;
      case sip::StreamEvent::Message:
        if (stream.muddled) {
          ledger_.path_broke(stream.host);
          sessions_.path_broke(stream.host);
        }
        deliver(path, std::string(stream.framer.message()),
                stream.muddled ? Nature::Improper : nature, stream.host);
        break;
      case sip::StreamEvent::TooLarge:
      case sip::StreamEvent::Broken:
        break_stream(stream);
        return;
    }
  }
}

void World::break_stream(Stream& stream) {
  stream.open = false;
  ledger_.path_broke(stream.host);
  sessions_.path_broke(stream.host);
  const std::uint16_t local = population_.hosts[std::size_t(stream.host)].local;
  const sip::Path path{sip::Transport::Tcp, local, stream.number, stream.peer};
  after(delay(), [this, path, host = stream.host] { fail_path(path, host); });
}

void World::transmit_stream(const sip::Path& path, const std::string& bytes) {
  Stream* stream = nullptr;
  if (path.connection != 0) {
    const auto found = streams_.find(path.connection);
    if (found != streams_.end() && found->second.open) stream = &found->second;
  } else {
    const auto host = by_address_.find(path.peer);
    for (auto& [number, open] : streams_) {
      if (open.open && open.peer == path.peer) stream = &open;
    }
    const bool listens = host != by_address_.end() &&
                         population_.hosts[std::size_t(host->second)].stream() &&
                         !population_.hosts[std::size_t(host->second)].down;
    if (stream == nullptr && listens) {
      const std::uint32_t number = ++last_stream_;
      stream = &streams_[number];
      stream->number = number;
      stream->host = host->second;
      stream->peer = path.peer;
    }
  }
  if (stream == nullptr) {
    int host = -1;
    for (const auto& [address, number] : by_address_) {
      if (address.ip == path.peer.ip) host = number;
    }
    return after(2 * delay(), [this, path, host] { fail_path(path, host); });
  }
  if (!finishing_ && network_.permille(climate_.broken_streams)) return break_stream(*stream);
  const std::uint32_t number = stream->number;
  stream->last_out = std::max(stream->last_out, now_ + delay());
  after(stream->last_out - now_, [this, number, bytes] {
    Stream& from = streams_[number];
    if (!from.open) return;
    from.waiting += bytes;
    // Cut at Content-Length, as text.
    for (;;) {
      const std::size_t end = from.waiting.find("\r\n\r\n");
      if (end == std::string::npos) return;
      const std::size_t length = std::size_t(
          std::strtoul(wire::raw_header(from.waiting, "Content-Length").c_str(), nullptr, 10));
      if (from.waiting.size() < end + 4 + length) return;
      const std::string message = from.waiting.substr(0, end + 4 + length);
      from.waiting.erase(0, end + 4 + length);
      to_host(from.host, message);
    }
  });
}

}  // namespace tandem::sim
