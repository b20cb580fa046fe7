// SPDX-License-Identifier: Apache-2.0
// The open database behind a StudyStore. Used by the sources of StudyStore only: study_store.cpp,
// study_database.cpp, study_evaluations.cpp, study_calls.cpp.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <mutex>
#include <optional>
#include <string>

#include "tune/study_store.h"

namespace placewright::tune {

struct StudyStore::State {
  State(const std::string& file, int flags);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::string path;
  SQLite::Database database;
  std::mutex mutex;           ///< Needed because models are called on a separate thread.
  bool is_claimed = false;    ///< By this process, until the object is destroyed.
  bool is_empty_new = false;  ///< Created by this object and without an evaluation.
};

/// Deletes a study's files, which no database has open.
void delete_study(const std::string& path);

/// Makes the tables of a new study.
void make_schema(SQLite::Database& database);
/// Errors: not a study, another version, tables that are not those of make_schema(), anything that
/// would run code of the file's author: views, triggers.
[[nodiscard]] Result<void> check_schema(SQLite::Database& database, const std::string& path);

/// Makes this process the study's only searcher. Errors: another one is, which is named.
[[nodiscard]] Result<void> claim(StudyStore::State& state);
[[nodiscard]] tl::unexpected<Error> is_searched(const std::string& path, pid_t searcher);
/// The process that searches the study; nullopt if none does.
[[nodiscard]] std::optional<pid_t> searcher_of(SQLite::Database& database);

/// The fact that names the searching process. It is not among StudyStore::facts().
inline constexpr const char* kSearcherFact = "searcher";

void write_fact(SQLite::Database& database, const std::string& key, const std::string& value);

/// The Error for a statement that failed.
[[nodiscard]] tl::unexpected<Error> cannot_write(const std::string& path,
                                                 const SQLite::Exception& error);
[[nodiscard]] tl::unexpected<Error> cannot_read(const std::string& path,
                                                const SQLite::Exception& error);

}  // namespace placewright::tune
