// SPDX-License-Identifier: Apache-2.0
#include "policy/placement.h"

#include <algorithm>

#include "policy/closed_form.h"
#include "support/check.h"

namespace placewright::policy {
namespace {

/// Strides between neighbouring positions, with the first coordinate fastest.
std::array<int64_t, machine::kMaxDim> first_fastest(const machine::LaunchDomain& domain) {
  std::array<int64_t, machine::kMaxDim> strides{};
  int64_t stride = 1;
  for (int d = 0; d < domain.dim(); ++d) {
    strides[d] = stride;
    stride *= domain.extent(d);
  }
  return strides;
}

std::array<int64_t, machine::kMaxDim> last_fastest(const machine::LaunchDomain& domain) {
  std::array<int64_t, machine::kMaxDim> strides{};
  int64_t stride = 1;
  for (int d = domain.dim() - 1; d >= 0; --d) {
    strides[d] = stride;
    stride *= domain.extent(d);
  }
  return strides;
}

/// Calls `visit(position, offsets)` for every point of the domain until it returns false; offsets
/// are relative to the lower bound.
template <class Visitor>
bool for_each_offset(const machine::LaunchDomain& domain, const Visitor& visit) {
  std::array<int64_t, machine::kMaxDim> offsets{};
  const int64_t volume = domain.volume();
  for (int64_t position = 0; position < volume; ++position) {
    if (!visit(position, offsets)) return false;
    for (int d = 0; d < domain.dim(); ++d) {
      if (++offsets[d] < domain.extent(d)) break;
      offsets[d] = 0;
    }
  }
  return true;
}

/// One table per dimension, such that their sum gives every number; empty if there are none.
std::vector<PlacementAxis> find_axes(const machine::LaunchDomain& domain,
                                     std::span<const uint32_t> numbers) {
  const auto strides = first_fastest(domain);
  std::vector<PlacementAxis> axes(static_cast<size_t>(domain.dim()));
  const int64_t base = numbers[0];
  for (int d = 0; d < domain.dim(); ++d) {
    for (int64_t x = 0; x < domain.extent(d); ++x) {
      axes[d].table.push_back(static_cast<int32_t>(numbers[x * strides[d]] - base));
    }
  }
  const bool is_sum = for_each_offset(domain, [&](int64_t position, const auto& offsets) {
    int64_t sum = base;
    for (int d = 0; d < domain.dim(); ++d) sum += axes[d].table[offsets[d]];
    return sum == numbers[position];
  });
  if (!is_sum) axes.clear();
  return axes;
}

}  // namespace

Placement::Placement(machine::ProcessorKind kind, const machine::LaunchDomain& domain,
                     std::shared_ptr<const TargetList> list, std::span<const uint32_t> numbers,
                     uint32_t width)
    : kind_(kind), domain_(domain), targets_(list->targets.data()), list_(std::move(list)) {
  PLACEWRIGHT_CHECK(static_cast<int64_t>(numbers.size()) == domain.volume());
  if (numbers.empty()) return;
  base_ = numbers[0];
  strides_ = first_fastest(domain);
  axes_ = find_axes(domain, numbers);
  if (!axes_.empty()) {
    for (int d = 0; d < domain.dim(); ++d) {
      if (domain.extent(d) <= kAxisTableLength) continue;
      auto closed = find_closed_form(domain.extent(d), width,
                                     [&](int64_t x) { return numbers[x * strides_[d]]; });
      if (!closed) continue;
      axes_[d] = std::move(*closed);
      tables_only_ = false;
    }
    if (domain.dim() > 1 || domain.extent(0) <= kAxisTableLength) return;
    // With a single axis the axis is the position: a closed form is faster as Linear, and a table
    // takes half the space as a narrow one.
    if (!tables_only_) {
      form_ = Form::Linear;
      return;
    }
    axes_.clear();
  }
  for (const auto& strides : {first_fastest(domain), last_fastest(domain)}) {
    std::vector<uint32_t> ordered(numbers.size());
    for_each_offset(domain, [&](int64_t position, const auto& offsets) {
      int64_t other = 0;
      for (int d = 0; d < domain.dim(); ++d) other += offsets[d] * strides[d];
      ordered[static_cast<size_t>(other)] = numbers[position];
      return true;
    });
    auto closed = find_closed_form(domain.volume(), width, [&](int64_t x) { return ordered[x]; });
    if (!closed) continue;
    form_ = Form::Linear;
    strides_ = strides;
    axes_ = {std::move(*closed)};
    return;
  }
  if (std::ranges::max(numbers) <= UINT16_MAX) {
    form_ = Form::NarrowTable;
    narrow_.assign(numbers.begin(), numbers.end());
  } else {
    form_ = Form::WideTable;
    wide_.assign(numbers.begin(), numbers.end());
  }
}

Placement::Placement(machine::ProcessorKind kind, std::shared_ptr<const TargetList> list,
                     lang::ColumnProgram program)
    : kind_(kind),
      form_(Form::OnDemand),
      domain_(program.domain),
      targets_(list->targets.data()),
      program_(std::move(program)),
      list_(std::move(list)) {
  PLACEWRIGHT_CHECK(program_->is_total());
}

uint32_t Placement::number(const machine::DomainPoint& point) const {
  if (form_ == Form::OnDemand) return program_->at(point);
  const int dim = domain_.dim();
  if (form_ == Form::Axes) {
    int64_t sum = base_;
    for (int d = 0; d < dim; ++d) {
      const PlacementAxis& axis = axes_[d];
      const auto x = static_cast<uint64_t>(point.at[d] - domain_.lo.at[d]);
      if (tables_only_ || !axis.table.empty()) {
        sum += axis.table[x];
      } else {
        sum += axis.terms[0].at(x) + axis.terms[1].at(x);
      }
    }
    return static_cast<uint32_t>(sum);
  }
  int64_t position = 0;
  for (int d = 0; d < dim; ++d) position += (point.at[d] - domain_.lo.at[d]) * strides_[d];
  if (form_ == Form::NarrowTable) return narrow_[static_cast<size_t>(position)];
  if (form_ == Form::WideTable) return wide_[static_cast<size_t>(position)];
  const auto x = static_cast<uint64_t>(position);
  const int64_t sum = base_ + axes_[0].terms[0].at(x) + axes_[0].terms[1].at(x);
  return static_cast<uint32_t>(sum);
}

bool Placement::is_closed() const {
  return narrow_.empty() && wide_.empty() && form_ != Form::OnDemand &&
         std::ranges::all_of(axes_, [](const PlacementAxis& axis) { return axis.table.empty(); });
}

size_t Placement::memory_bytes() const {
  size_t bytes =
      sizeof(*this) + narrow_.capacity() * sizeof(uint16_t) + wide_.capacity() * sizeof(uint32_t);
  for (const PlacementAxis& axis : axes_) {
    bytes += sizeof(axis) + axis.table.capacity() * sizeof(int32_t);
  }
  if (program_) {
    bytes += program_->ops.capacity() * sizeof(lang::ColumnOp);
    for (const auto& table : program_->tables) bytes += table.capacity() * sizeof(int32_t);
  }
  return bytes;
}

}  // namespace placewright::policy
