// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/simulated_tuning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "machine/load.h"
#include "sim/simulate.h"
#include "support/clock.h"
#include "support/source.h"
#include "support/try.h"
#include "tune/forecast/finalists.h"
#include "tune/mapping_writer.h"
#include "tune/report.h"
#include "tune/restrictions.h"

namespace placewright::tune {
namespace {

struct Parts {
  const Settings& settings;
  const SearchSpace& space;
  const Forecaster& forecaster;
  const Restrictions& restrictions;
};

SimulatedRow row_of(const Parts& parts, std::string name, const workload::Candidate& candidate) {
  SimulatedRow row{std::move(name), 0, candidate.messages};
  if (candidate.policy == nullptr) return row;
  const Result<double> step_s = parts.forecaster.step_s(*candidate.policy);
  row.message = step_s ? "" : step_s.error().message;
  row.step_s = step_s.value_or(0);
  return row;
}

workload::Candidate compile(const Parts& parts, const std::string& name, const std::string& text) {
  return workload::compile_candidate(name, text, parts.space.workload(), parts.space.machine());
}

/// The fastest that may be used, as its text says it.
void choose_best(const Parts& parts, const std::vector<Finalist>& finalists,
                 const workload::Candidate& defaults, SimulatedReport& report) {
  const std::string title =
      "Found by `placewright tune --simulate` for " + parts.settings.name + ".";
  for (const Finalist& each : finalists) {
    const workload::Candidate candidate = compile(
        parts, "best.mapping", titled(title, write_mapping(parts.space, each.found.assignment)));
    if (candidate.policy == nullptr || parts.restrictions.objection(candidate)) continue;
    SimulatedRow row = row_of(parts, std::string(kBestRow), candidate);
    if (row.step_s <= 0) continue;
    report.rows.push_back(std::move(row));
    report.best_mapping = candidate.text;
    report.median_s = each.median_s;
    report.p90_s = each.p90_s;
    return;
  }
  report.best_mapping = defaults.text;
}

Result<std::vector<Assignment>> add_expert(const Parts& parts, SimulatedReport& report) {
  const std::string& path = parts.settings.expert;
  if (path.empty()) return std::vector<Assignment>();
  PLACEWRIGHT_TRY(const SourceFile file, SourceFile::read(path));
  const workload::Candidate expert = compile(parts, path, std::string(file.text()));
  report.rows.push_back(row_of(parts, std::string(to_string(Origin::Expert)), expert));
  if (expert.policy == nullptr) return std::vector<Assignment>();
  return std::vector<Assignment>{parts.space.nearest(expert.decisions)};
}

}  // namespace

Result<SimulatedReport> tune_simulated(const Settings& settings, workload::Recording recording,
                                       const std::function<bool()>& stop,
                                       const std::function<void(size_t)>& progress) {
  const SteadyClock clock;
  const double begin_s = clock.now_s();
  PLACEWRIGHT_TRY(const auto machine, machine::read_machine(settings.machine));
  const machine::MachineShape shape = machine::machine_shape(machine);
  SimulatedReport report;
  report.title = settings.name;
  report.note = workload::other_machine_note(recording, shape);
  SearchSpace space(recording.workload, shape);
  PLACEWRIGHT_TRY(const auto forecaster, make_forecaster(std::move(recording), machine));
  const workload::Candidate defaults = default_candidate(space);
  if (defaults.policy == nullptr)
    return fail("the default mapper's decisions cannot be written as a mapping:\n" +
                defaults.messages);
  PLACEWRIGHT_TRY(const Restrictions restrictions, Restrictions::make(settings, defaults, space));
  const Parts parts{settings, space, *forecaster, restrictions};
  report.rows.push_back(row_of(parts, std::string(to_string(Origin::Default)), defaults));
  if (report.rows.front().step_s <= 0)
    return fail("the default mapper's decisions cannot be simulated: " +
                report.rows.front().message);
  PLACEWRIGHT_TRY(const std::vector<Assignment> others, add_expert(parts, report));
  PLACEWRIGHT_TRY(const ForecastBase base, forecast_base(space, defaults));
  ForecastSearch found(space, *forecaster, base, others, settings.seed);
  const auto is_over = [&](double share) {
    return stop() || clock.now_s() - begin_s >= share * settings.budget_s;
  };
  found.run(
      usable_threads(), [&] { return is_over(1 - kFinalistShare); }, progress);
  choose_best(parts,
              rank_finalists(found.best(), space, base, *forecaster, usable_threads(),
                             [&] { return is_over(1); }),
              defaults, report);
  report.simulated = found.count();
  report.failed = found.failed();
  report.exhausted = found.is_exhausted();
  report.log10_distinct = space.log10_distinct();
  report.elapsed_s = clock.now_s() - begin_s;
  return report;
}

std::string render(const SimulatedReport& report) {
  std::string text = fmt::format("{}: simulated (modelled seconds of a step)\n", report.title);
  const double default_s = report.rows.front().step_s;
  for (const SimulatedRow& row : report.rows) {
    if (row.step_s > 0) {
      text += fmt::format("{:<10} {:>10.4g}  {:.3f} of default\n", row.name, row.step_s,
                          row.step_s / default_s);
    } else {
      text += fmt::format("{:<10} cannot be simulated: {}\n", row.name,
                          row.message.substr(0, row.message.find('\n')));
    }
  }
  text += fmt::format("{} of 10^{:.1f} different mappings were simulated in {:.1f} s",
                      report.simulated, report.log10_distinct, report.elapsed_s);
  if (report.exhausted) text += ", all that can be reached";
  if (report.failed > 0) text += fmt::format("; {} would end a run", report.failed);
  text += "\n";
  if (report.median_s > 0)
    text += fmt::format(
        "where tasks and copies take up to {:.0f} % longer or shorter, the best takes {:.4g} s "
        "(median), p90 {:.4g} s\n",
        100 * sim::kReplayVariation, report.median_s, report.p90_s);
  if (!report.note.empty()) text += report.note + "\n";
  return text;
}

}  // namespace placewright::tune
