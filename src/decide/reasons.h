// SPDX-License-Identifier: Apache-2.0
// Why something was decided, as codes; words on request (`placewright run --explain-decisions`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decide/memories.h"
#include "decide/processors.h"

namespace placewright::decide {

enum class Cause : uint8_t {
  Rule,    ///< `rule` decided.
  NoRule,  ///< No rule speaks; the default mapper's way.
  // Kinds of processors.
  NotTheFirstKind,  ///< The task or the machine lacks the rule's first kind.
  NoKindOfTheRule,
  // Places.
  Shard,
  MustEpoch,
  PointsTogether,  ///< A concurrent launch for which the rule puts points together.
  // Memories.
  InnerTask,
  NoInstanceNeeded,
};

/// A memory of the rules that comes before the one used, and why it was not used. None: it is full.
struct SkippedMemory {
  machine::MemoryKind kind;
  Unusable why;
};

struct Reason {
  Cause cause = Cause::NoRule;
  std::optional<SourceRange> rule;
  std::optional<machine::ProcessorKind> kind;  ///< The rule's first, for NotTheFirstKind.
  std::vector<SkippedMemory> skipped;
  std::string demanded;  ///< The order that the task demands against a layout rule.
};

/// A reason in words: the position of the rule (empty if none decided) and a note.
struct ReasonText {
  std::string rule;
  std::string note;
};
[[nodiscard]] ReasonText words(const Reason& reason, const policy::Rules& rules);

[[nodiscard]] Reason explain_kind(const Setting& setting, const TaskRules& task,
                                  machine::ProcessorKind chosen);
[[nodiscard]] Reason explain_place(const Setting& setting, const TaskRules& task,
                                   const LaunchInfo& launch, bool is_shard, bool is_overruled,
                                   machine::ProcessorKind kind);

/// What an argument got.
struct ArgumentOutcome {
  enum class What : uint8_t { Nothing, Virtual, Instance } what = What::Nothing;
  std::optional<machine::MemoryKind> memory;  ///< The instance's, if a mapping can name it.
};
struct ArgumentReasons {
  Reason memory;
  Reason layout;
};
[[nodiscard]] ArgumentReasons explain_argument(const Setting& setting, const TaskRules& task,
                                               const ArgumentPlan& plan, const Variant& variant,
                                               const Argument& argument,
                                               const ProcessorPlace& target,
                                               const ArgumentOutcome& outcome);

}  // namespace placewright::decide
