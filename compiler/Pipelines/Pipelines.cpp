// Order of the stages. Each pass's header says what it leaves.
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/PromoteState/PromoteState.h"
#include "compiler/Transforms/Inline/Inline.h"
#include "compiler/Transforms/Loops/Loops.h"
#include "mlir/Pass/PassRegistry.h"
using namespace mlir;

namespace burin {

void buildGraphToValues(OpPassManager &passes, bool segments) {
  // Callees are inlined as they are: what can be simplified is seen better in one piece.
  passes.addPass(createInline());
  passes.addPass(createPromoteState());
  if (segments)
    passes.addPass(createSegmentLoops());
  passes.addPass(createRaiseSequences());
}

void buildGraphToAdjoints(OpPassManager &passes, Keep keep, bool segments) {
  buildGraphToValues(passes, segments);
  passes.addPass(createDifferentiate(keep));
}

void buildGraphToGrad(OpPassManager &passes, const GraphToGradOptions &options) {
  buildGraphToAdjoints(passes, options.keep, options.segments);
  passes.addPass(createSimplify(options.simplify));
  passes.addPass(createTileSets(options.tileSets));
  passes.addPass(createSimplify(options.simplify));
}

void registerGraphToGrad() {
  registerPass([] { return createInline(); });
  registerPass([] { return createPromoteState(); });
  registerPass([] { return createSegmentLoops(); });
  registerPass([] { return createRaiseSequences(); });
  registerPass([] { return createDifferentiate(); });
  registerPass([] { return createSimplify(); });
  registerPass([] { return createTileSets(); });
  PassPipelineRegistration<>("graph-to-grad",
                             "inline calls, promote state, raise sequences, differentiate, simplify, tile sets",
                             [](OpPassManager &passes) { buildGraphToGrad(passes); });
}

} // namespace burin
