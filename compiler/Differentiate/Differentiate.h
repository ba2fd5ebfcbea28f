//===- Differentiate.h - Reverse mode -----------------------------------------===//
#pragma once
#include "mlir/Pass/Pass.h"
#include <memory>

namespace burin {

/// Replaces every `burin.grad`, innermost first, by its forward ops and, after them, the ops that compute the
/// gradients. The rules stand with the ops (`DifferentiableOpInterface`); each op made has the location of the op that
/// it differentiates. Afterwards there is no `burin.grad` and no `burin.stop`. State must have been promoted. Errors:
/// E0602 the loss has an axis that what is differentiated lacks; E0603 a loop, E0604 an op without a derivative lies
/// between what is differentiated and the loss.
std::unique_ptr<mlir::Pass> createDifferentiate();

} // namespace burin
