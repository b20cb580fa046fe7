// SPDX-License-Identifier: Apache-2.0
#include "support/fixes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace placewright {
namespace {

/// Fixes of which no two overlap, and none inserts inside another. Insertions at the same place are
/// applied one after another.
class Taken {
 public:
  [[nodiscard]] bool has(const FixIt& fix) const { return known_.contains(key(fix)); }
  [[nodiscard]] bool leaves_room_for(const FixIt& fix) const {
    const auto next = ends_.upper_bound(fix.range.begin);
    if (next != ends_.end() && next->first < fix.range.end) return false;
    if (next == ends_.begin()) return true;
    const auto& [begin, end] = *std::prev(next);
    return begin == fix.range.begin ? end == begin || fix.range.end == begin
                                    : end <= fix.range.begin;
  }
  void add(const FixIt& fix) {
    known_.insert(key(fix));
    uint32_t& end = ends_[fix.range.begin];
    end = std::max(end, fix.range.end);
    fixes.push_back(fix);
  }

  std::vector<FixIt> fixes;

 private:
  using Key = std::tuple<uint32_t, uint32_t, std::string>;
  static Key key(const FixIt& fix) { return {fix.range.begin, fix.range.end, fix.replacement}; }

  std::set<Key> known_;
  std::map<uint32_t, uint32_t> ends_;  ///< Where the longest fix that begins there ends.
};

}  // namespace

FixedText apply_fixes(const Diagnostics& diagnostics) {
  FixedText result;
  Taken taken;
  for (const Diagnostic& message : diagnostics.sorted()) {
    if (message.fixes.empty()) continue;
    std::vector<FixIt> fresh;
    for (const FixIt& fix : message.fixes)
      if (!taken.has(fix)) fresh.push_back(fix);
    const auto fits = [&](const FixIt& fix) { return taken.leaves_room_for(fix); };
    if (!std::ranges::all_of(fresh, fits)) continue;
    for (const FixIt& fix : fresh) taken.add(fix);
    ++result.messages;
  }
  std::ranges::stable_sort(taken.fixes, {}, [](const FixIt& fix) { return fix.range.begin; });
  const std::string_view text = diagnostics.file().text();
  size_t copied = 0;
  for (const FixIt& fix : taken.fixes) {
    result.text += text.substr(copied, fix.range.begin - copied);
    result.text += fix.replacement;
    copied = fix.range.end;
  }
  result.text += text.substr(copied);
  return result;
}

}  // namespace placewright
