// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright show`.
#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/print_error.h"
#include "cli/usage.h"
#include "machine/load.h"
#include "policy/policy.h"
#include "support/json.h"
#include "support/terminal.h"
#include "support/text.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kDefaultParent = "CPU,0,0";

struct Options {
  std::string file;
  std::string machine;
  std::string task;
  std::string kind;
  std::string launch;
  std::vector<std::string> regions;
  std::string parent;
  uint64_t tag = 0;
  int depth = 1;
  uint64_t mapper_id = 0;
  bool single = false;
  bool json = false;
};

/// The request from the options, and the policy that answers it.
struct Question {
  const Options& options;
  const policy::Policy& policy;
  policy::TaskId task;
  machine::ProcessorKind kind;
  machine::LaunchFacts launch;
};

bool complain_at(const policy::Policy& policy, Diagnostic error) {
  Diagnostics diagnostics(policy.mapping().file);
  diagnostics.add(std::move(error));
  print_text(stderr, "{}", diagnostics.to_text());
  return false;
}

int line_of(const policy::Policy& policy, SourceRange range) {
  return policy.mapping().file.position(range.begin).line;
}

void print_target(const Options& options, const policy::Target& target,
                  const machine::DomainPoint* point, machine::ProcessorKind kind) {
  const auto& processors = target.processors;
  if (options.json) {
    Json line = Json::object();
    if (point) line["point"] = std::vector(point->at.begin(), point->at.begin() + point->dim);
    line["node"] = target.node;
    if (processors.size() == 1) {
      line["processor"] = processors[0];
    } else {
      line["processors"] = std::vector(processors.begin(), processors.end());
    }
    print_data(line.dump() + "\n");
  } else {
    const std::string what = point ? fmt::format("({})", to_string(*point)) : "single task";
    print_text(stdout, "{} -> node {} {} {}\n", what, target.node, to_string(kind),
               fmt::join(processors, ","));
  }
}

bool show_launch(const Question& question) {
  const std::optional<machine::LaunchDomain>& domain = question.launch.domain;
  const auto function = question.policy.index_map(question.task, question.kind);
  if (!function) {
    print_text(stderr,
               "no IndexTaskMap rule decides for `{}` on {}: Legion's default mapper does\n",
               question.options.task, to_string(question.kind));
    return true;
  }
  const auto placement = question.policy.placement(*function, question.launch, question.kind);
  if (!placement) return complain_at(question.policy, placement.error());
  if (!question.options.json) {
    const auto rule = question.policy.index_map_rule(question.task, question.kind);
    print_text(stdout, "launch {} by `{}` (line {})\n", domain->to_string(),
               question.policy.function_name(*function), line_of(question.policy, *rule));
  }
  for (int64_t i = 0; i < domain->volume(); ++i) {
    const machine::DomainPoint point = domain->point(i);
    print_target(question.options, (*placement)->at(point), &point, question.kind);
  }
  return true;
}

/// `GPU,1,0`: kind, node, ordinal.
Result<machine::ParentProcessor> parse_parent(const std::string& text,
                                              const machine::MachineShape& machine) {
  const std::string word = text.substr(0, text.find(','));
  const auto kind = machine::parse_processor_kind(word);
  machine::ParentProcessor parent;
  int* const numbers[] = {&parent.node, &parent.ordinal};
  const char* next = text.data() + word.size();
  const char* const end = text.data() + text.size();
  bool good = kind.has_value();
  for (int* number : numbers) {
    good = good && next != end && *next == ',';
    if (!good) break;
    const auto [rest, status] = std::from_chars(next + 1, end, *number);
    good = status == std::errc{};
    next = rest;
  }
  if (!good || next != end) {
    return fail(fmt::format("`{}` is not a processor", text),
                "write kind, node and ordinal, for example `CPU,0,0`");
  }
  parent.kind = *kind;
  const bool exists = parent.node >= 0 && parent.node < machine.node_count() &&
                      parent.ordinal >= 0 &&
                      parent.ordinal < machine.processors(*kind, parent.node);
  if (exists) return parent;
  return fail(fmt::format("the machine has no processor `{}`", text),
              fmt::format("it is `{}`", machine.to_string()));
}

bool show_single(const Question& question) {
  machine::LaunchFacts launch = question.launch;
  launch.domain.reset();
  const auto function = question.policy.single_map(question.task, question.kind);
  if (!function) {
    print_text(stderr,
               "no SingleTaskMap rule decides for `{}` on {}: Legion's default mapper does\n",
               question.options.task, to_string(question.kind));
    return true;
  }
  const auto target = question.policy.place_single(*function, launch, question.kind);
  if (!target) return complain_at(question.policy, target.error());
  if (!question.options.json) {
    const auto rule = question.policy.single_map_rule(question.task, question.kind);
    print_text(stdout, "single task by `{}` (line {}), parent on {}\n",
               question.policy.function_name(*function), line_of(question.policy, *rule),
               question.options.parent);
  }
  print_target(question.options, *target, nullptr, question.kind);
  return true;
}

std::string describe(const policy::LayoutRule& layout) {
  std::string text = layout.aos ? "AOS" : "SOA";
  text += layout.c_order ? " C_order" : " F_order";
  if (layout.compact) text += " Compact";
  if (layout.exact) text += " Exact";
  if (layout.alignment) {
    text += fmt::format(" Align {} {}", policy::symbol(layout.alignment->relation),
                        layout.alignment->bytes);
  }
  return text;
}

bool is_available(const Question& question, machine::MemoryKind memory) {
  const machine::MachineShape& machine = question.policy.machine();
  for (int node = 0; node < machine.node_count(); ++node) {
    if (machine.has_memory(question.kind, memory, node)) return true;
  }
  return false;
}

/// The names and the number of an argument: `rp_shared`, `3` or `rp_shared,rp_all,3`.
struct Argument {
  std::vector<policy::RegionId> names;
  int index = -1;
};

Argument parse_argument(const policy::Policy& policy, std::string_view text) {
  Argument argument;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    const auto [rest, status] =
        std::from_chars(word.data(), word.data() + word.size(), argument.index);
    const bool is_number = status == std::errc{} && rest == word.data() + word.size();
    if (!is_number) argument.names.push_back(policy.region(word));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return argument;
}

void show_region(const Question& question, const std::string& region) {
  const policy::Policy& policy = question.policy;
  const Argument argument = parse_argument(policy, region);
  const policy::RegionRef reference{argument.names, argument.index};
  const auto memories = policy.memories(question.task, reference, question.kind);
  if (!question.options.json) {
    print_text(stdout, "region {} on {}: {}\n", region, to_string(question.kind),
               memories.empty() ? "no Region rule, Legion's default mapper decides"
                                : "memories in order of preference");
  }
  for (const policy::MemoryRule& memory : memories) {
    const auto layout = policy.layout(question.task, reference, memory.kind);
    const bool available = is_available(question, memory.kind);
    if (question.options.json) {
      Json line = {{"region", region},
                   {"memory", to_string(memory.kind)},
                   {"available", available},
                   {"line", line_of(policy, memory.rule)}};
      if (layout) {
        line["layout"] = describe(*layout);
        line["layout_line"] = line_of(policy, layout->rule);
      }
      print_data(line.dump() + "\n");
      continue;
    }
    print_text(stdout, "  {}{} (line {})", to_string(memory.kind),
               available ? "" : ", not available to this processor", line_of(policy, memory.rule));
    if (layout)
      print_text(stdout, ", {} (line {})", describe(*layout), line_of(policy, layout->rule));
    print_text(stdout, "\n");
  }
}

/// A task name that no rule mentions is allowed, but a near miss deserves a hint.
void hint_at_similar_name(const policy::Policy& policy, const std::string& task) {
  std::vector<std::string> names;
  for (const policy::MentionedName& mentioned : policy.mentioned_names()) {
    if (mentioned.kind == policy::MentionedName::Kind::Task) names.push_back(mentioned.name);
  }
  if (std::ranges::find(names, task) != names.end()) return;
  const std::string_view nearest = nearest_word(task, names);
  if (nearest.empty()) return;
  print_text(stderr, "no rule names the task `{}`; did you mean `{}`?\n", task, nearest);
}

/// The requested kind, else the first of the task's kinds that the machine has.
Result<machine::ProcessorKind> choose_kind(const Options& options, const policy::Policy& policy,
                                           policy::TaskId task) {
  if (!options.kind.empty()) {
    return *machine::parse_processor_kind(options.kind);
  }
  for (machine::ProcessorKind kind : policy.processor_kinds(task)) {
    for (int node = 0; node < policy.machine().node_count(); ++node) {
      if (policy.machine().processors(kind, node) > 0) return kind;
    }
  }
  return fail(fmt::format("no Task rule gives `{}` a kind that the machine has", options.task),
              "choose one with `--kind`");
}

void show_task(const Question& question) {
  const policy::Policy& policy = question.policy;
  const auto kinds = policy.processor_kinds(question.task);
  std::vector<std::string_view> words;
  for (machine::ProcessorKind kind : kinds) words.push_back(to_string(kind));
  const auto rule = policy.processor_rule(question.task);
  print_text(stdout, "task {} on {} of {}\n", question.options.task, to_string(question.kind),
             policy.machine().to_string());
  if (rule) {
    print_text(stdout, "processors {} (line {})\n", fmt::join(words, ", "), line_of(policy, *rule));
  }
  if (const int limit = policy.instance_limit(question.task, question.kind)) {
    print_text(stdout, "at most {} instances in flight\n", limit);
  }
  if (const auto priority = policy.priority(question.task, question.kind)) {
    print_text(stdout, "priority {}\n", *priority);
  }
  if (const auto replicates = policy.replicates(question.task)) {
    const auto& nodes = replicates->nodes;
    print_text(stdout, "{}control replicated{}\n", replicates->replicated ? "" : "not ",
               nodes ? fmt::format(" over nodes {}..{}", nodes->first, nodes->last) : "");
  }
}

/// The launch that the options describe.
Result<machine::LaunchFacts> read_launch(const Options& options,
                                         const machine::MachineShape& machine) {
  machine::LaunchFacts facts{std::nullopt, options.tag, options.depth, {}, options.mapper_id};
  // Few functions ask for the parent, and not every machine has the default one.
  if (options.single || options.parent != kDefaultParent) {
    PLACEWRIGHT_TRY(facts.parent, parse_parent(options.parent, machine));
  }
  if (!options.launch.empty()) {
    PLACEWRIGHT_TRY(facts.domain, machine::parse_launch_domain(options.launch));
  }
  return facts;
}

/// The task in that launch.
Result<policy::TaskId> find_task(const Options& options, const machine::LaunchFacts& facts,
                                 const policy::LoadedPolicy& loaded) {
  const auto task = loaded.policy->task(options.task, facts);
  if (task) return *task;
  Diagnostics diagnostics(loaded.policy->mapping().file);
  diagnostics.add(task.error());
  print_text(stderr, "{}", diagnostics.to_text());
  return fail("the rules for this launch cannot be evaluated");
}

bool show(const Options& options) {
  const auto machine = machine::load_machine(options.machine);
  if (!machine) return print_error(machine.error());
  const policy::LoadedPolicy loaded = policy::load_policy(options.file, *machine);
  print_text(stderr, "{}", loaded.messages);
  if (!loaded.policy) return false;
  const auto launch = read_launch(options, *machine);
  if (!launch) return print_error(launch.error());
  const auto task = find_task(options, *launch, loaded);
  if (!task) return print_error(task.error());
  hint_at_similar_name(*loaded.policy, options.task);
  const auto kind = choose_kind(options, *loaded.policy, *task);
  if (!kind) return print_error(kind.error());
  const Question question{options, *loaded.policy, *task, *kind, *launch};
  if (!options.json) show_task(question);
  for (const std::string& region : options.regions) show_region(question, region);
  bool good = options.launch.empty() || show_launch(question);
  if (options.single) good = show_single(question) && good;
  return good;
}

std::vector<std::string> kind_words() {
  std::vector<std::string> words;
  for (const machine::ProcessorKind each : machine::kProcessorKinds)
    words.emplace_back(to_string(each));
  return words;
}

}  // namespace

void add_show_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  options->parent = kDefaultParent;
  CLI::App* command =
      app.add_subcommand("show", "Show what a mapping decides for a task on a machine");
  command->add_option("file", options->file, "Mapping file; - reads standard input")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--machine", options->machine,
                   "Shape like nodes=2,GPU=4,CPU=1,OMP=1, or a machine file")
      ->required();
  command->add_option("--task", options->task, "Name of the task")->required();
  command
      ->add_option("--kind", options->kind,
                   "Processor kind (default: the first one that the task's rule lists)")
      ->check(one_of(kind_words()));
  command
      ->add_option("--launch", options->launch,
                   "Show where every point of an index launch goes, bounds inclusive: 0,0..7,3")
      ->check(read_by(machine::parse_launch_domain));
  command
      ->add_option("--region", options->regions,
                   "Show memories and layouts of an argument, best first: its name, its number, or "
                   "both as NAME,NUMBER")
      ->type_name("ARGUMENT");
  command->add_flag("--single", options->single, "Show where a single task goes");
  command
      ->add_option("--parent", options->parent,
                   "Processor of the parent, for map functions that ask for it")
      ->capture_default_str();
  command
      ->add_option("--tag", options->tag,
                   "The launch's mapping tag, for conditions and map functions")
      ->capture_default_str();
  command
      ->add_option(
          "--depth", options->depth,
          "Nesting depth of the task, for conditions and map functions; the top-level task is 0")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command
      ->add_option("--mapper-id", options->mapper_id,
                   "The launch's mapper id, for conditions and map functions")
      ->capture_default_str();
  command->add_flag("--json", options->json, "One JSON object per line");
  set_forms(*command, {"[OPTIONS] FILE --machine SHAPE|FILE --task NAME"});
  command->footer(
      "Example: placewright show expert.mapping --machine nodes=2,GPU=4,CPU=1 --task stencil "
      "--kind GPU --launch 0,0..7,3");
  command->callback([options, &exit_status] { exit_status = show(*options) ? 0 : 1; });
}

}  // namespace placewright::cli
