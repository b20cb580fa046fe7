// SPDX-License-Identifier: Apache-2.0
// What tasks were decided from and what was decided, as lines of decide/record_json.h. Every process
// writes its own file.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "decide/record_json.h"
#include "legion/report.h"
#include "support/line_file.h"

namespace placewright::legion {

/// Thread-safe.
class RecordFile {
 public:
  /// An empty path records nothing. Ends the run when the file cannot be written, now or later.
  RecordFile(const std::string& path, const decide::Machine& machine, int process,
             const StatusFile& status);

  [[nodiscard]] bool is_open() const { return file_.has_value(); }
  template <class Record>
  void write(const Record& record) {
    line(decide::to_json(record));
  }

 private:
  void line(const std::string& json);

  const StatusFile* status_;
  std::mutex mutex_;
  std::optional<LineFile> file_;
};

}  // namespace placewright::legion
