// SPDX-License-Identifier: Apache-2.0
// The grammar narrowed to one application and machine: only its names, the kinds its tasks have and
// the memories its processors see, each rule a bounded number of times. Every text it derives
// passes the checker, so a model constrained by it writes valid mappings, which may still be slow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/grammar/grammar.h"
#include "machine/kinds.h"

namespace placewright::lang::grammar {

struct VocabularyTask {
  std::string name;
  std::vector<machine::ProcessorKind> kinds;  ///< The kinds of its variants that the machine has.
  std::vector<std::string> arguments;  ///< The name of each in rules: a region's name or a number.
  size_t argument_count = 0;           ///< Several may have one name.
};

struct VocabularyKind {
  machine::ProcessorKind kind;
  std::vector<machine::MemoryKind> memories;  ///< The memories that its processors see.
};

struct Vocabulary {
  std::vector<VocabularyTask> tasks;
  std::vector<VocabularyKind> kinds;  ///< The kinds of the machine.
};

/// Starts with the functions of index_maps.h for each kind of processor. At most 64 rules of each
/// kind of statement follow.
[[nodiscard]] Grammar narrowed_grammar(const Vocabulary& vocabulary);

}  // namespace placewright::lang::grammar
