// SPDX-License-Identifier: Apache-2.0
#include "explain/catalogue.h"

namespace placewright::explain {

using launch::ErrorCause;

namespace {

constexpr std::string_view kMakeRoom =
    "list a second memory after it, collect read-only data (CollectMemory), limit tasks in flight "
    "(InstanceLimit), or make the memory larger";
constexpr std::string_view kChangeLayout =
    "change the Layout rule for this argument, or run the task on another kind of processor";
constexpr std::string_view kChangeMemory =
    "choose a memory that the task's processors can address: a GPU sees FBMEM and ZCMEM, a CPU "
    "SYSMEM and ZCMEM";
constexpr std::string_view kChangeMap =
    "keep every index of the IndexTaskMap function below the size of its dimension, with `%`";

}  // namespace

Explanation explanation_of(ErrorCause cause) {
  switch (cause) {
    case ErrorCause::FullMemory:
      return {FindingKind::OutOfMemory,
              "the memory is too small for what lives in it at the same time", kMakeRoom};
    case ErrorCause::SmallPool:
      return {FindingKind::OutOfMemory,
              "the variant's bound for temporary data is missing or too small",
              "leave more of the memory free for the task, or raise the bound in the application"};
    case ErrorCause::NoVariant:
      return {FindingKind::NoUsableProcessor, "the task has no variant at all",
              "register a variant of the task in the application"};
    case ErrorCause::NoProcessor:
      return {FindingKind::NoUsableProcessor,
              "the machine has no processor of a kind that the task has a variant for",
              "start more kinds of processors, or register a variant for one that the machine has"};
    case ErrorCause::WrongVariant:
      return {FindingKind::NoUsableProcessor,
              "the chosen variant of the task does not run on the chosen kind of processor",
              "list a kind in the Task rule that the task has a variant for"};
    case ErrorCause::ForbiddenLayout:
      return {FindingKind::LayoutViolation,
              "the instance has a layout that the task variant forbids", kChangeLayout};
    case ErrorCause::OtherReduction:
      return {FindingKind::LayoutViolation,
              "the task variant's layout constraint names another reduction",
              "leave the layout of this argument to the task"};
    case ErrorCause::GapsInLayout:
      return {FindingKind::LayoutViolation,
              "the task needs its data without gaps, but the layout has gaps", kChangeLayout};
    case ErrorCause::UnseenMemory:
      return {FindingKind::UnusableMemory,
              "the processor cannot address the memory of the instance", kChangeMemory};
    case ErrorCause::WrongPlaces:
      return {FindingKind::BadSlicing, "points of a launch were sent where they cannot run",
              kChangeMap};
    case ErrorCause::NotReplicable:
      return {FindingKind::MapperOutput,
              "the mapping replicates a task that has no replicable variant",
              "remove it from the ControlReplicate statement"};
    case ErrorCause::RefusedDecision:
      return {FindingKind::MapperOutput, "Legion checked what the mapper decided and refused it",
              "leave the decision that the message names to Legion's default mapper by removing "
              "its rule"};
    case ErrorCause::DefaultMapper:
      return {FindingKind::MapperOutput,
              "Legion's default mapper cannot decide what no rule decides",
              "write a rule for the decision that the message names"};
    case ErrorCause::TooFewGpus:
      return {FindingKind::RuntimeError, "the run asks for more GPUs than the machine has",
              "start it with fewer GPUs (`-ll:gpu`)"};
    case ErrorCause::Other:
      break;
  }
  return {FindingKind::RuntimeError, "Legion hit an unrecoverable error",
          "read the message; if it names a decision, change the rule that made it"};
}

}  // namespace placewright::explain
