// SPDX-License-Identifier: Apache-2.0
#include "tune/study_store.h"

#include <SQLiteCpp/Backup.h>
#include <fmt/format.h>

#include <filesystem>

#include "support/try.h"
#include "tune/study_database.h"

namespace placewright::tune {
namespace {

constexpr int kBusyTimeoutMs = 5000;
// "PLWR": tells a study from other SQLite files.
constexpr int kApplicationId = 0x504c5752;

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
    seconds REAL,
    accepted INTEGER NOT NULL,
    elapsed_s REAL NOT NULL
  ) STRICT;
  CREATE TABLE sample (
    evaluation INTEGER NOT NULL REFERENCES evaluation(id),
    race INTEGER NOT NULL,
    position INTEGER NOT NULL,
    seconds REAL NOT NULL
  ) STRICT;
  CREATE TABLE final_sample (
    row TEXT NOT NULL,
    round INTEGER NOT NULL,
    seconds REAL NOT NULL,
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

void set_up(SQLite::Database& database) {
  database.setBusyTimeout(kBusyTimeoutMs);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
}

void write_fact(SQLite::Database& database, const std::string& key, const std::string& value) {
  SQLite::Statement insert(database,
                           "INSERT OR REPLACE INTO fact (key, value) VALUES (:key, :value)");
  insert.bind(":key", key);
  insert.bind(":value", value);
  insert.exec();
}

}  // namespace

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

StudyStore::StudyStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
StudyStore::~StudyStore() = default;
StudyStore::StudyStore(StudyStore&&) noexcept = default;
StudyStore& StudyStore::operator=(StudyStore&&) noexcept = default;

const std::string& StudyStore::path() const { return state_->path; }

Result<StudyStore> StudyStore::create(const std::string& path, const StudyFacts& facts) {
  if (std::filesystem::exists(path))
    return fail(
        fmt::format("study `{}` already exists", path),
        "continue it with --resume, choose another file with --study FILE.db, or remove it");
  try {
    auto state = std::make_unique<State>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    set_up(state->database);
    SQLite::Transaction transaction(state->database);
    state->database.exec(kSchema);
    state->database.exec(fmt::format("PRAGMA user_version = {}", kStudyVersion));
    state->database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
    for (const auto& [key, value] : facts) write_fact(state->database, key, value);
    transaction.commit();
    return StudyStore(std::move(state));
  } catch (const SQLite::Exception& error) {
    return cannot_write(path, error);
  }
}

Result<StudyStore> StudyStore::open(const std::string& path) {
  if (!std::filesystem::exists(path))
    return fail(fmt::format("study `{}` does not exist", path),
                "start a new study without --resume");
  try {
    auto state = std::make_unique<State>(path, SQLite::OPEN_READWRITE);
    const int id = state->database.execAndGet("PRAGMA application_id").getInt();
    const int version = state->database.execAndGet("PRAGMA user_version").getInt();
    if (id != kApplicationId) return fail(fmt::format("`{}` is not a Placewright study", path));
    if (version != kStudyVersion)
      return fail(fmt::format("the study `{}` has version {}, this program reads version {}", path,
                              version, kStudyVersion),
                  "finish it with the version that started it, or start a new study");
    set_up(state->database);
    return StudyStore(std::move(state));
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() == SQLITE_NOTADB)
      return fail(fmt::format("`{}` is not a Placewright study", path));
    return cannot_read(path, error);
  }
}

Result<void> StudyStore::copy(const std::string& from, const std::string& to) {
  PLACEWRIGHT_TRY(const auto source, open(from));
  try {
    SQLite::Database target(to, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup backup(target, source.state_->database);
    backup.executeStep();
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_write(to, error);
  }
}

Result<StudyFacts> StudyStore::facts() const {
  const std::lock_guard lock(state_->mutex);
  try {
    StudyFacts facts;
    SQLite::Statement query(state_->database, "SELECT key, value FROM fact");
    while (query.executeStep())
      facts[query.getColumn("key").getString()] = query.getColumn("value").getString();
    return facts;
  } catch (const SQLite::Exception& error) {
    return cannot_read(state_->path, error);
  }
}

Result<void> StudyStore::set_fact(const std::string& key, const std::string& value) {
  const std::lock_guard lock(state_->mutex);
  try {
    write_fact(state_->database, key, value);
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_write(state_->path, error);
  }
}

}  // namespace placewright::tune
