// Pointwise ops on known numbers: the op's own scalar body is built aside and folded by arith.
#include "compiler/Transforms/Simplify/Simplify.h"
#include "dialects/Burin/Burin.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
using namespace mlir;

namespace burin {
namespace {

// Programs run with subnormals as zero; so do folds.
Attribute flush(Attribute number) {
  auto f = dyn_cast_if_present<FloatAttr>(number);
  if (!f || !f.getValue().isDenormal())
    return number;
  return FloatAttr::get(f.getType(), APFloat::getZero(f.getValue().getSemantics(), f.getValue().isNegative()));
}

// Only what is exact or rounded once: exp, log and kin are computed by the program's own expansions, and not here.
bool foldsExactly(Operation &op) {
  return isa<arith::ArithDialect>(op.getDialect()) || isa<math::AbsFOp, math::FloorOp>(op);
}

Attribute evaluate(PointwiseOpInterface op, ArrayRef<Attribute> operands) {
  Block aside;
  OpBuilder builder(op->getContext());
  builder.setInsertionPointToStart(&aside);
  SmallVector<Value> values = llvm::map_to_vector(operands, [&](Attribute x) -> Value {
    return arith::ConstantOp::create(builder, op->getLoc(), cast<TypedAttr>(flush(x)));
  });
  ScalarBuilder scalars(builder, op->getLoc());
  Value result = op.scalar(scalars, values);
  llvm::DenseMap<Value, Attribute> known;
  for (Operation &o : aside) {
    SmallVector<Attribute> inputs = llvm::map_to_vector(o.getOperands(), [&](Value v) { return known.lookup(v); });
    SmallVector<OpFoldResult> results;
    if (!foldsExactly(o) || failed(o.fold(inputs, results)) || results.size() != 1)
      return {};
    Attribute number = dyn_cast<Attribute>(results[0]);
    known[o.getResult(0)] = flush(number ? number : known.lookup(cast<Value>(results[0])));
  }
  return known.lookup(result);
}

struct FoldConstants : OpInterfaceRewritePattern<PointwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(PointwiseOpInterface op, PatternRewriter &rewriter) const final {
    auto type = typeOf(op->getResult(0));
    if (!isFoldable(type) || isa<ShuffleOp, RandomAtOp>(op))
      return failure();
    SmallVector<Attribute> operands;
    for (Value x : op->getOperands()) {
      auto constant = x.getDefiningOp<ConstantOp>();
      auto elements = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
      if (!elements || !elements.isSplat() || !isFoldable(typeOf(x)))
        return failure();
      operands.push_back(elements.getSplatValue<Attribute>());
    }
    Attribute number = evaluate(op, operands);
    if (!number)
      return failure();
    rewriter.replaceOpWithNewOp<ConstantOp>(op, DenseElementsAttr::get(cast<ShapedType>(type), ArrayRef(number)));
    return success();
  }
  // Elements that arith has too, and a size that is known.
  static bool isFoldable(NamedTensorType type) {
    Type e = type.getElement();
    return (e.isF32() || e.isF64() || e.isSignlessInteger()) && !ShapedType::isDynamicShape(type.getShape());
  }
};

} // namespace

void populateConstantFolds(RewritePatternSet &patterns) { patterns.add<FoldConstants>(patterns.getContext()); }

} // namespace burin
