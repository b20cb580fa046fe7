// SPDX-License-Identifier: Apache-2.0
#include "policy/closed_form.h"

#include <algorithm>
#include <vector>

namespace placewright::policy {
namespace {

/// A sequence of small numbers, by position.
using Sequence = std::function<int64_t(int64_t)>;

/// The properties of a sequence from which a step form can be guessed.
struct Shape {
  int64_t first_run = 0;  ///< Positions before the first change.
  int64_t runs = 1;       ///< Number of runs of equal numbers.
  int64_t period = 0;     ///< Runs before the first run's number returns; 0 if it never does.
};

Shape measure(int64_t length, const Sequence& sequence) {
  Shape shape;
  const int64_t first = sequence(0);
  int64_t previous = first;
  for (int64_t x = 1; x < length; ++x) {
    const int64_t value = sequence(x);
    if (value == previous) continue;
    if (shape.first_run == 0) shape.first_run = x;
    if (value == first && shape.period == 0) shape.period = shape.runs;
    ++shape.runs;
    previous = value;
  }
  if (shape.first_run == 0) shape.first_run = length;
  return shape;
}

bool matches(const StepTerm& term, int64_t length, const Sequence& sequence) {
  const int64_t first = sequence(0);
  for (int64_t x = 0; x < length; ++x) {
    if (term.at(static_cast<uint64_t>(x)) != sequence(x) - first) return false;
  }
  return true;
}

/// nullopt if the numbers are too large for a Divider.
std::optional<StepTerm> make_term(int64_t length, int64_t multiplier, int64_t divisor,
                                  int64_t modulus, int64_t weight) {
  const uint64_t last = static_cast<uint64_t>(length - 1) * static_cast<uint64_t>(multiplier);
  const auto divider = machine::Divider::make(static_cast<uint64_t>(divisor), last);
  const auto wrap =
      machine::Divider::make(static_cast<uint64_t>(modulus), last / static_cast<uint64_t>(divisor));
  if (!divider || !wrap) return std::nullopt;
  return StepTerm{static_cast<uint64_t>(multiplier), *divider, *wrap, weight};
}

/// The step form of one sequence; a constant has weight 0.
std::optional<StepTerm> find_step(int64_t length, const Sequence& sequence) {
  const Shape shape = measure(length, sequence);
  if (shape.runs == 1) return StepTerm{};
  const int64_t weight = sequence(shape.first_run) - sequence(0);
  const int64_t modulus = shape.period > 0 ? shape.period : shape.runs;
  // Runs of equal length, or runs that divide the whole length as evenly as integers allow.
  for (const auto& term : {make_term(length, 1, shape.first_run, modulus, weight),
                           make_term(length, shape.runs, length, modulus, weight)}) {
    if (term && matches(*term, length, sequence)) return term;
  }
  return std::nullopt;
}

}  // namespace

std::optional<PlacementAxis> find_closed_form(int64_t length, uint32_t width,
                                              const std::function<uint32_t(int64_t)>& number) {
  auto node = find_step(length, [&](int64_t x) -> int64_t { return number(x) / width; });
  if (!node) return std::nullopt;
  const auto ordinal = find_step(length, [&](int64_t x) -> int64_t { return number(x) % width; });
  if (!ordinal) return std::nullopt;
  node->weight *= width;
  return PlacementAxis{{*node, *ordinal}, {}};
}

}  // namespace placewright::policy
