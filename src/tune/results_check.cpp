// SPDX-License-Identifier: Apache-2.0
#include "tune/results_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "support/statistics.h"
#include "support/try.h"

namespace placewright::tune {
namespace {

/// Mappings that are slower than so many times the best are of no use to anybody.
constexpr double kClose = 1.5;

class ResultsChecker {
 public:
  explicit ResultsChecker(Search& search) : search_(search), open_(unchecked()) {}

  Result<ResultsCheck> run() {
    if (!open_.empty() && may_run()) {
      PLACEWRIGHT_TRY(const RunResult reference, walk({}));
      expected_ = reference.status == Status::Ok ? reference.checksum : "";
    }
    while (!expected_.empty() && !open_.empty() && may_run()) {
      PLACEWRIGHT_TRY(const bool goes_on, check_some());
      if (!goes_on) break;
    }
    result_.unknown = static_cast<int>(open_.size());
    return result_;
  }

 private:
  using Some = std::span<Contender* const>;

  /// Best first.
  [[nodiscard]] std::vector<Contender*> unchecked() const {
    std::vector<Contender*> result;
    if (!search_.by_steps || search_.checksum.empty()) return result;
    const auto cost = [&](const Contender& each) {
      return search_.metric.cost(median(each.evaluation.samples));
    };
    const double most = kClose * cost(*search_.incumbent);
    for (Contender& each : search_.contenders.all()) {
      const Evaluation& evaluation = each.evaluation;
      const bool was_checked = is_baseline(evaluation.origin) || !evaluation.checksum.empty();
      if (was_checked || evaluation.status != Status::Ok || evaluation.samples.empty()) continue;
      if (cost(each) <= most) result.push_back(&each);
    }
    std::ranges::sort(result, {}, [&](const Contender* each) { return cost(*each); });
    return result;
  }

  [[nodiscard]] bool may_run() const {
    const double most_s = results_check_s(search_);
    return most_s > 0 && !search_.parts.stopped() && spent_s_ + longest_s_ <= most_s;
  }

  Result<RunResult> walk(Some some) {
    std::vector<std::string> mappings;
    for (const Contender* each : some) mappings.push_back(each->evaluation.mapping);
    search_.parts.progress.running(fmt::format("correctness run of {} mappings", mappings.size()));
    const double before_s = search_.parts.budget.now_s();
    PLACEWRIGHT_TRY(const Walked walked, search_.parts.steps->walk(mappings));
    const double took_s = search_.parts.budget.now_s() - before_s;
    spent_s_ += took_s;
    longest_s_ = std::max(longest_s_, took_s);
    walked_ = walked.mappings;
    return walked.result;
  }

  /// Whether the mappings, of which each had its step, compute something else.
  Result<bool> is_wrong(Some some) {
    PLACEWRIGHT_TRY(const RunResult result, walk(some));
    return result.status == Status::Ok && result.checksum != expected_;
  }

  /// False: a run failed, so nothing more can be said.
  Result<bool> check_some() {
    PLACEWRIGHT_TRY(const RunResult result, walk(open_));
    const size_t count = walked_;
    if (result.status != Status::Ok || count == 0) return false;
    if (result.checksum != expected_) return find_wrong(Some(open_).first(count));
    result_.right += static_cast<int>(count);
    drop(count);
    return true;
  }

  /// False: there was no time, or the fault is not that of one mapping.
  Result<bool> find_wrong(Some some) {
    while (some.size() > 1) {
      if (!may_run()) return false;
      const Some half = some.first(some.size() / 2);
      PLACEWRIGHT_TRY(const bool is_here, is_wrong(half));
      some = is_here ? half : some.subspan(half.size());
    }
    if (!may_run()) return false;
    PLACEWRIGHT_TRY(const bool is_guilty, is_wrong(some));
    if (!is_guilty) return false;
    Contender& guilty = *some.front();
    guilty.evaluation.status = Status::WrongResult;
    guilty.evaluation.message = "its steps change the program's checksum";
    PLACEWRIGHT_TRY_VOID(
        search_.parts.store.set_wrong(guilty.evaluation.id, guilty.evaluation.message));
    search_.parts.progress.note(fmt::format("evaluation {} computes something else ({})",
                                            guilty.evaluation.id, guilty.evaluation.move));
    ++result_.wrong;
    std::erase(open_, &guilty);
    return true;
  }

  void drop(size_t count) {
    open_.erase(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  Search& search_;
  std::vector<Contender*> open_;
  std::string expected_;  ///< What the default mapper's run printed.
  size_t walked_ = 0;     ///< Mappings that had their step in the last run.
  double spent_s_ = 0;
  double longest_s_ = 0;
  ResultsCheck result_;
};

}  // namespace

Result<ResultsCheck> check_results(Search& search) { return ResultsChecker(search).run(); }

}  // namespace placewright::tune
