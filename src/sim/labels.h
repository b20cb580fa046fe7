// SPDX-License-Identifier: Apache-2.0
// What the activities of a timeline are: the timeline itself does not know.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "decide/machine.h"
#include "sim/machine.h"
#include "sim/timeline.h"
#include "workload/recording.h"

namespace placewright::sim {

/// An argument of a task of the workload.
struct ArgumentId {
  uint32_t task = 0;
  int argument = -1;
  friend auto operator<=>(const ArgumentId&, const ArgumentId&) = default;
};

struct Label {
  enum class Kind : uint8_t { Wait, Task, Copy, Fold, Fill, Runtime } kind = Kind::Wait;
  bool converts = false;  ///< The order of elements differs between source and target.
  ArgumentId of;      ///< The task, or the argument that needs the data. Of the runtime's work: the
                      ///< task, or the argument that was copied for.
  uint64_t from = 0;  ///< Memory::id; 0: none.
  uint64_t to = 0;
  uint64_t bytes = 0;
  ArgumentId source = {};             ///< What the source was made for.
  decide::ProcessorPlace place = {};  ///< A task's; the first one if it may run on several.
};

class Labels {
 public:
  /// `kept`: false for timelines that nobody will ask about.
  explicit Labels(bool kept) : kept_(kept) {}
  [[nodiscard]] bool kept() const { return kept_; }
  void set(ActivityId activity, const Label& label) {
    if (!kept_) return;
    if (activity >= labels_.size()) labels_.resize(activity + 1);
    labels_[activity] = label;
  }
  /// Activities that were not labelled only wait for others.
  [[nodiscard]] Label of(ActivityId activity) const {
    return activity < labels_.size() ? labels_[activity] : Label();
  }

 private:
  bool kept_;
  std::vector<Label> labels_;
};

/// "task `x`", "copies from SYSMEM to FBMEM for `x` argument 1 (name)".
[[nodiscard]] std::string words(const Label& label, const workload::Recording& recording,
                                const ModelledMachine& machine);

}  // namespace placewright::sim
