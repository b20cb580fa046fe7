// SPDX-License-Identifier: Apache-2.0
#include "tune/study_store.h"

#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "support/descriptor.h"
#include "support/process_table.h"
#include "support/try.h"
#include "tune/study_database.h"

namespace placewright::tune {
namespace {

constexpr int kBusyTimeoutMs = 5000;

void set_up(SQLite::Database& database) {
  database.setBusyTimeout(kBusyTimeoutMs);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
}

std::optional<pid_t> searcher_of(const std::string& path) {
  const auto study = StudyStore::open(path);
  return study ? study->searcher() : std::nullopt;
}

/// Deletes a study whose process was killed before it had evaluated anything.
void delete_killed_start(const std::string& path) {
  bool is_empty = false;
  {
    const auto study = StudyStore::open(path);
    const auto evaluations =
        study ? study->evaluations() : Result<std::vector<Evaluation>>(fail(""));
    is_empty = evaluations && evaluations->empty() && !study->searcher();
  }
  if (is_empty) delete_study(path);
}

/// An empty file, made by this call and not through a link that somebody has put there.
Result<void> make_file(const std::string& path) {
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor file(::open(path.c_str(), flags, 0666));
  if (file.is_open()) return {};
  if (errno != EEXIST)
    return fail(fmt::format("cannot write the study `{}`: {}", path, std::strerror(errno)),
                "choose another file with --study FILE.db");
  if (const auto searcher = searcher_of(path)) return is_searched(path, *searcher);
  return fail(fmt::format("study `{}` already exists", path),
              "continue it with --resume, choose another file with --study FILE.db, or remove it");
}

}  // namespace

StudyStore::StudyStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
StudyStore::~StudyStore() = default;
StudyStore::StudyStore(StudyStore&&) noexcept = default;
StudyStore& StudyStore::operator=(StudyStore&&) noexcept = default;

const std::string& StudyStore::path() const { return state_->path; }

Result<StudyStore> StudyStore::create(const std::string& path, const StudyFacts& facts) {
  if (std::filesystem::exists(path)) delete_killed_start(path);
  PLACEWRIGHT_TRY_VOID(make_file(path));
  try {
    auto state = std::make_unique<State>(path, SQLite::OPEN_READWRITE);
    state->is_empty_new = true;
    state->is_claimed = true;
    set_up(state->database);
    {
      SQLite::Transaction transaction(state->database);
      make_schema(state->database);
      for (const auto& [key, value] : facts) write_fact(state->database, key, value);
      // With the tables: a study without both would be taken for a start that was killed.
      write_fact(state->database, kSearcherFact, name_of_this_process());
      transaction.commit();
    }
    return StudyStore(std::move(state));
  } catch (const SQLite::Exception& error) {
    delete_study(path);
    return cannot_write(path, error);
  }
}

Result<StudyStore> StudyStore::open(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return fail(fmt::format("study `{}` does not exist", path),
                "start a new study without --resume");
  if (!std::filesystem::is_regular_file(path, ignored))
    return fail(fmt::format("`{}` is not a Placewright study", path));
  try {
    auto state = std::make_unique<State>(path, SQLite::OPEN_READWRITE);
    PLACEWRIGHT_TRY_VOID(check_schema(state->database, path));
    set_up(state->database);
    return StudyStore(std::move(state));
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() == SQLITE_NOTADB)
      return fail(fmt::format("`{}` is not a Placewright study", path));
    return cannot_read(path, error);
  }
}

Result<StudyStore> StudyStore::resume(const std::string& path) {
  PLACEWRIGHT_TRY(auto store, open(path));
  PLACEWRIGHT_TRY_VOID(claim(*store.state_));
  return store;
}

std::optional<pid_t> StudyStore::searcher() const {
  const std::lock_guard lock(state_->mutex);
  return searcher_of(state_->database);
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
    facts.erase(kSearcherFact);
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
