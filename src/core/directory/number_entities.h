// What is configured about numbers beside the devices: number groups, black and white lists, the
// number transform table, areas (entities.md 7, 8, 10 and 13), and the words of the fields by which
// devices use them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/number/number_set.h"

namespace tandem::directory {

// What every entity has beside its own fields.
struct EntityHead {
  std::int64_t id = 0;
  std::int64_t version = 0;  // optimistic lock
  std::string name;
  std::string external_id;
  std::string memo;
};

enum class RuleMode : std::uint8_t { Deny, Allow };  // *_mode: none of the list, or only it
enum class ListPolicy : std::uint8_t { None, Black, White };
enum class ListType : std::uint8_t { Black, White, SystemWhite };
enum class PoolMode : std::uint8_t { Poll, Random };
enum class MobilePrefix : std::uint8_t { Off, Listed, Others };
enum class CalleeRestrict : std::uint8_t { None, Phone, NoPhone };
enum class NumberClass : std::uint8_t { City, Mobile, Other };

// Entries of a file, kept where they lie by whoever compiles the Directory.
struct ImportedNumbers {
  std::shared_ptr<const void> owner;
  number::NumberSet set;
};

// The entries of a group or list in the form that is looked up.
class HeldNumbers {
 public:
  HeldNumbers(const std::vector<std::string>& entries, std::optional<ImportedNumbers> imported);
  HeldNumbers(const HeldNumbers&) = delete;  // a set looks into the bytes
  HeldNumbers& operator=(const HeldNumbers&) = delete;

  bool holds(std::string_view number) const;
  // The places of a pool, in order: whole numbers that were edited, then the file. "" = the file has
  // a beginning at this place.
  std::size_t pool_size() const;
  std::string pool_number(std::size_t place) const;

 private:
  std::vector<std::string> whole_;  // edited entries that are no beginnings
  std::string bytes_;
  number::NumberSet edited_;
  std::optional<ImportedNumbers> imported_;
};

// Numbers under a name: a few that are edited, and very many that were imported as a file.
struct NumberStore : EntityHead {
  std::vector<std::string> entries;         // "442071234567 a memo", "4420*"
  std::string file;                         // "" = nothing was imported
  std::optional<ImportedNumbers> imported;  // of `file`; none = it is not there
  std::shared_ptr<const HeldNumbers> held;  // Directory::compile()

  bool broken() const { return !file.empty() && !imported; }
};

struct NumberGroup : NumberStore {};

struct NumberList : NumberStore {
  ListType type = ListType::Black;
};

// One row of the number transform table; its name is the number of this platform.
struct NumberTransform : EntityHead {
  std::int64_t account = 0;    // whose calls; 0 = everybody's
  std::string ingress_caller;  // as a caller is seen where calls come from
  std::string egress_callee;   // as it is to be sent
};

// A city or region: its code, and the beginnings of its numbers.
struct Area : EntityHead {
  std::string code;
  std::vector<std::string> prefixes;         // of fixed lines
  std::vector<std::string> mobile_prefixes;  // of mobile numbers, 7 digits each
};

// Numbers of one length from the first to the last.
struct NumberRange {
  std::string first;
  std::string last;
};

struct NumberSection : EntityHead {
  NumberRange range;
  std::int64_t area = 0;  // 0 = that of its prefix
  NumberClass number_class = NumberClass::City;
  std::string changed_to;  // what they became; "" = they are in use
};

// What sections and areas say of a number.
struct Whereabouts {
  NumberClass number_class = NumberClass::Other;
  std::string_view area_code = {};   // "" = unknown
  std::string_view changed_to = {};  // "" = it is in use
};

}  // namespace tandem::directory
