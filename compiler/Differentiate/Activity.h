//===- Activity.h - What a derivative passes through ----------------------------===//
#pragma once
#include "dialects/Burin/Burin.h"
#include "llvm/ADT/DenseSet.h"

namespace burin {

using ValueSet = llvm::DenseSet<mlir::Value>;

/// Adds the floats of a block, and of the loops in it, that depend on a float in `varying`.
void findVarying(mlir::Block &block, ValueSet &varying);

/// Adds the varying values of a block, and of the loops in it, on which one in `useful` depends.
void findUseful(mlir::Block &block, const ValueSet &varying, ValueSet &useful);

} // namespace burin
