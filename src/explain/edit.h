// SPDX-License-Identifier: Apache-2.0
// Advice that a program can apply: a few rules that come before all others of a mapping, so that
// they win against rules with the same key. Only edits that the checker and the application accept
// and that change a decision are made.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "explain/finding.h"
#include "machine/shape.h"
#include "workload/candidate.h"

namespace placewright::explain {

/// The mapping with the edit's rules in front, without the rules that these make ineffective. An
/// empty mapping gives the rules alone.
[[nodiscard]] std::string apply_edit(const Edit& edit, const std::string& mapping);

/// Makes edits of one mapping for one application.
class EditMaker {
 public:
  /// `mapping` is its text; empty stands for Legion's default mapper. `workload` must outlive the
  /// object.
  EditMaker(const workload::Workload& workload, const machine::MachineShape& machine,
            std::string mapping);
  /// Makes no edits: a mapper of the application's own decides, and nobody knows what.
  explicit EditMaker(const workload::Workload& workload)
      : workload_(workload), machine_(workload.machine) {}

  /// What the mapping decides before any edit. Its policy is null if it has errors; then no edit is
  /// made.
  [[nodiscard]] const workload::Candidate& before() const { return before_; }

  /// Nothing if the mapping would be rejected with these rules or decide what it decides now.
  [[nodiscard]] std::optional<Edit> make(std::string label, std::string rules) const;
  /// `Task step CPU;`
  [[nodiscard]] std::optional<Edit> move_task(const std::string& task,
                                              machine::ProcessorKind kind) const;
  /// `Region * rp_ghost GPU ZCMEM;`, one rule for each of the regions.
  [[nodiscard]] std::optional<Edit> move_regions(const std::set<std::string>& regions,
                                                 machine::ProcessorKind kind,
                                                 machine::MemoryKind memory) const;
  /// `IndexTaskMap step block_gpu;` with the definition of one of grammar::kIndexMaps.
  [[nodiscard]] std::optional<Edit> place(const std::string& task, std::string_view map,
                                          machine::ProcessorKind kind) const;

 private:
  /// `word`, with a number appended if the mapping uses it already.
  [[nodiscard]] std::string unused(const std::string& word) const;

  const workload::Workload& workload_;
  machine::MachineShape machine_;
  std::string mapping_;
  workload::Candidate before_;
};

}  // namespace placewright::explain
