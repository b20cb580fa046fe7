// SPDX-License-Identifier: Apache-2.0
#include "cli/read_workload.h"

#include <fmt/core.h>

#include "support/source.h"
#include "support/try.h"

namespace placewright::cli {

Result<workload::Workload> read_workload(const std::string& path) {
  PLACEWRIGHT_TRY(const auto file, SourceFile::read(path));
  auto workload = workload::workload_from_json(std::string(file.text()));
  if (workload) return workload;
  return fail(fmt::format("`{}`: {}", path, workload.error().message),
              "`placewright run --discover FILE` writes one");
}

}  // namespace placewright::cli
