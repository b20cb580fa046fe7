// SPDX-License-Identifier: Apache-2.0
#include "support/standard_streams.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace placewright {
namespace {

std::atomic<int> first_error = 0;

}  // namespace

void reserve_standard_streams() {
  std::signal(SIGXFSZ, SIG_IGN);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // Opened the wrong way round, so that using it is an error as before.
    const int flags = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (open("/dev/null", flags) != stream) std::_Exit(1);
  }
}

void note_lost_output(int error_number) {
  int none = 0;
  first_error.compare_exchange_strong(none, error_number);
}

Result<void> finish_standard_output() {
  const bool was_lost = std::ferror(stdout) != 0;
  if (std::fflush(stdout) != 0) note_lost_output(errno);
  const int reason = first_error;
  if (!was_lost && reason == 0) return {};
  return fail("cannot write to standard output" +
              (reason == 0 ? "" : fmt::format(": {}", std::strerror(reason))));
}

}  // namespace placewright
