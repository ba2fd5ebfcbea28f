//===- Tape.h - Reverse mode over what was evaluated --------------------------===//
// Rules of its own, on numbers: it judges the stage that differentiates IR and shares nothing with it. Cotangents are
// not rounded.
#pragma once
#include "compiler/Interpret/Evaluate.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <functional>

namespace burin::interpret {

class Tape {
public:
  virtual ~Tape() = default;
  /// What is differentiated.
  void watch(const Ref &leaf) { depends.insert(leaf.get()); }
  /// Remembers an evaluated op whose result depends on a leaf.
  void record(mlir::Operation *op, llvm::ArrayRef<Ref> operands, const Ref &result);
  /// The same of a slice that a loop takes from a sequence, and of the whole that it makes of what it emitted.
  void recordSlice(const Ref &sequence, int64_t i, const Ref &slice);
  void recordStack(llvm::ArrayRef<Ref> slices, const Ref &whole);
  /// The same of an op whose rule is a region: from the result's cotangent those of the operands, null where there is
  /// none.
  using Rule = std::function<mlir::LogicalResult(const Ref &, llvm::SmallVectorImpl<Ref> &)>;
  void record(mlir::Operation *op, llvm::ArrayRef<Ref> operands, const Ref &result, Rule rule,
              std::function<Ref(llvm::ArrayRef<Ref>)> again);
  /// The gradients of the sum of `loss`'s elements by the leaves, rounded at last. Failure, and a report, if an op on
  /// the way has no rule.
  virtual mlir::LogicalResult gradients(const Ref &loss, llvm::ArrayRef<Ref> leaves,
                                        llvm::SmallVectorImpl<Ref> &out) = 0;

  struct Entry {
    mlir::Operation *op; ///< null: the result's elements are the operands' from `begin` on, one after the other
    llvm::SmallVector<Ref> operands;
    Ref result;
    int64_t begin = 0;
    Rule rule = {};
    /// Of an op with a rule: the result for other operands; null after a report.
    std::function<Ref(llvm::ArrayRef<Ref>)> again = {};
    Ref cotangent = nullptr; ///< of the result, where `keeps`; null: the loss does not depend on it
  };
  /// What was recorded, in order.
  const std::vector<Entry> &recorded() const { return entries; }
  bool dependsOnLeaves(const Ref &x) const { return depends.contains(x.get()); }
  bool keeps = false; ///< whether `gradients` keeps the cotangents of results

protected:
  void remember(Entry entry);
  std::vector<Entry> entries;
  llvm::DenseSet<const Array *> depends;
};

/// An empty tape for values of an arithmetic.
std::unique_ptr<Tape> makeTape(Arithmetic arithmetic);

} // namespace burin::interpret
