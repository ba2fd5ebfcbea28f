#include "compiler/Target/Cpu/Cpu.h"
#include "compiler/Codegen/Math.h"
#include "compiler/Support/Passes.h"
#include "compiler/Target/Cpu/Host.h"
#include "compiler/Target/Cpu/Watch.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/xxhash.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include <fmt/format.h>
using namespace mlir;
using namespace burin;

void burin::registerCpuTranslations(DialectRegistry &registry) {
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

void burin::loadCpuDialects(MLIRContext &context) {
  context.loadDialect<arith::ArithDialect, math::MathDialect, scf::SCFDialect, vector::VectorDialect, LLVM::LLVMDialect,
                      func::FuncDialect>();
}

// Of the planned tasks and their kernels: places, and what is computed into them. Equal for all processors and levels
// of optimisation.
static std::string hashOf(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  module.print(out);
  return fmt::format("{:016x}", llvm::xxh3_64bits(text));
}

FailureOr<Descriptor> burin::lowerToLoops(ModuleOp module, const CpuOptions &options) {
  auto program = planProgram(module, options.plan);
  if (failed(program))
    return failure();
  Descriptor descriptor = describeProgram(module, program->layout);
  descriptor.sourceHash = options.sourceHash, descriptor.features = options.features;
  Machine machine;
  machine.vectors = options.optLevel > 0;
  machine.allPieces = options.allPieces;
  if (!options.wideRegisters)
    machine.tileRows = options.avx ? 6 : 3, machine.tileVectors = 1;
  machine = options.machine.value_or(machine);
  for (auto require : llvm::make_early_inc_range(module.getOps<task::RequireOp>()))
    require.erase(); // it is met, and no part of what is planned
  descriptor.planHash = hashOf(module);
  if (options.watch)
    prepareWatch(module);
  shareKernels(module, machine);
  mergeKernels(module);
  for (auto kernel : llvm::to_vector(module.getOps<func::FuncOp>()))
    if (!kernel.isDeclaration() && kernel.isPrivate() && failed(generateKernel(kernel, machine)))
      return failure();
  for (auto &[task, plan] : program->tasks) {
    describeTask(descriptor, task, plan);
    lowerTask(task, plan, descriptor, options.watch);
  }
  for (auto &[task, plan] : program->tasks)
    task.erase();
  for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
    if (isa<task::AxisOp, task::DataOp, task::SlotOp>(op))
      op.erase();
  for (auto f : module.getOps<func::FuncOp>())
    if (!f.isDeclaration() && f.isPrivate())
      f->setAttr("llvm.linkage", LLVM::LinkageAttr::get(module.getContext(),
                                                        LLVM::Linkage::Internal)); // `private` alone becomes external
  PassManager passes(module.getContext());
  passes.addPass(createExpandMath());
  if (options.tidyLoops) {
    passes.addPass(createCanonicalizerPass());
    passes.addPass(createCSEPass());
  }
  if (failed(runStage(passes, module)))
    return failure();
  return descriptor;
}

LogicalResult burin::lowerToLLVM(ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createConvertFuncToLLVMPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  return runStage(passes, module);
}

// Those that a processor may be without, for the program to look for when it starts.
static uint64_t featuresOf(const llvm::TargetMachine &machine) {
  static const char *const names[] = {
#define BURIN_FEATURE(name, ...) "+" name,
#include "runtime/features.def"
#undef BURIN_FEATURE
  };
  uint64_t found = 0;
  for (auto [bit, name] : llvm::enumerate(names))
    if (machine.getTargetTriple().isX86() && machine.getMCSubtargetInfo()->checkFeatures(name))
      found |= uint64_t(1) << bit;
  return found;
}

std::unique_ptr<llvm::TargetMachine> burin::targetMachine(CpuOptions &options, std::string &error) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  std::string cpu = options.cpu;
  llvm::SubtargetFeatures features;
  if (cpu == "native") {
    cpu = llvm::sys::getHostCPUName().str();
    for (auto &[name, on] : llvm::sys::getHostCPUFeatures())
      features.AddFeature(name, on);
  }
  llvm::TargetOptions t;
  t.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  auto level = options.optLevel ? llvm::CodeGenOptLevel::Default : llvm::CodeGenOptLevel::None;
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(triple, cpu, features.getString(), t, llvm::Reloc::PIC_, std::nullopt, level));
  if (machine && !machine->getMCSubtargetInfo()->isCPUStringValid(cpu)) {
    error = fmt::format("there is no processor `{}`", cpu);
    return nullptr;
  }
  options.features = machine ? featuresOf(*machine) : 0;
  options.wideRegisters = machine && machine->getMCSubtargetInfo()->checkFeatures("+avx512f");
  options.avx = machine && machine->getMCSubtargetInfo()->checkFeatures("+avx");
  return machine;
}

std::unique_ptr<llvm::Module> burin::toLLVM(ModuleOp module, const Descriptor &descriptor, llvm::LLVMContext &context,
                                            llvm::TargetMachine &machine, const CpuOptions &options) {
  auto out = translateModuleToLLVMIR(module, context, descriptor.name);
  if (!out)
    return nullptr;
  out->setTargetTriple(machine.getTargetTriple());
  out->setDataLayout(machine.createDataLayout());
  for (llvm::Function &f : *out) {
    if (f.isDeclaration())
      continue;
    f.addFnAttr("target-cpu", machine.getTargetCPU());
    f.addFnAttr("target-features", machine.getTargetFeatureString());
    f.addFnAttr("denormal-fp-math", "preserve-sign,preserve-sign");
    f.addFnAttr("prefer-vector-width", "512");
    f.addFnAttr(llvm::Attribute::NoUnwind);
    if (options.optLevel == 0)
      f.addFnAttr(llvm::Attribute::NoInline), f.addFnAttr(llvm::Attribute::OptimizeNone);
    else if (f.hasInternalLinkage()) // kernels stay functions: that is how profiles name them
      f.addFnAttr(llvm::Attribute::NoInline);
    else // a task only calls them
      f.addFnAttr(llvm::Attribute::OptimizeForSize), f.addFnAttr(llvm::Attribute::MinSize);
  }
  emitDescriptor(*out, descriptor);
  if (options.optLevel == 0 || options.passes.empty())
    return out;
  llvm::PassBuilder builder(&machine);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager graphs;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);
  llvm::ModulePassManager passes;
  if (auto error = builder.parsePassPipeline(passes, "function(" + llvm::join(options.passes, ",") + ")"))
    llvm::report_fatal_error(std::move(error));
  passes.run(*out, modules);
  return out;
}

bool burin::emitCode(llvm::Module &module, llvm::TargetMachine &machine, bool assembly, llvm::raw_pwrite_stream &out,
                     std::string &error) {
  llvm::legacy::PassManager passes;
  auto type = assembly ? llvm::CodeGenFileType::AssemblyFile : llvm::CodeGenFileType::ObjectFile;
  if (machine.addPassesToEmitFile(passes, out, nullptr, type)) {
    error = "this processor's code can't be written";
    return false;
  }
  passes.run(module);
  return true;
}

bool burin::link(const std::string &object, const std::string &runtime, const std::string &path, std::string &error) {
  // A runtime that is built with a sanitizer or with counters wants them in the program: its build says how to link
  // (cmake/Project.cmake).
  llvm::SmallString<256> beside(runtime);
  llvm::sys::path::replace_extension(beside, "link");
  auto words = llvm::MemoryBuffer::getFile(beside, /*IsText=*/true);
  llvm::SmallVector<llvm::StringRef> arguments;
  llvm::SplitString(words ? (*words)->getBuffer() : "cc", arguments);
  auto linker = llvm::sys::findProgramByName(arguments.front());
  if (!linker) {
    error = fmt::format("there is no `{}` to link with: install gcc or clang", arguments.front().str());
    return false;
  }
  arguments.front() = *linker;
  arguments.append({object, runtime, "-o", path, "-Wl,--gc-sections", "-Wl,-s", "-Wl,-z,noseparate-code", "-lm"});
  int code = llvm::sys::ExecuteAndWait(*linker, arguments, std::nullopt, {}, 0, 0, &error);
  if (code && error.empty())
    error = "the linker failed";
  return code == 0;
}
