//===- Inputs.h - What random programs begin from ---------------------------------===//
#pragma once
#include "compiler/Interpret/Evaluate.h"
#include "dialects/Task/Task.h"
#include "llvm/ADT/StringMap.h"

namespace burin::generate {

/// What values are when the seed is 0: followed while a program is made, so that it can be kept from being all NaN.
class Known : public mlir::OpBuilder::Listener {
public:
  void set(mlir::Value v, interpret::Ref array) { values[v] = std::move(array); }
  interpret::Ref of(mlir::Value v) const; ///< null: unknown
  void notifyOperationInserted(mlir::Operation *op, mlir::OpBuilder::InsertPoint) override;

private:
  llvm::DenseMap<mlir::Value, interpret::Ref> values;
  interpret::Context context;
};

/// A module's slots and their first values.
class Inputs {
public:
  Inputs(mlir::ModuleOp module, Known &known);
  /// One of a few slots of a type that hold numbers of no pattern. Programs share them, none writes them.
  mlir::StringAttr input(NamedTensorType type, unsigned number);
  /// One for results, shared too: each run is of one program.
  mlir::StringAttr output(NamedTensorType type, unsigned number);
  /// A slot of a program's own. Its first value is zero.
  void declare(mlir::StringRef name, NamedTensorType type);
  interpret::Ref firstValue(mlir::StringAttr slot) const { return values.lookup(slot.getValue()); }

private:
  mlir::Value scatter(NamedTensorType type, uint32_t start);
  mlir::Value first(NamedTensorType type, mlir::StringRef name);
  void set(mlir::StringRef name, mlir::StringRef kind, mlir::Value value);
  mlir::ModuleOp module;
  task::TaskOp initialise;
  mlir::OpBuilder builder;
  Known &known;
  llvm::StringMap<interpret::Ref> values;
};

} // namespace burin::generate
