// SPDX-License-Identifier: Apache-2.0
#include "legion/argument_records.h"

namespace placewright::legion {

decide::ArgumentRecord* begin_record(Legion::Mapping::MapperRuntime* runtime,
                                     const Mapping& mapping, const ArgumentView& view,
                                     const std::vector<decide::UsableMemory>& usable,
                                     const ValidInstances* valid, decide::InstanceId count) {
  if (mapping.record == nullptr) return nullptr;
  const auto index = static_cast<size_t>(view.argument().index);
  decide::ArgumentRecord& record = mapping.record->arguments[index];
  record = {};
  record.argument = view.argument();
  record.fields.assign(view.argument().fields.begin(), view.argument().fields.end());
  record.names = region_names(runtime, mapping.ctx, view.requirement());
  record.all_fields = view.all_fields();
  record.demands = view.demands();
  record.has_decision = true;
  for (decide::InstanceId id = 0; valid != nullptr && id < count; ++id) {
    decide::InstanceRecord instance{valid->memory(id),
                                    valid->is_normal(id),
                                    valid->has_fields(id, view.argument().fields),
                                    valid->bounds(id),
                                    {}};
    for (const decide::UsableMemory& each : usable)
      instance.entails.push_back(instance.normal && valid->entails(id, each.choice->number));
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

void record_end(decide::ArgumentRecord* record, const Legion::Mapping::PhysicalInstance& instance) {
  if (record == nullptr) return;
  record->outcome = {decide::ArgumentOutcome::What::Instance,
                     from_legion(instance.get_location().kind())};
}

}  // namespace placewright::legion
