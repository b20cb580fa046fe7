// SPDX-License-Identifier: Apache-2.0
// What fills the memories of one process: the instances made by its mappers. One object per
// process; the caller locks it.
//
// Nobody tells when the runtime deletes an instance, so they are re-checked from time to time; usage
// may be over-, never underestimated.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "decide/machine.h"

namespace placewright::decide {

class MemoryContents {
 public:
  /// A new instance was made for a region argument of a task.
  void made(uint64_t instance, const Memory& memory, uint64_t bytes, uint32_t task,
            unsigned argument);
  /// Whether no further instance of that size would fit, as far as is known.
  [[nodiscard]] bool is_crowded(const Memory& memory, uint64_t bytes) const;
  /// Whether a further instance of that size leaves half of the memory free.
  [[nodiscard]] bool leaves_half(const Memory& memory, uint64_t bytes) const;
  /// Whether some memory is a quarter full. Tasks mapped before are not watched, so the threshold is
  /// low.
  [[nodiscard]] bool is_tight() const { return tight_; }

  /// The memories whose instances should be re-checked; each is returned once until it is due again.
  [[nodiscard]] std::vector<uint64_t> take_due();
  [[nodiscard]] bool any_due() const { return any_due_; }
  [[nodiscard]] std::vector<uint64_t> instances(uint64_t memory) const;
  /// A re-check of a memory found these instances gone.
  void checked(uint64_t memory, const std::vector<uint64_t>& gone);

  /// Live instances that were made for the same argument.
  struct Share {
    uint32_t task = 0;
    unsigned argument = 0;
    size_t count = 0;
    uint64_t bytes = 0;
  };
  /// The live instances in a memory, largest share first.
  [[nodiscard]] std::vector<Share> shares(uint64_t memory) const;

 private:
  struct Made {
    uint64_t bytes;
    uint32_t task;
    unsigned argument;
  };
  struct Contents {
    std::map<uint64_t, Made> instances;
    uint64_t bytes = 0;
    uint64_t new_bytes = 0;  ///< Bytes made since the last re-check.
    bool is_due = false;
    size_t check_at = 0;  ///< Number of instances that makes a re-check due.
  };

  std::map<uint64_t, Contents> contents_;
  bool tight_ = false;
  bool any_due_ = false;
};

}  // namespace placewright::decide
