// SPDX-License-Identifier: Apache-2.0
#include "cli/timeline_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "support/json.h"

namespace placewright::cli {
namespace {

constexpr double kMicroseconds = 1e6;

/// Spans of one place that do not overlap are drawn in one line.
class Lines {
 public:
  /// By start, the earliest first. Returns the number of the line.
  int take(const sim::Span& span) {
    std::vector<Line>& lines = places_[{span.node, span.where}];
    auto line =
        std::ranges::find_if(lines, [&](const Line& each) { return each.end_s <= span.start_s; });
    if (line == lines.end()) {
      const std::string name = lines.empty() ? span.where : fmt::format("{}, also", span.where);
      numbers_.push_back({span.node, name});
      line = lines.insert(lines.end(), {0, static_cast<int>(numbers_.size())});
    }
    line->end_s = span.end_s;
    return line->number;
  }

  void describe(nlohmann::ordered_json& events) const {
    for (size_t i = 0; i < numbers_.size(); ++i) {
      const int node = numbers_[i].first;
      const auto meta = [&](const char* what, const std::string& value) {
        events.push_back({{"name", what},
                          {"ph", "M"},
                          {"pid", node},
                          {"tid", i + 1},
                          {"args", {{"name", value}}}});
      };
      meta("process_name", fmt::format("node {} (simulated)", node));
      meta("thread_name", numbers_[i].second);
    }
  }

 private:
  struct Line {
    double end_s;
    int number;
  };
  std::map<std::pair<int, std::string>, std::vector<Line>> places_;
  std::vector<std::pair<int, std::string>> numbers_;
};

}  // namespace

std::string timeline_json(const std::vector<sim::Span>& spans) {
  nlohmann::ordered_json events = nlohmann::ordered_json::array();
  Lines lines;
  for (const sim::Span& span : spans)
    events.push_back({{"name", span.what},
                      {"cat", span.is_task ? "task" : "copy"},
                      {"ph", "X"},
                      {"pid", span.node},
                      {"tid", lines.take(span)},
                      {"ts", kMicroseconds * span.start_s},
                      {"dur", kMicroseconds * (span.end_s - span.start_s)}});
  lines.describe(events);
  return dump_json({{"displayTimeUnit", "ns"}, {"traceEvents", std::move(events)}}) + "\n";
}

}  // namespace placewright::cli
