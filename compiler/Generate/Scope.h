//===- Scope.h - Values and axes at hand in a random program ----------------------===//
#pragma once
#include "compiler/Generate/Inputs.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace burin::generate {

/// The choices of one program: where its ops take operands from, and what fills its regions.
class Scope : public Choices {
public:
  Scope(mlir::OpBuilder &builder, Inputs &inputs, Known &known, uint64_t seed);

  mlir::Value value(Fits fits) override;
  mlir::Value valueOf(NamedTensorType type) override;
  mlir::Type element() override;
  NamedAxis axis() override { return oneOf<NamedAxis>(axes); }
  NamedAxis axisOf(int64_t extent, mlir::ArrayRef<mlir::StringAttr> taken) override;
  bool isSmall(NamedTensorType type) override { return type.getAxes().size() <= 4 && type.getNumElements() <= 3000; }
  mlir::SmallVector<mlir::Value> fill(mlir::Block &block, mlir::ArrayRef<mlir::Type> wanted, bool smooth) override;

  /// About so many random ops where the builder stands.
  void grow(uint64_t ops);
  /// Makes a value one that others may take.
  void add(mlir::Value v) { values.push_back(v); }
  mlir::Value last() const { return values.back(); }
  void dropLast(size_t n) { values.resize(values.size() - n); }
  void setHead(mlir::Block &block) { head = &block; } ///< where inputs are read
  /// Runs `inside` where none of the values from outside can be seen; inputs are read at the block's start.
  void isolated(mlir::Block &block, llvm::function_ref<void()> inside);
  /// Values that were made here and that nothing uses, then others, up to a number of them.
  mlir::SmallVector<mlir::Value> results(size_t most);

  Inputs &inputs;
  Known &known;
  /// Slots of the program, which it may read and write.
  mlir::SmallVector<std::pair<mlir::StringAttr, NamedTensorType>> states;
  unsigned depth = 0; ///< of regions
  bool smooth = false;
  /// What is not an op's own instance (calls, slots, records): tried now and then. Null: not possible here.
  llvm::SmallVector<std::function<mlir::Operation *()>> constructs;

private:
  mlir::Value input(NamedTensorType type);
  mlir::Value adapted(NamedTensorType type);
  mlir::Value loss(NamedTensorType type, size_t since);
  mlir::Operation *anyOp();
  bool isFine(mlir::Operation *op);
  NamedTensorType someType();
  llvm::SmallVector<NamedAxis> axes;                                  ///< a few of all
  llvm::SmallVector<mlir::RegisteredOperationName> pointwise, others; ///< the ops there are
  llvm::SmallVector<mlir::Value> values;
  mlir::Block *head = nullptr;
  llvm::DenseMap<mlir::StringAttr, mlir::Value> read; ///< inputs that were
};

} // namespace burin::generate
