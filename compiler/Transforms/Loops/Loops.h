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

/// `--segment-loops`: a loop of n steps that is differentiated, and has no effects, becomes one over about √n segments
/// and a loop over the steps of each. With `Keep::State` its way back keeps a segment's start for each, and the steps
/// of one segment at a time, which are computed once more: memory for 2 √n steps in place of n. Sums over steps are
/// then sums of segments' sums, so bits of gradients may change. It comes before `--raise-sequences`.
std::unique_ptr<mlir::Pass> createSegmentLoops();

/// Moves what does not depend on a loop before it. True if anything moved.
bool hoistInvariants(mlir::Operation *within);

/// What a loop carries, goes over or emits for nothing is left out; so are branches whose condition is known. No bit
/// changes.
void populateLoopLaws(mlir::RewritePatternSet &patterns);

} // namespace burin
