//===- Evaluate.h - What each pure burin op computes ------------------------===//
#pragma once
#include "compiler/Interpret/Array.h"
#include <functional>

namespace burin::interpret {

/// A function of numbers, in place of the interpreter's own. Null: that.
using Function = std::function<double(const double *)>;

/// What an op needs to know besides its operands.
struct Context {
  Arithmetic arithmetic = Arithmetic::Declared;
  /// The extent of a `?` axis in this run, if it is known.
  std::function<std::optional<int64_t>(mlir::StringAttr)> extentOf;
  /// What an op is computed by, where numbers are rounded as declared.
  std::function<Function(mlir::Operation *)> functionOf;
};

/// Evaluates an op of one result. Reports at the op, and gives null, when it can't.
Ref evaluate(mlir::Operation *op, llvm::ArrayRef<Ref> operands, const Context &context);
template <typename Scalar>
mlir::LogicalResult evaluatePointwise(mlir::Operation *op, llvm::ArrayRef<Ref> x, Array &y,
                                      const Function &instead = {});

/// One step of a reduction (sum prod max min any all), not rounded.
template <typename Real> Real combine(llvm::StringRef kind, Real a, Real b) {
  if (kind == "sum")
    return a + b;
  if (kind == "prod")
    return a * b;
  if (!(a <= b) && !(a >= b)) // one is no number
    return NAN;
  bool first = a == b ? bool(__builtin_signbit(a)) == (kind == "min") : (a > b) == (kind == "max"); // -0 is below 0
  return first ? a : b;
}
template <> inline int64_t combine(llvm::StringRef kind, int64_t a, int64_t b) {
  if (kind == "sum")
    return int64_t(uint64_t(a) + uint64_t(b));
  if (kind == "prod")
    return int64_t(uint64_t(a) * uint64_t(b));
  if (kind == "max" || kind == "any")
    return std::max(a, b);
  return std::min(a, b);
}

/// The places of an array along the axes of a sum, in the order it is taken in: row-major over `axes`, the last
/// innermost.
std::vector<int64_t> placesAlong(const Array &array, llvm::ArrayRef<mlir::StringAttr> axes,
                                 llvm::ArrayRef<int64_t> sizes);
/// The sizes that an array has along axes of its own.
llvm::SmallVector<int64_t> sizesAlong(const Array &array, llvm::ArrayRef<mlir::StringAttr> axes);

/// Calls f(n, tablePlace) for every element n of a gathered array. False if an index is outside its axis.
bool walkGathered(const Array &table, llvm::ArrayRef<Ref> indices, llvm::ArrayRef<mlir::StringAttr> at,
                  const Array &gathered, llvm::function_ref<void(int64_t, int64_t)> f);

/// Calls f(n, place) for every element n of a window on x that there is; `place` is the element's of x.
void walkWindow(WindowOp op, const Array &x, const Array &window, llvm::function_ref<void(int64_t, int64_t)> f);

} // namespace burin::interpret
