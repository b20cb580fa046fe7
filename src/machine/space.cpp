// SPDX-License-Identifier: Apache-2.0
#include "machine/space.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "machine/decompose.h"
#include "machine/factor.h"
#include "support/check.h"

namespace placewright::machine {

/// The processors of a kind where nodes differ.
struct ProcessorSpace::Nodes {
  std::vector<int> with;        ///< The nodes that have any.
  std::vector<int64_t> starts;  ///< For each of them, how many come before its own; then all.
  [[nodiscard]] int64_t count() const { return starts.back(); }
};

/// One transformation and the space it yields.
struct ProcessorSpace::Step {
  enum class Op { Base, All, Merge, Split, Swap, Slice, Reverse };

  std::shared_ptr<const Step> parent;
  ProcessorKind kind = ProcessorKind::Cpu;
  Op op = Op::Base;
  int depth = 0;
  int a = 0;           ///< The dimension, or the first of two.
  int b = 0;           ///< The second dimension; for Split the number of factors.
  int64_t offset = 0;  ///< Slice only.
  SpaceIndex sizes;
  std::shared_ptr<const Nodes> nodes;  ///< Null if all nodes have the same number.

  [[nodiscard]] int merged_dimension() const { return a < b ? a : a - 1; }
  /// Base and All: between an index and a processor; negative numbers if there is none.
  [[nodiscard]] ProcessorPosition processor(const SpaceIndex& index) const;
  [[nodiscard]] SpaceIndex index(const ProcessorPosition& processor) const;
  [[nodiscard]] SpaceIndex to_old(const SpaceIndex& y) const;
  [[nodiscard]] SpaceIndex to_new(const SpaceIndex& x) const;
};

namespace {

void insert(SpaceIndex& index, int position, int64_t value) {
  for (int d = index.rank; d > position; --d) index.at[d] = index.at[d - 1];
  index.at[position] = value;
  ++index.rank;
}

void remove(SpaceIndex& index, int position) {
  for (int d = position; d + 1 < index.rank; ++d) index.at[d] = index.at[d + 1];
  --index.rank;
  index.at[index.rank] = 0;
}

bool is_inside(const SpaceIndex& index, const SpaceIndex& sizes) {
  for (int d = 0; d < sizes.rank; ++d) {
    if (index.at[d] < 0 || index.at[d] >= sizes.at[d]) return false;
  }
  return true;
}

}  // namespace

ProcessorPosition ProcessorSpace::Step::processor(const SpaceIndex& index) const {
  if (op == Op::Base)
    return {nodes ? nodes->with[static_cast<size_t>(index.at[0])] : index.at[0], index.at[1]};
  const int64_t number = index.at[0];
  const auto after = std::ranges::upper_bound(nodes->starts, number) - nodes->starts.begin();
  const auto row = static_cast<size_t>(after) - 1;
  return {nodes->with[row], number - nodes->starts[row]};
}

SpaceIndex ProcessorSpace::Step::index(const ProcessorPosition& processor) const {
  SpaceIndex result;
  result.rank = sizes.rank;
  int64_t row = processor.node;
  if (nodes) {
    const auto found = std::ranges::find(nodes->with, processor.node);
    row = found == nodes->with.end() ? -1 : found - nodes->with.begin();
  }
  if (op == Op::Base) {
    result.at[0] = row;
    result.at[1] = processor.ordinal;
    return result;
  }
  const auto start = static_cast<size_t>(row);
  const bool exists = row >= 0 && processor.ordinal >= 0 &&
                      processor.ordinal < nodes->starts[start + 1] - nodes->starts[start];
  result.at[0] = exists ? nodes->starts[start] + processor.ordinal : -1;
  return result;
}

SpaceIndex ProcessorSpace::Step::to_old(const SpaceIndex& y) const {
  SpaceIndex x = y;
  switch (op) {
    case Op::Base:
    case Op::All:
      break;
    case Op::Merge: {
      const int64_t merged = y.at[merged_dimension()];
      const int64_t fast_size = parent->sizes.at[b];
      x.at[merged_dimension()] = merged / fast_size;
      insert(x, b, merged % fast_size);
      break;
    }
    case Op::Split: {
      int64_t value = y.at[a + b - 1];
      for (int k = b - 2; k >= 0; --k) value = value * sizes.at[a + k] + y.at[a + k];
      for (int k = 1; k < b; ++k) remove(x, a + 1);
      x.at[a] = value;
      break;
    }
    case Op::Swap:
      std::swap(x.at[a], x.at[b]);
      break;
    case Op::Slice:
      x.at[a] += offset;
      break;
    case Op::Reverse:
      x.at[a] = sizes.at[a] - 1 - y.at[a];
      break;
  }
  return x;
}

SpaceIndex ProcessorSpace::Step::to_new(const SpaceIndex& x) const {
  SpaceIndex y = x;
  switch (op) {
    case Op::Base:
    case Op::All:
      break;
    case Op::Merge:
      y.at[a] = x.at[a] * parent->sizes.at[b] + x.at[b];
      remove(y, b);
      break;
    case Op::Split: {
      int64_t rest = x.at[a];
      for (int k = 0; k + 1 < b; ++k) {
        y.at[a + k] = rest % sizes.at[a + k];
        rest /= sizes.at[a + k];
        insert(y, a + k + 1, rest);
      }
      break;
    }
    case Op::Swap:
      std::swap(y.at[a], y.at[b]);
      break;
    case Op::Slice:
      y.at[a] -= offset;
      break;
    case Op::Reverse:
      y.at[a] = sizes.at[a] - 1 - x.at[a];
      break;
  }
  return y;
}

ProcessorSpace::ProcessorSpace(ProcessorKind kind, int64_t nodes, int64_t processors_per_node) {
  PLACEWRIGHT_CHECK(nodes >= 0 && processors_per_node >= 0);
  Step base;
  base.kind = kind;
  base.sizes.rank = 2;
  base.sizes.at[0] = nodes;
  base.sizes.at[1] = processors_per_node;
  step_ = std::make_shared<const Step>(std::move(base));
}

ProcessorSpace::ProcessorSpace(ProcessorKind kind, const MachineShape& machine) {
  Nodes nodes{machine.nodes_with(kind), {0}};
  for (const int node : nodes.with)
    nodes.starts.push_back(nodes.starts.back() + machine.processors(kind, node));
  Step base;
  base.kind = kind;
  base.sizes.rank = 2;
  base.sizes.at[0] = nodes.with.empty() ? machine.node_count() : std::ssize(nodes.with);
  base.sizes.at[1] = machine.processors_per_node(kind);
  const bool is_even = base.sizes.at[0] == machine.node_count() &&
                       base.sizes.at[1] == machine.most_processors_per_node(kind);
  if (!is_even) base.nodes = std::make_shared<const Nodes>(std::move(nodes));
  step_ = std::make_shared<const Step>(std::move(base));
}

ProcessorKind ProcessorSpace::kind() const { return step_->kind; }

Result<ProcessorSpace> ProcessorSpace::all() const {
  if (step_->op != Step::Op::Base) {
    return fail("only `Machine(K)` itself has `all`, not a space made from it",
                "for example `Machine(GPU).all.split(0, 2)`");
  }
  if (!step_->nodes) return merge(0, 1);
  Step step = *step_;
  step.op = Step::Op::All;
  step.sizes = SpaceIndex{};
  step.sizes.rank = 1;
  step.sizes.at[0] = step.nodes->count();
  return ProcessorSpace(std::make_shared<const Step>(std::move(step)));
}

int64_t ProcessorSpace::left_out() const {
  return step_->op == Step::Op::Base && step_->nodes ? step_->nodes->count() - volume() : 0;
}

const SpaceIndex& ProcessorSpace::sizes() const { return step_->sizes; }

int64_t ProcessorSpace::volume() const {
  // Without an empty dimension, the product never exceeds the size of the base.
  if (std::ranges::count(sizes().span(), 0) > 0) return 0;
  int64_t product = 1;
  for (int64_t size : sizes().span()) product *= size;
  return product;
}

Result<void> ProcessorSpace::check_dimension(int64_t d) const {
  if (d >= 0 && d < rank()) return {};
  return fail(fmt::format("dimension {} does not exist in a space of size ({})", d,
                          fmt::join(sizes().span(), ",")),
              fmt::format("dimensions count from 0 to {}", rank() - 1));
}

Result<void> ProcessorSpace::check_split(int64_t d, size_t parts) const {
  if (auto valid = check_dimension(d); !valid) return valid;
  if (static_cast<size_t>(rank()) + parts > kMaxSpaceRank + 1)
    return fail(fmt::format("a space cannot have more than {} dimensions", kMaxSpaceRank));
  return {};
}

Result<ProcessorSpace::Step> ProcessorSpace::next_step() const {
  if (step_->depth >= kMaxSpaceSteps) {
    return fail(fmt::format("more than {} transformations of one space", kMaxSpaceSteps));
  }
  Step step;
  step.parent = step_;
  step.kind = step_->kind;
  step.depth = step_->depth + 1;
  step.sizes = step_->sizes;
  return step;
}

Result<ProcessorSpace> ProcessorSpace::merge(int64_t a, int64_t b) const {
  if (auto valid = check_dimension(a); !valid) return tl::unexpected(valid.error());
  if (auto valid = check_dimension(b); !valid) return tl::unexpected(valid.error());
  if (a == b) return fail(fmt::format("cannot merge dimension {} with itself", a));
  auto step = next_step();
  if (!step) return tl::unexpected(step.error());
  step->op = Step::Op::Merge;
  step->a = static_cast<int>(a);
  step->b = static_cast<int>(b);
  if (__builtin_mul_overflow(sizes().at[a], sizes().at[b], &step->sizes.at[a])) {
    return fail(
        fmt::format("merging sizes {} and {} goes beyond 64 bits", sizes().at[a], sizes().at[b]));
  }
  remove(step->sizes, step->b);
  return ProcessorSpace(std::make_shared<const Step>(std::move(*step)));
}

Result<ProcessorSpace> ProcessorSpace::split_into(int64_t d,
                                                  std::span<const int64_t> factors) const {
  auto step = next_step();
  if (!step) return tl::unexpected(step.error());
  step->op = Step::Op::Split;
  step->a = static_cast<int>(d);
  step->b = static_cast<int>(factors.size());
  step->sizes.at[d] = factors[0];
  for (int k = 1; k < step->b; ++k) insert(step->sizes, step->a + k, factors[k]);
  return ProcessorSpace(std::make_shared<const Step>(std::move(*step)));
}

Result<ProcessorSpace> ProcessorSpace::split(int64_t d, int64_t factor) const {
  if (auto valid = check_split(d, 2); !valid) return tl::unexpected(valid.error());
  if (factor < 1) return fail(fmt::format("cannot split by {}: expected at least 1", factor));
  const std::array<int64_t, 2> factors = {factor, sizes().at[d] / factor};
  return split_into(d, factors);
}

Result<ProcessorSpace> ProcessorSpace::swap(int64_t a, int64_t b) const {
  if (auto valid = check_dimension(a); !valid) return tl::unexpected(valid.error());
  if (auto valid = check_dimension(b); !valid) return tl::unexpected(valid.error());
  if (a == b) return fail(fmt::format("cannot swap dimension {} with itself", a));
  auto step = next_step();
  if (!step) return tl::unexpected(step.error());
  step->op = Step::Op::Swap;
  step->a = static_cast<int>(a);
  step->b = static_cast<int>(b);
  std::swap(step->sizes.at[a], step->sizes.at[b]);
  return ProcessorSpace(std::make_shared<const Step>(std::move(*step)));
}

Result<ProcessorSpace> ProcessorSpace::slice(int64_t d, int64_t lo, int64_t hi) const {
  if (auto valid = check_dimension(d); !valid) return tl::unexpected(valid.error());
  if (lo < 0 || hi >= sizes().at[d] || hi < lo) {
    return fail(
        fmt::format("cannot slice {}..{} out of dimension {} of size {}", lo, hi, d, sizes().at[d]),
        "both bounds are inclusive and count from 0");
  }
  auto step = next_step();
  if (!step) return tl::unexpected(step.error());
  step->op = Step::Op::Slice;
  step->a = static_cast<int>(d);
  step->offset = lo;
  step->sizes.at[d] = hi - lo + 1;
  return ProcessorSpace(std::make_shared<const Step>(std::move(*step)));
}

Result<ProcessorSpace> ProcessorSpace::reverse(int64_t d) const {
  if (auto valid = check_dimension(d); !valid) return tl::unexpected(valid.error());
  auto step = next_step();
  if (!step) return tl::unexpected(step.error());
  step->op = Step::Op::Reverse;
  step->a = static_cast<int>(d);
  return ProcessorSpace(std::make_shared<const Step>(std::move(*step)));
}

Result<ProcessorSpace> ProcessorSpace::balance_split(int64_t d, int64_t parts) const {
  if (auto valid = check_dimension(d); !valid) return tl::unexpected(valid.error());
  if (parts != 2 && parts != 3) {
    return fail(fmt::format("`balance_split` makes 2 or 3 dimensions, not {}", parts));
  }
  if (auto valid = check_split(d, static_cast<size_t>(parts)); !valid)
    return tl::unexpected(valid.error());
  const auto factors = placewright::machine::balance_split(sizes().at[d], static_cast<int>(parts));
  if (!factors) return tl::unexpected(factors.error());
  return split_into(d, *factors);
}

Result<ProcessorSpace> ProcessorSpace::auto_split(int64_t d, std::span<const int64_t> extents,
                                                  int64_t* steps) const {
  if (auto valid = check_split(d, extents.size()); !valid) return tl::unexpected(valid.error());
  const auto factors = placewright::machine::auto_split(sizes().at[d], extents, steps);
  if (!factors) return tl::unexpected(factors.error());
  return split_into(d, *factors);
}

Result<ProcessorSpace> ProcessorSpace::greedy_split(int64_t d,
                                                    std::span<const int64_t> extents) const {
  if (auto valid = check_split(d, extents.size()); !valid) return tl::unexpected(valid.error());
  const auto factors = placewright::machine::greedy_split(sizes().at[d], extents);
  if (!factors) return tl::unexpected(factors.error());
  return split_into(d, *factors);
}

Result<ProcessorSpace> ProcessorSpace::decompose(int64_t d, std::span<const int64_t> extents,
                                                 std::span<const int64_t> halos,
                                                 int64_t* steps) const {
  if (auto valid = check_split(d, extents.size()); !valid) return tl::unexpected(valid.error());
  const auto factors = placewright::machine::decompose(sizes().at[d], extents, halos, steps);
  if (!factors) return tl::unexpected(factors.error());
  return split_into(d, *factors);
}

Result<ProcessorPosition> ProcessorSpace::at(std::span<const int64_t> index) const {
  if (static_cast<int>(index.size()) != rank()) {
    return fail(fmt::format("{} {} for a space of {} {} of size ({})", index.size(),
                            index.size() == 1 ? "index" : "indices", rank(),
                            rank() == 1 ? "dimension" : "dimensions",
                            fmt::join(sizes().span(), ",")));
  }
  SpaceIndex current;
  current.rank = rank();
  for (int d = 0; d < rank(); ++d) {
    if (index[d] < 0 || index[d] >= sizes().at[d]) {
      return fail(
          fmt::format("index {} is outside dimension {} of size {}", index[d], d, sizes().at[d]),
          sizes().at[d] == 0 ? fmt::format("the space is `{}`: the machine has no {} processor",
                                           to_string(), machine::to_string(kind()))
          : index[d] < 0
              ? fmt::format("the space is `{}`; indices count from 0", to_string())
              : fmt::format("the space is `{}`; `% m.size[{}]` after that index wraps around to 0",
                            to_string(), d));
    }
    current.at[d] = index[d];
  }
  const Step* step = step_.get();
  for (; step->parent; step = step->parent.get()) current = step->to_old(current);
  return step->processor(current);
}

Result<SpaceIndex> ProcessorSpace::index_of(ProcessorPosition processor) const {
  std::array<const Step*, kMaxSpaceSteps + 1> chain;
  int length = 0;
  for (const Step* step = step_.get(); step != nullptr; step = step->parent.get()) {
    chain[length++] = step;
  }
  SpaceIndex index = chain[length - 1]->index(processor);
  for (int i = length - 1; i >= 0; --i) {
    // A dimension of size 0 contains no processors, and must not be used as a divisor.
    const bool empty = std::ranges::count(chain[i]->sizes.span(), 0) > 0;
    if (!empty) index = chain[i]->to_new(index);
    if (empty || !is_inside(index, chain[i]->sizes)) {
      return fail(fmt::format("{} processor {} of node {} is not part of the space of size ({})",
                              machine::to_string(kind()), processor.ordinal, processor.node,
                              fmt::join(sizes().span(), ",")));
    }
  }
  return index;
}

std::string ProcessorSpace::to_string() const {
  return fmt::format("{} ({})", machine::to_string(kind()), fmt::join(sizes().span(), ","));
}

}  // namespace placewright::machine
