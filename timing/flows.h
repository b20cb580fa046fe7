// SPDX-License-Identifier: Apache-2.0
// Streams of bytes (or other work) through resources that they share at the same time: max-min fair
// rates, recomputed whenever a flow begins or ends.
//
// Max-min: no flow can get more without taking from one that has no more than itself. Source:
// Bertsekas and Gallager, Data Networks, 6.5.2 (progressive filling); a flow also has a ceiling of
// its own. Knows no clock, no stream and no GPU.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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
  Id begin(double time, Demand demand);
  /// The flow that ends first if nothing changes, and when; among equals the oldest.
  [[nodiscard]] std::optional<std::pair<double, Id>> next_end() const;
  /// Ends the flow that next_end() named.
  void end_next();
  [[nodiscard]] bool empty() const { return flows_.empty(); }
  /// The present rate of a flow.
  [[nodiscard]] double rate(Id id) const { return flows_.at(id).rate; }

 private:
  struct Flow {
    Demand demand;
    double left = 0;
    double rate = 0;
  };
  void settle(double time);
  void share();

  std::map<Id, Flow> flows_;
  Id next_id_ = 0;
  double settled_ = 0;
};

}  // namespace placewright
