// SPDX-License-Identifier: Apache-2.0
// The circuit as pure functions: the number of nodes and wires, which piece owns which, and all
// their initial values. Nothing here depends on Legion, on the mapping or on the calling process:
// each value is a function of the seed and an index, so partitions and costs can be computed
// anywhere without reading a region.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/interval.h"

namespace circuit {

inline constexpr int kSegments = 10;        ///< A wire is a chain of this many resistors.
inline constexpr float kTimeStep = 1e-6f;   ///< Seconds per iteration of the simulated circuit.
inline constexpr int kNeighbourPieces = 5;  ///< Pieces that the wires of one piece can reach.
inline constexpr int kNeighbourWindow = 3;  ///< Their largest distance to either side.

/// What is simulated, and for how long.
struct Problem {
  int64_t pieces = 4;
  int64_t pieces_per_superpiece = 1;  ///< A task works on this many consecutive pieces.
  int64_t nodes_per_piece = 20;
  int64_t wires_per_piece = 80;
  int64_t percent_local = 95;  ///< Percentage of wires with both ends in their own piece.
  int64_t seed = 12345;
  int64_t steps = 100;  ///< Inner iterations of one wire per loop.
  int64_t loops = 5;    ///< Timed iterations.
  int64_t warmup = 2;   ///< Iterations before the clock starts.

  [[nodiscard]] int64_t superpieces() const { return pieces / pieces_per_superpiece; }
  [[nodiscard]] int64_t nodes() const { return pieces * nodes_per_piece; }
  [[nodiscard]] int64_t wires() const { return pieces * wires_per_piece; }
  /// One percent of the nodes, rounded up, can be reached from other pieces.
  [[nodiscard]] int64_t shared_per_piece() const { return (nodes_per_piece + 99) / 100; }
};

/// Empty if the problem can be built, else the error.
[[nodiscard]] std::string find_mistake(const Problem& problem);

using apps::Interval;

/// Shared nodes of all pieces come first, piece by piece, then the private ones.
[[nodiscard]] Interval all_shared_nodes(const Problem& problem);
[[nodiscard]] Interval all_private_nodes(const Problem& problem);

/// Nodes whose charges share a line of 128 bytes, the unit of GPU caches and of the bus.
inline constexpr int64_t kNodesPerLine = 128 / sizeof(int64_t);

/// How wire ends spread over the lines of a region.
struct LineUse {
  int64_t lines = 0;    ///< Lines with at least one wire end.
  int64_t hottest = 0;  ///< Wire ends on the most used line.
};

/// What one superpiece owns and reaches.
struct Superpiece {
  Interval private_nodes;
  Interval shared_nodes;
  /// The smallest interval that contains every node outside the superpiece that its wires reach. It
  /// may include its own nodes and nodes that no wire reaches: a sparse set would be more precise.
  Interval ghost_nodes;
  Interval wires;
  /// Wire ends in private nodes, in its own shared nodes, and outside; together 2 * wires.
  int64_t private_ends = 0;
  int64_t shared_ends = 0;
  int64_t ghost_ends = 0;
  /// Private ends are as many per line as a uniform draw gives; these are few nodes with many ends.
  LineUse shared_lines;
  LineUse ghost_lines;
};

/// Visits the wires of one superpiece; `superpiece` counts from 0.
[[nodiscard]] Superpiece describe_superpiece(const Problem& problem, int64_t superpiece);
[[nodiscard]] std::vector<Superpiece> describe_superpieces(const Problem& problem);

/// The pieces whose shared nodes the wires of `piece` may reach: up to kNeighbourPieces different
/// ones, none of them `piece`, all within the window (which is shifted inwards at the borders).
[[nodiscard]] std::vector<int64_t> neighbours(const Problem& problem, int64_t piece);

struct WireEnds {
  int64_t in = 0;   ///< A node of the wire's own piece.
  int64_t out = 0;  ///< The same, or a shared node of a neighbour.
};

/// Visits the wires of one piece in order. They are not stored: there may be more than fit into
/// host memory.
void visit_wires(const Problem& problem, int64_t piece,
                 const std::function<void(const WireEnds&)>& visit);

struct NodeValues {
  float capacitance, leakage, voltage;
};
struct WireValues {
  float inductance, resistance, capacitance;
};

/// Initial values. Unlike in the published program, capacitances keep a distance from zero: with a
/// wire capacitance near zero the inner iteration diverges.
[[nodiscard]] NodeValues initial_node(const Problem& problem, int64_t node);
[[nodiscard]] WireValues initial_wire(const Problem& problem, int64_t wire);

/// Floating-point operations of one iteration over the whole circuit.
/// Source: the published program counts 6 per segment and 4 per inner node of a wire and inner
/// step, 4 per wire for the charges and 4 per node for the voltages.
[[nodiscard]] double flops_per_loop(const Problem& problem);
[[nodiscard]] double flops_per_wire_step();

}  // namespace circuit
