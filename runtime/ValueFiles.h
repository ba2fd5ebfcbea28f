//===- ValueFiles.h - Values in files ------------------------------------------------===//
#pragma once
#include "runtime/Program.h"
#include "runtime/Replace.h"

namespace burin_rt {

/// A value on its way into a file, or as many rows of a set as come at once.
struct Written {
  const burin_program *program;
  const burin_value_file &file;
  const void *const *values; ///< the value, its labels if it has some, its lengths
  int64_t first, rows,
      all; ///< of a set: the number of the first row, of those that are here, and of all; else rows: -1

  const void *value() const { return values[0]; }
  const void *labels() const { return values[1]; }
  bool isFirst() const { return first == 0; }
  bool isLast() const { return rows < 0 || first + rows >= all; }
  /// How many places there are along an axis of the type.
  uint64_t extent(uint32_t axis) const;
  /// How many of them hold something, at an index, in row-major order, of the axes before.
  uint64_t present(uint32_t axis, uint64_t before) const;
  /// `use(element, count)` for each run of elements that are present, in order.
  template <typename Use> bool eachRun(const Use &use, uint32_t axis = 0, uint64_t before = 0) const;
};

/// A plot (.svg): lines along the last axis, one for each index of the first if there are two. Plots.cpp. False: an
/// error was printed.
bool writeLines(const Written &written);

/// A plot of points, which are kept on a grid of a fixed size until all have come. Points.cpp.
class Points;
/// Null: an error was printed.
Points *beginPoints();
bool addPoints(Points *points, const Written &written);
/// Writes the file. False: an error was printed.
bool endPoints(Points *points, const Written &written);

} // namespace burin_rt

template <typename Use> bool burin_rt::Written::eachRun(const Use &use, uint32_t axis, uint64_t before) const {
  if (axis == file.type.rank)
    return use(before, uint64_t(1));
  uint64_t n = present(axis, before);
  if (axis + 1 == file.type.rank)
    return n == 0 || use(before * extent(axis), n);
  for (uint64_t k = 0; k < n; ++k)
    if (!eachRun(use, axis + 1, before * extent(axis) + k))
      return false;
  return true;
}
