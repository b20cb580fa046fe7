// SPDX-License-Identifier: Apache-2.0
#include "decide/replay.h"

#include <gmock/gmock.h>

#include <functional>

#include "decide/record_json.h"
#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kMapping =
    "Task * CPU;\n"
    "Region * * CPU SYSMEM, ZCMEM;\n"
    "Priority t 3;\n"
    "InstanceLimit t 2;\n"
    "CollectMemory collected *;\n"
    "m = Machine(CPU);\n"
    "def f(Task task) { return m[0, task.ipoint[0] % m.size[1]]; }\n"
    "def g(Task task) { return m[1, 0]; }\n"
    "IndexTaskMap t f;\n"
    "SingleTaskMap single g;\n";

/// Point 1 of a launch of `t`; its argument reuses the valid instance in system memory.
TaskRecord point_record(const std::string& task = "t") {
  TaskRecord record;
  record.facts = make_task(task);
  record.launch = index_launch("0..3");
  record.point = machine::DomainPoint{1, {1}};
  record.target = kCpu0;
  record.variant = make_variant(1, ProcessorKind::Cpu);
  if (task == "t") {
    record.priority = 3;
    record.limit = 2;
    record.how = TargetProcessors::How::Rule;
    record.ordinals = {1};
  } else {
    record.how = TargetProcessors::How::WholeNode;
  }
  ArgumentRecord argument;
  argument.argument.privilege = machine::Privilege::ReadOnly;
  argument.fields = argument.all_fields = {7};
  argument.needed = box("0..3");
  argument.valid = {{kSystem, true, true, box("0..9"), {true, true}}};
  argument.has_decision = true;
  argument.steps = {{Action::Kind::Reuse, kSystem, 0, false, Making::FindOrMake, true, 0}};
  argument.outcome = {ArgumentOutcome::What::Instance, MemoryKind::SysMem};
  argument.layout = request_layout(std::nullopt, 1, {7}, 0, {}).layout;
  record.arguments.push_back(argument);
  return record;
}

/// What replaying the record after its way through JSON says.
std::vector<std::string> replay(const TaskRecord& record) {
  static const Sample sample(kMapping);
  auto line = read_record(to_json(record));
  EXPECT_TRUE(line) << line.error().message;
  return Replay(sample.setting()).task(std::get<TaskRecord>(*line));
}

TEST(Replay, RecordedDecisionsAreDecidedAgain) {
  EXPECT_THAT(replay(point_record()), IsEmpty());
  TaskRecord collected = point_record("collected");
  collected.arguments[0].collected = true;
  EXPECT_THAT(replay(collected), IsEmpty());
}

TEST(Replay, OneOtherDecisionIsOneDifference) {
  const auto changed = [](const std::function<void(TaskRecord&)>& change) {
    TaskRecord record = point_record();
    change(record);
    return replay(record);
  };
  EXPECT_THAT(changed([](TaskRecord& r) { r.kind = ProcessorKind::Gpu; }),
              ElementsAre("t: the kind of processor: not as recorded"));
  EXPECT_THAT(changed([](TaskRecord& r) { r.variant.id = 2; }),
              ElementsAre("t: the variant: not as recorded"));
  EXPECT_THAT(changed([](TaskRecord& r) { r.priority = 0; }),
              ElementsAre("t: the priority: not as recorded"));
  EXPECT_THAT(changed([](TaskRecord& r) { r.limit = 1; }),
              ElementsAre("t: the limit: not as recorded"));
  EXPECT_THAT(changed([](TaskRecord& r) { r.ordinals = {0}; }),
              ElementsAre("t: the processors: not as recorded"));
  EXPECT_THAT(changed([](TaskRecord& r) { r.arguments[0].steps[0].memory = kZeroCopy; }),
              ElementsAre("t argument 0: the memory of a step: not as recorded"));
  EXPECT_THAT(changed([](TaskRecord& r) { r.arguments[0].layout.ordering.axes.clear(); }),
              ElementsAre("t argument 0: the layout: not as recorded"));
  EXPECT_THAT(changed([](TaskRecord& r) { r.arguments[0].collected = true; }),
              ElementsAre("t argument 0: collection: not as recorded"));
  EXPECT_THAT(
      changed([](TaskRecord& r) { r.arguments[0].outcome.what = ArgumentOutcome::What::Virtual; }),
      ElementsAre("t argument 0: whether it is virtual: not as recorded"));
}

TEST(Replay, StepsThatCannotFollowAreADifference) {
  TaskRecord record = point_record();
  // The instance is valid, so making one is not what comes first.
  record.arguments[0].steps[0].kind = Action::Kind::Make;
  EXPECT_THAT(replay(record), ElementsAre("t argument 0: a step: not as recorded"));
  // Two memories have room for five actions at most: one reuse, two to make.
  record = point_record();
  StepRecord& first = record.arguments[0].steps[0];
  first.succeeded = false;
  const StepRecord full{Action::Kind::Make, kSystem, 0, false, Making::FindOrMake, false, 10};
  const StepRecord next{Action::Kind::Make, kZeroCopy, 0, false, Making::FindOrMake, false, 10};
  record.arguments[0].steps.insert(record.arguments[0].steps.end(), {full, next, next});
  EXPECT_THAT(replay(record), ElementsAre("t argument 0: the number of steps: not as recorded"));
}

TEST(Replay, FoldsTakeTurnsAsRecorded) {
  TaskRecord record = point_record();
  ArgumentRecord& argument = record.arguments[0];
  argument.argument.privilege = machine::Privilege::Reduce;
  argument.argument.reduction = 12;
  argument.valid[0].normal = false;
  argument.most_folds = {1, 1};
  argument.steps = {{Action::Kind::Reuse, kSystem, 0, false, Making::FindOrMake, true, 0}};
  argument.layout = request_layout(std::nullopt, 1, {7}, 12, {}).layout;
  EXPECT_THAT(replay(record), IsEmpty());
  argument.most_folds = {2, 1};  // Another one would have been made.
  EXPECT_THAT(replay(record), ElementsAre("t argument 0: a step: not as recorded"));
}

TEST(Replay, InstanceForOtherFieldsIsAPartOfItsOwn) {
  TaskRecord record = point_record();
  record.arguments[0].part = 1;
  EXPECT_THAT(replay(record),
              ElementsAre("t argument 0: the number of instances: not as recorded"));
}

TEST(Replay, GroupOfArgumentsNeedsARealMemory) {
  TaskRecord record = point_record();
  record.arguments[0].is_leader = true;
  record.arguments[0].steps = {
      {Action::Kind::Make, kSystem, 0, false, Making::FindOrMake, true, 0}};
  EXPECT_THAT(replay(record), IsEmpty());
}

TEST(Replay, OptionsTakeTurnsInTheOrderOfTheRecords) {
  const Sample sample(kMapping);
  Replay replay(sample.setting());
  const auto options = [&](const std::string& task, const ProcessorPlace& initial, bool placed) {
    OptionsRecord record;
    record.facts = make_task(task);
    record.launch = single_launch(kCpu0);
    record.launch.facts.depth = 1;
    record.local = kCpu0;
    record.initial = initial;
    record.is_placed = placed;
    return replay.options(std::get<OptionsRecord>(read_record(to_json(record)).value()));
  };
  EXPECT_THAT(options("other", {ProcessorKind::Cpu, 0, 0}, false), IsEmpty());
  // The rule decides, but the default mapper's turn has passed to 0.1.
  EXPECT_THAT(options("single", {ProcessorKind::Cpu, 1, 0}, true), IsEmpty());
  EXPECT_THAT(options("other", {ProcessorKind::Cpu, 1, 0}, false), IsEmpty());
  EXPECT_THAT(options("other", {ProcessorKind::Cpu, 1, 0}, false),
              ElementsAre("options of other: the initial processor: not as recorded"));
}

TEST(Replay, SlicesOfARuleAndOfTheDefaultMapper) {
  const Sample sample(kMapping);
  Replay replay(sample.setting());
  SliceRecord record;
  record.facts = make_task("t");
  record.launch = index_launch("0..3");
  for (int64_t i = 0; i < 4; ++i) record.points.push_back({1, {i}});
  // Even points on 0.0, odd ones on 0.1.
  record.slices = {{{ProcessorKind::Cpu, 0, 0}, box("0..2"), false, {}},
                   {{ProcessorKind::Cpu, 0, 1}, box("1..3"), false, {}}};
  const auto again = [&] {
    return replay.slices(std::get<SliceRecord>(read_record(to_json(record)).value()));
  };
  EXPECT_THAT(again(), IsEmpty());
  record.slices[0].is_full = true;
  EXPECT_THAT(again(), ElementsAre("slices of t: the slices: not as recorded"));
  // No rule places `other`: one block for each of the four CPUs of the machine.
  record.facts = make_task("other");
  record.is_placed = false;
  record.slices = {{{ProcessorKind::Cpu, 0, 0}, box("0..0"), true, {}},
                   {{ProcessorKind::Cpu, 0, 1}, box("1..1"), true, {}},
                   {{ProcessorKind::Cpu, 1, 0}, box("2..2"), true, {}},
                   {{ProcessorKind::Cpu, 1, 1}, box("3..3"), true, {}}};
  EXPECT_THAT(again(), IsEmpty());
  // A sharded parent has divided the launch already.
  record.launch.parent = ParentFacts{kCpu0, true};
  record.launch.facts.depth = 1;
  record.slices = {{{ProcessorKind::Cpu, 0, 0}, box("0..1"), true, {}},
                   {{ProcessorKind::Cpu, 0, 1}, box("2..3"), true, {}}};
  EXPECT_THAT(again(), IsEmpty());
}

TEST(RecordJson, MachineKeepsWhatProcessorsSee) {
  const Machine machine = make_machine();
  const auto line = read_record(to_json(machine)).value();
  const Machine& read = std::get<Machine>(line);
  EXPECT_EQ(read.shape().to_string(), machine.shape().to_string());
  EXPECT_EQ(read.memory(kGpu0, MemoryKind::FbMem).id, kFrameBuffer0);
  EXPECT_EQ(read.memory(kCpu0, MemoryKind::SysMem).capacity, kCapacity);
  EXPECT_FALSE(read.memory(kCpu0, MemoryKind::FbMem).exists());
}

TEST(RecordJson, OtherLinesAreRefused) {
  EXPECT_THAT(read_record("{").error().message, HasSubstr("a record cannot be read"));
  EXPECT_THAT(read_record("{\"task\": 1}").error().message, HasSubstr("a record cannot be read"));
  EXPECT_EQ(read_record("{\"other\": 1}").error().message,
            "a record cannot be read: it is not a machine, a task, options or slices");
}

}  // namespace
}  // namespace placewright::decide
