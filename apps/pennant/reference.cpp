// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include <algorithm>
#include <cmath>

#include "hash.h"

namespace pennant {
namespace {

struct Point {
  double x, y, x0 = 0, y0 = 0, xp = 0, yp = 0;
  double u = 0, v = 0, u0 = 0, v0 = 0;
  int64_t mass = 0, fx = 0, fy = 0;
};

struct Zone {
  double mass, rho, e, etot, vol;
  double vol0 = 0, volp = 0, len = 0, rhop = 0, p = 0, q = 0, c = 0, signal = 0;
  double fraction[4] = {}, area[4] = {};
  double fx[4] = {}, fy[4] = {};  ///< Forces on the sides.
};

/// Points and zones by row and column.
class Mesh {
 public:
  explicit Mesh(const Problem& problem) : nx_(problem.nzx), ny_(problem.nzy) {
    h_ = problem.spacing();
    for (int64_t j = 0; j <= ny_; ++j) {
      for (int64_t i = 0; i <= nx_; ++i) {
        points_.push_back({static_cast<double>(i) * h_, static_cast<double>(j) * h_});
      }
    }
    for (int64_t j = 0; j < ny_; ++j) {
      for (int64_t i = 0; i < nx_; ++i) add_zone(j, i);
    }
  }

  void cycle() {
    time_ += dt_;
    // The numbers of physics.h: kFirstStepPerSpacing, kGrowth, kLongestStep, kEndTime.
    dt_ = cycles_ == 0 ? h_ : 1.2 * dt_;
    dt_ = std::min({dt_, 1.0, 6.0 - time_, longest_});
    ++cycles_;
    predict();
    for (int64_t z = 0; z < static_cast<int64_t>(zones_.size()); ++z) half(z);
    for (int64_t z = 0; z < static_cast<int64_t>(zones_.size()); ++z) collect(z);
    correct();
    longest_ = 1.0;
    for (int64_t z = 0; z < static_cast<int64_t>(zones_.size()); ++z) finish(z);
  }

  [[nodiscard]] uint64_t checksum() const {
    uint64_t sum = 0;
    for (size_t p = 0; p < points_.size(); ++p) {
      const Point& a = points_[p];
      sum += hash_point(static_cast<int64_t>(p), {a.x, a.y}, {a.u, a.v});
    }
    for (size_t z = 0; z < zones_.size(); ++z) {
      const auto add = [&](uint64_t field, double value) {
        sum += apps::hash_value(field, static_cast<int64_t>(z), apps::bits_of(value));
      };
      add(kHashDensity, zones_[z].rho);
      add(kHashEnergy, zones_[z].e);
      add(kHashPressure, zones_[z].p);
      add(kHashViscosity, zones_[z].q);
    }
    return sum;
  }

  [[nodiscard]] Totals totals() const {
    Totals t;
    for (const Zone& z : zones_) {
      t.zone_mass += z.mass;
      t.energy += z.etot;
    }
    for (const Point& a : points_) {
      const double mass = static_cast<double>(a.mass) / mass_unit();
      t.point_mass += mass;
      t.energy += 0.5 * mass * (a.u * a.u + a.v * a.v);
      t.fastest = std::max(t.fastest, std::hypot(a.u, a.v));
    }
    t.dt = dt_;
    return t;
  }

 private:
  [[nodiscard]] double mass_unit() const { return std::ldexp(1.0, 50) / (h_ * h_); }
  [[nodiscard]] double force_unit() const { return std::ldexp(1.0, 53) / h_; }

  /// Corner c of a zone, counter-clockwise from the lower left one.
  Point& corner(int64_t zone, int c) {
    const int64_t j = zone / nx_ + (c >= 2 ? 1 : 0);
    const int64_t i = zone % nx_ + (c == 1 || c == 2 ? 1 : 0);
    return points_[static_cast<size_t>(j * (nx_ + 1) + i)];
  }

  static double triangle(double ax, double ay, double bx, double by, double cx, double cy) {
    return 0.5 * ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay));
  }

  void add_zone(int64_t j, int64_t i) {
    const Gas gas = initial_gas(ny_, h_, j, i);
    Zone z{};
    const auto number = static_cast<int64_t>(zones_.size());
    double cx = 0, cy = 0;
    for (int c = 0; c < 4; ++c) {
      cx += 0.25 * corner(number, c).x;
      cy += 0.25 * corner(number, c).y;
    }
    for (int c = 0; c < 4; ++c) {
      const Point &a = corner(number, c), &b = corner(number, (c + 1) % 4);
      z.area[c] = triangle(a.x, a.y, b.x, b.y, cx, cy);
      z.vol += z.area[c];
    }
    for (int c = 0; c < 4; ++c) z.fraction[c] = z.area[c] / z.vol;
    z.rho = gas.density;
    z.e = gas.energy;
    z.mass = gas.density * z.vol;
    z.etot = gas.energy * z.mass;
    zones_.push_back(z);
  }

  void predict() {
    for (Point& a : points_) {
      a.x0 = a.x;
      a.y0 = a.y;
      a.u0 = a.u;
      a.v0 = a.v;
      a.xp = a.x + 0.5 * dt_ * a.u;
      a.yp = a.y + 0.5 * dt_ * a.v;
      a.mass = a.fx = a.fy = 0;
    }
  }

  /// Geometry, gas and forces of a zone at the middle of the time step.
  void half(int64_t number) {
    Zone& z = zones_[static_cast<size_t>(number)];
    double cx = 0, cy = 0;
    for (int c = 0; c < 4; ++c) {
      cx += corner(number, c).xp;
      cy += corner(number, c).yp;
    }
    cx *= 0.25;
    cy *= 0.25;
    z.vol0 = z.vol;
    z.volp = 0;
    double growth = 0;
    for (int c = 0; c < 4; ++c) {
      const Point &a = corner(number, c), &b = corner(number, (c + 1) % 4);
      const double ex = b.xp - a.xp, ey = b.yp - a.yp;
      z.area[c] = triangle(a.xp, a.yp, b.xp, b.yp, cx, cy);
      z.volp += z.area[c];
      const double height = 4 * z.area[c] / std::sqrt(ex * ex + ey * ey);
      z.len = c == 0 ? height : std::min(z.len, height);
      growth += 0.5 * ((a.u + b.u) * ey - (a.v + b.v) * ex);
    }
    gas(z, growth);
    for (int c = 0; c < 4; ++c) {
      const Point &a = corner(number, c), &b = corner(number, (c + 1) % 4);
      const double sx = 0.5 * (a.yp + b.yp) - cy, sy = -(0.5 * (a.xp + b.xp) - cx);
      const double inside = z.rhop * z.volp * z.fraction[c] / z.area[c];
      const double extra = 0.5 * z.c * z.c * (inside - z.rhop);
      z.fx[c] = z.p * sx + extra * sx + z.q * sx;
      z.fy[c] = z.p * sy + extra * sy + z.q * sy;
    }
  }

  static void gas(Zone& z, double growth) {
    const double gamma = 5.0 / 3.0, q1 = 0.3, q2 = (gamma + 1) / 4;
    const double e = std::max(z.e, 0.0);
    const double c2 = gamma * (gamma - 1) * e;
    z.rhop = z.mass / z.volp;
    z.c = std::sqrt(c2);
    z.p = std::max((gamma - 1) * z.rho * e - z.rho * c2 * ((z.volp - z.vol0) / z.vol0), 0.0);
    z.q = z.signal = 0;
    if (growth >= 0) return;
    const double jump = -(z.len * growth / z.volp);
    z.q = z.rhop * (q2 * jump * jump + q1 * z.c * jump);
    z.signal = q1 * z.c + 2 * q2 * jump;
  }

  /// Corner masses and forces, as whole numbers.
  void collect(int64_t number) {
    const Zone& z = zones_[static_cast<size_t>(number)];
    for (int c = 0; c < 4; ++c) {
      const int before = (c + 3) % 4;
      Point& a = corner(number, c);
      const double mass = z.rhop * z.volp * 0.5 * (z.fraction[c] + z.fraction[before]);
      a.mass += std::llround(mass * mass_unit());
      a.fx += std::llround((z.fx[c] - z.fx[before]) * force_unit());
      a.fy += std::llround((z.fy[c] - z.fy[before]) * force_unit());
    }
  }

  void correct() {
    for (size_t p = 0; p < points_.size(); ++p) {
      Point& a = points_[p];
      const auto i = static_cast<int64_t>(p) % (nx_ + 1), j = static_cast<int64_t>(p) / (nx_ + 1);
      const double m = static_cast<double>(a.mass) / mass_unit();
      const double fx = i == 0 || i == nx_ ? 0 : static_cast<double>(a.fx) / force_unit();
      const double fy = j == 0 || j == ny_ ? 0 : static_cast<double>(a.fy) / force_unit();
      a.u = a.u0 + dt_ * (fx / m);
      a.v = a.v0 + dt_ * (fy / m);
      a.x = a.x0 + 0.5 * dt_ * (a.u0 + a.u);
      a.y = a.y0 + 0.5 * dt_ * (a.v0 + a.v);
    }
  }

  /// Volume and energy at the end of the time step, and what the next one may be.
  void finish(int64_t number) {
    Zone& z = zones_[static_cast<size_t>(number)];
    double cx = 0, cy = 0, power = 0;
    for (int c = 0; c < 4; ++c) {
      cx += corner(number, c).x;
      cy += corner(number, c).y;
    }
    cx *= 0.25;
    cy *= 0.25;
    z.vol = 0;
    for (int c = 0; c < 4; ++c) {
      const Point &a = corner(number, c), &b = corner(number, (c + 1) % 4);
      z.vol += triangle(a.x, a.y, b.x, b.y, cx, cy);
      power += z.fx[c] * (0.5 * (a.u0 + a.u) - 0.5 * (b.u0 + b.u)) +
               z.fy[c] * (0.5 * (a.v0 + a.v) - 0.5 * (b.v0 + b.v));
    }
    z.etot += -(dt_ * power);
    z.rho = z.mass / z.vol;
    z.e = z.etot / z.mass;
    const double speed = std::max(z.signal, z.c);
    if (speed > 0) longest_ = std::min(longest_, 0.6 * z.len / speed);
    const double change = std::fabs(z.vol - z.vol0) / z.vol0;
    if (change > 0) longest_ = std::min(longest_, 0.1 * dt_ / change);
  }

  int64_t nx_, ny_;
  double h_ = 0;
  double time_ = 0, dt_ = 0, longest_ = 1.0;
  int64_t cycles_ = 0;
  std::vector<Point> points_;
  std::vector<Zone> zones_;
};

}  // namespace

uint64_t sequential_checksum(const Problem& problem) {
  Mesh mesh(problem);
  for (int64_t i = 0; i < problem.warmup + problem.loops; ++i) mesh.cycle();
  return mesh.checksum();
}

std::vector<Totals> sequential_totals(const Problem& problem) {
  Mesh mesh(problem);
  std::vector<Totals> result = {mesh.totals()};
  for (int64_t i = 0; i < problem.warmup + problem.loops; ++i) {
    mesh.cycle();
    result.push_back(mesh.totals());
  }
  return result;
}

}  // namespace pennant
