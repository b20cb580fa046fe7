// SPDX-License-Identifier: Apache-2.0
// Reads ELF headers and file modes to tell whether LD_PRELOAD works for a program.
#include <elf.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "launch/libraries.h"

namespace placewright::launch {
namespace {

/// Whether the program names a dynamic loader. True for everything that is not a 64-bit ELF
/// program, which is left to the kernel.
bool has_loader(const std::string& program) {
  std::ifstream file(program, std::ios::binary);
  Elf64_Ehdr header{};
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return true;
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64) {
    return true;
  }
  for (int k = 0; k < header.e_phnum; ++k) {
    Elf64_Phdr part{};
    file.seekg(static_cast<std::streamoff>(header.e_phoff) +
               static_cast<std::streamoff>(k) * header.e_phentsize);
    if (!file.read(reinterpret_cast<char*>(&part), sizeof part)) return true;
    if (part.p_type == PT_INTERP) return true;
  }
  return false;
}

bool runs_as_another(const std::string& program) {
  struct stat facts {};
  if (stat(program.c_str(), &facts) != 0) return false;
  return ((facts.st_mode & S_ISUID) != 0 && facts.st_uid != getuid()) ||
         ((facts.st_mode & S_ISGID) != 0 && facts.st_gid != getgid());
}

}  // namespace

Result<void> check_preloadable(const std::string& program) {
  if (!has_loader(program)) {
    return fail(
        fmt::format("`{}` is statically linked, so the plug-in cannot be loaded into it", program),
        "link it dynamically, with Legion as a shared library");
  }
  if (runs_as_another(program)) {
    return fail(
        fmt::format(
            "`{}` runs as another user or group (set-uid), so the plug-in cannot be loaded into it",
            program),
        "run a copy without these bits");
  }
  return {};
}

}  // namespace placewright::launch
