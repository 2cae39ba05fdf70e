// One machine of a peer in the virtual world: its address, how it behaves as a whole, and the
// surroundings its calls live in.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "core/sip/path.h"
#include "sim/draw.h"
#include "sim/vendors.h"

namespace tandem::sim {

// What the laws may expect of the switch for a message a peer sends.
enum class Nature : std::uint8_t {
  Proper,    // as the standards say: exactness is demanded
  Merged,    // a proper request that came over a second way
  Improper,  // made to annoy: whatever happens, nothing may break
};

enum class Temper : std::uint8_t {
  Polite,   // does what the standards say, in good time
  Slow,     // the same, late
  Fickle,   // the same, with every option: forks, refusals, early hang-ups, glare, late offers
  Rude,     // breaks rules
  Silent,   // hears and says nothing
  Scanner,  // an unknown source
};
std::string_view to_text(Temper temper);

struct Host;

// What hosts and their calls see of the world.
class Stage {
 public:
  virtual ~Stage() = default;
  virtual Instant now() const = 0;
  virtual void after(milliseconds delay, std::function<void()> act) = 0;
  // The same, but forgotten when the faults stop: what people do while they talk.
  virtual void meanwhile(milliseconds delay, std::function<void()> act) = 0;
  virtual void send(Host& from, const std::string& bytes, Nature nature) = 0;  // to the switch
  // The faults have stopped: everybody ends what he has and becomes polite.
  virtual bool finishing() const = 0;
  virtual bool long_talks() const = 0;
  virtual bool in_order() const = 0;  // the network neither loses nor reorders
  // A rule the switch broke, as seen by a peer.
  virtual void broken(std::string_view law, const std::string& detail, const std::string& call) = 0;
  // Exactness can no longer be demanded for this call.
  virtual void spoil(const std::string& call) = 0;
  // The half of a call with this Call-ID keeps its session timer as the standards say.
  virtual void vouch(const std::string& call_id) = 0;
  // It vanished, and its peer is not told.
  virtual void died(const std::string& call, const std::string& call_id) = 0;
  virtual std::uint64_t seed() const = 0;
};

class Party;

struct Host {
  int number = 0;
  Temper temper = Temper::Polite;
  Endpoint address;
  sip::Transport transport = sip::Transport::Udp;
  std::uint16_t local = 0;  // which listener of the switch it talks to
  Endpoint switch_address;
  bool down = false;           // deaf, for a while
  bool unreachable = false;    // nobody there: what is sent comes back as an error
  Vendor vendor = {};
  std::uint64_t branches = 0;  // given out so far
  std::map<std::string, std::shared_ptr<Party>> parties = {};  // by Call-ID

  std::string domain() const { return "h" + std::to_string(number) + ".sim"; }
  std::string new_branch() {
    return "z9hG4bKh" + std::to_string(number) + "b" + std::to_string(++branches);
  }
  bool stream() const { return transport == sip::Transport::Tcp; }
};

// What a host does with a message from the switch: to the call concerned, a new call, or an answer.
void receive(Stage& stage, Host& host, std::string_view bytes);
// What the switch sends to this machine, whether it arrives or not: a request in a dialog that was
// made by an answer which got lost carries its tags, too.
void overhear(Host& host, std::string_view bytes);

}  // namespace tandem::sim
