// SPDX-License-Identifier: Apache-2.0
// What one process of a recorded run saw: the tasks that were mapped there, and what its tasks did
// between their launches. The processes of a run saw parts of one program.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "workload/recording.h"

namespace placewright::workload {

/// A task by the runtime's number, which no other task of the run has; 0: the top-level task, also each of
/// its shards.
using TaskNumber = uint64_t;

struct PartialRecording {
  /// Where a launch is in the program, and which tasks its points are.
  struct Place {
    TaskNumber parent = 0;
    uint64_t number = 0;  ///< Among its parent's operations: ascending, with gaps.
    std::vector<TaskNumber> tasks;
  };
  /// Something else than a launch.
  struct Mark {
    uint64_t launches = 0;  ///< So many launches came before.
    Operation operation;
    friend bool operator==(const Mark&, const Mark&) = default;
  };
  /// What a task did in this process.
  struct Program {
    uint64_t launches = 0;
    std::vector<Mark> marks;
    /// By the number of a launch: how far back those are whose results it uses.
    std::map<uint64_t, std::vector<uint32_t>> uses_results;
    friend bool operator==(const Program&, const Program&) = default;
  };

  /// Its launches are not told apart by what they launch: there is one for each place. They have the points
  /// that were mapped in this process, without programs and costs. There are no operations and programs.
  Recording seen;
  std::vector<Place> places = {};  ///< By launch.
  std::map<TaskNumber, Program> programs = {};
  std::map<TaskNumber, uint32_t> costs = {};  ///< Numbers of seen.costs.
};

[[nodiscard]] std::string to_json(const PartialRecording& part);
/// Errors: as recording_from_json(), for the members that a part has.
[[nodiscard]] Result<PartialRecording> partial_recording_from_json(const std::string& text);

/// The whole program. Equal things are kept once, and what repeats becomes loops. Errors: no parts, parts of
/// different machines, numbers of something that is not there.
[[nodiscard]] Result<Recording> join(std::span<const PartialRecording> parts);

}  // namespace placewright::workload
