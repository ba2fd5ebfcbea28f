//===- Data.h - Data sets in memory ---------------------------------------------===//
#pragma once
#include "runtime/Program.h"

namespace burin_rt {

/// A part of a data set in memory.
struct Part {
  uint64_t rows = 0;
  void **columns = nullptr; ///< one per field: [rows, row type], 64-byte aligned
};

/// Reads data set number `data` and splits it as runtime/abi.md says. `parts` has one entry per part of the program;
/// those of this data set are filled. False: an error was printed that names file, line and column.
bool loadData(const burin_program *program, uint32_t data, uint64_t splitSeed, Part *parts);

} // namespace burin_rt
