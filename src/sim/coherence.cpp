// SPDX-License-Identifier: Apache-2.0
#include "sim/coherence.h"

#include <algorithm>
#include <set>

#include "decide/sources.h"

namespace placewright::sim {
namespace {

bool contains(const std::vector<InstanceNumber>& list, InstanceNumber instance) {
  return std::ranges::find(list, instance) != list.end();
}

/// The position of the fields counts only if there are several.
bool differ_in_order(const Instance& one, const Instance& other) {
  const auto order = [](const Instance& instance) {
    machine::DataOrder order = decide::describe(instance.layout.ordering, instance.bounds.dim());
    if (instance.fields.size() < 2) order.fields = {};
    return order;
  };
  return order(one) != order(other);
}

void add_users(const CellUsers& users, bool also_readers, std::vector<ActivityId>& after) {
  after.push_back(users.writer);
  if (also_readers) after.insert(after.end(), users.readers.begin(), users.readers.end());
}

}  // namespace

std::vector<InstanceNumber> Coherence::valid(std::span<const uint32_t> cells) const {
  std::set<InstanceNumber> all;
  for (const uint32_t cell : cells)
    all.insert(states_[cell].valid.begin(), states_[cell].valid.end());
  return {all.begin(), all.end()};
}

void Coherence::fill(std::span<const uint32_t> cells) {
  for (const uint32_t cell : cells) {
    drop_all(states_[cell].valid);
    drop_all(states_[cell].folds);
    states_[cell].is_filled = true;
  }
}

std::vector<ActivityId> Coherence::prepare(const InstanceUse& use, ActivityId start) {
  switch (use.privilege) {
    case machine::Privilege::ReadOnly:
    case machine::Privilege::ReadWrite:
      bring_data(use, start);
      apply_folds(use, start);
      break;
    case machine::Privilege::Reduce:
      begin_folds(use, start);
      break;
    case machine::Privilege::WriteDiscard:
    case machine::Privilege::None:
      break;
  }
  Instance& instance = instances_->at(use.instance);
  std::vector<ActivityId> after = instance.after;
  const bool only_reads = use.privilege == machine::Privilege::ReadOnly;
  for (const uint32_t cell : use.cells) add_users(instance.users_of(cell), !only_reads, after);
  return after;
}

void Coherence::use(const InstanceUse& use, ActivityId task) {
  Instance& instance = instances_->at(use.instance);
  const bool only_reads = use.privilege == machine::Privilege::ReadOnly;
  for (const uint32_t cell : use.cells) {
    CellUsers& users = instance.users_of(cell);
    if (only_reads) {
      users.readers.push_back(task);
    } else {
      users = {task};
    }
    if (!machine::writes(use.privilege)) continue;
    set_valid(cell, use.instance, /*only=*/true);
    states_[cell].is_filled = false;
  }
  if (use.is_collected && instance.valid_cells == 0) instances_->free(use.instance);
}

/// Copies what the instance lacks from the best of the valid ones. Data that nobody wrote is not copied.
void Coherence::bring_data(const InstanceUse& use, ActivityId start) {
  Sources sources;
  std::vector<uint32_t> filled;
  for (const uint32_t cell : use.cells) {
    const CellState& state = states_[cell];
    if (state.valid.empty() && state.is_filled) filled.push_back(cell);
    if (!state.valid.empty() && !contains(state.valid, use.instance))
      sources[best_source(cell, use.instance)].push_back(cell);
  }
  if (!filled.empty()) add_fill(use, filled, start);
  for (const auto& [source, cells] : sources) copy(source, use, cells, /*folds=*/false, start);
  // What is collected after its use is not noted as valid; what was valid stays so.
  if (use.is_collected) return;
  for (const uint32_t cell : use.cells)
    if (!contains(states_[cell].valid, use.instance)) set_valid(cell, use.instance, false);
}

void Coherence::apply_folds(const InstanceUse& use, ActivityId start) {
  Sources sources;
  for (const uint32_t cell : use.cells)
    for (const InstanceNumber folds : states_[cell].folds) sources[folds].push_back(cell);
  for (const auto& [source, cells] : sources) copy(source, use, cells, /*folds=*/true, start);
  for (const uint32_t cell : use.cells)
    if (!states_[cell].folds.empty()) set_valid(cell, use.instance, /*only=*/true);
}

/// An instance that holds no pending folds is filled with the reduction's identity first.
void Coherence::begin_folds(const InstanceUse& use, ActivityId start) {
  std::vector<uint32_t> filled;
  for (const uint32_t cell : use.cells) {
    if (contains(states_[cell].folds, use.instance)) continue;
    filled.push_back(cell);
    states_[cell].folds.push_back(use.instance);
    ++instances_->at(use.instance).valid_cells;
  }
  if (!filled.empty()) add_fill(use, filled, start);
}

void Coherence::add_fill(const InstanceUse& use, const std::vector<uint32_t>& cells,
                         ActivityId start) {
  Instance& instance = instances_->at(use.instance);
  Transfer fill{0, instance.memory};
  std::vector<ActivityId> after = {start};
  after.insert(after.end(), instance.after.begin(), instance.after.end());
  for (const uint32_t cell : cells) {
    fill.bytes += data_->cells()[cell].bytes;
    add_users(instance.users_of(cell), true, after);
  }
  note(fill);
  const ActivityId activity = timeline_->add(model_->transfer(fill), std::move(after));
  labels_->set(activity, {.kind = Label::Kind::Fill,
                          .of = {use.task, use.argument},
                          .to = instance.memory,
                          .bytes = fill.bytes});
  for (const uint32_t cell : cells) instance.users_of(cell) = {activity};
}

InstanceNumber Coherence::best_source(uint32_t cell, InstanceNumber target) const {
  const std::vector<InstanceNumber>& valid = states_[cell].valid;
  if (valid.size() == 1) return valid.front();
  const Instance& wanted = instances_->at(target);
  std::vector<decide::CopySource> sources;
  for (const InstanceNumber number : valid) {
    const Instance& source = instances_->at(number);
    sources.push_back({static_cast<uint32_t>(sources.size()),
                       machine_->reported_bandwidth(source.memory, wanted.memory),
                       data_->common_points(wanted.tree, wanted.points, source.points),
                       source.memory});
  }
  decide::rank_sources(sources);
  return valid[sources.front().number];
}

void Coherence::copy(InstanceNumber from, const InstanceUse& use,
                     const std::vector<uint32_t>& cells, bool folds, ActivityId start) {
  Instance& source = instances_->at(from);
  Instance& target = instances_->at(use.instance);
  Transfer transfer{source.memory, target.memory, 0, 0, folds};
  std::vector<ActivityId> after = {start};
  after.insert(after.end(), target.after.begin(), target.after.end());
  uint32_t fields = 0;
  for (const uint32_t cell : cells) {
    transfer.bytes += data_->cells()[cell].bytes;
    fields = std::max(fields, data_->cells()[cell].fields);
    add_users(source.users_of(cell), /*also_readers=*/false, after);
    add_users(target.users_of(cell), /*also_readers=*/true, after);
  }
  transfer.calls = std::max(1U, fields);
  note(transfer);
  const ActivityId activity = timeline_->add(model_->transfer(transfer), std::move(after));
  labels_->set(activity, {folds ? Label::Kind::Fold : Label::Kind::Copy,
                          labels_->kept() && differ_in_order(source, target),
                          {use.task, use.argument},
                          source.memory,
                          target.memory,
                          transfer.bytes,
                          source.made_for});
  add_report(use, machine_->place(target.memory).node, activity);
  for (const uint32_t cell : cells) {
    source.users_of(cell).readers.push_back(activity);
    target.users_of(cell) = {activity};
  }
}

/// The runtime's work for a copy that has ended. Nothing waits for it but what its processor does next.
void Coherence::add_report(const InstanceUse& use, int node, ActivityId copy) {
  const auto work = model_->after_copy(node);
  if (!work) return;
  Label label{.kind = Label::Kind::Runtime, .of = {use.task, use.argument}};
  label.place.node = node;
  labels_->set(timeline_->add(*work, {copy}), label);
}

void Coherence::note(const Transfer& transfer) {
  Moved& moved = moves_[{transfer.from, transfer.to}];
  moved.bytes += transfer.bytes;
  ++moved.count;
  if (model_->is_unmodelled(transfer)) unmodelled_bytes_ += transfer.bytes;
}

void Coherence::set_valid(uint32_t cell, InstanceNumber instance, bool only) {
  CellState& state = states_[cell];
  if (only) {
    drop_all(state.valid);
    drop_all(state.folds);
  }
  state.valid.push_back(instance);
  ++instances_->at(instance).valid_cells;
}

void Coherence::drop_all(std::vector<InstanceNumber>& list) {
  for (const InstanceNumber each : list) --instances_->at(each).valid_cells;
  list.clear();
}

}  // namespace placewright::sim
