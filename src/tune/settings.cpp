// SPDX-License-Identifier: Apache-2.0
#include "tune/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "machine/load.h"
#include "support/text.h"
#include "support/toml.h"
#include "support/try.h"

namespace placewright::tune {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 1> kRootKeys = {"study"};
constexpr std::array<std::string_view, 22> kKeys = {"name",
                                                    "machine",
                                                    "time_scale",
                                                    "runtime_cost",
                                                    "budget",
                                                    "closing",
                                                    "command",
                                                    "correctness_command",
                                                    "explore_command",
                                                    "processes",
                                                    "metric",
                                                    "direction",
                                                    "unit",
                                                    "checksum",
                                                    "seed",
                                                    "strategy",
                                                    "baselines",
                                                    "inputs",
                                                    "start",
                                                    "pin",
                                                    "only",
                                                    "except"};
constexpr std::array<std::string_view, 2> kBaselineKeys = {"expert", "handwritten_command"};
constexpr std::array<std::string_view, 5> kInputKeys = {"name", "command", "correctness_command",
                                                        "explore_command", "handwritten_command"};

constexpr std::string_view kInputTables = "a list of tables, `[[study.inputs]]` each";

uint32_t offset_of(const SourceFile& file, const toml::source_position& position) {
  if (position.line < 1) return 0;
  if (static_cast<int>(position.line) > file.line_count())
    return static_cast<uint32_t>(file.text().size());
  const std::string_view line = file.line(static_cast<int>(position.line));
  const size_t begin = static_cast<size_t>(line.data() - file.text().data());
  const size_t column = position.column < 1 ? 0 : position.column - 1;
  return static_cast<uint32_t>(std::min(begin + column, file.text().size()));
}

SourceRange range_of(const SourceFile& file, const toml::source_region& region) {
  const uint32_t begin = offset_of(file, region.begin);
  return {begin, std::max(begin, offset_of(file, region.end))};
}

class Reader {
 public:
  Reader(const SourceFile& file, const std::string& bin_folder, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics), bin_(bin_folder) {
    here_ = fs::absolute(fs::path(file.name())).parent_path();
  }

  Settings read(const toml::table& file) {
    Settings settings;
    check_keys(file, kRootKeys);
    const toml::table* study = file["study"].as_table();
    if (study == nullptr) {
      diagnostics_.error("wrong-type", {0, 0}, "a study file needs a table `[study]`");
      return settings;
    }
    const toml::table& root = *study;
    check_keys(root, kKeys);
    read_text(root, "name", settings.name);
    read_machine(root, settings.machine);
    read_command(root, "command", settings.command);
    read_command(root, "correctness_command", settings.correctness_command);
    read_command(root, "explore_command", settings.explore_command);
    read_metric(root, settings.metric);
    if (root.contains("checksum")) read_text(root, "checksum", settings.checksum.emplace());
    read_text(root, "strategy", settings.strategy);
    read_numbers(root, settings);
    read_path(root, "start", settings.start.name);
    read_path(root, "pin", settings.pin.name);
    read_names(root, "only", settings.only);
    read_names(root, "except", settings.except);
    if (const toml::node* baselines = root.get("baselines")) {
      if (const toml::table* table = baselines->as_table()) {
        check_keys(*table, kBaselineKeys);
        read_path(*table, "expert", settings.expert);
        read_command(*table, "handwritten_command", settings.handwritten_command);
      } else {
        wrong_type(*baselines, "baselines", "a table");
      }
    }
    read_inputs(root, settings);
    if (settings.name.empty() && file_.name() != "<stdin>")
      settings.name = fs::path(file_.name()).stem().stem().string();
    return settings;
  }

 private:
  template <class Keys>
  void check_keys(const toml::table& table, const Keys& known) {
    for (const auto& [key, value] : table) {
      if (std::ranges::find(known, key.str()) != known.end()) continue;
      Diagnostic& error =
          diagnostics_.error("unknown-key", range_of(file_, key.source()),
                             fmt::format("unknown key `{}` in a study file", key.str()));
      const std::string_view nearest =
          nearest_word(key.str(), std::span<const std::string_view>(known));
      error.help = nearest.empty() ? fmt::format("known are {}", fmt::join(known, ", "))
                                   : fmt::format("did you mean `{}`?", nearest);
    }
  }

  void wrong_type(const toml::node& node, std::string_view key, std::string_view expected) {
    diagnostics_.error("wrong-type", range_of(file_, node.source()),
                       fmt::format("`{}` must be {}", key, expected));
  }

  void bad_value(const toml::node& node, std::string message) {
    diagnostics_.error("bad-value", range_of(file_, node.source()), std::move(message));
  }

  void read_text(const toml::table& table, std::string_view key, std::string& value) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    if (const auto text = node->value_exact<std::string>()) {
      value = *text;
    } else {
      wrong_type(*node, key, "a string");
    }
  }

  /// A path, or the name of a built-in machine.
  void read_machine(const toml::table& table, std::string& value) {
    std::string text;
    read_text(table, "machine", text);
    if (machine::names_machine(text) && !fs::exists(fs::path(here_) / text)) {
      value = text;
    } else if (!text.empty()) {
      read_path(table, "machine", value);
    }
  }

  void read_path(const toml::table& table, std::string_view key, std::string& value) {
    std::string text;
    read_text(table, key, text);
    if (!text.empty()) value = fs::path(here_ / expand(text)).lexically_normal().string();
  }

  void read_metric(const toml::table& root, Metric& metric) {
    read_text(root, "metric", metric.pattern);
    if (root.contains("unit")) read_text(root, "unit", metric.unit.emplace());
    const toml::node* node = root.get("direction");
    if (node == nullptr) return;
    std::string word;
    read_text(root, "direction", word);
    metric.direction = parse_direction(word);
    if (!metric.direction && node->is_string())
      bad_value(*node, "`direction` must be `minimize` or `maximize`");
  }

  std::string expand(std::string text) const {
    for (const auto& [word, folder] :
         {std::pair<std::string, std::string>{"{bin}", bin_}, {"{here}", here_.string()}}) {
      for (size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += folder.size())
        text.replace(at, word.size(), folder);
    }
    return text;
  }

  void read_list(const toml::table& table, std::string_view key, std::string_view expected,
                 std::vector<std::string>& value) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    const toml::array* list = node->as_array();
    if (list == nullptr || list->empty()) {
      wrong_type(*node, key, expected);
      return;
    }
    for (const toml::node& element : *list) {
      if (const auto text = element.value_exact<std::string>()) {
        value.push_back(*text);
      } else {
        wrong_type(element, key, expected);
      }
    }
  }

  void read_names(const toml::table& table, std::string_view key, std::vector<std::string>& value) {
    read_list(table, key, "a list of strings: names of tasks, or patterns", value);
  }

  void read_command(const toml::table& table, std::string_view key,
                    std::vector<std::string>& value) {
    read_list(table, key, "a list of strings: program and arguments", value);
    for (std::string& word : value) word = expand(word);
    if (!value.empty()) value.front() = program(value.front());
  }

  void read_inputs(const toml::table& root, Settings& settings) {
    const toml::node* node = root.get("inputs");
    if (node == nullptr) return;
    const toml::array* list = node->as_array();
    if (list == nullptr || list->empty()) {
      wrong_type(*node, "inputs", kInputTables);
      return;
    }
    for (const toml::node& element : *list) {
      const toml::table* table = element.as_table();
      if (table == nullptr) {
        wrong_type(element, "inputs", kInputTables);
        continue;
      }
      Input& input = settings.inputs.emplace_back();
      check_keys(*table, kInputKeys);
      read_text(*table, "name", input.name);
      read_command(*table, "command", input.command);
      read_command(*table, "correctness_command", input.correctness_command);
      read_command(*table, "explore_command", input.explore_command);
      read_command(*table, "handwritten_command", input.handwritten_command);
      if (!table->contains("command")) bad_value(element, "an input needs a `command`");
      // A command of one input alone would be compared with those of others.
      check_same(element, "correctness_command", input.correctness_command,
                 settings.correctness_command);
      check_same(element, "handwritten_command", input.handwritten_command,
                 settings.handwritten_command);
    }
  }

  void check_same(const toml::node& node, std::string_view key,
                  const std::vector<std::string>& of_input,
                  const std::vector<std::string>& of_study) {
    if (of_input.empty() == of_study.empty()) return;
    bad_value(node, fmt::format("all inputs have a `{}`, or none", key));
  }

  std::string program(const std::string& name) const {
    if (name.find('/') != std::string::npos)
      return fs::path(here_ / name).lexically_normal().string();
    const fs::path sibling = fs::path(bin_) / name;
    std::error_code too_long;
    return fs::exists(sibling, too_long) ? sibling.string() : name;
  }

  void read_numbers(const toml::table& root, Settings& settings) {
    if (const toml::node* node = root.get("time_scale")) {
      const auto number = node->value<double>();
      if (!number) wrong_type(*node, "time_scale", "a number");
      if (number && !(*number > 0 && std::isfinite(*number)))
        bad_value(*node, "`time_scale` must be greater than 0 and finite");
      settings.time_scale = number.value_or(0);
    }
    if (const toml::node* node = root.get("runtime_cost")) {
      const auto word = node->value<std::string>();
      if (word != "none" && word != "model")
        bad_value(*node, "`runtime_cost` must be \"none\" or \"model\"");
      settings.runtime_cost = word == "model";
    }
    if (const toml::node* node = root.get("processes")) {
      const auto number = node->value_exact<int64_t>();
      if (!number || *number < 1 || *number > 1024)
        bad_value(*node, "`processes` must be a whole number from 1 to 1024");
      settings.processes = static_cast<int>(number.value_or(1));
    }
    if (const toml::node* node = root.get("seed")) {
      const auto number = node->value_exact<int64_t>();
      if (!number || *number < 0) bad_value(*node, "`seed` must be a whole number, 0 or greater");
      settings.seed = static_cast<uint64_t>(number.value_or(1));
    }
    read_time(root, "budget", settings.budget_s);
    read_time(root, "closing", settings.closing_s);
  }

  void read_time(const toml::table& root, std::string_view key, double& seconds) {
    const toml::node* node = root.get(key);
    if (node == nullptr) return;
    std::string text = node->value_exact<std::string>().value_or("");
    if (const auto number = node->value_exact<int64_t>()) text = std::to_string(*number);
    const auto read = parse_duration(text);
    if (!read) bad_value(*node, read.error().message);
    seconds = read.value_or(1);
  }

  const SourceFile& file_;
  Diagnostics& diagnostics_;
  std::string bin_;
  fs::path here_;
};

}  // namespace

std::optional<Settings> read_study_file(const SourceFile& file, const std::string& bin_folder,
                                        Diagnostics& diagnostics) {
  try {
    const toml::table root = parse_toml(file.text(), file.name());
    Settings settings = Reader(file, bin_folder, diagnostics).read(root);
    if (diagnostics.has_errors()) return std::nullopt;
    return settings;
  } catch (const toml::parse_error& error) {
    diagnostics.error("study-syntax", range_of(file, error.source()),
                      fmt::format("not TOML: {}", error.description()));
    return std::nullopt;
  }
}

std::string input_name(const Settings& settings, size_t input) {
  const bool is_first = input == 0;
  const std::vector<std::string>& command =
      is_first ? settings.command : settings.inputs[input - 1].command;
  if (!is_first && !settings.inputs[input - 1].name.empty()) return settings.inputs[input - 1].name;
  if (command.size() < 2) return "without arguments";
  return fmt::format("{}", fmt::join(command.begin() + 1, command.end(), " "));
}

Result<void> read_mappings(Settings& settings) {
  for (NamedText* mapping : {&settings.start, &settings.pin}) {
    if (mapping->name.empty()) continue;
    PLACEWRIGHT_TRY(const SourceFile file, SourceFile::read(mapping->name));
    mapping->text = file.text();
  }
  return {};
}

Result<double> parse_duration(const std::string& text) {
  static const Pattern pattern(R"((?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,8}(?:\.\d{1,6})?)s?)?)");
  const auto number = [](std::string_view digits) {
    double value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  };
  double seconds = 0;
  if (const auto found = pattern.find_whole(text))
    seconds =
        3600 * number(found->groups[0]) + 60 * number(found->groups[1]) + number(found->groups[2]);
  if (!(seconds > 0))
    return fail(fmt::format("`{}` is not a duration, expected something like `90s` or `3m`", text));
  return seconds;
}

}  // namespace placewright::tune
