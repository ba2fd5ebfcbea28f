#include "compiler/Tools/SourceFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <fmt/format.h>

namespace burin {

std::optional<uint32_t> readSource(const std::string &file, DiagnosticEngine &diagnostics) {
  constexpr uint64_t largest = 64 << 20;
  llvm::sys::fs::file_status status;
  if (auto error = llvm::sys::fs::status(file, status)) {
    diagnostics.error("E0503", fmt::format("can't read `{}`: {}", file, error.message()))
        .help("give the path of a `.burin` file");
    return std::nullopt;
  }
  if (status.type() != llvm::sys::fs::file_type::regular_file || status.getSize() > largest) {
    diagnostics.error("E0503", fmt::format("`{}` is no file of at most 64 MiB", file))
        .help("give the path of a `.burin` file");
    return std::nullopt;
  }
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer) {
    diagnostics.error("E0503", fmt::format("can't read `{}`: {}", file, buffer.getError().message()))
        .help("give the path of a `.burin` file");
    return std::nullopt;
  }
  return diagnostics.sources.add(file, (*buffer)->getBuffer().str());
}

} // namespace burin
