// SPDX-License-Identifier: Apache-2.0
// Streams of bytes (or other work) through resources that they share at the same time: max-min fair
// rates. What changes at one time is settled together, and only for flows that the change can reach.
//
// Max-min: no flow can get more without taking from one that has no more than itself. Source:
// Bertsekas and Gallager, Data Networks, 6.5.2 (progressive filling); a flow also has a ceiling of
// its own. Knows no clock, no stream and no GPU.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace placewright {

/// A shared resource: a direction of a bus, a memory, the lanes of a GPU.
struct Link {
  double per_second = 0;  ///< What all flows together may use; above 0.
};

/// A link that a flow uses, and how much of it each unit of the flow takes.
struct Passage {
  Passage(Link* through, double of_each = 1) : link(through), part(of_each) {}
  Link* link;
  double part;  ///< Above 0; below 1 if only a part of the flow takes this link.
  friend bool operator==(const Passage& one, const Passage& other) {
    return one.link == other.link && one.part == other.part;
  }
};

/// What one flow wants.
struct Demand {
  double amount = 0;           ///< Bytes, or what the links count.
  double most_per_second = 0;  ///< Its own ceiling; above 0.
  std::vector<Passage> links;  ///< It uses all of them at its rate times their parts.
};

class Flows {
 public:
  using Id = std::uint64_t;

  /// Times are seconds from any origin. A flow that begins before the last change begins then: what
  /// happened between is settled. Returns its number; numbers ascend.
  Id begin(double time, const Demand& demand) {
    return begin(time, demand.amount, demand.most_per_second, demand.links);
  }
  Id begin(double time, double amount, double most_per_second, std::span<const Passage> links);
  /// The flow that ends first if nothing changes, and when; among equals the oldest.
  [[nodiscard]] std::optional<std::pair<double, Id>> next_end();
  /// Ends the flow that next_end() names.
  void end_next();
  [[nodiscard]] bool empty() const { return flows_.empty(); }
  /// When the last flow began or ended: none ends before.
  [[nodiscard]] double last_change() const { return now_; }
  /// The present rate of a flow.
  [[nodiscard]] double rate(Id id);

 private:
  struct Flow;
  /// A link while shares are computed.
  struct Load {
    double per_second = 0;
    std::vector<Flow*> flows = {};
    bool is_reached = false;
    double used = 0;
    double rising = 0;      ///< The parts of the flows whose rates still rise.
    std::size_t count = 0;  ///< So many passages of these.
    double fair = 0;        ///< A rate that all of these could have.
  };
  struct Use {
    Load* load;
    double part;
  };
  struct Flow {
    Id id = 0;
    double most_per_second = 0;
    std::vector<Use> uses = {};
    double left = 0;  ///< At `since`.
    double since = 0;
    double rate = 0;
    double end = 0;
    bool is_reached = false;
  };

  void update();
  void reach(Load& load);
  void share();
  static bool is_stopped(const Flow& flow, double level);

  std::vector<std::unique_ptr<Flow>> flows_;  ///< By number.
  std::unordered_map<const Link*, Load> loads_;
  std::vector<Load*> changed_;  ///< Their flows came or went since the last update.
  std::vector<Load*> reached_loads_;
  std::vector<Flow*> reached_flows_;
  Id next_id_ = 0;
  double now_ = 0;
};

}  // namespace placewright
