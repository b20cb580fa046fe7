// SPDX-License-Identifier: Apache-2.0
// Measures what a search costs apart from runs and language models: the time of an iteration and
// the memory of a long study. Runs take no time here, and a scripted model answers at once; the
// study is a real file.
//
//   bench_search_overhead [ITERATIONS [EVALUATIONS]]
//
// The defaults are 100 iterations of `reflect` and 10000 mappings of `random`.
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>

#include "agent/optimizers/optimizers.h"
#include "agent/study_model.h"
#include "llm/scripted_model.h"
#include "support/check.h"
#include "support/temporary_folder.h"
#include "tune/progress.h"
#include "tune/tuner.h"

namespace {

using namespace placewright;
using namespace placewright::tune;

constexpr int kTasks = 12;
constexpr int kArguments = 5;
constexpr int kCandidates = 4;

/// As large as circuit and stencil together: 12 tasks with 5 arguments on a node with 4 GPUs.
workload::Workload make_workload() {
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,GPU=4,CPU=4"), {}};
  for (int t = 0; t < kTasks; ++t) {
    workload::WorkloadTask task{fmt::format("task_{:02}", t),
                                {machine::ProcessorKind::Cpu, machine::ProcessorKind::Gpu},
                                false,
                                {},
                                {}};
    for (int a = 0; a < kArguments; ++a)
      task.arguments.push_back({{fmt::format("region_{}", (t + a) % 7), "all"},
                                machine::Privilege::ReadWrite,
                                2,
                                3,
                                1u << 20});
    task.launches = {{true, {{1, {0}}, {1, {15}}}, 50}};
    workload.tasks.push_back(std::move(task));
  }
  return workload;
}

/// The time of a mapping is a function of its length.
class InstantEvaluator : public Evaluator {
 public:
  Result<workload::Workload> discover() override { return make_workload(); }
  Result<RunResult> verify(const Subject&) override { return result(1); }
  Result<RunResult> time(const Subject& subject, double) override {
    return result(1 + 1e-4 * static_cast<double>(subject.mapping.value_or("").size() % 97));
  }
  Result<std::vector<explain::Finding>> explain(const Subject&,
                                                const workload::Workload&) override {
    return std::vector<explain::Finding>();
  }

 private:
  static Result<RunResult> result(double metric) {
    RunResult run;
    run.metric = metric;
    run.checksum = "c0ffee";
    return run;
  }
};

/// A few memory and layout rules for a few tasks, different each time.
std::string answer(std::mt19937& random) {
  std::string text;
  for (int c = 0; c < kCandidates; ++c) {
    text += fmt::format("=== CANDIDATE: idea {}\n", random() % 1000);
    for (int rule = 0; rule < 8; ++rule)
      text += fmt::format("Region task_{:02} {} GPU {};\n", random() % kTasks,
                          random() % kArguments, random() % 2 == 0 ? "ZCMEM" : "FBMEM");
    text += fmt::format("Layout task_{:02} * * {} C_order;\n", random() % kTasks,
                        random() % 2 == 0 ? "AOS" : "SOA");
  }
  return text + "LESSON: nothing is certain\n";
}

double resident_mib() {
  std::ifstream status("/proc/self/statm");
  long pages = 0;
  status >> pages >> pages;
  return static_cast<double>(pages) * 4096 / (1 << 20);
}

Settings make_settings(const char* strategy, int evaluations) {
  Settings settings;
  settings.name = "overhead";
  settings.command = {"nothing"};
  settings.machine = "machine.toml";
  settings.budget_s = 1e9;
  settings.strategy = strategy;
  settings.evaluations = evaluations;
  return settings;
}

/// Wall seconds of a whole search.
double search(const Settings& settings, StudyStore& store, const StrategyMaker& maker) {
  InstantEvaluator evaluator;
  const SteadyClock clock;
  const auto silent = make_silent_progress();
  const double start = clock.now_s();
  Budget budget(clock, settings.budget_s);
  const auto report = run_search({settings, evaluator, store, budget, *silent, maker, {}});
  PLACEWRIGHT_CHECK(report.has_value());
  return clock.now_s() - start;
}

StudyStore make_store(const TemporaryFolder& folder, const Settings& settings) {
  auto store = StudyStore::create(fmt::format("{}/{}.db", folder.path(), settings.strategy),
                                  identity(settings));
  PLACEWRIGHT_CHECK(store.has_value());
  return std::move(*store);
}

void measure_iterations(const TemporaryFolder& folder, int iterations) {
  const Settings settings = make_settings("reflect", 0);
  StudyStore store = make_store(folder, settings);
  std::mt19937 random(1);
  const auto scripted = std::make_shared<llm::ScriptedModel>(
      [&random](const llm::Request&, int) { return llm::ScriptedModel::says(answer(random)); });
  const auto model = std::make_shared<agent::StudyModel>(store, scripted);
  const StrategyMaker maker = [&](const SearchSpace& space,
                                  uint64_t seed) -> Result<std::unique_ptr<Strategy>> {
    agent::AgentSettings agent_settings;
    agent_settings.iterations = iterations;
    agent_settings.candidates = kCandidates;
    auto made = agent::make_optimizer("reflect", {space, model, {}, agent_settings, seed, {}});
    if (!made) return tl::unexpected(made.error());
    return std::unique_ptr<Strategy>(std::move(*made));
  };
  const double seconds = search(settings, store, maker);
  const auto evaluations = store.evaluations();
  PLACEWRIGHT_CHECK(evaluations.has_value());
  fmt::print("reflect: {} iterations, {} mappings, {:.2f} ms an iteration\n", iterations,
             evaluations->size() - 1, 1e3 * seconds / iterations);
}

void measure_memory(const TemporaryFolder& folder, int evaluations) {
  const Settings settings = make_settings("random", evaluations);
  StudyStore store = make_store(folder, settings);
  const double before = resident_mib();
  const double seconds = search(settings, store, make_random_strategy);
  fmt::print("random: {} mappings, {:.2f} ms each, resident {:.1f} -> {:.1f} MiB\n", evaluations,
             1e3 * seconds / evaluations, before, resident_mib());
}

}  // namespace

int main(int argc, char** argv) {
  const int iterations = argc > 1 ? std::atoi(argv[1]) : 100;
  const int evaluations = argc > 2 ? std::atoi(argv[2]) : 10000;
  const auto folder = TemporaryFolder::make();
  PLACEWRIGHT_CHECK(folder.has_value());
  measure_iterations(*folder, iterations);
  measure_memory(*folder, evaluations);
  return 0;
}
