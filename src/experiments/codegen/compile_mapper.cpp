// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/compile_mapper.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "launch/libraries.h"
#include "support/child_process.h"
#include "support/files.h"
#include "support/text.h"
#include "support/try.h"

namespace placewright::experiments {
namespace {

constexpr size_t kMostMessages = 4000;

std::string variable_or(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

Result<std::vector<std::string>> compile_command() {
  const std::string headers = variable_or(
      "PLACEWRIGHT_LEGION_HEADERS", launch::below_runtime(PLACEWRIGHT_RUNTIME_HEADERS).c_str());
  if (headers.empty())
    return fail("this build has no Legion, so mappers in C++ cannot be compiled",
                "configure with -DPLACEWRIGHT_LEGION=ON, or set PLACEWRIGHT_LEGION_HEADERS");
  // Warnings are off, so that the messages contain only errors.
  std::vector<std::string> argv = {variable_or("PLACEWRIGHT_COMPILER", PLACEWRIGHT_COMPILER),
                                   "-std=c++20",
                                   "-O0",
                                   "-w",
                                   "-fPIC",
                                   "-shared",
                                   "-fno-diagnostics-color"};
  std::istringstream folders(headers);
  for (std::string folder; std::getline(folders, folder, ':');) {
    argv.emplace_back("-isystem");
    argv.push_back(folder);
  }
  argv.insert(argv.end(), {"mapper.cpp", "-o", "mapper.so"});
  return argv;
}

/// Removes the folders of the headers, which differ between machines.
std::string without_folders(std::string text, const std::vector<std::string>& argv) {
  for (const std::string& word : argv) {
    if (!word.starts_with('/')) continue;
    for (size_t at = text.find(word + "/"); at != std::string::npos; at = text.find(word + "/", at))
      text.erase(at, word.size() + 1);
  }
  return text;
}

std::string beginning_of(const std::string& text) {
  if (text.size() <= kMostMessages) return text;
  return text.substr(0, text.rfind('\n', kMostMessages) + 1) + "...\n";
}

}  // namespace

std::vector<std::string> secret_variables() {
  constexpr const char* kWords[] = {"key", "token", "secret", "password", "credential"};
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string name(*entry, std::strcspn(*entry, "="));
    const std::string lower = lower_case(name);
    if (std::ranges::any_of(kWords,
                            [&](const char* word) { return lower.find(word) != lower.npos; }))
      result.push_back(name);
  }
  return result;
}

Result<CompiledMapper> compile_mapper(const std::string& source, const std::string& folder,
                                      double timeout_s, const std::function<bool()>& cancelled) {
  PLACEWRIGHT_TRY_VOID(write_file(folder + "/mapper.cpp", source));
  ChildCommand command;
  PLACEWRIGHT_TRY(command.argv, compile_command());
  command.working_directory = folder;
  command.timeout_s = timeout_s;
  command.cancelled = cancelled;
  for (const std::string& name : secret_variables())
    command.environment.emplace_back(name, std::nullopt);
  PLACEWRIGHT_TRY(const ChildResult done, run_child(command));
  if (done.was_cancelled) return fail("interrupted while a mapper was compiled");
  CompiledMapper result;
  result.seconds = done.wall_s;
  result.messages = beginning_of(without_folders(done.stderr_text, command.argv));
  if (done.timed_out)
    result.messages = fmt::format("the compiler was stopped after {} s\n", timeout_s);
  if (done.exit_status == 0) result.library = folder + "/mapper.so";
  return result;
}

}  // namespace placewright::experiments
