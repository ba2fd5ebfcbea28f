// Random instances of ops. What an op says here is what its verifier allows, and as little more as keeps it defined.
#include "dialects/Burin/Burin.h"
#include "dialects/Interfaces/NarrowFloats.h"
using namespace mlir;
using namespace burin;

//===----------------------------------------------------------------------===//
// Choices that need the dialect's types
//===----------------------------------------------------------------------===//

Type Choices::elementWhere(llvm::function_ref<bool(Type)> fits) {
  for (unsigned tries = 0; tries < 64; ++tries)
    if (Type e = element(); fits(e))
      return e;
  return {};
}

NamedTensorType Choices::typeWith(Type element, ArrayRef<NamedAxis> axes, unsigned others) {
  auto type = NamedTensorType::scalar(element);
  auto add = [&](NamedAxis axis) {
    if (!type.hasAxis(axis.name))
      if (auto larger = type.withAxis(axis.name, axis.extent); isSmall(larger))
        type = larger;
  };
  for (NamedAxis axis : axes)
    add(axis);
  for (unsigned i = 0; i < others; ++i)
    add(axis());
  return reordered(type);
}

static SmallVector<NamedAxis> axesOf(NamedTensorType type) {
  return llvm::map_to_vector(llvm::zip(type.getAxes(), type.getSizes()),
                             [](auto pair) { return NamedAxis{std::get<0>(pair), std::get<1>(pair)}; });
}
static NamedTensorType typeOfAxes(Type element, ArrayRef<NamedAxis> axes) {
  SmallVector<StringAttr> names = llvm::map_to_vector(axes, [](NamedAxis a) { return a.name; });
  SmallVector<int64_t> sizes = llvm::map_to_vector(axes, [](NamedAxis a) { return a.extent; });
  return NamedTensorType::get(element.getContext(), element, sizes, names);
}

NamedTensorType Choices::reordered(NamedTensorType type) {
  SmallVector<NamedAxis> axes = axesOf(type);
  return chance(50) ? type : typeOfAxes(type.getElement(), some<NamedAxis>(axes, axes.size()));
}

//===----------------------------------------------------------------------===//
// Common parts
//===----------------------------------------------------------------------===//

static Value constantOf(Choices &c, double value, Type element) {
  return ConstantOp::create(c.builder, c.location, splat(NamedTensorType::scalar(element), value));
}
static Value valueOfElement(Choices &c, Type element) {
  return c.value([&](NamedTensorType type) { return type.getElement() == element; });
}
// Some numbers of i32 or i64, each in [0, n).
static Value numbersBelow(Choices &c, int64_t n, Type element) {
  Value x = valueOfElement(c, element);
  return x ? RemOp::create(c.builder, c.location, ValueRange{x, constantOf(c, double(n), element)}).getResult() : x;
}
static Value i64Scalar(Choices &c) { return c.valueOf(NamedTensorType::scalar(c.builder.getI64Type())); }
static bool isSummed(NamedTensorType type) { return !isNarrow(type.getElement()); }
static bool hasAxes(NamedTensorType type) { return !type.getAxes().empty(); }
// An axis of the type, or one that it lacks.
static NamedAxis axisBeside(Choices &c, NamedTensorType type) {
  return hasAxes(type) && c.chance(60) ? c.oneOf<NamedAxis>(axesOf(type)) : c.axis();
}

//===----------------------------------------------------------------------===//
// Pointwise ops
//===----------------------------------------------------------------------===//

// To any element but an index; to an index of n from a number in [0, n), which whoever casts guarantees.
static Operation *generateCast(Choices &c) {
  Type element = c.element();
  Value x;
  if (auto index = dyn_cast<AxisIndexType>(element))
    x = numbersBelow(c, index.getExtent(), c.chance(50) ? c.builder.getI64Type() : c.builder.getI32Type());
  else
    x = c.value([](NamedTensorType) { return true; });
  return x ? CastOp::create(c.builder, c.location, c.reordered(typeOf(x).withElement(element)), x).getOperation()
           : nullptr;
}

// The place of x in [0, n).
static SmallVector<Value> shuffleOperands(Choices &c) {
  Type i64 = c.builder.getI64Type();
  int64_t n = 1 + int64_t(c.below(c.chance(50) ? 40 : 100000));
  return {valueOfElement(c, i64), constantOf(c, double(n), i64), numbersBelow(c, n, i64)};
}

static SmallVector<Value> pointwiseOperands(Choices &c, unsigned operands, ElementRule rule) {
  if (rule == ElementRule::Wide)
    return shuffleOperands(c);
  if (rule == ElementRule::Draw)
    return {valueOfElement(c, c.builder.getI64Type()), valueOfElement(c, c.builder.getI64Type())};
  auto fits = [&](NamedTensorType type) {
    Type e = type.getElement();
    switch (rule) {
    case ElementRule::Float:
    case ElementRule::Floats:
      return isa<FloatType>(e);
    case ElementRule::Number:
      return isNumber(e);
    case ElementRule::Order:
      return !e.isInteger(1);
    case ElementRule::Bool:
      return e.isInteger(1);
    case ElementRule::Compare:
    case ElementRule::Select:
    case ElementRule::Any:
    case ElementRule::Same:
    case ElementRule::Wide:
    case ElementRule::Draw:
      return true;
    }
    return false;
  };
  SmallVector<Value> x;
  if (rule == ElementRule::Select)
    x.push_back(valueOfElement(c, c.builder.getI1Type()));
  x.push_back(c.value(fits));
  while (x.size() < operands && x.back())
    x.push_back(valueOfElement(c, typeOf(x.back()).getElement()));
  return x;
}

Operation *burin::generatePointwise(Choices &c, StringRef name, unsigned operands, ElementRule rule) {
  if (rule == ElementRule::Any)
    return generateCast(c);
  SmallVector<Value> x = pointwiseOperands(c, operands, rule);
  if (llvm::is_contained(x, Value()))
    return nullptr;
  NamedTensorType y = inferPointwise(rule, x);
  if (!c.isSmall(y))
    return nullptr;
  OperationState state(c.location, name, x, {c.reordered(y)}, {});
  return c.builder.create(state);
}

//===----------------------------------------------------------------------===//
// Constants, and ops that only change axes
//===----------------------------------------------------------------------===//

static Attribute randomElement(Choices &c, Type element) {
  if (auto f = dyn_cast<FloatType>(element)) {
    static const double special[] = {0, -0.0, 1, -1, 0.5, 2, INFINITY, -INFINITY, NAN, 3.0e38, 1.0e-30, 16777217};
    double x = c.chance(10) ? special[c.below(std::size(special))] : double(int64_t(c.below(8001)) - 4000) / 1024;
    return FloatAttr::get(f, x);
  }
  if (auto index = dyn_cast<AxisIndexType>(element))
    return IntegerAttr::get(c.builder.getI64Type(), int64_t(c.below(uint64_t(index.getExtent()))));
  unsigned width = element.getIntOrFloatBitWidth();
  uint64_t x = width == 1 || c.chance(5) ? c.bits() : c.below(41) - (element.isUnsignedInteger() ? 0 : 20);
  return IntegerAttr::get(element, APInt(width, x, false, true));
}

// Constants hold builtin elements: no index.
Operation *ConstantOp::generate(Choices &c) {
  Type element = c.elementWhere([](Type e) { return !isa<AxisIndexType>(e); });
  auto type = c.typeWith(element, {}, unsigned(c.below(3)));
  bool splat = c.chance(50) || type.getNumElements() > 64;
  SmallVector<Attribute> values;
  for (int64_t i = 0; i < (splat ? 1 : type.getNumElements()); ++i)
    values.push_back(randomElement(c, element));
  return create(c.builder, c.location, DenseElementsAttr::get(type, values));
}

Operation *BroadcastOp::generate(Choices &c) {
  Value x = c.value([](NamedTensorType) { return true; });
  return x ? create(c.builder, c.location, c.typeWith(typeOf(x).getElement(), axesOf(typeOf(x)), unsigned(c.below(3))),
                    x)
                 .getOperation()
           : nullptr;
}

Operation *RenameOp::generate(Choices &c) {
  Value x = c.value(hasAxes);
  if (!x)
    return nullptr;
  SmallVector<NamedAxis> axes = axesOf(typeOf(x));
  for (size_t i = 0; i < axes.size(); ++i)
    if (c.chance(60))
      axes[i] = c.axisOf(axes[i].extent, llvm::map_to_vector(axes, [](NamedAxis a) { return a.name; }));
  return create(c.builder, c.location, typeOfAxes(typeOf(x).getElement(), axes), x);
}

Operation *IotaOp::generate(Choices &c) {
  NamedAxis axis = c.axis();
  auto element = AxisIndexType::get(c.builder.getContext(), axis.name, axis.extent);
  return create(c.builder, c.location, typeOfAxes(element, axis));
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

// The second operand has the axes that are summed, some others of the first, and some of its own.
Operation *ContractOp::generate(Choices &c) {
  Value a = c.value([](NamedTensorType type) { return isSummed(type) && type.isFloat() && hasAxes(type); });
  if (!a)
    return nullptr;
  Type element = typeOf(a).getElement();
  SmallVector<NamedAxis> axes = axesOf(typeOf(a));
  Value b = c.value([&](NamedTensorType type) {
    return type.getElement() == element && llvm::any_of(axes, [&](NamedAxis axis) { return type.hasAxis(axis.name); });
  });
  if (!b || c.chance(50))
    b = c.valueOf(c.typeWith(element, c.some<NamedAxis>(axes, 1), unsigned(c.below(3))));
  SmallVector<StringAttr> shared;
  for (NamedAxis axis : axes)
    if (typeOf(b).hasAxis(axis.name))
      shared.push_back(axis.name);
  SmallVector<StringAttr> over = c.some<StringAttr>(shared, 1);
  auto y = unionOfAxes(element, {typeOf(a).without(over), typeOf(b).without(over)});
  if (over.empty() || !c.isSmall(y))
    return nullptr;
  y = c.reordered(y);
  return create(c.builder, c.location, y, a, b, c.chance(30) ? c.valueOf(y) : Value(),
                axisArray(c.builder.getContext(), over));
}

static StringRef reduceKind(Choices &c, Type element) {
  if (element.isInteger(1))
    return c.oneOf<StringRef>({"any", "all"});
  if (isNarrow(element))
    return c.oneOf<StringRef>({"max", "min"});
  return c.oneOf<StringRef>({"sum", "sum", "sum", "max", "min", "prod"});
}
static bool isReducible(NamedTensorType type) {
  return hasAxes(type) && (isNumber(type.getElement()) || type.getElement().isInteger(1));
}

Operation *ReduceOp::generate(Choices &c) {
  Value x = c.value(isReducible);
  if (!x)
    return nullptr;
  SmallVector<StringAttr> over = c.some(typeOf(x).getAxes(), 1);
  return create(c.builder, c.location, c.reordered(typeOf(x).without(over)), reduceKind(c, typeOf(x).getElement()), x,
                axisArray(c.builder.getContext(), over));
}

Operation *AccumulateOp::generate(Choices &c) {
  auto lane = c.builder.getStringAttr("lane");
  Value x = c.value([&](NamedTensorType type) { return isReducible(type) && !type.hasAxis(lane); });
  if (!x)
    return nullptr;
  SmallVector<StringAttr> over = c.some(typeOf(x).getAxes(), 1);
  auto lanes = c.reordered(typeOf(x).without(over)).withAxis(lane, 16);
  if (!c.isSmall(lanes))
    return nullptr;
  return create(c.builder, c.location, lanes, reduceKind(c, typeOf(x).getElement()), x, c.valueOf(lanes),
                axisArray(c.builder.getContext(), over));
}

Operation *ArgReduceOp::generate(Choices &c) {
  Value x = c.value([](NamedTensorType type) { return hasAxes(type) && isNumber(type.getElement()); });
  if (!x)
    return nullptr;
  NamedAxis over = c.oneOf<NamedAxis>(axesOf(typeOf(x)));
  auto index = AxisIndexType::get(c.builder.getContext(), over.name, over.extent);
  return create(c.builder, c.location, c.reordered(typeOf(x).without(over.name).withElement(index)),
                c.oneOf<StringRef>({"max", "min"}), x, over.name);
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

// Indices of some of a type's axes, each with axes of its own: others of the type's, or new ones.
static SmallVector<Value> indicesOf(Choices &c, NamedTensorType table, SmallVectorImpl<StringAttr> &at) {
  SmallVector<Value> indices;
  for (NamedAxis axis : c.some<NamedAxis>(axesOf(table), 1, 2)) {
    auto element = AxisIndexType::get(c.builder.getContext(), axis.name, axis.extent);
    SmallVector<NamedAxis> own;
    for (uint64_t n = c.below(3); n > 0; --n)
      own.push_back(axisBeside(c, table));
    at.push_back(axis.name);
    indices.push_back(c.valueOf(c.typeWith(element, own, 0)));
  }
  return indices;
}

Operation *GatherOp::generate(Choices &c) {
  Value table = c.value(hasAxes);
  if (!table)
    return nullptr;
  SmallVector<StringAttr> at;
  SmallVector<Value> indices = indicesOf(c, typeOf(table), at);
  auto y = gatheredType(typeOf(table), ValueRange(indices).getTypes(), at);
  return c.isSmall(y)
             ? create(c.builder, c.location, c.reordered(y), table, indices, axisArray(c.builder.getContext(), at))
                   .getOperation()
             : nullptr;
}

Operation *ScatterAddOp::generate(Choices &c) {
  auto y =
      c.typeWith(c.elementWhere([](Type e) { return isNumber(e) && !isNarrow(e); }), c.axis(), unsigned(c.below(3)));
  SmallVector<StringAttr> at;
  SmallVector<Value> indices = indicesOf(c, y, at);
  auto x = gatheredType(y, ValueRange(indices).getTypes(), at);
  if (!c.isSmall(x))
    return nullptr;
  Value acc = c.chance(50) ? c.valueOf(y) : Value();
  return create(c.builder, c.location, y, c.valueOf(c.reordered(x)), indices, acc,
                axisArray(c.builder.getContext(), at));
}

Operation *ScatterOp::generate(Choices &c) {
  Value acc = c.value(hasAxes);
  if (!acc)
    return nullptr;
  SmallVector<StringAttr> at;
  SmallVector<Value> indices = indicesOf(c, typeOf(acc), at);
  auto x = gatheredType(typeOf(acc), ValueRange(indices).getTypes(), at);
  if (!c.isSmall(x))
    return nullptr;
  return create(c.builder, c.location, acc.getType(), c.valueOf(c.reordered(x)), indices, acc,
                axisArray(c.builder.getContext(), at));
}

//===----------------------------------------------------------------------===//
// Draws, loops, gradients
//===----------------------------------------------------------------------===//

Operation *FoldInOp::generate(Choices &c) { return create(c.builder, c.location, i64Scalar(c), i64Scalar(c)); }

Operation *RandomOp::generate(Choices &c) {
  return create(c.builder, c.location, c.typeWith(c.builder.getF32Type(), {}, unsigned(c.below(4))), i64Scalar(c));
}

static Block &bodyWith(Choices &c, Region &region, TypeRange arguments) {
  Block &body = region.emplaceBlock();
  for (Type type : arguments)
    body.addArgument(type, c.location);
  return body;
}
static bool close(Choices &c, Block &body, ArrayRef<Type> wanted, bool smooth) {
  SmallVector<Value> values = c.fill(body, wanted, smooth);
  OpBuilder::InsertionGuard guard(c.builder);
  c.builder.setInsertionPointToEnd(&body);
  YieldOp::create(c.builder, c.location, values);
  return values.size() == wanted.size();
}

// A few times, or never; or as often as a value of the program says, if it neither goes over sequences nor emits.
Operation *ForOp::generate(Choices &c) {
  Type i64 = c.builder.getI64Type();
  bool walks = c.chance(50);
  int64_t n = int64_t(walks ? 1 + c.below(4) : c.below(5));
  Value count = constantOf(c, double(n), i64);
  if (!walks && c.chance(30))
    count = RemOp::create(c.builder, c.location, ValueRange{i64Scalar(c), constantOf(c, 5, i64)});
  SmallVector<Value> carried, sequences;
  if (!walks && c.chance(30))
    if (Value go = c.value([](NamedTensorType type) { return isBoolScalar(type); }))
      carried.push_back(go);
  for (uint64_t k = c.below(4); k > 0; --k)
    if (Value x = c.value([](NamedTensorType) { return true; }))
      carried.push_back(x);
  auto along = [&](NamedTensorType slice) { return slice.withFirstAxis(c.axisOf(n, slice.getAxes()).name, n); };
  auto slice = [&] { return c.typeWith(c.element(), {}, unsigned(c.below(3))); };
  for (uint64_t k = walks ? c.below(3) : 0; k > 0; --k)
    if (NamedTensorType type = along(slice()); c.isSmall(type))
      if (Value x = c.valueOf(type))
        sequences.push_back(x);
  SmallVector<Type> types(ValueRange(carried).getTypes()), arguments{NamedTensorType::scalar(i64)};
  llvm::append_range(arguments, types);
  for (Value x : sequences)
    arguments.push_back(typeOf(x).withoutFirstAxis());
  SmallVector<Type> yielded(types);
  for (uint64_t k = walks ? c.below(3) : 0; k > 0; --k)
    if (NamedTensorType emitted = slice(); c.isSmall(along(emitted)))
      yielded.push_back(emitted), types.push_back(along(emitted));
  bool stops = !carried.empty() && isBoolScalar(carried[0].getType()) && types.size() == carried.size();
  auto loop = create(c.builder, c.location, types, count, carried, sequences, StringAttr(), c.chance(30), stops);
  if (close(c, bodyWith(c, loop.getBody(), arguments), yielded, false))
    return loop;
  loop.erase();
  return nullptr;
}

Operation *IfOp::generate(Choices &c) {
  Value condition = c.value([](NamedTensorType type) { return isBoolScalar(type); });
  if (!condition)
    return nullptr;
  SmallVector<Type> types;
  for (uint64_t n = 1 + c.below(3); n > 0; --n)
    types.push_back(c.typeWith(c.element(), {}, unsigned(c.below(3))));
  auto branch = create(c.builder, c.location, types, condition);
  if (close(c, branch.getThenRegion().emplaceBlock(), types, false) &&
      close(c, branch.getElseRegion().emplaceBlock(), types, false))
    return branch;
  for (Region &region : branch->getRegions())
    region.dropAllReferences();
  branch.erase();
  return nullptr;
}

// A rule of its own for one input: any, since nothing says that it is the derivative.
Operation *CustomGradientOp::generate(Choices &c) {
  auto isFloat = [](NamedTensorType type) { return type.isFloat(); };
  Value y = c.value(isFloat), x = c.value(isFloat);
  if (!y || !x)
    return nullptr;
  auto op = create(c.builder, c.location, y.getType(), y, ValueRange(x));
  if (close(c, bodyWith(c, op.getGradient(), {y.getType()}), {x.getType()}, true))
    return op;
  op.erase();
  return nullptr;
}

// The loss has no axis, or one that all that is differentiated has: then each lane has its own.
Operation *GradOp::generate(Choices &c) {
  SmallVector<Value> inputs;
  for (uint64_t n = 1 + c.below(3); n > 0; --n)
    if (Value x = c.value([](NamedTensorType type) { return type.isFloat(); }))
      inputs.push_back(x);
  if (inputs.empty())
    return nullptr;
  SmallVector<Type> types(ValueRange(inputs).getTypes());
  SmallVector<NamedAxis> lanes = axesOf(typeOf(inputs[0]));
  llvm::erase_if(lanes, [&](NamedAxis axis) {
    return llvm::any_of(inputs, [&](Value x) { return !typeOf(x).hasAxis(axis.name); });
  });
  lanes.resize(c.chance(20) ? std::min<size_t>(lanes.size(), 1) : 0);
  SmallVector<Type> yielded{c.typeWith(typeOf(inputs[0]).getElement(), lanes, 0)};
  for (uint64_t n = c.below(3); n > 0; --n)
    yielded.push_back(c.typeWith(c.element(), {}, unsigned(c.below(3))));
  SmallVector<Type> results{yielded[0]};
  llvm::append_range(results, types);
  llvm::append_range(results, ArrayRef(yielded).drop_front());
  auto grad = create(c.builder, c.location, results, inputs, ArrayAttr());
  if (close(c, bodyWith(c, grad.getBody(), types), yielded, true))
    return grad;
  grad.erase();
  return nullptr;
}
