//===- Emitter.h - Values at indices, on demand --------------------------------===//
//
// A kernel's values are not loops but functions of indices: `emit(v)` gives the element of v at the place where the
// loops stand, as a scalar, or as a vector of 16 if v has the vector axis. Each value is computed at the level of the
// deepest loop whose axis it has, so hoisting needs no pass, and once a level.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Codegen/Codegen.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace burin {

constexpr int64_t vectorWidth = 16;

/// A loop of a kernel whose iterations write nothing that others read or write, so that threads may share them.
struct SharedLoop {
  mlir::StringAttr axis; ///< null: there is none
  int64_t extent = 1;
  int64_t unit = 1; ///< pieces begin at multiples of it: a tile's rows, a vector's lanes
  int64_t units() const { return (extent + unit - 1) / unit; }
  /// This loop, or one inside it if this has too few units for many threads.
  SharedLoop orInner(SharedLoop inner) const { return units() < 64 && inner.units() > units() ? inner : *this; }
};

class Emitter {
public:
  Emitter(mlir::func::FuncOp kernel, const Machine &machine);
  mlir::func::FuncOp kernel;
  const Machine &machine;
  mlir::OpBuilder builder;
  mlir::Block *source; ///< the burin ops

  /// One loop around the place where code is emitted. Level 0 is the function.
  struct Level {
    mlir::Operation *nested =
        nullptr; ///< what stands inside; code of this level goes before it, or at the end of the block
    mlir::Block *block = nullptr;
    mlir::DenseMap<mlir::Value, mlir::Value> cache;
  };
  struct Axis {
    mlir::Value index;  ///< i64; of the first lane for the vector axis
    unsigned level = 0; ///< of the loop that counts it
  };
  mlir::SmallVector<Level> levels;
  mlir::DenseMap<mlir::StringAttr, Axis> axes;
  mlir::StringAttr vectorAxis; ///< null: scalars
  unsigned vectorLevel = 0;
  mlir::StringAttr flat; ///< all values have the same axes, in one order, or none: one loop goes over all elements
  mlir::Value mask;      ///< vector<16xi1>: the lanes that are there; null: all
  mlir::DenseMap<mlir::Value, mlir::Value>
      pointers; ///< of values that lie in memory: operands, and results of earlier phases
  mlir::DenseMap<mlir::Value, mlir::Value> results; ///< where the kernel's results go
  SharedLoop shared;                                ///< null axis: the kernel is whole
  mlir::Value low, high;                            ///< else the piece's iterations of that loop
  mlir::Location location;
  bool failed = false;

  /// Emits code at a level.
  struct At {
    Emitter &emitter;
    mlir::OpBuilder::InsertionGuard guard;
    At(Emitter &emitter, unsigned level);
  };
  unsigned depth() const { return unsigned(levels.size() - 1); }

  /// A loop from `low` to `high` by `step` at the innermost level, which becomes the new innermost. Carries values.
  mlir::scf::ForOp beginLoop(mlir::Value low, mlir::Value high, int64_t step, mlir::ValueRange carried = {});
  void endLoop(mlir::ValueRange yielded = {});
  /// A loop over [from, to) of an axis; of the shared axis, over those of its steps that begin in the piece. So every
  /// tile is one piece's, whatever its size.
  mlir::scf::ForOp beginAxis(mlir::StringAttr axis, int64_t from, int64_t to, int64_t step);
  mlir::Value integer(int64_t value);
  mlir::Value add(mlir::Value a, int64_t b);

  bool isVector(NamedTensorType type) const {
    return vectorAxis && (flat ? !type.getAxes().empty() : type.hasAxis(vectorAxis));
  }
  mlir::Value emit(mlir::Value v);
  /// The value as a vector if `wide`, else as it is.
  mlir::Value emitAs(mlir::Value v, bool wide);
  mlir::Value spread(mlir::Value scalar);
  void store(mlir::Value v, mlir::Value element); ///< of a result of the kernel, at the indices
  mlir::Value load(mlir::Value pointer, NamedTensorType type);
  mlir::Value fromStorage(mlir::Value raw, mlir::Type element); ///< of memory, as it is computed with
  mlir::Value toStorage(mlir::Value value, mlir::Type element);
  unsigned levelOf(NamedTensorType type) const;
  mlir::Value elementIndex(NamedTensorType type); ///< row-major, i64 (a vector if the type has the vector axis)

  /// `offset` plus the sum of factors times indices, of the first lane; `lane`: what it differs by from lane to lane.
  mlir::Value sumOf(mlir::ArrayRef<std::pair<mlir::StringAttr, int64_t>> factors, int64_t offset, int64_t &lane);
  mlir::Value lanesFrom(mlir::Value start, int64_t step); ///< start, start + step, …
  /// Elements at a vector of offsets; of lanes that `there` leaves out (null: none) 0.
  mlir::Value gatherAt(mlir::Value pointer, mlir::Value offsets, mlir::Type stored, unsigned align, mlir::Value there);

private:
  mlir::Value build(mlir::Operation *op);
  mlir::Value view(mlir::Value v);
  mlir::Value guardedWindow(WindowOp op);
  mlir::Value gather(GatherOp op);
  /// Offset of an element: the sum of index times stride. `lane`: the stride along the vector axis, or 0.
  mlir::Value offset(NamedTensorType type, int64_t &lane);
  mlir::Value loadAt(mlir::Value pointer, mlir::Value offset, mlir::Type element, bool wide, int64_t lane);
  void storeFirstLanes(mlir::Value raw, mlir::Value place, unsigned align);
};

int64_t byteSize(mlir::Type element); ///< of an element in memory

} // namespace burin
