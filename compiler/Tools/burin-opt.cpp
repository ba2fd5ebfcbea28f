// The passes on IR in text: for tests, and for reading what a stage does.
#include "compiler/Codegen/Math.h"
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/Interpret/Interpret.h"
#include "compiler/Judge/Judge.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Tools/TestPasses.h"
#include "dialects/Task/Task.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<burin::BurinDialect, burin::task::TaskDialect, mlir::func::FuncDialect, mlir::arith::ArithDialect,
                  mlir::math::MathDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect,
                  mlir::memref::MemRefDialect, mlir::LLVM::LLVMDialect>();
  mlir::func::registerInlinerExtension(registry);
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  burin::registerGraphToGrad();
  burin::registerInterpretPass();
  burin::registerJudgePass();
  burin::registerTestPasses();
  mlir::registerPass([] { return burin::createFormKernels(); });
  mlir::registerPass([] { return burin::createExpandMath(); });
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "burin-opt: Burin's passes\n", registry));
}
