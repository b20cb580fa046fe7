// SPDX-License-Identifier: Apache-2.0
// The values mapping functions compute with: integers that do not wrap, tuples, processor spaces.

/// Thrown if a mapping has no result; the mapper then ends the run.
struct MappingError {
  std::string message;
};

/// The line of the mapping being evaluated, for messages.
inline int& current_line() {
  thread_local int line = 0;
  return line;
}
inline void at_line(int line) { current_line() = line; }

[[noreturn]] inline void refuse(const std::string& message) {
  throw MappingError{"line " + std::to_string(current_line()) + ": " + message};
}

/// An integer from -2^63 to 2^64-1; other results and division by zero are errors.
class Int {
 public:
  Int(int value) : value_(value) {}
  Int(int64_t value) : value_(value) {}
  Int(uint64_t value) : value_(value) {}
  /// For what counts or indexes: only tags are larger.
  [[nodiscard]] int64_t value() const {
    if (value_ > INT64_MAX) refuse(text() + " is too large here");
    return static_cast<int64_t>(value_);
  }
  [[nodiscard]] std::string text() const {
    return value_ < 0 ? std::to_string(static_cast<int64_t>(value_))
                      : std::to_string(static_cast<uint64_t>(value_));
  }

  friend Int operator+(Int a, Int b) { return checked(a.value_ + b.value_); }
  friend Int operator-(Int a, Int b) { return checked(a.value_ - b.value_); }
  friend Int operator*(Int a, Int b) {
    Wide product = 0;
    return __builtin_mul_overflow(a.value_, b.value_, &product) ? too_wide() : checked(product);
  }
  friend Int operator/(Int a, Int b) {
    if (b.value_ == 0) refuse("division by zero");
    return checked(a.value_ / b.value_);
  }
  friend Int operator%(Int a, Int b) {
    if (b.value_ == 0) refuse("division by zero");
    return checked(a.value_ % b.value_);
  }
  friend Int operator-(Int a) { return Int(0) - a; }
  friend auto operator<=>(Int, Int) = default;

 private:
  __extension__ typedef __int128 Wide;
  static Int too_wide() { refuse("an integer does not fit in 64 bits"); }
  static Int checked(Wide result) {
    if (result < INT64_MIN || result > Wide{UINT64_MAX}) return too_wide();
    Int value(0);
    value.value_ = result;
    return value;
  }
  Wide value_;
};

class Tuple {
 public:
  Tuple() = default;
  explicit Tuple(std::span<const int64_t> elements) : elements_(elements.begin(), elements.end()) {}
  [[nodiscard]] std::span<const int64_t> span() const { return elements_; }
  [[nodiscard]] Int len() const { return static_cast<int64_t>(elements_.size()); }
  [[nodiscard]] const Tuple& size() const { return *this; }
  [[nodiscard]] Int volume() const {
    Int product = 1;
    for (const int64_t each : elements_) product = product * each;
    return product;
  }
  void push_back(Int element) { elements_.push_back(element.value()); }

  /// Negative indices count from the end.
  Int operator()(Int index) const {
    const int64_t i = index.value() < 0 ? index.value() + len().value() : index.value();
    if (i < 0 || i >= len().value())
      refuse(fmt::format("index {} is outside a tuple of {}", index.value(), elements_.size()));
    return elements_[static_cast<size_t>(i)];
  }
  /// Elements from `begin` up to `end`, exclusive. Negative bounds count from the end; an end of 0
  /// is the end.
  [[nodiscard]] Tuple part(Int begin, Int end) const {
    const int64_t length = len().value();
    const int64_t first = begin.value() < 0 ? begin.value() + length : begin.value();
    const int64_t last = end.value() <= 0 ? end.value() + length : end.value();
    if (first < 0 || last < 0 || last > length)
      refuse(fmt::format("bounds {}:{} are outside a tuple of {}", begin.value(), end.value(),
                         length));
    Tuple result;
    for (int64_t i = first; i < last; ++i) result.push_back(elements_[static_cast<size_t>(i)]);
    return result;
  }

 private:
  std::vector<int64_t> elements_;
};

/// A processor: a tuple of node and ordinal that knows its kind.
struct Place : Tuple {
  Place(placewright::machine::ProcessorKind which, placewright::machine::ProcessorPosition at)
      : Tuple(std::array{at.node, at.ordinal}), kind(which), position(at) {}
  placewright::machine::ProcessorKind kind;
  placewright::machine::ProcessorPosition position;
};

/// The processors of `m[i, *]`, ascending.
struct PlaceSet {
  placewright::machine::ProcessorKind kind;
  std::vector<placewright::machine::ProcessorPosition> positions;
};

// ---- operators on tuples: element by element; an integer combines with every element

inline Int element(Int value, size_t) { return value; }
inline Int element(const Tuple& value, size_t i) { return value.span()[i]; }
inline size_t length(Int, const Tuple& b) { return b.span().size(); }
inline size_t length(const Tuple& a, Int) { return a.span().size(); }
inline size_t length(const Tuple& a, const Tuple& b) {
  if (a.span().size() != b.span().size())
    refuse(fmt::format("tuples of different length: {} and {}", a.span().size(), b.span().size()));
  return a.span().size();
}

template <class A, class B, class Operation>
Tuple combine(const A& a, const B& b, const Operation& operation) {
  Tuple result;
  const size_t elements = length(a, b);
  for (size_t i = 0; i < elements; ++i) result.push_back(operation(element(a, i), element(b, i)));
  return result;
}
template <class A, class B, class Relation>
bool holds_for_all(const A& a, const B& b, const Relation& relation) {
  const size_t elements = length(a, b);
  for (size_t i = 0; i < elements; ++i) {
    if (!relation(element(a, i), element(b, i))) return false;
  }
  return true;
}
inline bool same_length(const Tuple& a, const Tuple& b) {
  return a.span().size() == b.span().size();
}

#define TUPLE_OPERATOR(op, function)                                                             \
  inline Tuple operator op(const Tuple& a, const Tuple& b) { return combine(a, b, function()); } \
  inline Tuple operator op(const Tuple& a, Int b) { return combine(a, b, function()); }          \
  inline Tuple operator op(Int a, const Tuple& b) { return combine(a, b, function()); }
TUPLE_OPERATOR(+, std::plus<Int>)
TUPLE_OPERATOR(-, std::minus<Int>)
TUPLE_OPERATOR(*, std::multiplies<Int>)
TUPLE_OPERATOR(/, std::divides<Int>)
TUPLE_OPERATOR(%, std::modulus<Int>)
#undef TUPLE_OPERATOR

#define TUPLE_RELATION(op, function)                                                         \
  inline bool operator op(const Tuple& a, const Tuple& b) {                                  \
    return holds_for_all(a, b, function());                                                  \
  }                                                                                          \
  inline bool operator op(const Tuple& a, Int b) { return holds_for_all(a, b, function()); } \
  inline bool operator op(Int a, const Tuple& b) { return holds_for_all(a, b, function()); }
TUPLE_RELATION(<, std::less<Int>)
TUPLE_RELATION(<=, std::less_equal<Int>)
TUPLE_RELATION(>, std::greater<Int>)
TUPLE_RELATION(>=, std::greater_equal<Int>)
#undef TUPLE_RELATION

inline bool operator==(const Tuple& a, const Tuple& b) {
  return same_length(a, b) && holds_for_all(a, b, std::equal_to<Int>());
}
inline bool operator==(const Tuple& a, Int b) { return holds_for_all(a, b, std::equal_to<Int>()); }
inline Tuple operator-(const Tuple& a) { return Int(0) - a; }

// ---- making tuples

/// `*t` among elements or indices.
struct Spread {
  const Tuple& elements;
};
inline Spread spread(const Tuple& elements) { return {elements}; }
inline void append(Tuple& to, Int element) { to.push_back(element); }
inline void append(Tuple& to, Spread more) {
  for (const int64_t each : more.elements.span()) to.push_back(each);
}

template <class... Elements>
Tuple make_tuple(const Elements&... elements) {
  Tuple result;
  (append(result, elements), ...);
  return result;
}

template <class Element>
Tuple each(const Tuple& over, const Element& value) {
  Tuple result;
  for (const int64_t i : over.span()) result.push_back(value(Int(i)));
  return result;
}

inline Tuple range(Int begin, Int end) {
  Tuple result;
  for (Int i = begin; i < end; i = i + 1) result.push_back(i);
  return result;
}
inline Tuple range(Int end) { return range(0, end); }

// ---- built-in functions

template <class Operation>
Int fold(const Tuple& tuple, Int neutral, const Operation& operation) {
  Int result = neutral;
  for (const int64_t each : tuple.span()) result = operation(result, Int(each));
  return result;
}
inline constexpr auto kLeast = [](Int a, Int b) { return std::min(a, b); };
inline constexpr auto kGreatest = [](Int a, Int b) { return std::max(a, b); };
template <class Choice>
Int choose(const Choice& choice, Int a, Int b) {
  return choice(a, b);
}
template <class Choice, class A, class B>
Tuple choose(const Choice& choice, const A& a, const B& b) {
  return combine(a, b, choice);
}
template <class Choice, class A, class B, class... More>
auto choose(const Choice& choice, const A& a, const B& b, const More&... more) {
  return choose(choice, choose(choice, a, b), more...);
}
template <class Choice>
Int choose(const Choice& choice, const Tuple& tuple) {
  return fold(tuple, tuple(0), choice);
}
template <class... Values>
auto least(const Values&... values) {
  return choose(kLeast, values...);
}
template <class... Values>
auto greatest(const Values&... values) {
  return choose(kGreatest, values...);
}
inline Int sum(const Tuple& tuple) { return fold(tuple, 0, std::plus<Int>()); }
inline Int prod(const Tuple& tuple) { return fold(tuple, 1, std::multiplies<Int>()); }
inline Int absolute(Int value) { return value < 0 ? -value : value; }
inline Tuple absolute(const Tuple& value) {
  return each(value, [](Int i) { return absolute(i); });
}
inline constexpr auto kCeilDiv = [](Int a, Int b) {
  const Int quotient = a / b;
  const bool more = a % b != 0 && (a < 0) == (b < 0);
  return more ? quotient + 1 : quotient;
};
template <class A, class B>
auto ceil_div(const A& a, const B& b) {
  return choose(kCeilDiv, a, b);
}

// ---- processor spaces

/// `*` as an index.
struct Star {};

class Space {
 public:
  explicit Space(placewright::machine::ProcessorSpace space) : space_(std::move(space)) {}
  [[nodiscard]] const placewright::machine::ProcessorSpace& value() const { return space_; }
  [[nodiscard]] Tuple size() const { return Tuple(space_.sizes().span()); }
  [[nodiscard]] Int len() const { return space_.rank(); }
  [[nodiscard]] Int volume() const { return space_.volume(); }
  [[nodiscard]] Tuple part(Int begin, Int end) const { return size().part(begin, end); }

  [[nodiscard]] Space all() const { return made(space_.all()); }
  [[nodiscard]] Space merge(Int a, Int b) const { return made(space_.merge(a.value(), b.value())); }
  [[nodiscard]] Space split(Int d, Int f) const { return made(space_.split(d.value(), f.value())); }
  [[nodiscard]] Space swap(Int a, Int b) const { return made(space_.swap(a.value(), b.value())); }
  [[nodiscard]] Space slice(Int d, Int lo, Int hi) const {
    return made(space_.slice(d.value(), lo.value(), hi.value()));
  }
  [[nodiscard]] Space reverse(Int d) const { return made(space_.reverse(d.value())); }
  [[nodiscard]] Space balance_split(Int d, Int parts) const {
    return made(space_.balance_split(d.value(), parts.value()));
  }
  [[nodiscard]] Space auto_split(Int d, const Tuple& extents) const {
    return made(space_.auto_split(d.value(), extents.span()));
  }
  [[nodiscard]] Space greedy_split(Int d, const Tuple& extents) const {
    return made(space_.greedy_split(d.value(), extents.span()));
  }
  [[nodiscard]] Space decompose(Int d, const Tuple& extents, const Tuple& halos = {}) const {
    return made(space_.decompose(d.value(), extents.span(), halos.span()));
  }

  /// One index per dimension; a set of processors if a Star is among them.
  template <class... Indices>
  auto operator()(const Indices&... indices) const {
    Tuple index;
    std::vector<size_t> stars;
    (add_index(index, stars, indices), ...);
    if constexpr ((std::is_same_v<Indices, Star> || ...)) {
      return set(index, stars);
    } else {
      return at(index);
    }
  }

 private:
  static void add_index(Tuple& index, std::vector<size_t>& stars, Star) {
    stars.push_back(index.span().size());
    index.push_back(0);
  }
  template <class Element>
  static void add_index(Tuple& index, std::vector<size_t>&, const Element& element) {
    append(index, element);
  }
  [[nodiscard]] Place at(const Tuple& index) const {
    const auto position = space_.at(index.span());
    if (!position) refuse(position.error().message);
    return {space_.kind(), *position};
  }
  [[nodiscard]] PlaceSet set(const Tuple& start, const std::vector<size_t>& stars) const {
    PlaceSet result{space_.kind(), {}};
    std::vector<int64_t> index(start.span().begin(), start.span().end());
    if (static_cast<int>(index.size()) != space_.rank()) (void)at(start);
    for (const size_t d : stars) {
      if (space_.sizes().at[d] == 0) return result;
    }
    for (bool done = false; !done;) {
      result.positions.push_back(at(Tuple(index)).position);
      done = true;
      for (size_t k = stars.size(); k-- > 0;) {
        if (++index[stars[k]] < space_.sizes().at[stars[k]]) {
          done = false;
          break;
        }
        index[stars[k]] = 0;
      }
    }
    return result;
  }
  static Space made(const placewright::Result<placewright::machine::ProcessorSpace>& result) {
    if (!result) refuse(result.error().message);
    return Space(*result);
  }

  placewright::machine::ProcessorSpace space_;
};

// ---- the machine and the task

/// The machine that the mapping runs on; set before any function is called.
inline const placewright::machine::MachineShape*& machine_shape() {
  static const placewright::machine::MachineShape* shape = nullptr;
  return shape;
}
inline Space machine(placewright::machine::ProcessorKind kind) {
  return Space(placewright::machine::ProcessorSpace(kind, *machine_shape()));
}
inline bool has(const Place& place, placewright::machine::MemoryKind memory) {
  return machine_shape()->has_memory(place.kind, memory, static_cast<int>(place.position.node));
}

/// A point of an index launch, a single task, the parent of either, or (in conditions) a whole
/// launch.
struct TaskFacts {
  enum class What { Point, Single, Parent, Launch } what = What::Point;
  placewright::machine::LaunchFacts launch;
  Tuple point = {}, first = {}, last = {};

  [[nodiscard]] const Tuple& ipoint() const { return known(what == What::Point, "ipoint", point); }
  [[nodiscard]] const Tuple& lo() const { return known(has_domain(), "lo", first); }
  [[nodiscard]] const Tuple& hi() const { return known(has_domain(), "hi", last); }
  [[nodiscard]] Tuple ispace() const {
    return known(has_domain(), "ispace", last) - first + Int(1);
  }
  [[nodiscard]] TaskFacts parent() const {
    if (what == What::Parent || what == What::Launch) refuse("this task has no `parent`");
    TaskFacts result = *this;
    result.what = What::Parent;
    return result;
  }
  [[nodiscard]] Tuple processor(const Space& space) const {
    // A single task counts as being on the first processor of its parent's node, a point has no
    // processor yet.
    placewright::machine::ProcessorPosition position{launch.parent.node, launch.parent.ordinal};
    if (what == What::Single) position.ordinal = 0;
    if (what == What::Point) position = {};
    const auto index = space.value().index_of(position);
    if (!index) refuse(index.error().message);
    return Tuple(index->span());
  }
  [[nodiscard]] Int tag() const { return known(is_launched(), "tag", Int(launch.tag)); }
  [[nodiscard]] Int depth() const { return known(is_launched(), "depth", Int(launch.depth)); }
  [[nodiscard]] Int mapper_id() const {
    return known(is_launched(), "mapper_id", Int(launch.mapper));
  }

 private:
  [[nodiscard]] bool has_domain() const { return what == What::Point || what == What::Launch; }
  [[nodiscard]] bool is_launched() const { return what != What::Parent; }
  template <class Value>
  static const Value& known(bool is_known, const char* name, const Value& value) {
    if (!is_known) refuse(std::string("this task has no `") + name + "`");
    return value;
  }
};

/// What a mapping function returns to the mapper.
using placewright::policy::FunctionResult;
inline FunctionResult target(const Place& place) {
  return {place.kind,
          static_cast<int32_t>(place.position.node),
          {static_cast<int32_t>(place.position.ordinal)}};
}
inline FunctionResult target(const PlaceSet& set) {
  if (set.positions.empty()) refuse("the function returned no processor");
  FunctionResult result{set.kind, static_cast<int32_t>(set.positions.front().node), {}};
  for (const auto& position : set.positions) {
    if (position.node != result.node) refuse("the function returned processors of several nodes");
    result.ordinals.push_back(static_cast<int32_t>(position.ordinal));
  }
  return result;
}
inline FunctionResult target(const Tuple&) {
  refuse("the function returned a tuple, no processor");
}

// ---- print

inline std::string to_text(bool value) { return value ? "true" : "false"; }
inline std::string to_text(Int value) { return value.text(); }
inline std::string to_text(const Tuple& value) {
  return fmt::format("{}", fmt::join(value.span(), ","));
}
inline std::string to_text(const Space& value) {
  return fmt::format("Processor {}: {}", to_string(value.value().kind()),
                     fmt::join(value.value().sizes().span(), " "));
}
template <class... Values>
void print_line(std::string_view pattern, const Values&... values) {
  std::cerr << placewright::for_terminal(fmt::format(pattern, to_text(values)...)) << "\n";
}
