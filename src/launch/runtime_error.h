// SPDX-License-Identifier: Apache-2.0
// The messages with which Legion, its default mapper and Realm end a run, by their exact form. This
// one table gives the cause; both the outcome of the run (classify.h) and the finding about it
// (explain/catalogue.h) follow from the cause. Texts of Legion 23 to 25.12. Says nothing about what
// the program itself prints.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace placewright::launch {

/// Why the runtime ended a run.
enum class ErrorCause {
  FullMemory,
  SmallPool,        ///< Too little memory was set aside for a task's temporary data.
  NoVariant,        ///< The task has none at all.
  NoProcessor,      ///< The machine has no kind that the task has a variant for.
  WrongVariant,     ///< The variant does not run on the chosen kind of processor.
  ForbiddenLayout,  ///< The variant demands another layout.
  OtherReduction,   ///< The variant demands another reduction.
  GapsInLayout,     ///< The task needs its data without gaps.
  UnseenMemory,     ///< The task's processors cannot address it.
  WrongPlaces,      ///< Points of a launch were sent where they cannot run.
  NotReplicable,    ///< The variant of a replicated task.
  RefusedDecision,  ///< What else a mapper decided and Legion refused.
  DefaultMapper,    ///< What else the default mapper cannot do.
  TooFewGpus,
  Other  ///< No form of the table.
};
inline constexpr std::array<ErrorCause, 15> kErrorCauses = {
    ErrorCause::FullMemory,     ErrorCause::SmallPool,     ErrorCause::NoVariant,
    ErrorCause::NoProcessor,    ErrorCause::WrongVariant,  ErrorCause::ForbiddenLayout,
    ErrorCause::OtherReduction, ErrorCause::GapsInLayout,  ErrorCause::UnseenMemory,
    ErrorCause::WrongPlaces,    ErrorCause::NotReplicable, ErrorCause::RefusedDecision,
    ErrorCause::DefaultMapper,  ErrorCause::TooFewGpus,    ErrorCause::Other};

/// What a message says of one thing: "task", "bytes", "memory", ...
struct MessagePart {
  std::string name;
  std::string text;
  friend bool operator==(const MessagePart&, const MessagePart&) = default;
};

/// An error that the runtime logged.
struct RuntimeError {
  std::string message;  ///< Without prefix and source position.
  ErrorCause cause = ErrorCause::Other;
  std::vector<MessagePart> parts;
};

/// One row of the table.
struct MessageForm {
  ErrorCause cause = ErrorCause::Other;
  std::string_view pattern;  ///< As match() takes it.
  /// What the `%` of the pattern are, separated by blanks; `-` for what tells nothing.
  std::string_view names;
};
/// The first that matches counts: special forms before general ones.
[[nodiscard]] std::span<const MessageForm> message_forms();

/// Looks a message up, without prefix and source position. Nothing for one that is not listed.
[[nodiscard]] std::optional<RuntimeError> look_up(std::string_view message);

/// The first error in what the runtime logged. A message that is not listed gets its cause from who
/// logged it.
[[nodiscard]] std::optional<RuntimeError> find_runtime_error(const std::string& log);

/// Whether a text has the form of a pattern, in which `%` stands for any text, the shortest that
/// fits; gives these texts in order.
[[nodiscard]] std::optional<std::vector<std::string>> match(std::string_view pattern,
                                                            std::string_view text);

}  // namespace placewright::launch
