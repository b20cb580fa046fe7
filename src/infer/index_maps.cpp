// SPDX-License-Identifier: Apache-2.0
#include "infer/index_maps.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "infer/formulas.h"
#include "lang/check/checker.h"
#include "lang/evaluate/evaluate.h"
#include "lang/syntax/parser.h"
#include "policy/place.h"
#include "support/check.h"
#include "support/text.h"

namespace placewright::infer {
namespace {

using Fits = std::vector<bool>;  ///< By the position of the group in a family.

/// The functions of one family of launches, compiled together.
class Evaluation {
 public:
  Evaluation(const FormulaSpace& space, machine::ProcessorKind kind,
             const machine::MachineShape& machine)
      : kind_(kind), machine_(&machine) {
    std::string text = fmt::format("{} = Machine({});\n", space.machine, to_string(kind));
    const auto add = [&](std::string_view name, size_t number, std::string_view result) {
      text +=
          fmt::format("def {}{}(Task task) {{\n{}}}\n", name, number, function_body(space, result));
    };
    for (size_t k = 0; k < space.nodes.size(); ++k)
      add("node", k, fmt::format("{}[{}, 0]", space.machine, space.nodes[k].text));
    for (size_t k = 0; k < space.ordinals.size(); ++k)
      add("ordinal", k, fmt::format("{}[0, {}]", space.machine, space.ordinals[k].text));
    for (size_t k = 0; k < space.wholes.size(); ++k) add("whole", k, space.wholes[k].text);
    const SourceFile file("formulas", std::move(text));
    Diagnostics diagnostics(file);
    const lang::Program program = lang::parse(file, diagnostics);
    lang::check(program, diagnostics);
    evaluator_.emplace(program, machine, diagnostics, [](const std::string&) {});
    PLACEWRIGHT_CHECK(!diagnostics.has_errors());
  }

  /// Whether a function reproduces every observed place, as compared by `same`.
  template <class Same>
  [[nodiscard]] bool fits(std::string_view name, size_t number, const LaunchGroup& group,
                          Same&& same) const {
    const int function = *evaluator_->find_function(fmt::format("{}{}", name, number));
    return std::ranges::all_of(group.launches, [&](const PlacedLaunches& launches) {
      const policy::PlacedLaunch placed =
          policy::place_launch(*evaluator_, function, {launches.domain}, kind_, *machine_);
      if (!placed.outcome) return false;
      return std::ranges::all_of(launches.places, [&](const auto& each) {
        const policy::Target target = (*placed.outcome)->at(each.first);
        return same(ObservedPlace{target.node, target.processors.front()}, each.second);
      });
    });
  }

 private:
  machine::ProcessorKind kind_;
  const machine::MachineShape* machine_;
  std::optional<lang::Evaluator> evaluator_;
};

bool runs_anywhere(const LaunchGroup& group) {
  return std::ranges::all_of(group.launches, [](const PlacedLaunches& launches) {
    return std::ranges::all_of(launches.places, [](const auto& each) {
      return each.second.ordinal == ObservedPlace::kAny;
    });
  });
}

/// The groups of one kind and dimension, and the formulas that may fit them.
class Family {
 public:
  Family(std::span<const LaunchGroup> all, std::vector<size_t> members,
         const machine::MachineShape& machine)
      : members_(std::move(members)), kind_(all[members_.front()].kind) {
    LaunchFamily facts{all[members_.front()].dim, true, 1};
    for (const size_t member : members_) {
      groups_.push_back(&all[member]);
      for (const PlacedLaunches& launches : all[member].launches) {
        const auto& lo = launches.domain.lo.at;
        if (std::ranges::any_of(lo, [](int64_t at) { return at != 0; }))
          facts.starts_at_zero = false;
        facts.largest_volume = std::max(facts.largest_volume, launches.domain.volume());
      }
    }
    space_ = formula_space(machine_variable(kind_), facts,
                           static_cast<int>(machine.nodes_with(kind_).size()),
                           machine.processors_per_node(kind_));
    const Evaluation evaluation(space_, kind_, machine);
    measure(evaluation);
    any_ordinal_ = fits_of([](const LaunchGroup& group) { return runs_anywhere(group); });
  }

  /// Adds functions until no formula fits any remaining group.
  void choose(std::vector<FoundMap>& found, std::set<std::string>& names) const {
    Fits open(groups_.size(), true);
    while (const std::optional<Choice> best = best_choice(open)) {
      FoundMap map;
      map.kind = kind_;
      map.name = unused_name(best->label, names);
      map.text = fmt::format("def {}(Task task) {{\n{}}}\n", map.name,
                             function_body(space_, best->result));
      for (size_t k = 0; k < groups_.size(); ++k) {
        if (!open[k] || !best->fits[k]) continue;
        open[k] = false;
        map.groups.push_back(members_[k]);
      }
      found.push_back(std::move(map));
    }
  }

 private:
  struct Choice {
    std::string label;
    std::string result;
    Fits fits;
  };

  template <class Test>
  Fits fits_of(Test&& test) const {
    Fits fits;
    for (const LaunchGroup* group : groups_) fits.push_back(test(*group));
    return fits;
  }

  void measure(const Evaluation& evaluation) {
    for (size_t k = 0; k < space_.nodes.size(); ++k) {
      node_fits_.push_back(fits_of([&](const LaunchGroup& group) {
        return evaluation.fits("node", k, group,
                               [](const auto& a, const auto& b) { return a.node == b.node; });
      }));
    }
    for (size_t k = 0; k < space_.ordinals.size(); ++k) {
      ordinal_fits_.push_back(fits_of([&](const LaunchGroup& group) {
        return evaluation.fits("ordinal", k, group,
                               [](const auto& a, const auto& b) { return a.ordinal == b.ordinal; });
      }));
    }
    for (size_t k = 0; k < space_.wholes.size(); ++k) {
      whole_fits_.push_back(fits_of([&](const LaunchGroup& group) {
        return evaluation.fits("whole", k, group,
                               [](const auto& a, const auto& b) { return a == b; });
      }));
    }
  }

  static size_t count_open(const Fits& open, const Fits& a, const Fits& b) {
    size_t count = 0;
    for (size_t k = 0; k < open.size(); ++k) count += open[k] && a[k] && b[k] ? 1 : 0;
    return count;
  }

  /// The first choice that fits the most groups. Among equals, one formula for both numbers beats a
  /// mixture.
  [[nodiscard]] std::optional<Choice> best_choice(const Fits& open) const {
    std::optional<Choice> best;
    size_t best_score = 0;
    const auto offer = [&](const Fits& a, const Fits& b, bool is_pure, const auto& make) {
      const size_t count = count_open(open, a, b);
      const size_t score = 2 * count + (is_pure ? 1 : 0);
      if (count == 0 || score <= best_score) return;
      best_score = score;
      best = make();
      for (size_t k = 0; k < open.size(); ++k) best->fits.push_back(a[k] && b[k]);
    };
    const Fits all(groups_.size(), true);
    for (size_t w = 0; w < space_.wholes.size(); ++w) {
      offer(whole_fits_[w], all, true, [&] {
        return Choice{space_.wholes[w].label, space_.wholes[w].text, {}};
      });
    }
    for (size_t n = 0; n < space_.nodes.size(); ++n) {
      const Formula& node = space_.nodes[n];
      for (size_t o = 0; o < space_.ordinals.size(); ++o) {
        const Formula& ordinal = space_.ordinals[o];
        const bool is_pure =
            node.label == ordinal.label || node.label.empty() || ordinal.label.empty();
        offer(node_fits_[n], ordinal_fits_[o], is_pure,
              [&] { return pair(node, ordinal.label, ordinal.text); });
      }
      offer(node_fits_[n], any_ordinal_, true, [&] { return pair(node, "node", "*"); });
    }
    return best;
  }

  [[nodiscard]] Choice pair(const Formula& node, const std::string& ordinal_label,
                            const std::string& ordinal) const {
    std::string label = node.label;
    if (label.empty()) {
      label = ordinal_label;
    } else if (!ordinal_label.empty() && ordinal_label != label) {
      label += "_" + ordinal_label;
    }
    if (label.empty()) label = "only";
    return {label, fmt::format("{}[{}, {}]", space_.machine, node.text, ordinal), {}};
  }

  [[nodiscard]] std::string unused_name(const std::string& label,
                                        std::set<std::string>& names) const {
    const std::string base = fmt::format("{}_{}", label, lower_case(to_string(kind_)));
    std::string name = base;
    for (int k = 2; !names.insert(name).second; ++k) name = fmt::format("{}_{}", base, k);
    return name;
  }

  std::vector<size_t> members_;  ///< Positions in the caller's list.
  machine::ProcessorKind kind_;
  std::vector<const LaunchGroup*> groups_;
  FormulaSpace space_;
  std::vector<Fits> node_fits_, ordinal_fits_, whole_fits_;
  Fits any_ordinal_;
};

}  // namespace

std::string machine_variable(machine::ProcessorKind kind) {
  return "m" + lower_case(to_string(kind));
}

std::vector<FoundMap> find_index_maps(std::span<const LaunchGroup> groups,
                                      const machine::MachineShape& machine) {
  std::map<std::pair<machine::ProcessorKind, int>, std::vector<size_t>> families;
  for (size_t k = 0; k < groups.size(); ++k) families[{groups[k].kind, groups[k].dim}].push_back(k);
  std::vector<FoundMap> found;
  std::set<std::string> names;
  for (const auto& [key, members] : families) Family(groups, members, machine).choose(found, names);
  return found;
}

}  // namespace placewright::infer
