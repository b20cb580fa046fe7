// SPDX-License-Identifier: Apache-2.0
#include "tune/exploration_run.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "support/files.h"
#include "support/overload.h"
#include "support/try.h"

namespace placewright::tune {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPoll{2};
/// Bytes that the log may gain at once.
constexpr uint64_t kMostLog = uint64_t{16} << 20;
constexpr std::chrono::milliseconds kStopPoll{100};
/// Visits that nobody has waited for yet; those that nobody will ever wait for leave.
constexpr size_t kMostVisited = 64;

}  // namespace

Result<std::unique_ptr<ExplorationRun>> ExplorationRun::start(launch::RunRequest request,
                                                              const std::string& folder,
                                                              const explore::PlanHeader& header) {
  request.plan = folder + "/plan";
  request.explored = folder + "/explored_%";
  PLACEWRIGHT_TRY(LineFile plan, LineFile::create(*request.plan));
  PLACEWRIGHT_TRY_VOID(plan.append(to_line(header)));
  std::vector<Log> logs;
  for (int process = 0; process < request.processes; ++process) {
    logs.push_back({fmt::format("{}/explored_{}", folder, process)});
    PLACEWRIGHT_TRY_VOID(write_file(logs.back().path, ""));
  }
  std::unique_ptr<ExplorationRun> run(new ExplorationRun(std::move(plan), std::move(logs)));
  ExplorationRun* const self = run.get();
  request.cancelled = [self, cancelled = request.cancelled] {
    return self->stop_.load() || (cancelled && cancelled());
  };
  run->thread_ = std::thread([self, request] {
    self->outcome_ = launch::run_application(request);
    self->ended_ = true;
  });
  return run;
}

ExplorationRun::~ExplorationRun() { (void)end(); }

const Result<launch::RunOutcome>& ExplorationRun::end() {
  stop_ = true;
  return wait();
}

const Result<launch::RunOutcome>& ExplorationRun::wait() {
  if (thread_.joinable()) thread_.join();
  return outcome_;
}

Result<explore::Progress> ExplorationRun::progress() {
  PLACEWRIGHT_TRY_VOID(read_logs());
  return progress_;
}

Result<int> ExplorationRun::ask(explore::Visit visit) {
  visit.number = ++visits_;
  outstanding_[visit.number] = visit.steps;
  PLACEWRIGHT_TRY_VOID(plan_.append(to_line(visit)));
  return visit.number;
}

int ExplorationRun::outstanding() const {
  int steps = 0;
  for (const auto& [number, planned] : outstanding_) steps += planned;
  return steps;
}

Result<std::optional<explore::Visited>> ExplorationRun::visit(
    explore::Visit visit, double timeout_s, const std::function<bool()>& stopped) {
  const std::string mapping = visit.mapping;
  PLACEWRIGHT_TRY(const int number, ask(std::move(visit)));
  return await(number, mapping, timeout_s, stopped);
}

Result<std::optional<explore::Visited>> ExplorationRun::await(
    int number, const std::string& mapping, double timeout_s,
    const std::function<bool()>& stopped) {
  const Clock::time_point start = Clock::now();
  Clock::time_point polled = start;
  for (;;) {
    // Asked before the log is read: what was written before the end is read too.
    const bool was_over = ended_;
    PLACEWRIGHT_TRY_VOID(read_logs());
    if (const auto found = visited_.find(number); found != visited_.end()) {
      explore::Visited visited = std::move(found->second);
      const auto failure = failures_.find(mapping);
      if (!visited.failure && failure != failures_.end()) visited.failure = failure->second;
      visited_.erase(visited_.begin(), std::next(found));
      return visited;
    }
    if (was_over) return std::nullopt;
    const Clock::time_point now = Clock::now();
    if (std::chrono::duration<double>(now - start).count() > timeout_s) return std::nullopt;
    if (now - polled > kStopPoll) {
      polled = now;
      if (stopped && stopped()) return std::nullopt;
    }
    std::this_thread::sleep_for(kPoll);
  }
}

Result<void> ExplorationRun::read_logs() {
  for (Log& log : logs_) PLACEWRIGHT_TRY_VOID(read_log(log));
  return {};
}

Result<void> ExplorationRun::read_log(Log& log) {
  PLACEWRIGHT_TRY(const std::string text, read_from(log.path, log.offset, kMostLog));
  size_t begin = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    PLACEWRIGHT_TRY(explore::LogLine line,
                    explore::read_log_line(std::string_view(text).substr(begin, end - begin)));
    PLACEWRIGHT_TRY_VOID(take(std::move(line), &log == &logs_.front()));
    begin = end + 1;
  }
  log.offset += begin;
  return {};
}

Result<void> ExplorationRun::take(explore::LogLine line, bool is_first_process) {
  if (const auto* agreement = std::get_if<explore::Agreement>(&line)) return check(*agreement);
  if (auto* failure = std::get_if<explore::MappingFailure>(&line))
    failures_.try_emplace(failure->mapping, std::move(failure->failure));
  if (!is_first_process) return {};
  std::visit(Overload{[&](explore::Block& block) { blocks_.push_back(std::move(block)); },
                      [&](explore::Visited& visited) {
                        steps_ += static_cast<int>(visited.steps.size());
                        outstanding_.erase(visited.number);
                        if (visited_.size() >= kMostVisited) visited_.erase(visited_.begin());
                        const int number = visited.number;
                        visited_[number] = std::move(visited);
                      },
                      [&](explore::KeptTask& kept) { kept_.push_back(std::move(kept)); },
                      [&](const explore::Progress& progress) { progress_ = progress; },
                      [](const auto&) {}},
             line);
  return {};
}

Result<void> ExplorationRun::check(const explore::Agreement& agreement) {
  if (logs_.size() == 1) return {};
  const auto [known, is_new] =
      hashes_.try_emplace({agreement.block, agreement.step}, agreement.hash);
  if (is_new || known->second == agreement.hash) return {};
  return fail(fmt::format("the processes launch different tasks up to step {} of block {}",
                          agreement.step, agreement.block));
}

}  // namespace placewright::tune
