//===- OperationCount.h - How much an op computes ---------------------------===//
#pragma once
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

namespace burin {

/// Operations on floats: additions, subtractions, multiplications, divisions, remainders, square roots, minima and
/// maxima one each, fused multiply-adds two. Plan.md says why. Counts stop at the largest number.
struct OperationCount {
  uint64_t f32 = 0, f64 = 0;
  /// Counts `times` operations on an element; those on others than floats are not counted.
  void add(mlir::Type element, uint64_t times) {
    if (element.isF32())
      f32 = llvm::SaturatingAdd(f32, times);
    if (element.isF64())
      f64 = llvm::SaturatingAdd(f64, times);
  }
  void add(const OperationCount &other, uint64_t times = 1) {
    f32 = llvm::SaturatingMultiplyAdd(other.f32, times, f32);
    f64 = llvm::SaturatingMultiplyAdd(other.f64, times, f64);
  }
  uint64_t total() const { return llvm::SaturatingAdd(f32, f64); }
};

} // namespace burin
