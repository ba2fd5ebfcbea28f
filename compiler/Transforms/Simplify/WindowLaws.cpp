// Laws of windows and renamings: they go to what is read, where kernels see them as strides.
#include "compiler/Transforms/Simplify/Law.h"
#include "compiler/Transforms/Simplify/Simplify.h"
using namespace mlir;

namespace burin {
namespace {

NamedTensorType typeOfAxes(Type element, ArrayRef<StringAttr> names, ArrayRef<int64_t> sizes) {
  return NamedTensorType::get(element.getContext(), element, sizes, names);
}

//===----------------------------------------------------------------------===//
// Adjoints
//===----------------------------------------------------------------------===//

/// A window on an expression, in terms of windows on what that is computed of.
class WindowOf {
public:
  explicit WindowOf(WindowOp window) : window(window), taken(window.taken()) {}
  /// Whether a value can be read at the places whose axes it has; `vanishing`: axes that are summed away afterwards.
  bool reads(Value v, ArrayRef<StringAttr> vanishing = {});
  /// The type of a value's window: of its own axes those that no place takes, and the places' axes, old and new.
  NamedTensorType typeOn(Value v);
  Value on(Value v, Rules &b);
  WindowOp window;

private:
  SmallVector<StringAttr> taken;
};

NamedTensorType WindowOf::typeOn(Value v) {
  auto type = typeOf(v);
  SmallVector<StringAttr> names;
  SmallVector<int64_t> sizes;
  auto add = [&](StringAttr name, int64_t size) {
    if (!llvm::is_contained(names, name))
      names.push_back(name), sizes.push_back(size);
  };
  for (auto [name, size] : llvm::zip(type.getAxes(), type.getSizes())) {
    PlaceAttr place = window.placeAt(name);
    if (!place) {
      add(name, size);
      continue;
    }
    for (StringAttr axis : place.getAxes())
      add(axis, window.getType().extentOf(axis));
  }
  return typeOfAxes(type.getElement(), names, sizes);
}

// A new axis is in one place, and is none of those that vanish.
bool WindowOf::reads(Value v, ArrayRef<StringAttr> vanishing) {
  SmallVector<StringAttr> added;
  for (PlaceAttr place : window.getPlaces().getAsRange<PlaceAttr>()) {
    if (!typeOf(v).hasAxis(place.getAt()))
      continue;
    for (StringAttr axis : place.getAxes()) {
      if (typeOf(v).hasAxis(axis) && !llvm::is_contained(taken, axis))
        continue;
      if (llvm::is_contained(added, axis) || llvm::is_contained(vanishing, axis))
        return false;
      added.push_back(axis);
    }
  }
  return true;
}

Value WindowOf::on(Value v, Rules &b) {
  SmallVector<Attribute> places;
  for (PlaceAttr place : window.getPlaces().getAsRange<PlaceAttr>())
    if (typeOf(v).hasAxis(place.getAt()))
      places.push_back(place);
  if (places.empty())
    return v;
  return WindowOp::create(b.builder, window.getLoc(), typeOn(v), v, b.builder.getArrayAttr(places));
}

// sum_u window(sum_o a b) = sum_u,o window(a) window(b): the adjoint of a contraction over windows is such a
// contraction itself, and what would be added back is never made. (0 * inf outside: as where a select stands for a
// product.)
Value sumOfWindowOfProduct(ReduceOp op, Rules &b) {
  auto window = op.getX().getDefiningOp<WindowOp>();
  auto product = window ? window.getX().getDefiningOp<ContractOp>() : ContractOp();
  if (!product || product.getAcc() || op.getKind() != "sum" || !window->hasOneUse() || !product->hasOneUse())
    return {};
  WindowOf read(window);
  SmallVector<StringAttr> over = axisNames(op.getOver()), products = axisNames(product.getOver());
  for (Value factor : {product.getLhs(), product.getRhs()})
    if (!read.reads(factor, products) ||
        llvm::any_of(over, [&](StringAttr axis) { return !read.typeOn(factor).hasAxis(axis); }))
      return {};
  if (llvm::any_of(window.getType().getAxes(), [&](StringAttr axis) { return llvm::is_contained(products, axis); }))
    return {};
  llvm::append_range(over, products);
  Value lhs = read.on(product.getLhs(), b), rhs = read.on(product.getRhs(), b);
  auto type = unionOfAxes(op.getType().getElement(), {typeOf(lhs).without(over), typeOf(rhs).without(over)});
  return ContractOp::create(b.builder, product.getLoc(), type, lhs, rhs, over);
}

// window(c ? x : 0) = window(c) ? window(x) : 0, and of a comparison those of its two sides: outside x has 0, whatever
// is compared there. So the gradient of a maximum over windows, and its sum, need no window in memory.
Value windowOfSelect(WindowOp op, Rules &b) {
  auto select = op.getX().getDefiningOp<SelectOp>();
  if (!select || !select->hasOneUse() || !is(select.getX()[2], 0))
    return {};
  WindowOf read(op);
  Value condition = select.getX()[0], x = select.getX()[1];
  if (llvm::any_of(op.taken(), [&](StringAttr axis) { return !typeOf(x).hasAxis(axis); }) || !read.reads(x))
    return {};
  auto eq = condition.getDefiningOp<EqOp>();
  bool varies = false;
  for (Value v : eq ? SmallVector<Value>(eq->getOperands()) : SmallVector<Value>{condition}) {
    if (!read.reads(v))
      return {};
    varies |= llvm::any_of(op.taken(), [&](StringAttr axis) { return typeOf(v).hasAxis(axis); });
  }
  if (!varies) // masked before
    return {};
  Value holds = eq ? b.eq(read.on(eq.getX()[0], b), read.on(eq.getX()[1], b)) : read.on(condition, b);
  return b.select(holds, read.on(x, b), select.getX()[2]);
}

// window(broadcast(x)) = broadcast(window(x)), where what is taken is x's own.
Value windowOfBroadcast(WindowOp op, Rules &b) {
  Value x = operandOf<BroadcastOp>(op.getX());
  WindowOf read(op);
  if (!x || llvm::any_of(op.taken(), [&](StringAttr axis) { return !typeOf(x).hasAxis(axis); }) || !read.reads(x))
    return {};
  return read.on(x, b);
}

// c ? window(x) : 0 = window(c ? x : 0), where c is the same along the window: masked once, then read.
Value maskBeforeWindow(SelectOp op, Rules &b) {
  auto window = op.getX()[1].getDefiningOp<WindowOp>();
  if (!window || !window->hasOneUse() || !is(op.getX()[2], 0))
    return {};
  Value mask = op.getX()[0];
  auto x = typeOf(window.getX());
  auto same = x.without(window.taken());
  if (typeOf(mask).getAxes().empty() ||
      llvm::any_of(typeOf(mask).getAxes(), [&](StringAttr axis) { return !same.hasAxis(axis); }))
    return {};
  Value masked = b.broadcastTo(b.select(mask, window.getX(), b.constant(0, window.getX())), x);
  return WindowOp::create(b.builder, window.getLoc(), window.getType(), masked, window.getPlaces());
}

//===----------------------------------------------------------------------===//
// Renamings go up, to what has memory
//===----------------------------------------------------------------------===//

/// The names of one value's axes, and what they become.
struct Names {
  SmallVector<StringAttr> from, to;
  StringAttr operator()(StringAttr axis) const {
    auto place = llvm::find(from, axis);
    return place == from.end() ? axis : to[size_t(place - from.begin())];
  }
  /// A type under the new names; null if two of its axes would be called alike.
  NamedTensorType operator()(NamedTensorType type) const {
    SmallVector<StringAttr> names = llvm::map_to_vector(type.getAxes(), *this);
    for (auto [i, name] : llvm::enumerate(names))
      if (llvm::is_contained(ArrayRef(names).take_front(i), name))
        return {};
    return typeOfAxes(type.getElement(), names, type.getSizes());
  }
};
Names namesOf(RenameOp op) {
  return {SmallVector<StringAttr>(typeOf(op.getX()).getAxes()), SmallVector<StringAttr>(op.getType().getAxes())};
}

Value renamed(Value v, const Names &names, Rules &b) {
  auto type = names(typeOf(v));
  return type == v.getType() ? v : RenameOp::create(b.builder, b.location, type, v).getResult();
}

// rename(sum a b) = sum rename(a) rename(b), which leaves the product's result for what follows on it.
Value renameFactors(RenameOp op, Rules &b) {
  auto product = op.getX().getDefiningOp<ContractOp>();
  if (!product || !product->hasOneUse() || product.getAcc())
    return {};
  Names names = namesOf(op);
  if (!names(typeOf(product.getLhs())) || !names(typeOf(product.getRhs())))
    return {};
  return ContractOp::create(b.builder, product.getLoc(), op.getType(), renamed(product.getLhs(), names, b),
                            renamed(product.getRhs(), names, b), axisNames(product.getOver()));
}

// rename(reduce(x)) = reduce(rename(x)), of a window that would be read anyway.
Value renameReduced(RenameOp op, Rules &b) {
  auto reduce = op.getX().getDefiningOp<ReduceOp>();
  if (!reduce || !reduce->hasOneUse() || !reduce.getX().getDefiningOp<WindowOp>())
    return {};
  Names names = namesOf(op);
  if (!names(typeOf(reduce.getX())))
    return {};
  return ReduceOp::create(b.builder, reduce.getLoc(), op.getType(), reduce.getKind(), renamed(reduce.getX(), names, b),
                          reduce.getOver());
}

// rename(window(x)) is a window, whose axes are called otherwise.
Value renameWindow(RenameOp op, Rules &b) {
  auto window = op.getX().getDefiningOp<WindowOp>();
  if (!window)
    return {};
  Names names = namesOf(op);
  auto rest = typeOf(window.getX()).without(window.taken());
  SmallVector<Attribute> places;
  for (PlaceAttr place : window.getPlaces().getAsRange<PlaceAttr>()) {
    if (llvm::any_of(place.getAxes(), [&](StringAttr axis) { return rest.hasAxis(axis) && names(axis) != axis; }))
      return {}; // aligned with an axis that is kept
    SmallVector<StringAttr> axes = llvm::map_to_vector(place.getAxes(), names);
    places.push_back(PlaceAttr::get(op.getContext(), place.getAt(), axes, place.getFactors(), place.getOffset(),
                                    place.getDivisor()));
  }
  auto kept = rest;
  for (StringAttr axis : rest.getAxes())
    if (names(axis) != axis) {
      if (ShapedType::isDynamic(rest.extentOf(axis)))
        return {};
      places.push_back(PlaceAttr::get(op.getContext(), axis, {names(axis)}, {1}, 0, 1));
      kept = kept.without(axis);
    }
  for (Attribute place : places) // a new axis that is called as one that is kept would be aligned with it
    for (auto [axis, k] : llvm::zip(cast<PlaceAttr>(place).getAxes(), cast<PlaceAttr>(place).getFactors()))
      if (kept.hasAxis(axis) && !rest.hasAxis(axis))
        return {};
  for (StringAttr axis : window.getType().getAxes())
    if (!rest.hasAxis(axis) && kept.hasAxis(names(axis)))
      return {};
  return WindowOp::create(b.builder, window.getLoc(), op.getType(), window.getX(), b.builder.getArrayAttr(places));
}

} // namespace

void populateWindowLaws(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<Law<ReduceOp>>(context, sumOfWindowOfProduct);
  patterns.add<Law<SelectOp>>(context, maskBeforeWindow);
  patterns.add<Law<WindowOp>>(context, windowOfSelect);
  patterns.add<Law<WindowOp>>(context, windowOfBroadcast);
  patterns.add<Law<RenameOp>>(context, renameFactors);
  patterns.add<Law<RenameOp>>(context, renameReduced);
  patterns.add<Law<RenameOp>>(context, renameWindow);
}

} // namespace burin
