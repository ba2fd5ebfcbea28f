#include "compiler/Tools/GradientChecks.h"
#include "compiler/Interpret/Gradcheck.h"
#include "compiler/Interpret/Interpret.h"
#include "compiler/Pipelines/Pipelines.h"
#include <fcntl.h>
#include <unistd.h>
using namespace mlir;

namespace burin {

// The gradients of an op's operands, twice what they are.
static CotangentRule doubled(const std::string &name) {
  return [=](DifferentiableOpInterface op, Rules &b, Value dy, ArrayRef<bool> wanted, MutableArrayRef<Value> dx) {
    op.cotangents(b, dy, wanted, dx);
    if (op->getName().stripDialect() == name)
      for (Value &x : dx)
        if (x)
          x = AddOp::create(b.builder, b.location, x.getType(), ValueRange{x, x});
  };
}

LogicalResult GradientChecks::takeFrom(ModuleOp module, const std::string &wrongRule) {
  SmallVector<task::GradcheckOp> checks;
  module.walk([&](task::GradcheckOp op) { checks.push_back(op); });
  if (checks.empty())
    return success();
  losses = module.clone();
  for (task::GradcheckOp op : checks)
    op.erase();
  PassManager passes(module.getContext());
  buildGraphToValues(passes);
  if (failed(passes.run(*losses)))
    return failure();
  gradients = losses->clone();
  if (!wrongRule.empty())
    rule = doubled(wrongRule);
  auto others = [](GradOp grad) { return !interpret::isChecked(grad); };
  return success(succeeded(differentiate(*gradients, rule)) && succeeded(differentiateOnly(*losses, others, rule)));
}

int GradientChecks::run(const std::string &test, InterpretOptions options) {
  bool any = false;
  if (losses)
    for (auto task : losses->getOps<task::TaskOp>())
      if (task.getSymName() == test)
        task.walk([&](task::GradcheckOp) { any = true; });
  if (!any)
    return 0;
  fflush(stdout);
  int out = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO), close(nowhere);
  GradientCheck check;
  check.rule = rule;
  options.gradients = &check;
  int code = interpretProgram(*gradients, options);
  check.collected = true;
  if (code == 0)
    code = interpretProgram(*losses, options);
  fflush(stdout);
  dup2(out, STDOUT_FILENO), close(out);
  return code;
}

} // namespace burin
