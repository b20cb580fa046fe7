// SPDX-License-Identifier: Apache-2.0
#include "common/run_main.h"

#include <cstdio>
#include <new>

namespace apps {

int run_main(int argc, char** argv, int (*start)(int argc, char** argv)) {
  try {
    return start(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("error: not enough host memory\n", stderr);
    return 1;
  }
}

}  // namespace apps
