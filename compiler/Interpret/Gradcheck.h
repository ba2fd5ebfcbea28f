//===- Gradcheck.h - Gradients of a program, held against its losses -------------===//
//
// A program with `gradcheck`s is run twice in binary128: with all gradients as Differentiate makes them, and with those
// that are checked left as they were, where only the loss is ever evaluated. Along a random direction d
//
//   R(h) = loss(x + h d) - loss(x) - h <gradient, d>
//
// falls by four when h is halved if the gradient is right, and by two if it is not (Taylor): nothing has to be chosen.
// What `stop` gives is held, as the language means it; draws are what they were.
//
// Where a gradient is wrong, the steps of the loss's computation are gone through in their order. Each is held by
// itself against its own differences, in the same way, with the cotangent that it has in this run: so the first step
// whose rule is wrong, or that is at a kink on which the loss depends, is found.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Interpret/Interpreter.h"
#include "dialects/Interfaces/Interfaces.h"
#include "dialects/Interfaces/Rules.h"
#include <deque>

namespace burin {

struct GradientCheck {
  bool collected = false;                                  ///< the gradients, in a first run; then they are held
  std::deque<llvm::SmallVector<interpret::Ref>> gradients; ///< of each gradcheck, in the order in which they run
  /// The operands' cotangents from the result's: the rule by which the gradients were made.
  std::function<void(DifferentiableOpInterface op, Rules &b, mlir::Value dy, llvm::ArrayRef<bool> wanted,
                     llvm::MutableArrayRef<mlir::Value> dx)>
      rule;

  mlir::LogicalResult run(task::GradcheckOp op, llvm::ArrayRef<interpret::Ref> values,
                          const interpret::Host::Loss &loss);
};

} // namespace burin
