// Random programs: made, built in several ways and interpreted, reduced. test/Generate/programs.py runs and compares
// them.
#include "compiler/Generate/Elementary.h"
#include "compiler/Generate/Generate.h"
#include "compiler/Generate/Meaning.h"
#include "compiler/Generate/Reduce.h"
#include "compiler/Generate/Variant.h"
#include "compiler/Interpret/Interpret.h"
#include "compiler/Pipelines/Pipelines.h"
#include "dialects/Task/Task.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
using namespace mlir;
namespace cl = llvm::cl;

namespace {
cl::SubCommand make("make", "print a module of random programs");
cl::SubCommand build("build", "build a module's programs in several ways into --folder, and interpret them there");
cl::SubCommand compare("compare", "compare what two modules' tasks mean, of which one was transformed into the other");
cl::SubCommand reduce("reduce", "print a smaller module for which a command still succeeds");

cl::opt<uint64_t> seed("seed", cl::desc("of the first program; of the variants"), cl::init(0), cl::sub(make),
                       cl::sub(build));
cl::opt<unsigned> count("count", cl::desc("programs in the module"), cl::init(1), cl::sub(make));
cl::opt<unsigned> size("size", cl::desc("ops that a program asks for, about"), cl::init(8), cl::sub(make));
cl::opt<std::string> file(cl::Positional, cl::desc("FILE.mlir"), cl::Required, cl::sub(build), cl::sub(reduce),
                          cl::sub(compare));
cl::opt<std::string> transformed(cl::Positional, cl::desc("TRANSFORMED.mlir"), cl::Required, cl::sub(compare));
cl::opt<std::string> folder("folder", cl::desc("where executables and what is expected go"), cl::Required,
                            cl::sub(build));
cl::opt<unsigned> variants("variants", cl::desc("random variants besides -O0 and -O2"), cl::init(1), cl::sub(build));
cl::opt<std::string> test("test", cl::desc("a command: succeeds for a module, named after it, that is to be kept"),
                          cl::Required, cl::sub(reduce));

/// Programs are interpreted by the runtime that compiled ones have: what they save and record lies in `expected`.
int interpretAll(ModuleOp module, const std::string &expected) {
  burin::Elementary elementary(*module.getContext());
  for (auto task : module.getOps<burin::task::TaskOp>()) {
    if (task.getInitialise())
      continue;
    std::string name = task.getSymName().str();
    burin::InterpretOptions options;
    options.sourceHash = "0";
    options.commandLine = {file, name, "--directory", expected, "--log", name + ".jsonl"};
    options.functionOf = [&](Operation *op) { return elementary(op); };
    options.onFailure = [] { llvm::errs().flush(); };
    if (int code = burin::interpretProgram(module, options))
      return code;
  }
  return elementary.wrong() ? 1 : 0;
}

int buildAll(ModuleOp module, const char *self) {
  llvm::SmallString<256> runtime(llvm::sys::fs::getMainExecutable(self, reinterpret_cast<void *>(&buildAll)));
  llvm::sys::path::remove_filename(runtime);
  llvm::sys::path::append(runtime, "..", "lib", "libburin_rt.a");
  OwningOpRef<ModuleOp> imported = module.clone(), unfolded = module.clone();
  PassManager passes(module.getContext()), lawsAlone(module.getContext());
  burin::buildGraphToGrad(passes);
  burin::GraphToGradOptions options; // numbers that are folded are rounded as declared, which binary128 is not
  options.simplify.constants = false;
  burin::buildGraphToGrad(lawsAlone, options);
  if (failed(passes.run(module)) || failed(lawsAlone.run(*unfolded)) ||
      failed(burin::compareMeaning(*imported, *unfolded)))
    return 1;
  std::string expected = folder + "/expected";
  if (llvm::sys::fs::create_directories(expected))
    return 1;
  std::vector<burin::Variant> ways{burin::usualVariant(0), burin::usualVariant(2)};
  for (unsigned i = 0; i < variants; ++i)
    ways.push_back(burin::randomVariant(seed + i));
  for (auto [i, way] : llvm::enumerate(ways)) {
    way.cpu.sourceHash = "0";
    llvm::outs() << "variant " << i << ": " << way.text << "\n";
    llvm::outs().flush();
    if (failed(burin::buildVariant(module, way, runtime.str().str(), folder + "/variant" + std::to_string(i))))
      return 1;
  }
  return interpretAll(module, expected);
}
} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "burin-generate: random programs\n");
  DialectRegistry registry;
  registry.insert<burin::BurinDialect, burin::task::TaskDialect, func::FuncDialect>();
  func::registerInlinerExtension(registry);
  burin::registerCpuTranslations(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  burin::loadCpuDialects(context);
  OwningOpRef<ModuleOp> module;
  if (make)
    module = burin::generatePrograms(context, {seed, count, size});
  else if (build || reduce || compare)
    module = parseSourceFile<ModuleOp>(file, &context);
  if (!module || failed(verify(*module)))
    return 1;
  if (build)
    return buildAll(*module, argv[0]);
  if (compare) {
    auto other = parseSourceFile<ModuleOp>(transformed, &context);
    return !other || failed(burin::compareMeaning(*module, *other));
  }
  if (reduce)
    burin::reduceModule(*module, test);
  module->print(llvm::outs(), OpPrintingFlags().assumeVerified());
  return 0;
}
