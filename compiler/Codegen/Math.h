//===- Math.h - Elementary functions, the same on every machine -----------------===//
#pragma once
#include "mlir/Pass/Pass.h"

namespace burin {
/// `--expand-math`: exp, log, tanh, sin, cos, erf of f32 and f64, and pow of f64, on scalars and vectors, become
/// arithmetic (no library call, nothing contracted), so every machine and level gives the same bits. sqrt, floor, fma
/// and abs stay: they are exact.
std::unique_ptr<mlir::Pass> createExpandMath();
/// The same for what stands in an op.
void expandMath(mlir::Operation *root);
} // namespace burin
