// SPDX-License-Identifier: Apache-2.0
// The open database behind a StudyStore. Used by the sources of StudyStore only:
// study_store.cpp, study_evaluations.cpp, study_calls.cpp.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <mutex>
#include <string>

#include "tune/study_store.h"

namespace placewright::tune {

struct StudyStore::State {
  State(const std::string& file, int flags) : path(file), database(file, flags) {}
  std::string path;
  SQLite::Database database;
  std::mutex mutex;  ///< Needed because models are called on a separate thread.
};

/// The Error for a statement that failed.
[[nodiscard]] tl::unexpected<Error> cannot_write(const std::string& path,
                                                 const SQLite::Exception& error);
[[nodiscard]] tl::unexpected<Error> cannot_read(const std::string& path,
                                                const SQLite::Exception& error);

}  // namespace placewright::tune
