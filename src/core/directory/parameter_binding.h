// Ties a row to its typed member: assign<&Parameters::sip_t1> in a row is all it takes.
#pragma once

#include <algorithm>
#include <string_view>
#include <type_traits>

#include "core/directory/parameters.h"

namespace tandem::directory {

// Canonical text to a typed value. The text has passed canonical_value().
void read(const ParameterRow& row, std::string_view text, bool& value);
void read(const ParameterRow& row, std::string_view text, int& value);
void read(const ParameterRow& row, std::string_view text, seconds& value);
void read(const ParameterRow& row, std::string_view text, milliseconds& value);
void read(const ParameterRow& row, std::string_view text, std::chrono::microseconds& value);
void read(const ParameterRow& row, std::string_view text, std::string& value);
void read(const ParameterRow& row, std::string_view text, std::uint16_t& value);
void read(const ParameterRow& row, std::string_view text, IpAddress& value);
void read(const ParameterRow& row, std::string_view text, AddressRange& value);
void read(const ParameterRow& row, std::string_view text, CodeRange& value);
int position_of_word(const ParameterRow& row, std::string_view word);

template <class Word>
requires std::is_enum_v<Word>
void read(const ParameterRow& row, std::string_view text, Word& value) {
  value = static_cast<Word>(position_of_word(row, text));
}

template <class Entry>
void read(const ParameterRow& row, std::string_view text, std::vector<Entry>& value) {
  value.clear();
  ListEntries entries(text);
  for (std::string_view entry; entries.next(entry);) read(row, entry, value.emplace_back());
}

template <auto Member>
void assign(Parameters& parameters, const ParameterRow& row, std::string_view canonical) {
  read(row, canonical, parameters.*Member);
}

}  // namespace tandem::directory
