//===- Pipelines.h - The stages, composed ---------------------------------------===//
#pragma once
#include "compiler/Transforms/Simplify/Simplify.h"
#include "mlir/Pass/PassManager.h"

namespace burin {

/// How the graph becomes the gradient's IR.
struct GraphToGradOptions {
  SimplifyOptions simplify;
};

/// From `--emit=graph` to the end of Transforms: calls are inlined, state is in values, gradients are ops.
/// Afterwards there is no `func.call` to a function of the program, no `burin.grad` and no `burin.stop`; slots are read at a task's head
/// and written at its end.
/// The context's registry must have func's inliner extension.
void buildGraphToGrad(mlir::OpPassManager &passes, const GraphToGradOptions &options = {});

/// Registers the passes of these stages and the pipeline `--graph-to-grad`.
void registerGraphToGrad();

} // namespace burin
