#include "compiler/Generate/Variant.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include <fmt/format.h>
#include <random>
using namespace mlir;

namespace burin {

Variant usualVariant(unsigned optLevel) {
  Variant variant;
  variant.cpu.optLevel = optLevel;
  variant.text = fmt::format("-O{}", optLevel);
  return variant;
}

// Processors that this one can stand in for; the oldest has no fused multiply-add and calls libm's.
static std::vector<std::string> processors() {
  std::vector<std::string> known{"native", "x86-64"};
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  if (features.lookup("avx2") && features.lookup("fma"))
    known.push_back("x86-64-v3");
  if (features.lookup("avx512f") && features.lookup("avx512vl") && features.lookup("avx512bw"))
    known.push_back("x86-64-v4");
  return known;
}

Variant randomVariant(uint64_t seed) {
  std::mt19937_64 random(seed);
  auto below = [&](uint64_t n) { return random() % n; };
  Variant v;
  v.cpu.optLevel = below(4) ? 2 : 0;
  v.kernels.apart = unsigned(below(3) ? below(100) : 100 * below(2));
  v.kernels.choice = unsigned(below(1 << 20));
  v.cpu.plan = {below(2) == 0, below(2) == 0};
  v.cpu.tidyLoops = below(2);
  std::vector<std::string> cpus = processors();
  v.cpu.cpu = cpus[below(cpus.size())];
  Machine machine;
  machine.vectors = below(4);
  machine.tileRows = unsigned(1 + below(16)), machine.tileVectors = unsigned(1 + below(2));
  machine.allPieces = below(2);
  v.cpu.machine = machine;
  // Passes of our list and some that are not in it: none may change what arithmetic means.
  std::vector<std::string> passes;
  for (const std::string &pass : v.cpu.passes)
    if (below(2))
      passes.push_back(pass);
  for (const char *other :
       {"instcombine<no-verify-fixpoint>", "gvn", "reassociate", "slp-vectorizer", "loop-unroll", "sink", "adce"})
    if (!below(5))
      passes.insert(passes.begin() + long(below(passes.size() + 1)), other);
  v.cpu.passes = passes;
  v.text = fmt::format(
      "seed {}: -O{} cpu={} vectors={} tile={}x{} apart={}% (choice {}) pieces={} sink={} update={} tidy={} "
      "passes={}",
      seed, v.cpu.optLevel, v.cpu.cpu, machine.vectors, machine.tileRows, machine.tileVectors, v.kernels.apart,
      v.kernels.choice, machine.allPieces, v.cpu.plan.sink, v.cpu.plan.update, v.cpu.tidyLoops, fmt::join(passes, ","));
  return v;
}

LogicalResult buildVariant(ModuleOp module, Variant variant, const std::string &runtime,
                           const std::string &executable) {
  std::string error, object = executable + ".o";
  auto fail = [&](const std::string &message) { return mlir::emitError(module.getLoc(), message), failure(); };
  OwningOpRef<ModuleOp> copy = module.clone();
  auto machine = targetMachine(variant.cpu, error);
  if (!machine)
    return fail(error);
  PassManager passes(module.getContext());
  passes.addPass(createFormKernels(variant.kernels));
  if (failed(passes.run(*copy)))
    return failure();
  auto descriptor = lowerToLoops(*copy, variant.cpu);
  if (failed(descriptor) || failed(lowerToLLVM(*copy)))
    return failure();
  llvm::LLVMContext context;
  auto code = toLLVM(*copy, *descriptor, context, *machine, variant.cpu);
  if (!code)
    return fail("LLVM IR could not be made");
  std::error_code opened;
  llvm::raw_fd_ostream out(object, opened);
  if (opened)
    return fail("can't write " + object);
  if (!emitCode(*code, *machine, false, out, error))
    return fail(error);
  out.close();
  if (!link(object, runtime, executable, error))
    return fail(error);
  (void)llvm::sys::fs::remove(object);
  return success();
}

} // namespace burin
