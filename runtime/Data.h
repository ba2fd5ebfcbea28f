//===- Data.h - Data sets in memory ---------------------------------------------===//
#pragma once
#include "runtime/Program.h"

namespace burin_rt {

/// A part of a data set in memory.
struct Part {
  uint64_t rows = 0;
  void **columns = nullptr; ///< one per field: [rows, row type], 64-byte aligned
};

/// Opens a data set's file and gives its size. -1: an error was printed.
int openData(const burin_data &data, uint64_t &size);
/// A file is not what it was when it began to be read: an error was printed, and this is false.
bool changedWhileRead(const char *path);

} // namespace burin_rt
