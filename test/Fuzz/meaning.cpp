// Any bytes as a program's text, with the library: its meaning is found, or it is refused with errors that can be
// shown.
#include "compiler/Library/Library.h"
#include "compiler/Sema/Sema.h"
#include "compiler/Syntax/Parser.h"
#include "test/Fuzz/Fuzz.h"
using namespace burin;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Run run;
  Sources sources;
  DiagnosticEngine diagnostics(sources);
  // The library's trees are parsed once: its files have the same numbers in every run.
  static std::vector<std::unique_ptr<syntax::Tree>> library;
  bool first = library.empty();
  for (const LibraryFile &f : libraryFiles()) {
    uint32_t number = sources.add(f.name, f.text);
    if (first)
      library.push_back(syntax::parse(number, diagnostics));
  }
  std::vector<const syntax::Tree *> trees;
  for (auto &tree : library)
    trees.push_back(tree.get());
  auto tree =
      syntax::parse(sources.add("input.burin", std::string(reinterpret_cast<const char *>(data), size)), diagnostics);
  if (!tree->whole)
    return 0;
  auto program = sema::analyse(*tree, trees, diagnostics, {}, "input");
  std::string text;
  llvm::raw_string_ostream out(text);
  diagnostics.print(out);
  fuzz::require(bool(program) == !diagnostics.hasErrors(), "a text without errors has a meaning, and no other");
  for (char c : text)
    fuzz::require(c == '\n' || (static_cast<unsigned char>(c) >= 32 && c != 127), "no control characters are shown");
  if (program)
    sema::print(*program);
  return 0;
}
