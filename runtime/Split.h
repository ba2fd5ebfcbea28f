//===- Split.h - Which rows of a data set are in which part ----------------------===//
#pragma once
#include "runtime/Data.h"

namespace burin_rt {

/// Shares the rows of a data set out to its parts, as runtime/abi.md says, and makes room for their columns.
struct Split {
  const burin_program *program;
  const burin_data *data;
  Part *parts;                ///< of this data set
  uint64_t key;               ///< of the order in which rows are drawn
  bool inOrder;               ///< none are drawn: parts are pieces, one after the other
  const char *what;           ///< rows are, in errors
  uint64_t rows = 0;          ///< of the file
  uint64_t drawn = 0;         ///< of these, those that no condition takes
  uint64_t *limits = nullptr; ///< ranks below limits[p] are in part p or in one before
  uint8_t *taken = nullptr;   ///< of each row the part whose condition takes it, or `none`; null: no part has one
  uint64_t next = 0, nextDrawn = 0;

  static constexpr uint8_t none = 255;
  bool hasConditions() const;
  /// Before rows are divided: room for what `take` finds. False: an error was printed.
  bool prepare(uint64_t counted);
  /// The row is in the first part whose condition holds of its fields. `columns`: of each field this row.
  void take(uint64_t row, void *const *columns);
  /// When the rows are counted, and taken. False: an error was printed.
  bool divide(uint64_t counted);
  /// Of the next row, from the first to the last; data->part_count: in none.
  uint32_t partOfNext();
  void release();
};

} // namespace burin_rt
