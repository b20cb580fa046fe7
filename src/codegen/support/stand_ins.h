// SPDX-License-Identifier: Apache-2.0
// Stand-ins for the two small libraries that the original of the arithmetic below uses: fmt
// (messages with `{}`) and tl::expected (a value or an error).
#define PLACEWRIGHT_CHECK(condition) assert(condition)

namespace fmt {

template <class Range>
struct Joined {
  const Range& range;
  const char* separator;
};
template <class Range>
Joined<Range> join(const Range& range, const char* separator) {
  return {range, separator};
}

template <class Value>
void print_to(std::ostream& out, const Value& value) {
  out << value;
}
template <class Range>
void print_to(std::ostream& out, const Joined<Range>& joined) {
  const char* before = "";
  for (const auto& each : joined.range) {
    out << before << each;
    before = joined.separator;
  }
}

inline void format_to(std::ostream& out, std::string_view pattern) { out << pattern; }
template <class First, class... Rest>
void format_to(std::ostream& out, std::string_view pattern, const First& first,
               const Rest&... rest) {
  const size_t place = pattern.find("{}");
  out << pattern.substr(0, place);
  if (place == std::string_view::npos) return;
  print_to(out, first);
  format_to(out, pattern.substr(place + 2), rest...);
}

template <class... Values>
std::string format(std::string_view pattern, const Values&... values) {
  std::ostringstream out;
  format_to(out, pattern, values...);
  return out.str();
}

}  // namespace fmt

namespace tl {

template <class E>
class unexpected {
 public:
  explicit unexpected(E error) : error_(std::move(error)) {}
  E error_;
};

template <class T, class E>
class expected {
 public:
  expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  expected(unexpected<E> error) : state_(std::in_place_index<1>, std::move(error.error_)) {}
  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const E& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, E> state_;
};

template <class E>
class expected<void, E> {
 public:
  expected() = default;
  expected(unexpected<E> error) : error_(std::move(error.error_)) {}
  explicit operator bool() const { return !error_.has_value(); }
  const E& error() const { return *error_; }

 private:
  std::optional<E> error_;
};

}  // namespace tl
