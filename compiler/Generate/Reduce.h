//===- Reduce.h - The small program inside of one that fails -----------------------===//
#pragma once
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace burin {

/// Takes from a module what can be taken while `command FILE`, run on the module's text in a file, succeeds: tasks,
/// results, ops, iterations, and elements of axes, until nothing more goes. The command says whether a module still
/// fails as it did.
void reduceModule(mlir::ModuleOp module, const std::string &command);

} // namespace burin
