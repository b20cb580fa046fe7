// SPDX-License-Identifier: Apache-2.0
// libFuzzer: a workload that is read writes as a text that reads as the same, and a mapping can be
// checked for it.
#include <algorithm>
#include <memory>

#include "input.h"
#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "workload/candidate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace placewright;
  const auto workload = workload::workload_from_json(text_of(data, size));
  if (!workload) return 0;
  const std::string text = to_json(*workload);
  const auto again = workload::workload_from_json(text);
  require(again && to_json(*again) == text);
  int64_t points = 0;
  for (const workload::WorkloadTask& task : workload->tasks)
    for (const workload::WorkloadLaunch& launch : task.launches)
      points = std::max(points, launch.domain.volume());
  constexpr int64_t kFew = 10'000;
  if (points > kFew || workload->machine.node_count() > 64) return 0;
  (void)workload::compile_candidate(
      "fuzz",
      "m = Machine(GPU);\ndef f(Task t) { return m[t.ipoint[0] % m.size[0], 0]; }\n"
      "Task * GPU, CPU;\nTask \"s*\" CPU;\nRegion * \"r*\" GPU FBMEM;\nIndexTaskMap GPU f;\n",
      *workload, workload->machine);
  return 0;
}
