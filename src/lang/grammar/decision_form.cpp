// SPDX-License-Identifier: Apache-2.0
#include "lang/grammar/decision_form.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "lang/grammar/index_maps.h"
#include "lang/syntax/words.h"
#include "support/json.h"
#include "support/text.h"

namespace placewright::lang::grammar {
namespace {

using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

Words words_of(std::span<const std::string_view> words) { return {words.begin(), words.end()}; }

constexpr int64_t kMostPlaces = 1 << 20;
const Words kAnyName = {};  ///< Matches any name that can be written.

/// One member of an entry: what it may hold and whether it may be missing.
struct Member {
  enum class Type { Word, Words, Integer };
  Type type = Type::Word;
  Words allowed = kAnyName;
  bool required = true;
  bool star = false;     ///< `*` is allowed, and the default.
  bool numbers = false;  ///< The number of an argument may stand for a name.
  int64_t least = 0;
  int64_t most = 0;
};

using Entry = std::vector<std::pair<std::string, Member>>;

/// One list of the form: the statement that each entry becomes, and the members of an entry in the
/// order in which the statement has them.
struct List {
  std::string name;
  StatementWord statement;
  Entry members;
};

Member name(bool star) { return {.allowed = kAnyName, .required = !star, .star = star}; }
Member region() {
  Member member = name(true);
  member.numbers = true;
  return member;
}
Member one_of(Words words, bool required = true) {
  return {.allowed = std::move(words), .required = required};
}
Member list_of(Words words) { return {.type = Member::Type::Words, .allowed = std::move(words)}; }
Member number(int64_t least, int64_t most, bool required = true) {
  return {.type = Member::Type::Integer, .required = required, .least = least, .most = most};
}

/// The lists of the form, in the order in which a mapping has them.
std::vector<List> form() {
  using W = StatementWord;
  const Words processors = words_of(processor_words());
  const Words memories = words_of(memory_words());
  Member any_processor = one_of(processors, false);
  any_processor.star = true;
  Member any_memory = one_of(memories, false);
  any_memory.star = true;
  return {{"tasks", W::Task, {{"task", name(true)}, {"kinds", list_of(processors)}}},
          {"regions",
           W::Region,
           {{"task", name(true)},
            {"region", region()},
            {"kind", any_processor},
            {"memories", list_of(memories)}}},
          {"layouts",
           W::Layout,
           {{"task", name(true)},
            {"region", region()},
            {"memory", any_memory},
            {"fields", one_of({"SOA", "AOS"})},
            {"order", one_of({"C_order", "F_order"})},
            {"align", number(1, 1 << 20, false)}}},
          {"maps",
           W::IndexTaskMap,
           {{"kind", one_of(processors)},
            {"task", {.allowed = kAnyName, .required = false}},
            {"map", one_of({kIndexMaps.begin(), kIndexMaps.end()})}}},
          {"singles",
           W::SingleTaskMap,
           {{"task", name(true)},
            {"kind", one_of(processors)},
            {"node", number(0, kMostPlaces)},
            {"processor", number(0, kMostPlaces)}}},
          {"limits", W::InstanceLimit, {{"task", name(true)}, {"limit", number(1, 1 << 20)}}},
          {"priorities",
           W::Priority,
           {{"task", name(true)}, {"priority", number(-1'000'000, 1'000'000)}}},
          {"collect", W::CollectMemory, {{"task", name(true)}, {"region", region()}}},
          {"replicate", W::ControlReplicate, {{"task", name(false)}}}};
}

/// Reads entries and keeps the first error.
class Reader {
 public:
  std::optional<Error> error;

  void mistake(const std::string& path, const std::string& message, std::string help = "") {
    if (!error) error = Error{fmt::format("`{}`: {}", path, message), std::move(help)};
  }

  void unknown(const std::string& path, const std::string& word, const Words& known) {
    const std::string_view near = nearest_word(word, known);
    std::vector<std::string_view> views(known.begin(), known.end());
    mistake(path, fmt::format("unknown word `{}`", word),
            near.empty() ? "expected " + join_alternatives(views)
                         : fmt::format("did you mean `{}`?", near));
  }

  std::string word(const Json& value, const std::string& path, const Member& member) {
    const auto number = json_detail::fitting<int64_t>(value);
    if (member.numbers && number && *number >= 0) return std::to_string(*number);
    if (!value.is_string()) {
      mistake(path, "expected a string");
      return "";
    }
    std::string text = value.get<std::string>();
    if (member.star && text == "*") return text;
    if (member.allowed.empty()) {
      const bool writable = !text.empty() && text.find_first_of("\"\n") == std::string::npos;
      if (!writable) mistake(path, "a name is a string without quotes and line breaks");
      return written_name(text);
    }
    if (std::ranges::find(member.allowed, text) == member.allowed.end())
      unknown(path, text, member.allowed);
    return text;
  }

  std::string words(const Json& value, const std::string& path, const Member& member) {
    if (!value.is_array() || value.empty()) {
      mistake(path, "expected a list of at least one word");
      return "";
    }
    std::string joined;
    for (size_t i = 0; i < value.size(); ++i)
      joined += (i > 0 ? ", " : "") + word(value[i], fmt::format("{}[{}]", path, i), member);
    return joined;
  }

  std::string integer(const Json& value, const std::string& path, const Member& member) {
    const auto number = json_detail::fitting<int64_t>(value);
    if (number && *number >= member.least && *number <= member.most) return std::to_string(*number);
    mistake(path, fmt::format("expected an integer from {} to {}", member.least, member.most));
    return "";
  }

  std::string value_of(const Json& value, const std::string& path, const Member& member) {
    switch (member.type) {
      case Member::Type::Word:
        return word(value, path, member);
      case Member::Type::Words:
        return words(value, path, member);
      case Member::Type::Integer:
        return integer(value, path, member);
    }
    return "";
  }

  /// The members of an entry as written in a rule; missing ones are empty, or `*`.
  std::map<std::string, std::string> entry(const Json& object, const std::string& path,
                                           const Entry& members) {
    std::map<std::string, std::string> values;
    if (!object.is_object()) {
      mistake(path, "expected an object");
      return values;
    }
    Words known;
    for (const auto& [key, member] : members) known.push_back(key);
    for (const auto& [key, value] : object.items())
      if (std::ranges::find(known, key) == known.end()) unknown(path, key, known);
    for (const auto& [key, member] : members) {
      const std::string place = path + "." + key;
      if (!object.contains(key)) {
        if (member.required) mistake(path, fmt::format("`{}` is missing", key));
        values[key] = member.star ? "*" : "";
      } else {
        values[key] = value_of(object[key], place, member);
      }
    }
    return values;
  }
};

std::string single_map_name(std::map<std::string, std::string>& values) {
  const machine::ProcessorKind kind = *machine::parse_processor_kind(values["kind"]);
  return index_map_name(fmt::format("place_{}_{}", values["node"], values["processor"]), kind);
}

/// A function that places a task on one processor, counted from 0 again where the machine has fewer.
std::string single_map_definition(std::map<std::string, std::string>& values) {
  return fmt::format(
      "def {0}(Task task) {{\n  all = Machine({1});\n"
      "  return all[{2} % all.size[0], {3} % all.size[1]];\n}}\n",
      single_map_name(values), values["kind"], values["node"], values["processor"]);
}

/// The statement for an entry. An index map is named for its kind of processor, which is what it
/// applies to unless the entry names a task.
std::string rule_text(const List& list, std::map<std::string, std::string>& values) {
  std::string text(to_string(list.statement));
  if (list.statement == StatementWord::SingleTaskMap)
    return fmt::format("{} {} {};\n", text, values["task"], single_map_name(values));
  if (list.statement == StatementWord::IndexTaskMap) {
    const machine::ProcessorKind kind = *machine::parse_processor_kind(values["kind"]);
    return fmt::format("{} {} {};\n", text,
                       values["task"].empty() ? values["kind"] : values["task"],
                       index_map_name(values["map"], kind));
  }
  for (const auto& [key, member] : list.members)
    if (!values[key].empty()) text += (key == "align" ? " Align == " : " ") + values[key];
  return text + ";\n";
}

Json schema_of(const Member& member, const Words& names) {
  Words allowed = member.allowed.empty() ? names : member.allowed;
  if (member.star) allowed.insert(allowed.begin(), "*");
  Json text = {{"type", "string"}};
  if (allowed.size() > (member.star && names.empty() && member.allowed.empty() ? 1u : 0u))
    text["enum"] = allowed;
  switch (member.type) {
    case Member::Type::Integer:
      return {{"type", "integer"}, {"minimum", member.least}, {"maximum", member.most}};
    case Member::Type::Words:
      return {{"type", "array"}, {"items", text}, {"minItems", 1}, {"maxItems", 4}};
    case Member::Type::Word:
      return text;
  }
  return text;
}

/// The names that an application has for a member; empty: any name.
Words names_for(const std::string& key, const Vocabulary* vocabulary) {
  std::set<std::string> names;
  size_t most = 0;
  if (vocabulary == nullptr) return {};
  for (const VocabularyTask& task : vocabulary->tasks) {
    if (key == "task") names.insert(task.name);
    if (key != "region") continue;
    names.insert(task.arguments.begin(), task.arguments.end());
    most = std::max(most, task.argument_count);
  }
  for (size_t k = 0; k < most; ++k) names.insert(std::to_string(k));
  return {names.begin(), names.end()};
}

/// The words without kinds and memories that the machine lacks.
Words on_machine(const Words& words, const Vocabulary* vocabulary) {
  if (vocabulary == nullptr) return words;
  std::set<std::string> there;
  for (const VocabularyKind& kind : vocabulary->kinds) {
    there.emplace(machine::to_string(kind.kind));
    for (const machine::MemoryKind memory : kind.memories)
      there.emplace(machine::to_string(memory));
  }
  Words result;
  for (const std::string& word : words) {
    const bool is_kind = machine::parse_processor_kind(word) || machine::parse_memory_kind(word);
    if (!is_kind || there.contains(word)) result.push_back(word);
  }
  return result;
}

}  // namespace

std::string decision_schema(const Vocabulary* vocabulary) {
  Json properties = Json::object();
  for (const List& list : form()) {
    Json entry = {{"type", "object"}, {"additionalProperties", false}};
    for (const auto& [key, each] : list.members) {
      Member member = each;
      member.allowed = on_machine(member.allowed, vocabulary);
      entry["properties"][key] = schema_of(member, names_for(key, vocabulary));
      if (member.required) entry["required"].push_back(key);
    }
    properties[list.name] = {{"type", "array"}, {"items", std::move(entry)}, {"maxItems", 64}};
  }
  const Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                       {"title", "Decisions of a Placewright mapping"},
                       {"type", "object"},
                       {"additionalProperties", false},
                       {"properties", std::move(properties)}};
  return schema.dump(1) + "\n";
}

Result<std::string> mapping_from_form(const std::string& text) {
  const Json json = parse_json<Json>(text).value_or(Json());
  if (!json.is_object()) return fail("the form is not a JSON object");
  Reader reader;
  Words lists;
  std::set<std::string> definitions;
  std::set<std::string> placed;  // by `singles`
  std::string functions;
  std::string rules;
  for (const List& list : form()) {
    lists.push_back(list.name);
    if (!json.contains(list.name)) continue;
    const Json& entries = json[list.name];
    if (!entries.is_array()) reader.mistake(list.name, "expected a list");
    for (size_t i = 0; i < entries.size() && !reader.error; ++i) {
      auto values = reader.entry(entries[i], fmt::format("{}[{}]", list.name, i), list.members);
      if (reader.error) break;
      if (list.statement == StatementWord::IndexTaskMap) {
        const machine::ProcessorKind kind = *machine::parse_processor_kind(values["kind"]);
        for (const std::string& each :
             {space_definition(kind), index_map_definition(values["map"], kind)})
          if (definitions.insert(each).second) functions += each;
      }
      if (list.statement == StatementWord::SingleTaskMap) {
        placed.insert(values["task"]);
        const std::string definition = single_map_definition(values);
        if (definitions.insert(definition).second) functions += definition;
      }
      if (list.statement == StatementWord::ControlReplicate && placed.contains(values["task"]))
        reader.mistake(fmt::format("{}[{}]", list.name, i),
                       fmt::format("`{}` is in `singles` too", values["task"]),
                       "a task has one place or is replicated over several");
      rules += rule_text(list, values);
    }
  }
  for (const auto& [key, value] : json.items())
    if (std::ranges::find(lists, key) == lists.end()) reader.unknown("form", key, lists);
  if (reader.error) return tl::unexpected(*reader.error);
  if (rules.empty()) return fail("the form contains no decision");
  return functions + rules;
}

}  // namespace placewright::lang::grammar
