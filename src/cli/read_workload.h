// SPDX-License-Identifier: Apache-2.0
// Reads the files that `placewright run --discover` and `placewright record` write.
#pragma once

#include <optional>
#include <string>

#include "workload/recording.h"

namespace placewright::cli {

/// Either file will do. Errors: those of reading the file and of workload_from_json(), with the file's name.
[[nodiscard]] Result<workload::Workload> read_workload(const std::string& path);

struct WorkloadFile {
  workload::Workload workload;
  std::optional<workload::Recording> recording;  ///< Set if the file is one.
};
/// Errors: those of the two others.
[[nodiscard]] Result<WorkloadFile> read_workload_file(const std::string& path);

/// Errors: those of reading the file and of recording_from_json(), with the file's name.
[[nodiscard]] Result<workload::Recording> read_recording(const std::string& path);

}  // namespace placewright::cli
