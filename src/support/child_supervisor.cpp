// SPDX-License-Identifier: Apache-2.0
#include "support/child_supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "support/process_table.h"

namespace placewright {
namespace {

double now_s() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void send_report(int fd, ChildReport::What what, int value, bool timed_out = false) {
  const ChildReport report{what, value, timed_out ? 1 : 0};
  // Smaller than PIPE_BUF: written completely or, if the caller is gone, not at all.
  [[maybe_unused]] const ssize_t written = write(fd, &report, sizeof report);
}

/// Closes all descriptors above stderr that are not kept: they may be the pipes of another run.
void close_others(std::array<int, 4> keep) {
  std::sort(keep.begin(), keep.end());
  unsigned first = 3;
  for (const int fd : keep) {
    if (static_cast<unsigned>(fd) > first) {
      close_range(first, static_cast<unsigned>(fd) - 1, 0);
    }
    first = std::max(first, static_cast<unsigned>(fd) + 1);
  }
  close_range(first, ~0U, 0);
}

[[noreturn]] void become_command(const SupervisorPlan& plan, pid_t supervisor) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor) {
    _exit(127);
  }
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(null_fd, STDIN_FILENO);
  dup2(plan.stdout_fd, STDOUT_FILENO);
  dup2(plan.stderr_fd, STDERR_FILENO);
  if (plan.working_directory != nullptr && chdir(plan.working_directory) != 0) {
    send_report(plan.report_fd, ChildReport::What::CouldNotStart, errno);
    _exit(127);
  }
  execvpe(plan.argv[0], const_cast<char* const*>(plan.argv),
          const_cast<char* const*>(plan.environment));
  send_report(plan.report_fd, ChildReport::What::CouldNotStart, errno);
  _exit(127);
}

/// The command may send its parent any signal.
void ignore_signals() {
  for (int number = 1; number < SIGRTMIN; ++number) {
    if (number != SIGCHLD) signal(number, SIG_IGN);
  }
}

class Supervisor {
 public:
  Supervisor(const SupervisorPlan& plan, pid_t command, int signals)
      : plan_(&plan), command_(command), signals_(signals) {
    if (plan.timeout_s > 0) limit_ = now_s() + plan.timeout_s;
  }

  void run() {
    while (!ended_) {
      wait_for_news();
      reap();
      if (!ended_ && deadline_ < 0 && limit_ >= 0 && now_s() >= limit_) {
        timed_out_ = true;
        request_end();
      }
      if (deadline_ >= 0 && now_s() >= deadline_) {
        kill(-command_, SIGKILL);
        kill_below(getpid());
      }
    }
    end_descendants();
    report();
  }

 private:
  void wait_for_news() {
    // Once the caller is gone the control pipe is no longer polled: it would always be ready.
    std::array<pollfd, 2> fds{
        {{signals_, POLLIN, 0}, {caller_gone_ ? -1 : plan_->control_fd, POLLIN, 0}}};
    poll(fds.data(), fds.size(), next_wait_ms());
    if (fds[0].revents != 0) {
      signalfd_siginfo info;
      [[maybe_unused]] const ssize_t size = read(signals_, &info, sizeof info);
    }
    if (fds[1].revents != 0) {
      char request = 0;
      if (read(plan_->control_fd, &request, 1) == 1) {
        request_end();
      } else {
        caller_gone_ = true;
        deadline_ = now_s();
      }
    }
  }

  [[nodiscard]] int next_wait_ms() const {
    constexpr double kLongest_ms = 60'000;
    if (deadline_ >= 0) return 20;
    if (limit_ < 0) return -1;
    return static_cast<int>(std::clamp((limit_ - now_s()) * 1e3 + 1, 0.0, kLongest_ms));
  }

  void request_end() {
    kill(-command_, SIGTERM);
    kill(-command_, SIGCONT);  // a stopped process does not see the signal before
    deadline_ = now_s() + plan_->grace_s;
  }

  /// False if nothing is left to wait for.
  bool reap() {
    while (true) {
      int status = 0;
      const pid_t pid = waitpid(-1, &status, WNOHANG);
      if (pid == command_) {
        ended_ = true;
        status_ = status;
      }
      if (pid <= 0) {
        return pid == 0 || errno == EINTR;
      }
    }
  }

  /// Kills the direct children, whose children then become this process's, until none is left.
  void end_descendants() {
    while (reap()) {
      kill_below(getpid());
      const timespec pause{0, 2'000'000};
      nanosleep(&pause, nullptr);
    }
  }

  void report() const {
    if (WIFSIGNALED(status_)) {
      send_report(plan_->report_fd, ChildReport::What::Signalled, WTERMSIG(status_), timed_out_);
    } else {
      send_report(plan_->report_fd, ChildReport::What::Exited, WEXITSTATUS(status_), timed_out_);
    }
  }

  const SupervisorPlan* plan_;
  pid_t command_;
  int signals_;
  bool ended_ = false;
  bool caller_gone_ = false;
  int status_ = 0;
  bool timed_out_ = false;
  double limit_ = -1;     ///< When the command is asked to end; -1: never.
  double deadline_ = -1;  ///< When it is killed; -1: it was not asked to end.
};

}  // namespace

void supervise(const SupervisorPlan& plan) {
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  // The command may have stopped this process, which then could not see that its caller has died.
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ}) {
    signal(number, number == SIGPIPE ? SIG_IGN : SIG_DFL);
  }
  signal(SIGCHLD, SIG_DFL);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_SETMASK, &child, nullptr);
  close_others({plan.stdout_fd, plan.stderr_fd, plan.report_fd, plan.control_fd});

  const pid_t supervisor = getpid();
  const pid_t command = fork();
  if (command == 0) {
    signal(SIGPIPE, SIG_DFL);
    become_command(plan, supervisor);
  }
  if (command < 0) {
    send_report(plan.report_fd, ChildReport::What::CouldNotStart, errno);
    _exit(1);
  }
  ignore_signals();
  close(plan.stdout_fd);
  close(plan.stderr_fd);
  const int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    dup2(null_fd, fd);
  }
  Supervisor(plan, command, signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK)).run();
  _exit(0);
}

}  // namespace placewright
