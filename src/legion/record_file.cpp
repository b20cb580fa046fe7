// SPDX-License-Identifier: Apache-2.0
#include "legion/record_file.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>

namespace placewright::legion {

RecordFile::RecordFile(const std::string& path, const decide::Machine& machine, int process,
                       const StatusFile& status) {
  if (path.empty()) return;
  const std::string numbered = numbered_path(path, process);
  file_.reset(std::fopen(numbered.c_str(), "we"));
  if (!file_) {
    end_run(status, {fmt::format("cannot write `{}`: {}", numbered, std::strerror(errno))});
  }
  // Line-buffered: lines stay whole even if the process ends abruptly.
  std::setvbuf(file_.get(), nullptr, _IOLBF, 1 << 16);
  line(decide::to_json(machine));
}

void RecordFile::line(const std::string& json) {
  const std::lock_guard lock(mutex_);
  fmt::print(file_.get(), "{}\n", json);
}

}  // namespace placewright::legion
