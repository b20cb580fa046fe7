// SPDX-License-Identifier: Apache-2.0
#include "legion/argument_records.h"

#include "legion/convert.h"

namespace placewright::legion {

decide::ArgumentRecord* begin_record(Legion::Mapping::MapperRuntime* runtime,
                                     const Mapping& mapping, const Wanted& wanted,
                                     const std::vector<decide::UsableMemory>& usable,
                                     const ValidInstances* valid, decide::InstanceId count) {
  if (mapping.record == nullptr) return nullptr;
  std::vector<decide::ArgumentRecord>& records = mapping.record->arguments;
  // The first instance of an argument has the place of the argument, others come last.
  if (wanted.part > 0) records.emplace_back();
  decide::ArgumentRecord& record = wanted.part > 0 ? records.back() : records[wanted.index()];
  const decide::Argument& argument = wanted.view.argument();
  record = {};
  record.argument = argument;
  record.part = wanted.part;
  record.fields.assign(argument.fields.begin(), argument.fields.end());
  record.names = region_names(runtime, mapping.ctx, wanted.view.requirement());
  record.all_fields = wanted.view.all_fields();
  record.demands = wanted.view.demands();
  record.has_decision = true;
  for (decide::InstanceId id = 0; valid != nullptr && id < count; ++id) {
    decide::InstanceRecord instance{valid->memory(id),
                                    valid->is_normal(id),
                                    valid->has_fields(id, wanted.argument.fields),
                                    valid->bounds(id),
                                    {}};
    for (const decide::UsableMemory& each : usable)
      instance.entails.push_back(instance.memory != 0 && valid->entails(id, each.choice->number));
    record.valid.push_back(std::move(instance));
  }
  return &record;
}

void record_step(decide::ArgumentRecord* record, const decide::StepRecord& step,
                 const decide::MemoryChoice& choice) {
  if (record == nullptr) return;
  record->steps.push_back(step);
  if (step.succeeded) record->layout = choice.request.layout;
}

void record_end(decide::ArgumentRecord* record, const ValidInstances::Instance& instance) {
  if (record == nullptr) return;
  record->outcome = {decide::ArgumentOutcome::What::Instance,
                     from_legion(instance.get_location().kind())};
}

}  // namespace placewright::legion
