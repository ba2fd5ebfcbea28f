#include "compiler/Tools/FormatFiles.h"
#include "compiler/Syntax/Format.h"
#include "compiler/Tools/SourceFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <fmt/format.h>

namespace burin {

namespace {
struct Formatted {
  std::string path;
  uint32_t file = 0;
  std::string text;
};

std::optional<uint32_t> readStandardInput(DiagnosticEngine &diagnostics) {
  auto buffer = llvm::MemoryBuffer::getSTDIN();
  if (!buffer) {
    diagnostics.error("E0503", fmt::format("can't read standard input: {}", buffer.getError().message()))
        .help("name a file in place of `-`");
    return std::nullopt;
  }
  return diagnostics.sources.add("standard input", (*buffer)->getBuffer().str());
}

// The first line that is laid out otherwise, and how it should be.
void reportLayout(const Formatted &f, DiagnosticEngine &diagnostics) {
  std::string_view was = diagnostics.sources.file(f.file).text();
  size_t same = 0, line = 0;
  while (same < was.size() && same < f.text.size() && was[same] == f.text[same]) {
    if (was[same] == '\n')
      line = same + 1;
    ++same;
  }
  std::string_view wanted = std::string_view(f.text).substr(std::min(line, f.text.size()));
  wanted = wanted.substr(0, wanted.find('\n'));
  size_t here = std::min(same, was.empty() ? 0 : was.size() - 1);
  diagnostics.error("E0260", {f.file, uint32_t(here), 1}, "this file is laid out otherwise than `burin fmt` does it")
      .label(line >= f.text.size() ? "here the file ends" : fmt::format("the line is `{}`", wanted))
      .help(f.path == "-" ? "`burin fmt -` writes the layout to standard output"
                          : fmt::format("`burin fmt {}` lays it out", f.path));
}

// A link keeps pointing to the file, which keeps its permissions.
bool replace(const Formatted &f, DiagnosticEngine &diagnostics) {
  llvm::SmallString<256> path;
  std::error_code error = llvm::sys::fs::real_path(f.path, path);
  llvm::sys::fs::perms permissions = llvm::sys::fs::perms_not_known;
  if (auto status = llvm::sys::fs::getPermissions(path))
    permissions = *status;
  if (!error) {
    auto temporary = llvm::sys::fs::TempFile::create(path + ".%%%%%%");
    if (!temporary) {
      error = llvm::errorToErrorCode(temporary.takeError());
    } else {
      llvm::raw_fd_ostream out(temporary->FD, /*shouldClose=*/false);
      out << f.text;
      out.flush();
      error = out.error();
      out.clear_error();
      if (!error && permissions != llvm::sys::fs::perms_not_known)
        error = llvm::sys::fs::setPermissions(temporary->FD, permissions);
      if (error)
        llvm::consumeError(temporary->discard());
      else
        error = llvm::errorToErrorCode(temporary->keep(path));
    }
  }
  if (error)
    diagnostics.error("E0504", fmt::format("can't write `{}`: {}", f.path, error.message()))
        .help("the file is as it was; `burin fmt -` reads standard input and writes standard output");
  return !error;
}
} // namespace

int formatFiles(const std::vector<std::string> &files, bool checkOnly, DiagnosticEngine &diagnostics) {
  std::vector<Formatted> all;
  for (const std::string &path : files) {
    auto file = path == "-" ? readStandardInput(diagnostics) : readSource(path, diagnostics);
    auto text = file ? syntax::format(*file, diagnostics) : std::nullopt;
    if (text)
      all.push_back({path, *file, std::move(*text)});
  }
  if (diagnostics.hasErrors())
    return 1;
  for (const Formatted &f : all) {
    bool same = diagnostics.sources.file(f.file).text() == f.text;
    if (checkOnly && !same)
      reportLayout(f, diagnostics);
    else if (f.path == "-" && !checkOnly)
      llvm::outs() << f.text;
    else if (!same && !replace(f, diagnostics))
      return 1;
  }
  return 0;
}

} // namespace burin
