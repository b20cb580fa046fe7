// SPDX-License-Identifier: Apache-2.0
// Reads study files (*.toml) and studies (*.study.db) for the subcommands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "support/result.h"
#include "tune/settings.h"
#include "tune/study_store.h"

namespace placewright::cli {

/// The folder of this program.
[[nodiscard]] std::string program_folder();

/// Reports problems of the file on stderr; nullopt if it cannot be used.
[[nodiscard]] std::optional<tune::Settings> read_study(const std::string& path);

/// StudyStore::open() with help for a reader: its own is for one who continues the study.
[[nodiscard]] Result<tune::StudyStore> open_study(const std::string& path);

/// Errors: there is none with this id.
[[nodiscard]] Result<tune::Evaluation> find_evaluation(const tune::StudyStore& study, int64_t id);

}  // namespace placewright::cli
