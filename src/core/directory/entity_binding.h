// Joins the rows of fields to the members of the typed entities: the type of the member decides the
// type of the field. Only for the table of rows.
#pragma once

#include <concepts>
#include <type_traits>

#include "base/assert.h"
#include "core/directory/entity_rows.h"

namespace tandem::directory {

// One overload of each per type of member. A value given to from_value is canonical, an enumerator
// is the position of its word.
std::string text_of(const IpAddress& address);  // none() is ""
std::string text_of(const AddressRange& range);
std::string text_of(const GatewayAddress& address);
std::string text_of(const CodeRange& range);
std::string text_of(const CodeMapping& mapping);
std::string text_of(const NumberPair& pair);               // "025:010"
std::string text_of(const NumberRange& range);              // "100-199"
std::string text_of(const ProportionalPrefix& prefix);  // "70:a"
// Of those that name an entity: with its id.
std::string text_of(const GroupMembership& membership);  // "vendors:5"
std::string text_of(const PeriodCapacity& row);
std::string text_of(const PeriodPriority& row);
std::string text_of(const PeriodRule& row);
std::string text_of(const PeriodPlan& row);
std::string text_of(const WorkingHours& hours);
std::string text_of(const WorkingDates& dates);
inline std::string text_of(const number::DialPlan& plan) { return std::string(plan.text()); }
inline std::string text_of(const std::string& text) { return text; }

void read_text(std::string_view text, IpAddress& member);
void read_text(std::string_view text, AddressRange& member);
void read_text(std::string_view text, GatewayAddress& member);
void read_text(std::string_view text, CodeRange& member);
void read_text(std::string_view text, CodeMapping& member);
void read_text(std::string_view text, NumberPair& member);
void read_text(std::string_view text, NumberRange& member);
void read_text(std::string_view text, ProportionalPrefix& member);
void read_text(std::string_view text, GroupMembership& member);
void read_text(std::string_view text, PeriodCapacity& member);
void read_text(std::string_view text, PeriodPriority& member);
void read_text(std::string_view text, PeriodRule& member);
void read_text(std::string_view text, PeriodPlan& member);
void read_text(std::string_view text, WorkingHours& member);
void read_text(std::string_view text, WorkingDates& member);
void read_text(std::string_view text, number::DialPlan& member);
inline void read_text(std::string_view text, std::string& member) { member = text; }

template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;

template <class T>
consteval FieldType field_type() {
  if constexpr (std::same_as<T, bool>) {
    return FieldType::Boolean;
  } else if constexpr (std::integral<T>) {
    return FieldType::Integer;
  } else if constexpr (std::is_enum_v<T>) {
    return FieldType::Enum;
  } else if constexpr (std::same_as<T, TextList>) {
    return FieldType::Texts;
  } else if constexpr (kIsList<T>) {
    return std::integral<typename T::value_type> ? FieldType::Integers : FieldType::Texts;
  } else {
    return FieldType::Text;
  }
}

template <class T>
Value to_value(const FieldRow& field, const T& member) {
  constexpr FieldType kType = field_type<T>();
  if constexpr (kType == FieldType::Boolean) {
    return member;
  } else if constexpr (kType == FieldType::Integer) {
    return std::int64_t{member};
  } else if constexpr (kType == FieldType::Enum) {
    return std::string(field.words[static_cast<std::size_t>(member)].word);
  } else if constexpr (kType == FieldType::Integers) {
    return IntegerList(member.begin(), member.end());
  } else if constexpr (std::same_as<T, TextList>) {
    return member;
  } else if constexpr (kType == FieldType::Texts) {
    TextList list;
    for (const auto& entry : member) list.push_back(text_of(entry));
    return list;
  } else {
    return text_of(member);
  }
}

template <class T>
void from_value(const FieldRow& field, const Value& value, T& member) {
  constexpr FieldType kType = field_type<T>();
  if constexpr (kType == FieldType::Boolean) {
    member = *std::get_if<bool>(&value);
  } else if constexpr (kType == FieldType::Integer) {
    member = static_cast<T>(*std::get_if<std::int64_t>(&value));
  } else if constexpr (kType == FieldType::Enum) {
    const std::string& word = *std::get_if<std::string>(&value);
    for (std::size_t i = 0; i < field.words.size(); ++i)
      if (field.words[i].word == word) member = static_cast<T>(i);
  } else if constexpr (kType == FieldType::Integers) {
    member.clear();
    for (const std::int64_t entry : *std::get_if<IntegerList>(&value))
      member.push_back(static_cast<typename T::value_type>(entry));
  } else if constexpr (std::same_as<T, TextList>) {
    member = *std::get_if<TextList>(&value);
  } else if constexpr (kType == FieldType::Texts) {
    member.clear();
    for (const std::string_view entry : *std::get_if<TextList>(&value))
      read_text(entry, member.emplace_back());
  } else {
    read_text(*std::get_if<std::string>(&value), member);
  }
}

template <class Entity, class Member>
Entity entity_of(Member Entity::*);
template <class Entity, class Member>
Member member_of(Member Entity::*);

// The row with what follows from the member.
template <auto kMember>
consteval FieldRow bound(FieldRow row) {
  using Entity = decltype(entity_of(kMember));
  using Member = decltype(member_of(kMember));
  // What refers to others is their ids, or texts in which their names stand.
  row.type = row.refers_to.empty()                               ? field_type<Member>()
             : std::same_as<Member, std::vector<std::int64_t>> ? FieldType::References
             : std::integral<Member>                           ? FieldType::Reference
                                                               : field_type<Member>();
  row.get = [](const FieldRow& field, const EntityHead& entity) {
    return to_value(field, static_cast<const Entity&>(entity).*kMember);
  };
  row.set = [](const FieldRow& field, const Value& value, EntityHead& entity) {
    from_value(field, value, static_cast<Entity&>(entity).*kMember);
  };
  return row;
}

template <class Entity>
Record defaults_of(const ResourceRow& resource) {
  const Entity entity;
  return from_typed(resource, entity, {});
}

template <auto kList>
EntityHead& append_to(Directory::Source& source) {
  return (source.*kList).emplace_back();
}

template <auto kList, auto kFind>
bool copy_to(Directory::Source& source, const Directory& from, std::int64_t id,
             std::int64_t version) {
  const auto* entity = (from.*kFind)(id);
  if (entity == nullptr || entity->version != version) return false;
  (source.*kList).push_back(*entity);
  return true;
}

}  // namespace tandem::directory
