// SPDX-License-Identifier: Apache-2.0
// What tasks were decided from and what was decided, as lines of decide/record_json.h. Every process
// writes its own file.
#pragma once

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

#include "decide/record_json.h"
#include "legion/report.h"

namespace placewright::legion {

/// Thread-safe.
class RecordFile {
 public:
  /// An empty path records nothing. Ends the run when the file cannot be written.
  RecordFile(const std::string& path, const decide::Machine& machine, int process,
             const StatusFile& status);

  [[nodiscard]] bool is_open() const { return file_ != nullptr; }
  template <class Record>
  void write(const Record& record) {
    line(decide::to_json(record));
  }

 private:
  struct CloseFile {
    void operator()(FILE* file) const { std::fclose(file); }
  };
  void line(const std::string& json);

  std::mutex mutex_;
  std::unique_ptr<FILE, CloseFile> file_;
};

}  // namespace placewright::legion
