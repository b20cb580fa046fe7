// SPDX-License-Identifier: Apache-2.0
#include "infer/formulas.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace placewright::infer {
namespace {

constexpr int kMostFixed = 64;
constexpr int64_t kLargestBlock = 64;

/// All ordered ways to write `value` as a product of `count` factors.
std::vector<std::vector<int>> factorizations(int value, int count) {
  if (count == 1) return {{value}};
  std::vector<std::vector<int>> result;
  for (int first = 1; first <= value; ++first) {
    if (value % first != 0) continue;
    for (std::vector<int>& rest : factorizations(value / first, count - 1)) {
      rest.insert(rest.begin(), first);
      result.push_back(std::move(rest));
    }
  }
  return result;
}

/// How a point's coordinate gives a grid coordinate.
enum class Cut { Block, Cyclic };

std::string coordinate(Cut cut, int d, int factor) {
  if (factor == 1) return "0";
  return cut == Cut::Block ? fmt::format("c[{0}] * {1} / s[{0}]", d, factor)
                           : fmt::format("c[{}] % {}", d, factor);
}

/// The number of a grid element, last or first coordinate fastest.
std::string linear(const std::vector<std::string>& coordinates, const std::vector<int>& factors,
                   bool last_fastest) {
  std::vector<std::string> terms;
  int weight = 1;
  const int dim = static_cast<int>(factors.size());
  for (int k = 0; k < dim; ++k) {
    const int d = last_fastest ? dim - 1 - k : k;
    if (factors[d] > 1) {
      terms.push_back(weight == 1 ? coordinates[d]
                                  : fmt::format("{} * {}", coordinates[d], weight));
    }
    weight *= factors[d];
  }
  std::ranges::reverse(terms);
  return terms.empty() ? "0" : fmt::format("{}", fmt::join(terms, " + "));
}

class Maker {
 public:
  Maker(std::string machine, const LaunchFamily& family, int node_count, int width)
      : family_(family), nodes_(node_count), width_(width) {
    space_.machine = std::move(machine);
    node_size_ = space_.machine + ".size[0]";
    width_size_ = space_.machine + ".size[1]";
    volume_ = space_.machine + ".volume";
  }

  FormulaSpace make() {
    if (family_.dim == 1) {
      one_dimension();
    } else {
      several_dimensions();
    }
    return std::move(space_);
  }

 private:
  void one_dimension() {
    extent_ = "task.ispace[0]";
    space_.steps = {
        {"i", family_.starts_at_zero ? "task.ipoint[0]" : "task.ipoint[0] - task.lo[0]"}};
    positions_ = {"i"};
    if (!family_.starts_at_zero) {
      space_.steps.push_back({"x", "task.ipoint[0]"});
      positions_.push_back("x");
    }
    add_linear();
    add_fixed();
    add_block_cyclic();
  }

  void several_dimensions() {
    extent_ = "s.volume";
    std::string row = "c[0]";
    for (int d = 1; d < family_.dim; ++d)
      row = fmt::format("{} * s[{}] + c[{}]", d == 1 ? row : "(" + row + ")", d, d);
    std::string column = fmt::format("c[{}]", family_.dim - 1);
    for (int d = family_.dim - 2; d >= 0; --d)
      column = fmt::format("c[{}] + s[{}] * {}", d, d,
                           d == family_.dim - 2 ? column : "(" + column + ")");
    space_.steps = {{"c", family_.starts_at_zero ? "task.ipoint" : "task.ipoint - task.lo"},
                    {"s", "task.ispace"},
                    {"i", row},
                    {"j", column}};
    positions_ = {"i", "j"};
    add_linear();
    add_wholes();
    if (nodes_ <= kMostFixed && width_ <= kMostFixed) add_grids();
    add_fixed();
    add_block_cyclic();
  }

  void add_node(std::string label, std::string text) {
    space_.nodes.push_back({std::move(label), std::move(text)});
  }
  void add_ordinal(std::string label, std::string text) {
    space_.ordinals.push_back({std::move(label), std::move(text)});
  }

  void add_linear() {
    if (nodes_ == 1) add_node("", "0");
    if (width_ == 1) add_ordinal("", "0");
    for (const std::string& i : positions_) {
      const auto text = [&](std::string_view form) {
        return fmt::format(fmt::runtime(form), fmt::arg("i", i), fmt::arg("N", node_size_),
                           fmt::arg("P", width_size_), fmt::arg("M", volume_),
                           fmt::arg("v", extent_));
      };
      if (nodes_ > 1) {
        add_node("block", text("{i} * {N} / {v}"));
        add_node("linear", text("{i} / {P} % {N}"));
        add_node("cyclic", text("{i} % {N}"));
        add_node("block", text("{i} * {M} / {v} / {P}"));
        add_node("block", text("{i} / ceil_div({v}, {N})"));
        add_node("block", text("{i} / ceil_div({v}, {M}) / {P}"));
        add_node("reverse", text("{N} - 1 - {i} % {N}"));
      }
      if (width_ > 1) {
        add_ordinal("block", text("{i} * {M} / {v} % {P}"));
        add_ordinal("linear", text("{i} % {P}"));
        add_ordinal("cyclic", text("{i} / {N} % {P}"));
        add_ordinal("block", text("{i} / ceil_div({v}, {M}) % {P}"));
        add_ordinal("block", text("{i} % ceil_div({v}, {N}) * {P} / ceil_div({v}, {N})"));
        add_ordinal("reverse", text("{P} - 1 - {i} % {P}"));
      }
    }
  }

  void add_fixed() {
    for (int node = 0; node < nodes_ && nodes_ > 1 && nodes_ <= kMostFixed; ++node)
      add_node("fixed", std::to_string(node));
    for (int ordinal = 0; ordinal < width_ && width_ > 1 && width_ <= kMostFixed; ++ordinal)
      add_ordinal("fixed", std::to_string(ordinal));
  }

  void add_block_cyclic() {
    const int64_t largest = std::min(kLargestBlock, family_.largest_volume / 2);
    for (const std::string& i : positions_) {
      for (int64_t block = 2; block <= largest; ++block) {
        if (nodes_ > 1) add_node("block_cyclic", fmt::format("{} / {} % {}", i, block, node_size_));
        if (width_ == 1) continue;
        add_ordinal("block_cyclic", fmt::format("{} / {} % {}", i, block, width_size_));
        if (nodes_ > 1) {
          add_ordinal("block_cyclic",
                      fmt::format("{} / ({} * {}) % {}", i, block, node_size_, width_size_));
        }
      }
    }
  }

  void add_wholes() {
    const int dim = family_.dim;
    const std::string upper = fmt::format("h.size[0:{}]", dim);
    const std::string lower = fmt::format("h.size[{}:]", dim);
    const std::vector<Step> steps = {
        {"g", space_.machine + ".merge(0, 1).decompose(0, s)"},
        {"u", space_.machine + ".decompose(0, s)"},
        {"h", fmt::format("u.decompose({}, s / u.size[0:{}])", dim, dim)}};
    space_.steps.insert(space_.steps.end(), steps.begin(), steps.end());
    const auto add = [&](std::string label, std::string text) {
      space_.wholes.push_back({std::move(label), std::move(text)});
    };
    add("block", "g[*(c * g.size / s)]");
    add("cyclic", "g[*(c % g.size)]");
    if (nodes_ == 1 || width_ == 1) return;
    add("hierarchical_block",
        fmt::format("h[*(c * {0} / s), *(c * {0} * {1} / s % {1})]", upper, lower));
    add("hierarchical", fmt::format("h[*(c * {} / s), *(c % {})]", upper, lower));
    add("hierarchical_cyclic", fmt::format("h[*(c % {0}), *(c / {0} % {1})]", upper, lower));
  }

  void add_grids() {
    for (const bool last_fastest : {true, false}) {
      for (const Cut cut : {Cut::Block, Cut::Cyclic}) {
        add_grid(cut, last_fastest);
        if (nodes_ > 1 && width_ > 1) add_nested_grids(cut, last_fastest);
      }
    }
  }

  std::string grid(Cut cut, const std::vector<int>& factors, bool last_fastest) const {
    std::vector<std::string> coordinates;
    for (int d = 0; d < family_.dim; ++d) coordinates.push_back(coordinate(cut, d, factors[d]));
    return linear(coordinates, factors, last_fastest);
  }

  /// One grid over all processors, and grids over nodes and over a node's processors.
  void add_grid(Cut cut, bool last_fastest) {
    const std::string label = cut == Cut::Block ? "block_grid" : "cyclic_grid";
    if (nodes_ > 1 && width_ > 1) {
      for (const auto& factors : factorizations(nodes_ * width_, family_.dim)) {
        const std::string number = grid(cut, factors, last_fastest);
        add_node(label, fmt::format("({}) / {}", number, width_size_));
        add_ordinal(label, fmt::format("({}) % {}", number, width_size_));
      }
    }
    if (nodes_ > 1) {
      for (const auto& factors : factorizations(nodes_, family_.dim))
        add_node(label, grid(cut, factors, last_fastest));
    }
    if (width_ > 1) {
      for (const auto& factors : factorizations(width_, family_.dim))
        add_ordinal(label, grid(cut, factors, last_fastest));
    }
  }

  /// Grids of a node's processors over the part of the launch assigned to the node.
  void add_nested_grids(Cut cut, bool last_fastest) {
    for (const auto& outer : factorizations(nodes_, family_.dim)) {
      for (const auto& inner : factorizations(width_, family_.dim)) {
        std::vector<std::string> coordinates;
        for (int d = 0; d < family_.dim; ++d) {
          coordinates.push_back(
              inner[d] == 1 ? "0"
              : cut == Cut::Block
                  ? fmt::format("c[{0}] * {1} / s[{0}] % {2}", d, outer[d] * inner[d], inner[d])
                  : fmt::format("c[{0}] / {1} % {2}", d, outer[d], inner[d]));
        }
        add_ordinal(cut == Cut::Block ? "nested_block" : "nested_cyclic",
                    linear(coordinates, inner, last_fastest));
      }
    }
  }

  const LaunchFamily family_;
  const int nodes_;
  const int width_;
  std::string node_size_, width_size_, volume_, extent_;
  std::vector<std::string> positions_;  ///< Steps that number the points.
  FormulaSpace space_;
};

/// Whether a text uses a name as a separate word.
bool uses(std::string_view text, std::string_view name) {
  const auto is_word = [&](size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 ||
                                text[at] == '_' || text[at] == '.');
  };
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const bool begins = at == 0 || !is_word(at - 1);
    const size_t end = at + name.size();
    const bool ends = !is_word(end) || text[end] == '.';
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

FormulaSpace formula_space(std::string machine, const LaunchFamily& family, int node_count,
                           int width) {
  return Maker(std::move(machine), family, node_count, width).make();
}

std::string function_body(const FormulaSpace& space, std::string_view result) {
  std::string body = fmt::format("  return {};\n", result);
  for (size_t k = space.steps.size(); k-- > 0;) {
    const Step& step = space.steps[k];
    if (uses(body, step.name)) body = fmt::format("  {} = {};\n{}", step.name, step.text, body);
  }
  return body;
}

}  // namespace placewright::infer
