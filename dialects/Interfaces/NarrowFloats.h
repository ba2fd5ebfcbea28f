//===- NarrowFloats.h - bf16 and f16, computed with in f32 -------------------===//
//
// The numbers of a narrow type are numbers of f32. So a kernel holds them as f32, and an operation is that of f32,
// rounded once more: to nearest, ties to even. In arithmetic on bits, the same on each processor, and without the calls
// to libgcc that LLVM's own conversions become. docs: dialects/Burin/Burin.md.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "dialects/Interfaces/ScalarBuilder.h"

namespace burin {

/// bf16 or f16.
bool isNarrow(mlir::Type element);
/// What sums of an element are made in: f32 of the narrow ones, of others themselves.
mlir::Type sumElement(mlir::Type element);

/// f32 (or vectors of it) to the nearest number of the narrow type; a NaN is some NaN. bf16 has no subnormal numbers:
/// `x` is none, or zero is what it counts as.
mlir::Value roundTo(ScalarBuilder &b, mlir::Value x, mlir::Type narrow);
/// The 16 bits of an f32 that is a number of the narrow type, and back.
mlir::Value narrowBits(ScalarBuilder &b, mlir::Value x, mlir::Type narrow);
mlir::Value widened(ScalarBuilder &b, mlir::Value bits, mlir::Type narrow);
/// Any number as an f32 that rounds to the number's own nearest in a narrow type: where f32 does not have it, the
/// neighbour whose last bit is odd. What is too small for f32 is zero.
mlir::Value beforeRounding(ScalarBuilder &b, mlir::Value x);

} // namespace burin
