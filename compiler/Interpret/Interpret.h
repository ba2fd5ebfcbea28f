//===- Interpret.h - The slow reference ------------------------------------------===//
#pragma once
#include "mlir/IR/BuiltinOps.h"
#include <string>
#include <vector>

namespace burin {

/// Runs a program whose module is at the graph or the grad stage as if it were compiled: the runtime reads the command line
/// (`train --epochs 3`), data and files, and prints. The exit code is the program's. One run per process: the runtime's functions
/// take no closure.
int interpretProgram(mlir::ModuleOp module, const std::string &sourceHash, const std::vector<std::string> &commandLine);

/// `--interpret`: `program.initialise` or what else sets first values, then every task whose options have defaults; prints what
/// they record and return, and fails where a `task.expect` does.
void registerInterpretPass();

} // namespace burin
