//===- Evaluate.h - What each pure burin op computes ------------------------===//
#pragma once
#include "compiler/Interpret/Array.h"
#include <functional>

namespace burin::interpret {

/// What an op needs to know besides its operands.
struct Context {
  Rounding round;
  /// The extent of a `?` axis in this run, if it is known.
  std::function<std::optional<int64_t>(mlir::StringAttr)> extentOf;
};

/// Evaluates an op of one result. Reports at the op, and gives null, when it can't.
Ref evaluate(mlir::Operation *op, llvm::ArrayRef<Ref> operands, const Context &context);
mlir::LogicalResult evaluatePointwise(mlir::Operation *op, llvm::ArrayRef<Ref> x, Array &y, Rounding round);

/// One step of a reduction (sum prod max min any all), not rounded.
double combine(llvm::StringRef kind, double a, double b);
int64_t combine(llvm::StringRef kind, int64_t a, int64_t b);

/// The places of an array along the axes of a sum, in the order it is taken in: row-major over `axes`, the last innermost.
std::vector<int64_t> placesAlong(const Array &array, llvm::ArrayRef<mlir::StringAttr> axes, llvm::ArrayRef<int64_t> sizes);
/// The sizes that an array has along axes of its own.
llvm::SmallVector<int64_t> sizesAlong(const Array &array, llvm::ArrayRef<mlir::StringAttr> axes);

/// Calls f(n, tablePlace) for every element n of a gathered array. False if an index is outside its axis.
bool walkGathered(const Array &table, llvm::ArrayRef<Ref> indices, llvm::ArrayRef<mlir::StringAttr> at, const Array &gathered,
                  llvm::function_ref<void(int64_t, int64_t)> f);

} // namespace burin::interpret
