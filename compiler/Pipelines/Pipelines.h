//===- Pipelines.h - The stages, composed ---------------------------------------===//
#pragma once
#include "compiler/Differentiate/Differentiate.h"
#include "compiler/Transforms/Simplify/Simplify.h"
#include "compiler/Transforms/TileSets/TileSets.h"
#include "mlir/Pass/PassManager.h"

namespace burin {

/// How the graph becomes the gradient's IR.
struct GraphToGradOptions {
  Keep keep = Keep::Products;
  bool segments = false; ///< `--segment-loops`
  SimplifyOptions simplify;
  TileSetsOptions tileSets;
};

/// From `--emit=graph` to the end of Transforms: calls are inlined, state is in values, gradients are ops, whole sets
/// are loops over tiles. Afterwards there is no `func.call` to a function of the program, no `burin.grad` and no
/// `burin.stop`; slots are read at a task's head and written at its end; `?` extents occur only on `task.column`
/// results, which only `burin.gather` reads. Later stages keep all bits. The context's registry must have func's
/// inliner extension.
void buildGraphToGrad(mlir::OpPassManager &passes, const GraphToGradOptions &options = {});

/// The first of these stages: what is before Differentiate.
void buildGraphToValues(mlir::OpPassManager &passes, bool segments = false);
/// And that. What follows reports nothing of a program that has no data set.
void buildGraphToAdjoints(mlir::OpPassManager &passes, Keep keep = Keep::Products, bool segments = false);

/// Registers the passes of these stages and the pipeline `--graph-to-grad`.
void registerGraphToGrad();

} // namespace burin
