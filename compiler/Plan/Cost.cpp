#include "compiler/Plan/Cost.h"
#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/Math.h"
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/Plan/Plan.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/SetVector.h"
using namespace mlir;
using namespace burin;

void Cost::add(const Cost &other, uint64_t times) {
  arithmetic.add(other.arithmetic, times);
  read = llvm::SaturatingMultiplyAdd(other.read, times, read);
  written = llvm::SaturatingMultiplyAdd(other.written, times, written);
}

// What a processor counts as arithmetic on floats.
static unsigned operations(Operation *op) {
  if (isa<math::FmaOp>(op))
    return 2;
  return isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp, arith::RemFOp, arith::MaximumFOp,
             arith::MinimumFOp, math::SqrtOp>(op);
}

// The number that an operand is everywhere, as what it is computed with; or null.
static TypedAttr splatOf(Value x) {
  auto constant = x.getDefiningOp<ConstantOp>();
  auto value = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  if (!value || !value.isSplat())
    return {};
  return computedConstant(value.getSplatValue<Attribute>(), typeOf(x).getElement());
}

// The scalar body is built, elementary functions are written out, and what the result needs is counted.
const OperationCount &CostModel::perElement(PointwiseOpInterface op) {
  std::string key;
  llvm::raw_string_ostream text(key);
  text << op->getName() << op->getAttrDictionary();
  for (Value x : op->getOperands()) {
    text << ' ' << typeOf(x).getElement();
    if (auto constant = splatOf(x))
      text << constant;
  }
  text << ' ' << typeOf(op->getResult(0)).getElement();
  auto [place, fresh] = bodies.try_emplace(key);
  if (!fresh)
    return place->second;
  OpBuilder builder(op->getContext());
  OwningOpRef<ModuleOp> scratch = ModuleOp::create(op->getLoc());
  auto elementOf = [](Value v) { return computeType(typeOf(v).getElement()); };
  SmallVector<Type> inputs = llvm::map_to_vector(op->getOperands(), elementOf);
  builder.setInsertionPointToEnd(scratch->getBody());
  auto function =
      func::FuncOp::create(builder, op->getLoc(), "body", builder.getFunctionType(inputs, elementOf(op->getResult(0))));
  Block &block = *function.addEntryBlock();
  builder.setInsertionPointToEnd(&block);
  ScalarBuilder scalars(builder, op->getLoc());
  SmallVector<Value> operands(block.getArguments());
  for (auto [operand, x] : llvm::zip(operands, op->getOperands()))
    if (auto constant = splatOf(x))
      operand = arith::ConstantOp::create(builder, op->getLoc(), constant);
  Value y = op.scalar(scalars, operands);
  auto end = func::ReturnOp::create(builder, op->getLoc(), y);
  expandMath(function);
  PassManager passes(op->getContext()); // as kernels are cleaned up: what constants decide is no arithmetic
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  if (failed(passes.run(*scratch)))
    llvm_unreachable("these passes do not fail");
  llvm::SetVector<Operation *> needed;
  needed.insert(end);
  for (size_t i = 0; i < needed.size(); ++i)
    for (Value v : needed[i]->getOperands())
      if (Operation *producer = v.getDefiningOp())
        needed.insert(producer);
  for (Operation *each : needed)
    if (each->getNumResults() == 1)
      place->second.add(getElementTypeOrSelf(each->getResult(0).getType()), operations(each));
  return place->second;
}

LogicalResult CostModel::addArithmetic(Operation *op, Cost &cost) {
  if (auto pointwise = dyn_cast<PointwiseOpInterface>(op)) {
    cost.arithmetic.add(perElement(pointwise), uint64_t(typeOf(op->getResult(0)).getNumElements()));
    return success();
  }
  if (auto counted = dyn_cast<CostOpInterface>(op)) {
    counted.arithmetic(cost.arithmetic);
    return success();
  }
  if (op->hasTrait<NoArithmetic>())
    return success();
  return op->emitError("E0599: an op that does not say what it computes");
}

// Bytes that a kernel reads of an operand: each element at most once.
static uint64_t bytesRead(BlockArgument x) {
  NamedTensorType type = typeOf(x);
  uint64_t element = uint64_t(storageType(type.getElement()).getIntOrFloatBitWidth()) / 8, elements = 0;
  for (OpOperand &use : x.getUses()) {
    auto counted = dyn_cast<CostOpInterface>(use.getOwner());
    elements = llvm::SaturatingAdd(elements, counted ? counted.elementsRead(use.getOperandNumber())
                                                     : uint64_t(type.getNumElements()));
  }
  if (type.hasStaticShape())
    elements = std::min(elements, uint64_t(type.getNumElements()));
  return llvm::SaturatingMultiply(elements, element);
}

std::optional<Cost> CostModel::of(StringRef name) {
  if (auto known = kernels.find(name); known != kernels.end())
    return known->second;
  auto kernel = module.lookupSymbol<func::FuncOp>(name);
  Block &body = kernel.getBody().front();
  Cost cost;
  for (Operation &op : body.without_terminator())
    if (failed(addArithmetic(&op, cost)))
      return std::nullopt;
  for (BlockArgument x : body.getArguments())
    if (!passedByValue(x.getType()))
      cost.read = llvm::SaturatingAdd(cost.read, bytesRead(x));
  for (Value y : body.getTerminator()->getOperands())
    cost.written = llvm::SaturatingAdd(cost.written, bytesOf(typeOf(y)));
  return kernels[name] = cost;
}

std::optional<double> burin::secondsAtLimit(const Cost &cost, const Limits &limits) {
  bool known = limits.bandwidth > 0 && (limits.f32 > 0 || cost.arithmetic.f32 == 0) &&
               (limits.f64 > 0 || cost.arithmetic.f64 == 0);
  if (!known)
    return std::nullopt;
  double computing = 0;
  if (cost.arithmetic.f32)
    computing += double(cost.arithmetic.f32) / limits.f32;
  if (cost.arithmetic.f64)
    computing += double(cost.arithmetic.f64) / limits.f64;
  return std::max(computing, double(cost.bytes()) / limits.bandwidth);
}
