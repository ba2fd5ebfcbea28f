#include "compiler/Transforms/Inline/Inline.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Transforms/Inliner.h"
#include "mlir/Transforms/InliningUtils.h"
using namespace mlir;

namespace burin {
namespace {

struct Inline : PassWrapper<Inline, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Inline)
  StringRef getArgument() const final { return "inline-calls"; }
  StringRef getDescription() const final { return "functions where they are called"; }

  void runOnOperation() final {
    ModuleOp module = getOperation();
    for (auto function : module.getOps<func::FuncOp>())
      functions[function.getSymNameAttr()] = function;
    for (Operation &op : *module.getBody())
      if (failed(inlineInto(&op)))
        return signalPassFailure();
    for (auto [name, function] : functions)
      if (function.isPrivate() && !function.isDeclaration())
        function.erase();
    functions.clear(), states.clear();
  }

private:
  enum State { Open, Done };

  LogicalResult inlineInto(Operation *top) {
    auto [state, isNew] = states.try_emplace(top, Open);
    if (!isNew)
      return success();
    SmallVector<func::CallOp> calls;
    top->walk([&](func::CallOp call) { calls.push_back(call); });
    for (func::CallOp call : calls)
      if (failed(replace(call)))
        return failure();
    states[top] = Done;
    return success();
  }

  LogicalResult replace(func::CallOp call) {
    func::FuncOp callee = functions.lookup(call.getCalleeAttr().getAttr());
    if (!callee || callee.isDeclaration())
      return success();
    if (auto found = states.find(callee); found != states.end() && found->second == Open)
      return call.emitError() << "`" << callee.getSymName() << "` calls itself";
    if (failed(inlineInto(callee)))
      return failure();
    InlinerInterface interface(&getContext());
    if (failed(inlineCall(interface, InlinerConfig().getCloneCallback(), call, callee, &callee.getBody())))
      return call.emitError() << "`" << callee.getSymName() << "` can't stand here";
    call.erase();
    return success();
  }

  DenseMap<StringAttr, func::FuncOp> functions;
  DenseMap<Operation *, State> states;
};

} // namespace

std::unique_ptr<Pass> createInline() { return std::make_unique<Inline>(); }

} // namespace burin
