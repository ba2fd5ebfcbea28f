//===- GradientChecks.h - The `gradcheck`s of tests -----------------------------===//
#pragma once
#include "compiler/Differentiate/Differentiate.h"
#include "dialects/Task/Task.h"
#include "mlir/IR/BuiltinOps.h"

namespace burin {

struct InterpretOptions;

/// A program's `gradcheck`s, kept apart from what is compiled.
class GradientChecks {
public:
  /// Takes them out of a module at the graph stage. `wrongRule`: an op whose derivatives are doubled, or none. Failure:
  /// a stage reported an error.
  mlir::LogicalResult takeFrom(mlir::ModuleOp module, const std::string &wrongRule);
  /// Runs those of a test, by the interpreter in binary128, without its output. Its exit code.
  int run(const std::string &test, InterpretOptions options);

private:
  mlir::OwningOpRef<mlir::ModuleOp> gradients, losses; ///< compiler/Interpret/Gradcheck.h
  CotangentRule rule;                                  ///< in place of the ops' own; none: theirs
};

} // namespace burin
