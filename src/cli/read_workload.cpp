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
Result<Value> read_as(const std::string& path, Result<Value> (*read)(const std::string&),
                      std::string help) {
  PLACEWRIGHT_TRY(const std::string text, read_text(path));
  Result<Value> value = read(text);
  if (value) return value;
  return fail(fmt::format("`{}`: {}", path, value.error().message), std::move(help));
}

}  // namespace

Result<workload::Workload> read_workload(const std::string& path) {
  return read_as(path, workload::workload_from_json,
                 "`placewright run --discover FILE` writes one");
}

Result<workload::Recording> read_recording(const std::string& path) {
  return read_as(path, workload::recording_from_json, "`placewright record -o FILE` writes one");
}

}  // namespace placewright::cli
