// The loop from journal to database.
#include "shell/store/cdr_loader.h"

#include <algorithm>

#include "core/cdr/cdr_fields.h"
#include "core/cdr/cdr_record.h"
#include "shell/journal/background.h"
#include "shell/store/migrations.h"

namespace tandem::store {

using journal::JournalReader;
using journal::Position;

// What lives as long as one connection to the database.
struct CdrLoader::Connection {
  Database database;
  Statement insert_cdr;
  Statement insert_unread;
  Statement save_position;
  JournalReader reader;
};

namespace {

std::string insert_statement() {
  std::string names;
  std::string marks;
  for (const cdr::CdrField& field : cdr::kCdrFields) {
    names += (names.empty() ? "" : ", ") + std::string(field.name);
    marks += marks.empty() ? "?" : ", ?";
  }
  return "INSERT INTO cdr (" + names + ") VALUES (" + marks + ") ON CONFLICT (flow_no) DO NOTHING";
}

Result<Done, StoreError> execute(Database& database, Statement& statement) {
  const Statement::Step step = statement.step();
  Result<Done, StoreError> done = Done{};
  if (step == Statement::Step::Failed) done = Failure{database.error()};
  statement.reset();
  return done;
}

void bind_value(Statement& statement, int parameter, const cdr::FieldValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    statement.bind(parameter, *number);
  else if (const auto* view = std::get_if<std::string_view>(&value))
    statement.bind(parameter, *view);
  else if (const auto* text = std::get_if<std::string>(&value))
    statement.bind(parameter, std::string_view(*text));
}

struct SavedPosition {
  Position position;
  std::uint64_t next_sequence = 0;
};

// Where to read on. From the oldest record when the journal is another one than the database knows;
// with unknown sequence when the journal lost its end in a power cut and gives the numbers again.
Result<SavedPosition, StoreError> read_position(Database& database,
                                                const journal::Journal& journal) {
  auto statement =
      database.prepare("SELECT identity, file, byte_offset, next_sequence FROM journal_position");
  if (!statement) return Failure{statement.error()};
  const Statement::Step step = statement->step();
  if (step == Statement::Step::Failed) return Failure{database.error()};
  SavedPosition saved;
  const bool known = step == Statement::Step::Row &&
                     static_cast<std::uint64_t>(statement->integer(0)) == journal.identity();
  if (!known) return saved;
  saved.position = {.file = static_cast<std::uint32_t>(statement->integer(1)),
                    .offset = static_cast<std::uint32_t>(statement->integer(2))};
  saved.next_sequence = static_cast<std::uint64_t>(statement->integer(3));
  if (saved.next_sequence > journal.end_sequence()) saved.next_sequence = 0;
  return saved;
}

}  // namespace

CdrLoader::CdrLoader(journal::Journal& journal, CdrLoaderOptions options)
    : journal_(journal),
      options_(std::move(options)),
      next_sequence_(journal.report().next_sequence - journal.report().records) {}

CdrLoader::~CdrLoader() { stop(); }

Result<Done, StoreError> CdrLoader::connect() {
  auto database = Database::open(options_.database, Database::Access::ReadWrite);
  if (!database) return Failure{database.error()};
  if (const auto migrated = migrate(*database, cdr_migrations()); !migrated) return migrated;
  auto insert_cdr = database->prepare(insert_statement());
  auto insert_unread =
      database->prepare("INSERT INTO unread_record (sequence, reason, bytes) VALUES (?, ?, ?)");
  auto save_position = database->prepare(
      "INSERT OR REPLACE INTO journal_position (id, identity, file, byte_offset, next_sequence) "
      "VALUES (1, ?, ?, ?, ?)");
  for (const auto* statement : {&insert_cdr, &insert_unread, &save_position})
    if (!*statement) return Failure{statement->error()};
  const auto saved = read_position(*database, journal_);
  if (!saved) return Failure{saved.error()};
  connection_.reset(
      new Connection{std::move(*database), std::move(*insert_cdr), std::move(*insert_unread),
                     std::move(*save_position),
                     JournalReader(journal_.directory(), saved->position, saved->next_sequence)});
  if (saved->next_sequence != 0) next_sequence_ = saved->next_sequence;
  seen_tail_ = {};
  auto done = reload_unread();
  if (!done) connection_.reset();
  return done;
}

void CdrLoader::start() {
  thread_ = std::thread([this] { loop(); });
}

void CdrLoader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    stop_changed_.notify_all();
  }
  journal_.wake_readers();
  if (thread_.joinable()) thread_.join();
}

std::uint64_t CdrLoader::queue() const {
  const std::uint64_t next = next_sequence_.load(std::memory_order_relaxed);
  const std::uint64_t end = journal_.end_sequence();
  return end > next ? end - next : 0;
}

void CdrLoader::catch_up(milliseconds patience) {
  const std::uint64_t end = journal_.end_sequence();
  std::unique_lock lock(mutex_);
  loaded_.wait_for(lock, patience, [&] { return next_sequence_ >= end || !fault_.empty(); });
}

std::string CdrLoader::fault_text() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

void CdrLoader::loop() {
  journal::work_in_background("cdr-loader");
  bool stopping = false;
  while (!stopping) {
    journal_.wait_beyond(seen_tail_, options_.retry_interval, stopping_);
    stopping = wait(options_.batch_interval);
    load();
    if (!connection_ && !stopping) stopping = wait(options_.retry_interval);
  }
}

// True when the loader is to stop.
bool CdrLoader::wait(milliseconds time) {
  std::unique_lock lock(mutex_);
  return stop_changed_.wait_for(lock, time, [this] { return stopping_.load(); });
}

void CdrLoader::load() {
  if (connection_ && connection_->database.file_gone())
    return fail({.kind = StoreErrorKind::Failed,
                 .sentence = "database " + options_.database.string() + " was removed"});
  if (!connection_)
    if (const auto connected = connect(); !connected) return fail(connected.error());

  const Position tail = journal_.tail();
  bool more = tail > seen_tail_;
  while (more)
    if (const auto loaded = load_batch(tail, more); !loaded) return fail(loaded.error());
  seen_tail_ = tail;
  tidy_journal();
  {
    const std::lock_guard lock(mutex_);
    if (fault_.empty()) return;
    fault_.clear();
  }
  options_.notice("call records are loaded into the database again");
}

// The transaction begins with the first call record: what else the journal holds (kept_store.h) is
// passed over for next to nothing.
Result<Done, StoreError> CdrLoader::load_batch(Position tail, bool& more) {
  Connection& to = *connection_;
  const std::uint32_t first_file = to.reader.position().file;
  bool begun = false;
  journal::Record record;
  JournalReader::Step step = JournalReader::Step::Record;
  std::uint32_t records = 0;
  while (records < options_.batch_records &&
         (step = to.reader.next(record, tail)) == JournalReader::Step::Record) {
    ++records;
    if (record.type != journal::RecordType::Cdr) continue;
    if (!begun) {
      if (auto opened = to.database.run("BEGIN IMMEDIATE"); !opened) return opened;
      begun = true;
    }
    if (auto stored = store_record(record); !stored) return stored;
  }
  if (step == JournalReader::Step::Failed)
    return Failure{StoreError{StoreErrorKind::Failed,
                              "cannot read the journal in " + journal_.directory().string()}};
  // Before a file is left, so that the next start does not look for records of a file that is gone.
  if (begun || to.reader.position().file != first_file)
    if (auto saved = save_position(); !saved) return saved;
  if (begun)
    if (auto committed = to.database.run("COMMIT"); !committed) return committed;
  note_damage();  // before the queue shortens: who sees it empty knows what is lost
  {
    const std::lock_guard lock(mutex_);
    next_sequence_ = to.reader.next_sequence();
  }
  loaded_.notify_all();
  more = step == JournalReader::Step::Record;
  return Done{};
}

Result<Done, StoreError> CdrLoader::store_record(const journal::Record& record) {
  const auto parsed = cdr::parse_record(record.payload);
  if (parsed) return insert(*parsed);
  return keep_unread(
      record, parsed.error() == cdr::RecordError::NewerVersion ? "newer version" : "malformed");
}

Result<Done, StoreError> CdrLoader::insert(const cdr::Cdr& cdr) {
  Connection& to = *connection_;
  const cdr::CdrValues values = cdr::values_of(cdr);
  for (std::size_t i = 0; i < values.size(); ++i)
    bind_value(to.insert_cdr, static_cast<int>(i + 1), values[i]);
  auto done = execute(to.database, to.insert_cdr);
  if (done && to.database.changes() == 0) ++repeated_;
  return done;
}

Result<Done, StoreError> CdrLoader::keep_unread(const journal::Record& record,
                                                std::string_view reason) {
  options_.notice("journal record " + std::to_string(record.sequence) + " cannot be read (" +
                  std::string(reason) + "); it is kept in the table unread_record");
  Statement& statement = connection_->insert_unread;
  statement.bind(1, static_cast<std::int64_t>(record.sequence));
  statement.bind(2, reason);
  statement.bind_bytes(3, record.payload);
  return execute(connection_->database, statement);
}

// A newer program reads what an older one could not.
Result<Done, StoreError> CdrLoader::reload_unread() {
  Database& database = connection_->database;
  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun;
  auto rows = database.prepare("SELECT rowid, bytes FROM unread_record");
  auto remove = database.prepare("DELETE FROM unread_record WHERE rowid = ?");
  if (!rows || !remove) return Failure{database.error()};
  Statement::Step step;
  while ((step = rows->step()) == Statement::Step::Row) {
    const auto parsed = cdr::parse_record(rows->bytes(1));
    if (!parsed) continue;
    if (auto inserted = insert(*parsed); !inserted) return inserted;
    remove->bind(1, rows->integer(0));
    if (auto removed = execute(database, *remove); !removed) return removed;
  }
  if (step == Statement::Step::Failed) return Failure{database.error()};
  rows->reset();
  return database.run("COMMIT");
}

Result<Done, StoreError> CdrLoader::save_position() {
  Connection& to = *connection_;
  const Position position = to.reader.position();
  to.save_position.bind(1, static_cast<std::int64_t>(journal_.identity()));
  to.save_position.bind(2, std::int64_t{position.file});
  to.save_position.bind(3, std::int64_t{position.offset});
  to.save_position.bind(4, static_cast<std::int64_t>(to.reader.next_sequence()));
  return execute(to.database, to.save_position);
}

void CdrLoader::note_damage() {
  for (const journal::Damage& damage : connection_->reader.take_damage()) {
    options_.notice("the journal is damaged at byte " + std::to_string(damage.where.offset) +
                    " of " + journal::file_path(journal_.directory(), damage.where.file).string() +
                    ": " + std::to_string(damage.lost_records) +
                    " records are lost; the file is kept as .damaged");
    damaged_files_.insert(damage.where.file);
  }
}

// Files wholly loaded are removed once the database is synced too. One that is read by a long query
// may hold that up: the next round tries again.
void CdrLoader::tidy_journal() {
  const std::uint32_t keep =
      std::min(connection_->reader.position().file, journal_.held_from());
  if (keep <= tidied_before_ || !connection_->database.checkpoint()) return;
  for (const std::uint32_t file : damaged_files_)
    if (file < keep) journal::set_aside(journal_.directory(), file);
  journal::remove_files_before(journal_.directory(), keep);
  tidied_before_ = keep;
}

// The connection goes, and with it the transaction; the next one reads on from the saved position.
void CdrLoader::fail(const StoreError& error) {
  connection_.reset();
  seen_tail_ = {};
  const std::string sentence =
      error.sentence + "; call records wait in the journal until this is mended";
  {
    const std::lock_guard lock(mutex_);
    if (fault_ == sentence) return;
    fault_ = sentence;
  }
  loaded_.notify_all();
  options_.notice(sentence);
}

}  // namespace tandem::store
