#include "compiler/Generate/Elementary.h"
#include "compiler/Codegen/Math.h"
#include "compiler/Interpret/Scalar.h"
#include "compiler/Target/Cpu/Cpu.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"
#include <cfloat>
#include <immintrin.h>
using namespace mlir;

namespace burin {
namespace {

// Whether an op's scalar body has what `--expand-math` writes out.
bool isElementary(Block &body) {
  return llvm::any_of(body, [](Operation &op) {
    return isa<math::ExpOp, math::LogOp, math::TanhOp, math::SinOp, math::CosOp, math::ErfOp, math::PowFOp>(op);
  });
}

// void exp.f32(const float *x, float *y): the op's scalar body between loads and a store. Null: the op is not of n
// floats, or not elementary.
func::FuncOp define(OpBuilder &builder, RegisteredOperationName name, unsigned n, FloatType element) {
  Location location = builder.getUnknownLoc();
  auto type = NamedTensorType::scalar(element);
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  auto f = func::FuncOp::create(builder, location, (name.stripDialect() + (element.isF32() ? ".f32" : ".f64")).str(),
                                builder.getFunctionType({pointer, pointer}, {}));
  OpBuilder inside = OpBuilder::atBlockEnd(f.addEntryBlock());
  SmallVector<Value> dummies, x;
  for (unsigned i = 0; i < n; ++i) {
    dummies.push_back(ConstantOp::create(inside, location, splat(type, 0)));
    Value place =
        LLVM::GEPOp::create(inside, location, pointer, element, f.getArgument(0), ArrayRef<LLVM::GEPArg>{int32_t(i)});
    x.push_back(LLVM::LoadOp::create(inside, location, element, place));
  }
  OperationState state(location, name.getStringRef(), dummies, {type}, {});
  Operation *op = inside.create(state);
  ScopedDiagnosticHandler quiet(builder.getContext(), [](Diagnostic &) { return success(); });
  bool fits = succeeded(name.verifyInvariants(op));
  if (fits) {
    ScalarBuilder b(inside, location);
    Value y = cast<PointwiseOpInterface>(op).scalar(b, x);
    LLVM::StoreOp::create(inside, location, y, f.getArgument(1));
    func::ReturnOp::create(inside, location);
  }
  op->erase();
  for (Value dummy : dummies)
    dummy.getDefiningOp()->erase();
  if (fits && isElementary(f.getBody().front()))
    return f;
  f.erase();
  return nullptr;
}

// Largest errors in units of the last place, as test/Codegen/math.py allows them.
double boundOf(StringRef name, bool narrow, const double *x, double y) {
  if (name == "sin" || name == "cos")
    return std::fabs(x[0]) <= 1e6 ? 2.5 : INFINITY; // a large argument loses digits
  if (name == "pow")
    return narrow ? 2.5 : 16;
  return narrow ? 2.5 : name == "erf" ? 6 : 2;
}

Quad exactly(StringRef name, const double *x) {
  Quad a = x[0];
  if (name == "exp")
    return interpret::exp(a);
  if (name == "log")
    return interpret::log(a);
  if (name == "tanh")
    return interpret::tanh(a);
  if (name == "sin")
    return interpret::sin(a);
  if (name == "cos")
    return interpret::cos(a);
  if (name == "erf")
    return interpret::erf(a);
  if (name == "pow")
    return interpret::pow(a, Quad(x[1]));
  return NAN;
}

// A value that is too small to be normal is zero, and its neighbours are as far away as the smallest normal number.
bool isNear(double y, Quad exact, bool narrow, double bound) {
  if (exact != exact || y != y)
    return exact != exact && y != y;
  double largest = narrow ? double(FLT_MAX) : DBL_MAX, smallest = narrow ? double(FLT_MIN) : DBL_MIN;
  Quad size = interpret::fabs(exact);
  if (std::isinf(y) || size > Quad(largest))
    return (exact > 0) == (y > 0) && size >= Quad(largest) * (1 - Quad(0x1p-20)) &&
           std::fabs(y) >= largest * (1 - 0x1p-20);
  int exponent = 0;
  std::frexp(double(size), &exponent);
  Quad unit = std::ldexp(1.0, exponent - (narrow ? 24 : 53));
  return interpret::fabs(Quad(y) - exact) <= Quad(bound) * unit ||
         (size <= Quad(2 * smallest) && std::fabs(y) <= 2 * smallest);
}
} // namespace

Elementary::Elementary(MLIRContext &context) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  OpBuilder builder(module->getBodyRegion());
  SmallVector<std::string> names;
  for (RegisteredOperationName name : context.getRegisteredOperationsByDialect("burin"))
    for (unsigned n : {1u, 2u})
      for (FloatType element : {FloatType(builder.getF32Type()), FloatType(builder.getF64Type())})
        if (name.hasInterface<PointwiseOpInterface>())
          if (func::FuncOp f = define(builder, name, n, element))
            names.push_back(f.getName().str());
  PassManager passes(&context);
  passes.addPass(createExpandMath());
  CpuOptions options;
  options.optLevel = 0;
  std::string error;
  auto machine = targetMachine(options, error);
  auto llvmContext = std::make_unique<llvm::LLVMContext>();
  if (!machine || failed(passes.run(*module)) || failed(lowerToLLVM(*module)))
    llvm::report_fatal_error("elementary functions can't be compiled");
  auto code = toLLVM(*module, Descriptor(), *llvmContext, *machine, options);
  jit = llvm::cantFail(llvm::orc::LLJITBuilder().create());
  code->setDataLayout(jit->getDataLayout());
  llvm::cantFail(jit->addIRModule({std::move(code), std::move(llvmContext)}));
  for (const std::string &name : names)
    functions[name] = llvm::cantFail(jit->lookup(name)).toPtr<void (*)(const void *, void *)>();
}
Elementary::~Elementary() = default;

// As compiled programs run: subnormal numbers count as zero.
double Elementary::call(StringRef name, bool narrow, unsigned operands, const double *x) {
  float narrowX[2] = {}, narrowY;
  double y;
  for (unsigned i = 0; i < operands; ++i)
    narrowX[i] = float(x[i]);
  unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);
  auto function = functions.lookup((name + (narrow ? ".f32" : ".f64")).str());
  if (narrow)
    function(narrowX, &narrowY), y = narrowY;
  else
    function(x, &y);
  _mm_setcsr(before);
  double bound = boundOf(name, narrow, x, y);
  bool fine = std::isinf(bound) ? !(std::fabs(y) > 1) : isNear(y, exactly(name, x), narrow, bound);
  if (!fine && ++wrongValues <= 3)
    llvm::errs() << "error: " << name << " of " << x[0] << (operands > 1 ? " and " + std::to_string(x[1]) : "")
                 << " is " << double(exactly(name, x)) << ", compiled " << y << "\n";
  return y;
}

Elementary::Function Elementary::operator()(Operation *op) {
  if (!op->getNumResults() || !typeOf(op->getResult(0)).isFloat())
    return {};
  StringRef name = op->getName().stripDialect();
  bool narrow = !typeOf(op->getResult(0)).getElement().isF64(); // bf16 and f16 are computed in f32, and rounded
  if (!functions.count((name + (narrow ? ".f32" : ".f64")).str()))
    return {};
  return [=, this, n = op->getNumOperands()](const double *x) { return call(name, narrow, n, x); };
}

} // namespace burin
