// What we say to peers that ask who we are when we send them calls: the accounts we have with them,
// and their challenges, which are answered before they are made again. One for all calls, so that a
// call keeps nothing but whom it talks to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/credentials/challenges.h"
#include "core/directory/directory.h"

namespace tandem::credentials {

// Whose challenges a leg may meet.
struct Peer {
  enum class Kind : std::uint8_t { None, EgressGateway, Registration };
  Kind kind = Kind::None;
  std::int64_t id = 0;

  // For calls to a gateway: itself when it has a password, else the registration they go over.
  static Peer of(const directory::Directory& directory, const directory::EgressGateway& gateway);
  static Peer over(const directory::OutboundRegistration& registration) {
    return {Kind::Registration, registration.id};
  }

  explicit operator bool() const { return kind != Kind::None; }
  friend auto operator<=>(const Peer&, const Peer&) = default;

  template <class Archive>
  void fields(Archive& archive) {
    archive(kind, id);
  }
};

class Credentials {
 public:
  // A new configuration: what is gone is forgotten.
  void use(std::shared_ptr<const directory::Directory> directory);

  // Appends the lines that answer the challenges this peer made before; nothing when there are none.
  void append_lines(std::string& to, Rng& rng, Peer peer, const Request& request);
  // As of Challenges; false also when we have no account with the peer.
  bool note(Peer peer, const sip::Message& refusal, const Attempted& attempted);

  // Names of those that refused what was right, as far as we know: each once in a configuration.
  std::vector<std::string> take_refused();

  template <class Archive>
  void fields(Archive& archive) {
    archive(peers_, challenges_, told_);
  }

 private:
  Account account(Peer peer) const;
  std::string name_of(Peer peer) const;
  Challenges* known(Peer peer);
  Challenges& at(Peer peer);

  std::shared_ptr<const directory::Directory> directory_;
  Hasher hasher_;
  std::vector<Peer> peers_;  // ascending; parallel to challenges_
  std::vector<Challenges> challenges_;
  std::vector<Peer> told_;             // that refused us
  std::vector<std::string> refused_;   // of them, to be told
};

}  // namespace tandem::credentials
