// Views: a renaming or a window costs no memory, only other strides.
#include "compiler/FormKernels/Views.h"
using namespace mlir;
using namespace burin;

bool burin::isView(Operation *op) { return isa_and_present<RenameOp, WindowOp>(op); }
bool burin::isAffineView(Operation *op) {
  auto window = dyn_cast_if_present<WindowOp>(op);
  return window ? window.isInside() : isa_and_present<RenameOp>(op);
}

bool burin::isSplatConstant(Operation *op) {
  auto constant = dyn_cast_if_present<ConstantOp>(op);
  return constant && cast<DenseElementsAttr>(constant.getValue()).isSplat();
}

// `left`: ops that may still be looked at. Longer expressions are better computed once.
static bool followsFromPlace(Operation *op, unsigned &left) {
  if (left == 0)
    return false;
  --left;
  if (isa_and_present<IotaOp>(op))
    return true;
  if (!isa_and_present<PointwiseOpInterface, BroadcastOp>(op) || isa<ShuffleOp, RandomAtOp>(op))
    return false;
  auto type = typeOf(op->getResult(0));
  return !type.isFloat() && !type.getAxes().empty() && llvm::all_of(op->getOperands(), [&](Value x) {
    Operation *producer = x.getDefiningOp();
    return producer && (isSplatConstant(producer) || followsFromPlace(producer, left));
  });
}
bool burin::isIndexExpression(Operation *op) {
  unsigned left = 32;
  return followsFromPlace(op, left);
}

int64_t Access::stride(StringAttr axis) const {
  for (auto [name, step] : strides)
    if (name == axis)
      return step;
  return 0;
}

static Access rowMajor(Value v) {
  Access access{v, {}, 0};
  int64_t step = 1;
  for (auto [axis, extent] : llvm::reverse(llvm::zip(typeOf(v).getAxes(), typeOf(v).getSizes()))) {
    access.strides.push_back({axis, step});
    step *= extent; // that of a data set comes first, and is not used
  }
  return access;
}

Access burin::accessOf(Value v) {
  Operation *op = v.getDefiningOp();
  if (!isAffineView(op))
    return rowMajor(v);
  Access x = accessOf(op->getOperand(0)), access{x.memory, {}, x.offset};
  auto from = typeOf(op->getOperand(0)), to = typeOf(v);
  if (isa<RenameOp>(op)) {
    for (auto [before, after] : llvm::zip(from.getAxes(), to.getAxes()))
      access.strides.push_back({after, x.stride(before)});
    return access;
  }
  auto window = cast<WindowOp>(op);
  for (StringAttr axis : to.getAxes()) {
    int64_t step = from.hasAxis(axis) && !window.placeAt(axis) ? x.stride(axis) : 0;
    for (PlaceAttr place : window.getPlaces().getAsRange<PlaceAttr>())
      step += place.factorOf(axis) * x.stride(place.getAt());
    access.strides.push_back({axis, step});
  }
  for (PlaceAttr place : window.getPlaces().getAsRange<PlaceAttr>())
    access.offset += place.getOffset() * x.stride(place.getAt());
  return access;
}

bool burin::isRowMajor(Value v) {
  Access access = accessOf(v), own = rowMajor(v);
  return access.offset == 0 && typeOf(access.memory).getNumElements() == typeOf(v).getNumElements() &&
         llvm::all_of(own.strides, [&](auto pair) { return access.stride(pair.first) == pair.second; });
}

Value burin::onOtherMemory(OpBuilder &builder, Value v, Value memory, Value laid) {
  if (v == memory)
    return laid;
  Operation *op = v.getDefiningOp();
  Value x = onOtherMemory(builder, op->getOperand(0), memory, laid);
  if (auto window = dyn_cast<WindowOp>(op))
    return WindowOp::create(builder, op->getLoc(), v.getType(), x, window.getPlaces());
  auto from = typeOf(op->getOperand(0));
  SmallVector<StringAttr> names = llvm::map_to_vector(
      typeOf(x).getAxes(), [&](StringAttr axis) { return typeOf(v).getAxes()[size_t(from.axisPosition(axis))]; });
  auto type = NamedTensorType::get(op->getContext(), from.getElement(), typeOf(x).getSizes(), names);
  return RenameOp::create(builder, op->getLoc(), type, x);
}

StringAttr burin::memoryAxis(Value v, StringAttr axis) {
  Operation *op = v.getDefiningOp();
  if (!isAffineView(op))
    return axis;
  Value x = op->getOperand(0);
  if (isa<RenameOp>(op))
    return memoryAxis(x, typeOf(x).getAxes()[size_t(typeOf(v).axisPosition(axis))]);
  auto window = cast<WindowOp>(op);
  bool kept = typeOf(x).hasAxis(axis) && !window.placeAt(axis);
  StringAttr along = kept ? axis : StringAttr();
  for (PlaceAttr place : window.getPlaces().getAsRange<PlaceAttr>())
    if (int64_t factor = place.factorOf(axis)) {
      if (along || factor != 1)
        return {};
      along = place.getAt();
    }
  return along ? memoryAxis(x, along) : StringAttr();
}

WindowOp burin::affineWindow(OpBuilder &builder, WindowOp op,
                             llvm::function_ref<Value(NamedTensorType, ArrayAttr)> padded) {
  auto x = typeOf(op.getX());
  SmallVector<int64_t> sizes(x.getSizes());
  SmallVector<Attribute> around, within;
  for (PlaceAttr place : op.getPlaces().getAsRange<PlaceAttr>()) {
    StringAttr at = place.getAt();
    if (place.isInside(op.getType(), x.extentOf(at))) {
      within.push_back(place);
      continue;
    }
    auto [low, high] = place.bounds(op.getType());
    sizes[size_t(x.axisPosition(at))] = high - low + 1;
    around.push_back(PlaceAttr::get(op.getContext(), at, {at}, {1}, low, place.getDivisor()));
    within.push_back(
        PlaceAttr::get(op.getContext(), at, place.getAxes(), place.getFactors(), place.getOffset() - low, 1));
  }
  auto type = NamedTensorType::get(op.getContext(), x.getElement(), sizes, x.getAxes());
  Value copy = padded(type, builder.getArrayAttr(around));
  return WindowOp::create(builder, op.getLoc(), op.getType(), copy, builder.getArrayAttr(within));
}
