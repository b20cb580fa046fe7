// SPDX-License-Identifier: Apache-2.0
// legion_features -feature NAME: runs one; without a name it lists them. Linked with the plug-in,
// the first argument is the mapping.
#include "feature.h"

#ifdef FEATURES_LINKED
#include "placewright/mapper.h"
#endif

int main(int argc, char** argv) {
  const std::string chosen = features::chosen_feature(argc, argv);
  if (!features::all_features().contains(chosen)) {
    for (const auto& [name, feature] : features::all_features()) std::printf("%s\n", name.c_str());
    return chosen.empty() ? 0 : 1;
  }
#ifdef FEATURES_LINKED
  placewright::install_mapper(argv[1]);
#endif
  return features::start(chosen, argc, argv);
}
