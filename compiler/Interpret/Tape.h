//===- Tape.h - Reverse mode over what was evaluated --------------------------===//
// Rules of its own, on numbers: it judges the stage that differentiates IR and shares nothing with it. Cotangents are doubles.
#pragma once
#include "compiler/Interpret/Evaluate.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace burin::interpret {

class Tape {
public:
  /// What is differentiated.
  void watch(const Ref &leaf) { depends.insert(leaf.get()); }
  /// Remembers an evaluated op whose result depends on a leaf.
  void record(mlir::Operation *op, llvm::ArrayRef<Ref> operands, const Ref &result);
  /// The gradients of the sum of `loss`'s elements by the leaves. Null, and a report, if an op on the way has no rule.
  mlir::LogicalResult gradients(const Ref &loss, llvm::ArrayRef<Ref> leaves, Rounding round, llvm::SmallVectorImpl<Ref> &out);

private:
  struct Entry {
    mlir::Operation *op;
    llvm::SmallVector<Ref> operands;
    Ref result;
  };
  using Cotangent = std::vector<double>;
  Cotangent &cotangentOf(const Ref &array);
  mlir::LogicalResult step(const Entry &entry, const Cotangent &dy);
  void pointwise(const Entry &entry, const Cotangent &dy, double (*partial)(unsigned, const double *, double));
  void contract(ContractOp op, const Entry &entry, const Cotangent &dy);
  void reduce(ReduceOp op, const Entry &entry, const Cotangent &dy);
  void copy(const Entry &entry, const Cotangent &dy);

  std::vector<Entry> entries;
  llvm::DenseSet<const Array *> depends;
  llvm::DenseMap<const Array *, Cotangent> cotangents;
};

} // namespace burin::interpret
