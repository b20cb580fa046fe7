// SPDX-License-Identifier: Apache-2.0
#include "launch/classify.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <map>
#include <sstream>

#include "support/json.h"

namespace placewright::launch {
namespace {

using nlohmann::json;

std::vector<json> parse_status(const std::vector<std::string>& lines) {
  std::vector<json> events;
  for (const std::string& line : lines) {
    auto event = parse_json(line);
    if (event && event->is_object()) events.push_back(std::move(*event));
  }
  return events;
}

/// A member of an event; `otherwise` if there is none of that type. The program may write into the
/// file of the events, too.
template <class Value>
Value value_of(const json& event, const char* name, Value otherwise) {
  const auto found = event.find(name);
  if (found == event.end()) return otherwise;
  return read_json(*found, [](const json& value) { return value.get<Value>(); })
      .value_or(std::move(otherwise));
}

std::string text_of(const json& event, const char* name) {
  return value_of(event, name, std::string());
}

const json* find_event(const std::vector<json>& events, std::string_view name) {
  for (const json& event : events) {
    if (text_of(event, "event") == name) return &event;
  }
  return nullptr;
}

std::string last_line(const std::string& text) {
  std::istringstream stream(text);
  std::string last;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

/// When one of its processes is killed, mpirun exits normally and prints the signal.
int signal_told_by_mpirun(const std::string& text) {
  constexpr std::string_view kMark = "exited on signal ";
  const size_t at = text.find(kMark);
  if (at == std::string::npos) return 0;
  int number = 0;
  std::from_chars(text.data() + at + kMark.size(), text.data() + text.size(), number);
  return number;
}

PluginRefusal read_refusal(const json& event) {
  PluginRefusal refusal;
  refusal.id = text_of(event, "id");
  refusal.message = text_of(event, "message");
  refusal.help = text_of(event, "help");
  refusal.position = text_of(event, "position");
  refusal.task = text_of(event, "task");
  refusal.argument = value_of(event, "argument", -1);
  refusal.regions = value_of(event, "regions", std::vector<std::string>());
  refusal.bytes = value_of(event, "bytes", uint64_t{0});
  refusal.capacity = value_of(event, "capacity", uint64_t{0});
  for (const json& holder : value_of(event, "holders", json::array()))
    refusal.holders.push_back({text_of(holder, "task"), value_of(holder, "argument", -1),
                               value_of(holder, "count", uint64_t{0}),
                               value_of(holder, "bytes", uint64_t{0})});
  return refusal;
}

void classify_refusal(const json& event, RunOutcome& outcome) {
  const PluginRefusal& refusal = outcome.refusal.emplace(read_refusal(event));
  outcome.status = RunStatus::MapperError;
  outcome.message = refusal.message;
  if (!refusal.position.empty()) outcome.message = refusal.position + ": error: " + outcome.message;
  if (!refusal.help.empty()) outcome.message += "\n  help: " + refusal.help;
  if (event.contains("full_memory")) {
    outcome.status = RunStatus::OutOfMemory;
    outcome.memory = machine::parse_memory_kind(text_of(event, "full_memory"));
  }
}

/// The runtime's log lines among a program's own: `[0 - 7f42]    0.1 {5}{runtime}: ...`.
std::string logged_lines(const std::string& text) {
  std::string logged;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t node = line.find(" - ");
    const size_t category = line.find("}{");
    if (line.starts_with('[') && node < line.find(']') && category != std::string::npos &&
        line.find("}: ", category) != std::string::npos)
      logged += line + "\n";
  }
  return logged;
}

/// The `-ll:` option that Realm rejected; empty if none.
std::string refused_option(const std::string& text) {
  constexpr std::string_view kMark = "ERROR: unrecognized lowlevel option: ";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kMark)) return line.substr(kMark.size());
  }
  return "";
}

/// The memory kind in a text of the runtime.
std::optional<machine::MemoryKind> memory_named_in(std::string_view text) {
  struct Word {
    std::string_view text;
    machine::MemoryKind kind;
  };
  constexpr std::array<Word, 10> kWords = {{{"GPU_FB", machine::MemoryKind::FbMem},
                                            {"GPU memory", machine::MemoryKind::FbMem},
                                            {"zero-copy", machine::MemoryKind::ZcMem},
                                            {"Framebuffer", machine::MemoryKind::FbMem},
                                            {"FrameBuffer", machine::MemoryKind::FbMem},
                                            {"Z_COPY", machine::MemoryKind::ZcMem},
                                            {"Zero-Copy", machine::MemoryKind::ZcMem},
                                            {"SOCKET", machine::MemoryKind::SockMem},
                                            {"SYSTEM", machine::MemoryKind::SysMem},
                                            {"System", machine::MemoryKind::SysMem}}};
  for (const Word& word : kWords) {
    if (text.find(word.text) != std::string_view::npos) return word.kind;
  }
  return std::nullopt;
}

/// The full memory. Names in the message may contain the same words, so they count only where the
/// form of the message does not tell where the memory is.
std::optional<machine::MemoryKind> full_memory(const RuntimeError& error) {
  const auto part = std::ranges::find(error.parts, "memory", &MessagePart::name);
  return memory_named_in(part == error.parts.end() ? error.message : part->text);
}

/// What an error of the runtime says of the run. False if it says nothing more than that.
bool classify_error(const std::string& program, const RuntimeError& error, RunOutcome& outcome) {
  const std::optional<RunStatus> status = status_of(error.cause);
  if (!status) return false;
  outcome.status = *status;
  if (status == RunStatus::OutOfMemory) {
    outcome.memory = full_memory(error);
    outcome.message = fmt::format("`{}` ran out of memory: {}", program, error.message);
  } else if (status == RunStatus::MapperError) {
    outcome.message = fmt::format("Legion did not accept a mapping decision: {}", error.message);
  } else {
    outcome.message = fmt::format("`{}` did not start: {}", program, error.message);
  }
  return true;
}

void classify_failure(const std::string& program, const RunEvidence& evidence,
                      RunOutcome& outcome) {
  const std::string& printed = evidence.child.stderr_text;
  outcome.runtime_error = find_runtime_error(evidence.log);
  if (!outcome.runtime_error) outcome.runtime_error = find_runtime_error(logged_lines(printed));
  if (outcome.runtime_error && classify_error(program, *outcome.runtime_error, outcome)) return;
  const std::string reason = outcome.runtime_error ? ": " + outcome.runtime_error->message : "";
  const FailedAssertions assertions = find_assertions(printed);
  if (const std::string option = refused_option(printed); !option.empty()) {
    outcome.status = RunStatus::Failed;
    outcome.message = fmt::format(
        "`{}` did not start: this build of Realm does not know `{}`\n"
        "  help: remove it, or use a Legion build that supports it",
        program, option);
  } else if (const std::string& assertion = assertions.of_runtime; !assertion.empty()) {
    outcome.status = RunStatus::Crash;
    outcome.runtime_assertion = assertion;
    outcome.message = fmt::format(
        "`{}` crashed with an internal error of the Legion runtime: {}\n"
        "  help: if the next run succeeds, this was a race in the runtime",
        program, assertion);
  } else if (outcome.signal != 0) {
    outcome.status = RunStatus::Crash;
    if (outcome.signal == SIGABRT) outcome.application_assertion = assertions.of_application;
    outcome.message = fmt::format("`{}` crashed with signal {} ({}){}", program, outcome.signal,
                                  strsignal(outcome.signal), reason);
  } else {
    outcome.status = RunStatus::Failed;
    outcome.message =
        fmt::format("`{}` ended with exit status {}{}", program, outcome.exit_status, reason);
  }
}

/// The problem with the number of processes that joined; empty if there is none.
std::string joining_problem(const RunRequest& request, const std::vector<json>& events) {
  if (request.untouched) return "";  // Nobody reports from inside.
  int started = 0;
  for (const json& event : events) {
    if (text_of(event, "event") != "started") continue;
    ++started;
    const int seen = value_of(event, "processes", 0);
    if (seen != request.processes) {
      return fmt::format(
          "{} processes were started, but they did not join: one of them sees only {}",
          request.processes, seen);
    }
  }
  if (started != request.processes)
    return fmt::format("{} processes were started, but only {} reported", request.processes,
                       started);
  return "";
}

std::vector<LeftLaunches> left_launches(const std::vector<json>& events) {
  std::map<std::pair<uint32_t, std::string>, uint64_t> counts;
  for (const json& event : events) {
    if (text_of(event, "event") == "left-to-mapper")
      counts[{value_of(event, "mapper", 0U), text_of(event, "task")}] +=
          value_of(event, "launches", uint64_t{0});
  }
  std::vector<LeftLaunches> result;
  for (const auto& [launched, count] : counts)
    result.push_back({launched.second, launched.first, count});
  return result;
}

void classify_success(const RunRequest& request, const std::vector<json>& events,
                      RunOutcome& outcome) {
  outcome.status = RunStatus::Ok;
  const bool unwatched = find_event(events, "application-mapper") != nullptr;
  outcome.has_own_mapper =
      !request.replace_mapper && (unwatched || find_event(events, "application-mapper-watched"));
  outcome.left_launches = left_launches(events);
  if ((request.mapping || request.discover) && !request.replace_mapper && unwatched) {
    outcome.status = RunStatus::MapperIgnored;
    outcome.message = fmt::format(
        "`{}` installed its own mapper, so {}\n"
        "  help: replace it with Placewright's mapper by --replace-mapper",
        request.argv.front(),
        request.mapping ? "the mapping was not used" : "its launches were not seen");
  }
}

}  // namespace

workload::KnownNames known_names(const RunEvidence& evidence) {
  workload::KnownNames known;
  const std::vector<json> events = parse_status(evidence.status);
  // The program launched them, although the mapping does not reach them.
  for (const LeftLaunches& each : left_launches(events)) known.tasks.insert(each.task);
  for (const json& event : events) {
    if (text_of(event, "event") != "met") continue;
    if (event.contains("task")) known.tasks.insert(text_of(event, "task"));
    if (event.contains("region")) known.regions.insert(text_of(event, "region"));
  }
  return known;
}

FailedAssertions find_assertions(const std::string& text) {
  constexpr std::array<std::string_view, 4> kRuntime = {"/src/realm/", "/runtime/realm/",
                                                        "/runtime/legion/", "/runtime/mappers/"};
  constexpr std::string_view kMark = ": Assertion `";
  constexpr std::string_view kRegent = "assertion failed: ";
  FailedAssertions found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kRegent)) found.of_application = line.substr(kRegent.size());
    const size_t mark = line.find(kMark);
    const size_t end = line.rfind("' failed.");
    const size_t program = line.find(": ");
    if (mark == std::string::npos || end == std::string::npos || end < mark || program >= mark)
      continue;
    // PROGRAM: FILE:LINE: FUNCTION: Assertion `CONDITION' failed.
    const size_t file = program + 2;
    const std::string place = line.substr(file, line.find(": ", file) - file);
    const bool of_runtime = std::ranges::any_of(
        kRuntime, [&](std::string_view source) { return place.find(source) != std::string::npos; });
    std::string& assertion = of_runtime ? found.of_runtime : found.of_application;
    // Keep the runtime's first assertion, but the application's last one, which ended it.
    if (of_runtime && !assertion.empty()) continue;
    const size_t condition = mark + kMark.size();
    assertion = place.substr(place.rfind('/') + 1) + ": " + line.substr(condition, end - condition);
  }
  return found;
}

std::optional<RunStatus> status_of(ErrorCause cause) {
  switch (cause) {
    case ErrorCause::FullMemory:
    case ErrorCause::SmallPool:
      return RunStatus::OutOfMemory;
    case ErrorCause::NoVariant:
    case ErrorCause::NoProcessor:
    case ErrorCause::WrongVariant:
    case ErrorCause::ForbiddenLayout:
    case ErrorCause::OtherReduction:
    case ErrorCause::GapsInLayout:
    case ErrorCause::UnseenMemory:
    case ErrorCause::WrongPlaces:
    case ErrorCause::NotReplicable:
    case ErrorCause::RefusedDecision:
    case ErrorCause::DefaultMapper:
      return RunStatus::MapperError;
    case ErrorCause::TooFewGpus:
      return RunStatus::Failed;
    case ErrorCause::Other:
      break;
  }
  return std::nullopt;
}

void classify(const RunRequest& request, const RunEvidence& evidence, RunOutcome& outcome) {
  const std::vector<json> events = parse_status(evidence.status);
  const ChildResult& child = evidence.child;
  const std::string& program = request.argv.front();
  outcome.exit_status = child.exit_status.value_or(0);
  outcome.signal = child.signal.value_or(signal_told_by_mpirun(child.stderr_text));
  const bool succeeded = child.exit_status == 0;

  if (child.timed_out) {
    outcome.status = RunStatus::Timeout;
    outcome.message =
        fmt::format("`{}` was stopped after {:.3g} s, its time limit", program, request.timeout_s);
  } else if (child.was_cancelled) {
    outcome.status = RunStatus::Cancelled;
    outcome.message = fmt::format("`{}` was stopped on request", program);
  } else if (child.killed_supervisor) {
    outcome.status = RunStatus::Crash;
    outcome.message =
        fmt::format("`{}` killed the process that watches it, so the run was ended", program);
  } else if (const json* refused = find_event(events, "refused")) {
    classify_refusal(*refused, outcome);
  } else if (!request.untouched && find_event(events, "started") == nullptr) {
    const std::string said = last_line(child.stderr_text);
    if (outcome.signal != 0) {
      classify_failure(program, evidence, outcome);
      return;
    }
    outcome.status = RunStatus::NotLegion;
    outcome.message = fmt::format(
        "`{}` is not a Legion program, or ended before Legion started (exit status {}{})", program,
        outcome.exit_status, said.empty() ? "" : ", last message: " + said);
    // The loader's status, and a shell's for a missing command.
    if (outcome.exit_status == 127)
      outcome.message += "\n  help: `placewright doctor` checks the Legion runtime";
  } else if (const std::string problem = joining_problem(request, events); !problem.empty()) {
    outcome.status = RunStatus::ProcessesDidNotJoin;
    outcome.message = problem + "\n  help: `placewright doctor` checks MPI and UCX";
  } else if (!succeeded) {
    classify_failure(program, evidence, outcome);
  } else {
    classify_success(request, events, outcome);
  }
}

std::string_view to_string(RunStatus status) {
  switch (status) {
    case RunStatus::Ok:
      return "ok";
    case RunStatus::RejectedMapping:
      return "rejected-mapping";
    case RunStatus::MapperError:
      return "mapper-error";
    case RunStatus::OutOfMemory:
      return "out-of-memory";
    case RunStatus::Crash:
      return "crash";
    case RunStatus::Timeout:
      return "timeout";
    case RunStatus::Cancelled:
      return "cancelled";
    case RunStatus::NotLegion:
      return "not-legion";
    case RunStatus::MapperIgnored:
      return "mapper-ignored";
    case RunStatus::ProcessesDidNotJoin:
      return "processes-did-not-join";
    case RunStatus::Failed:
      return "failed";
  }
  return "failed";
}

}  // namespace placewright::launch
