// SPDX-License-Identifier: Apache-2.0
// Polls the stand-in for UCX three times; run under the preload library it must see the same.
#include <cstdio>

extern "C" unsigned ucp_worker_progress(void* worker);

int main() {
  int polls = 0;
  const unsigned first = ucp_worker_progress(&polls);
  const unsigned second = ucp_worker_progress(&polls);
  const unsigned third = ucp_worker_progress(&polls);
  std::printf("%u %u %u after %d polls\n", first, second, third, polls);
}
