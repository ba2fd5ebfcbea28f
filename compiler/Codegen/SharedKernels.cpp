// Which kernels threads share, and how they are cut: by shape alone, so the same on every machine.
//
// Times are rough: a core of some 30 element operations a nanosecond, 16 bytes a nanosecond from its caches. They
// decide what is worth handing over, never a result.
#include "compiler/Codegen/KernelKinds.h"
#include "compiler/FormKernels/Views.h"
#include "mlir/Dialect/Math/IR/Math.h"
using namespace mlir;
using namespace burin;

namespace {
constexpr int64_t operations = 32, bytes = 16; ///< a nanosecond
constexpr int64_t shortestStep = 100'000;      ///< of shared kernels, that threads are woken for
constexpr int64_t shortestKernel = 20'000;     ///< to hand pieces over and wait for the last takes some 2 µs
constexpr int64_t shortestPiece = 5'000;
constexpr int64_t elementary = 20, random = 100; ///< operations of exp, log …; of a draw

// Operations for one element of an op's result: those of its scalar body.
int64_t operationsOf(Operation *op) {
  auto pointwise = dyn_cast<PointwiseOpInterface>(op);
  if (!pointwise)
    return isa<RandomOp>(op) ? random : 1;
  Block body;
  OpBuilder builder(op->getContext());
  builder.setInsertionPointToEnd(&body);
  ScalarBuilder b(builder, op->getLoc());
  SmallVector<Value> operands;
  for (Value x : op->getOperands())
    operands.push_back(body.addArgument(computeType(typeOf(x).getElement()), op->getLoc()));
  pointwise.scalar(b, operands);
  int64_t count = 0;
  body.walk([&](Operation *inner) {
    if (!isa<arith::ConstantOp>(inner))
      count += isa<math::MathDialect>(inner->getDialect()) && !isa<math::FmaOp, math::AbsFOp>(inner) ? elementary : 1;
  });
  return count;
}

int64_t elementsOf(Type type) { return cast<NamedTensorType>(type).getNumElements(); }
} // namespace

int64_t burin::workOf(func::FuncOp kernel) {
  double time = 0;
  for (Type type : llvm::concat<const Type>(kernel.getArgumentTypes(), kernel.getResultTypes()))
    if (auto tensor = cast<NamedTensorType>(type); !ShapedType::isDynamicShape(tensor.getShape())) // else a few rows
      time += double(tensor.getNumElements()) * double(byteSize(tensor.getElement())) / bytes;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if (auto contract = dyn_cast<ContractOp>(op)) {
      double summed = 1;
      for (StringAttr axis : axisNames(contract.getOver()))
        summed *= double(typeOf(contract.getLhs()).extentOf(axis));
      time += double(elementsOf(contract.getY().getType())) * summed / operations;
    } else if (!isa<ConstantOp>(op) && (!isView(&op) || op.use_empty() || isa<func::ReturnOp>(*op.user_begin()))) {
      time += double(domainOf(&op).getNumElements()) * double(operationsOf(&op)) / operations;
    }
  }
  return int64_t(std::min(time, 1e15));
}

int64_t burin::pieceOf(SharedLoop loop, int64_t work) {
  int64_t units = loop.units(), unitWork = std::max<int64_t>(1, work / units);
  return loop.unit * int64_t(llvm::divideCeil(shortestPiece, unitWork));
}

void burin::shareKernels(ModuleOp module, const Machine &machine) {
  module.walk([&](Block *block) {
    SmallVector<func::FuncOp> kernels;
    int64_t step = 0;
    for (auto launch : block->getOps<task::LaunchOp>()) {
      auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(launch, launch.getKernelAttr());
      if (int64_t work = workOf(kernel); work >= shortestKernel || machine.allPieces)
        step += work, kernels.push_back(kernel);
    }
    if (step >= shortestStep || machine.allPieces)
      for (func::FuncOp kernel : kernels)
        kernel->setAttr(sharedAttr, UnitAttr::get(module.getContext()));
  });
}
