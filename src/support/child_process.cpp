// SPDX-License-Identifier: Apache-2.0
#include "support/child_process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "support/child_supervisor.h"

namespace placewright {
namespace {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { reset(); }
  [[nodiscard]] int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) {
      close(std::exchange(fd_, -1));
    }
  }

 private:
  int fd_ = -1;
};

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

/// The caller's side of a running command.
class RunningChild {
 public:
  RunningChild(const ChildCommand& command, Pipe out, Pipe err, Pipe report, Pipe control)
      : command_(&command),
        out_(std::move(out.read_end), false, command),
        err_(std::move(err.read_end), true, command),
        report_(std::move(report.read_end)),
        control_(std::move(control.write_end)) {}

  Result<ChildResult> wait(Clock::time_point start) {
    ChildReport report{};
    while (true) {
      std::array<pollfd, 3> fds{
          {{out_.fd(), POLLIN, 0}, {err_.fd(), POLLIN, 0}, {report_.get(), POLLIN, 0}}};
      poll(fds.data(), fds.size(), next_wait_ms(start));
      out_.read_available();
      err_.read_available();
      if (fds[2].revents != 0) {
        break;
      }
      stop_if_due(start);
    }
    if (read(report_.get(), &report, sizeof report) != sizeof report) {
      return fail(fmt::format("the supervisor of `{}` was killed", command_->argv[0]));
    }
    if (report.what == ChildReport::What::CouldNotStart) {
      return fail(
          fmt::format("cannot start `{}`: {}", command_->argv[0], std::strerror(report.value)));
    }
    out_.read_available();
    err_.read_available();
    result_.wall_s = seconds_since(start);
    result_.stdout_text = out_.take();
    result_.stderr_text = err_.take();
    (report.what == ChildReport::What::Exited ? result_.exit_status : result_.signal) =
        report.value;
    return std::move(result_);
  }

 private:
  [[nodiscard]] int next_wait_ms(Clock::time_point start) const {
    constexpr int kTickMs = 100;
    if (stopping_ || command_->timeout_s <= 0) {
      return kTickMs;
    }
    const double left_ms = (command_->timeout_s - seconds_since(start)) * 1e3;
    return left_ms < kTickMs ? std::max(0, static_cast<int>(left_ms) + 1) : kTickMs;
  }

  void stop_if_due(Clock::time_point start) {
    if (stopping_) {
      return;
    }
    result_.timed_out = command_->timeout_s > 0 && seconds_since(start) >= command_->timeout_s;
    result_.was_cancelled = !result_.timed_out && command_->cancelled && command_->cancelled();
    if (result_.timed_out || result_.was_cancelled) {
      stopping_ = true;
      // Fails only if the supervisor is gone, which the report pipe shows.
      [[maybe_unused]] const ssize_t written = write(control_.get(), &kControlTerminate, 1);
    }
  }

  const ChildCommand* command_;
  Stream out_;
  Stream err_;
  Descriptor report_;
  Descriptor control_;
  bool stopping_ = false;
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
      command.grace_s,
      pipes[0].write_end.get(),
      pipes[1].write_end.get(),
      pipes[2].write_end.get(),
      pipes[3].read_end.get()};
  const Clock::time_point start = Clock::now();
  const pid_t supervisor = fork();
  if (supervisor == 0) {
    supervise(plan);
  }
  if (supervisor < 0) {
    return fail(fmt::format("cannot start `{}`: {}", command.argv[0], std::strerror(errno)));
  }
  for (size_t i = 0; i < 3; ++i) {
    pipes[i].write_end.reset();
  }
  pipes[3].read_end.reset();
  Result<ChildResult> result = RunningChild(command, std::move(pipes[0]), std::move(pipes[1]),
                                            std::move(pipes[2]), std::move(pipes[3]))
                                   .wait(start);
  while (waitpid(supervisor, nullptr, 0) < 0 && errno == EINTR) {
  }
  return result;
}

}  // namespace placewright
