// The stages, one after the other, until the one that is asked for.
#include "compiler/Tools/Driver.h"
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/Import/Import.h"
#include "compiler/Interpret/Interpret.h"
#include "compiler/Library/Library.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Pipelines/StageDiagnostics.h"
#include "compiler/Plan/Report.h"
#include "compiler/Sema/Sema.h"
#include "compiler/Support/Passes.h"
#include "compiler/Syntax/Parser.h"
#include "compiler/Target/Cpu/Cpu.h"
#include "compiler/Target/Cpu/Limits.h"
#include "compiler/Tools/GradientChecks.h"
#include "compiler/Tools/RunTests.h"
#include "compiler/Tools/SourceFile.h"
#include "compiler/Tools/StageFiles.h"
#include "compiler/Tools/TextFiles.h"
#include "compiler/Tools/UsedFiles.h"
#include "dialects/Task/Task.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/xxhash.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
using namespace mlir;

namespace burin {
namespace {

class Driver {
public:
  Driver(const Arguments &arguments, Sources &sources, DiagnosticEngine &diagnostics, const char *self)
      : arguments(arguments), sources(sources), diagnostics(diagnostics), self(self),
        files(arguments.dumpDirectory, diagnostics) {}
  int run();

private:
  std::optional<uint32_t> read(const std::string &file) { return readSource(file, diagnostics); }
  std::unique_ptr<sema::Program> frontEnd(bool &done);
  OwningOpRef<ModuleOp> readIR(MLIRContext &context);
  int backEnd(ModuleOp module);
  int interpret(ModuleOp module);
  int interpret(ModuleOp module, const std::string &task);
  bool differentiate(OwningOpRef<ModuleOp> &module);
  int plan(ModuleOp module);
  bool limit(PlanReport &report);
  bool interprets(const char *stage) const {
    return (arguments.command == "run" || arguments.command == "test") && arguments.interpret &&
           arguments.interpretStage == stage;
  }
  std::string sourceHash() const;
  int code(llvm::Module &module, llvm::TargetMachine &machine);
  int assembly(llvm::Module &module, llvm::TargetMachine &machine);
  bool object(llvm::Module &module, llvm::TargetMachine &machine, const std::string &path);
  int execute(StringRef executable);
  int test(StringRef executable);
  /// Writes a stage where it is asked for. True: it was the last.
  bool finish(StringRef stage, StringRef suffix, const std::string &text);
  void print(const std::string &text);
  bool finish(StringRef stage, ModuleOp module) {
    return wants(stage) && finish(stage, "mlir", textOf(module, arguments.locations));
  }
  bool wants(StringRef stage) const { return arguments.emit == stage || files.wanted(); }
  int unwritable(const std::string &message);
  std::string outputPath() const;
  int broken(const std::string &what);
  InterpretOptions interpretation(const std::string &task);
  GradientChecks gradients;
  std::vector<std::string> tasks; ///< the program's, or its tests
  const Arguments &arguments;
  Sources &sources;
  DiagnosticEngine &diagnostics;
  const char *self;
  StageFiles files;
  uint64_t textHash = 0; ///< of files that axes come from
};

int Driver::unwritable(const std::string &message) {
  diagnostics.error("E0504", message).help("name a place that can be written with `-o`");
  return 1;
}

bool Driver::finish(StringRef stage, StringRef suffix, const std::string &text) {
  files.write(stage, suffix, text);
  if (arguments.emit != stage)
    return false;
  print(text);
  return true;
}

// To where the result goes.
void Driver::print(const std::string &text) {
  std::error_code error;
  std::string path = arguments.output.empty() ? "-" : arguments.output; // for raw_fd_ostream: standard output
  llvm::raw_fd_ostream out(path, error);
  if (!error) {
    out << text;
    out.flush();
    error = out.error();
    out.clear_error();
  }
  if (error)
    unwritable(fmt::format("can't write {}: {}", path == "-" ? "standard output" : "`" + path + "`", error.message()));
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
  auto addToHash = [&](const std::string &name, std::string_view text) { // what is compiled in is part of the source
    textHash = llvm::xxh3_64bits(
        fmt::format("{:x} {} {:x}", textHash, name, llvm::xxh3_64bits(llvm::StringRef(text.data(), text.size()))));
  };
  UsedFiles used(diagnostics, addToHash);
  if (arguments.emit != "ast")
    used.join(*tree);
  if (arguments.command == "build" && used.includes(outputPath()))
    return unwritable(fmt::format("`{}` is part of the program: it would be overwritten", outputPath())), nullptr;
  std::vector<std::unique_ptr<syntax::Tree>> library;
  std::vector<const syntax::Tree *> libraryTrees;
  for (const LibraryFile &f : libraryFiles()) {
    std::string name = fmt::format("library/{}", f.name);
    while (sources.find(name)) // a user's
      name = "burin/" + name;
    library.push_back(syntax::parse(sources.add(name, f.text, /*library=*/true), diagnostics));
    libraryTrees.push_back(library.back().get());
  }
  if (!tree->whole || (diagnostics.hasErrors() && arguments.emit == "ast"))
    return nullptr;
  if (!diagnostics.hasErrors() && wants("ast") && finish("ast", "txt", syntax::print(*tree)))
    return done = true, nullptr;
  sema::Options options;
  options.dims = arguments.dims, options.tests = arguments.command == "test";
  options.texts = [&](const std::string &pattern, std::string &why) {
    auto texts = readTexts(llvm::sys::path::parent_path(arguments.file).str(), pattern, why);
    for (auto &[name, text] : texts)
      addToHash(name, text);
    return texts;
  };
  auto program = sema::analyse(*tree, libraryTrees, diagnostics, options, llvm::sys::path::stem(arguments.file).str());
  if (diagnostics.stops() || !program || (options.tests && !chooseTests(*program, arguments.only, diagnostics)))
    return nullptr;
  for (auto &task : program->tasks)
    tasks.push_back(task->name);
  if (wants("typed") && finish("typed", "txt", sema::print(*program)))
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

// Where the result goes; nothing: to standard output.
std::string Driver::outputPath() const {
  if (!arguments.output.empty() || (arguments.emit != "exe" && arguments.emit != "obj"))
    return arguments.output;
  return llvm::sys::path::stem(arguments.file).str() + (arguments.emit == "obj" ? ".o" : "");
}

// Why nothing can be written at a path, as far as can be seen before it is tried: known at once, and in our own words.
static std::error_code whyUnwritable(const std::string &path) {
  llvm::StringRef folder = llvm::sys::path::parent_path(path);
  if (folder.empty())
    folder = ".";
  if (llvm::sys::fs::is_directory(path))
    return std::make_error_code(std::errc::is_a_directory);
  if (std::error_code error = llvm::sys::fs::access(folder, llvm::sys::fs::AccessMode::Exist))
    return error;
  if (!llvm::sys::fs::is_directory(folder))
    return std::make_error_code(std::errc::not_a_directory);
  return llvm::sys::fs::access(llvm::sys::fs::exists(path) ? path : folder, llvm::sys::fs::AccessMode::Write);
}

int Driver::run() {
  std::string output = arguments.command == "build" ? outputPath() : "";
  if (std::error_code error = output.empty() ? std::error_code() : whyUnwritable(output))
    return unwritable(fmt::format("can't write `{}`: {}", output, error.message()));
  if (arguments.command == "build" && llvm::sys::fs::equivalent(outputPath(), arguments.file))
    return unwritable(fmt::format("`{}` is the program itself: it would be overwritten", outputPath()));
  bool done, isIR = llvm::StringRef(arguments.file).ends_with(".mlir");
  auto program = isIR ? nullptr : frontEnd(done);
  if (!program && !isIR)
    return done ? 0 : 1;
  DialectRegistry registry;
  registry.insert<BurinDialect, task::TaskDialect, func::FuncDialect>();
  func::registerInlinerExtension(registry);
  registerCpuTranslations(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  auto release = llvm::make_scope_exit([this] { gradients = {}; }); // before the context goes
  context.printOpOnDiagnostic(false);                               // users are shown their own lines
  StageDiagnostics stageDiagnostics(context, diagnostics);
  OwningOpRef<ModuleOp> module = isIR ? readIR(context) : import(*program, sources, context);
  if (!module)
    return 1;
  if (mlir::failed(verify(*module)))
    return broken("the compiler made IR that does not verify");
  if (finish("graph", *module))
    return 0;
  if (arguments.command == "test" && mlir::failed(gradients.takeFrom(*module, arguments.wrongRule)))
    return broken("the gradients of a `gradcheck` could not be made");
  if (interprets("graph"))
    return interpret(*module);
  if (!differentiate(module))
    return broken("a stage after the graph failed");
  bool planned = arguments.command == "plan" || !module->getOps<task::RequireOp>().empty();
  if (arguments.command == "plan" || (arguments.command == "check" && planned))
    return plan(*module);
  if (arguments.command == "check")
    return 0;
  if (finish("grad", *module))
    return 0;
  if (interprets("grad"))
    return interpret(*module);
  return backEnd(*module);
}

// Whether a program keeps to the memory that it requires; nothing is said where it does not.
static bool holdsRequirements(ModuleOp module) {
  OwningOpRef<ModuleOp> trial = module.clone();
  ScopedDiagnosticHandler quiet(module.getContext(), [](mlir::Diagnostic &) { return mlir::success(); });
  PassManager passes(module.getContext());
  passes.addPass(createFormKernels());
  return succeeded(runStage(passes, *trial)) && succeeded(planProgram(*trial));
}

// The graph becomes the gradient's IR. Where a program requires less memory than its loops take for the way back, they
// compute their steps again; where that is still too much, segments of them.
bool Driver::differentiate(OwningOpRef<ModuleOp> &module) {
  MLIRContext &context = *module->getContext();
  bool bounded = !module->getOps<task::RequireOp>().empty();
  bool checked = arguments.command == "check" && !bounded && module->getOps<task::DataOp>().empty(); // no more to say
  OwningOpRef<ModuleOp> graph = bounded ? module->clone() : ModuleOp();
  auto run = [&](ModuleOp from, Keep keep, bool segments = false) {
    PassManager passes(&context);
    GraphToGradOptions options;
    options.keep = keep, options.segments = segments;
    if (checked)
      buildGraphToAdjoints(passes, keep);
    else
      buildGraphToGrad(passes, options);
    if (keep == Keep::Products)
      files.follow(passes);
    return succeeded(runStage(passes, from));
  };
  if (!run(*module, Keep::Products))
    return false;
  if (!bounded)
    return true;
  loadCpuDialects(context);
  if (holdsRequirements(*module))
    return true;
  OwningOpRef<ModuleOp> trial;
  for (bool segments : {false, true}) {
    trial = graph->clone();
    if (!run(*trial, Keep::State, segments))
      return true;
    if (holdsRequirements(*trial))
      break;
  }
  module = std::move(trial); // what is said of requirements that are not held is said of the least
  return true;
}

std::string Driver::sourceHash() const {
  std::string_view text = sources.file(0).text();
  return fmt::format("{:016x}", llvm::xxh3_64bits(llvm::StringRef(text.data(), text.size())) ^ textHash);
}

// The slow reference in place of machine code.
int Driver::interpret(ModuleOp module) {
  if (arguments.command == "test")
    return runTests(tasks, [&](const std::string &name) {
      int code = gradients.run(name, interpretation(name));
      return code ? code : interpret(module, name);
    });
  return interpret(module, arguments.task);
}

int Driver::interpret(ModuleOp module, const std::string &task) {
  return interpretProgram(module, interpretation(task));
}

InterpretOptions Driver::interpretation(const std::string &task) {
  InterpretOptions options;
  options.sourceHash = sourceHash();
  options.doubles = arguments.interpretDoubles;
  options.commandLine = {arguments.file, task};
  options.commandLine.insert(options.commandLine.end(), arguments.program.begin(), arguments.program.end());
  options.onFailure = [this] {
    if (diagnostics.hasErrors())
      diagnostics.print(llvm::errs());
  };
  return options;
}

// Kernels and their memory, and what there is to say about them. `check` only asks whether the program's requirements
// are met.
int Driver::plan(ModuleOp module) {
  loadCpuDialects(*module.getContext());
  PassManager passes(module.getContext());
  passes.addPass(createFormKernels());
  if (mlir::failed(runStage(passes, module)))
    return broken("kernels could not be formed");
  auto program = planProgram(module);
  if (mlir::failed(program))
    return broken("memory could not be planned");
  if (arguments.command == "check")
    return 0;
  std::vector<std::string> names;
  for (auto &[op, memory] : program->tasks)
    if (auto task = op; !task.getInitialise())
      names.push_back(task.getSymName().str());
  if (!arguments.task.empty() && !llvm::is_contained(names, arguments.task)) {
    auto near = nearestName(arguments.task, names);
    diagnostics.error("E0502", fmt::format("there is no task `{}`", arguments.task))
        .help(near ? fmt::format("did you mean `{}`?", *near) : fmt::format("tasks are {}", fmt::join(names, ", ")));
    return 2;
  }
  auto report = reportPlan(module, *program, sources, arguments.task);
  if (!report)
    return broken("costs could not be counted");
  if (!limit(*report))
    return 1;
  print(arguments.json ? jsonOf(*report) : textOf(*report));
  return 0;
}

// The limits of a core: as given, or measured where that is asked for.
bool Driver::limit(PlanReport &report) {
  report.limits = arguments.limits;
  if (!arguments.measure)
    return true;
  CpuOptions options;
  std::string error;
  auto machine = targetMachine(options, error);
  if (machine && measureLimits(*machine, options, report.workingSet(), report.limits, error))
    return true;
  unwritable(fmt::format("this machine's limits can't be measured: {}", error));
  return false;
}

int Driver::backEnd(ModuleOp module) {
  MLIRContext &context = *module.getContext();
  CpuOptions options;
  options.optLevel = arguments.optLevel, options.cpu = arguments.cpu;
  options.allPieces = arguments.allPieces, options.watch = arguments.watch;
  options.sourceHash = sourceHash();
  loadCpuDialects(context);
  std::string error;
  auto machine = targetMachine(options, error);
  if (!machine) {
    diagnostics.error("E0505", error).help("`--cpu=native` compiles for this machine");
    return 1;
  }
  PassManager passes(&context);
  FormKernelsOptions kernels;
  kernels.apart = arguments.watch ? 100 : 0; // a kernel for each operation, so that each can be looked at
  passes.addPass(createFormKernels(kernels));
  files.follow(passes);
  if (mlir::failed(runStage(passes, module)))
    return broken("kernels could not be formed");
  if (finish("kernels", module))
    return 0;
  auto descriptor = lowerToLoops(module, options);
  if (mlir::failed(descriptor))
    return broken("kernels could not be generated");
  if (finish("loops", module))
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
    if (finish("llvm", "ll", text))
      return 0;
  }
  return this->code(*code, *machine);
}

/// A file that goes when this does, or when a signal ends the process.
struct TemporaryFile {
  llvm::SmallString<128> path;
  bool fine;
  TemporaryFile(llvm::StringRef suffix) {
    fine = !llvm::sys::fs::createTemporaryFile("burin", suffix, path);
    if (fine)
      llvm::sys::RemoveFileOnSignal(path);
  }
  ~TemporaryFile() {
    if (!fine)
      return;
    (void)llvm::sys::fs::remove(path);
    llvm::sys::DontRemoveFileOnSignal(path);
  }
};

// Passes that write code change what they read: where something comes after it they are given a copy.
int Driver::assembly(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::SmallString<0> text;
  llvm::raw_svector_ostream out(text);
  std::string error;
  auto copy = llvm::CloneModule(module);
  if (!emitCode(*copy, machine, true, out, error))
    return broken(error);
  finish("asm", "s", text.str().str());
  return 0;
}

// An object, whole or with an error.
bool Driver::object(llvm::Module &module, llvm::TargetMachine &machine, const std::string &path) {
  std::error_code code;
  std::string error;
  llvm::raw_fd_ostream out(path, code);
  if (!code) {
    if (!emitCode(module, machine, false, out, error))
      return broken(error), false;
    out.close();
    code = out.error();
    out.clear_error();
  }
  if (code)
    unwritable(fmt::format("can't write `{}`: {}", path, code.message()));
  return !code;
}

int Driver::code(llvm::Module &module, llvm::TargetMachine &machine) {
  std::string error;
  bool testing = arguments.command == "test", running = testing || arguments.command == "run",
       toObject = arguments.emit == "obj";
  if (wants("asm"))
    if (int failure = assembly(module, machine); failure || arguments.emit == "asm")
      return failure;
  std::string output = outputPath();
  if (toObject)
    return object(module, machine, output) ? 0 : 1;
  TemporaryFile compiled("o"), executable("exe");
  if (!compiled.fine || !executable.fine)
    return unwritable("can't make a temporary file");
  if (!object(module, machine, compiled.path.str().str()))
    return 1;
  llvm::SmallString<256> runtime(llvm::sys::fs::getMainExecutable(self, reinterpret_cast<void *>(&drive)));
  llvm::sys::path::remove_filename(runtime);
  llvm::sys::path::append(runtime, "..", "lib", "libburin_rt.a");
  if (!link(compiled.path.str().str(), runtime.str().str(), running ? executable.path.str().str() : output, error))
    return unwritable(error);
  (void)llvm::sys::fs::remove(compiled.path);
  return testing ? test(executable.path) : running ? execute(executable.path) : 0;
}

// Each test in a process of its own.
int Driver::test(StringRef executable) {
  return runTests(tasks, [&](const std::string &name) {
    if (int code = gradients.run(name, interpretation(name)))
      return code;
    std::string path = executable.str();
    char *command[] = {const_cast<char *>(arguments.file.c_str()), const_cast<char *>(name.c_str()), nullptr};
    execve(path.c_str(), command, environ);
    llvm::errs() << "error[E0506]: can't start the program: " << strerror(errno) << "\n";
    return 1;
  });
}

// The program takes this process's place: signals and the exit code are its own. Its file goes before it starts.
int Driver::execute(StringRef executable) {
  int file = open(executable.str().c_str(), O_RDONLY | O_CLOEXEC);
  (void)llvm::sys::fs::remove(executable);
  std::vector<char *> command{const_cast<char *>(arguments.file.c_str()), const_cast<char *>(arguments.task.c_str())};
  for (const std::string &a : arguments.program)
    command.push_back(const_cast<char *>(a.c_str()));
  command.push_back(nullptr);
  if (file >= 0)
    fexecve(file, command.data(), environ);
  std::error_code error(errno, std::generic_category());
  diagnostics.error("E0506", fmt::format("can't start the program: {}", error.message()))
      .help("`burin build` makes the same program, to be started by hand");
  return 1;
}
} // namespace

int drive(const Arguments &arguments, Sources &sources, DiagnosticEngine &diagnostics, const char *self) {
  return Driver(arguments, sources, diagnostics, self).run();
}

} // namespace burin
