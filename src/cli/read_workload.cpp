// SPDX-License-Identifier: Apache-2.0
#include "cli/read_workload.h"

#include <fmt/core.h>

#include "support/source.h"

namespace placewright::cli {

Result<workload::Workload> read_workload(const std::string& path) {
  const auto file = SourceFile::read(path);
  if (!file) return tl::unexpected(file.error());
  auto workload = workload::workload_from_json(std::string(file->text()));
  if (workload) return workload;
  return fail(fmt::format("`{}`: {}", path, workload.error().message),
              "`placewright run --discover FILE` writes one");
}

}  // namespace placewright::cli
