#include "core/directory/number_entities.h"

namespace tandem::directory {

HeldNumbers::HeldNumbers(const std::vector<std::string>& entries,
                         std::optional<ImportedNumbers> imported)
    : imported_(std::move(imported)) {
  number::NumberSet::Maker maker;
  for (const std::string& entry : entries) {
    const std::string_view number = std::string_view(entry).substr(0, entry.find(' '));
    if (maker.add(number) && !number.ends_with('*')) whole_.emplace_back(number);
  }
  bytes_ = std::move(maker).make();
  edited_ = number::NumberSet::open(bytes_).value_or(number::NumberSet());
}

bool HeldNumbers::holds(std::string_view number) const {
  return edited_.holds(number) || (imported_ && imported_->set.holds(number));
}

std::size_t HeldNumbers::pool_size() const {
  return whole_.size() + (imported_ ? imported_->set.size() : 0);
}

std::string HeldNumbers::pool_number(std::size_t place) const {
  if (place < whole_.size()) return whole_[place];
  std::string entry = imported_ ? imported_->set.entry(place - whole_.size()) : std::string();
  return entry.ends_with('*') ? std::string() : entry;
}

}  // namespace tandem::directory
