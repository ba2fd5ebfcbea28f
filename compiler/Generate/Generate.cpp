// Programs around the ops: tasks, options, functions, slots, records, loops that users see, gradients over slots.
#include "compiler/Generate/Generate.h"
#include "compiler/Generate/Scope.h"
#include "llvm/Support/SaveAndRestore.h"
using namespace mlir;

namespace burin {
namespace {
using generate::Inputs, generate::Known, generate::Scope;

class ProgramMaker {
public:
  ProgramMaker(ModuleOp module, Inputs &inputs, Known &known, uint64_t seed, unsigned size)
      : module(module), inputs(inputs), known(known), builder(module.getBodyRegion(), &known), size(size),
        name("p" + std::to_string(seed)), scope(builder, inputs, known, seed) {}
  void make();

private:
  task::TaskOp begin();
  void end(task::TaskOp task);
  void declareStates();
  Operation *call();
  func::FuncOp function(ArrayRef<Value> arguments);
  Operation *get();
  Operation *set();
  Operation *record();
  Operation *seenLoop();
  Operation *gradOverSlots();
  std::string fresh(const char *kind) { return name + "." + kind + std::to_string(numbers++); }

  ModuleOp module;
  Inputs &inputs;
  Known &known;
  OpBuilder builder;
  unsigned size;
  std::string name;
  Scope scope;
  unsigned numbers = 0;
  bool inFunction = false;
};

// The seed, and sometimes numbers that the command line may give.
task::TaskOp ProgramMaker::begin() {
  auto i64 = NamedTensorType::scalar(builder.getI64Type()), f32 = NamedTensorType::scalar(builder.getF32Type());
  SmallVector<Type> types{i64};
  SmallVector<Attribute> options;
  auto option = [&](Type type, const char *option, Attribute initial) {
    types.push_back(type);
    options.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr("name", builder.getStringAttr(option)), builder.getNamedAttr("default", initial)}));
  };
  if (scope.chance(30))
    option(i64, "n", builder.getI64IntegerAttr(int64_t(scope.below(7))));
  if (scope.chance(20))
    option(f32, "x", builder.getF32FloatAttr(float(scope.below(100)) / 16));
  builder.setInsertionPointToEnd(module.getBody());
  auto task = task::TaskOp::create(builder, builder.getUnknownLoc(), name, builder.getFunctionType(types, {}));
  if (!options.empty())
    task.setOptionsAttr(builder.getArrayAttr(options));
  scope.setHead(task.block());
  builder.setInsertionPointToEnd(&task.block());
  builder.setInsertionPoint(task::ReturnOp::create(builder, task.getLoc()));
  for (Value argument : task.block().getArguments()) {
    auto array = interpret::allocate(typeOf(argument), {});
    known.set(argument, array);
    scope.add(argument);
  }
  return task;
}

void ProgramMaker::declareStates() {
  for (uint64_t n = scope.below(3); n > 0; --n) {
    auto type = scope.typeWith(scope.element(), {}, unsigned(scope.below(3)));
    std::string state = fresh("state");
    inputs.declare(state, type);
    scope.states.push_back({builder.getStringAttr(state), type});
  }
}

// Everything that can be written is: results, recorded or in a file; states as they are at the end.
void ProgramMaker::end(task::TaskOp task) {
  SmallVector<Attribute> slots, names;
  auto save = [&](StringAttr slot) {
    slots.push_back(FlatSymbolRefAttr::get(slot));
    names.push_back(slot);
  };
  for (auto [i, v] : llvm::enumerate(scope.results(6))) {
    StringAttr slot = inputs.output(typeOf(v), unsigned(i));
    task::SetOp::create(builder, task.getLoc(), slot, v);
    save(slot);
  }
  for (auto &[slot, type] : scope.states)
    save(slot);
  task::SaveOp::create(builder, task.getLoc(), TypeRange(), name + ".safetensors", builder.getArrayAttr(slots),
                       builder.getArrayAttr(names), ValueRange());
}

func::FuncOp ProgramMaker::function(ArrayRef<Value> arguments) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module.getBody());
  SmallVector<Type> results;
  for (uint64_t n = 1 + scope.below(2); n > 0; --n)
    results.push_back(scope.typeWith(scope.element(), {}, unsigned(scope.below(3))));
  auto types = ValueRange(arguments).getTypes();
  auto f = func::FuncOp::create(builder, builder.getUnknownLoc(), fresh("function"),
                                builder.getFunctionType(types, results));
  f.setPrivate();
  Block &body = *f.addEntryBlock();
  builder.setInsertionPointToEnd(&body);
  scope.isolated(body, [&] {
    for (auto [inside, outside] : llvm::zip(body.getArguments(), arguments)) {
      known.set(inside, known.of(outside));
      scope.add(inside);
    }
    llvm::SaveAndRestore<bool> noInner(inFunction, true);
    scope.grow(2 + scope.below(4));
    SmallVector<Value> values;
    for (Type type : results)
      values.push_back(scope.valueOf(cast<NamedTensorType>(type)));
    func::ReturnOp::create(builder, f.getLoc(), values);
  });
  return f;
}

// A function is called once or twice, also with other values.
Operation *ProgramMaker::call() {
  if (inFunction || scope.smooth)
    return nullptr;
  SmallVector<Value> arguments;
  for (uint64_t n = scope.below(4); n > 0; --n)
    if (Value x = scope.value([](NamedTensorType) { return true; }))
      arguments.push_back(x);
  func::FuncOp f = function(arguments);
  if (scope.chance(40)) {
    for (Value v : func::CallOp::create(builder, f.getLoc(), f, arguments).getResults())
      scope.add(v);
    for (Value &x : arguments)
      x = scope.valueOf(typeOf(x));
  }
  return func::CallOp::create(builder, f.getLoc(), f, arguments);
}

Operation *ProgramMaker::get() {
  if (scope.states.empty())
    return nullptr;
  auto [slot, type] = scope.states[scope.below(scope.states.size())];
  auto op = task::GetOp::create(builder, builder.getUnknownLoc(), type, slot);
  known.set(op.getValue(), inputs.firstValue(slot));
  return op;
}
Operation *ProgramMaker::set() {
  if (scope.states.empty() || scope.smooth)
    return nullptr;
  auto [slot, type] = scope.states[scope.below(scope.states.size())];
  return task::SetOp::create(builder, builder.getUnknownLoc(), slot, scope.valueOf(type));
}

Operation *ProgramMaker::record() {
  Value x = scope.value([](NamedTensorType type) {
    return type.getAxes().empty() && isNumber(type.getElement()) && !type.getElement().isUnsignedInteger();
  });
  Operation *around = builder.getInsertionBlock()->getParentOp();
  bool inRule = isa<CustomGradientOp>(around) || around->getParentOfType<CustomGradientOp>(); // it has no effects
  return x && !inFunction && !inRule
             ? task::RecordOp::create(builder, builder.getUnknownLoc(), fresh("record"), x).getOperation()
             : nullptr;
}

// A loop with the user's name: it shows in records.
Operation *ProgramMaker::seenLoop() {
  if (scope.depth || inFunction)
    return nullptr;
  Operation *op = ForOp::generate(scope);
  if (op)
    cast<ForOp>(op).setName("i");
  return op;
}

// As imported: what is differentiated is named by slots.
Operation *ProgramMaker::gradOverSlots() {
  SmallVector<Attribute> over;
  SmallVector<Type> results{NamedTensorType::scalar(builder.getF32Type())};
  for (auto &[slot, type] : scope.states)
    if (type.isFloat()) {
      over.push_back(FlatSymbolRefAttr::get(slot));
      results.push_back(type);
    }
  if (over.empty() || scope.smooth || scope.depth >= 2)
    return nullptr;
  auto grad = GradOp::create(builder, builder.getUnknownLoc(), results, ValueRange(), builder.getArrayAttr(over));
  Block &body = grad.getBody().emplaceBlock();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&body);
  for (auto &[slot, type] : scope.states)
    if (type.isFloat()) {
      scope.add(task::GetOp::create(builder, grad.getLoc(), type, slot));
      known.set(scope.last(), inputs.firstValue(slot));
    }
  SmallVector<Value> loss = scope.fill(body, results[0], true);
  scope.dropLast(over.size());
  YieldOp::create(builder, grad.getLoc(), loss);
  return grad;
}

void ProgramMaker::make() {
  task::TaskOp task;
  declareStates();
  auto construct = [&](Operation *(ProgramMaker::*make)()) {
    scope.constructs.push_back([this, make] { return (this->*make)(); });
  };
  construct(&ProgramMaker::call);
  construct(&ProgramMaker::get);
  construct(&ProgramMaker::set);
  construct(&ProgramMaker::record);
  construct(&ProgramMaker::seenLoop);
  construct(&ProgramMaker::gradOverSlots);
  task = begin();
  scope.grow(size / 2 + scope.below(size));
  end(task);
}
} // namespace

OwningOpRef<ModuleOp> generatePrograms(MLIRContext &context, const GenerateOptions &options) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  Known known;
  Inputs inputs(*module, known);
  for (uint64_t seed = options.seed; seed < options.seed + options.count; ++seed)
    ProgramMaker(*module, inputs, known, seed, options.size).make();
  return module;
}

} // namespace burin
