// The compiler's command.
#include "compiler/Explain/Explain.h"
#include "compiler/Tools/Driver.h"
#include "compiler/Tools/FormatFiles.h"
#include <fmt/format.h>

// The page of a code, or the list of all.
static int explain(const std::string &code, burin::DiagnosticEngine &diagnostics) {
  const burin::ErrorPage *page = burin::errorPage(code);
  if (!code.empty() && !page) {
    std::vector<std::string> known;
    for (const burin::ErrorPage &p : burin::errorPages())
      known.push_back(p.code);
    auto near = burin::nearestName(llvm::StringRef(code).upper(), known);
    auto &error = diagnostics.error("E0502", fmt::format("there is no code `{}`", code));
    if (near)
      error.help(fmt::format("did you mean `{}`: {}?", *near, burin::errorPage(*near)->title().str()));
    error.help("`burin explain` lists all codes");
    return 2;
  }
  llvm::outs() << (page ? page->text : burin::errorIndex());
  return 0;
}

int main(int argc, char **argv) {
  burin::Sources sources;
  burin::DiagnosticEngine diagnostics(sources);
  auto arguments = burin::readArguments(argc, argv, diagnostics);
  int code = 0;
  if (arguments && arguments->command == "help") {
    llvm::outs() << burin::usage;
  } else if (arguments && arguments->command == "version") {
    llvm::outs() << "burin 0.1\n";
  } else if (arguments && arguments->command == "explain") {
    code = explain(arguments->file, diagnostics);
  } else if (arguments && arguments->command == "fmt") {
    code = burin::formatFiles(arguments->files, arguments->checkLayout, diagnostics);
  } else if (arguments) {
    code = burin::drive(*arguments, sources, diagnostics, argv[0]);
  }
  diagnostics.print(llvm::errs());
  return diagnostics.stops() ? diagnostics.exitCode() : code;
}
