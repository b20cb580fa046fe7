// SPDX-License-Identifier: Apache-2.0
// Compares the time of Realm's copies on virtual GPUs and over the modelled network with the
// model's prediction: copies of `-mib` MiB, alone and two at once over links that they do or do not
// share. Modelled time: latency + bytes / bandwidth of the slowest link on the path; two copies
// that share it take the sum. With two processes the cases are those of the network. Exits with 1
// if a median exceeds `-limit` times the model or is below the model: the machine may add time, but
// a copy faster than the model is an error.
#include <legion.h>
#include <placewright/machine_table.h>
#include <placewright/virtual_gpu.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace {

using Realm::Memory;

enum { kTopTask = 1, kNothingTask };

struct Options {
  std::size_t mib = 16;
  int repetitions = 7;
  double limit = 0;  ///< 0 means no limit.
};

Options options;
bool beyond_limit = false;

std::size_t bytes() { return options.mib << 20; }

/// The `index`th memory of this kind in a process.
Memory memory(Memory::Kind kind, unsigned process, std::size_t index = 0) {
  std::vector<Memory> found;
  Realm::Machine::MemoryQuery query(Realm::Machine::get_machine());
  for (const Memory candidate : query.only_kind(kind)) {
    if (candidate.address_space() == process) found.push_back(candidate);
  }
  if (index >= found.size()) {
    std::fprintf(stderr, "virtual_gpu_copies: process %u has no such memory\n", process);
    std::exit(2);
  }
  return found[index];
}

/// A copy that is repeated.
struct Copy {
  Realm::IndexSpace<1> space;
  Realm::CopySrcDstField from, to;

  Copy(Memory source, Memory destination) : space(Realm::Rect<1>(0, bytes() / 8 - 1)) {
    from.set_field(instance(source), 0, 8);
    to.set_field(instance(destination), 0, 8);
  }

  [[nodiscard]] Realm::RegionInstance instance(Memory where) const {
    Realm::RegionInstance made;
    Realm::RegionInstance::create_instance(made, where, space, std::vector<std::size_t>{8}, 0,
                                           Realm::ProfilingRequestSet())
        .wait();
    return made;
  }

  [[nodiscard]] Realm::Event start(Realm::Event after) const {
    return space.copy({from}, {to}, Realm::ProfilingRequestSet(), after);
  }
};

struct Case {
  std::string name;
  double modelled_s;
  std::vector<Copy> copies;
};

double measure(const Case& all) {
  std::vector<Realm::Event> ends;
  const placewright::VirtualGpuClock clock = placewright::virtual_gpu_clock();
  const double begin = clock();
  for (const Copy& copy : all.copies) ends.push_back(copy.start(Realm::Event::NO_EVENT));
  Realm::Event::merge_events(ends).wait();
  return clock() - begin;
}

void run(const Case& all, double time_scale) {
  const double ideal = all.modelled_s * time_scale;
  for (int i = 0; i < 2; ++i) measure(all);  // The first repetition creates paths and buffers.
  std::vector<double> ratios;
  for (int i = 0; i < options.repetitions; ++i) ratios.push_back(measure(all) / ideal);
  std::sort(ratios.begin(), ratios.end());
  const double median = ratios[ratios.size() / 2];
  std::printf("%s: %zu MiB each, model %.3f ms, median ratio %.4f (%.4f to %.4f)\n",
              all.name.c_str(), options.mib, ideal * 1e3, median, ratios.front(), ratios.back());
  std::fflush(stdout);
  const bool too_fast = median < 0.999;  // The clock used for measuring is rounded.
  beyond_limit = beyond_limit || (options.limit > 0 && (median > options.limit || too_fast));
}

std::vector<Case> cases_of_one_process(const placewright::MachineTable& table) {
  const auto size = static_cast<double>(bytes());
  const auto fb = [](std::size_t gpu) { return memory(Memory::GPU_FB_MEM, 0, gpu); };
  const Memory host = memory(Memory::Z_COPY_MEM, 0);
  const double up = table.bus.latency_s + size / table.bus.bandwidth_to_device;
  const double down = table.bus.latency_s + size / table.bus.bandwidth_to_host;
  const double peer = table.peer.latency_s + size / table.peer.bandwidth;
  const bool shared = table.bus.group[0] == table.bus.group[1];
  std::vector<Case> cases;
  cases.push_back({"host to GPU", up, {{host, fb(0)}}});
  cases.push_back({"GPU to host", down, {{fb(0), host}}});
  cases.push_back({"GPU to peer", peer, {{fb(0), fb(1)}}});
  cases.push_back({shared ? "host to two GPUs on one bus" : "host to two GPUs on two buses",
                   shared ? 2 * up : up,
                   {{host, fb(0)}, {host, fb(1)}}});
  cases.push_back({"two GPUs to one peer", 2 * peer, {{fb(0), fb(2)}, {fb(1), fb(2)}}});
  return cases;
}

std::vector<Case> cases_of_two_processes(const placewright::MachineTable& table) {
  const auto size = static_cast<double>(bytes());
  const auto sys = [](unsigned process) { return memory(Memory::SYSTEM_MEM, process); };
  const double one = table.network->latency_s + size / table.network->bandwidth;
  std::vector<Case> cases;
  cases.push_back({"to the other process", one, {{sys(0), sys(1)}}});
  cases.push_back({"from the other process", one, {{sys(1), sys(0)}}});
  cases.push_back({"two at once over one way out", 2 * one, {{sys(0), sys(1)}, {sys(0), sys(1)}}});
  cases.push_back({"both directions at once", one, {{sys(0), sys(1)}, {sys(1), sys(0)}}});
  if (table.gpu.count > 0) {
    cases.push_back({"frame buffer to a frame buffer of the other process",
                     one,
                     {{memory(Memory::GPU_FB_MEM, 0), memory(Memory::GPU_FB_MEM, 1)}}});
  }
  return cases;
}

void top_task(const Legion::Task*, const std::vector<Legion::PhysicalRegion>&, Legion::Context,
              Legion::Runtime*) {
  const placewright::MachineTableResult read = placewright::machine_table_from_environment();
  const std::size_t processes = Realm::Machine::get_machine().get_address_space_count();
  if (!read.table || (processes > 1 && !read.table->network)) {
    std::fprintf(stderr, "virtual_gpu_copies: needs a machine table%s\n",
                 processes > 1 ? " with a network" : "");
    std::exit(2);
  }
  const std::vector<Case> cases =
      processes == 1 ? cases_of_one_process(*read.table) : cases_of_two_processes(*read.table);
  for (const Case& one : cases) run(one, read.table->time_scale);
}

/// `placewright run --machine` refuses programs without GPU variants.
void nothing_task(const Legion::Task*, const std::vector<Legion::PhysicalRegion>&, Legion::Context,
                  Legion::Runtime*) {}

void read_options(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    const auto is = [&](const char* name) { return std::strcmp(argv[i], name) == 0; };
    if (is("-mib")) options.mib = static_cast<std::size_t>(std::max(1, std::atoi(argv[i + 1])));
    if (is("-repetitions")) options.repetitions = std::max(1, std::atoi(argv[i + 1]));
    if (is("-limit")) options.limit = std::atof(argv[i + 1]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  read_options(argc, argv);
  Legion::Runtime::set_top_level_task_id(kTopTask);
  Legion::TaskVariantRegistrar top(kTopTask, "top");
  top.add_constraint(Legion::ProcessorConstraint(Realm::Processor::LOC_PROC));
  Legion::Runtime::preregister_task_variant<top_task>(top, "top");
  Legion::TaskVariantRegistrar nothing(kNothingTask, "nothing");
  nothing.add_constraint(Legion::ProcessorConstraint(Realm::Processor::TOC_PROC));
  Legion::Runtime::preregister_task_variant<nothing_task>(nothing, "nothing");
  const int status = Legion::Runtime::start(argc, argv);
  return beyond_limit ? 1 : status;
}
