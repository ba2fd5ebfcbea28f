// The compiler's command.
#include "compiler/Tools/Driver.h"

int main(int argc, char **argv) {
  burin::Sources sources;
  burin::DiagnosticEngine diagnostics(sources);
  auto arguments = burin::readArguments(argc, argv, diagnostics);
  int code = 0;
  if (arguments && arguments->command == "help") {
    llvm::outs() << burin::usage;
  } else if (arguments && arguments->command == "version") {
    llvm::outs() << "burin 0.1\n";
  } else if (arguments) {
    code = burin::drive(*arguments, sources, diagnostics, argv[0]);
  }
  diagnostics.print(llvm::errs());
  return diagnostics.hasErrors() ? diagnostics.exitCode() : code;
}
