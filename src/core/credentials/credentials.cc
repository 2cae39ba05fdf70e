#include "core/credentials/credentials.h"

#include <algorithm>
#include <utility>

namespace tandem::credentials {
namespace {

using directory::EgressGateway;
using directory::OutboundRegistration;

}  // namespace

Peer Peer::of(const directory::Directory& directory, const EgressGateway& gateway) {
  if (!gateway.auth_password.empty()) return {Kind::EgressGateway, gateway.id};
  const OutboundRegistration* registration = directory.registration_of(gateway);
  if (registration == nullptr || registration->password.empty()) return {};
  return over(*registration);
}

void Credentials::use(std::shared_ptr<const directory::Directory> directory) {
  directory_ = std::move(directory);
  told_.clear();
  for (std::size_t i = peers_.size(); i-- > 0;) {
    if (!account(peers_[i]).empty()) continue;
    peers_.erase(peers_.begin() + std::ptrdiff_t(i));
    challenges_.erase(challenges_.begin() + std::ptrdiff_t(i));
  }
}

Account Credentials::account(Peer peer) const {
  if (directory_ == nullptr) return {};
  switch (peer.kind) {
    case Peer::Kind::None:
      break;
    case Peer::Kind::EgressGateway:
      if (const EgressGateway* gateway = directory_->egress_gateway(peer.id)) {
        const OutboundRegistration* over = directory_->registration_of(*gateway);
        const std::string& usual = over != nullptr ? over->digest_user() : gateway->name;
        return {gateway->auth_user.empty() ? usual : gateway->auth_user, gateway->auth_password};
      }
      break;
    case Peer::Kind::Registration:
      if (const OutboundRegistration* over = directory_->outbound_registration(peer.id)) {
        return {over->digest_user(), over->password};
      }
      break;
  }
  return {};
}

Challenges* Credentials::known(Peer peer) {
  const auto found = std::lower_bound(peers_.begin(), peers_.end(), peer);
  if (found == peers_.end() || *found != peer) return nullptr;
  return &challenges_[std::size_t(found - peers_.begin())];
}

Challenges& Credentials::at(Peer peer) {
  if (Challenges* there = known(peer)) return *there;
  const auto place = std::lower_bound(peers_.begin(), peers_.end(), peer) - peers_.begin();
  peers_.insert(peers_.begin() + place, peer);
  return *challenges_.emplace(challenges_.begin() + place);
}

void Credentials::append_lines(std::string& to, Rng& rng, Peer peer, const Request& request) {
  Challenges* challenges = peer ? known(peer) : nullptr;
  if (challenges != nullptr) challenges->append_lines(to, hasher_, rng, account(peer), request);
}

bool Credentials::note(Peer peer, const sip::Message& refusal, const Attempted& attempted) {
  if (!peer || account(peer).empty()) return false;
  if (at(peer).note(refusal, attempted)) return true;
  const bool in_vain = attempted.challenges > 0;
  if (in_vain && std::ranges::find(told_, peer) == told_.end()) {
    told_.push_back(peer);
    refused_.push_back(name_of(peer));
  }
  return false;
}

std::vector<std::string> Credentials::take_refused() { return std::exchange(refused_, {}); }

std::string Credentials::name_of(Peer peer) const {
  switch (peer.kind) {
    case Peer::Kind::None:
      break;
    case Peer::Kind::EgressGateway:
      if (const auto* gateway = directory_->egress_gateway(peer.id)) return gateway->name;
      break;
    case Peer::Kind::Registration:
      if (const auto* over = directory_->outbound_registration(peer.id)) return over->name;
      break;
  }
  return {};
}

}  // namespace tandem::credentials
