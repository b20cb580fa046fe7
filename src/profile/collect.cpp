// SPDX-License-Identifier: Apache-2.0
#include "profile/collect.h"

namespace placewright::profile {
namespace {

void collect_names(Collected& all, RecordHandlers& on) {
  on["ProcDesc"] = [&](const Record& r) {
    all.processors[r.number("proc_id")].kind = r.number("kind");
  };
  on["MemDesc"] = [&](const Record& r) {
    all.memories[r.number("mem_id")] = {r.number("kind"), r.number("capacity")};
  };
  on["TaskKind"] = [&](const Record& r) {
    std::string& name = all.task_names[r.number("task_id")];
    if (name.empty() || r.number("overwrite") != 0) name = r.text("name");
  };
  on["TaskVariant"] = [&](const Record& r) {
    all.variants[{r.number("task_id"), r.number("variant_id")}] = r.text("name");
  };
  on["MapperCallDesc"] = [&](const Record& r) {
    all.mapper_calls[r.number("kind")] = r.text("name");
  };
  on["OpDesc"] = [&](const Record& r) { all.operations[r.number("kind")] = r.text("name"); };
}

void collect_tasks(Collected& all, RecordHandlers& on) {
  on["OperationInstance"] = [&](const Record& r) {
    all.operation_of[r.number("op_id")] = r.number("kind");
  };
  on["MultiTask"] = [&](const Record& r) { all.task_of[r.number("op_id")] = r.number("task_id"); };
  on["TaskInfo"] = on["GPUTaskInfo"] = [&](const Record& r) {
    all.task_of[r.number("op_id")] = r.number("task_id");
    all.ran.push_back({r.number("op_id"), r.number("task_id"), r.number("variant_id"),
                       r.number("proc_id"), r.number("ready"), r.number("start"), r.number("stop"),
                       r.number("gpu_start"), r.number("gpu_stop")});
  };
  on["TaskWaitInfo"] = [&](const Record& r) {
    const uint64_t start = r.number("wait_start"), end = r.number("wait_end");
    if (end > start) all.blocked[r.number("op_id")] += end - start;
  };
  on["MetaInfo"] = [&](const Record& r) {
    all.managed.push_back({r.number("op_id"), r.number("lg_id"), r.number("proc_id"),
                           r.number("start"), r.number("stop")});
  };
  on["MetaWaitInfo"] = [&](const Record& r) {
    all.managed_waits[{r.number("op_id"), r.number("lg_id")}].push_back(
        {r.number("wait_start"), r.number("wait_end")});
  };
  on["MapperCallInfo"] = [&](const Record& r) {
    all.calls.push_back({r.number("kind"), r.number("start"), r.number("stop")});
  };
}

void collect_copies(Collected& all, RecordHandlers& on) {
  const auto moved = [](const Record& r) {
    return Moved{r.number("op_id"), r.number("size"), r.number("ready"),
                 r.number("start"), r.number("stop"), r.number("fevent")};
  };
  on["CopyInfo"] = [&all, moved](const Record& r) { all.copies.push_back(moved(r)); };
  on["FillInfo"] = [&all, moved](const Record& r) { all.fills.push_back(moved(r)); };
  on["CopyInstInfo"] = [&](const Record& r) {
    all.endpoints.try_emplace(r.number("fevent"),
                              Endpoints{r.number("src"), r.number("dst"), r.number("src_inst"),
                                        r.number("dst_inst"), r.number("dst_fid")});
  };
  on["FillInstInfo"] = [&](const Record& r) {
    all.endpoints.try_emplace(r.number("fevent"), Endpoints{0, r.number("dst"), 0,
                                                            r.number("dst_inst"), r.number("fid")});
  };
}

void collect_instances(Collected& all, RecordHandlers& on) {
  on["InstTimelineInfo"] = [&](const Record& r) {
    all.instances.push_back({r.number("inst_uid"), r.number("mem_id"), r.number("size"),
                             r.number("create"), r.number("destroy")});
  };
  on["PhysicalInstanceUsage"] = [&](const Record& r) {
    const uint64_t instance = r.number("inst_uid"), op = r.number("op_id");
    all.used[{instance, op}].push_back({r.number("field_id"), r.number("index_id")});
    all.first_use.try_emplace(instance, std::pair(op, r.number("index_id")));
  };
  on["PhysicalInstRegionDesc"] = [&](const Record& r) {
    all.regions.try_emplace(
        r.number("inst_uid"),
        RegionKey{r.number("ispace_id"), r.number("fspace_id"), r.number("tree_id")});
  };
  on["PhysicalInstDimOrderDesc"] = [&](const Record& r) {
    all.orders[r.number("inst_uid")][r.number("dim")] = r.number("dim_kind");
  };
  on["PhysicalInstLayoutDesc"] = [&](const Record& r) {
    all.fields[r.number("inst_uid")].insert(r.number("field_id"));
  };
}

}  // namespace

RecordHandlers handlers(Collected& all) {
  RecordHandlers on;
  collect_names(all, on);
  collect_tasks(all, on);
  collect_copies(all, on);
  collect_instances(all, on);
  return on;
}

}  // namespace placewright::profile
