//===- Residuals.h - What is kept of a loop's steps, or a branch, for the way back --===//
#pragma once
#include "compiler/Differentiate/Differentiate.h"
#include "dialects/Burin/Burin.h"

namespace burin {

/// The first axis of what a loop emits for the way back through it.
constexpr llvm::StringLiteral keptAxis = "step~";

/// Gives `back`, the body of the loop back, the values of `loop`'s body that its ops use: the counter, slices of
/// sequences, values that the loop then emits besides, and what is computed again from these. Which are emitted is a
/// minimum of bytes: with `Keep::Products`, products, reductions and loops are not computed again, everything else may
/// be; with `Keep::State` all without effects may be. Returns the sequences for the slices, which are block arguments
/// of `back`, in order. `loop` may be replaced by one that emits more.
mlir::SmallVector<mlir::Value> keepResiduals(ForOp &loop, mlir::Block &back, Keep keep);

/// The same for one side of a branch, which then gives more results; of the other side these are zeros.
void keepResiduals(IfOp &branch, unsigned side, mlir::Block &back, Keep keep);

} // namespace burin
