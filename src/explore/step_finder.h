// SPDX-License-Identifier: Apache-2.0
// Finds the block of launches that a parent task repeats, and where each repetition, a step, begins.
//
// The block is the shortest period of the longest periodic tail of what was launched. It is found
// once it has been repeated three times. From then on a step begins wherever the block's first event
// appears, so launches that are made now and then, and launch domains that change, belong to the
// step in which they are made. A step never begins inside a trace. If the first event stays away,
// the loop has ended and the next one is looked for. All this depends on the events alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "explore/launch_event.h"

namespace placewright::explore {

/// A block that repeats.
struct Block {
  int number = 1;                  ///< Blocks of one parent are numbered from 1.
  std::vector<std::string> tasks;  ///< Its launches in program order.
  int traces = 0;                  ///< Traces that it begins.
  std::string first;               ///< The first launch; a step begins with it or with its trace.
  uint64_t before = 0;             ///< Events before the first repetition that was seen.
  uint64_t steps = 0;              ///< Steps begun since the block was found.
  uint64_t changes = 0;  ///< Steps that differ from the one before, in domains or launches.
};

class StepFinder {
 public:
  /// `first_task`: each launch of this task begins a step; empty: find the block.
  explicit StepFinder(std::string first_task = "") : first_task_(std::move(first_task)) {}

  /// Returns whether a step begins with this event.
  bool add(const LaunchEvent& event);
  /// The block in which the program is now; null before one was found and after its end.
  [[nodiscard]] const Block* block() const { return block_ ? &*block_ : nullptr; }
  /// A hash of all events so far.
  [[nodiscard]] uint64_t hash() const { return hash_; }

 private:
  struct Seen {
    LaunchEvent::Kind kind;
    bool in_trace;  ///< Before the event.
    uint64_t family;
    uint64_t shape;
  };
  struct Period {
    size_t length = 0;
    size_t covered = 0;  ///< Events at the end that have it.
  };
  [[nodiscard]] Period find_period(uint64_t Seen::*key) const;
  void look_for_block();
  [[nodiscard]] bool choose_anchor(size_t start, size_t length);
  void find_named(const LaunchEvent& event);
  /// Returns whether steps of the period can be told apart.
  [[nodiscard]] bool lock(const Period& period);
  void begin_block(std::vector<std::string> tasks, int traces, uint64_t before);
  [[nodiscard]] bool begins_step() const;
  void count(const LaunchEvent& event, bool begins);
  void forget();

  std::string first_task_;
  std::map<uint64_t, std::string> names_;  ///< By family.
  std::vector<Seen> seen_;                 ///< Until a block is found; then since its last step.
  uint64_t total_ = 0;
  size_t next_look_ = 8;
  int open_traces_ = 0;
  uint64_t last_trace_ = 0;       ///< Family of the last begin of a trace.
  std::vector<uint64_t> anchor_;  ///< Families of the last events when a step begins.
  size_t length_ = 0;             ///< Events in the block.
  uint64_t since_step_ = 0;
  uint64_t step_hash_ = 0;
  uint64_t last_step_hash_ = 0;
  uint64_t family_hash_ = 0;  ///< The families of this step so far.
  uint64_t block_hash_ = 0;   ///< The families of the block; 0: unknown.
  int misfits_ = 0;           ///< Steps in a row that have other launches than the block.
  int blocks_ = 0;
  std::optional<Block> block_;
  uint64_t hash_ = 0;
};

/// Adds a value to a hash.
[[nodiscard]] uint64_t add_to_hash(uint64_t hash, uint64_t value);
[[nodiscard]] uint64_t add_to_hash(uint64_t hash, std::string_view text);

}  // namespace placewright::explore
