// SPDX-License-Identifier: Apache-2.0
// Opening, claiming and closing a study's database, and the tables it has.
#include "tune/study_database.h"

#include <fmt/format.h>

#include <filesystem>

#include "support/process_table.h"
#include "support/try.h"

namespace placewright::tune {
namespace {

// "PLWR": tells a study from other SQLite files.
constexpr int kApplicationId = 0x504c5752;
/// The longest value. A longer one comes from no search.
constexpr int kMostBytes = 256 << 20;

constexpr const char* kSchema = R"(
  CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE evaluation (
    id INTEGER PRIMARY KEY,
    origin TEXT NOT NULL,
    move TEXT NOT NULL,
    parent INTEGER REFERENCES evaluation(id),
    mapping TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    decisions TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    memory TEXT NOT NULL,
    checksum TEXT NOT NULL,
    value REAL,
    accepted INTEGER NOT NULL,
    elapsed_s REAL NOT NULL
  ) STRICT;
  CREATE TABLE sample (
    evaluation INTEGER NOT NULL REFERENCES evaluation(id),
    race INTEGER NOT NULL,
    position INTEGER NOT NULL,
    value REAL NOT NULL
  ) STRICT;
  CREATE TABLE final_sample (
    row TEXT NOT NULL,
    round INTEGER NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (row, round)
  ) STRICT;
  CREATE TABLE finding (
    evaluation INTEGER NOT NULL REFERENCES evaluation(id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    weight REAL NOT NULL,
    what TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (evaluation, position)
  ) STRICT;
  CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    evaluation INTEGER,
    key TEXT NOT NULL,
    prompt TEXT NOT NULL,
    model TEXT NOT NULL,
    outcome TEXT NOT NULL,
    message TEXT NOT NULL,
    finish TEXT NOT NULL,
    truncated INTEGER NOT NULL,
    output_constraint TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cached_tokens INTEGER,
    reasoning_tokens INTEGER,
    dollars REAL,
    latency_s REAL NOT NULL,
    request_id TEXT NOT NULL,
    request TEXT NOT NULL,
    reply TEXT NOT NULL
  ) STRICT;
  CREATE INDEX call_by_key ON call (key, outcome, id);
)";

using Objects = std::map<std::string, std::string>;  // name -> the statement that made it

Objects objects_of(SQLite::Database& database) {
  Objects objects;
  SQLite::Statement query(database, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL");
  while (query.executeStep())
    objects[query.getColumn(0).getString()] = query.getColumn(1).getString();
  return objects;
}

/// The tables that make_schema() makes.
const Objects& expected_objects() {
  static const Objects objects = [] {
    SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    make_schema(fresh);
    return objects_of(fresh);
  }();
  return objects;
}

std::string read_searcher(SQLite::Database& database) {
  SQLite::Statement query(database, "SELECT value FROM fact WHERE key = :key");
  query.bind(":key", kSearcherFact);
  return query.executeStep() ? query.getColumn(0).getString() : "";
}

/// The file alone, whatever its name means to SQLite (`:memory:`).
std::string file_name(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::absolute(path, ignored).string();
}

}  // namespace

StudyStore::State::State(const std::string& file, int flags)
    : path(file), database(file_name(file), flags) {
  sqlite3_limit(database.getHandle(), SQLITE_LIMIT_LENGTH, kMostBytes);
  database.exec("PRAGMA trusted_schema = OFF");
}

StudyStore::State::~State() {
  if (is_empty_new) {
    { const SQLite::Database closed = std::move(database); }
    delete_study(path);
    return;
  }
  if (!is_claimed) return;
  try {
    SQLite::Statement remove(database, "DELETE FROM fact WHERE key = :key AND value = :value");
    remove.bind(":key", kSearcherFact);
    remove.bind(":value", name_of_this_process());
    remove.exec();
  } catch (const SQLite::Exception&) {
    // The claim ends with the process, too.
  }
}

void delete_study(const std::string& path) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    std::filesystem::remove(path + suffix, ignored);
}

void make_schema(SQLite::Database& database) {
  database.exec(kSchema);
  database.exec(fmt::format("PRAGMA user_version = {}", kStudyVersion));
  database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
}

Result<void> check_schema(SQLite::Database& database, const std::string& path) {
  const int id = database.execAndGet("PRAGMA application_id").getInt();
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  if (id != kApplicationId) return fail(fmt::format("`{}` is not a Placewright study", path));
  if (version != kStudyVersion)
    return fail(fmt::format("the study `{}` has version {}, this program reads version {}", path,
                            version, kStudyVersion),
                "finish it with the version that started it, or start a new study");
  const Objects found = objects_of(database);
  for (const auto& [name, sql] : expected_objects()) {
    const auto other = found.find(name);
    if (other == found.end() || other->second != sql)
      return fail(fmt::format("the study `{}` is damaged: `{}` is not as it was made", path, name));
  }
  const bool runs_code = database
                             .execAndGet(
                                 "SELECT COUNT(*) FROM sqlite_schema "
                                 "WHERE type IN ('view', 'trigger')")
                             .getInt() > 0;
  if (runs_code)
    return fail(fmt::format("the study `{}` has views or triggers, which no search makes", path));
  return {};
}

std::optional<pid_t> searcher_of(SQLite::Database& database) {
  try {
    return running_process(read_searcher(database));
  } catch (const SQLite::Exception&) {
    return std::nullopt;
  }
}

Result<void> claim(StudyStore::State& state) {
  try {
    SQLite::Transaction transaction(state.database, SQLite::TransactionBehavior::IMMEDIATE);
    if (const auto searcher = running_process(read_searcher(state.database)))
      return is_searched(state.path, *searcher);
    write_fact(state.database, kSearcherFact, name_of_this_process());
    transaction.commit();
    state.is_claimed = true;
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_write(state.path, error);
  }
}

void write_fact(SQLite::Database& database, const std::string& key, const std::string& value) {
  SQLite::Statement insert(database,
                           "INSERT OR REPLACE INTO fact (key, value) VALUES (:key, :value)");
  insert.bind(":key", key);
  insert.bind(":value", value);
  insert.exec();
}

tl::unexpected<Error> is_searched(const std::string& path, pid_t searcher) {
  return fail(fmt::format("process {} is searching the study `{}`", searcher, path),
              "wait until it ends, or choose another file with --study FILE.db");
}

tl::unexpected<Error> cannot_write(const std::string& path, const SQLite::Exception& error) {
  const int code = error.getErrorCode();
  if (code == SQLITE_FULL || code == SQLITE_IOERR)
    return fail(fmt::format("cannot write the study `{}`: the disk is full or fails ({})", path,
                            error.getErrorStr()),
                "free some space and continue with --resume; evaluations so far are kept");
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    return fail(fmt::format("cannot write the study `{}`: another search uses it", path));
  return fail(fmt::format("cannot write the study `{}`: {}", path, error.what()),
              "choose another file with --study FILE.db");
}

tl::unexpected<Error> cannot_read(const std::string& path, const SQLite::Exception& error) {
  return fail(fmt::format("cannot read the study `{}`: {}", path, error.what()));
}

}  // namespace placewright::tune
