//===- StageFiles.h - `--dump-ir`: what every stage left, one file each ------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

namespace burin {

/// Writes numbered files into a folder: `01-ast.txt`, `03-graph.mlir`, and, of a pass manager given to `follow`, the
/// module after each pass that changed it (`05-promote-state.mlir`). What can't be written is reported once (E0504).
class StageFiles {
public:
  /// An empty folder: nothing is written.
  StageFiles(std::string folder, DiagnosticEngine &diagnostics) : folder(std::move(folder)), diagnostics(diagnostics) {}
  bool wanted() const { return !folder.empty(); }
  void write(llvm::StringRef stage, llvm::StringRef suffix, llvm::StringRef text);
  /// Before the pass manager runs; it must not outlive this.
  void follow(mlir::PassManager &passes);

private:
  std::string folder;
  DiagnosticEngine &diagnostics;
  unsigned written = 0;
  bool failed = false;
};

/// A module as text; with `locations`, each op's place in the source.
std::string textOf(mlir::ModuleOp module, bool locations = false);

} // namespace burin
