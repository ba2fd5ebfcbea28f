// Passes that only tests need: they let a module of `task.expect`s run as machine code, which knows none.
#include "compiler/Tools/TestPasses.h"
#include "compiler/Import/Import.h"
#include "dialects/Task/Task.h"
#include "mlir/Pass/Pass.h"
using namespace mlir;

namespace burin {
namespace {

// Tasks get their constants from slots that the first task sets: nothing can be computed before the program runs.
struct ConstantsToSlots : PassWrapper<ConstantsToSlots, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ConstantsToSlots)
  StringRef getArgument() const override { return "test-constants-to-slots"; }
  StringRef getDescription() const override { return "move tasks' constants with axes into slots"; }

  task::TaskOp initialise(OpBuilder &builder) {
    for (auto task : getOperation().getOps<task::TaskOp>())
      if (task.getInitialise())
        return task;
    auto seed = NamedTensorType::scalar(builder.getI64Type());
    auto task =
        task::TaskOp::create(builder, builder.getUnknownLoc(), initialiseName, builder.getFunctionType({seed}, {}));
    task.setInitialise(true);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&task.block());
    task::ReturnOp::create(builder, task.getLoc());
    return task;
  }

  void runOnOperation() override {
    OpBuilder builder(getOperation().getBodyRegion());
    auto first = initialise(builder);
    SmallVector<ConstantOp> constants;
    for (auto task : getOperation().getOps<task::TaskOp>())
      if (task != first)
        task.walk([&](ConstantOp op) {
          if (!typeOf(op.getY()).getAxes().empty())
            constants.push_back(op);
        });
    for (auto [i, constant] : llvm::enumerate(constants)) {
      std::string name = "constant." + std::to_string(i);
      builder.setInsertionPoint(first);
      task::SlotOp::create(builder, constant.getLoc(), name, "state", constant.getY().getType());
      builder.setInsertionPoint(first.block().getTerminator());
      Value copy = builder.clone(*constant)->getResult(0);
      task::SetOp::create(builder, constant.getLoc(), name, copy);
      builder.setInsertionPoint(constant);
      Value value = task::GetOp::create(builder, constant.getLoc(), constant.getY().getType(), name);
      constant.replaceAllUsesWith(value);
      constant.erase();
    }
  }
};

// task.expect becomes a record: 1 where the values agree by the same rule as the interpreter's.
struct ExpectToRecord : PassWrapper<ExpectToRecord, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ExpectToRecord)
  StringRef getArgument() const override { return "test-expect-to-record"; }
  StringRef getDescription() const override { return "record whether expected values are found"; }

  static Value agreement(Rules &b, Value found, Value expected, double tolerance) {
    Value same = b.eq(found, expected);
    if (!typeOf(found).isFloat())
      return same;
    auto op = [&](auto kind, ValueRange x) -> Value { return decltype(kind)::create(b.builder, b.location, x); };
    Value distance = op(AbsOp(), {b.sub(found, expected)}),
          size = op(MaxOp(), {op(AbsOp(), {expected}), b.one(expected)});
    Value near = b.le(distance,
                      b.mul(b.constant(tolerance, expected), size)); // of infinities: inf <= inf, so they are taken out
    Value finite = b.lt(op(AbsOp(), {expected}), b.constant(INFINITY, expected));
    Value neither = op(AndOp(), {op(NeOp(), {found, found}), op(NeOp(), {expected, expected})});
    return op(OrOp(), {op(OrOp(), {same, op(AndOp(), {near, finite})}), neither});
  }

  void runOnOperation() override {
    getOperation().walk([&](task::ExpectOp op) {
      OpBuilder builder(op);
      Rules b(builder, op.getLoc());
      Value all = agreement(b, op.getFound(), op.getExpected(), op.getTolerance().convertToDouble());
      if (!typeOf(all).getAxes().empty())
        all = ReduceOp::create(builder, op.getLoc(), "all", all, typeOf(all).getAxes());
      auto line = op.getLoc()->findInstanceOf<FileLineColLoc>();
      task::RecordOp::create(builder, op.getLoc(), "line " + std::to_string(line ? line.getLine() : 0),
                             b.cast(all, builder.getI64Type()));
      op.erase();
    });
  }
};

// A fault: operands of subtractions of tensors change places.
struct Miscompile : PassWrapper<Miscompile, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Miscompile)
  StringRef getArgument() const override { return "test-miscompile"; }
  StringRef getDescription() const override { return "exchange the operands of subtractions: a fault to be found"; }
  void runOnOperation() override {
    getOperation().walk([](SubOp op) {
      auto task = op->getParentOfType<task::TaskOp>();
      if (task && !task.getInitialise() && !typeOf(op.getY()).getAxes().empty())
        op->setOperands({op.getX()[1], op.getX()[0]});
    });
  }
};
} // namespace

void registerTestPasses() {
  PassRegistration<Miscompile>();
  PassRegistration<ConstantsToSlots>();
  PassRegistration<ExpectToRecord>();
}

} // namespace burin
