// SPDX-License-Identifier: Apache-2.0
#include "cli/read_workload.h"

#include <fmt/core.h>

#include "support/files.h"
#include "support/gzip.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

/// A million tasks take a tenth of it.
constexpr uint64_t kMostUnpacked = uint64_t{1} << 30;

/// The text of a file that may be compressed.
Result<std::string> read_text(const std::string& path) {
  PLACEWRIGHT_TRY(std::string bytes, read_file(path, kMostUnpacked));
  if (!is_gzip(bytes)) return bytes;
  Result<std::string> text = gunzip(bytes, kMostUnpacked);
  if (!text) return fail(fmt::format("`{}`: {}", path, text.error().message));
  return text;
}

template <class Value>
Result<Value> parse_as(const std::string& path, const std::string& text,
                       Result<Value> (*parse)(const std::string&), std::string help) {
  Result<Value> value = parse(text);
  if (value) return value;
  return fail(fmt::format("`{}`: {}", path, value.error().message), std::move(help));
}

Result<workload::Workload> parse_workload(const std::string& path, const std::string& text) {
  return parse_as(path, text, workload::workload_from_json,
                  "`placewright run --discover FILE` writes one");
}

Result<workload::Recording> parse_recording(const std::string& path, const std::string& text) {
  return parse_as(path, text, workload::recording_from_json,
                  "`placewright record -o FILE` writes one");
}

}  // namespace

Result<workload::Workload> read_workload(const std::string& path) {
  PLACEWRIGHT_TRY(const std::string text, read_text(path));
  return parse_workload(path, text);
}

Result<WorkloadFile> read_workload_file(const std::string& path) {
  PLACEWRIGHT_TRY(const std::string text, read_text(path));
  // Only recordings have such a member.
  if (text.find("\"recording\":") == std::string::npos) {
    PLACEWRIGHT_TRY(workload::Workload workload, parse_workload(path, text));
    return WorkloadFile{std::move(workload), std::nullopt};
  }
  PLACEWRIGHT_TRY(workload::Recording recording, parse_recording(path, text));
  workload::Workload workload = recording.workload;
  return WorkloadFile{std::move(workload), std::move(recording)};
}

Result<workload::Recording> read_recording(const std::string& path) {
  PLACEWRIGHT_TRY(const std::string text, read_text(path));
  return parse_recording(path, text);
}

}  // namespace placewright::cli
