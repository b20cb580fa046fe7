// SPDX-License-Identifier: Apache-2.0
#include "explain/failure.h"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "explain/catalogue.h"
#include "explain/mapping_lines.h"
#include "support/pattern.h"
#include "workload/decisions.h"

namespace placewright::explain {
namespace {

constexpr size_t kMostMessage = 400;
constexpr size_t kMostPart = 120;
constexpr size_t kMostTail = 300;
/// A longer line does not come from a library.
constexpr size_t kMostComplaint = 120;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// What a program said last, as data.
std::string tail(const std::string& text) {
  const size_t end = text.find_last_not_of("\n\r \t");
  if (end == std::string::npos) return "";
  const std::string said = text.substr(0, end + 1);
  return as_data(said.size() > kMostTail ? said.substr(said.size() - kMostTail) : said, kMostTail);
}

// ---- what the plug-in refused

struct RefusalMeaning {
  FindingKind kind = FindingKind::MapperOutput;
  std::string_view why;
};

RefusalMeaning meaning_of(const launch::RunOutcome& outcome) {
  const std::string& id = outcome.refusal->id;
  if (outcome.status == launch::RunStatus::OutOfMemory)
    return {FindingKind::OutOfMemory,
            "what lives there at the same time is larger than the memory, and no task in flight "
            "frees any of it"};
  if (id == "no-variant")
    return {FindingKind::NoUsableProcessor,
            "no kind of the task's rule has both a variant and a processor"};
  if (id == "unaddressable-memory")
    return {FindingKind::UnusableMemory,
            "the processors of the task cannot address any memory of the rule"};
  if (id == "impossible-layout")
    return {FindingKind::LayoutViolation,
            "the rule and the task variant require incompatible layouts"};
  if (id == "unmodelled-copies")
    return {FindingKind::MapperOutput,
            "it moves data between host memories, which virtual GPUs cannot time"};
  if (id == "not-replicable" || id.empty())
    return {FindingKind::MapperOutput, "the decision cannot be carried out"};
  // Every other id is that of a diagnostic about a map function or a condition.
  return {FindingKind::UnplaceablePoint,
          "the statement that maps the launch gives no processor of this machine for some point"};
}

void add_memory_facts(const launch::RunOutcome& outcome, Finding& finding) {
  if (outcome.memory)
    finding.evidence.push_back({"memory", std::string(to_string(*outcome.memory))});
  if (!outcome.refusal || outcome.refusal->capacity == 0) return;
  const launch::PluginRefusal& refusal = *outcome.refusal;
  finding.evidence.push_back({"asked", fmt::format("{} bytes", refusal.bytes)});
  finding.evidence.push_back({"capacity", fmt::format("{} bytes", refusal.capacity)});
  for (const launch::MemoryHolder& holder : refusal.holders) {
    finding.evidence.push_back(
        {"live", fmt::format("{} bytes in {} instances for argument {} of {}", holder.bytes,
                             holder.count, holder.argument, as_data(holder.task))});
  }
}

/// Another memory than the full one, for the argument that found no room and for the largest.
void add_memory_edits(const launch::RunOutcome& outcome, const EditMaker& edits, Finding& finding) {
  if (!outcome.memory || !outcome.refusal || edits.before().policy == nullptr) return;
  const workload::ResolvedDecisions& decisions = edits.before().decisions;
  const auto task =
      std::ranges::find(decisions.tasks, outcome.refusal->task, &workload::ResolvedTask::name);
  if (task == decisions.tasks.end() || outcome.refusal->regions.empty()) return;
  const std::string& region = outcome.refusal->regions.front();
  for (const machine::MemoryKind memory : machine::kMemoryKinds) {
    if (memory == *outcome.memory || memory == machine::MemoryKind::Virtual ||
        !machine::can_address(task->kind, memory))
      continue;
    if (auto edit = edits.move_regions({region}, task->kind, memory))
      finding.edits.push_back(std::move(*edit));
  }
}

Finding refusal_finding(const Observation& run, const EditMaker* edits) {
  const launch::PluginRefusal& refusal = *run.outcome.refusal;
  Finding finding;
  const RefusalMeaning meaning = meaning_of(run.outcome);
  finding.kind = meaning.kind;
  finding.what = harmless(refusal.message, kMostMessage);
  finding.why = meaning.why;
  finding.advice = harmless(refusal.help, kMostMessage);
  if (finding.kind == FindingKind::UnplaceablePoint && finding.advice.empty())
    finding.advice = "take every index in the function modulo (`%`) the size of its dimension";
  if (!refusal.id.empty()) finding.evidence.push_back({"id", harmless(refusal.id, 60)});
  if (!refusal.task.empty()) finding.evidence.push_back({"task", as_data(refusal.task)});
  if (refusal.argument >= 0) {
    finding.evidence.push_back({"argument", refusal.regions.empty()
                                                ? std::to_string(refusal.argument)
                                                : fmt::format("{} ({})", refusal.argument,
                                                              as_data(refusal.regions.front()))});
  }
  finding.lines = lines_at(refusal.position, run.mapping);
  add_memory_facts(run.outcome, finding);
  if (edits != nullptr && finding.kind == FindingKind::OutOfMemory)
    add_memory_edits(run.outcome, *edits, finding);
  return finding;
}

// ---- what Legion, the program or a library said

constexpr std::string_view kWrongStride = "stride does not match expected value";

void add_layout_edits(const EditMaker* edits, Finding& finding) {
  if (edits == nullptr) return;
  for (const char* words : {"SOA C_order", "SOA F_order", "AOS C_order", "AOS F_order"}) {
    if (auto edit = edits->make(fmt::format("lay everything out as {}", words),
                                fmt::format("Layout * * * {};\n", words)))
      finding.edits.push_back(std::move(*edit));
  }
}

Finding stride_finding(const Observation& run, const EditMaker* edits) {
  Finding finding;
  finding.kind = FindingKind::UnexpectedStride;
  finding.what = fmt::format("a task's accessor has a different stride than the task expects: {}",
                             as_data(run.outcome.application_assertion));
  finding.why = "the memory layout is not the one that the task is written for";
  finding.advice =
      "change the Layout rule of the argument (C_order, F_order, SOA, AOS), or run the task on "
      "another kind of processor";
  finding.lines = lines_beginning("Layout", run.mapping);
  add_layout_edits(edits, finding);
  return finding;
}

/// OpenBLAS complains on standard output, other libraries on standard error.
std::optional<BlasComplaint> blas_complaint(const launch::RunOutcome& outcome) {
  const auto complaint = find_blas_complaint(outcome.stderr_text);
  return complaint ? complaint : find_blas_complaint(outcome.stdout_text);
}

Finding blas_finding(const Observation& run, const BlasComplaint& complaint,
                     const EditMaker* edits) {
  Finding finding;
  finding.kind = FindingKind::BlasArgument;
  finding.what =
      fmt::format("{} refused its parameter {}", as_data(complaint.routine), complaint.parameter);
  finding.why =
      "the memory layout is not the one that the task is written for: strides passed to the "
      "library as leading dimensions are too small";
  finding.advice =
      "change the Layout rule of the arguments, C_order for row-major calls, F_order "
      "for column-major ones";
  finding.evidence = {{"routine", as_data(complaint.routine)},
                      {"parameter", std::to_string(complaint.parameter)}};
  finding.lines = lines_beginning("Layout", run.mapping);
  add_layout_edits(edits, finding);
  return finding;
}

/// The published plug-in's own bug: an assertion of its mapper on an event that does not exist.
bool is_limit_assertion(const launch::RunOutcome& outcome) {
  constexpr std::string_view kCondition = ": event.exists()";
  if (outcome.runtime_assertion.ends_with(kCondition)) return true;
  const std::string& own = outcome.application_assertion;
  return own.ends_with(kCondition) &&
         own.substr(0, own.find(':')).find("mapper") != std::string::npos;
}

Finding limit_finding(const Observation& run) {
  Finding finding;
  finding.kind = FindingKind::InstanceLimitAssertion;
  const launch::RunOutcome& outcome = run.outcome;
  finding.what =
      fmt::format("the mapper's bookkeeping of tasks in flight failed: {}",
                  as_data(outcome.runtime_assertion.empty() ? outcome.application_assertion
                                                            : outcome.runtime_assertion));
  finding.why =
      "InstanceLimit statements cause it: the mapper waits for the end of a task that was never "
      "reported to it";
  finding.advice = "remove the InstanceLimit statements";
  finding.lines = lines_beginning("InstanceLimit", run.mapping);
  return finding;
}

Finding logged_finding(const launch::RuntimeError& error) {
  const Explanation known = explanation_of(error.cause);
  Finding finding;
  finding.kind = known.kind;
  finding.what = fmt::format("Legion ended the run: {}", as_data(error.message, kMostMessage));
  finding.why = known.why;
  finding.advice = known.advice;
  for (const launch::MessagePart& part : error.parts)
    finding.evidence.push_back({part.name, harmless(part.text, kMostPart)});
  return finding;
}

Finding crash_finding(const launch::RunOutcome& outcome) {
  Finding finding;
  finding.kind = FindingKind::Crash;
  finding.what = fmt::format("the program was terminated by signal {}", outcome.signal);
  if (!outcome.runtime_assertion.empty()) {
    finding.kind = FindingKind::RuntimeAssertion;
    finding.what = fmt::format("an assertion of the Legion runtime failed: {}",
                               as_data(outcome.runtime_assertion));
    finding.why = "either a race in the runtime or a decision that it does not expect";
    finding.advice = "run it again; if it fails again, remove rules until it does not";
    return finding;
  }
  finding.why = "an error in the program, in a library, or in a task that gets unexpected data";
  finding.advice =
      "compare with a run without a mapping, then change the rules for layout and "
      "processor kind one by one";
  if (!outcome.application_assertion.empty()) {
    finding.what +=
        fmt::format(": the assertion {} failed", as_data(outcome.application_assertion));
    finding.why = "an assertion in the program failed";
  }
  return finding;
}

Finding plain(FindingKind kind, std::string what, std::string why, std::string advice) {
  Finding finding;
  finding.kind = kind;
  finding.what = std::move(what);
  finding.why = std::move(why);
  finding.advice = std::move(advice);
  return finding;
}

Finding verdict_finding(const Verdict& verdict) {
  if (verdict.problem == Verdict::Problem::NoMetric) {
    Finding finding = plain(
        FindingKind::NoMetric, "the program's output has no number where the metric should be",
        "the run ended before it printed one, or prints it in another format",
        "let the program print its time, or give a pattern that matches its line");
    finding.evidence = {{"pattern", as_data(verdict.expected)}};
    return finding;
  }
  Finding finding =
      plain(FindingKind::WrongResult, "the result differs from that of the default mapper",
            "a task computes something else where its data lies now: it assumes a layout, or its "
            "variants differ",
            "undo changes of Layout rules first, then of processor kinds");
  finding.evidence = {{"expected", as_data(verdict.expected)}, {"found", as_data(verdict.found)}};
  return finding;
}

/// The one finding for a status without a more exact cause.
Finding status_finding(const Observation& run) {
  const launch::RunOutcome& outcome = run.outcome;
  const std::string message = harmless(first_line(outcome.message), kMostMessage);
  switch (outcome.status) {
    case launch::RunStatus::Timeout:
      return plain(FindingKind::Timeout, message,
                   "it is much slower than the limit allows, or it hangs",
                   "look for large tasks on slow processors and for data in zero-copy memory; if "
                   "memory is tight, limit tasks in flight");
    case launch::RunStatus::MapperIgnored:
      return plain(FindingKind::MapperIgnored, message,
                   "the application installs its own mapper, which decides instead",
                   "replace that mapper with --replace-mapper");
    case launch::RunStatus::NotLegion:
      return plain(FindingKind::NotLegion, message, "no mapping can change such a program",
                   "check the command line");
    case launch::RunStatus::ProcessesDidNotJoin:
      return plain(FindingKind::ProcessesDidNotJoin, message,
                   "the processes ran separately instead of together",
                   "run `placewright doctor`, which checks MPI and UCX");
    case launch::RunStatus::MapperError:
      return plain(FindingKind::MapperOutput, message, "a decision could not be carried out",
                   "remove rules until it can");
    case launch::RunStatus::OutOfMemory:
      return plain(FindingKind::OutOfMemory, message, "a memory is full",
                   "list a second memory, or make it larger");
    case launch::RunStatus::Crash:
      return crash_finding(outcome);
    case launch::RunStatus::Failed:
      return plain(FindingKind::Failed, message, "the program reports a failure",
                   "read what it printed last; compare with a run without a mapping");
    case launch::RunStatus::Ok:
    case launch::RunStatus::RejectedMapping:
    case launch::RunStatus::Cancelled:
      break;  // Not failures of a run that was started.
  }
  return {};
}

Finding outcome_finding(const Observation& run, const EditMaker* edits) {
  const launch::RunOutcome& outcome = run.outcome;
  if (outcome.refusal) return refusal_finding(run, edits);
  if (is_limit_assertion(outcome)) return limit_finding(run);
  if (outcome.application_assertion.find(kWrongStride) != std::string::npos)
    return stride_finding(run, edits);
  const bool ended_by_itself =
      outcome.status == launch::RunStatus::Failed || outcome.status == launch::RunStatus::Crash;
  if (ended_by_itself) {
    if (const auto complaint = blas_complaint(outcome)) return blas_finding(run, *complaint, edits);
  }
  return outcome.runtime_error ? logged_finding(*outcome.runtime_error) : status_finding(run);
}

/// What holds for every failure of a program that was started.
void add_context(const Observation& run, Finding& finding) {
  if (run.outcome.status == launch::RunStatus::OutOfMemory && !run.outcome.refusal)
    add_memory_facts(run.outcome, finding);
  if (run.without_mapping) {
    finding.evidence.push_back(
        {"without Placewright", std::string(to_string(*run.without_mapping))});
    if (*run.without_mapping != launch::RunStatus::Ok)
      finding.advice +=
          "; it also fails without Placewright, so the rules of this one are not the only cause";
  }
  const bool speaks_for_itself = run.outcome.refusal || run.outcome.runtime_error;
  if (speaks_for_itself) return;
  if (std::string said = tail(run.outcome.stderr_text); !said.empty())
    finding.evidence.push_back({"the program's last words", std::move(said)});
}

}  // namespace

std::optional<BlasComplaint> find_blas_complaint(const std::string& output) {
  static const Pattern kXerbla(
      R"( ?\*\* On entry to ([A-Z][A-Z0-9_]{1,15}) *,? parameter number +(\d{1,2}) had an illegal value)");
  static const Pattern kCblas(
      R"(Parameter (\d{1,2}) to routine (cblas_[a-z0-9_]{2,20}) was incorrect)");
  std::istringstream lines(output);
  const auto number = [](std::string_view digits) { return std::stoi(std::string(digits)); };
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > kMostComplaint) continue;
    while (line.ends_with('\r') || line.ends_with(' ')) line.pop_back();
    if (const auto found = kXerbla.find_whole(line))
      return BlasComplaint{std::string(found->groups[0]), number(found->groups[1])};
    if (const auto found = kCblas.find_whole(line))
      return BlasComplaint{std::string(found->groups[1]), number(found->groups[0])};
  }
  return std::nullopt;
}

std::vector<Finding> failure_findings(const Observation& run, const EditMaker* edits) {
  const launch::RunStatus status = run.outcome.status;
  if (status == launch::RunStatus::Cancelled || status == launch::RunStatus::RejectedMapping)
    return {};
  Finding finding;
  if (status != launch::RunStatus::Ok) {
    finding = outcome_finding(run, edits);
    add_context(run, finding);
  } else if (run.verdict.problem != Verdict::Problem::None) {
    finding = verdict_finding(run.verdict);
    // A library that complained has computed nothing.
    if (const auto complaint = blas_complaint(run.outcome))
      finding = blas_finding(run, *complaint, edits);
  } else {
    return {};
  }
  finding.weight = 1;
  return {std::move(finding)};
}

}  // namespace placewright::explain
