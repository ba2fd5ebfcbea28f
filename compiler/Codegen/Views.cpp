// Elements of views: a renaming or a window costs no memory, only other strides.
#include "compiler/FormKernels/Views.h"
#include "compiler/Codegen/Emitter.h"
#include "mlir/IR/TypeUtilities.h"
using namespace mlir;
using namespace burin;

// The sum of multiples of indices at the place where the loops stand, from `offset`; of the first lane.
Value Emitter::sumOf(ArrayRef<std::pair<StringAttr, int64_t>> factors, int64_t offset, int64_t &lane) {
  ScalarBuilder b(builder, location);
  Value sum;
  lane = 0;
  for (auto [axis, factor] : factors) {
    if (axis == vectorAxis)
      lane += factor;
    if (factor == 0)
      continue;
    Value index = axes.lookup(axis).index;
    Value term = factor == 1 ? index : b.mul(index, integer(factor));
    sum = sum ? b.add(sum, term) : term;
  }
  if (!sum)
    return integer(offset);
  return add(sum, offset);
}

Value Emitter::lanesFrom(Value start, int64_t step) {
  SmallVector<int64_t> lanes;
  for (int64_t k = 0; k < vectorWidth; ++k)
    lanes.push_back(k * step);
  Value steps = arith::ConstantOp::create(
      builder, location, DenseElementsAttr::get(VectorType::get(vectorWidth, builder.getI64Type()), ArrayRef(lanes)));
  return arith::AddIOp::create(builder, location, spread(start), steps);
}

Value Emitter::view(Value v) {
  auto window = v.getDefiningOp<WindowOp>();
  if (window && !window.isInside())
    return guardedWindow(window);
  Access access = accessOf(v);
  Value pointer = pointers.lookup(access.memory);
  if (passedByValue(access.memory.getType()))
    return pointer;
  Type element = typeOf(v).getElement();
  int64_t lane;
  if (flat && !typeOf(v).getAxes().empty()) // a renaming, in the order of what it renames
    return load(pointer, typeOf(v));
  Value start = sumOf(access.strides, access.offset, lane);
  if (lane == 0 || lane == 1)
    return loadAt(pointer, start, element, lane == 1, lane);
  Value places = lanesFrom(start, lane);
  return fromStorage(gatherAt(pointer, places, storageType(element), unsigned(byteSize(element)), mask), element);
}

namespace {
/// Where the elements of a guarded window lie, while its places are gone through.
struct Guarded {
  Emitter &e;
  ScalarBuilder b;
  Value inside = {}; ///< whether there is an element: of the whole vector, or of each lane
  Value start;       ///< of the first lane
  Value lanes = {};  ///< what is added to each lane's place, where that is no multiple of its number
  int64_t step = 0;  ///< from lane to lane, besides
  Value like(int64_t n, Value v) { return b.integer(uint64_t(n), v.getType()); }
  void require(Value holds) {
    if (inside && isa<VectorType>(inside.getType()) != isa<VectorType>(holds.getType())) {
      Value &scalar = isa<VectorType>(inside.getType()) ? holds : inside;
      scalar = e.spread(scalar);
    }
    inside = inside ? b.logicalAnd(inside, holds) : holds;
  }
  void add(Value index, int64_t stride) {
    Value term = b.mul(index, like(stride, index));
    Value &into = isa<VectorType>(term.getType()) ? lanes : start;
    into = into ? b.add(into, term) : term;
  }
  void place(PlaceAttr place, int64_t extent, int64_t stride, NamedTensorType type);
};

void Guarded::place(PlaceAttr place, int64_t extent, int64_t stride, NamedTensorType type) {
  SmallVector<std::pair<StringAttr, int64_t>> factors;
  for (auto [axis, factor] : llvm::zip(place.getAxes(), place.getFactors()))
    factors.push_back({axis, factor});
  int64_t lane, divisor = place.getDivisor();
  Value first = e.sumOf(factors, place.getOffset(), lane);
  auto [low, high] = place.bounds(type);
  bool differ = lane != 0 && e.isVector(type);
  Value each = differ ? e.lanesFrom(first, lane) : first;
  if (low < 0)
    require(b.ge(each, like(0, each)));
  if (high >= extent * divisor)
    require(b.lt(each, like(extent * divisor, each)));
  if (divisor == 1) {
    add(first, stride);
    step += lane * stride;
    return;
  }
  Value by = like(divisor, each), quotient = arith::DivSIOp::create(e.builder, e.location, each, by);
  require(b.eq(b.mul(quotient, by), each)); // what is negative is outside already
  add(quotient, stride);
}
} // namespace

// Where a place is no index nothing is read, and the element is 0.
Value Emitter::guardedWindow(WindowOp op) {
  Access x = accessOf(op.getX());
  Value pointer = pointers.lookup(x.memory);
  auto type = typeOf(op.getX());
  Guarded g{*this, ScalarBuilder(builder, location), {}, integer(x.offset)};
  for (StringAttr axis : type.getAxes()) {
    if (PlaceAttr place = op.placeAt(axis)) {
      g.place(place, type.extentOf(axis), x.stride(axis), op.getType());
    } else {
      g.add(axes.lookup(axis).index, x.stride(axis));
      g.step += axis == vectorAxis ? x.stride(axis) : 0;
    }
  }
  Type element = type.getElement(), stored = storageType(element);
  unsigned align = unsigned(byteSize(element));
  bool apart = isVector(op.getType()) && (g.lanes || g.step != 0 || isa<VectorType>(g.inside.getType()));
  if (!apart) { // one element; that at the beginning is there in any case
    Value read = loadAt(pointer, g.b.select(g.inside, g.start, integer(x.offset)), element, false, 0);
    Value zero = arith::ConstantOp::create(builder, location, cast<TypedAttr>(builder.getZeroAttr(read.getType())));
    return g.b.select(g.inside, read, zero);
  }
  if (!isa<VectorType>(g.inside.getType()))
    g.inside = spread(g.inside);
  Value there = mask ? g.b.logicalAnd(mask, g.inside) : g.inside;
  if (g.step == 1 && !g.lanes) {
    Value place =
        LLVM::GEPOp::create(builder, location, pointer.getType(), stored, pointer, ArrayRef<LLVM::GEPArg>{g.start});
    auto vector = VectorType::get(vectorWidth, stored);
    Value zero = arith::ConstantOp::create(builder, location, builder.getZeroAttr(vector));
    return fromStorage(LLVM::MaskedLoadOp::create(builder, location, vector, place, there, zero, align), element);
  }
  Value places = lanesFrom(g.start, g.step);
  if (g.lanes)
    places = g.b.add(places, g.lanes);
  return fromStorage(gatherAt(pointer, places, stored, align, there), element);
}
