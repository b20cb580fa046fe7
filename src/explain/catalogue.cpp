// SPDX-License-Identifier: Apache-2.0
#include "explain/catalogue.h"

#include <array>
#include <sstream>

namespace placewright::explain {
namespace {

struct Entry {
  FindingKind kind;
  std::string_view pattern;
  /// What the `%` of the pattern are, separated by blanks; `-` for what tells nothing.
  std::string_view names;
  std::string_view why;
  std::string_view advice;
};

constexpr std::string_view kFull = "the memory is too small for what lives in it at the same time";
constexpr std::string_view kMakeRoom =
    "list a second memory after it, collect read-only data (CollectMemory), limit tasks in flight "
    "(InstanceLimit), or make the memory larger";
constexpr std::string_view kPool = "the variant's bound for temporary data is missing or too small";
constexpr std::string_view kRaisePool =
    "leave more of the memory free for the task, or raise the bound in the application";
constexpr std::string_view kLayout = "the instance has a layout that the task variant forbids";
constexpr std::string_view kChangeLayout =
    "change the Layout rule for this argument, or run the task on another kind of processor";
constexpr std::string_view kDense = "the task needs its data without gaps, but the layout has gaps";
constexpr std::string_view kVariant =
    "the chosen variant of the task does not run on the chosen kind of processor";
constexpr std::string_view kChangeKind =
    "list a kind in the Task rule that the task has a variant for";
constexpr std::string_view kUnseen = "the processor cannot address the memory of the instance";
constexpr std::string_view kChangeMemory =
    "choose a memory that the task's processors can address: a GPU sees FBMEM and ZCMEM, a CPU "
    "SYSMEM and ZCMEM";
constexpr std::string_view kPlaces = "points of a launch were sent where they cannot run";
constexpr std::string_view kChangeMap =
    "keep every index of the IndexTaskMap function below the size of its dimension, with `%`";
constexpr std::string_view kMapper = "Legion checked what the mapper decided and refused it";
constexpr std::string_view kSimplify =
    "leave the decision that the message names to Legion's default mapper by removing its rule";

// The first that matches counts: special forms before general ones.
constexpr std::array<Entry, 28> kEntries = {{
    {FindingKind::OutOfMemory,
     "Default mapper failed allocation of size % bytes for region%requirement % of task % (UID %) "
     "in memory % (%) for processor % (%)%",
     "bytes - argument task - - memory - processor -", kFull, kMakeRoom},
    {FindingKind::OutOfMemory,
     "Default mapper failed allocation of size % bytes for region requirement of % in task % (UID "
     "%) in memory % (%) for processor % (%)%",
     "bytes for task - - memory - processor -", kFull, kMakeRoom},
    {FindingKind::OutOfMemory,
     "Default mapper failed allocation of % bytes for % region requirement % of explicit "
     "region-to-region copy operation in task % (ID %) in memory % for processor %",
     "bytes side argument task - - -", kFull, kMakeRoom},
    {FindingKind::LayoutViolation,
     "Default mapper failed allocation for region requirement % of task % (UID %) in memory % (%) "
     "for processor % (%). Mismatch between reduction type%",
     "argument task - - memory - processor -",
     "the task variant's layout constraint names another reduction",
     "leave the layout of this "
     "argument to the task"},
    {FindingKind::OutOfMemory, "Failed to allocate DeferredBuffer/Value/Reduction%", "message",
     kPool, kRaisePool},
    {FindingKind::OutOfMemory, "Failed to reserve a dynamic memory pool of %", "message", kPool,
     kRaisePool},
    {FindingKind::OutOfMemory,
     "Failed to allocate % bytes on memory % (of kind %) for % of % (UID %)%",
     "bytes - memory argument task - -", kFull, kMakeRoom},
    {FindingKind::OutOfMemory, "Failed to allocate %", "message", kFull, kMakeRoom},
    {FindingKind::OutOfMemory, "instance allocation failed - out of memory in mem %", "message",
     kFull, kMakeRoom},
    {FindingKind::NoUsableProcessor, "Default mapper was unable to find any variants for task %.%",
     "task -", "the task has no variant at all",
     "register a variant of the task in the application"},
    {FindingKind::NoUsableProcessor,
     "Failed to find any valid variants for task % on the current machine.%", "task -",
     "the machine has no processor of a kind that the task has a variant for",
     "start more kinds of processors, or register a variant for one that the machine has"},
    {FindingKind::NoUsableProcessor,
     "Invalid mapper output. Mapper % selected variant % for task % (ID %). However, this variant "
     "does not permit running on processors of kind %.%",
     "- variant task - kind -", kVariant, kChangeKind},
    // What 25.12 writes, here and for the layout.
    {FindingKind::NoUsableProcessor,
     "Invalid mapper output. Mapper % selected variant % for % (UID: %). However, this variant "
     "does not permit running on %",
     "- variant task - -", kVariant, kChangeKind},
    {FindingKind::LayoutViolation,
     "Invalid mapper output. Mapper % selected variant % for task % (ID %)% instance selected for "
     "region requirement % fails to satisfy the corresponding % layout constraint.%",
     "- variant task - - argument constraint -", kLayout, kChangeLayout},
    {FindingKind::LayoutViolation,
     "Invalid mapper output. Mapper %selected variant % for % (UID: %), but instance selected for "
     "region requirement % fails to satisfy the corresponding % layout constraint.%",
     "- variant task - argument constraint -", kLayout, kChangeLayout},
    {FindingKind::LayoutViolation, "Default mapper error.  Layout constraint violation%", "message",
     kLayout, kChangeLayout},
    {FindingKind::LayoutViolation, "Illegal request for pointer of non-dense rectangle%", "message",
     kDense, kChangeLayout},
    {FindingKind::LayoutViolation, "Illegal request for non-dense rectangle pointer%", "message",
     kDense, kChangeLayout},
    {FindingKind::LayoutViolation, "Illegal request for point of non-dense rectangle%", "message",
     kDense, kChangeLayout},
    {FindingKind::UnusableMemory,
     "Invalid mapper output from%Mapper selected an instance for region%requirement % in memory % "
     "which is not visible from the target processors%",
     "- - argument memory -", kUnseen, kChangeMemory},
    {FindingKind::UnusableMemory,
     "Default Mapper Error.  Memory chosen for constrained instance was %, but is not visible to "
     "task on processor %",
     "memory processor", kUnseen, kChangeMemory},
    {FindingKind::BadSlicing,
     "Illegal output shard % from sharding% functor %. Shards % must be "
     "between 0 and % (exclusive).%",
     "shard - functor - shards -", kPlaces, kChangeMap},
    {FindingKind::BadSlicing, "Illegal output shard %", "message", kPlaces, kChangeMap},
    {FindingKind::BadSlicing, "Invalid mapper output from invocation of 'slice_task'%", "message",
     kPlaces, kChangeMap},
    {FindingKind::BadSlicing, "Mapper % failed to pick a valid sharding functor for task %",
     "- task", kPlaces, kChangeMap},
    {FindingKind::BadSlicing, "Mapper % chose different sharding functions%", "- message", kPlaces,
     kChangeMap},
    {FindingKind::MapperOutput, "Task variants selected for replication must be marked%", "message",
     "the mapping replicates a task that has no replicable variant",
     "remove it from the ControlReplicate statement"},
    {FindingKind::MapperOutput, "Invalid mapper output%", "message", kMapper, kSimplify},
}};

std::vector<Fact> facts_of(const Entry& entry, const std::vector<std::string>& captured) {
  std::vector<Fact> facts;
  std::istringstream names{std::string(entry.names)};
  size_t index = 0;
  for (std::string name; names >> name && index < captured.size(); ++index) {
    if (name != "-" && name != "message") facts.push_back({name, harmless(captured[index], 120)});
  }
  return facts;
}

}  // namespace

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

std::optional<CatalogueMatch> look_up(std::string_view error) {
  for (const Entry& entry : kEntries) {
    if (const auto captured = match(entry.pattern, error))
      return CatalogueMatch{entry.kind, entry.why, entry.advice, facts_of(entry, *captured)};
  }
  return std::nullopt;
}

}  // namespace placewright::explain
