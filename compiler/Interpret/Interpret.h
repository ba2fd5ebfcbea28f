//===- Interpret.h - The slow reference ------------------------------------------===//
#pragma once
#include "mlir/IR/BuiltinOps.h"
#include <functional>
#include <string>
#include <vector>

namespace burin {

struct GradientCheck;

struct InterpretOptions {
  GradientCheck *gradients = nullptr; ///< of programs that are run for their `gradcheck`s (Gradcheck.h)
  std::string sourceHash;
  std::vector<std::string> commandLine; ///< the program's: its name, the task, options
  bool doubles = false;                 ///< compute floats as doubles, instead of rounding each result to its type
  /// Functions in place of the interpreter's own, for ops that have one; for programs whose functions were judged
  /// apart.
  std::function<std::function<double(const double *)>(mlir::Operation *)> functionOf;
  /// Called when a task fails (an index outside its axis, a `task.expect`), after reports through the context; then the
  /// process ends with 1, because the runtime that called the interpreter has no way back.
  std::function<void()> onFailure;
};

/// Runs a program whose module is at the graph or the grad stage as if it were compiled: the runtime reads the command
/// line, data and files, and prints. The exit code is the program's.
int interpretProgram(mlir::ModuleOp module, const InterpretOptions &options);

/// `--interpret`: the task that sets first values, then every task whose options have defaults; prints what they record
/// and return, and fails where a `task.expect` does.
void registerInterpretPass();

} // namespace burin
