// SPDX-License-Identifier: Apache-2.0
#include "tune/strategies/advisor_moves.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "explain/edit.h"
#include "lang/grammar/index_maps.h"
#include "tune/knob_rules.h"

namespace placewright::tune {
namespace {

using explain::Edit;
using explain::Finding;
using tune::Choice;
using tune::Knob;

struct Move {
  std::string label;
  std::string rules;
  std::vector<int> knobs;
};

class Moves {
 public:
  Moves(const tune::SearchSpace& space, const std::string& mapping)
      : space_(space), maker_(space.workload(), space.machine(), mapping), mapping_(mapping) {
    for (size_t t = 0; t < space.workload().tasks.size(); ++t)
      tasks_.push_back(static_cast<int>(t));
    std::ranges::stable_sort(tasks_, std::ranges::greater(),
                             [&](int task) { return space.weight(task); });
    if (maker_.before().policy != nullptr) center_ = space.nearest(maker_.before().decisions);
  }

  std::vector<Edit> ordered(const std::vector<Finding>& findings) {
    if (maker_.before().policy == nullptr) return {};
    add_all();
    const std::map<int, double> weights = knob_weights(findings);
    std::ranges::stable_sort(moves_, std::ranges::greater(), [&](const Move& move) {
      double weight = 0;
      for (const int knob : move.knobs)
        if (const auto known = weights.find(knob); known != weights.end())
          weight = std::max(weight, known->second);
      return weight;
    });
    std::vector<Edit> edits;
    for (const Move& move : moves_)
      if (auto edit = maker_.make(move.label, move.rules)) edits.push_back(std::move(*edit));
    return edits;
  }

 private:
  void add_all() {
    for (const tune::KnobGroup& group : space_.groups()) add_joint(group.knobs, group.name);
    std::vector<int> processors = knobs_of<machine::ProcessorKind>();
    if (processors.size() > 1) add_joint(processors, "all tasks");
    for (const int knob : processors) add_joint({knob}, space_.label(knob));
    for (const int knob : knobs_of<tune::IndexMap>()) add_maps(knob);
    for (const int knob : knobs_of<machine::MemoryKind>()) add_joint({knob}, space_.label(knob));
    for (const int knob : knobs_of<tune::LayoutChoice>()) add_joint({knob}, space_.label(knob));
  }

  /// Heaviest tasks first.
  template <class T>
  std::vector<int> knobs_of() const {
    std::vector<int> knobs;
    for (const int task : tasks_) {
      for (size_t k = 0; k < space_.knobs().size(); ++k) {
        const Knob& knob = space_.knobs()[k];
        if (knob.task == task && knob.is<T>()) knobs.push_back(static_cast<int>(k));
      }
    }
    return knobs;
  }

  /// Adds one move for every choice that any of the knobs has.
  void add_joint(const std::vector<int>& knobs, const std::string& what) {
    std::vector<std::string> order;
    std::map<std::string, Move> by_choice;
    for (const int k : knobs) {
      if (space_.knobs()[k].fixed) continue;
      for (const Choice& choice : space_.knobs()[k].choices) {
        const std::string word = tune::to_string(choice);
        if (by_choice.emplace(word, Move{}).second) order.push_back(word);
        by_choice[word].rules += rule_of(space_, space_.knobs()[k], choice);
        by_choice[word].knobs.push_back(k);
      }
    }
    for (const std::string& word : order) {
      Move& move = by_choice[word];
      move.label = fmt::format("{}: {}", explain::harmless(what, 200), word);
      moves_.push_back(std::move(move));
    }
  }

  void add_maps(int k) {
    const Knob& knob = space_.knobs()[k];
    if (knob.fixed) return;
    for (const std::string_view map : lang::grammar::kIndexMaps) {
      const auto edit = maker_.place(space_.workload().tasks[knob.task].name, map, knob.processor);
      if (edit) moves_.push_back({edit->label, edit->rules, {k}});
    }
  }

  /// The knobs that the findings' edits would turn, with the findings' weights.
  std::map<int, double> knob_weights(const std::vector<Finding>& findings) const {
    std::map<int, double> weights;
    for (const Finding& finding : findings) {
      for (const Edit& edit : finding.edits) {
        const workload::Candidate edited =
            workload::compile_candidate("edited.mapping", explain::apply_edit(edit, mapping_),
                                        space_.workload(), space_.machine());
        if (edited.policy == nullptr) continue;
        const tune::Assignment turned = space_.nearest(edited.decisions);
        for (size_t k = 0; k < turned.size(); ++k) {
          if (turned[k] == center_[k]) continue;
          double& weight = weights[static_cast<int>(k)];
          weight = std::max(weight, finding.weight);
        }
      }
    }
    return weights;
  }

  const tune::SearchSpace& space_;
  explain::EditMaker maker_;
  const std::string& mapping_;
  tune::Assignment center_;
  std::vector<int> tasks_;
  std::vector<Move> moves_;
};

}  // namespace

std::vector<Edit> local_moves(const tune::SearchSpace& space, const std::string& mapping,
                              const std::vector<Finding>& findings) {
  return Moves(space, mapping).ordered(findings);
}

}  // namespace placewright::tune
