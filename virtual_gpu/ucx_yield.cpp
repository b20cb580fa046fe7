// SPDX-License-Identifier: Apache-2.0
// A preload library for runs with more busy threads than cores: UCX polls its workers continuously,
// which starves the threads that compute. This library yields the core whenever a poll found
// nothing. It does nothing in programs that do not use UCX.
#include <dlfcn.h>
#include <sched.h>

#include <atomic>

extern "C" __attribute__((visibility("default"))) unsigned ucp_worker_progress(void* worker) {
  using Progress = unsigned (*)(void*);
  static std::atomic<Progress> next{nullptr};
  Progress progress = next.load(std::memory_order_acquire);
  if (progress == nullptr) {
    progress = reinterpret_cast<Progress>(dlsym(RTLD_NEXT, "ucp_worker_progress"));
    if (progress == nullptr) return 0;
    next.store(progress, std::memory_order_release);
  }
  const unsigned events = progress(worker);
  if (events == 0) sched_yield();
  return events;
}
