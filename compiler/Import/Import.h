//===- Import.h - The typed program as burin, task and func IR ---------------===//
#pragma once
#include "compiler/Sema/Program.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace burin {
/// Translates without deciding anything. State is read and written by symbol; every op has the user's location. The
/// result verifies.
mlir::OwningOpRef<mlir::ModuleOp> import(const sema::Program &program, const Sources &sources,
                                         mlir::MLIRContext &context);

/// A number for a path: what keys are folded with. The low 32 bits of xxh3.
uint32_t hash32(llvm::StringRef path);
/// The symbol of the task that sets every slot's first value. No user's task can have this name.
inline constexpr const char *initialiseName = "program.initialise";
} // namespace burin
