// What kind of world a seed makes: how bad the network is, who lives in it, what goes wrong when,
// and under which configuration. Drawn first; everything else follows from it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/directory/directory.h"
#include "sim/draw.h"
#include "sim/host.h"

namespace tandem::sim {

struct Climate {
  bool long_talks = false;  // hours instead of minutes: session timers matter
  bool calm = false;  // no faults of network, storage, machine or operators
  int loss = 0;       // per mille of datagrams
  int doubling = 0;
  milliseconds delay_least{1};
  milliseconds delay_most{20};  // a datagram may overtake another within this
  int cuts = 0;                 // one-way, of one host each, for a while
  int falls = 0;                // hosts that are down for a while
  int broken_streams = 0;       // per mille of messages over TCP
  int stalls = 0;               // the journal cannot be written for a while
  int overloads = 0;            // new calls are thinned out for a while
  int handovers = 0;            // save and restore at random moments
  int crashes = 0;              // memory is lost
  int edits = 0;                // of the Directory
  bool vendors = false;         // vendors.h
  int locks = 0;                // of a vendor's gateway, for a while
  int hang_ups = 0;             // by an operator
  int questions = 0;            // Explain, ListCalls, Status
  bool drains = false;          // the switch is stopped near the end
  bool extreme = false;         // parameters at their ends
  int calls = 0;
  milliseconds length{};  // until the faults stop
};

Climate draw_climate(Draw& draw, double hours);

// Parameter texts for build_parameters(): all defaults, or many at an end of their range.
std::map<std::string, std::string> draw_parameters(Draw& draw, const Climate& climate);

// Who lives in this world, and the configuration the switch starts with.
struct Population {
  std::vector<Host> hosts;     // Host::number is its place
  std::vector<int> customers;  // indices
  std::vector<int> carriers;
  std::vector<int> scanners;
  std::map<int, std::int64_t> vendors;  // the gateway of each
  std::vector<int> servers;             // asked before a call is routed
  directory::Directory::Source source;
  std::vector<std::string> prefixes;  // numbers that are called begin with one of these
};

// Addresses of the switch, in the order of its listeners.
struct Listener {
  sip::Transport transport;
  Endpoint address;
};
std::vector<Listener> switch_listeners();

Population draw_population(Draw& draw, const Climate& climate);

// One change an operator makes: lock, capacity, priority, prefixes, a gateway taken out or put
// back, a parameter.
void edit(Draw& draw, const directory::Directory::Source& original,
          directory::Directory::Source& source);

}  // namespace tandem::sim
