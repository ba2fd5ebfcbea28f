//===- RowsOf.h - A set's expression at some of its rows -------------------------===//
#pragma once
#include "dialects/Burin/Burin.h"

namespace burin {

/// The data axis of a type (extent `?`), or null.
mlir::StringAttr dataAxisOf(mlir::Type type);
inline bool hasAxis(mlir::Value v, mlir::StringAttr axis) { return typeOf(v).hasAxis(axis); }

/// Rebuilds values that have a data axis for the rows that an index names: in place of the axis they have the index's
/// axes, and only these rows are computed. Elementwise ops, and all that leave the axis alone, go row by row; so do
/// loops and branches whose bodies do.
class RowsOf {
public:
  /// `rows`: indices of `axis`. New ops come where the builder stands, which all that is asked for must dominate.
  RowsOf(mlir::OpBuilder &builder, mlir::StringAttr axis, mlir::Value rows)
      : builder(builder), axis(axis), rows(rows) {}
  /// The value at the rows; without the axis it is itself. Null if an op does not go row by row: `refused` is where.
  mlir::Value at(mlir::Value v);
  std::optional<mlir::Location> refused;

private:
  NamedTensorType atRows(NamedTensorType type) const;
  bool goesByRows(mlir::Operation *op) const;
  bool bodyGoesByRows(mlir::Operation *op) const;
  llvm::SmallVector<mlir::Value> needed(mlir::Operation *op) const;
  bool startsRows(mlir::Operation *op) const;
  mlir::Value start(mlir::Operation *op);
  mlir::Value draw(RandomOp op);
  mlir::Value rebuild(mlir::Operation *op);
  void rebuildBody(mlir::Operation *op);
  bool isTable(mlir::OpOperand &operand) const;
  mlir::OpBuilder &builder;
  mlir::StringAttr axis;
  mlir::Value rows;
  llvm::DenseMap<mlir::Value, mlir::Value> known;
};

} // namespace burin
