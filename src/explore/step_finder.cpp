// SPDX-License-Identifier: Apache-2.0
#include "explore/step_finder.h"

#include <algorithm>

namespace placewright::explore {
namespace {

/// How often a block must have been repeated.
constexpr size_t kRepetitions = 3;
/// Events that are searched for a period: enough for blocks of thousands of launches.
constexpr size_t kMostSearched = 1 << 15;
/// Events remembered.
constexpr size_t kMostSeen = 2 * kMostSearched;
/// From so many events on a period may ignore launch domains; later if it is a single launch, which
/// may just as well be a part of a long block.
constexpr size_t kManyEvents = 256;
constexpr size_t kVeryManyEvents = 8192;
/// Events in a row that tell where a step begins, if no single one does.
constexpr size_t kLongestAnchor = 16;
constexpr size_t kMostNames = 4096;
/// Steps in a row with other launches than the block's, after which it is another loop that contains
/// the same first launch.
constexpr int kMostMisfits = 12;

}  // namespace

uint64_t add_to_hash(uint64_t hash, uint64_t value) {
  // The finalizer of SplitMix64.
  uint64_t mixed = hash + 0x9e3779b97f4a7c15ULL + value;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
  return mixed ^ (mixed >> 31);
}

uint64_t add_to_hash(uint64_t hash, std::string_view text) {
  for (const char c : text) hash = add_to_hash(hash, static_cast<unsigned char>(c));
  return add_to_hash(hash, text.size());
}

bool StepFinder::add(const LaunchEvent& event) {
  using Kind = LaunchEvent::Kind;
  ++total_;
  hash_ = add_to_hash(hash_, event.shape);
  if (event.kind == Kind::Launch && names_.size() < kMostNames)
    names_.try_emplace(event.family, event.name);
  const bool in_trace = open_traces_ > 0;
  seen_.push_back({event.kind, in_trace, event.family, event.shape});
  if (event.kind == Kind::TraceBegin) {
    ++open_traces_;
    last_trace_ = event.family;
  } else if (event.kind == Kind::TraceEnd && open_traces_ > 0) {
    --open_traces_;
  }
  if (block_) {
    const bool begins = begins_step();
    // What comes after the last step, the next loop perhaps, is kept.
    if (begins && seen_.size() > kLongestAnchor)
      seen_.erase(seen_.begin(), seen_.end() - static_cast<std::ptrdiff_t>(kLongestAnchor));
    count(event, begins);
    return begins && block_.has_value();
  }
  if (!first_task_.empty()) {
    find_named(event);
  } else if (seen_.size() >= next_look_) {
    look_for_block();
  }
  // The step that begins with the next anchor is the first.
  return false;
}

void StepFinder::find_named(const LaunchEvent& event) {
  if (event.kind == LaunchEvent::Kind::Launch && event.name == first_task_) {
    anchor_ = {open_traces_ > 0 ? last_trace_ : event.family};
    block_hash_ = 0;
    length_ = kMostSearched / 8;
    begin_block({event.name}, open_traces_ > 0 ? 1 : 0, total_ - 1);
  } else if (seen_.size() > kLongestAnchor) {
    seen_.erase(seen_.begin());
  }
}

StepFinder::Period StepFinder::find_period(uint64_t Seen::*key) const {
  // Borders of the reversed tail (Knuth, Morris, Pratt): a tail of m events whose longest border has
  // b has the period m - b.
  const size_t size = std::min(seen_.size(), kMostSearched);
  const auto at = [&](size_t i) { return seen_[seen_.size() - 1 - i].*key; };
  std::vector<uint32_t> border(size + 1, 0);
  Period best;
  for (size_t length = 2; length <= size; ++length) {
    size_t known = border[length - 1];
    while (known > 0 && at(known) != at(length - 1)) known = border[known];
    border[length] = at(known) == at(length - 1) ? static_cast<uint32_t>(known + 1) : 0;
    const size_t period = length - border[length];
    if (length >= kRepetitions * period) best = {period, length};
  }
  return best;
}

void StepFinder::look_for_block() {
  next_look_ = seen_.size() + std::max<size_t>(8, seen_.size() / 8);
  if (seen_.size() > kMostSeen) {
    seen_.erase(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(kMostSearched));
    next_look_ = seen_.size() + kMostSearched / 8;
  }
  const Period period = find_period(&Seen::shape);
  if (period.length > 0 && lock(period)) return;
  const Period coarse = find_period(&Seen::family);
  // A block may tell its steps apart by nothing but their domains.
  const bool is_found = period.length > 0 && coarse.length > 1;
  const size_t needed = coarse.length > 1 ? kManyEvents : kVeryManyEvents;
  if (coarse.length > 0 && (is_found || seen_.size() >= needed)) (void)lock(coarse);
}

bool StepFinder::lock(const Period& period) {
  const size_t start = seen_.size() - period.covered;
  if (!choose_anchor(start, period.length)) return false;
  length_ = period.length;
  std::vector<std::string> tasks;
  int traces = 0;
  for (size_t i = 0; i < period.length; ++i) {
    const Seen& each = seen_[start + i];
    if (each.kind == LaunchEvent::Kind::Launch) {
      const auto name = names_.find(each.family);
      tasks.push_back(name == names_.end() ? "" : name->second);
    }
    if (each.kind == LaunchEvent::Kind::TraceBegin) ++traces;
  }
  begin_block(std::move(tasks), traces, total_ - period.covered);
  return true;
}

/// Where in the block steps begin: with its first trace, or else with its first launch. If others
/// look the same, the events before it must match too.
bool StepFinder::choose_anchor(size_t start, size_t length) {
  using Kind = LaunchEvent::Kind;
  const auto family = [&](size_t place, size_t back) {
    return seen_[start + (place + length - back % length) % length].family;
  };
  // For each place, how many events before it tell it from all others.
  std::vector<std::optional<size_t>> depths(length);
  std::vector<uint64_t> hashes(length, 0);
  for (size_t depth = 0; depth < std::min(length, kLongestAnchor); ++depth) {
    std::map<uint64_t, int> count;
    for (size_t place = 0; place < length; ++place) {
      hashes[place] = add_to_hash(hashes[place], family(place, depth));
      ++count[hashes[place]];
    }
    for (size_t place = 0; place < length; ++place)
      if (!depths[place] && count[hashes[place]] == 1) depths[place] = depth;
  }
  for (const Kind kind : {Kind::TraceBegin, Kind::Launch}) {
    for (size_t place = 0; place < length; ++place) {
      const Seen& here = seen_[start + place];
      if (here.kind != kind || here.in_trace || !depths[place]) continue;
      anchor_.clear();
      for (size_t back = *depths[place] + 1; back-- > 0;) anchor_.push_back(family(place, back));
      block_hash_ = 0;
      for (size_t i = 0; i < length; ++i)
        block_hash_ = add_to_hash(block_hash_, seen_[start + (place + i) % length].family);
      return true;
    }
  }
  return false;
}

void StepFinder::begin_block(std::vector<std::string> tasks, int traces, uint64_t before) {
  Block block;
  block.number = ++blocks_;
  block.traces = traces;
  block.before = before;
  const auto name = names_.find(anchor_.back());
  block.first = name != names_.end() ? name->second : tasks.empty() ? "" : tasks.front();
  block.tasks = std::move(tasks);
  block_ = std::move(block);
  since_step_ = 0;
  step_hash_ = last_step_hash_ = family_hash_ = 0;
  misfits_ = 0;
}

bool StepFinder::begins_step() const {
  // Whether a trace was open before the event.
  if (seen_.back().in_trace || seen_.size() < anchor_.size()) return false;
  return std::equal(anchor_.rbegin(), anchor_.rend(), seen_.rbegin(),
                    [](uint64_t family, const Seen& seen) { return family == seen.family; });
}

void StepFinder::count(const LaunchEvent& event, bool begins) {
  if (begins) {
    if (block_->steps >= 2 && step_hash_ != last_step_hash_) ++block_->changes;
    const bool fits = block_hash_ == 0 || block_->steps == 0 || family_hash_ == block_hash_;
    misfits_ = fits ? 0 : misfits_ + 1;
    last_step_hash_ = step_hash_;
    step_hash_ = family_hash_ = 0;
    ++block_->steps;
    since_step_ = 0;
  }
  step_hash_ = add_to_hash(step_hash_, event.shape);
  family_hash_ = add_to_hash(family_hash_, event.family);
  if (++since_step_ > 8 * length_ + 64 || misfits_ >= kMostMisfits) forget();
}

/// The loop has ended.
void StepFinder::forget() {
  block_.reset();
  next_look_ = seen_.size() + 8;
}

}  // namespace placewright::explore
