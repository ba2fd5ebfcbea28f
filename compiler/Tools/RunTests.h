//===- RunTests.h - `burin test` -----------------------------------------------===//
#pragma once
#include "compiler/Sema/Program.h"
#include "compiler/Support/Diagnostics.h"
#include <functional>

namespace burin {
/// Leaves those tests of a program that are to be run: all, or the one of that name. False where there is none (E0263,
/// E0502).
bool chooseTests(sema::Program &program, const std::string &only, DiagnosticEngine &diagnostics);

/// Runs tests one after the other, each in a process of its own, which `run` becomes or whose exit code it gives.
/// Prints a line for each, of those that fail also what they printed, and a last line with the counts. 0 if all are
/// well.
int runTests(const std::vector<std::string> &names, const std::function<int(const std::string &name)> &run);
} // namespace burin
