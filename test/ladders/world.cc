#include "ladders/world.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/directory/entity_forms.h"
#include "core/directory/entity_rows.h"
#include "ladders/ported_table.h"

namespace tandem::ladder {
namespace {

using directory::ResourceRow;

const Settings kUsualListeners = {{"udp", "192.0.2.1:5060"},
                                  {"tcp", "192.0.2.1:5060"},
                                  {"udp", "[2001:db8::1]:5060"},
                                  {"tcp", "[2001:db8::1]:5060"}};

sip::Transport transport_of(const std::string& word) {
  const sip::Transport named = sip::transport_named(word);
  return named == sip::Transport::Unknown ? sip::Transport::Udp : named;
}

std::string setting(const Settings& settings, const std::string& name) {
  for (const auto& [known, value] : settings) {
    if (known == name) return value;
  }
  return "";
}

std::string way(const Peer& peer, const std::string& name) {
  const auto found = peer.ways.find(name);
  return found == peer.ways.end() ? "" : found->second;
}

bool registers(const Peer& peer) {
  const std::string type = setting(peer.fields, "register_type");
  return peer.role == Role::Phone ? type != "static" : type == "dynamic";
}

// Lists of texts may hold an empty entry: "" alone.
directory::Value value_of(const directory::FieldRow& field, const std::string& text) {
  if (field.type == directory::FieldType::Texts && text.empty()) return directory::TextList{""};
  return directory::from_text(field, text);
}

std::optional<TimeZone> zone_of(const std::string& name) {
  if (name.empty()) return std::nullopt;
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return TimeZone::parse(bytes);
}

}  // namespace

World::World(const Ladder& ladder) {
  identity_.seed = {11, 22, 33, 44};
  identity_.jitter = false;
  listen(ladder.listeners.empty() ? kUsualListeners : ladder.listeners);
  // What registers gets keep-alives at moments that most ladders are not about.
  if (std::any_of(ladder.peers.begin(), ladder.peers.end(), registers)) {
    parameters_["SS_SIP_NAT_KEEP_ALIVE_MESSAGE"] = "";
  }
  for (const auto& [name, value] : ladder.parameters) parameters_[name] = value;
  ported_ = ladder.ported;
  for (const Entity& entity : ladder.entities) {
    const ResourceRow& resource = *directory::find_resource(entity.kind);
    Configured& made = add(std::string(resource.name), entity.name);
    for (const auto& [field, value] : entity.fields) made.fields[field] = value;
  }
  for (const Peer& peer : ladder.peers) {
    if (peer.role != Role::Stranger) configure(peer);
    if (error_.empty() && !peer.addresses.empty()) place(peer);
  }
}

void World::listen(const Settings& listeners) {
  for (const auto& [transport, address] : listeners) {
    const auto endpoint = Endpoint::parse(address, 5060);
    if (!endpoint) {
      error_ = "listen: '" + address + "' is no address";
      return;
    }
    identity_.listeners.push_back({transport_of(transport), *endpoint});
  }
}

World::Configured& World::add(const std::string& resource, const std::string& name) {
  return configured_.emplace_back(Configured{resource, name, ++last_ids_[resource], {}});
}

void World::configure_registration(const Peer& peer) {
  Configured& made = add("outbound_registrations", peer.name);
  directory::GatewayAddress server;
  if (peer.addresses.size() != 1 ||
      !directory::parse_gateway_address(peer.addresses.front(), server)) {
    error_ = peer.name + ": a registration has one address";
    return;
  }
  made.fields["server"] = server.host;
  if (server.port != 0) made.fields["signal_port"] = std::to_string(server.port);
  made.fields["user"] = "tandem";
  for (const auto& [field, value] : peer.fields) made.fields[field] = value;
}

void World::configure(const Peer& peer) {
  if (peer.role == Role::Registrar) return configure_registration(peer);
  Configured& made = add(peer.role == Role::Ingress  ? "ingress_gateways"
                         : peer.role == Role::Egress ? "egress_gateways"
                                                     : "phones",
                         peer.name);
  std::string addresses;
  for (const std::string& address : peer.addresses) {
    // Ingress gateways are known by address; their port is their own affair.
    const auto endpoint = Endpoint::parse(address, 5060);
    const std::string source = way(peer, "source");
    const bool behind = peer.role == Role::Ingress && !source.empty();
    const auto seen = behind ? Endpoint::parse(source, 5060) : endpoint;
    addresses += addresses.empty() ? "" : ",";
    addresses += peer.role == Role::Ingress && seen ? seen->ip.text() : address;
  }
  // Who registers may call from anywhere.
  if (!registers(peer) && !addresses.empty()) made.fields["remote_ips"] = addresses;
  if (peer.role == Role::Egress) made.fields["prefix"] = "";
  for (const auto& [field, value] : peer.fields) made.fields[field] = value;
}

std::uint16_t World::listener_for(const Peer& peer, sip::Transport transport, bool six) {
  const std::string wanted = way(peer, "at");
  for (std::size_t i = 0; i < identity_.listeners.size(); ++i) {
    const auto& listener = identity_.listeners[i];
    if (listener.transport != transport || listener.address.ip.is_v6() != six) continue;
    if (wanted.empty() || listener.address.text() == wanted) return std::uint16_t(i);
  }
  error_ = peer.name + ": nobody listens for it";
  return 0;
}

void World::place(const Peer& peer) {
  const std::string lives = way(peer, "lives");
  const std::string source = way(peer, "source");
  const std::string over = way(peer, "over");
  const auto transport = transport_of(over.empty() ? setting(peer.fields, "transport") : over);
  Seat seat;
  for (const std::string& address : peer.addresses) {
    if (const auto endpoint = Endpoint::parse(lives.empty() ? address : lives, 5060)) {
      if (peer.role == Role::Egress && !setting(peer.fields, "signal_port").empty()) {
        const auto port = std::uint16_t(std::stoi(setting(peer.fields, "signal_port")));
        seat.reached_at.push_back(*Endpoint::parse(lives.empty() ? address : lives, port));
      } else {
        seat.reached_at.push_back(*endpoint);
      }
    }
  }
  if (seat.reached_at.empty()) {
    error_ = peer.name + ": 'lives ADDRESS' must say where the name leads";
    return;
  }
  seat.address = seat.reached_at.front().text();
  const auto from = source.empty() ? seat.reached_at.front() : *Endpoint::parse(source, 5060);
  if (!source.empty()) seat.reached_at.push_back(from);
  seat.path.transport = transport;
  seat.path.peer = from;
  seat.path.connection = sip::is_stream(transport) ? ++connections_ : 0;
  seat.path.local = listener_for(peer, seat.path.transport, from.ip.is_v6());
  seat.switch_address = identity_.listeners[seat.path.local].address.text();
  seats_[peer.name] = seat;
}

std::shared_ptr<const directory::Directory> World::compile() {
  directory::Directory::Source source;
  source.number = ++number_;
  auto parameters = directory::build_parameters(parameters_);
  if (!parameters.ok()) {
    error_ = "a parameter was refused";
    return nullptr;
  }
  source.parameters = std::move(parameters).value();
  directory::EntityNames names;
  for (const Configured& entity : configured_) {
    names.add(entity.resource, entity.id, entity.name);
  }
  for (const Configured& entity : configured_) {
    const ResourceRow& resource = *directory::find_resource(entity.resource);
    const auto number = entity.fields.find("name");
    directory::Fields given{
        {"name", number == entity.fields.end() ? entity.name : number->second}};
    for (const auto& [name, text] : entity.fields) {
      if (name == "name") continue;
      const directory::FieldRow* field = directory::find_field(resource, name);
      if (field == nullptr) {
        error_ = entity.name + " has no field " + name;
        return nullptr;
      }
      given.push_back({name, value_of(*field, text)});
    }
    const auto record = directory::validate(resource, given);
    if (!record.ok()) {
      error_ = record.error().front().sentence;
      return nullptr;
    }
    directory::EntityHead& head = resource.append(source);
    head.id = entity.id;
    head.version = 1;
    directory::to_typed(resource, record.value(), names, head);
  }
  if (!ported_.empty()) {
    source.ported_numbers = ported_table(ported_);
    if (source.ported_numbers == nullptr) {
      error_ = "a ported number is none";
      return nullptr;
    }
  }
  for (const directory::Calendar& calendar : source.calendars) {
    if (auto zone = zone_of(calendar.time_zone)) {
      source.time_zones[calendar.time_zone] = std::make_shared<const TimeZone>(*std::move(zone));
    }
  }
  return directory::Directory::compile(std::move(source));
}

std::string World::set(const std::string& name, const std::string& field,
                       const std::string& value) {
  for (Configured& entity : configured_) {
    if (entity.name != name) continue;
    entity.fields[field] = value;
    return "";
  }
  return "nobody called " + name + " is configured";
}

std::string World::remove(const std::string& name) {
  const auto gone =
      std::erase_if(configured_, [&](const Configured& entity) { return entity.name == name; });
  return gone != 0 ? "" : "nobody called " + name + " is configured";
}

std::string World::set_parameter(const std::string& name, const std::string& value) {
  parameters_[name] = value;
  return "";
}

std::int64_t World::id_of(const std::string& name) const {
  for (const Configured& entity : configured_) {
    if (entity.name == name) return entity.id;
  }
  return 0;
}

const Seat* World::seat(const std::string& peer) const {
  const auto found = seats_.find(peer);
  return found == seats_.end() ? nullptr : &found->second;
}

std::string World::peer_at(const Endpoint& endpoint) const {
  for (const auto& [name, seat] : seats_) {
    for (const Endpoint& place : seat.reached_at) {
      if (place == endpoint) return name;
    }
  }
  return "";
}

}  // namespace tandem::ladder
