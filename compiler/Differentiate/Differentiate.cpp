// Reverse mode over one block: which values vary with the inputs, then one walk back from the loss that asks each op
// for its rule.
#include "compiler/Differentiate/Adjoint.h"
#include "mlir/IR/IRMapping.h"
using namespace mlir;

namespace burin {

LogicalResult reportAt(Location place, const llvm::Twine &message, const llvm::Twine &help) {
  InFlightDiagnostic error = emitError(place, message);
  error.attachNote() << help;
  return error;
}

void Adjoint::give(Value x, Value part, Location location) {
  if (!shared.varying.contains(x))
    return;
  Rules b(builder, location);
  Value &sum = cotangents[x];
  sum = b.broadcastTo(sum ? b.add(sum, part) : part, x.getType());
}

Value Adjoint::zeros(Value like, Location location) {
  Value zero = ConstantOp::create(builder, location, splat(typeOf(like).withoutAxes(), 0));
  return Rules(builder, location).broadcastTo(zero, like.getType());
}

LogicalResult Adjoint::differentiate(Operation &op, Value cotangent) {
  if (auto own = dyn_cast<CustomGradientOp>(op))
    return byItsRule(own, cotangent), success();
  auto differentiable = dyn_cast<DifferentiableOpInterface>(op);
  if (!differentiable)
    return reportAt(op.getLoc(),
                    llvm::Twine("E0604: `") + op.getName().getStringRef() +
                        "` has no derivative, and the loss depends on it",
                    "cut it off with `stop`");
  auto wanted = llvm::map_to_vector(op.getOperands(), [&](Value x) { return shared.varying.contains(x); });
  SmallVector<Value> parts(op.getNumOperands());
  Rules b(builder, op.getLoc());
  b.again = shared.again;
  b.taken = shared.gates.takenBy(op, b);
  if (shared.rule)
    shared.rule(differentiable, b, cotangent, wanted, parts);
  else
    differentiable.cotangents(b, cotangent, wanted, parts);
  for (auto [x, part, want] : llvm::zip(op.getOperands(), parts, wanted)) {
    if (!want || !part)
      continue;
    if (part.getType() != x.getType())
      return op.emitOpError() << "has a rule that gives a cotangent of " << part.getType() << " for an operand of "
                              << x.getType();
    give(x, part, op.getLoc());
  }
  return success();
}

// The region's ops, on the cotangent.
void Adjoint::byItsRule(CustomGradientOp op, Value cotangent) {
  IRMapping values;
  values.map(op.getGradient().getArgument(0), cotangent);
  for (Operation &inner : op.getGradient().front().without_terminator())
    builder.clone(inner, values);
  Rules b(builder, op.getLoc());
  for (auto [x, part] : llvm::zip(op.getInputs(), op.getYield().getValues()))
    if (shared.varying.contains(x))
      give(x, b.sumTo(values.lookupOrDefault(part), x.getType()), op.getLoc());
}

LogicalResult Adjoint::walkBack(Operation *last) {
  for (Operation *op = last, *before = nullptr; op; op = before) {
    before = op->getPrevNode();
    auto hasCotangent = [&](Value result) { return shared.varying.contains(result) && cotangentOf(result); };
    if (llvm::none_of(op->getResults(), hasCotangent))
      continue;
    auto outcome = llvm::TypeSwitch<Operation *, LogicalResult>(op)
                       .Case<ForOp, IfOp>([&](auto o) { return differentiate(o); })
                       .Default([&](Operation *o) { return differentiate(*o, cotangentOf(o->getResult(0))); });
    if (failed(outcome))
      return failure();
  }
  return success();
}

namespace {

/// One grad region.
class Gradient {
public:
  Gradient(GradOp grad, const CotangentRule &rule, Keep keep)
      : grad(grad), shared{rule, bool(grad->getParentOfType<GradOp>()), keep, {}}, builder(grad.getYield()),
        adjoint(shared, builder) {}
  LogicalResult run();

private:
  LogicalResult walkBack();
  void finish();

  GradOp grad;
  Differentiation shared;
  OpBuilder builder;
  Adjoint adjoint;
};

// The loss is seeded with 1, or under mapping with a 1 in every lane: each lane's gradient is that of its own loss only
// if the inputs have the lanes too.
LogicalResult Gradient::walkBack() {
  Value loss = grad.getYield().getValues().front();
  Operation *lastForward = grad.getYield()->getPrevNode();
  Rules b(builder, loss.getLoc());
  if (shared.varying.contains(loss))
    adjoint.give(loss, b.one(loss), loss.getLoc());
  return adjoint.walkBack(lastForward);
}

// The block takes the place of the op.
void Gradient::finish() {
  YieldOp yield = grad.getYield();
  SmallVector<Value> results{yield.getValues().front()};
  for (Value input : grad.getBody().getArguments()) {
    Value gradient = adjoint.cotangentOf(input);
    results.push_back(gradient ? gradient : adjoint.zeros(input, grad.getLoc()));
  }
  llvm::append_range(results, yield.getValues().drop_front());
  Block &body = grad.getBody().front();
  for (auto [i, input] : llvm::enumerate(grad.getInputs())) {
    body.getArgument(i).replaceAllUsesWith(input);
    for (Value &result : results)
      if (result == body.getArgument(i))
        result = input;
  }
  yield.erase();
  grad->getBlock()->getOperations().splice(grad->getIterator(), body.getOperations());
  grad->replaceAllUsesWith(results);
  grad.erase();
}

LogicalResult Gradient::run() {
  if (grad.getOver())
    return grad.emitOpError("names slots: state is promoted before it is differentiated");
  auto loss = typeOf(grad.getYield().getValues().front());
  for (Value input : grad.getInputs())
    for (StringAttr axis : loss.getAxes())
      if (!typeOf(input).hasAxis(axis))
        return reportAt(grad.getLoc(),
                        llvm::Twine("E0602: the loss has the axis `") + axis.getValue() +
                            "`, which what is differentiated lacks",
                        "take the loss's mean or sum over it");
  for (Value input : grad.getBody().getArguments())
    if (typeOf(input).isFloat())
      shared.varying.insert(input);
  findVarying(grad.getBody().front(), shared.varying);
  shared.gates.run(grad.getBody().front(), grad.getYield().getValues().front());
  if (failed(walkBack()))
    return failure();
  finish();
  return success();
}

struct Differentiate : PassWrapper<Differentiate, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Differentiate)
  StringRef getArgument() const final { return "differentiate"; }
  StringRef getDescription() const final { return "burin.grad becomes its forward ops and their adjoints"; }
  explicit Differentiate(Keep keep) { again = keep == Keep::State; }
  Differentiate(const Differentiate &other) : PassWrapper(other) { again = other.again; }
  void runOnOperation() final {
    if (failed(differentiate(getOperation(), {}, again ? Keep::State : Keep::Products)))
      signalPassFailure();
  }
  Option<bool> again{*this, "again", llvm::cl::desc("loops keep what they carry alone, and compute their steps again"),
                     llvm::cl::init(false)};
};

} // namespace

static LogicalResult replace(Operation *within, llvm::function_ref<bool(GradOp)> which, const CotangentRule &rule,
                             Keep keep) {
  SmallVector<GradOp> grads; // a walk in post-order: the innermost come first
  within->walk([&](GradOp grad) {
    if (which(grad))
      grads.push_back(grad);
  });
  for (GradOp grad : grads)
    if (failed(Gradient(grad, rule, keep).run()))
      return failure();
  return success();
}

LogicalResult differentiateOnly(Operation *within, llvm::function_ref<bool(GradOp)> which, const CotangentRule &rule) {
  return replace(within, which, rule, Keep::Products);
}

LogicalResult differentiate(Operation *within, const CotangentRule &rule, Keep keep) {
  if (failed(replace(within, [](GradOp) { return true; }, rule, keep)))
    return failure();
  within->walk([](CustomGradientOp own) {
    own.getResult().replaceAllUsesWith(own.getY());
    own.erase();
  });
  within->walk([](StopOp stop) {
    OpBuilder builder(stop);
    Value x = stop.getX().front();
    stop.getY().replaceAllUsesWith(Rules(builder, stop.getLoc()).broadcastTo(x, stop.getType()));
    stop.erase();
  });
  return success();
}

std::unique_ptr<Pass> createDifferentiate(Keep keep) { return std::make_unique<Differentiate>(keep); }

} // namespace burin
