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

TEST(ChildProcess, DiesWithItsCaller) {
  const std::string pid_file =
      (std::filesystem::temp_directory_path() / ("pw_child_" + std::to_string(getpid()))).string();
  const pid_t caller = fork();
  if (caller == 0) {
    const auto ignored = run_child(shell("setsid sleep 1000 & echo $! > " + pid_file + "; wait"));
    _exit(ignored ? 0 : 1);
  }
  pid_t sleeper = 0;
  for (int i = 0; i < 500 && sleeper == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::ifstream(pid_file) >> sleeper;
  }
  ASSERT_GT(sleeper, 0);
  kill(caller, SIGKILL);
  waitpid(caller, nullptr, 0);
  EXPECT_TRUE(is_gone(sleeper));
  std::filesystem::remove(pid_file);
}

}  // namespace
}  // namespace placewright
