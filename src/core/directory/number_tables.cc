#include "core/directory/number_tables.h"

#include <algorithm>
#include <tuple>

#include "base/assert.h"

namespace tandem::directory {

void TransformIndex::build(const std::vector<NumberTransform>& rows) {
  for (const NumberTransform& row : rows) {
    if (!row.ingress_caller.empty()) callers_.push_back({row.ingress_caller, row.account, &row});
    if (!row.egress_callee.empty()) callees_.push_back({row.name, row.account, &row});
  }
  const auto place = [](const Key& key) { return std::tuple(key.number, key.account); };
  std::ranges::stable_sort(callers_, {}, place);
  std::ranges::stable_sort(callees_, {}, place);
}

const NumberTransform* TransformIndex::find(const Keys& keys, std::string_view number,
                                            std::int64_t account) {
  const auto at = [&](std::int64_t whose) -> const NumberTransform* {
    const auto wanted = std::tuple(number, whose);
    const auto place = [](const Key& key) { return std::tuple(key.number, key.account); };
    const auto found = std::ranges::lower_bound(keys, wanted, {}, place);
    return found != keys.end() && place(*found) == wanted ? found->row : nullptr;
  };
  const NumberTransform* row = at(account);
  return row != nullptr ? row : at(0);
}

const NumberTransform* TransformIndex::of_caller(std::string_view caller,
                                                 std::int64_t account) const {
  return find(callers_, caller, account);
}

const NumberTransform* TransformIndex::of_callee(std::string_view number,
                                                 std::int64_t account) const {
  return find(callees_, number, account);
}

void AreaIndex::build(const std::vector<Area>& areas, const std::vector<NumberSection>& sections) {
  areas_ = &areas;
  std::vector<number::PrefixEntry> entries;
  for (std::uint32_t i = 0; i < areas.size(); ++i) {
    for (const std::string& prefix : areas[i].prefixes) entries.push_back({prefix, i * 2});
    for (const std::string& prefix : areas[i].mobile_prefixes)
      entries.push_back({prefix, i * 2 + 1});
  }
  auto trie = number::PrefixTrie::build(entries);
  TANDEM_ASSERT(trie.ok(), "prefixes are validated before they are compiled");
  prefixes_ = *std::move(trie);
  for (const NumberSection& section : sections) sections_.push_back(&section);
  std::ranges::stable_sort(sections_, {}, [](const NumberSection* section) {
    return std::tuple(section->range.first.size(), std::string_view(section->range.first));
  });
}

const NumberSection* AreaIndex::section_of(std::string_view number) const {
  const auto place = [](const NumberSection* section) {
    return std::tuple(section->range.first.size(), std::string_view(section->range.first));
  };
  auto behind =
      std::ranges::upper_bound(sections_, std::tuple(number.size(), number), {}, place);
  for (int i = 0; i < kMaxOverlap && behind != sections_.begin(); ++i) {
    const NumberSection* section = *--behind;
    if (section->range.first.size() != number.size()) break;
    if (number <= section->range.last) return section;
  }
  return nullptr;
}

Whereabouts AreaIndex::find(std::string_view number) const {
  Whereabouts found;
  if (areas_ == nullptr) return found;
  const auto matches = prefixes_.find(number);
  if (!matches.empty()) {
    const std::uint32_t value = matches[0].values.front();
    found.area_code = (*areas_)[value / 2].code;
    found.number_class = value % 2 == 0 ? NumberClass::City : NumberClass::Mobile;
  }
  if (const NumberSection* section = section_of(number)) {
    found.number_class = section->number_class;
    found.changed_to = section->changed_to;
    const auto area = std::ranges::lower_bound(*areas_, section->area, {}, &Area::id);
    if (area != areas_->end() && area->id == section->area) found.area_code = area->code;
  }
  return found;
}

}  // namespace tandem::directory
