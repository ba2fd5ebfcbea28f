//===- SetReduction.h - What ends a set's expression, tile by tile ----------------===//
#pragma once
#include "dialects/Burin/Burin.h"

namespace burin {

/// An op that sums over a data axis: a reduction, a contraction, or a scatter of a value for every row. It can be
/// carried from tile to tile.
class SetReduction {
public:
  /// Null data axis: the op is none.
  static mlir::StringAttr dataAxis(mlir::Operation *op);
  SetReduction(mlir::Operation *op, mlir::StringAttr axis, mlir::StringAttr tile) : op(op), axis(axis), tile(tile) {}

  /// What is carried before the first tile: lanes of identities, or zeros. Null if the result is itself over a set.
  mlir::Value start(mlir::OpBuilder &builder) const;
  /// What is carried after a tile. `operands`: the op's, at the tile's rows; `inside`: which of these exist. Rows that
  /// don't are replaced in the operands, never multiplied away: 0 * NaN is NaN.
  mlir::Value step(mlir::OpBuilder &builder, mlir::ValueRange operands, mlir::Value inside, mlir::Value carried) const;
  /// The op's result from what is carried after the last.
  mlir::Value finish(mlir::OpBuilder &builder, mlir::Value carried) const;
  mlir::Operation *op;

private:
  mlir::ArrayAttr overTile(mlir::ArrayAttr over) const;
  mlir::StringAttr axis, tile;
};

} // namespace burin
