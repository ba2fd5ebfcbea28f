//===- TileSets.h - Whole-set expressions as loops over tiles --------------------===//
#pragma once
#include "mlir/Pass/Pass.h"
#include <memory>

namespace burin {

struct TileSetsOptions {
  /// Rows of a set that are computed at once: a multiple of 16, so that a sum's lanes meet the same rows as without
  /// tiles.
  unsigned rows = 256;
};

/// Values over a data axis (`?`) that end in a reduction over it become a `burin.for` over tiles of the set; each row
/// counts exactly once. Indexing a whole set's expression computes the rows indexed alone. Afterwards `?` extents occur
/// only on `task.column` results, which only `burin.gather` reads. Reductions over one set share a loop unless one
/// needs another's result: then the set is gone through again. Error E0605: a value for every row of a set that no
/// reduction ends.
std::unique_ptr<mlir::Pass> createTileSets(TileSetsOptions options = {});

} // namespace burin
