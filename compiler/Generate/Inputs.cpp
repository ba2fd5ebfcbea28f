#include "compiler/Generate/Inputs.h"
#include "compiler/Import/Import.h"
using namespace mlir;

namespace burin::generate {

// A value may lie where one lay that is gone.
interpret::Ref Known::of(Value v) const {
  interpret::Ref array = values.lookup(v);
  return array && array->type == v.getType() ? array : nullptr;
}

void Known::notifyOperationInserted(Operation *op, OpBuilder::InsertPoint) {
  if (op->getNumResults() != 1 || op->getNumRegions() || !isa<BurinDialect>(op->getDialect()))
    return;
  SmallVector<interpret::Ref> operands;
  for (Value v : op->getOperands())
    if (operands.push_back(of(v)); !operands.back())
      return;
  if (auto result = interpret::evaluate(op, operands, context))
    values[op->getResult(0)] = result;
}

Inputs::Inputs(ModuleOp module, Known &known) : module(module), builder(module.getBodyRegion()), known(known) {
  auto seed = NamedTensorType::scalar(builder.getI64Type());
  initialise = task::TaskOp::create(builder, module.getLoc(), initialiseName, builder.getFunctionType({seed}, {}));
  initialise.setInitialise(true);
  auto zero = interpret::allocate(seed, {});
  known.set(initialise.block().getArgument(0), zero);
  builder.setInsertionPointToEnd(&initialise.block());
  builder.setInsertionPoint(task::ReturnOp::create(builder, module.getLoc()));
  builder.setListener(&known);
}

// Numbers of no pattern from the indices of an element, in [0, 1009): their kernel is short, a draw's is long.
Value Inputs::scatter(NamedTensorType type, uint32_t start) {
  Rules b(builder, module.getLoc());
  Type i64 = builder.getI64Type();
  auto number = [&](int64_t n) -> Value {
    return ConstantOp::create(builder, b.location,
                              DenseElementsAttr::get(NamedTensorType::scalar(i64), APInt(64, uint64_t(n))));
  };
  static const int64_t primes[] = {7919, 104729, 1299709, 15485863};
  Value sum = number(start);
  for (auto [i, axis, extent] : llvm::enumerate(type.getAxes(), type.getSizes())) {
    Value index = b.numbersAlong(axis, extent, i64);
    sum = b.add(sum, b.mul(index, number(primes[i % std::size(primes)])));
  }
  return b.broadcastTo(RemOp::create(builder, b.location, ValueRange{sum, number(1009)}), type.withElement(i64));
}

// Floats in [-2, 2), integers in [-20, 20], bytes, indices and bools of all kinds.
Value Inputs::first(NamedTensorType type, StringRef name) {
  Rules b(builder, module.getLoc());
  Type element = type.getElement();
  Value n = scatter(type, hash32(name));
  auto rest = [&](int64_t m) { return RemOp::create(builder, b.location, ValueRange{n, b.constant(double(m), n)}); };
  if (element.isInteger(1))
    return b.lt(rest(7), b.constant(3, n));
  if (element.isUnsignedInteger(8))
    return b.cast(rest(256), element);
  if (auto index = dyn_cast<AxisIndexType>(element))
    return b.cast(rest(index.getExtent()), element);
  if (!isa<FloatType>(element))
    return b.cast(b.sub(rest(41), b.constant(20, n)), element);
  Value x = b.cast(n, element);
  return b.sub(b.mul(x, b.constant(1.0 / 253, x)), b.constant(2, x));
}

void Inputs::set(StringRef name, StringRef kind, Value value) {
  OpBuilder atTop(initialise);
  task::SlotOp::create(atTop, module.getLoc(), name, kind, value.getType());
  task::SetOp::create(builder, module.getLoc(), name, value);
  values[name] = known.of(value);
}

// Of a slot for a type.
static std::string nameOf(const char *kind, NamedTensorType type, unsigned number) {
  std::string name;
  llvm::raw_string_ostream text(name);
  text << kind << number << ".";
  if (auto index = dyn_cast<AxisIndexType>(type.getElement()))
    text << "index " << index.getAxis().getValue();
  else
    text << type.getElement();
  for (StringAttr axis : type.getAxes())
    text << "." << axis.getValue();
  return name;
}

StringAttr Inputs::input(NamedTensorType type, unsigned number) {
  std::string name = nameOf("in", type, number);
  if (!values.count(name))
    set(name, "parameter", first(type, name));
  return builder.getStringAttr(name);
}

StringAttr Inputs::output(NamedTensorType type, unsigned number) {
  std::string name = nameOf("out", type, number);
  if (!values.count(name))
    declare(name, type);
  return builder.getStringAttr(name);
}

void Inputs::declare(StringRef name, NamedTensorType type) {
  Rules b(builder, module.getLoc());
  Value zero;
  if (auto index = dyn_cast<AxisIndexType>(type.getElement()))
    zero = b.cast(b.zeros(NamedTensorType::scalar(builder.getI64Type())), index);
  else
    zero = b.zeros(type.withoutAxes());
  set(name, "state", b.broadcastTo(zero, type));
}

} // namespace burin::generate
