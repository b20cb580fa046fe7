// SPDX-License-Identifier: Apache-2.0
#include "legion/record_file.h"

namespace placewright::legion {

RecordFile::RecordFile(const std::string& path, const decide::Machine& machine, int process,
                       const StatusFile& status)
    : status_(&status) {
  if (path.empty()) return;
  Result<LineFile> file = LineFile::create(numbered_path(path, process));
  if (!file) end_run(status, {file.error().message});
  file_ = std::move(*file);
  line(decide::to_json(machine));
}

void RecordFile::line(const std::string& json) {
  const std::lock_guard lock(mutex_);
  if (const auto written = file_->append(json + "\n"); !written)
    end_run(*status_, {written.error().message});
}

}  // namespace placewright::legion
