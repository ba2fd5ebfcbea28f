// Writing at indices: what was there, then every element of x at its place, in order.
#include "compiler/Codegen/Emitter.h"
#include "compiler/Codegen/KernelKinds.h"
using namespace mlir;

namespace burin {
namespace {
class Scatter : public KernelKind {
public:
  Scatter(Emitter &e, Operation *op) : e(e), op(op), result(typeOf(op->getResult(0))), x(op->getOperand(0)) {}
  void emit() override;

private:
  void begin();
  Value placeOf(Value index);
  Value linearIndex();

  Emitter &e;
  Operation *op;
  NamedTensorType result;
  Value x;
  Value pointer;
  Type element;
};

Value Scatter::placeOf(Value index) {
  return LLVM::GEPOp::create(e.builder, e.location, pointer.getType(), element, pointer, ArrayRef<LLVM::GEPArg>{index});
}

// Zeros, or what is written into, unless that lies here already.
void Scatter::begin() {
  unsigned align = unsigned(byteSize(result.getElement()));
  Value before = scatteredInto(op), count = e.integer(result.getNumElements());
  Value from = before ? e.pointers.lookup(before) : Value();
  if (from) {
    Value same = LLVM::ICmpOp::create(e.builder, e.location, LLVM::ICmpPredicate::eq, from, pointer);
    count = arith::SelectOp::create(e.builder, e.location, same, e.integer(0), count);
  }
  auto loop = e.beginLoop(e.integer(0), count, 1);
  Value old;
  if (from) {
    Value place = LLVM::GEPOp::create(e.builder, e.location, pointer.getType(), element, from,
                                      ArrayRef<LLVM::GEPArg>{loop.getInductionVar()});
    old = LLVM::LoadOp::create(e.builder, e.location, element, place, align);
  } else {
    old = arith::ConstantOp::create(e.builder, e.location, cast<TypedAttr>(e.builder.getZeroAttr(element)));
  }
  LLVM::StoreOp::create(e.builder, e.location, old, placeOf(loop.getInductionVar()), align);
  e.endLoop();
}

// Where the element of x at hand goes, row-major in the result.
Value Scatter::linearIndex() {
  ScalarBuilder b(e.builder, e.location);
  auto at = axisNames(op->getAttrOfType<ArrayAttr>("at"));
  Value sum;
  int64_t stride = 1;
  for (int i = int(result.getAxes().size()) - 1; i >= 0; --i) {
    StringAttr axis = result.getAxes()[i];
    auto indexed = llvm::find(at, axis);
    Value index = indexed != at.end()
                      ? b.cast(e.emit(op->getOperand(unsigned(1 + indexed - at.begin()))), e.builder.getI64Type())
                      : e.axes.lookup(axis).index;
    Value term = stride == 1 ? index : b.mul(index, e.integer(stride));
    sum = sum ? b.add(sum, term) : term;
    stride *= result.getShape()[i];
  }
  return sum ? sum : e.integer(0);
}

void Scatter::emit() {
  pointer = e.results.lookup(op->getResult(0)), element = storageType(result.getElement());
  unsigned align = unsigned(byteSize(result.getElement()));
  begin();
  auto type = typeOf(x);
  for (auto [axis, n] : llvm::zip(type.getAxes(), type.getShape())) {
    auto loop = e.beginLoop(e.integer(0), e.integer(n), 1);
    e.axes[axis] = {loop.getInductionVar(), e.depth()};
  }
  Value index = linearIndex(), value = e.emit(x);
  e.builder.setInsertionPointToEnd(e.levels.back().block);
  value = e.toStorage(value, result.getElement());
  Value place = placeOf(index);
  if (isa<ScatterAddOp>(op)) {
    Value old = LLVM::LoadOp::create(e.builder, e.location, element, place, align);
    value = ScalarBuilder(e.builder, e.location).add(old, value);
  }
  LLVM::StoreOp::create(e.builder, e.location, value, place, align);
  for (size_t i = 0; i < type.getAxes().size(); ++i)
    e.endLoop();
}
} // namespace

std::unique_ptr<KernelKind> makeScatter(Emitter &e, Operation *op) { return std::make_unique<Scatter>(e, op); }

} // namespace burin
