//===- Passes.h - How a stage's passes are run -----------------------------------===//
#pragma once
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"

namespace burin {

/// Runs passes and verifies what they leave together: once, not after each of them as `burin-opt` does, which would
/// take a quarter of the time of a long program.
inline llvm::LogicalResult runStage(mlir::PassManager &passes, mlir::Operation *op) {
  passes.enableVerifier(false);
  return llvm::success(succeeded(passes.run(op)) && succeeded(mlir::verify(op)));
}

} // namespace burin
