//===- Law.h - A rewrite as one function ----------------------------------------===//
#pragma once
#include "dialects/Burin/Burin.h"
#include "mlir/IR/PatternMatch.h"
#include <cmath>
#include <optional>

namespace burin {

/// A law: an op's result in another form, or null where it does not apply (then nothing may have been built). The value
/// may lack axes of the result or have them in another order.
template <typename Op> struct Law : mlir::OpRewritePattern<Op> {
  using Function = mlir::Value (*)(Op, Rules &);
  Law(mlir::MLIRContext *context, Function law) : mlir::OpRewritePattern<Op>(context), law(law) {}
  mlir::LogicalResult matchAndRewrite(Op op, mlir::PatternRewriter &rewriter) const final {
    Rules b(rewriter, op.getLoc());
    mlir::Value value = law(op, b);
    if (!value)
      return mlir::failure();
    rewriter.replaceOp(op, b.broadcastTo(value, op.getType()));
    return mlir::success();
  }
  Function law;
};

/// The number that every element of a constant is; none for values that are not known, or not all equal.
inline std::optional<double> numberOf(mlir::Value v) {
  while (auto broadcast = v.getDefiningOp<BroadcastOp>())
    v = broadcast.getX();
  auto constant = v.getDefiningOp<ConstantOp>();
  auto elements = constant ? mlir::dyn_cast<mlir::DenseElementsAttr>(constant.getValue()) : mlir::DenseElementsAttr();
  if (!elements || !elements.isSplat())
    return std::nullopt;
  if (mlir::isa<mlir::FloatType>(elements.getElementType()))
    return elements.getSplatValue<llvm::APFloat>().convertToDouble();
  llvm::APInt number = elements.getSplatValue<llvm::APInt>();
  if (number.getBitWidth() == 1)
    return double(number.getZExtValue());
  constexpr int64_t exact = int64_t(1) << 53;
  int64_t n = number.getSExtValue();
  return n <= exact && n >= -exact ? std::optional<double>(double(n)) : std::nullopt;
}

/// Whether v is the constant n everywhere. -0 is not 0.
inline bool is(mlir::Value v, double n) {
  auto number = numberOf(v);
  return number && *number == n && std::signbit(*number) == std::signbit(n);
}

/// Operand of the op that defines v, if that is an `Op`; else null.
template <typename Op> mlir::Value operandOf(mlir::Value v, unsigned i = 0) {
  auto op = v.getDefiningOp<Op>();
  return op ? op->getOperand(i) : mlir::Value();
}

} // namespace burin
