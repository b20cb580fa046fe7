// SPDX-License-Identifier: Apache-2.0
// Ours: several mappings per call, each round based on all earlier results. Uses ideas from GEPA
// (Pareto archive), ShinkaEvolve (novelty, parent weighting) and Helion (batches, diffs, anchors).
#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "agent/optimizers/archive.h"
#include "agent/optimizers/mapping_optimizer.h"
#include "agent/optimizers/optimizers.h"

namespace placewright::agent {
namespace {

constexpr size_t kMostResults = 12;
constexpr size_t kMostFailures = 4;
constexpr size_t kMostLessons = 8;
constexpr size_t kMostEffects = 8;
constexpr size_t kMostUntried = 10;

std::string section(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string text = fmt::format("{}\n", title);
  for (const std::string& line : lines) text += fmt::format("- {}\n", line);
  return text;
}

class Reflect : public MappingOptimizer {
 public:
  Reflect(AgentParts parts, const tune::SearchSpace& space, int candidates)
      : MappingOptimizer(std::move(parts), candidates), archive_(space) {}
  std::string_view name() const override { return "reflect"; }

 protected:
  bool begins_without_feedback() const override { return true; }

  void begin_with(const tune::Start& start, const Draft& incumbent) override {
    for (const tune::Evaluation& baseline : start.baselines) {
      const bool is_incumbent = baseline.id == start.incumbent.id;
      const Draft draft = is_incumbent ? incumbent : draft_of(baseline);
      tune::Verdict verdict{baseline, is_incumbent};
      if (is_incumbent) verdict.findings = start.findings;
      Entry entry = entry_of(draft, outcome_of(verdict, draft.mapping, "", metric()), &baseline);
      entry.name = tune::to_string(baseline.origin);
      archive_.add(std::move(entry));
    }
    MappingOptimizer::begin_with(start, incumbent);
  }

  Result<llm::Request> next_request(int iteration) override {
    if (iteration == 0)
      return mapping_request("mapping-first", {{"facts", to_text(facts())},
                                               {"examples", examples()},
                                               {"hints", first_hints()},
                                               {"task", first_task()}});
    const size_t failed = std::ranges::count(last_round_, false);
    const bool back_off = !last_round_.empty() && 3 * failed >= last_round_.size();
    last_round_.clear();
    const std::string shown = results();
    repeated_.clear();
    return mapping_request("reflect-user", {{"facts", to_text(facts())},
                                            {"examples", examples()},
                                            {"results", shown},
                                            {"anchors", anchors()},
                                            {"lessons", lessons()},
                                            {"hints", hints()},
                                            {"task", next_task(back_off)}});
  }

  void learn(const Draft& draft, const Outcome& outcome,
             const tune::Evaluation* evaluation) override {
    last_round_.push_back(outcome.status == tune::Status::Ok);
    const int64_t id = evaluation == nullptr ? 0 : evaluation->id;
    const auto known = [&](const Entry& entry) { return id != 0 && entry.id == id; };
    if (std::ranges::any_of(archive_.entries(), known)) {
      if (outcome.repeated) repeated_.push_back(fmt::format("{}: as #{}", draft.idea, id));
      return;
    }
    archive_.add(entry_of(draft, outcome, evaluation));
  }

  void take_lessons(const std::vector<std::string>& lessons) override {
    for (const std::string& lesson : lessons) {
      std::erase(lessons_, lesson);
      lessons_.push_back(lesson);
      if (lessons_.size() > kMostLessons) lessons_.pop_front();
    }
  }

 private:
  static Entry entry_of(const Draft& draft, const Outcome& outcome,
                        const tune::Evaluation* evaluation) {
    Entry entry;
    entry.id = evaluation == nullptr ? 0 : evaluation->id;
    entry.mapping = draft.mapping;
    entry.idea = draft.idea;
    if (draft.check.ok()) entry.decisions = draft.check.candidate.decisions;
    entry.outcome = outcome;
    return entry;
  }

  std::string first_hints() const {
    return section("Choices that matter most by the amount of data (task, argument: choices):",
                   archive_.untried(kMostUntried));
  }

  std::string first_task() const {
    return fmt::format(
        "Write {} mappings that differ from each other in their decisions: about a third close to "
        "what Legion's default mapper does, a third that move the data that several processors "
        "share, a third bold ones.",
        candidates());
  }

  std::string next_task(bool back_off) const {
    if (back_off)
      return fmt::format(
          "Many of the last mappings failed. Write {} mappings that stay close to the first "
          "anchor: change one thing at a time and nothing that failed before.",
          candidates());
    return fmt::format(
        "Write {} mappings with decisions that are not listed above: two thirds change one or two "
        "things of the first anchor, following its findings; the others combine the anchors or try "
        "what nobody has tried.",
        candidates());
  }

  std::string result_line(size_t i, const std::vector<size_t>& shown) const {
    const Entry& entry = archive_.entries()[i];
    const std::string number =
        entry.id == 0 ? "" : fmt::format("#{}{} ", entry.id, entry.name.empty() ? "" : ",");
    const std::string name = entry.name.empty() ? "" : entry.name + ": ";
    const std::string line = number + name + one_line(entry.outcome);
    const std::string change = archive_.difference_from_nearest(i, shown);
    return change.empty() ? line : fmt::format("{}: {}", line, change);
  }

  std::string results() const {
    const std::vector<size_t> shown = archive_.best_and_named(kMostResults);
    std::vector<std::string> lines;
    for (const size_t i : shown) lines.push_back(result_line(i, shown));
    std::vector<std::string> failed;
    for (const size_t i : archive_.failures(kMostFailures)) failed.push_back(result_line(i, shown));
    return section(
               fmt::format("Results so far, best first, with the range of their runs{}, each as it "
                           "differs from the nearest one of the list:",
                           metric().modelled ? " in modelled time" : ""),
               lines) +
           section("What failed:", failed) +
           section("What you proposed last although its decisions had been tried before:",
                   repeated_);
  }

  std::string anchors() const {
    std::string text;
    int number = 1;
    for (const size_t i : archive_.anchors()) {
      const Entry& entry = archive_.entries()[i];
      text += fmt::format("Anchor {}, #{}:\n```\n{}\n```\n{}\n", number++, entry.id, entry.mapping,
                          feedback(entry.outcome));
    }
    return text;
  }

  std::string lessons() const {
    return section("Effects of single changes, where the runs differ clearly:",
                   archive_.effects(kMostEffects)) +
           section("Lessons from your earlier answers:", {lessons_.begin(), lessons_.end()});
  }

  std::string hints() const {
    return section("Nobody has tried yet (task, argument: choices):",
                   archive_.untried(kMostUntried));
  }

  Archive archive_;
  std::deque<std::string> lessons_;
  std::vector<bool> last_round_;       // whether each of its mappings ran
  std::vector<std::string> repeated_;  // what was not run in the last round, and why
};

}  // namespace

std::unique_ptr<Optimizer> make_reflect(AgentParts parts) {
  const tune::SearchSpace& space = parts.space;
  const int candidates = parts.settings.candidates;
  return std::make_unique<Reflect>(std::move(parts), space, candidates);
}

}  // namespace placewright::agent
