// SPDX-License-Identifier: Apache-2.0
#include "support/fixes.h"

#include <algorithm>
#include <vector>

namespace placewright {
namespace {

// Whether the two overlap, or one inserts inside the other. Insertions at the same place are
// applied one after another.
bool conflict(const FixIt& a, const FixIt& b) {
  return a.range.begin < b.range.end && b.range.begin < a.range.end;
}

bool fits(const FixIt& fix, const std::vector<FixIt>& taken) {
  return std::ranges::none_of(taken, [&](const FixIt& other) { return conflict(fix, other); });
}

}  // namespace

FixedText apply_fixes(const Diagnostics& diagnostics) {
  FixedText result;
  std::vector<FixIt> taken;
  for (const Diagnostic& message : diagnostics.sorted()) {
    if (message.fixes.empty()) continue;
    std::vector<FixIt> fresh;
    for (const FixIt& fix : message.fixes)
      if (std::ranges::find(taken, fix) == taken.end()) fresh.push_back(fix);
    if (!std::ranges::all_of(fresh, [&](const FixIt& fix) { return fits(fix, taken); })) continue;
    taken.insert(taken.end(), fresh.begin(), fresh.end());
    ++result.messages;
  }
  std::ranges::stable_sort(taken, {}, [](const FixIt& fix) { return fix.range.begin; });
  const std::string_view text = diagnostics.file().text();
  size_t copied = 0;
  for (const FixIt& fix : taken) {
    result.text += text.substr(copied, fix.range.begin - copied);
    result.text += fix.replacement;
    copied = fix.range.end;
  }
  result.text += text.substr(copied);
  return result;
}

}  // namespace placewright
