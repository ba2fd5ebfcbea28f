// Files of stages, and what follows passes to write them.
#include "compiler/Tools/StageFiles.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <fmt/format.h>
using namespace mlir;

namespace burin {

std::string textOf(ModuleOp module, bool locations) {
  std::string text;
  llvm::raw_string_ostream out(text);
  OpPrintingFlags flags;
  if (locations)
    flags.enableDebugInfo();
  module.print(out, flags);
  return text;
}

void StageFiles::write(StringRef stage, StringRef suffix, StringRef text) {
  if (!wanted() || failed)
    return;
  std::error_code error = llvm::sys::fs::create_directories(folder);
  if (!error) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, fmt::format("{:02}-{}.{}", ++written, stage.str(), suffix.str()));
    llvm::raw_fd_ostream out(path, error);
    if (!error) {
      out << text;
      out.close();
      error = out.error();
      out.clear_error();
    }
  }
  if (!error)
    return;
  failed = true;
  diagnostics.error("E0504", fmt::format("can't write into `{}`: {}", folder, error.message()))
      .help("name a folder that can be written to");
}

namespace {
class Follower : public PassInstrumentation {
public:
  explicit Follower(StageFiles &files) : files(files) {}

private:
  static ModuleOp moduleOf(Operation *op) {
    while (Operation *parent = op->getParentOp())
      op = parent;
    return dyn_cast<ModuleOp>(op);
  }
  static uint64_t hash(StringRef text) { return llvm::xxh3_64bits(text); }
  void runBeforePass(Pass *, Operation *op) override {
    if (!last)
      last = hash(textOf(moduleOf(op)));
  }
  // Passes within passes come first, so that the outer one has changed nothing more.
  void runAfterPass(Pass *pass, Operation *op) override {
    std::string text = textOf(moduleOf(op));
    uint64_t now = hash(text);
    if (now == last)
      return;
    last = now;
    files.write(pass->getArgument().empty() ? pass->getName() : pass->getArgument(), "mlir", text);
  }
  StageFiles &files;
  std::optional<uint64_t> last;
};
} // namespace

void StageFiles::follow(PassManager &passes) {
  if (wanted())
    passes.addInstrumentation(std::make_unique<Follower>(*this));
}

} // namespace burin
