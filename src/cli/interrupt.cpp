// SPDX-License-Identifier: Apache-2.0
#include "cli/interrupt.h"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <string_view>

namespace placewright::cli {
namespace {

// Everything in this file that a handler calls is safe in one (POSIX, 2.4.3).

constexpr timespec kGrace = {1, 800'000'000};

volatile std::sig_atomic_t first_signal = 0;
timer_t deadline;

[[noreturn]] void end_by(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  sigprocmask(SIG_UNBLOCK, &only, nullptr);
  kill(getpid(), signal);
  _exit(1);
}

void note_interrupt(int signal) {
  if (first_signal != 0) end_by(signal);
  first_signal = signal;
  const itimerspec once = {{0, 0}, kGrace};
  timer_settime(deadline, 0, &once, nullptr);
}

void give_up(int) {
  constexpr std::string_view kMessage =
      "placewright: stopped before it could conclude; a study keeps its evaluations: --resume "
      "continues it\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kMessage.data(), kMessage.size());
  end_by(first_signal);
}

bool make_deadline() {
  std::signal(SIGALRM, give_up);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  return timer_create(CLOCK_MONOTONIC, &event, &deadline) == 0;
}

}  // namespace

std::function<bool()> watch_for_interrupts() {
  static const bool has_deadline = make_deadline();
  // Without a timer, which is a matter of resources, the second signal still ends the program.
  static_cast<void>(has_deadline);
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
  // Keep SIGHUP ignored under nohup.
  if (std::signal(SIGHUP, note_interrupt) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);
  return [] { return first_signal != 0; };
}

}  // namespace placewright::cli
