// SPDX-License-Identifier: Apache-2.0
#include "support/child_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace placewright {
namespace {

ChildCommand shell(const std::string& script) { return ChildCommand{{"sh", "-c", script}}; }

/// Waits up to 5 s for a process to be gone; zombies of other parents count as gone.
bool is_gone(pid_t pid) {
  for (int i = 0; i < 250; ++i) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(stat, text);
    if (text.empty() || text.find(") Z ") != std::string::npos) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

TEST(ChildProcess, ReturnsExitStatusAndBothStreams) {
  const auto result = run_child(shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->exit_status, 3);
  EXPECT_FALSE(result->signal);
  EXPECT_EQ(result->stdout_text, "out\n");
  EXPECT_EQ(result->stderr_text, "err\n");
  EXPECT_FALSE(result->timed_out);
}

TEST(ChildProcess, ReturnsTheSignal) {
  const auto result = run_child(shell("kill -SEGV $$"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->signal, SIGSEGV);
  EXPECT_FALSE(result->exit_status);
}

TEST(ChildProcess, NamesAProgramThatCannotBeStarted) {
  const auto result = run_child(ChildCommand{{"./no-such-program"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "cannot start `./no-such-program`: No such file or directory");
}

TEST(ChildProcess, SetsAndRemovesVariablesAndChangesTheFolder) {
  setenv("PW_TEST_REMOVED", "there", 1);
  ChildCommand command = shell("echo $PW_TEST_SET:${PW_TEST_REMOVED-gone}; pwd");
  command.environment = {{"PW_TEST_SET", "yes"}, {"PW_TEST_REMOVED", std::nullopt}};
  command.working_directory = "/";
  const auto result = run_child(command);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->stdout_text, "yes:gone\n/\n");
}

TEST(ChildProcess, KeepsTheLastBytesOfALongOutput) {
  ChildCommand command = shell("head -c 300000 /dev/zero | tr '\\0' x; echo end");
  command.output_limit = 1000;
  size_t seen = 0;
  command.on_output = [&](std::string_view piece, bool) { seen += piece.size(); };
  const auto result = run_child(command);
  ASSERT_TRUE(result);
  EXPECT_EQ(seen, 300004U);
  EXPECT_EQ(result->stdout_text.size(), 1000U);
  EXPECT_EQ(result->stdout_text.substr(996), "end\n");
}

TEST(ChildProcess, EndsAPoliteCommandAtTheLimitBySigterm) {
  ChildCommand command = shell("trap 'echo bye; exit 7' TERM; while :; do sleep 0.05; done");
  command.timeout_s = 0.3;
  const auto result = run_child(command);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->timed_out);
  EXPECT_EQ(result->stdout_text, "bye\n");
  EXPECT_EQ(result->exit_status, 7);
}

TEST(ChildProcess, KillsACommandThatIgnoresSigtermWithAllDescendants) {
  ChildCommand command =
      shell("trap '' TERM; (trap '' TERM; setsid sleep 1000 & echo $!; wait) & sleep 1000");
  command.timeout_s = 0.3;
  command.grace_s = 0.2;
  const auto result = run_child(command);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->timed_out);
  EXPECT_EQ(result->signal, SIGKILL);
  EXPECT_LT(result->wall_s, 30);
  const pid_t grandchild = std::atoi(result->stdout_text.c_str());
  ASSERT_GT(grandchild, 0);
  EXPECT_TRUE(is_gone(grandchild));
}

TEST(ChildProcess, KillsWhatTheCommandLeftBehind) {
  const auto result = run_child(shell("setsid sleep 1000 >/dev/null 2>&1 & echo $!"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_status, 0);
  EXPECT_TRUE(is_gone(std::atoi(result->stdout_text.c_str())));
}

TEST(ChildProcess, StopsWhenCancelled) {
  ChildCommand command = shell("sleep 1000");
  int asked = 0;
  command.cancelled = [&] { return ++asked > 2; };
  const auto result = run_child(command);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->was_cancelled);
  EXPECT_FALSE(result->timed_out);
  EXPECT_EQ(result->signal, SIGTERM);
}

/// A command that prints its grandchild's number, lets it send signals, and never ends by itself.
ChildCommand hostile(const std::string& signals) {
  return shell("setsid sh -c 'trap \"\" TERM; sleep 1000' & echo $!; supervisor=$PPID; " + signals +
               "; while :; do sleep 0.05; done");
}

TEST(ChildProcess, EndsAtTheLimitAlthoughTheCommandStoppedTheSupervisor) {
  ChildCommand command = hostile("kill -STOP $supervisor");
  command.timeout_s = 0.4;
  command.grace_s = 0.2;
  const auto result = run_child(command);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->timed_out);
  EXPECT_LT(result->wall_s, 30);
  EXPECT_TRUE(is_gone(std::atoi(result->stdout_text.c_str())));
}

TEST(ChildProcess, EndsAtTheLimitAlthoughTheCommandStopsTheSupervisorAgainAndAgain) {
  ChildCommand command =
      hostile("setsid sh -c \"while kill -STOP $supervisor; do :; done\" & kill -STOP $supervisor");
  command.timeout_s = 0.4;
  command.grace_s = 0.2;
  const auto result = run_child(command);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->timed_out);
  EXPECT_LT(result->wall_s, 30);
  EXPECT_TRUE(is_gone(std::atoi(result->stdout_text.c_str())));
}

TEST(ChildProcess, IsCancelledAlthoughTheCommandStoppedTheSupervisor) {
  ChildCommand command = hostile("kill -STOP $supervisor");
  command.grace_s = 0.2;
  const auto start = std::chrono::steady_clock::now();
  command.cancelled = [&] {
    return std::chrono::steady_clock::now() - start > std::chrono::milliseconds(500);
  };
  const auto result = run_child(command);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->was_cancelled);
  EXPECT_FALSE(result->timed_out);
  EXPECT_TRUE(is_gone(std::atoi(result->stdout_text.c_str())));
}

TEST(ChildProcess, EndsAtOnceWhenTheCommandKillsTheSupervisor) {
  ChildCommand command = hostile("setsid sleep 1000 & kill -KILL $supervisor");
  command.timeout_s = 100;
  const auto result = run_child(command);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->killed_supervisor);
  EXPECT_EQ(result->signal, SIGKILL);
  EXPECT_LT(result->wall_s, 50);
  EXPECT_TRUE(is_gone(std::atoi(result->stdout_text.c_str())));
}

TEST(ChildProcess, SupervisorTakesNoOtherSignalOfTheCommand) {
  const auto result = run_child(
      shell("for s in HUP INT QUIT TERM USR1 USR2 ALRM PIPE; do kill -$s $PPID; done; exit 4"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_status, 4);
}

TEST(ChildProcess, OtherRunsStayWhenACommandKillsItsSupervisor) {
  Result<ChildResult> other = fail("not run");
  std::thread thread([&] { other = run_child(shell("setsid sleep 0.8 & wait; exit 5")); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto result = run_child(hostile("kill -KILL $supervisor"));
  thread.join();
  ASSERT_TRUE(result && other);
  EXPECT_TRUE(result->killed_supervisor);
  EXPECT_EQ(other->exit_status, 5);
}

/// The number that a process writes to a file, once it has.
pid_t number_in(const std::string& path) {
  pid_t number = 0;
  for (int i = 0; i < 500 && number == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::ifstream(path) >> number;
  }
  return number;
}

TEST(ChildProcess, EndsAtTheLimitWhileItsCallerIsStopped) {
  const std::string pid_file =
      (std::filesystem::temp_directory_path() / ("pw_stopped_" + std::to_string(getpid())))
          .string();
  const pid_t caller = fork();
  if (caller == 0) {
    ChildCommand command = shell("setsid sleep 1000 & echo $! > " + pid_file + "; wait");
    command.timeout_s = 1;
    const auto result = run_child(command);
    _exit(result && result->timed_out ? 0 : 1);
  }
  const pid_t sleeper = number_in(pid_file);
  ASSERT_GT(sleeper, 0);
  kill(caller, SIGSTOP);
  EXPECT_TRUE(is_gone(sleeper));
  kill(caller, SIGCONT);
  int status = 0;
  waitpid(caller, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  std::filesystem::remove(pid_file);
}

TEST(ChildProcess, DiesWithItsCallerAlthoughTheCommandStoppedTheSupervisor) {
  const std::string pid_file =
      (std::filesystem::temp_directory_path() / ("pw_both_" + std::to_string(getpid()))).string();
  const pid_t caller = fork();
  if (caller == 0) {
    const auto ignored =
        run_child(shell("setsid sleep 1000 & kill -STOP $PPID; echo $! > " + pid_file + "; wait"));
    _exit(ignored ? 0 : 1);
  }
  const pid_t sleeper = number_in(pid_file);
  ASSERT_GT(sleeper, 0);
  kill(caller, SIGKILL);
  waitpid(caller, nullptr, 0);
  EXPECT_TRUE(is_gone(sleeper));
  std::filesystem::remove(pid_file);
}

TEST(ChildProcess, DiesWithItsCaller) {
  const std::string pid_file =
      (std::filesystem::temp_directory_path() / ("pw_child_" + std::to_string(getpid()))).string();
  const pid_t caller = fork();
  if (caller == 0) {
    const auto ignored = run_child(shell("setsid sleep 1000 & echo $! > " + pid_file + "; wait"));
    _exit(ignored ? 0 : 1);
  }
  const pid_t sleeper = number_in(pid_file);
  ASSERT_GT(sleeper, 0);
  kill(caller, SIGKILL);
  waitpid(caller, nullptr, 0);
  EXPECT_TRUE(is_gone(sleeper));
  std::filesystem::remove(pid_file);
}

}  // namespace
}  // namespace placewright
