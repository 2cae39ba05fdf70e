#include "base/slot_map.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/archive.h"
#include "base/rng.h"

namespace tandem {
namespace {

struct ThingTag;
using ThingId = SlotId<ThingTag>;
using Things = SlotMap<std::string, ThingId>;

TEST(SlotMap, a_stale_id_finds_nothing_though_the_slot_is_used_again) {
  Things things;
  const ThingId old = things.insert("old");
  things.erase(old);

  const ThingId young = things.insert("young");

  EXPECT_EQ(young.slot, old.slot);
  EXPECT_EQ(things.find(old), nullptr);
  EXPECT_FALSE(things.erase(old));
  ASSERT_NE(things.find(young), nullptr);
  EXPECT_EQ(*things.find(young), "young");
}

TEST(SlotMap, an_id_made_by_default_or_by_an_enemy_finds_nothing) {
  Things things;
  things.insert("a");

  EXPECT_EQ(things.find({}), nullptr);
  EXPECT_EQ(things.find({0, 0}), nullptr);
  EXPECT_EQ(things.find({1, 1}), nullptr);
  EXPECT_EQ(things.find({0xffffffff, 1}), nullptr);
  EXPECT_FALSE(ThingId{});
}

TEST(SlotMap, objects_do_not_move_when_it_grows) {
  Things things;
  const ThingId first = things.insert("first");
  const std::string* place = things.find(first);

  for (int i = 0; i < 5'000; ++i) things.insert("more");

  EXPECT_EQ(things.find(first), place);
}

TEST(SlotMap, the_slot_freed_last_is_given_out_first) {
  Things things;
  std::vector<ThingId> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(things.insert("x"));
  things.erase(ids[1]);
  things.erase(ids[3]);

  EXPECT_EQ(things.insert("y").slot, ids[3].slot);
  EXPECT_EQ(things.insert("z").slot, ids[1].slot);
  EXPECT_EQ(things.insert("new").slot, 4u);
}

TEST(SlotMap, packs_an_id_into_one_word_and_back) {
  const ThingId id{0x12345678, 0x9abcdef0};

  EXPECT_EQ(ThingId::unpack(id.packed()), id);
}

TEST(SlotMap, takes_values_back_under_the_ids_of_an_earlier_life) {
  Things things;

  ASSERT_NE(things.insert_at({700, 9}, "late"), nullptr);
  ASSERT_NE(things.insert_at({2, 4}, "early"), nullptr);
  things.link_free_slots();

  EXPECT_EQ(*things.find({700, 9}), "late");
  EXPECT_EQ(*things.find({2, 4}), "early");
  EXPECT_EQ(things.size(), 2u);
  std::set<std::uint32_t> given;
  for (int i = 0; i < 800; ++i) EXPECT_TRUE(given.insert(things.insert("new").slot).second);
  EXPECT_FALSE(given.contains(700));
  EXPECT_FALSE(given.contains(2));
}

TEST(SlotMap, refuses_an_id_of_an_earlier_life_that_cannot_be) {
  Things things;
  ASSERT_NE(things.insert_at({3, 1}, "first"), nullptr);

  EXPECT_EQ(things.insert_at({3, 1}, "again"), nullptr);
  EXPECT_EQ(things.insert_at({3, 2}, "again"), nullptr);
  EXPECT_EQ(things.insert_at({4, 0}, "no generation"), nullptr);
  EXPECT_EQ(things.insert_at({0xfffffff0, 1}, "too far"), nullptr);
  EXPECT_EQ(things.size(), 1u);
}

TEST(SlotMap, an_object_may_be_erased_while_it_is_visited) {
  Things things;
  for (int i = 0; i < 600; ++i) things.insert(std::to_string(i));

  int seen = 0;
  things.for_each([&](ThingId id, std::string& text) {
    EXPECT_EQ(text, std::to_string(seen++));
    if (id.slot % 2 == 0) things.erase(id);
  });

  EXPECT_EQ(seen, 600);
  EXPECT_EQ(things.size(), 300u);
}

// Whatever was done to it, the map holds what a std::map by id holds, also after a save.
TEST(SlotMap, holds_what_was_inserted_and_not_erased) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rng rng({seed, 1, 1, 1});
    Things things;
    std::map<std::uint64_t, std::string> oracle;
    for (int step = 0; step < 2'000; ++step) {
      const std::uint64_t kind = rng.below(100);
      if (kind < 55) {
        const std::string text = std::to_string(step);
        const ThingId id = things.insert(text);
        ASSERT_TRUE(oracle.emplace(id.packed(), text).second) << "an id was given out twice";
      } else if (kind < 98 && !oracle.empty()) {
        auto victim = oracle.begin();
        std::advance(victim, std::ptrdiff_t(rng.below(oracle.size())));
        ASSERT_TRUE(things.erase(ThingId::unpack(victim->first)));
        oracle.erase(victim);
      } else if (kind == 98) {
        Saver saver;
        saver(things);
        Loader loader(saver.bytes());
        loader(things);
        ASSERT_FALSE(loader.failed());
        ASSERT_TRUE(loader.at_end());
      }
      ASSERT_EQ(things.size(), oracle.size());
    }
    for (const auto& [id, text] : oracle) {
      ASSERT_NE(things.find(ThingId::unpack(id)), nullptr);
      ASSERT_EQ(*things.find(ThingId::unpack(id)), text);
    }
  }
}

TEST(SlotMap, a_damaged_save_is_refused_or_leaves_a_sound_map) {
  Things things;
  std::vector<ThingId> ids;
  for (int i = 0; i < 12; ++i) ids.push_back(things.insert(std::to_string(i)));
  things.erase(ids[3]);
  things.erase(ids[7]);
  Saver saver;
  saver(things);

  for (std::size_t i = 0; i < saver.bytes().size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string damaged(saver.bytes());
      damaged[i] = char(damaged[i] ^ (1 << bit));
      Things loaded;
      Loader loader(damaged);
      loader(loaded);
      const std::size_t before = loaded.size();
      for (int n = 0; n < 20; ++n) loaded.insert("new");
      EXPECT_EQ(loaded.size(), before + 20);
    }
  }
}

}  // namespace
}  // namespace tandem
