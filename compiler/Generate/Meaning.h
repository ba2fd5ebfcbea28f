//===- Meaning.h - Whether two modules mean the same, but for rounding --------------===//
#pragma once
#include "mlir/IR/BuiltinOps.h"

namespace burin {

/// Interprets the tasks of a module as imported and of the same after Transforms, in binary128 and as doubles, and
/// compares what they save and record. Generate.md derives by how much they may differ. Reports at the task where they
/// differ more. Tasks that differentiate a gradient are left out: the interpreter does so after Differentiate alone.
mlir::LogicalResult compareMeaning(mlir::ModuleOp imported, mlir::ModuleOp transformed);

} // namespace burin
