// The stages, one after the other, until the one that is asked for.
#include "compiler/Tools/Driver.h"
#include "compiler/Import/Import.h"
#include "compiler/Library/Library.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Pipelines/StageDiagnostics.h"
#include "compiler/Sema/Sema.h"
#include "compiler/Syntax/Parser.h"
#include "dialects/Task/Task.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/IR/Verifier.h"
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
  bool finish(const std::string &stage, const std::string &text);
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

int Driver::run() {
  auto file = read(arguments.file);
  if (!file)
    return failed();
  auto tree = syntax::parse(*file, diagnostics);
  std::vector<std::unique_ptr<syntax::Tree>> library;
  std::vector<const syntax::Tree *> libraryTrees;
  for (const LibraryFile &f : libraryFiles()) {
    library.push_back(syntax::parse(sources.add(fmt::format("library/{}", f.name), f.text), diagnostics));
    libraryTrees.push_back(library.back().get());
  }
  if (diagnostics.hasErrors())
    return failed();
  if (finish("ast", syntax::print(*tree)))
    return 0;
  sema::Options options;
  options.dims = arguments.dims;
  auto program = sema::analyse(*tree, libraryTrees, diagnostics, options, llvm::sys::path::stem(arguments.file).str());
  if (!program)
    return failed();
  if (finish("typed", sema::print(*program)))
    return 0;
  DialectRegistry registry;
  registry.insert<BurinDialect, task::TaskDialect, func::FuncDialect>();
  func::registerInlinerExtension(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  OwningOpRef<ModuleOp> module = import(*program, sources, context);
  if (mlir::failed(verify(*module))) {
    diagnostics.error("E0599", "the compiler made IR that does not verify").help("this is a mistake of the compiler, not of the program; please report it");
    return failed();
  }
  if (arguments.command == "check")
    return 0;
  if (finish("graph", burin::show(*module)))
    return 0;
  StageDiagnostics stageDiagnostics(context, diagnostics);
  PassManager passes(&context);
  buildGraphToGrad(passes);
  if (mlir::failed(passes.run(*module)))
    return failed();
  if (finish("grad", burin::show(*module)))
    return 0;
  return 0;
}
} // namespace

int drive(const Arguments &arguments, Sources &sources, DiagnosticEngine &diagnostics, const char *self) {
  return Driver(arguments, sources, diagnostics, self).run();
}

} // namespace burin
