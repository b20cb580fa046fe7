// SPDX-License-Identifier: Apache-2.0
#include "launch/runtime_error.h"

#include <algorithm>
#include <sstream>

namespace placewright::launch {
namespace {

constexpr std::array kForms = std::to_array<MessageForm>({
    {ErrorCause::FullMemory,
     "Default mapper failed allocation of size % bytes for region%requirement % of task % (UID %) "
     "in memory % (%) for processor % (%)%",
     "bytes - argument task - - memory - processor -"},
    {ErrorCause::FullMemory,
     "Default mapper failed allocation of size % bytes for region requirement of % in task % (UID "
     "%) in memory % (%) for processor % (%)%",
     "bytes for task - - memory - processor -"},
    {ErrorCause::FullMemory,
     "Default mapper failed allocation of % bytes for % region requirement % of explicit "
     "region-to-region copy operation in task % (ID %) in memory % for processor %",
     "bytes side argument task - - -"},
    {ErrorCause::FullMemory, "Default mapper failed allocation of %", "-"},
    // Begins like the ones above, but no memory is full.
    {ErrorCause::OtherReduction,
     "Default mapper failed allocation for region requirement % of task % (UID %) in memory % (%) "
     "for processor % (%). Mismatch between reduction type%",
     "argument task - - memory - processor -"},
    {ErrorCause::SmallPool, "Failed to allocate DeferredBuffer/Value/Reduction%", "-"},
    {ErrorCause::SmallPool, "Failed to reserve a dynamic memory pool of %", "-"},
    {ErrorCause::FullMemory,
     "Failed to allocate % bytes on memory % (of kind %) for % of % (UID %)%",
     "bytes - memory argument task - -"},
    {ErrorCause::FullMemory, "Failed to allocate %", "-"},
    {ErrorCause::FullMemory, "instance allocation failed - out of memory in mem %", "-"},
    {ErrorCause::FullMemory, "Insufficient % memory: %", "- -"},
    {ErrorCause::NoVariant, "Default mapper was unable to find any variants for task %.%",
     "task -"},
    {ErrorCause::NoProcessor,
     "Failed to find any valid variants for task % on the current machine.%", "task -"},
    {ErrorCause::WrongVariant,
     "Invalid mapper output. Mapper % selected variant % for task % (ID %). However, this variant "
     "does not permit running on processors of kind %.%",
     "- variant task - kind -"},
    // What 25.12 writes, here and for the layout.
    {ErrorCause::WrongVariant,
     "Invalid mapper output. Mapper % selected variant % for % (UID: %). However, this variant "
     "does not permit running on %",
     "- variant task - -"},
    {ErrorCause::ForbiddenLayout,
     "Invalid mapper output. Mapper % selected variant % for task % (ID %)% instance selected for "
     "region requirement % fails to satisfy the corresponding % layout constraint.%",
     "- variant task - - argument constraint -"},
    {ErrorCause::ForbiddenLayout,
     "Invalid mapper output. Mapper %selected variant % for % (UID: %), but instance selected for "
     "region requirement % fails to satisfy the corresponding % layout constraint.%",
     "- variant task - argument constraint -"},
    {ErrorCause::ForbiddenLayout, "Default mapper error.  Layout constraint violation%", "-"},
    {ErrorCause::GapsInLayout, "Illegal request for pointer of non-dense rectangle%", "-"},
    {ErrorCause::GapsInLayout, "Illegal request for non-dense rectangle pointer%", "-"},
    {ErrorCause::GapsInLayout, "Illegal request for point of non-dense rectangle%", "-"},
    {ErrorCause::UnseenMemory,
     "Invalid mapper output from%Mapper selected an instance for region%requirement % in memory % "
     "which is not visible from the target processors%",
     "- - argument memory -"},
    {ErrorCause::UnseenMemory,
     "Default Mapper Error.  Memory chosen for constrained instance was %, but is not visible to "
     "task on processor %",
     "memory processor"},
    {ErrorCause::WrongPlaces,
     "Illegal output shard % from sharding% functor %. Shards % must be between 0 and % "
     "(exclusive).%",
     "shard - functor - shards -"},
    {ErrorCause::WrongPlaces, "Illegal output shard %", "-"},
    {ErrorCause::WrongPlaces, "Invalid mapper output from invocation of 'slice_task'%", "-"},
    {ErrorCause::WrongPlaces, "Mapper % failed to pick a valid sharding functor for task %",
     "- task"},
    {ErrorCause::WrongPlaces, "Mapper % chose different sharding functions%", "- -"},
    {ErrorCause::NotReplicable, "Task variants selected for replication must be marked%", "-"},
    {ErrorCause::RefusedDecision, "Invalid mapper output%", "-"},
    {ErrorCause::RefusedDecision, "Illegal mapper output%", "-"},
    {ErrorCause::RefusedDecision, "Invalid mapper request%", "-"},
    {ErrorCause::RefusedDecision, "Mapper %", "-"},
    {ErrorCause::TooFewGpus, "% GPUs requested, but only % available%", "asked available -"},
});

/// What stands before a message in the log.
struct Mark {
  std::string_view text;
  /// The cause of a message that is not listed; unset where such a message does not end a run.
  std::optional<ErrorCause> unlisted = ErrorCause::Other;
};
constexpr std::array kMarks = std::to_array<Mark>({
    {"EXCEPTION: ERROR: "},
    {"LEGION ERROR: "},
    {"LEGION FATAL: "},
    {"LEGION API USAGE ERROR: "},
    {"LEGION MAPPER ERROR: ", ErrorCause::RefusedDecision},
    {"LEGION RESOURCE ERROR: "},
    // The wording of 25.12.
    {"LEGION APPLICATION EXCEPTION: "},
    {"LEGION DYNAMIC TYPE EXCEPTION: "},
    {"LEGION PROGRAMMING MODEL EXCEPTION: "},
    {"LEGION API USAGE EXCEPTION: "},
    {"LEGION MAPPER EXCEPTION: ", ErrorCause::RefusedDecision},
    {"LEGION RESOURCE EXCEPTION: "},
    {"LEGION STARTUP EXCEPTION: "},
    {"LEGION INTERNAL FATAL ERROR: "},
    {"{default_mapper}: ", ErrorCause::DefaultMapper},
    // Parts of Realm that log much else.
    {"{gpu}: ", std::nullopt},
    {"{inst}: ", std::nullopt},
});

std::vector<MessagePart> parts_of(const MessageForm& form,
                                  const std::vector<std::string>& captured) {
  std::vector<MessagePart> parts;
  std::istringstream names{std::string(form.names)};
  size_t index = 0;
  for (std::string name; names >> name && index < captured.size(); ++index) {
    if (name != "-") parts.push_back({name, captured[index]});
  }
  return parts;
}

/// The message that begins here.
std::string message_at(const std::string& log, size_t begin) {
  std::string line = log.substr(begin, log.find('\n', begin) - begin);
  if (const size_t source = line.rfind(" (from file "); source != std::string::npos)
    line.erase(source);
  return line;
}

/// Nothing for a message that does not end a run.
std::optional<RuntimeError> read_message(const Mark& mark, std::string message) {
  // The default mapper marks its warnings no differently.
  if (message.starts_with("WARNING")) return std::nullopt;
  if (auto known = look_up(message)) return known;
  if (!mark.unlisted) return std::nullopt;
  return RuntimeError{std::move(message), *mark.unlisted, {}};
}

}  // namespace

std::span<const MessageForm> message_forms() { return kForms; }

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view text) {
  std::vector<std::string> captured;
  size_t any = pattern.find('%');
  if (any == std::string_view::npos && text != pattern) return std::nullopt;
  if (text.substr(0, std::min(any, pattern.size())) != pattern.substr(0, any)) return std::nullopt;
  if (any == std::string_view::npos) return captured;
  text.remove_prefix(any);
  while (true) {
    pattern.remove_prefix(any + 1);
    any = std::min(pattern.find('%'), pattern.size());
    const std::string_view literal = pattern.substr(0, any);
    const bool is_last = any == pattern.size();
    // The last `%` takes everything up to the end of the text or its last literal.
    const size_t at = literal.empty()                      ? (is_last ? text.size() : 0)
                      : is_last && text.ends_with(literal) ? text.size() - literal.size()
                      : is_last                            ? std::string_view::npos
                                                           : text.find(literal);
    if (at == std::string_view::npos) return std::nullopt;
    captured.emplace_back(text.substr(0, at));
    if (is_last) return captured;
    text.remove_prefix(at + literal.size());
  }
}

std::optional<RuntimeError> look_up(std::string_view message) {
  for (const MessageForm& form : kForms) {
    if (const auto captured = match(form.pattern, message))
      return RuntimeError{std::string(message), form.cause, parts_of(form, *captured)};
  }
  return std::nullopt;
}

std::optional<RuntimeError> find_runtime_error(const std::string& log) {
  std::optional<RuntimeError> first;
  size_t begin = std::string::npos;
  for (const Mark& mark : kMarks) {
    for (size_t at = log.find(mark.text); at < begin; at = log.find(mark.text, at + 1)) {
      auto error = read_message(mark, message_at(log, at + mark.text.size()));
      if (!error) continue;
      first = std::move(error);
      begin = at;
    }
  }
  return first;
}

}  // namespace placewright::launch
