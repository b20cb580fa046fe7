// SPDX-License-Identifier: Apache-2.0
#include "support/child_process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>

#include "support/child_supervisor.h"
#include "support/descriptor.h"
#include "support/process_table.h"

namespace placewright {
namespace {

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) {
    return fail(fmt::format("cannot create a pipe: {}", std::strerror(errno)));
  }
  return Pipe{Descriptor(fds[0]), Descriptor(fds[1])};
}

std::vector<std::string> changed_environment(const ChildCommand& command) {
  std::vector<std::string> result;
  const auto is_changed = [&](std::string_view entry) {
    const std::string_view name = entry.substr(0, entry.find('='));
    for (const auto& [changed, value] : command.environment) {
      if (changed == name) {
        return true;
      }
    }
    return false;
  };
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!is_changed(*entry)) {
      result.emplace_back(*entry);
    }
  }
  for (const auto& [name, value] : command.environment) {
    if (value) {
      result.push_back(name + "=" + *value);
    }
  }
  return result;
}

std::vector<const char*> c_strings(const std::vector<std::string>& texts) {
  std::vector<const char*> result;
  for (const std::string& text : texts) {
    result.push_back(text.c_str());
  }
  result.push_back(nullptr);
  return result;
}

/// One output stream of the command: read without blocking; only the last bytes are kept.
class Stream {
 public:
  Stream(Descriptor fd, bool is_stderr, const ChildCommand& command)
      : fd_(std::move(fd)), is_stderr_(is_stderr), command_(&command) {
    fcntl(fd_.get(), F_SETFL, O_NONBLOCK);
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

  void read_available() {
    std::array<char, 65536> buffer;
    while (fd_.get() >= 0) {
      const ssize_t size = read(fd_.get(), buffer.data(), buffer.size());
      if (size < 0 && errno == EINTR) {
        continue;
      }
      if (size < 0) {
        return;
      }
      if (size == 0) {
        fd_.reset();
        return;
      }
      keep({buffer.data(), static_cast<size_t>(size)});
    }
  }

  [[nodiscard]] std::string take() {
    if (text_.size() > command_->output_limit) {
      text_.erase(0, text_.size() - command_->output_limit);
    }
    return std::move(text_);
  }

 private:
  void keep(std::string_view piece) {
    if (command_->on_output) {
      command_->on_output(piece, is_stderr_);
    }
    text_ += piece;
    if (text_.size() > 2 * command_->output_limit + 65536) {
      text_.erase(0, text_.size() - command_->output_limit);
    }
  }

  Descriptor fd_;
  bool is_stderr_;
  const ChildCommand* command_;
  std::string text_;
};

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The supervisors of this process. A supervisor that was killed no longer adopts orphans; they then
/// come to this process, and this list tells them from the supervisors of other runs.
class Supervisors {
 public:
  /// The supervisor's id, or -1 with errno.
  pid_t start(const SupervisorPlan& plan) {
    const std::lock_guard lock(mutex_);
    const pid_t pid = fork();
    if (pid == 0) supervise(plan);
    if (pid > 0) running_.insert(pid);
    return pid;
  }

  void await(pid_t pid) {
    while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    const std::lock_guard lock(mutex_);
    running_.erase(pid);
  }

  /// Kills the processes that came from killed supervisors; their children come here, too. Gives up
  /// on those that the kernel does not let go.
  void end_orphans() {
    const Clock::time_point start = Clock::now();
    while (kill_orphans() && seconds_since(start) < kPatience_s)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

 private:
  /// False if there is none. Only a process that is in another session than this one and is not a
  /// supervisor can have come from a supervisor.
  bool kill_orphans() {
    const std::lock_guard lock(mutex_);
    bool found = false;
    const pid_t session = getsid(0);
    for (const ProcessFacts& each : all_processes()) {
      if (each.parent != getpid() || each.session == session || running_.contains(each.pid))
        continue;
      found = true;
      kill_below(each.pid);
      kill(each.pid, SIGKILL);
      waitpid(each.pid, nullptr, WNOHANG);
    }
    return found;
  }

  static constexpr double kPatience_s = 5;
  std::mutex mutex_;
  std::set<pid_t> running_;
};

Supervisors& supervisors() {
  static Supervisors all;
  return all;
}

/// The caller's side of a running command.
class RunningChild {
 public:
  RunningChild(const ChildCommand& command, pid_t supervisor, Pipe out, Pipe err, Pipe report,
               Pipe control)
      : command_(&command),
        supervisor_(supervisor),
        out_(std::move(out.read_end), false, command),
        err_(std::move(err.read_end), true, command),
        report_(std::move(report.read_end)),
        control_(std::move(control.write_end)) {}

  Result<ChildResult> wait(Clock::time_point start) {
    if (command_->timeout_s > 0) due_s_ = command_->timeout_s;
    while (true) {
      std::array<pollfd, 3> fds{
          {{out_.fd(), POLLIN, 0}, {err_.fd(), POLLIN, 0}, {report_.get(), POLLIN, 0}}};
      constexpr int kTickMs = 100;
      poll(fds.data(), fds.size(), kTickMs);
      out_.read_available();
      err_.read_available();
      if (fds[2].revents != 0) return take_report(start);
      cancel_if_requested(start);
      if (is_overdue(start)) return end_by_force(start);
    }
  }

 private:
  Result<ChildResult> take_report(Clock::time_point start) {
    ChildReport report{};
    if (read(report_.get(), &report, sizeof report) != sizeof report) {
      result_.killed_supervisor = true;
      result_.signal = SIGKILL;
      return finished(start);
    }
    if (report.what == ChildReport::What::CouldNotStart) {
      return fail(
          fmt::format("cannot start `{}`: {}", command_->argv[0], std::strerror(report.value)));
    }
    result_.timed_out = report.timed_out != 0;
    result_.was_cancelled = result_.was_cancelled && !result_.timed_out;
    (report.what == ChildReport::What::Exited ? result_.exit_status : result_.signal) =
        report.value;
    return finished(start);
  }

  ChildResult finished(Clock::time_point start) {
    out_.read_available();
    err_.read_available();
    result_.wall_s = seconds_since(start);
    result_.stdout_text = out_.take();
    result_.stderr_text = err_.take();
    return std::move(result_);
  }

  void cancel_if_requested(Clock::time_point start) {
    if (result_.was_cancelled || !command_->cancelled || !command_->cancelled()) return;
    result_.was_cancelled = true;
    const double now = seconds_since(start);
    due_s_ = due_s_ < 0 ? now : std::min(due_s_, now);
    // Fails only if the supervisor is gone, which the report pipe shows.
    [[maybe_unused]] const ssize_t written = write(control_.get(), &kControlTerminate, 1);
  }

  /// Whether the supervisor has not ended the command when it should have: the command stopped it.
  bool is_overdue(Clock::time_point start) const {
    if (due_s_ < 0 || seconds_since(start) < due_s_ + kDelay_s) return false;
    kill(supervisor_, SIGCONT);
    return seconds_since(start) >= due_s_ + command_->grace_s + 4 * kDelay_s;
  }

  /// While the supervisor exists, everything that the command has started is below it.
  ChildResult end_by_force(Clock::time_point start) {
    kill(supervisor_, SIGSTOP);
    for (int round = 0; kill_below(supervisor_) > 0 && round < kMostRounds; ++round)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    kill(supervisor_, SIGKILL);
    result_.timed_out = !result_.was_cancelled;
    result_.signal = SIGKILL;
    return finished(start);
  }

  static constexpr double kDelay_s = 0.5;
  static constexpr int kMostRounds = 2000;

  const ChildCommand* command_;
  pid_t supervisor_;
  Stream out_;
  Stream err_;
  Descriptor report_;
  Descriptor control_;
  double due_s_ = -1;  ///< When the supervisor begins to end the command; -1: at no known time.
  ChildResult result_;
};

}  // namespace

Result<ChildResult> run_child(const ChildCommand& command) {
  if (command.argv.empty()) {
    return fail("no command to run");
  }
  std::array<Pipe, 4> pipes;  // stdout, stderr, report, control
  for (Pipe& pipe : pipes) {
    Result<Pipe> made = make_pipe();
    if (!made) {
      return tl::unexpected<Error>(made.error());
    }
    pipe = std::move(*made);
  }
  const std::vector<std::string> environment = changed_environment(command);
  const std::vector<const char*> argv = c_strings(command.argv);
  const std::vector<const char*> envp = c_strings(environment);
  const SupervisorPlan plan{
      argv.data(),
      envp.data(),
      command.working_directory.empty() ? nullptr : command.working_directory.c_str(),
      command.timeout_s,
      command.grace_s,
      pipes[0].write_end.get(),
      pipes[1].write_end.get(),
      pipes[2].write_end.get(),
      pipes[3].read_end.get()};
  // Adopts the orphans of a supervisor that is killed.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const Clock::time_point start = Clock::now();
  const pid_t supervisor = supervisors().start(plan);
  if (supervisor < 0) {
    return fail(fmt::format("cannot start `{}`: {}", command.argv[0], std::strerror(errno)));
  }
  for (size_t i = 0; i < 3; ++i) {
    pipes[i].write_end.reset();
  }
  pipes[3].read_end.reset();
  Result<ChildResult> result =
      RunningChild(command, supervisor, std::move(pipes[0]), std::move(pipes[1]),
                   std::move(pipes[2]), std::move(pipes[3]))
          .wait(start);
  supervisors().await(supervisor);
  if (result && result->killed_supervisor) supervisors().end_orphans();
  return result;
}

}  // namespace placewright
