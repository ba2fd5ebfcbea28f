// The builder that derivative rules use.
#include "dialects/Burin/Burin.h"
#include "dialects/Interfaces/NarrowFloats.h"
using namespace mlir;

namespace burin {

#define UNARY(name, Op)                                                                                                \
  Value Rules::name(Value a) { return Op::create(builder, location, ValueRange{a}); }
#define BINARY(name, Op)                                                                                               \
  Value Rules::name(Value a, Value b) { return Op::create(builder, location, ValueRange{a, b}); }
UNARY(neg, NegOp)
UNARY(sign, SignOp)
UNARY(floor, FloorOp)
UNARY(exp, ExpOp)
UNARY(log, LogOp)
UNARY(sqrt, SqrtOp)
UNARY(tanh, TanhOp)
UNARY(sin, SinOp)
UNARY(cos, CosOp)
UNARY(logicalNot, NotOp)
BINARY(add, AddOp)
BINARY(sub, SubOp)
BINARY(mul, MulOp)
BINARY(div, DivOp)
BINARY(pow, PowOp)
BINARY(logicalAnd, AndOp)
BINARY(eq, EqOp)
BINARY(gt, GtOp)
BINARY(ge, GeOp)
BINARY(lt, LtOp)
BINARY(le, LeOp)
#undef UNARY
#undef BINARY
Value Rules::select(Value c, Value a, Value b) { return SelectOp::create(builder, location, ValueRange{c, a, b}); }

Value Rules::cast(Value a, Type element) {
  auto type = typeOf(a);
  return type.getElement() == element ? a : CastOp::create(builder, location, type.withElement(element), a).getResult();
}
Value Rules::constant(double value, Value like) {
  return ConstantOp::create(builder, location, splat(typeOf(like).withoutAxes(), value));
}
Value Rules::times(double number, Value x) {
  Type element = typeOf(x).getElement();
  Value wide = cast(x, sumElement(element));
  return cast(mul(constant(number, wide), wide), element);
}
Value Rules::zeros(Type type) {
  auto tensor = mlir::cast<NamedTensorType>(type);
  if (!isa<AxisIndexType>(tensor.getElement()))
    return ConstantOp::create(builder, location, splat(tensor, 0));
  Value zero = ConstantOp::create(builder, location, splat(NamedTensorType::scalar(builder.getI64Type()), 0));
  return broadcastTo(cast(zero, tensor.getElement()), type);
}
Value Rules::numbersAlong(StringAttr axis, int64_t extent, Type element) {
  MLIRContext *context = axis.getContext();
  auto line = NamedTensorType::get(context, AxisIndexType::get(context, axis, extent), {extent}, {axis});
  return cast(IotaOp::create(builder, location, line), element);
}
Value Rules::castPartial(Value x, Value y) { return typeOf(x).isFloat() && typeOf(y).isFloat() ? one(y) : Value(); }

// n x^(n-1), and 0 at 0^0. Only there the exponent is another one, so that further derivatives are right elsewhere.
Value Rules::powByBase(Value x, Value n) {
  Value none = logicalAnd(eq(x, constant(0, x)), eq(n, constant(0, n)));
  return mul(n, pow(x, select(none, one(n), sub(n, one(n)))));
}
// y log x, and 0 y where x is 0.
Value Rules::powByExponent(Value x, Value y) { return mul(y, log(select(eq(x, constant(0, x)), one(x), x))); }

Value Rules::broadcastTo(Value v, Type type) {
  return v.getType() == type ? v : BroadcastOp::create(builder, location, type, v).getResult();
}
Value Rules::reduceSum(Value v, ArrayRef<StringAttr> over) {
  return ReduceOp::create(builder, location, "sum", cast(v, sumElement(typeOf(v).getElement())), over);
}

Value Rules::sumTo(Value v, Type type) {
  auto wanted = mlir::cast<NamedTensorType>(type);
  SmallVector<StringAttr> over;
  for (StringAttr axis : typeOf(v).getAxes())
    if (!wanted.hasAxis(axis))
      over.push_back(axis);
  if (!over.empty())
    v = reduceSum(v, over);
  v = cast(v, wanted.getElement());
  return broadcastTo(v, type); // also another order of the same axes
}

} // namespace burin
