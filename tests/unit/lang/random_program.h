// Programs made at random from the grammar, for tests that hold for every program. They parse; what
// they mean is nonsense.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace placewright::lang {

class RandomProgram {
 public:
  explicit RandomProgram(uint32_t seed) : random_(seed) {}

  /// Up to `statements` statements with blanks, line breaks and comments in odd places.
  std::string text(int statements);

 private:
  int below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }
  bool one_in(int n) { return below(n) == 0; }
  template <size_t N>
  const char* any(const char* const (&words)[N]) {
    return words[random_() % N];
  }

  std::string gap();  ///< What may stand between two tokens.
  std::string tasks(bool kinds);
  std::string region();
  std::string kinds();
  std::string memories();
  std::string constraints();
  std::string statement();
  std::string function();
  std::string assignment();
  std::string print();
  std::string expression(int depth);
  std::string primary(int depth);
  std::string index(int depth);
  std::string list(int depth, bool stars);

  std::mt19937 random_;
};

}  // namespace placewright::lang
