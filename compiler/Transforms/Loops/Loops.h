//===- Loops.h - What a loop computes, and where -----------------------------------===//
#pragma once
#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"
#include <memory>

namespace burin {

/// `--raise-sequences`: what a loop reads at its counter, `xs[t]`, becomes a slice of a sequence that it goes over;
/// also `xs[t - 1 else 0]`, of a sequence that is gathered once before the loop. So the derivative by `xs` is what the
/// loop back emits, and no step touches all of it. What does not depend on the loop is computed before it, and a
/// product of a slice with what does not depend on the loop once for all steps. Loops of a task that a run may go on in
/// stay as they are: what stands before them would be kept in checkpoints. No bit changes.
std::unique_ptr<mlir::Pass> createRaiseSequences();

/// Moves what does not depend on a loop before it. True if anything moved.
bool hoistInvariants(mlir::Operation *within);

/// What a loop carries, goes over or emits for nothing is left out; so are branches whose condition is known. No bit
/// changes.
void populateLoopLaws(mlir::RewritePatternSet &patterns);

} // namespace burin
