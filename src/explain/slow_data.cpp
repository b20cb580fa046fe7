// SPDX-License-Identifier: Apache-2.0
#include "explain/slow_data.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "explain/mapping_lines.h"
#include "explain/zero_copy.h"

namespace placewright::explain {
namespace {

using profile::CopyProfile;
using profile::InstanceProfile;

using End = std::optional<profile::MemoryPlace>;
using EndKind = std::optional<profile::MemoryPlaceKind>;

EndKind kind_of(const End& end) { return end ? EndKind(end->kind) : std::nullopt; }
bool is(const EndKind& kind, machine::MemoryKind memory) { return kind == EndKind(memory); }

std::string text_of(const auto& end) { return end ? to_string(*end) : ""; }

/// Copies of one kind of path for one argument, over all nodes and devices.
struct Path {
  EndKind from, to;  ///< `from` is unset for fills.
  bool between_nodes = false;
  bool inside = false;  ///< Within one memory.
  bool converts = false;
  std::string region, source, consumer;
  int argument = -1;
  uint64_t count = 0, bytes = 0;
  double time_s = 0;
  std::set<End> destinations;
  std::map<std::string, double> places;  ///< "FBMEM 0 of node 0 -> ..." -> seconds.
};

std::vector<Path> paths_of(const profile::Profile& profile) {
  using Key = std::tuple<EndKind, EndKind, bool, bool, bool, std::string, int, std::string>;
  std::map<Key, Path> paths;
  for (const CopyProfile& copy : profile.copies) {
    const bool inside = copy.from == copy.to;
    const bool between = copy.from && copy.to && copy.from->node != copy.to->node;
    Path& path = paths[{kind_of(copy.from), kind_of(copy.to), between, inside, copy.converts,
                        copy.consumer, copy.argument, copy.source}];
    if (path.count == 0) {
      path.from = kind_of(copy.from);
      path.to = kind_of(copy.to);
      path.between_nodes = between;
      path.inside = inside;
      path.converts = copy.converts;
      path.region = copy.region;
      path.source = copy.source;
      path.consumer = copy.consumer;
      path.argument = copy.argument;
    }
    path.count += copy.count;
    path.bytes += copy.bytes;
    path.time_s += copy.time_s;
    path.destinations.insert(copy.to);
    path.places[(copy.from ? text_of(copy.from) : "fill") + " -> " + text_of(copy.to)] +=
        copy.time_s;
  }
  std::vector<Path> result;
  for (auto& [key, path] : paths) result.push_back(std::move(path));
  std::ranges::stable_sort(result, std::greater<>(), &Path::time_s);
  return result;
}

double weight_of(const Measured& run, const Path& path) {
  // Copies into different memories go on at the same time.
  return share_of(run, path.time_s / static_cast<double>(path.destinations.size()));
}

std::string path_text(const Path& path) {
  const std::string to = text_of(path.to);
  if (!path.from) return fmt::format("fills of {}", to);
  if (path.inside) return fmt::format("copies inside of {}", to);
  return fmt::format("copies from {} to {}{}", text_of(path.from), to,
                     path.between_nodes ? " of another node" : "");
}

Finding path_finding(const Measured& run, const Path& path, FindingKind kind) {
  Finding finding;
  finding.kind = kind;
  finding.weight = weight_of(run, path);
  finding.what =
      fmt::format("{} {} for {} move {} in {} ({} of the run)", path.count, path_text(path),
                  argument_text(path.consumer, path.argument, path.region), bytes_text(path.bytes),
                  modelled_text(run, path.time_s), percent_text(finding.weight));
  if (!path.source.empty())
    finding.evidence.push_back(
        {"copied from", fmt::format("instances of {}", as_data(path.source))});
  std::vector<std::pair<std::string, double>> places(path.places.begin(), path.places.end());
  std::ranges::stable_sort(places, std::greater<>(), [](const auto& each) { return each.second; });
  for (size_t k = 0; k < std::min<size_t>(3, places.size()); ++k)
    finding.evidence.push_back(
        {"path", places[k].first + ": " + modelled_text(run, places[k].second)});
  finding.evidence.push_back(
      {"mean",
       fmt::format("{} and {} each", bytes_text(path.bytes / std::max<uint64_t>(1, path.count)),
                   modelled_text(run, path.time_s / static_cast<double>(path.count)))});
  finding.lines = memory_lines(run, path.consumer, path.argument);
  return finding;
}

// ---- copies

/// Regions whose data moves along the path, as rules can name them.
std::set<std::string> regions_of(const Path& path) {
  std::set<std::string> regions;
  for (const std::string* name : {&path.region, &path.source})
    if (!name->empty()) regions.insert(*name);
  return regions;
}

/// Whether GPUs would lose more on the bus than the copies take; then the finding says so.
bool refuse_zero_copy(const Measured& run, const std::set<std::string>& regions, Finding& finding) {
  const double bus_s = least_bus_s(run, regions), copies_s = copied_s(run, regions);
  if (kZeroCopyMargin * bus_s <= copies_s) return false;
  finding.evidence.push_back({"zero-copy memory would not help",
                              fmt::format("at least {} on the bus instead of {} of copies",
                                          modelled_text(run, bus_s * run.time_scale),
                                          modelled_text(run, copies_s * run.time_scale))});
  finding.advice = "place the points that use the same data on one processor";
  return true;
}

/// One memory for both ends, where the consumer's processors and the language have one.
void add_common_memory(const Measured& run, const Path& path, Finding& finding) {
  const workload::ResolvedTask* task = decisions_of(run, path.consumer);
  if (task == nullptr || path.region.empty()) return;
  const std::set<std::string> regions = regions_of(path);
  const bool slow_bus = refuse_zero_copy(run, regions, finding);
  for (const machine::MemoryKind memory :
       {machine::MemoryKind::ZcMem, machine::MemoryKind::FbMem, machine::MemoryKind::SysMem}) {
    if (!machine::can_address(task->kind, memory)) continue;
    if (slow_bus && memory == machine::MemoryKind::ZcMem) continue;
    // The frame buffer of each GPU is another memory.
    if (memory == machine::MemoryKind::FbMem && is(path.from, machine::MemoryKind::FbMem)) continue;
    auto edit = run.edits.move_regions(regions, task->kind, memory);
    // A CPU on the other end needs to look there, too.
    const bool host =
        memory == machine::MemoryKind::ZcMem &&
        (is(path.from, machine::MemoryKind::SysMem) || is(path.to, machine::MemoryKind::SysMem));
    if (edit && host) {
      std::string rules = edit->rules;
      for (const machine::ProcessorKind kind :
           {machine::ProcessorKind::Cpu, machine::ProcessorKind::Gpu}) {
        if (kind == task->kind) continue;
        if (const auto other = run.edits.move_regions(regions, kind, memory)) rules += other->rules;
      }
      if (rules != edit->rules) edit = run.edits.make(edit->label + " for CPUs and GPUs", rules);
    }
    add_edit(finding, std::move(edit));
  }
}

/// Tasks that write what the path moves and run on another kind of processor than its consumer.
void add_moved_producers(const Measured& run, const Path& path, Finding& finding) {
  const workload::ResolvedTask* consumer = decisions_of(run, path.consumer);
  if (consumer == nullptr) return;
  const std::set<std::string> regions = regions_of(path);
  for (const workload::WorkloadTask& task : run.workload.tasks) {
    const workload::ResolvedTask* decided = decisions_of(run, task.name);
    if (decided == nullptr || decided->kind == consumer->kind ||
        !can_run_on(run, task.name, consumer->kind))
      continue;
    const bool writes =
        std::ranges::any_of(task.arguments, [&](const workload::WorkloadArgument& argument) {
          return argument.privilege != machine::Privilege::ReadOnly &&
                 argument.privilege != machine::Privilege::None && !argument.names.empty() &&
                 regions.contains(argument.names.front());
        });
    if (writes) add_edit(finding, run.edits.move_task(task.name, consumer->kind));
  }
}

void explain_copies(const Measured& run, const Path& path, Finding& finding) {
  if (!path.from) {
    finding.why =
        "each launch begins with a fresh value: reductions start from zero in an instance "
        "of their own";
    finding.advice = "fold into fewer and larger pieces, each of which is one fill";
  } else if (path.between_nodes) {
    finding.why = "what the task needs was last written on another node";
    finding.advice = "place points that exchange data on one node";
    if (const workload::ResolvedTask* task = decisions_of(run, path.consumer)) {
      for (const char* map : {"block", "cyclic", "grid"})
        add_edit(finding, run.edits.place(path.consumer, map, task->kind));
    }
  } else if (path.inside) {
    finding.why =
        "one memory holds the same data twice: regions that overlap have an instance each";
    finding.advice = "let the arguments that overlap use one memory that all processors see";
    add_common_memory(run, path, finding);
  } else if (path.from == path.to) {
    finding.why =
        fmt::format("several processors use the data, each in a {} of its own", text_of(path.to));
    finding.advice = "keep it in a memory that all of them see";
    add_common_memory(run, path, finding);
  } else {
    finding.why = fmt::format("the data is written in {} and used in {}", text_of(path.from),
                              text_of(path.to));
    finding.advice =
        "run writer and reader on one kind of processor, or keep the data in one memory";
    add_common_memory(run, path, finding);
    add_moved_producers(run, path, finding);
  }
}

void find_copies(const Measured& run, const std::vector<Path>& paths,
                 std::vector<Finding>& findings) {
  size_t found = 0;
  for (const Path& path : paths) {
    if (path.converts || weight_of(run, path) < kCopyShare || found == kMostPaths) continue;
    Finding finding = path_finding(run, path, FindingKind::CostlyCopies);
    explain_copies(run, path, finding);
    findings.push_back(std::move(finding));
    ++found;
  }
}

void find_conversions(const Measured& run, const std::vector<Path>& paths,
                      std::vector<Finding>& findings) {
  for (const Path& path : paths) {
    if (!path.converts || weight_of(run, path) < kLeastShare) continue;
    Finding finding = path_finding(run, path, FindingKind::LayoutConversion);
    finding.why = "writer and reader ask for different layouts, so every copy rearranges the data";
    finding.advice = "give all arguments of the region the same layout";
    const auto layouts = lines_beginning("Layout", std::string(run.edits.before().text));
    finding.lines.insert(finding.lines.end(), layouts.begin(), layouts.end());
    for (const std::string& region : regions_of(path)) {
      if (region.find('"') != std::string::npos) continue;
      for (const char* words : {"SOA F_order", "SOA C_order"}) {
        add_edit(finding,
                 run.edits.make(fmt::format("lay {} out as {} everywhere", as_data(region), words),
                                fmt::format("Layout * \"{}\" * {};\n", region, words)));
      }
    }
    findings.push_back(std::move(finding));
  }
}

// ---- instances and memories

/// Seconds of copies into a memory for an argument.
double copied_into_s(const Measured& run, const InstanceProfile& instances) {
  double total_s = 0;
  for (const CopyProfile& copy : run.profile.copies) {
    if (copy.to == instances.memory && copy.consumer == instances.task &&
        copy.argument == instances.argument)
      total_s += copy.time_s;
  }
  return total_s;
}

bool is_reduction(const Measured& run, const std::string& task, int argument) {
  const workload::WorkloadTask* known = find_task(run, task);
  return known != nullptr && argument >= 0 &&
         argument < static_cast<int>(known->arguments.size()) &&
         known->arguments[static_cast<size_t>(argument)].privilege == machine::Privilege::Reduce;
}

void find_recreated(const Measured& run, std::vector<Finding>& findings) {
  for (const InstanceProfile& each : run.profile.instances) {
    const auto distinct = static_cast<double>(std::max<uint64_t>(1, each.distinct));
    // Reductions get an instance each time; that is how they work.
    if (each.count < kFewestInstances ||
        static_cast<double>(each.count) < kRecreations * distinct || each.argument < 0 ||
        is_reduction(run, each.task, each.argument))
      continue;
    Finding finding;
    finding.kind = FindingKind::RecreatedInstances;
    finding.weight = std::max(kLeastShare, share_of(run, copied_into_s(run, each)));
    finding.what = fmt::format("{} instances of {} region{} were made in {} for {}", each.count,
                               distinct, distinct == 1 ? "" : "s", to_string(each.memory),
                               argument_text(each.task, each.argument, each.region));
    finding.why =
        "each was collected before the data was needed again: by a CollectMemory rule, or "
        "because the memory is tight";
    finding.advice = "take the argument out of CollectMemory, or give it room in another memory";
    finding.evidence = {{"instances", std::to_string(each.count)},
                        {"regions", fmt::format("{}", distinct)},
                        {"bytes, summed", bytes_text(each.bytes)},
                        {"largest", bytes_text(each.largest)}};
    finding.lines = lines_beginning("CollectMemory", run.edits.before().text);
    findings.push_back(std::move(finding));
  }
}

/// Seconds of copies that begin or end in a memory.
double copied_s(const Measured& run, const profile::MemoryPlace& memory) {
  double total_s = 0;
  for (const CopyProfile& copy : run.profile.copies) {
    if (copy.to == memory || copy.from == memory) total_s += copy.time_s;
  }
  return total_s;
}

void find_pressure(const Measured& run, std::vector<Finding>& findings) {
  for (const profile::MemoryProfile& memory : run.profile.memories) {
    const auto kind = memory.memory.known_kind();
    if (memory.capacity == 0 || !kind) continue;
    const double filled = static_cast<double>(memory.peak) / static_cast<double>(memory.capacity);
    if (filled < kPressure) continue;
    Finding finding;
    finding.kind = FindingKind::MemoryPressure;
    finding.weight = std::max(kLeastShare, share_of(run, copied_s(run, memory.memory)));
    finding.what =
        fmt::format("{} was filled to {}: {} of {}", to_string(memory.memory), percent_text(filled),
                    bytes_text(memory.peak), bytes_text(memory.capacity));
    finding.why =
        "tasks wait for room, data goes to the next memory of a rule, and the next larger "
        "problem does not fit";
    finding.advice =
        "keep rarely used data in another memory, collect read-only data, or limit "
        "tasks in flight";
    size_t shown = 0;
    for (const InstanceProfile& each : run.profile.instances) {
      if (each.memory != memory.memory || shown == 3) continue;
      ++shown;
      finding.evidence.push_back(
          {"instances", fmt::format("{} in {} for {}", bytes_text(each.bytes), each.count,
                                    argument_text(each.task, each.argument, each.region))});
      const workload::ResolvedTask* task = decisions_of(run, each.task);
      if (task == nullptr || each.region.empty()) continue;
      for (const machine::MemoryKind other :
           {machine::MemoryKind::FbMem, machine::MemoryKind::ZcMem, machine::MemoryKind::SysMem}) {
        if (other != *kind && machine::can_address(task->kind, other))
          add_edit(finding, run.edits.move_regions({each.region}, task->kind, other));
      }
    }
    findings.push_back(std::move(finding));
  }
}

}  // namespace

std::vector<Finding> slow_data_findings(const Measured& run) {
  std::vector<Finding> findings;
  const std::vector<Path> paths = paths_of(run.profile);
  find_copies(run, paths, findings);
  find_conversions(run, paths, findings);
  find_recreated(run, findings);
  find_pressure(run, findings);
  return findings;
}

}  // namespace placewright::explain
