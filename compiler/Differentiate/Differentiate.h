//===- Differentiate.h - Reverse mode -----------------------------------------===//
#pragma once
#include "dialects/Burin/Burin.h"
#include "dialects/Interfaces/Interfaces.h"
#include "dialects/Interfaces/Rules.h"
#include "mlir/Pass/Pass.h"
#include <functional>
#include <memory>

namespace burin {

/// The operands' cotangents from the result's, as `DifferentiableOpInterface::cotangents` has it.
using CotangentRule = std::function<void(DifferentiableOpInterface op, Rules &b, mlir::Value dy,
                                         mlir::ArrayRef<bool> wanted, mlir::MutableArrayRef<mlir::Value> dx)>;

/// What a loop, or a branch, that is differentiated keeps of its steps for the way back: what costs much to compute
/// again (products, reductions, loops) or only what it carries, so that each step is computed again.
enum class Keep { Products, State };

/// Replaces every `burin.grad` within an operation, innermost first, by its forward ops and, after them, the ops that
/// compute the gradients. The rules stand with the ops (`DifferentiableOpInterface`); each op made has the location of
/// the op that it differentiates. Afterwards there is no `burin.grad`, no `burin.custom_gradient` and no `burin.stop`.
/// State must have been promoted. Errors: E0602 the loss has an axis that what is differentiated lacks; E0603 a loop of
/// unknown length, E0604 an op without a derivative lies between what is differentiated and the loss.
///
/// `rule` stands in for the ops' own rules, where there is one: the judge hands in wrong ones, to be noticed.
mlir::LogicalResult differentiate(mlir::Operation *within, const CotangentRule &rule = {}, Keep keep = Keep::Products);

/// Replaces those alone that `which` holds for, and leaves `burin.stop` and `burin.custom_gradient` as they are: what
/// is around them may be differentiated still.
mlir::LogicalResult differentiateOnly(mlir::Operation *within, llvm::function_ref<bool(GradOp)> which,
                                      const CotangentRule &rule = {});

/// `differentiate` as a pass over a module.
std::unique_ptr<mlir::Pass> createDifferentiate(Keep keep = Keep::Products);

} // namespace burin
