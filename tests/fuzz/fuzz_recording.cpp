// SPDX-License-Identifier: Apache-2.0
// Recordings: whatever is read can be counted, and written and read again.
#include <cstdlib>

#include "input.h"
#include "workload/recording.h"

using namespace placewright;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto recording = workload::recording_from_json(text_of(data, size));
  if (!recording) return 0;
  (void)workload::count_points(*recording);
  const std::string text = workload::to_json(*recording);
  const auto again = workload::recording_from_json(text);
  if (!again || workload::to_json(*again) != text) std::abort();
  return 0;
}
