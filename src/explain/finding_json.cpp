// SPDX-License-Identifier: Apache-2.0
// Findings as JSON, written and read back (render.h).
#include <fmt/core.h>

#include "explain/render.h"
#include "support/json.h"
#include "support/try.h"

namespace placewright::explain {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MappingLine, line, text)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Fact, name, value)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Edit, label, rules)

namespace {

using nlohmann::json;

json to_object(const Finding& finding) {
  return {{"kind", to_string(finding.kind)},
          {"weight", finding.weight},
          {"what", finding.what},
          {"why", finding.why},
          {"advice", finding.advice},
          {"evidence", finding.evidence},
          {"lines", finding.lines},
          {"edits", finding.edits}};
}

Result<Finding> from_object(const json& object) {
  const auto word = object.at("kind").get<std::string>();
  const auto kind = parse_finding_kind(word);
  if (!kind) return fail(fmt::format("they have an unknown kind {}", as_data(word)));
  Finding finding;
  finding.kind = *kind;
  finding.weight = object.at("weight").get<double>();
  finding.what = object.at("what").get<std::string>();
  finding.why = object.at("why").get<std::string>();
  finding.advice = object.at("advice").get<std::string>();
  finding.evidence = object.at("evidence").get<std::vector<Fact>>();
  finding.lines = object.at("lines").get<std::vector<MappingLine>>();
  finding.edits = object.at("edits").get<std::vector<Edit>>();
  return finding;
}

}  // namespace

std::string to_json(std::span<const Finding> findings) {
  json list = json::array();
  for (const Finding& finding : findings) list.push_back(to_object(finding));
  const json document = {{"version", kFindingsVersion}, {"findings", std::move(list)}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<std::vector<Finding>> findings_from_json(const std::string& text) {
  auto read = read_json_text(text, [](const json& document) -> Result<std::vector<Finding>> {
    const int version = document.at("version").get<int>();
    if (version != kFindingsVersion)
      return fail(fmt::format("they have version {}, expected {}", version, kFindingsVersion));
    std::vector<Finding> findings;
    for (const json& object : document.at("findings")) {
      PLACEWRIGHT_TRY(Finding finding, from_object(object));
      findings.push_back(std::move(finding));
    }
    return findings;
  });
  if (!read) read.error().message = "the findings cannot be read: " + read.error().message;
  return read;
}

}  // namespace placewright::explain
