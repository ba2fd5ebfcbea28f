#include "compiler/Judge/Instance.h"
#include "mlir/IR/Verifier.h"
using namespace mlir;

namespace burin::judge {
namespace {

// Values are the arguments of a function, made as they are asked for: what an instance needs is what it is a function
// of. Sizes are small, of 1 and of more than the 16 lanes of a reduction too.
class Arguments : public Choices {
public:
  Arguments(OpBuilder &builder, func::FuncOp function, uint64_t seed)
      : Choices(builder, function.getLoc(), seed), body(function.getBody().front()) {
    for (const char *name : {"a", "b", "c", "d"})
      axes.push_back({builder.getStringAttr(name), oneOf<int64_t>({1, 1, 2, 2, 3, 3, 4, 5, 18})});
  }

  // Sometimes one that is there: an op may have the same operand twice.
  Value value(Fits fits) override {
    if (chance(25))
      for (Value x : body.getArguments())
        if (fits(typeOf(x)))
          return x;
    for (unsigned tries = 0; tries < 500; ++tries)
      if (auto type = typeWith(element(), {}, unsigned(below(4))); fits(type))
        return valueOf(type);
    return {};
  }
  Value valueOf(NamedTensorType type) override { return body.addArgument(type, location); }

  // Constants in rules are what their element holds, so that f32 shows less: it is there for `cast`.
  Type element() override {
    uint64_t kind = below(100);
    if (kind < 70)
      return builder.getF64Type();
    if (kind < 76)
      return builder.getF32Type();
    if (kind < 79) // a narrow float is summed in f32, and what it is a conversion of or to has its derivative
      return kind < 78 ? Type(builder.getBF16Type()) : Type(builder.getF16Type());
    if (kind < 84)
      return builder.getI1Type();
    if (kind < 92)
      return kind < 88 ? builder.getI32Type() : builder.getI64Type();
    NamedAxis axis = this->axis();
    return AxisIndexType::get(builder.getContext(), axis.name, axis.extent);
  }
  NamedAxis axis() override { return oneOf<NamedAxis>(axes); }
  NamedAxis axisOf(int64_t extent, ArrayRef<StringAttr> taken) override {
    for (unsigned i = 0;; ++i) // of one extent each, apart from the others
      if (auto name = builder.getStringAttr(fmt::format("r{}.{}", extent, i)); !llvm::is_contained(taken, name))
        return {name, extent};
  }
  bool isSmall(NamedTensorType type) override { return type.getNumElements() <= 40; }
  SmallVector<Value> fill(Block &, ArrayRef<Type>, bool) override { return {}; } // no op with a region has a rule

private:
  Block &body;
  SmallVector<NamedAxis> axes;
};

func::FuncOp makeFunction(ModuleOp module, const llvm::Twine &name, ArrayRef<Type> inputs) {
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function = func::FuncOp::create(builder, module.getLoc(), name.str(), builder.getFunctionType(inputs, {}));
  function.setPrivate();
  function.addEntryBlock();
  return function;
}
void endFunction(func::FuncOp function, ValueRange results) {
  OpBuilder builder = OpBuilder::atBlockEnd(&function.getBody().front());
  func::ReturnOp::create(builder, function.getLoc(), results);
  function.setFunctionType(builder.getFunctionType(function.getBody().getArgumentTypes(), results.getTypes()));
}

// Builds the functions of one instance; none of them is left if it fails.
class Maker {
public:
  Maker(ModuleOp module, RegisteredOperationName op, uint64_t seed)
      : module(module), builder(module.getContext()), instance{op, seed, {}, {}, {}, {}},
        value(makeFunction(module, fmt::format("value.{:x}", seed), {})), choices(builder, value, seed) {}

  std::optional<Instance> make() {
    if (!makeValue()) {
      value.erase();
      return std::nullopt;
    }
    makeLoss();
    makeGradients();
    return instance;
  }

private:
  bool makeValue();
  void makeLoss();
  void makeGradients();
  Value lossOf(OpBuilder &builder, ValueRange x, Value w);
  Value sumOfProducts(Rules &b, ValueRange gradients, ValueRange directions);

  ModuleOp module;
  OpBuilder builder;
  Instance instance;
  func::FuncOp value;
  Arguments choices;
  SmallVector<StringAttr> lanes; ///< axes that the loss keeps
};

bool Maker::makeValue() {
  auto *generatable = instance.op.getInterface<GeneratableOpInterface>();
  builder.setInsertionPointToEnd(&value.getBody().front());
  Operation *op = generatable ? generatable->generate(choices) : nullptr;
  if (!op || op->getNumResults() != 1 || failed(verify(op)))
    return false;
  op->setAttr(judged, builder.getUnitAttr());
  Value z = op->getResult(0);
  if (!typeOf(z).isFloat()) // numbers only: nothing but `cast` leads to others
    z = Rules(builder, op->getLoc()).cast(z, builder.getF64Type());
  for (auto [i, type] : llvm::enumerate(value.getBody().getArgumentTypes()))
    if (cast<NamedTensorType>(type).isFloat() && (instance.varied.empty() || choices.chance(60)))
      instance.varied.push_back(unsigned(i));
  endFunction(value, z);
  instance.value = value;
  for (StringAttr axis : typeOf(z).getAxes())
    if (choices.chance(30) &&
        llvm::all_of(instance.varied, [&](unsigned i) { return instance.typeOfInput(i).hasAxis(axis); }))
      lanes.push_back(axis);
  return !instance.varied.empty();
}

// The value's ops again, and the sum of w z.
Value Maker::lossOf(OpBuilder &builder, ValueRange x, Value w) {
  IRMapping mapping;
  mapping.map(value.getArguments(), x);
  Block &body = value.getBody().front();
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping);
  Rules b(builder, value.getLoc());
  Value product = b.mul(mapping.lookup(body.getTerminator()->getOperand(0)), w);
  SmallVector<StringAttr> over;
  for (StringAttr axis : typeOf(product).getAxes())
    if (!llvm::is_contained(lanes, axis))
      over.push_back(axis);
  return over.empty() ? product : b.reduceSum(product, over);
}

void Maker::makeLoss() {
  SmallVector<Type> inputs(value.getArgumentTypes());
  inputs.push_back(instance.typeOfValue());
  instance.loss = makeFunction(module, "loss." + value.getName(), inputs);
  auto arguments = instance.loss.getArguments();
  builder.setInsertionPointToEnd(&instance.loss.getBody().front());
  Value loss = lossOf(builder, arguments.drop_back(), arguments.back());
  endFunction(instance.loss, loss);
}

// Σ v · gradient, with the axes that the loss keeps: every gradient has them.
Value Maker::sumOfProducts(Rules &b, ValueRange gradients, ValueRange directions) {
  SmallVector<int64_t> sizes;
  for (StringAttr axis : lanes)
    sizes.push_back(typeOf(gradients[0]).extentOf(axis));
  auto type = NamedTensorType::get(builder.getContext(), builder.getF64Type(), sizes, lanes);
  Value sum;
  for (auto [gradient, direction] : llvm::zip_equal(gradients, directions)) {
    Value product = b.cast(b.mul(gradient, direction), builder.getF64Type());
    product = b.sumTo(product, type);
    sum = sum ? b.add(sum, product) : product;
  }
  return sum;
}

GradOp makeGrad(OpBuilder &builder, Location location, ValueRange inputs, TypeRange results) {
  auto grad = GradOp::create(builder, location, results, inputs, ArrayAttr());
  Block &body = grad.getBody().emplaceBlock();
  for (Type type : inputs.getTypes())
    body.addArgument(type, location);
  builder.setInsertionPointToEnd(&body);
  return grad;
}

void Maker::makeGradients() {
  unsigned count = value.getNumArguments();
  SmallVector<Type> inputs(instance.loss.getArgumentTypes());
  for (unsigned i : instance.varied)
    inputs.push_back(instance.typeOfInput(i));
  instance.gradients = makeFunction(module, "gradients." + value.getName(), inputs);
  Block &body = instance.gradients.getBody().front();
  SmallVector<Value> x(body.getArguments().take_front(count)), varied;
  for (unsigned i : instance.varied)
    varied.push_back(x[i]);
  Location location = value.getLoc();
  Type lossType = instance.loss.getResultTypes()[0];
  SmallVector<Type> types(ValueRange(varied).getTypes()), inner{lossType}, outer;
  llvm::append_range(inner, types);
  outer.push_back(NamedTensorType::get(builder.getContext(), builder.getF64Type(),
                                       cast<NamedTensorType>(lossType).getSizes(), lanes));
  llvm::append_range(outer, types);
  llvm::append_range(outer, types);

  auto gradient = [&](ValueRange of) {
    auto grad = makeGrad(builder, location, of, inner);
    for (auto [i, argument] : llvm::zip_equal(instance.varied, grad.getBody().getArguments()))
      x[i] = argument;
    YieldOp::create(builder, location, lossOf(builder, x, body.getArgument(count)));
    builder.setInsertionPointAfter(grad);
    return grad;
  };
  builder.setInsertionPointToEnd(&body);
  auto alone = gradient(varied);
  auto second = makeGrad(builder, location, varied, outer);
  auto first = gradient(second.getBody().getArguments());
  Rules b(builder, location);
  SmallVector<Value> yielded{
      sumOfProducts(b, first.getResults().drop_front(), body.getArguments().drop_front(count + 1))};
  llvm::append_range(yielded, first.getResults().drop_front());
  YieldOp::create(builder, location, yielded);
  SmallVector<Value> results(alone.getResults().drop_front());
  llvm::append_range(results, second.getResults().take_back(types.size()));
  llvm::append_range(results, second.getResults().slice(1, types.size()));
  endFunction(instance.gradients, results);
}

} // namespace

static Operation *judgedOp(func::FuncOp function) {
  for (Operation &op : function.getBody().front())
    if (op.hasAttr(judged))
      return &op;
  llvm_unreachable("an instance has the op that it is of");
}

std::string Instance::name() const {
  auto kind = judgedOp(value)->getAttrOfType<StringAttr>("kind");
  return op.stripDialect().str() + (kind ? " " + kind.getValue().str() : "");
}

// Whether the axes that a has are in another order in b.
static bool isReordered(NamedTensorType a, NamedTensorType b) {
  SmallVector<int> places;
  for (StringAttr axis : a.getAxes())
    if (b.hasAxis(axis))
      places.push_back(b.axisPosition(axis));
  return !llvm::is_sorted(places);
}

Instance::Shapes Instance::shapes() const {
  Operation *op = judgedOp(value);
  auto y = typeOf(op->getResult(0));
  func::FuncOp loss = this->loss;
  Shapes shapes{false, false, false, !cast<NamedTensorType>(loss.getResultTypes()[0]).getAxes().empty(), false};
  for (auto [i, x] : llvm::enumerate(op->getOperands())) {
    auto type = typeOf(x);
    shapes.sizeOne |= llvm::is_contained(type.getSizes(), 1);
    shapes.reordered |= isReordered(type, y);
    shapes.lacking |= llvm::any_of(op->getOperandTypes(), [&](Type other) {
      return llvm::any_of(cast<NamedTensorType>(other).getAxes(), [&](StringAttr axis) { return !type.hasAxis(axis); });
    });
    shapes.twice |= llvm::is_contained(op->getOperands().take_front(i), x);
  }
  return shapes;
}

void Instance::erase() {
  for (func::FuncOp function : {value, loss, gradients})
    function.erase();
}

std::optional<Instance> makeInstance(ModuleOp module, RegisteredOperationName op, uint64_t seed) {
  return Maker(module, op, seed).make();
}

} // namespace burin::judge
