// SPDX-License-Identifier: Apache-2.0
#include "sim/measured_tasks.h"

#include <fmt/format.h>

#include <algorithm>

namespace placewright::sim {
namespace {

bool is_as_measured(const InstanceUse& use, const MappedPoint& point, const Instances& instances,
                    bool is_demanded) {
  const Instance& instance = instances.at(use.instance);
  const ModelledMemory memory = point.arguments[static_cast<size_t>(use.argument)].memory;
  const bool is_near = point.place.target.kind == machine::ProcessorKind::Gpu
                           ? memory == ModelledMemory::FrameBuffer
                           : memory != ModelledMemory::FrameBuffer;
  machine::DataOrder order = decide::describe(instance.layout.ordering, instance.bounds.dim());
  // With one field there is nothing between its elements.
  if (instance.fields.size() < 2) order.fields = {};
  return is_near && (is_demanded || order == machine::DataOrder());
}

}  // namespace

MeasuredTasks::MeasuredTasks(const workload::Recording& recording) : recording_(&recording) {
  for (const workload::MeasuredTask& each : recording.measured)
    seconds_[{each.task, each.kind}] = each.seconds;
}

bool MeasuredTasks::is_demanded(const MappedPoint& point, int argument) const {
  for (const workload::RecordedVariant& each : recording_->variants[point.task])
    for (const auto& [number, demand] : each.demands)
      if (each.variant.id == point.variant->id && number == argument) return true;
  return false;
}

tl::expected<double, std::string> MeasuredTasks::of(const MappedPoint& point,
                                                    const Instances& instances) const {
  const auto known = seconds_.find({point.task, point.place.target.kind});
  if (known == seconds_.end())
    return tl::unexpected(
        fmt::format("its application states no cost, and no run measured it on a {}",
                    to_string(point.place.target.kind)));
  for (const InstanceUse& use : point.uses)
    if (!is_as_measured(use, point, instances, is_demanded(point, use.argument)))
      return tl::unexpected(fmt::format(
          "it was measured with argument {} in another memory or layout", use.argument));
  return known->second;
}

}  // namespace placewright::sim
