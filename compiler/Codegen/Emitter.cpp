#include "compiler/Codegen/Emitter.h"
#include "compiler/FormKernels/Views.h"
#include "dialects/Interfaces/NarrowFloats.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
using namespace mlir;
using namespace burin;

int64_t burin::byteSize(Type element) { return storageType(element).getIntOrFloatBitWidth() / 8; }
bool burin::passedByValue(Type type) { return isI64Scalar(type); }

Emitter::Emitter(func::FuncOp kernel, const Machine &machine)
    : kernel(kernel), machine(machine), builder(kernel.getContext()), source(nullptr), location(kernel.getLoc()) {}

Emitter::At::At(Emitter &emitter, unsigned level) : emitter(emitter), guard(emitter.builder) {
  Level &l = emitter.levels[level];
  if (l.nested)
    emitter.builder.setInsertionPoint(l.nested);
  else
    emitter.builder.setInsertionPointToEnd(l.block);
}

Value Emitter::integer(int64_t value) {
  return arith::ConstantOp::create(builder, location, builder.getI64IntegerAttr(value));
}
Value Emitter::add(Value a, int64_t b) {
  return b == 0 ? a : arith::AddIOp::create(builder, location, a, integer(b)).getResult();
}

scf::ForOp Emitter::beginLoop(Value low, Value high, int64_t step, ValueRange carried) {
  Level &outer = levels.back();
  builder.setInsertionPointToEnd(outer.block);
  Value by = integer(step);
  auto loop = scf::ForOp::create(builder, location, low, high, by, carried);
  if (!loop.getBody()->empty())
    loop.getBody()->getTerminator()->erase();
  outer.nested = loop;
  Level inner;
  inner.block = loop.getBody();
  levels.push_back(inner);
  builder.setInsertionPointToEnd(loop.getBody());
  return loop;
}

scf::ForOp Emitter::beginAxis(StringAttr axis, int64_t from, int64_t to, int64_t step) {
  if (!shared.axis || axis != shared.axis)
    return beginLoop(integer(from), integer(to), step);
  builder.setInsertionPointToEnd(levels.back().block);
  ScalarBuilder b(builder, location);
  Value start, end = to == shared.extent ? high : b.min(high, integer(to));
  if (from == 0 && shared.unit % step == 0)
    start = low;
  else if (from % shared.unit == 0 && to - from <= std::min(step, shared.unit)) // one step and one unit
    start = b.max(low, integer(from));
  else { // the first step at or behind `low`
    Value before = b.max(b.sub(low, integer(from)), integer(0));
    Value steps = arith::DivUIOp::create(builder, location, add(before, step - 1), integer(step));
    start = add(b.mul(steps, integer(step)), from);
  }
  return beginLoop(start, end, step);
}

void Emitter::endLoop(ValueRange yielded) {
  builder.setInsertionPointToEnd(levels.back().block);
  scf::YieldOp::create(builder, location, yielded);
  levels.pop_back();
  levels.back().nested = nullptr;
  builder.setInsertionPointToEnd(levels.back().block);
}

unsigned Emitter::levelOf(NamedTensorType type) const {
  unsigned level = 0;
  if (flat)
    return type.getAxes().empty() ? 0 : std::min(axes.lookup(flat).level, depth());
  for (StringAttr a : type.getAxes()) {
    if (a == vectorAxis)
      level = std::max(level, vectorLevel);
    if (auto found = axes.find(a); found != axes.end())
      level = std::max(level, found->second.level);
  }
  return std::min(level, depth());
}

Value Emitter::spread(Value scalar) {
  return vector::BroadcastOp::create(builder, location, VectorType::get(vectorWidth, scalar.getType()), scalar);
}

Value Emitter::emitAs(Value v, bool wide) {
  Value e = emit(v);
  if (!e || !wide || isa<VectorType>(e.getType()))
    return e;
  if (Operation *constant = e.getDefiningOp<arith::ConstantOp>()) {
    auto value = cast<TypedAttr>(constant->getAttr("value"));
    auto type = VectorType::get(vectorWidth, value.getType());
    return arith::ConstantOp::create(builder, location, DenseElementsAttr::get(type, Attribute(value)));
  }
  return spread(e);
}

Value Emitter::emit(Value v) {
  NamedTensorType type = typeOf(v);
  unsigned level = levelOf(type);
  for (unsigned l = level; l < levels.size(); ++l)
    if (Value known = levels[l].cache.lookup(v))
      return known;
  At at(*this, level);
  location = v.getLoc();
  Value e;
  if (Value pointer = pointers.lookup(v))
    e = passedByValue(type) && isa<BlockArgument>(v) ? pointer : load(pointer, type);
  else
    e = build(v.getDefiningOp());
  if (e)
    levels[level].cache[v] = e;
  return e;
}

Value Emitter::build(Operation *op) {
  if (auto constant = dyn_cast<ConstantOp>(op)) {
    auto value = cast<DenseElementsAttr>(constant.getValue());
    return arith::ConstantOp::create(builder, location,
                                     computedConstant(value.getSplatValue<Attribute>(), typeOf(constant).getElement()));
  }
  bool wide = isVector(typeOf(op->getResult(0)));
  ScalarBuilder b(builder, location);
  if (auto pointwise = dyn_cast<PointwiseOpInterface>(op)) {
    SmallVector<Value> operands;
    for (Value x : op->getOperands()) {
      Value e = emit(x);
      if (!e)
        return {};
      operands.push_back(e);
    }
    At at(*this, levelOf(typeOf(op->getResult(0))));
    location = op->getLoc();
    for (auto [e, x] : llvm::zip(operands, op->getOperands()))
      e = emitAs(x, wide);
    // An index of a data set is counted in i64, of an axis in i32: comparisons are of one axis, so of one type.
    Value y = pointwise.scalar(b, operands);
    Type element = typeOf(op->getResult(0)).getElement();
    return isNarrow(element) && op->hasTrait<Exact>() ? y : wrapElement(b, y, element);
  }
  if (isa<BroadcastOp>(op))
    return emit(op->getOperand(0));
  if (isView(op))
    return view(op->getResult(0));
  if (isa<IotaOp>(op)) {
    auto type = typeOf(op->getResult(0));
    Value index = axes.lookup(type.getAxes()[0]).index;
    Type element = computeType(type.getElement());
    Value start = b.cast(index, element);
    if (!wide)
      return start;
    SmallVector<Attribute> lanes;
    for (int64_t i = 0; i < vectorWidth; ++i)
      lanes.push_back(builder.getIntegerAttr(element, i));
    Value steps = arith::ConstantOp::create(builder, location,
                                            DenseElementsAttr::get(VectorType::get(vectorWidth, element), lanes));
    return arith::AddIOp::create(builder, location, spread(start), steps);
  }
  if (auto random = dyn_cast<RandomOp>(op)) {
    Value key = emit(random.getKey());
    Value counter = elementIndex(typeOf(random.getY()));
    if (isa<VectorType>(counter.getType()))
      key = spread(key);
    return b.uniform(key, counter);
  }
  if (isa<FoldInOp>(op))
    return b.foldIn(emit(op->getOperand(0)), emit(op->getOperand(1)));
  if (auto table = dyn_cast<GatherOp>(op))
    return gather(table);
  op->emitError("has no place in this kernel");
  failed = true;
  return {};
}

Value Emitter::elementIndex(NamedTensorType type) {
  int64_t lane;
  Value start = offset(type, lane);
  if (lane == 0)
    return start;
  return lanesFrom(start, lane);
}

Value Emitter::offset(NamedTensorType type, int64_t &lane) {
  Value sum;
  int64_t stride = 1;
  lane = 0;
  if (flat && !type.getAxes().empty()) {
    lane = vectorAxis ? 1 : 0;
    return axes.lookup(flat).index;
  }
  for (int i = int(type.getAxes().size()) - 1; i >= 0; --i) {
    StringAttr a = type.getAxes()[i];
    if (a == vectorAxis)
      lane = stride;
    Value index = axes.lookup(a).index;
    Value term = stride == 1 ? index : arith::MulIOp::create(builder, location, index, integer(stride)).getResult();
    sum = sum ? arith::AddIOp::create(builder, location, sum, term).getResult() : term;
    stride *= type.getShape()[i]; // the outermost alone may be `?`
  }
  return sum ? sum : integer(0);
}

Value Emitter::fromStorage(Value raw, Type element) {
  ScalarBuilder b(builder, location);
  return burin::fromStorage(b, raw, element);
}
Value Emitter::toStorage(Value value, Type element) {
  ScalarBuilder b(builder, location);
  return burin::toStorage(b, value, element);
}

Value Emitter::loadAt(Value pointer, Value offset, Type element, bool wide, int64_t lane) {
  Type stored = storageType(element);
  auto pointerType = LLVM::LLVMPointerType::get(builder.getContext());
  unsigned align = unsigned(byteSize(element));
  if (!wide || lane == 0) {
    Value place = LLVM::GEPOp::create(builder, location, pointerType, stored, pointer, ArrayRef<LLVM::GEPArg>{offset});
    return fromStorage(LLVM::LoadOp::create(builder, location, stored, place, align), element);
  }
  auto type = VectorType::get(vectorWidth, stored);
  if (lane == 1) {
    Value place = LLVM::GEPOp::create(builder, location, pointerType, stored, pointer, ArrayRef<LLVM::GEPArg>{offset});
    if (!mask)
      return fromStorage(LLVM::LoadOp::create(builder, location, type, place, align), element);
    Value zero = arith::ConstantOp::create(builder, location, builder.getZeroAttr(type));
    return fromStorage(LLVM::MaskedLoadOp::create(builder, location, type, place, mask, zero, align), element);
  }
  llvm_unreachable("strided lanes are gathered by their offsets");
}

Value Emitter::gatherAt(Value pointer, Value offsets, Type stored, unsigned align, Value there) {
  auto pointersType = VectorType::get(vectorWidth, LLVM::LLVMPointerType::get(builder.getContext()));
  Value places = LLVM::GEPOp::create(builder, location, pointersType, stored, pointer, ArrayRef<LLVM::GEPArg>{offsets});
  if (!there)
    there = arith::ConstantOp::create(builder, location,
                                      DenseElementsAttr::get(VectorType::get(vectorWidth, builder.getI1Type()), true));
  auto type = VectorType::get(vectorWidth, stored);
  Value zero = arith::ConstantOp::create(builder, location, builder.getZeroAttr(type));
  return LLVM::masked_gather::create(builder, location, type, places, there, zero, builder.getI32IntegerAttr(align));
}

Value Emitter::load(Value pointer, NamedTensorType type) {
  int64_t lane;
  Value start = offset(type, lane);
  if (lane > 1)
    return fromStorage(gatherAt(pointer, elementIndex(type), storageType(type.getElement()),
                                unsigned(byteSize(type.getElement())), mask),
                       type.getElement());
  return loadAt(pointer, start, type.getElement(), lane == 1, lane);
}

void Emitter::store(Value v, Value element) {
  NamedTensorType type = typeOf(v);
  int64_t lane;
  builder.setInsertionPointToEnd(levels.back().block);
  Value start = offset(type, lane);
  Value raw = toStorage(element, type.getElement());
  auto pointerType = LLVM::LLVMPointerType::get(builder.getContext());
  Type stored = storageType(type.getElement());
  unsigned align = unsigned(byteSize(type.getElement()));
  Value pointer = results.lookup(v);
  if (lane > 1) {
    Value places = LLVM::GEPOp::create(builder, location, VectorType::get(vectorWidth, pointerType), stored, pointer,
                                       ArrayRef<LLVM::GEPArg>{elementIndex(type)});
    Value lanes =
        mask ? mask
             : arith::ConstantOp::create(
                   builder, location, DenseElementsAttr::get(VectorType::get(vectorWidth, builder.getI1Type()), true))
                   .getResult();
    LLVM::masked_scatter::create(builder, location, raw, places, lanes, builder.getI32IntegerAttr(align));
    return;
  }
  Value place = LLVM::GEPOp::create(builder, location, pointerType, stored, pointer, ArrayRef<LLVM::GEPArg>{start});
  if (lane == 1 && mask)
    storeFirstLanes(raw, place, align);
  else
    LLVM::StoreOp::create(builder, location, raw, place, align);
}

// The lanes that the mask leaves, in pieces of 8, 4, 2 and 1: a masked store takes some cores ten times as long as a
// whole one.
void Emitter::storeFirstLanes(Value raw, Value place, unsigned align) {
  Type element = getElementTypeOrSelf(raw.getType());
  DenseElementsAttr lanes;
  bool constant = matchPattern(mask, m_Constant(&lanes));
  assert(constant && "masks are of the lanes that an extent leaves");
  int64_t left = constant ? llvm::count(lanes.getValues<bool>(), true) : vectorWidth;
  for (int64_t at = 0, size = vectorWidth / 2; size > 0; size /= 2) {
    if (!(left & size))
      continue;
    SmallVector<int64_t> which = llvm::to_vector(llvm::seq(at, at + size));
    Value piece = vector::ShuffleOp::create(builder, location, raw, raw, which);
    Value to =
        LLVM::GEPOp::create(builder, location, place.getType(), element, place, ArrayRef<LLVM::GEPArg>{int32_t(at)});
    LLVM::StoreOp::create(builder, location, piece, to, align);
    at += size;
  }
}

// table[indices]: the table lies in memory. A row whose lanes lie side by side is loaded whole.
Value Emitter::gather(GatherOp op) {
  auto type = typeOf(op.getTable());
  Value pointer = pointers.lookup(op.getTable());
  SmallVector<StringAttr> at = axisNames(op.getAt());
  Value sum;
  int64_t stride = 1, lane = 0;
  auto plus = [&](Value term) {
    if (sum && isa<VectorType>(sum.getType()) != isa<VectorType>(term.getType()))
      (isa<VectorType>(sum.getType()) ? term : sum) = spread(isa<VectorType>(sum.getType()) ? term : sum);
    sum = sum ? arith::AddIOp::create(builder, location, sum, term).getResult() : term;
  };
  ScalarBuilder b(builder, location);
  bool wideIndex = llvm::any_of(op.getIndices(), [&](Value i) { return isVector(typeOf(i)); });
  for (int i = int(type.getAxes().size()) - 1; i >= 0; --i) {
    StringAttr a = type.getAxes()[i];
    auto place = llvm::find(at, a);
    Value index;
    if (place != at.end()) {
      Value raw = emit(op.getIndices()[place - at.begin()]);
      if (!raw)
        return {};
      index = b.cast(raw, builder.getI64Type());
    } else {
      index = axes.lookup(a).index;
      if (a == vectorAxis) {
        lane = stride;
        if (wideIndex || stride != 1) {
          SmallVector<int64_t> lanes;
          for (int64_t k = 0; k < vectorWidth; ++k)
            lanes.push_back(k);
          Value steps = arith::ConstantOp::create(
              builder, location,
              DenseElementsAttr::get(VectorType::get(vectorWidth, builder.getI64Type()), ArrayRef(lanes)));
          index = arith::AddIOp::create(builder, location, spread(index), steps);
        }
      }
    }
    if (stride != 1)
      index = b.mul(index, b.integer(uint64_t(stride), index.getType()));
    plus(index);
    if (i) // the extent of the outermost may be known to the file alone
      stride *= type.getShape()[i];
  }
  if (!sum)
    sum = integer(0);
  if (isa<VectorType>(sum.getType()))
    return fromStorage(
        gatherAt(pointer, sum, storageType(type.getElement()), unsigned(byteSize(type.getElement())), mask),
        type.getElement());
  return loadAt(pointer, sum, type.getElement(), lane == 1, lane);
}
