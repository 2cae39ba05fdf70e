#include "shell/store/cdr_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "core/cdr/cdr_record.h"
#include "core/cdr/cdr_text.h"
#include "shell/store/migrations.h"
#include "support/journal_contents.h"
#include "support/sample_cdr.h"
#include "support/temporary_directory.h"

namespace tandem::store {
namespace {

using test_support::sample_cdr;

using FlowNumbers = std::vector<std::int64_t>;

std::string json_of(const cdr::Cdr& cdr) {
  std::string json;
  cdr::append_json(json, cdr);
  return json;
}

// A journal and a store behind it, which may be taken down and set up again.
struct World {
  test_support::TemporaryDirectory directory;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<CdrStore> store;
  std::mutex mutex;
  std::vector<std::string> notices;

  World() { start(); }
  ~World() { stop(); }

  std::filesystem::path database() const { return directory.path() / "cdr.db"; }
  std::filesystem::path journal_directory() const { return directory.path() / "journal"; }

  CdrLoaderOptions options() {
    return {.database = database(),
            .batch_interval = milliseconds{1},
            .retry_interval = milliseconds{1},
            .batch_records = 50,
            .notice = [this](std::string_view sentence) {
              const std::lock_guard lock(mutex);
              notices.emplace_back(sentence);
            }};
  }
  void open_journal() {
    auto opened = journal::Journal::open(test_support::small_journal(journal_directory()));
    ASSERT_TRUE(opened.ok()) << opened.error().sentence;
    journal = std::move(*opened);
  }
  void open_store() {
    auto opened = CdrStore::open(*journal, options());
    ASSERT_TRUE(opened.ok()) << opened.error().sentence;
    store = std::move(*opened);
  }
  void start() {
    open_journal();
    open_store();
  }
  void stop() {
    store.reset();
    journal.reset();
  }

  void write(const cdr::Cdr& cdr) {
    std::string bytes;
    cdr::append_record(bytes, cdr);
    ASSERT_TRUE(journal->append(journal::RecordType::Cdr, bytes));
    journal->write();
  }
  void write_samples(std::int64_t first, std::int64_t last) {
    for (std::int64_t number = first; number <= last; ++number) write(sample_cdr(number));
  }

  template <class Condition>
  bool wait_until(Condition done) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!done() && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    return done();
  }
  bool wait_until_loaded() {
    return wait_until([this] { return store->queue() == 0; });
  }
  bool noticed(std::string_view part) {
    const std::lock_guard lock(mutex);
    return std::any_of(notices.begin(), notices.end(), [&](const std::string& notice) {
      return notice.find(part) != std::string::npos;
    });
  }

  FlowNumbers find(const CdrFilter& filter) {
    FlowNumbers found;
    const auto result = store->find(filter, [&](const cdr::CdrValues& values) {
      found.push_back(std::get<std::int64_t>(values[0]));
    });
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().sentence);
    return found;
  }
  FlowNumbers all() { return find({.order = CdrOrder::OldestFirst, .limit = kMaxCdrLimit}); }
};

FlowNumbers samples(std::int64_t first, std::int64_t last) {
  FlowNumbers numbers;
  for (std::int64_t number = first; number <= last; ++number)
    numbers.push_back(sample_cdr(number).flow_no);
  return numbers;
}

TEST(CdrStore, has_the_columns_of_kCdrFields) {
  World world;
  auto database = Database::open(world.database(), Database::Access::ReadOnly);
  ASSERT_TRUE(database.ok());
  auto columns = database->prepare("SELECT name, type FROM pragma_table_info('cdr')");
  ASSERT_TRUE(columns.ok());

  std::vector<std::string> names;
  while (columns->step() == Statement::Step::Row) {
    const std::string type(columns->text(1));
    names.push_back(std::string(columns->text(0)) + (type == "TEXT" ? " text" : " number"));
  }

  std::vector<std::string> expected{"record number"};
  for (const cdr::CdrField& field : cdr::kCdrFields) {
    const bool text = field.type == cdr::FieldType::Text || field.type == cdr::FieldType::List;
    expected.push_back(std::string(field.name) + (text ? " text" : " number"));
  }
  EXPECT_EQ(names, expected);
}

TEST(CdrStore, gives_back_records_as_they_were) {
  World world;
  std::vector<std::string> expected;
  for (std::int64_t number = 1; number <= 8; ++number) {
    world.write(sample_cdr(number));
    expected.push_back(json_of(sample_cdr(number)));
  }
  cdr::Cdr empty;
  empty.flow_no = 1;
  world.write(empty);
  expected.push_back(json_of(empty));
  ASSERT_TRUE(world.wait_until_loaded());

  std::vector<std::string> found;
  const auto result = world.store->find(
      {.order = CdrOrder::AsRecorded},
      [&](const cdr::CdrValues& values) { cdr::append_json(found.emplace_back(), values); });

  ASSERT_TRUE(result.ok());
  EXPECT_EQ(*result, 9u);
  EXPECT_EQ(found, expected);
}

TEST(CdrStore, finds_at_once_what_was_written_before_it_is_asked) {
  World world;

  for (std::int64_t number = 1; number <= 5; ++number) {
    world.write_samples(number, number);
    EXPECT_EQ(world.all(), samples(1, number));
  }
}

TEST(CdrStore, counts_the_records_that_are_not_loaded_yet) {
  World world;
  world.store.reset();
  world.write_samples(1, 7);

  CdrLoader loader(*world.journal, world.options());
  EXPECT_EQ(loader.queue(), 7u);
  loader.start();

  EXPECT_TRUE(world.wait_until([&] { return loader.queue() == 0; }));
}

TEST(CdrStore, loads_each_record_once_over_restarts_and_files) {
  World world;
  for (std::int64_t run = 0; run < 4; ++run) {
    world.write_samples(run * 200 + 1, run * 200 + 200);
    world.stop();
    world.start();
  }

  EXPECT_EQ(world.store->queue(), 0u);
  EXPECT_EQ(world.all(), samples(1, 800));
}

TEST(CdrStore, removes_journal_files_once_they_are_loaded) {
  World world;
  world.write_samples(1, 400);
  ASSERT_TRUE(world.wait_until_loaded());

  // The current file and, mostly, the one made ready behind it stay.
  EXPECT_TRUE(world.wait_until([&] {
    const auto files = journal::list_files(world.journal_directory());
    return !files.empty() && files.front() == world.journal->tail().file;
  }));
}

TEST(CdrStore, stores_a_record_that_comes_twice_once) {
  World world;
  world.write_samples(1, 3);
  world.write_samples(2, 4);
  ASSERT_TRUE(world.wait_until_loaded());

  EXPECT_EQ(world.all(), samples(1, 4));
}

TEST(CdrStore, waits_for_a_locked_database) {
  World world;
  auto other = Database::open(world.database(), Database::Access::ReadWrite);
  ASSERT_TRUE(other.ok());
  ASSERT_TRUE(other->run("BEGIN IMMEDIATE").ok());

  world.write_samples(1, 5);
  EXPECT_TRUE(world.wait_until([&] { return !world.store->fault_text().empty(); }));
  EXPECT_NE(world.store->fault_text().find("locked"), std::string::npos);
  EXPECT_EQ(world.store->queue(), 5u);
  EXPECT_EQ(world.all(), FlowNumbers{});
  ASSERT_TRUE(other->run("ROLLBACK").ok());

  EXPECT_TRUE(world.wait_until_loaded());
  EXPECT_TRUE(world.wait_until([&] { return world.store->fault_text().empty(); }));
  EXPECT_EQ(world.all(), samples(1, 5));
}

TEST(CdrStore, goes_on_in_a_new_database_when_the_old_one_is_removed) {
  World world;
  world.write_samples(1, 5);
  ASSERT_TRUE(world.wait_until_loaded());

  for (const char* suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(world.database().string() + suffix);
  world.write_samples(6, 7);

  // What the journal still holds is loaded into it.
  const auto loaded = [&] {
    return std::filesystem::exists(world.database()) && world.store->last_recorded().ok() &&
           *world.store->last_recorded() == sample_cdr(7).flow_no;
  };
  EXPECT_TRUE(world.wait_until(loaded));
  EXPECT_EQ(world.all(), samples(1, 7));
  EXPECT_TRUE(world.noticed("was removed"));
}

TEST(CdrStore, refuses_a_database_of_a_newer_version) {
  World world;
  world.store.reset();
  auto database = Database::open(world.database(), Database::Access::ReadWrite);
  ASSERT_TRUE(database->run("PRAGMA user_version = 1000").ok());

  const auto store = CdrStore::open(*world.journal, world.options());

  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().kind, StoreErrorKind::NewerVersion);
  EXPECT_NE(store.error().sentence.find("newer version of tandem"), std::string::npos);
}

TEST(CdrStore, refuses_a_place_where_no_database_can_be) {
  World world;
  world.store.reset();
  CdrLoaderOptions options = world.options();
  options.database = world.directory.path() / "missing" / "cdr.db";

  const auto store = CdrStore::open(*world.journal, options);

  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().sentence.find("unable to open"), std::string::npos);
}

TEST(CdrStore, keeps_a_record_it_cannot_read_and_loads_the_others) {
  World world;
  world.write_samples(1, 1);
  ASSERT_TRUE(world.journal->append(journal::RecordType::Cdr, "garbage"));
  world.write_samples(2, 2);
  ASSERT_TRUE(world.wait_until_loaded());

  EXPECT_EQ(world.all(), samples(1, 2));
  EXPECT_TRUE(world.noticed("journal record 2 cannot be read (newer version)"));
  auto database = Database::open(world.database(), Database::Access::ReadOnly);
  EXPECT_EQ(*database->number("SELECT bytes = CAST('garbage' AS BLOB) FROM unread_record"), 1);
}

TEST(CdrStore, loads_a_kept_record_when_it_can_be_read) {
  World world;
  world.stop();
  std::string bytes;
  cdr::append_record(bytes, sample_cdr(1));
  {
    auto database = Database::open(world.database(), Database::Access::ReadWrite);
    auto keep = database->prepare("INSERT INTO unread_record VALUES (1, 'newer version', ?)");
    keep->bind_bytes(1, bytes);
    ASSERT_EQ(keep->step(), Statement::Step::Done);
  }

  world.start();

  EXPECT_EQ(world.all(), samples(1, 1));
  auto database = Database::open(world.database(), Database::Access::ReadOnly);
  EXPECT_EQ(*database->number("SELECT count(*) FROM unread_record"), 0);
}

TEST(CdrStore, passes_over_damage_in_the_journal_and_keeps_the_file) {
  World world;
  world.store.reset();
  world.write_samples(1, 5);
  const auto path = journal::file_path(world.journal_directory(), world.journal->tail().file);
  world.journal.reset();
  std::string bytes = test_support::read_file(path);
  bytes[bytes.size() / 2] ^= 4;
  test_support::write_file(path, bytes);

  world.start();
  ASSERT_TRUE(world.wait_until_loaded());

  EXPECT_EQ(world.all().size(), 4u);
  EXPECT_TRUE(world.noticed("1 records are lost"));
  std::filesystem::path aside = path;
  aside.replace_extension(".damaged");
  EXPECT_TRUE(world.wait_until([&] { return std::filesystem::exists(aside); }));
  EXPECT_EQ(test_support::read_file(aside), bytes);
}

// The database may know more than the journal after a power cut: the numbers come again.
TEST(CdrStore, loads_new_records_when_the_journal_lost_its_end) {
  World world;
  world.write_samples(1, 5);
  ASSERT_TRUE(world.wait_until_loaded());
  const auto path = journal::file_path(world.journal_directory(), world.journal->tail().file);
  world.stop();
  std::filesystem::resize_file(path, journal::kFileHeaderSize);

  world.start();
  world.write_samples(6, 8);

  EXPECT_TRUE(world.wait_until([&] { return world.all() == samples(1, 8); }));
}

TEST(CdrStore, loads_everything_of_a_journal_it_does_not_know) {
  World world;
  world.write_samples(1, 5);
  world.stop();
  std::filesystem::remove_all(world.journal_directory());

  world.start();
  world.write_samples(6, 8);

  EXPECT_TRUE(world.wait_until([&] { return world.all() == samples(1, 8); }));
}

TEST(CdrStore, loads_what_was_written_when_it_is_closed) {
  World world;
  world.write_samples(1, 300);
  world.store.reset();

  auto database = Database::open(world.database(), Database::Access::ReadOnly);
  ASSERT_TRUE(database.ok());
  EXPECT_EQ(*database->number("SELECT count(*) FROM cdr"), 300);
}

}  // namespace
}  // namespace tandem::store
