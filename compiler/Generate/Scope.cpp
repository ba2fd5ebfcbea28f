#include "compiler/Generate/Scope.h"
#include "llvm/Support/SaveAndRestore.h"
using namespace mlir;

namespace burin::generate {

// All axes of all programs: one extent for each name. Around vectors of 16, and 1.
static SmallVector<NamedAxis> allAxes(MLIRContext *context) {
  static const std::pair<const char *, int64_t> table[] = {
      {"a", 1},  {"b", 2},  {"c", 3},  {"d", 5},  {"e", 7},  {"f", 8},  {"g", 13}, {"h", 15},  {"i", 16},
      {"j", 17}, {"k", 31}, {"l", 32}, {"m", 33}, {"n", 48}, {"o", 64}, {"p", 70}, {"q", 130}, {"r", 300}};
  return llvm::map_to_vector(table,
                             [&](auto axis) { return NamedAxis{StringAttr::get(context, axis.first), axis.second}; });
}

Scope::Scope(OpBuilder &builder, Inputs &inputs, Known &known, uint64_t seed)
    : Choices(builder, builder.getUnknownLoc(), seed), inputs(inputs), known(known) {
  axes = some<NamedAxis>(allAxes(builder.getContext()), 3, 6);
  for (RegisteredOperationName name : builder.getContext()->getRegisteredOperationsByDialect("burin"))
    if (name.hasInterface<GeneratableOpInterface>())
      (name.hasInterface<PointwiseOpInterface>() ? pointwise : others).push_back(name);
}

Type Scope::element() {
  MLIRContext *context = builder.getContext();
  uint64_t n = below(100);
  if (n < 38)
    return builder.getF32Type();
  if (n < 52)
    return builder.getF64Type();
  if (n < 56)
    return builder.getBF16Type();
  if (n < 60)
    return builder.getF16Type();
  if (n < 68)
    return builder.getI32Type();
  if (n < 76)
    return builder.getI64Type();
  if (n < 82)
    return IntegerType::get(context, 8, IntegerType::Unsigned);
  if (n < 88)
    return builder.getI1Type();
  NamedAxis axis = this->axis();
  return AxisIndexType::get(context, axis.name, axis.extent);
}

NamedAxis Scope::axisOf(int64_t extent, ArrayRef<StringAttr> taken) {
  SmallVector<NamedAxis> all = allAxes(builder.getContext());
  auto known = llvm::find_if(all, [&](NamedAxis a) { return a.extent == extent; });
  std::string name = known == all.end() ? "x" + std::to_string(extent) : known->name.str();
  for (;; name += "'") // also how the language writes a second axis of one name
    if (auto axis = builder.getStringAttr(name); !llvm::is_contained(taken, axis) && !chance(20))
      return {axis, extent};
}

NamedTensorType Scope::someType() { return typeWith(element(), {}, unsigned(below(4))); }

// A slot that `initialise` fills, read once at the head of the task or function.
Value Scope::input(NamedTensorType type) {
  StringAttr slot = inputs.input(type, unsigned(below(3)));
  Value &v = read[slot];
  if (!v) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(head);
    v = task::GetOp::create(builder, location, type, slot);
    known.set(v, inputs.firstValue(slot));
  }
  return v;
}

Value Scope::value(Fits fits) {
  auto fitting = [&](ArrayRef<Value> from) {
    return llvm::filter_to_vector(from, [&](Value v) { return fits(typeOf(v)); });
  };
  SmallVector<Value> late = fitting(ArrayRef(values).take_back(6)), all = fitting(values);
  if (!late.empty() && chance(70))
    return oneOf<Value>(late);
  if (!all.empty() && chance(80))
    return oneOf<Value>(all);
  for (unsigned tries = 0; tries < 40; ++tries)
    if (auto type = someType(); fits(type))
      return input(type);
  return all.empty() ? Value() : oneOf<Value>(all);
}

// A value with fewer axes, or of another element, made one of this type.
Value Scope::adapted(NamedTensorType type) {
  auto within = [&](NamedTensorType from) {
    return llvm::all_of(from.getAxes(), [&](StringAttr axis) { return type.hasAxis(axis); });
  };
  Value x = value([&](NamedTensorType from) { return from.getElement() == type.getElement() && within(from); });
  if (x)
    return x.getType() == type ? x : BroadcastOp::create(builder, location, type, x).getResult();
  if (isa<AxisIndexType>(type.getElement()))
    return {};
  x = value(within);
  return x ? CastOp::create(builder, location, unionOfAxes(type.getElement(), x.getType()), x).getResult() : x;
}

Value Scope::valueOf(NamedTensorType type) {
  if (chance(75))
    if (Value x = adapted(type))
      return Rules(builder, location).broadcastTo(x, type);
  return input(type);
}

// Sums of what was made, so that all of it counts.
Value Scope::loss(NamedTensorType type, size_t since) {
  Rules b(builder, location);
  Value sum;
  for (Value v : SmallVector<Value>(ArrayRef(values).drop_front(since).take_back(6))) {
    if (!typeOf(v).isFloat())
      continue;
    double share = double(type.getNumElements()) / double(typeOf(v).getNumElements());
    Value part = b.sumTo(b.mul(v, b.constant(std::min(share, 1.0), v)), type);
    sum = sum ? b.add(sum, part) : part;
  }
  return sum ? b.broadcastTo(sum, type) : valueOf(type);
}

// What a loop or a gradient gives, about: a value of the type that it takes or yields.
static void guess(Operation *op, Known &known) {
  SmallVector<Value> alike(op->getRegion(0).front().getTerminator()->getOperands());
  llvm::append_range(alike, op->getOperands());
  for (Value y : op->getResults())
    for (Value v : alike)
      if (v.getType() == y.getType() && !known.of(y))
        known.set(y, known.of(v));
}

// Derivatives pass, and most numbers are numbers.
bool Scope::isFine(Operation *op) {
  auto isFloat = [](Value v) { return isa<NamedTensorType>(v.getType()) && typeOf(v).isFloat(); };
  if (smooth && !isa<DifferentiableOpInterface, GradOp, CustomGradientOp, ForOp, IfOp>(op) &&
      llvm::any_of(op->getOperands(), isFloat) && llvm::any_of(op->getResults(), isFloat))
    return false;
  for (Value y : op->getResults())
    if (interpret::Ref array = known.of(y); array && isFloat(y)) {
      int64_t odd = 0;
      for (int64_t i = 0; i < array->count(); ++i)
        odd += !(std::fabs(array->number(i)) < 1e6);
      if (odd * 2 > array->count() && !chance(8))
        return false;
    }
  return true;
}

Operation *Scope::anyOp() {
  if (!constructs.empty() && chance(12))
    return constructs[below(constructs.size())]();
  RegisteredOperationName name = chance(50) ? pointwise[below(pointwise.size())] : others[below(others.size())];
  bool hasRegion = llvm::is_contained({ForOp::getOperationName(), IfOp::getOperationName(), GradOp::getOperationName(),
                                       CustomGradientOp::getOperationName()},
                                      name.getStringRef());
  if (hasRegion && (depth >= 2 || chance(40)))
    return nullptr;
  Operation *op = name.getInterface<GeneratableOpInterface>()->generate(*this);
  if (auto loop = dyn_cast_if_present<ForOp>(op); loop && smooth && !loop.constantCount()) // has no derivative
    return loop.erase(), nullptr;
  return op;
}

void Scope::grow(uint64_t ops) {
  for (uint64_t tries = 0, made = 0; made < ops && tries < 8 * ops; ++tries) {
    Operation *op = anyOp();
    if (!op)
      continue;
    if (op->getNumRegions())
      guess(op, known);
    if (!isFine(op)) {
      op->erase();
      continue;
    }
    for (Value y : op->getResults())
      values.push_back(y);
    ++made;
  }
}

SmallVector<Value> Scope::fill(Block &block, ArrayRef<Type> wanted, bool smoothly) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&block);
  llvm::SaveAndRestore<unsigned> deeper(depth, depth + 1);
  llvm::SaveAndRestore<bool> smoother(smooth, smooth || smoothly);
  size_t mark = values.size();
  // What a loop starts from, and what is differentiated. Of a sequence's slices nothing is known.
  for (auto [argument, operand] : llvm::zip(block.getArguments(), block.getParentOp()->getOperands())) {
    if (argument.getType() == operand.getType())
      known.set(argument, known.of(operand));
    values.push_back(argument);
  }
  grow(2 + below(5));
  SmallVector<Value> out;
  for (auto [i, type] : llvm::enumerate(wanted)) {
    auto tensor = cast<NamedTensorType>(type);
    out.push_back(smoothly && i == 0 ? loss(tensor, mark) : valueOf(tensor));
  }
  values.resize(mark);
  return out;
}

void Scope::isolated(Block &block, llvm::function_ref<void()> inside) {
  llvm::SaveAndRestore<Block *> place(head, &block);
  auto outerValues = std::exchange(values, {});
  auto outerRead = std::move(read);
  read.clear();
  inside();
  values = std::move(outerValues);
  read = std::move(outerRead);
}

SmallVector<Value> Scope::results(size_t most) {
  SmallVector<Value> unused = llvm::filter_to_vector(values, [](Value v) { return v.use_empty(); });
  SmallVector<Value> out(ArrayRef(unused).take_back(most));
  while (out.size() < most && out.size() < values.size()) {
    if (Value v = oneOf<Value>(values); !llvm::is_contained(out, v))
      out.push_back(v);
    else if (chance(50))
      break;
  }
  return out;
}

} // namespace burin::generate
