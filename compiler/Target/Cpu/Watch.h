//===- Watch.h - Where values that are no numbers come from ------------------===//
//
// `--check=nan`: every operation has a kernel of its own (a fused one has the same bits), and after each launch the
// runtime looks at what it gave. What only the branches of an `if` read counts when the `if` chooses it.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "mlir/IR/BuiltinOps.h"

namespace burin {
/// On a launch: the operation that its kernel is, and for each result how the runtime looks at it (`burin_watch_how`).
constexpr llvm::StringLiteral operationAttr = "burin.operation", watchedAttr = "burin.watched";
/// Sets both on all launches, while kernels are still made of operations.
void prepareWatch(mlir::ModuleOp module);
} // namespace burin
