// The stages, one after the other, until the one that is asked for.
#include "compiler/Tools/Driver.h"
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/Import/Import.h"
#include "compiler/Interpret/Interpret.h"
#include "compiler/Library/Library.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Pipelines/StageDiagnostics.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Sema/Sema.h"
#include "compiler/Syntax/Parser.h"
#include "compiler/Target/Cpu/Cpu.h"
#include "dialects/Task/Task.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/xxhash.h"
#include "llvm/Target/TargetMachine.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
using namespace mlir;

namespace burin {
namespace {

class Driver {
public:
  Driver(const Arguments &arguments, Sources &sources, DiagnosticEngine &diagnostics, const char *self)
      : arguments(arguments), sources(sources), diagnostics(diagnostics), self(self) {}
  int run();

private:
  std::optional<uint32_t> read(const std::string &file);
  std::unique_ptr<sema::Program> frontEnd(bool &done);
  OwningOpRef<ModuleOp> readIR(MLIRContext &context);
  int backEnd(ModuleOp module);
  int interpret(ModuleOp module);
  bool interprets(const char *stage) const { return arguments.command == "run" && arguments.interpret && arguments.interpretStage == stage; }
  std::string sourceHash() const;
  int code(llvm::Module &module, llvm::TargetMachine &machine);
  int execute(const std::string &executable);
  bool finish(const std::string &stage, const std::string &text);
  bool wants(const std::string &stage) const { return arguments.emit == stage || !arguments.dumpDirectory.empty(); }
  int broken(const std::string &what);
  int failed() const { return 1; }
  const Arguments &arguments;
  Sources &sources;
  DiagnosticEngine &diagnostics;
  const char *self;
  unsigned dumped = 0;
};

std::optional<uint32_t> Driver::read(const std::string &file) {
  constexpr uint64_t largest = 64 << 20;
  llvm::sys::fs::file_status status;
  if (auto error = llvm::sys::fs::status(file, status)) {
    diagnostics.error("E0503", fmt::format("can't read `{}`: {}", file, error.message())).help("give the path of a `.burin` file");
    return std::nullopt;
  }
  if (status.type() != llvm::sys::fs::file_type::regular_file || status.getSize() > largest) {
    diagnostics.error("E0503", fmt::format("`{}` is no file of at most 64 MiB", file)).help("give the path of a `.burin` file");
    return std::nullopt;
  }
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer) {
    diagnostics.error("E0503", fmt::format("can't read `{}`: {}", file, buffer.getError().message())).help("give the path of a `.burin` file");
    return std::nullopt;
  }
  return sources.add(file, (*buffer)->getBuffer().str());
}

// Writes a stage where it is asked for. True: it was the last.
bool Driver::finish(const std::string &stage, const std::string &text) {
  if (!arguments.dumpDirectory.empty()) {
    llvm::sys::fs::create_directories(arguments.dumpDirectory);
    std::error_code error;
    llvm::raw_fd_ostream out(fmt::format("{}/{:02}-{}.txt", arguments.dumpDirectory, ++dumped, stage), error);
    if (error)
      diagnostics.error("E0504", fmt::format("can't write into `{}`: {}", arguments.dumpDirectory, error.message())).help("name a folder that can be written to");
    else
      out << text;
  }
  if (arguments.emit != stage || arguments.command == "run")
    return false;
  if (arguments.output.empty()) {
    llvm::outs() << text;
    return true;
  }
  std::error_code error;
  llvm::raw_fd_ostream out(arguments.output, error);
  if (error)
    diagnostics.error("E0504", fmt::format("can't write `{}`: {}", arguments.output, error.message())).help("name a file that can be written");
  else
    out << text;
  return true;
}

static std::string show(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  module.print(out);
  return text;
}

int Driver::broken(const std::string &what) {
  if (!diagnostics.hasErrors())
    diagnostics.error("E0599", what).help("this is a mistake of the compiler, not of the program; please report it");
  return 1;
}

std::unique_ptr<sema::Program> Driver::frontEnd(bool &done) {
  done = false;
  auto file = read(arguments.file);
  if (!file)
    return nullptr;
  auto tree = syntax::parse(*file, diagnostics);
  std::vector<std::unique_ptr<syntax::Tree>> library;
  std::vector<const syntax::Tree *> libraryTrees;
  for (const LibraryFile &f : libraryFiles()) {
    library.push_back(syntax::parse(sources.add(fmt::format("library/{}", f.name), f.text), diagnostics));
    libraryTrees.push_back(library.back().get());
  }
  if (diagnostics.hasErrors())
    return nullptr;
  if (wants("ast") && finish("ast", syntax::print(*tree)))
    return done = true, nullptr;
  sema::Options options;
  options.dims = arguments.dims;
  auto program = sema::analyse(*tree, libraryTrees, diagnostics, options, llvm::sys::path::stem(arguments.file).str());
  if (program && wants("typed") && finish("typed", sema::print(*program)))
    return done = true, nullptr;
  return program;
}

// IR of the graph stage in text in place of a program: for tests of the stages after it.
OwningOpRef<ModuleOp> Driver::readIR(MLIRContext &context) {
  auto file = read(arguments.file);
  if (!file)
    return nullptr;
  std::string_view text = sources.file(*file).text();
  return parseSourceString<ModuleOp>(llvm::StringRef(text.data(), text.size()), &context, sources.file(*file).name());
}

int Driver::run() {
  bool done, isIR = llvm::StringRef(arguments.file).ends_with(".mlir");
  auto program = isIR ? nullptr : frontEnd(done);
  if (!program && !isIR)
    return done ? 0 : failed();
  DialectRegistry registry;
  registry.insert<BurinDialect, task::TaskDialect, func::FuncDialect>();
  func::registerInlinerExtension(registry);
  registerCpuTranslations(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  StageDiagnostics stageDiagnostics(context, diagnostics);
  OwningOpRef<ModuleOp> module = isIR ? readIR(context) : import(*program, sources, context);
  if (!module)
    return failed();
  if (mlir::failed(verify(*module)))
    return broken("the compiler made IR that does not verify");
  if (arguments.command == "check")
    return 0;
  if (wants("graph") && finish("graph", burin::show(*module)))
    return 0;
  if (interprets("graph"))
    return interpret(*module);
  PassManager passes(&context);
  buildGraphToGrad(passes);
  if (mlir::failed(passes.run(*module)))
    return broken("a stage after the graph failed");
  if (wants("grad") && finish("grad", burin::show(*module)))
    return 0;
  if (interprets("grad"))
    return interpret(*module);
  return backEnd(*module);
}

std::string Driver::sourceHash() const {
  std::string_view text = sources.file(0).text();
  return fmt::format("{:016x}", llvm::xxh3_64bits(llvm::StringRef(text.data(), text.size())));
}

// The slow reference in place of machine code.
int Driver::interpret(ModuleOp module) {
  InterpretOptions options;
  options.sourceHash = sourceHash();
  options.commandLine = {arguments.file, arguments.task};
  options.commandLine.insert(options.commandLine.end(), arguments.program.begin(), arguments.program.end());
  options.onFailure = [this] { diagnostics.print(llvm::errs()); };
  return interpretProgram(module, options);
}

int Driver::backEnd(ModuleOp module) {
  MLIRContext &context = *module.getContext();
  CpuOptions options;
  options.optLevel = arguments.optLevel, options.cpu = arguments.cpu;
  options.sourceHash = sourceHash();
  loadCpuDialects(context);
  std::string error;
  auto machine = targetMachine(options, error);
  if (!machine) {
    diagnostics.error("E0505", error).help("`--cpu=native` compiles for this machine");
    return 2;
  }
  PassManager passes(&context);
  passes.addPass(createFormKernels());
  if (mlir::failed(passes.run(module)))
    return broken("kernels could not be formed");
  if (wants("kernels") && finish("kernels", burin::show(module)))
    return 0;
  auto descriptor = lowerToLoops(module, options);
  if (mlir::failed(descriptor))
    return broken("kernels could not be generated");
  if (wants("loops") && finish("loops", burin::show(module)))
    return 0;
  llvm::LLVMContext llvmContext;
  if (mlir::failed(lowerToLLVM(module)))
    return broken("loops could not be lowered");
  auto code = toLLVM(module, *descriptor, llvmContext, *machine, options);
  if (!code)
    return broken("LLVM IR could not be made");
  if (wants("llvm")) {
    std::string text;
    llvm::raw_string_ostream out(text);
    code->print(out, nullptr);
    if (finish("llvm", text))
      return 0;
  }
  return this->code(*code, *machine);
}

/// A file that goes when this does.
struct TemporaryFile {
  llvm::SmallString<128> path;
  bool fine;
  TemporaryFile(llvm::StringRef suffix) { fine = !llvm::sys::fs::createTemporaryFile("burin", suffix, path); }
  ~TemporaryFile() {
    if (fine)
      llvm::sys::fs::remove(path);
  }
};

int Driver::code(llvm::Module &module, llvm::TargetMachine &machine) {
  std::string error, stem = llvm::sys::path::stem(arguments.file).str();
  bool running = arguments.command == "run", assembly = arguments.emit == "asm" && !running;
  auto fail = [&](const std::string &message) {
    diagnostics.error("E0504", message).help("name a place that can be written with `-o`");
    return 1;
  };
  if (assembly)
    return emitCode(module, machine, true, arguments.output.empty() ? "-" : arguments.output, error) ? 0 : fail(error);
  if (arguments.emit == "obj" && !running)
    return emitCode(module, machine, false, arguments.output.empty() ? stem + ".o" : arguments.output, error) ? 0 : fail(error);
  TemporaryFile object("o");
  llvm::SmallString<256> runtime(llvm::sys::fs::getMainExecutable(self, reinterpret_cast<void *>(&drive)));
  llvm::sys::path::remove_filename(runtime);
  llvm::sys::path::append(runtime, "..", "lib", "libburin_rt.a");
  if (!object.fine || !emitCode(module, machine, false, object.path.str().str(), error))
    return fail(error.empty() ? "can't make a temporary file" : error);
  if (!running)
    return link(object.path.str().str(), runtime.str().str(), arguments.output.empty() ? stem : arguments.output, error) ? 0 : fail(error);
  TemporaryFile executable("exe");
  if (!executable.fine || !link(object.path.str().str(), runtime.str().str(), executable.path.str().str(), error))
    return fail(error.empty() ? "can't make a temporary file" : error);
  return execute(executable.path.str().str());
}

int Driver::execute(const std::string &executable) {
  std::vector<llvm::StringRef> command{executable, arguments.task};
  for (const std::string &a : arguments.program)
    command.push_back(a);
  std::string error;
  int result = llvm::sys::ExecuteAndWait(executable, command, std::nullopt, {}, 0, 0, &error);
  if (result < 0)
    diagnostics.error("E0506", fmt::format("the program did not end by itself: {}", error)).help("run it under a debugger: `burin build` makes the same program");
  return result < 0 ? 1 : result;
}
} // namespace

int drive(const Arguments &arguments, Sources &sources, DiagnosticEngine &diagnostics, const char *self) {
  return Driver(arguments, sources, diagnostics, self).run();
}

} // namespace burin
