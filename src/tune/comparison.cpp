// SPDX-License-Identifier: Apache-2.0
#include "tune/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "support/try.h"
#include "tune/judging.h"
#include "tune/mapping_writer.h"
#include "tune/rounds.h"

namespace placewright::tune {
namespace {

class Comparer {
 public:
  explicit Comparer(const ComparisonParts& parts) : parts_(parts) {
    result_.is_virtual = !parts.settings.machine.empty();
    result_.time_label = time_label(parts.settings);
    result_.metric = parts.settings.metric;
    for (const ComparedMapping& mapping : parts.mappings) {
      ReportRow& row = result_.rows.emplace_back();
      row.name = mapping.name;
      if (!mapping.problem.empty()) reject(row, mapping.problem);
    }
    result_.checksums.resize(result_.rows.size());
    result_.changes.resize(result_.rows.size());
    candidates_.resize(result_.rows.size());
  }

  Result<Comparison> run() {
    compile({.machine = parts_.machine, .tasks = {}});
    if (has_pair()) PLACEWRIGHT_TRY_VOID(discover());
    if (has_pair() && !stopped()) PLACEWRIGHT_TRY_VOID(verify());
    if (has_pair() && !stopped()) PLACEWRIGHT_TRY_VOID(time());
    result_.stopped = stopped();
    choose_reference();
    take_changes();
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool stopped() const { return result_.stopped || parts_.stopped(); }

  void say(const std::string& what) const {
    if (parts_.running) parts_.running(what);
  }

  /// Says the same only once: notes about runs come with every run.
  void note(const std::string& text) {
    if (!text.empty() && parts_.note && said_.insert(text).second) parts_.note(text);
  }

  [[nodiscard]] bool has_pair() const {
    return std::ranges::count(result_.rows, Status::Ok, &ReportRow::status) >= 2;
  }

  static void reject(ReportRow& row, const std::string& message) {
    row.status = Status::RejectedMapping;
    row.message = message;
  }

  /// Checks every mapping for the workload. Without its tasks a warning would say little.
  void compile(const workload::Workload& workload) {
    for (size_t i = 0; i < result_.rows.size(); ++i) {
      const ComparedMapping& mapping = parts_.mappings[i];
      ReportRow& row = result_.rows[i];
      if (row.status != Status::Ok || !mapping.text) continue;
      candidates_[i] =
          workload::compile_candidate(mapping.name, *mapping.text, workload, workload.machine);
      const std::string& messages = candidates_[i].messages;
      if (candidates_[i].policy == nullptr) {
        reject(row, messages);
      } else if (!workload.tasks.empty()) {
        note(messages);
      }
    }
  }

  /// Without a workload mappings can still be timed: the default mapper may be the one that fails.
  Result<void> discover() {
    say("discovery run");
    auto workload = parts_.evaluator.discover();
    if (!workload) {
      result_.not_resolved = workload.error().message;
      if (!workload.error().help.empty()) result_.not_resolved += "; " + workload.error().help;
      return {};
    }
    const machine::MachineShape machine = workload->machine;
    compile(*workload);
    space_.emplace(std::move(*workload), machine);
    for (size_t i = 0; i < candidates_.size(); ++i)
      if (!parts_.mappings[i].text && result_.rows[i].status == Status::Ok)
        candidates_[i] = default_candidate(*space_);
    return {};
  }

  [[nodiscard]] Subject subject(size_t i, bool proven) const {
    Subject subject;
    subject.mapping = parts_.mappings[i].text;
    subject.name = parts_.mappings[i].name;
    subject.proven = proven;
    return subject;
  }

  /// Compares with the first checksum of all.
  void check(size_t i, RunResult& run) {
    std::string& known = result_.checksums[i];
    if (known.empty()) known = run.checksum;
    if (first_ == nullptr) first_ = &result_.rows[i];
    const std::string& expected =
        result_.checksums[static_cast<size_t>(first_ - result_.rows.data())];
    if (run.checksum == expected) return;
    run.status = Status::WrongResult;
    if (run.checksum.empty()) {
      run.message = "no checksum was printed";
    } else if (known != run.checksum) {
      run.message = fmt::format("checksum {} in one run and {} in another", known, run.checksum);
    } else {
      run.message = fmt::format("checksum {}, and `{}` prints {}", run.checksum, first_->name,
                                expected.empty() ? "none" : expected);
    }
  }

  Result<void> verify() {
    for (size_t i = 0; i < result_.rows.size(); ++i) {
      ReportRow& row = result_.rows[i];
      if (row.status != Status::Ok) continue;
      say(fmt::format("untimed run: {}", row.name));
      PLACEWRIGHT_TRY(RunResult run, parts_.evaluator.verify(subject(i, /*proven=*/false)));
      if (run.status == Status::Cancelled) {
        result_.stopped = true;
        return {};
      }
      if (run.status == Status::Ok && run.checksum.empty() && parts_.settings.checksum)
        return fail(fmt::format("`{}` prints no checksum where `{}` looks for one", row.name,
                                *parts_.settings.checksum));
      if (run.status == Status::Ok) check(i, run);
      row.status = run.status;
      row.message = run.message;
    }
    return {};
  }

  Result<void> time() {
    const auto run = [&](size_t i, int round) -> Result<RunResult> {
      say(fmt::format("round {} of {}: {}", round + 1, parts_.rounds, result_.rows[i].name));
      PLACEWRIGHT_TRY(RunResult run,
                      parts_.evaluator.time(subject(i, /*proven=*/true), parts_.timeout_s));
      note(run.notes);
      if (run.status != Status::Ok) return run;
      if (run.reading) PLACEWRIGHT_TRY_VOID(learn_unit(result_.metric, *run.reading));
      if (verifies_in_timing_runs(parts_.settings)) check(i, run);
      return run;
    };
    const auto alone = [&](int) { return !has_pair(); };
    const auto stop = [&] { return stopped(); };
    PLACEWRIGHT_TRY(result_.rounds, run_rounds(result_.rows, {parts_.rounds, stop, alone}, run));
    return {};
  }

  void choose_reference() {
    const auto good = std::ranges::find_if(
        result_.rows, [](const ReportRow& row) { return !row.samples.empty(); });
    if (good != result_.rows.end())
      result_.reference = static_cast<size_t>(good - result_.rows.begin());
  }

  void take_changes() {
    if (!space_) return;
    const workload::Candidate& reference = candidates_[result_.reference];
    if (reference.policy == nullptr) return;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const workload::Candidate& candidate = candidates_[i];
      if (i == result_.reference || candidate.policy == nullptr) continue;
      result_.changes[i] = {
          workload::differences(reference.decisions, candidate.decisions, space_->workload()),
          reference.fingerprint == candidate.fingerprint};
    }
  }

  const ComparisonParts& parts_;
  Comparison result_;
  std::vector<workload::Candidate> candidates_;
  std::optional<SearchSpace> space_;  ///< What the discovery run showed.
  std::set<std::string> said_;
  const ReportRow* first_ = nullptr;  ///< Whose checksum the others must print.
};

}  // namespace

bool Comparison::failed() const {
  return stopped || rounds == 0 ||
         std::ranges::any_of(rows, [](const ReportRow& row) { return row.status != Status::Ok; });
}

bool Comparison::has_ratio(size_t row) const {
  return row != reference && !rows[row].samples.empty() && !rows[reference].samples.empty();
}

Result<Comparison> compare(const ComparisonParts& parts) { return Comparer(parts).run(); }

}  // namespace placewright::tune
