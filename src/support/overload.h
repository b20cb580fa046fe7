// SPDX-License-Identifier: Apache-2.0
// Combines several lambdas into one function object, for std::visit.
#pragma once

namespace placewright {

template <class... Functions>
struct Overload : Functions... {
  using Functions::operator()...;
};
// Clang 14 has no class template argument deduction for aggregates without it.
template <class... Functions>
Overload(Functions...) -> Overload<Functions...>;

}  // namespace placewright
