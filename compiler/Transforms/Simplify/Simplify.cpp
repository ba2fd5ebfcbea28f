// Laws and common subexpressions in turn, until nothing changes.
#include "compiler/Transforms/Simplify/Simplify.h"
#include "compiler/Transforms/Loops/Loops.h"
#include "dialects/Task/Task.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
using namespace mlir;

namespace burin {
namespace {

struct Simplify : PassWrapper<Simplify, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Simplify)
  Simplify() = default;
  explicit Simplify(SimplifyOptions options) {
    rounds = options.rounds;
    constants = options.constants;
  }
  Simplify(const Simplify &other) : PassWrapper(other) {
    rounds = other.rounds;
    constants = other.constants;
  }
  StringRef getArgument() const final { return "simplify"; }
  StringRef getDescription() const final {
    return "laws of algebra, constant folding, common subexpressions, dead code";
  }
  void getDependentDialects(DialectRegistry &registry) const final {
    registry
        .insert<BurinDialect, arith::ArithDialect, math::MathDialect>(); // constants are folded through scalar bodies
  }
  LogicalResult initialize(MLIRContext *context) final {
    RewritePatternSet laws(context);
    populateAlgebraicLaws(laws);
    populateAxisLaws(laws);
    populateWindowLaws(laws);
    populateLoopLaws(laws);
    if (constants)
      populateConstantFolds(laws);
    patterns = FrozenRewritePatternSet(std::move(laws));
    return success();
  }
  void runOnOperation() final {
    GreedyRewriteConfig config;
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    for (unsigned round = 0; round < rounds; ++round) {
      bool merged = false;
      // Where the driver's own bound ends it, what is left is right, and the next round goes on.
      bool settled = succeeded(applyPatternsGreedily(getOperation(), patterns, config));
      IRRewriter rewriter(&getContext());
      DominanceInfo dominance(getOperation());
      eliminateCommonSubExpressions(rewriter, dominance, getOperation(), &merged);
      if (!hoistInvariants(getOperation()) && settled && !merged)
        break;
    }
  }
  Option<unsigned> rounds{*this, "rounds", llvm::cl::desc("rounds at most"), llvm::cl::init(8)};
  Option<bool> constants{*this, "constants", llvm::cl::desc("fold operations on known numbers"), llvm::cl::init(true)};
  FrozenRewritePatternSet patterns;
};

} // namespace

std::unique_ptr<Pass> createSimplify(SimplifyOptions options) { return std::make_unique<Simplify>(options); }

} // namespace burin
