// The exchange in another life: saved and restored, or killed and started with what was kept.
#include "ladders/player.h"

namespace tandem::ladder {
namespace {

constexpr std::int64_t kWallStart = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
// Instants mean nothing to another life: each counts from a place of its own.
constexpr std::int64_t kMonoAtStart = 60'000;

}  // namespace

Now Player::clocks() const {
  return {Instant(milliseconds(mono_start_ + now_)), from_epoch_milliseconds(kWallStart + now_)};
}

// The whole exchange written down and made anew from that (architecture.md, "a call is a value").
void Player::restart() {
  const std::string saved = exchange_->save();
  auto restored = exchange::Exchange::restore(identity(), directory_, saved);
  if (restored == nullptr) return fail(0, "what was saved cannot be restored");
  if (restored->save() != saved) return fail(0, "what was restored is saved differently");
  if (!restored->consistent()) return fail(0, "what was restored is not consistent");
  exchange_ = std::move(restored);
}

// Each life draws other numbers.
exchange::Identity Player::identity() const {
  exchange::Identity mine = world_.identity();
  for (std::uint64_t& word : mine.seed) word += lives_ * 0x9e3779b97f4a7c15u;
  return mine;
}

// "switch > killed": at once, whatever it does. "switch > started": with what it kept.
void Player::kill_or_start(const Line& line) {
  const std::string what = line.words[0];
  if (what == "killed" && exchange_ != nullptr) {
    count_of_life();
    calls_before_ = exchange_->live_calls();
    exchange_.reset();
    questions_.clear();
    look_ups_.clear();
  } else if (what == "started" && exchange_ == nullptr) {
    start_again();
  } else {
    fail(line.number, "the switch is 'killed' and then 'started'");
  }
}

void Player::start_again() {
  ++lives_;
  mono_start_ = kMonoAtStart - now_;
  exchange_ = std::make_unique<exchange::Exchange>(identity(), directory_);
  actions_.clear();
  for (const auto& [key, bytes] : kept_) {
    if (!bytes.empty()) {
      exchange_->handle(clocks(), exchange::Kept{key.first, key.second, bytes}, actions_);
    }
  }
  collect();
  if (!exchange_->consistent()) return fail(0, "what was started is not consistent");
  // A call that was not answered is lost with its record.
  lost_calls_ += calls_before_ - exchange_->live_calls();
  handle(exchange::Tick{});
}

// Counters begin anew: what the life that ends has counted.
void Player::count_of_life() {
  for (const auto& [name, value] : status().counters) {
    if (name == "calls_offered") offered_before_ += value;
    if (name == "calls_ended") ended_before_ += value;
  }
}

}  // namespace tandem::ladder
