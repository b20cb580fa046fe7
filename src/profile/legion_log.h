// SPDX-License-Identifier: Apache-2.0
// Reads the logs that Legion writes with `-lg:prof`: a text that describes all kinds of records,
// then the records. Only the names of kinds and fields are built in, so logs of other versions of
// the runtime can be read as long as those names stay the same.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace placewright::profile {

/// One record; valid until the next one is read.
class Record {
 public:
  /// Unsigned, up to 64 bits. 0 if this version of the runtime has no such field.
  [[nodiscard]] uint64_t number(std::string_view field) const;
  /// Empty where there is no such field.
  [[nodiscard]] std::string_view text(std::string_view field) const;

 private:
  friend class LogReader;
  const std::vector<std::string>* names_ = nullptr;
  std::vector<uint64_t> numbers_;   ///< By field; meaningless for texts.
  std::vector<std::string> texts_;  ///< By field; empty for numbers.
};

/// What to do with records, by the name of their kind. Other kinds are skipped.
using RecordHandlers = std::map<std::string, std::function<void(const Record&)>, std::less<>>;

struct LogFacts {
  std::string runtime;     ///< "legion-25.12.0", as the log names its writer.
  uint64_t records = 0;    ///< All, whether handled or not.
  uint64_t bytes = 0;      ///< Uncompressed.
  bool truncated = false;  ///< The file ends inside a record: the run did not end normally.
};

/// Reads a log, compressed with gzip or not. Errors: no such file, not a binary profile of Legion,
/// a description that cannot be understood, a record of a kind that the description lacks (all with
/// the position).
[[nodiscard]] Result<LogFacts> read_log(const std::string& path, const RecordHandlers& handlers);

}  // namespace placewright::profile
