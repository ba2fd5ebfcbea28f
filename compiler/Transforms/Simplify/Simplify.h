//===- Simplify.h - Laws of algebra, folds, common subexpressions --------------===//
#pragma once
#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"
#include <memory>

namespace burin {

struct SimplifyOptions {
  /// Rounds of laws and common-subexpression elimination at most; it ends earlier when nothing changes.
  unsigned rounds = 8;
  /// Operations on numbers that are known become their results, rounded as declared.
  bool constants = true;
};

/// Applies laws, folds constants, merges equal expressions (also of forward and backward) and drops what nothing needs.
/// The laws keep results' bits but where their comment says otherwise; NaN payloads and signs are not results.
std::unique_ptr<mlir::Pass> createSimplify(SimplifyOptions options = {});

void populateAlgebraicLaws(mlir::RewritePatternSet &patterns);
void populateAxisLaws(mlir::RewritePatternSet &patterns);
void populateWindowLaws(mlir::RewritePatternSet &patterns);
void populateConstantFolds(mlir::RewritePatternSet &patterns);

} // namespace burin
