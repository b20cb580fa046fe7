// SPDX-License-Identifier: Apache-2.0
#include "problem.h"

#include <algorithm>
#include <unordered_map>

#include "common/options.h"

namespace circuit {
namespace {

/// Which random number of an index is meant; the values are part of the problem's definition.
enum class Stream : uint64_t {
  WireIn = 1,
  WireOut,
  WireIsLocal,
  WireNeighbour,
  WireSharedNode,
  Neighbour,
  NodeCapacitance,
  NodeLeakage,
  NodeVoltage,
  WireInductance,
  WireResistance,
  WireCapacitance,
};

/// The finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection that mixes all bits.
uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ull;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebull;
  return value ^ (value >> 31);
}

uint64_t random_bits(const Problem& problem, Stream stream, int64_t index) {
  const uint64_t key = mix(static_cast<uint64_t>(problem.seed) +
                           static_cast<uint64_t>(stream) * 0x9e3779b97f4a7c15ull);
  return mix(key ^ (static_cast<uint64_t>(index) * 0x9e3779b97f4a7c15ull));
}

/// Uniform in [0, bound) up to a bias of bound / 2^32.
int64_t random_below(const Problem& problem, Stream stream, int64_t index, int64_t bound) {
  const uint64_t high = random_bits(problem, stream, index) >> 32;
  return static_cast<int64_t>((high * static_cast<uint64_t>(bound)) >> 32);
}

/// Uniform in [0, 1) with 24 bits: exactly representable.
float random_unit(const Problem& problem, Stream stream, int64_t index) {
  return static_cast<float>(random_bits(problem, stream, index) >> 40) * 0x1p-24f;
}

int64_t shared_node(const Problem& problem, int64_t piece, int64_t local) {
  return piece * problem.shared_per_piece() + local;
}

/// Node number `local` of a piece, shared ones first.
int64_t node_of_piece(const Problem& problem, int64_t piece, int64_t local) {
  const int64_t shared = problem.shared_per_piece();
  if (local < shared) return shared_node(problem, piece, local);
  const int64_t private_per_piece = problem.nodes_per_piece - shared;
  return problem.pieces * shared + piece * private_per_piece + (local - shared);
}

void include(Interval& interval, int64_t index) {
  if (interval.size() == 0) interval = {index, index};
  interval.first = std::min(interval.first, index);
  interval.last = std::max(interval.last, index);
}

}  // namespace

std::string find_mistake(const Problem& problem) {
  constexpr int64_t kMost = int64_t{1} << 31;
  if (problem.pieces < 1) return "`-p` must be at least 1";
  if (problem.pieces > apps::kMostPieces) {
    return "`-p` must be at most " + std::to_string(apps::kMostPieces);
  }
  if (problem.pieces_per_superpiece < 1) return "`-pps` must be at least 1";
  if (problem.pieces % problem.pieces_per_superpiece != 0) {
    return "`-p` " + std::to_string(problem.pieces) + " is not a multiple of `-pps` " +
           std::to_string(problem.pieces_per_superpiece);
  }
  if (problem.nodes_per_piece < 2) return "`-npp` must be at least 2";
  if (problem.wires_per_piece < 1) return "`-wpp` must be at least 1";
  if (problem.percent_local < 0 || problem.percent_local > 100) return "`-pct` must be in 0..100";
  if (problem.steps < 1) return "`-steps` must be at least 1";
  if (problem.loops < 1) return "`-l` must be at least 1";
  if (problem.warmup < 0) return "`-warmup` must not be negative";
  for (const int64_t count : {problem.steps, problem.loops, problem.warmup}) {
    if (count > kMost) return "`-steps`, `-l` and `-warmup` must be at most 2^31";
  }
  if (problem.nodes_per_piece > kMost / problem.pieces ||
      problem.wires_per_piece > kMost / problem.pieces) {
    return "more than 2^31 nodes or wires";
  }
  return {};
}

Interval all_shared_nodes(const Problem& problem) {
  return {0, problem.pieces * problem.shared_per_piece() - 1};
}

Interval all_private_nodes(const Problem& problem) {
  return {problem.pieces * problem.shared_per_piece(), problem.nodes() - 1};
}

std::vector<int64_t> neighbours(const Problem& problem, int64_t piece) {
  const int64_t window = 2 * kNeighbourWindow;
  int64_t first = std::min(piece - kNeighbourWindow, problem.pieces - 1 - window);
  first = std::max<int64_t>(first, 0);
  const int64_t last = std::min(first + window, problem.pieces - 1);
  std::vector<int64_t> result;
  for (int64_t other = first; other <= last; ++other) {
    if (other != piece) result.push_back(other);
  }
  // One step of a shuffle per piece that is not wanted: it moves to the end and is dropped.
  while (result.size() > static_cast<size_t>(kNeighbourPieces)) {
    const auto count = static_cast<int64_t>(result.size());
    const int64_t dropped =
        random_below(problem, Stream::Neighbour, piece * (window + 1) + count, count);
    result.erase(result.begin() + dropped);
  }
  return result;
}

void visit_wires(const Problem& problem, int64_t piece,
                 const std::function<void(const WireEnds&)>& visit) {
  const std::vector<int64_t> reachable = neighbours(problem, piece);
  const int64_t first = piece * problem.wires_per_piece;
  for (int64_t wire = first; wire < first + problem.wires_per_piece; ++wire) {
    const int64_t in = random_below(problem, Stream::WireIn, wire, problem.nodes_per_piece);
    WireEnds ends{node_of_piece(problem, piece, in), 0};
    const bool local =
        random_below(problem, Stream::WireIsLocal, wire, 100) < problem.percent_local;
    if (local || reachable.empty()) {
      const int64_t out = random_below(problem, Stream::WireOut, wire, problem.nodes_per_piece);
      ends.out = node_of_piece(problem, piece, out);
    } else {
      const auto count = static_cast<int64_t>(reachable.size());
      const int64_t other =
          reachable[static_cast<size_t>(random_below(problem, Stream::WireNeighbour, wire, count))];
      ends.out = shared_node(
          problem, other,
          random_below(problem, Stream::WireSharedNode, wire, problem.shared_per_piece()));
    }
    visit(ends);
  }
}

namespace {

/// Counts wire ends by line.
class LineCount {
 public:
  void add(int64_t node) { ++ends_[node / kNodesPerLine]; }
  [[nodiscard]] LineUse use() const {
    LineUse result{static_cast<int64_t>(ends_.size()), 0};
    for (const auto& [line, ends] : ends_) result.hottest = std::max(result.hottest, ends);
    return result;
  }

 private:
  std::unordered_map<int64_t, int64_t> ends_;
};

}  // namespace

Superpiece describe_superpiece(const Problem& problem, int64_t superpiece) {
  const int64_t first_piece = superpiece * problem.pieces_per_superpiece;
  const int64_t end_piece = first_piece + problem.pieces_per_superpiece;
  const int64_t shared = problem.shared_per_piece();
  const int64_t private_per_piece = problem.nodes_per_piece - shared;
  const int64_t private_start = problem.pieces * shared;
  Superpiece result;
  result.shared_nodes = {first_piece * shared, end_piece * shared - 1};
  result.private_nodes = {private_start + first_piece * private_per_piece,
                          private_start + end_piece * private_per_piece - 1};
  result.wires = {first_piece * problem.wires_per_piece, end_piece * problem.wires_per_piece - 1};
  LineCount shared_lines, ghost_lines;
  const auto count_end = [&](int64_t node) {
    if (result.private_nodes.contains(node)) {
      ++result.private_ends;
    } else if (result.shared_nodes.contains(node)) {
      ++result.shared_ends;
      shared_lines.add(node);
    } else {
      ++result.ghost_ends;
      ghost_lines.add(node);
      include(result.ghost_nodes, node);
    }
  };
  for (int64_t piece = first_piece; piece < end_piece; ++piece) {
    visit_wires(problem, piece, [&](const WireEnds& ends) {
      count_end(ends.in);
      count_end(ends.out);
    });
  }
  result.shared_lines = shared_lines.use();
  result.ghost_lines = ghost_lines.use();
  return result;
}

std::vector<Superpiece> describe_superpieces(const Problem& problem) {
  std::vector<Superpiece> result;
  for (int64_t i = 0; i < problem.superpieces(); ++i) {
    result.push_back(describe_superpiece(problem, i));
  }
  return result;
}

NodeValues initial_node(const Problem& problem, int64_t node) {
  return {1.0f + random_unit(problem, Stream::NodeCapacitance, node),
          0.1f * random_unit(problem, Stream::NodeLeakage, node),
          2.0f * random_unit(problem, Stream::NodeVoltage, node) - 1.0f};
}

WireValues initial_wire(const Problem& problem, int64_t wire) {
  constexpr float kLeastCapacitance = 0x1p-6f;
  return {(random_unit(problem, Stream::WireInductance, wire) + 0.1f) * kTimeStep * 1e-3f,
          10.0f * random_unit(problem, Stream::WireResistance, wire) + 1.0f,
          0.1f * (kLeastCapacitance + random_unit(problem, Stream::WireCapacitance, wire))};
}

double flops_per_wire_step() { return 6.0 * kSegments + 4.0 * (kSegments - 1); }

double flops_per_loop(const Problem& problem) {
  const auto wires = static_cast<double>(problem.wires());
  return wires * (flops_per_wire_step() * static_cast<double>(problem.steps) + 4) +
         4 * static_cast<double>(problem.nodes());
}

}  // namespace circuit
