// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/circuit_tester.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "experiments/codegen/built_in.h"
#include "experiments/codegen/compile_mapper.h"
#include "experiments/codegen/expectation.h"
#include "experiments/codegen/judge.h"
#include "infer/observed.h"
#include "support/files.h"
#include "support/pattern.h"
#include "support/try.h"

namespace placewright::experiments {
namespace {

/// A race in the runtime says nothing about an answer unless it recurs.
constexpr int kMostRuns = 3;
constexpr size_t kMostOutput = 1500;
constexpr int kMostLines = 6;

void replace_all(std::string& text, const std::string& what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

/// The last lines of a program's output, with addresses, process numbers and times replaced by `#`,
/// so that prompts are the same every time.
std::string last_lines(const std::string& text) {
  static const Pattern changing("0x[0-9a-f]+|[0-9a-f]*[0-9][0-9a-f]{5,}|[0-9]+\\.[0-9]+|[0-9]{4,}");
  size_t begin = text.size();
  for (int line = 0; line < kMostLines && begin > 0; ++line) {
    begin = text.rfind('\n', begin - 1);
    if (begin == std::string::npos) begin = 0;
  }
  const size_t most = std::max(begin, text.size() - std::min(text.size(), kMostOutput));
  return changing.replace_all(std::string_view(text).substr(most), "#");
}

/// The mapping's own warnings, without the notes about this machine.
std::string warnings_of(const launch::RunOutcome& outcome) {
  std::istringstream lines(outcome.warnings);
  std::string result;
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("placewright: note:")) result += line + '\n';
  return result;
}

Result<launch::RunOutcome> run_again_after_race(const launch::RunRequest& request) {
  for (int run = 1;; ++run) {
    Result<launch::RunOutcome> outcome = launch::run_application(request);
    const bool raced = outcome && !outcome->runtime_assertion.empty();
    if (!raced || run == kMostRuns) return outcome;
  }
}

std::string describe_failure(const launch::RunOutcome& outcome) {
  if (outcome.stdout_text.find("VERIFICATION = FAILED") != std::string::npos)
    return "the results differ from those of a sequential program\n";
  std::string text =
      fmt::format("the run ended ({}): {}\n", to_string(outcome.status), outcome.message);
  if (outcome.status == launch::RunStatus::Crash || outcome.status == launch::RunStatus::Failed)
    text += last_lines(outcome.stderr_text);
  return text;
}

}  // namespace

Result<std::unique_ptr<CircuitTester>> CircuitTester::create(CircuitTesterSettings settings) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(settings.circuit, ignored))
    return fail(fmt::format("no program `{}`", settings.circuit),
                "build the target `circuit`, or name the program with --circuit");
  settings.circuit = std::filesystem::absolute(settings.circuit).string();
  PLACEWRIGHT_TRY(TemporaryFolder folder, TemporaryFolder::make());
  const std::string machine = folder.path() + "/machine.toml";
  PLACEWRIGHT_TRY_VOID(write_file(machine, built_in("p100x4.toml")));
  return std::unique_ptr<CircuitTester>(new CircuitTester(std::move(settings), std::move(folder)));
}

launch::RunRequest CircuitTester::request_for(int strategy) const {
  const RunShape shape = run_shape_of(strategy);
  launch::RunRequest request;
  request.argv = {settings_.circuit, "-input",  "test", "-p",      std::to_string(shape.pieces),
                  "-verify",         "-ll:gpu", "2",    "-ll:cpu", "2"};
  if (shape.probes) request.argv.emplace_back("-lg:inorder");
  request.probe_instances = shape.probes;
  request.processes = shape.processes;
  request.machine = folder_.path() + "/machine.toml";
  request.correctness = true;
  request.decisions = folder_.path() + "/decisions";
  request.timeout_s = settings_.run_timeout_s;
  request.working_directory = folder_.path();
  request.cancelled = settings_.cancelled;
  return request;
}

Result<Assessment> CircuitTester::run(const launch::RunRequest& request, Target target,
                                      int strategy) const {
  PLACEWRIGHT_TRY(const launch::RunOutcome outcome, run_again_after_race(request));
  if (outcome.status == launch::RunStatus::Cancelled) return fail("interrupted while circuit ran");
  Assessment result;
  result.run_s = outcome.wall_s;
  if (outcome.status == launch::RunStatus::RejectedMapping) {
    result.grade = Grade::DoesNotCompile;
    result.message = outcome.message;
    return result;
  }
  result.grade = Grade::Fails;
  if (outcome.status != launch::RunStatus::Ok) {
    result.message = describe_failure(outcome);
    return result;
  }
  if (target == Target::Cpp && !outcome.has_own_mapper) {
    result.message = "the library was loaded, but it installed no mapper\n";
    return result;
  }
  PLACEWRIGHT_TRY(const std::string decisions, read_file(*request.decisions));
  PLACEWRIGHT_TRY(const auto tasks, infer::read_decisions(decisions));
  PLACEWRIGHT_TRY(const machine::MachineShape machine, launch::machine_of(request));
  const Judgement judgement = judge(strategy, tasks, machine);
  result.facts = judgement.facts;
  result.message = judgement.message;
  if (judgement.right) result.grade = Grade::Right;
  if (!judgement.right && target == Target::Mapping) result.message += warnings_of(outcome);
  return result;
}

Result<Assessment> CircuitTester::assess(Target target, const Strategy& strategy,
                                         const std::string& code) {
  PLACEWRIGHT_TRY(Assessment result, target == Target::Mapping
                                         ? assess_mapping(strategy.number, code)
                                         : assess_cpp(strategy.number, code));
  // Keep the names of this machine's folders out of prompts.
  replace_all(result.message, folder_.path() + "/", "");
  replace_all(result.message, std::filesystem::path(settings_.circuit).parent_path().string() + "/",
              "");
  return result;
}

Result<Assessment> CircuitTester::assess_mapping(int strategy, const std::string& code) const {
  launch::RunRequest request = request_for(strategy);
  request.mapping = folder_.path() + "/answer.mapping";
  PLACEWRIGHT_TRY_VOID(write_file(*request.mapping, code));
  return run(request, Target::Mapping, strategy);
}

Result<Assessment> CircuitTester::assess_cpp(int strategy, const std::string& code) const {
  if (!settings_.allow_native_code)
    return fail("a mapper in C++ is native code that nobody has reviewed",
                "--allow-native-code compiles and runs it with your permissions");
  PLACEWRIGHT_TRY(
      const CompiledMapper compiled,
      compile_mapper(code, folder_.path(), settings_.compile_timeout_s, settings_.cancelled));
  if (!compiled.library) {
    Assessment refused;
    refused.grade = Grade::DoesNotCompile;
    refused.message = compiled.messages;
    refused.compile_s = compiled.seconds;
    return refused;
  }
  launch::RunRequest request = request_for(strategy);
  request.mapper_library = *compiled.library;
  for (const std::string& name : secret_variables()) request.environment.emplace_back(name, "");
  Result<Assessment> result = run(request, Target::Cpp, strategy);
  if (result) result->compile_s = compiled.seconds;
  return result;
}

}  // namespace placewright::experiments
