//===- Generate.h - Random programs -------------------------------------------===//
#pragma once
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace burin {

struct GenerateOptions {
  uint64_t seed = 0;  ///< of the first program; the others have the numbers after it
  unsigned count = 1; ///< programs in the module
  unsigned size = 8;  ///< ops that a program asks for by name, more or less; what adapts their operands comes on top
};

/// A module of the graph stage with one task for each program, `p7` of seed 7. A program is the same whatever others
/// stand beside it. Its results are saved as `p7.safetensors` and recorded. Generate.md says what programs have.
mlir::OwningOpRef<mlir::ModuleOp> generatePrograms(mlir::MLIRContext &context, const GenerateOptions &options);

} // namespace burin
