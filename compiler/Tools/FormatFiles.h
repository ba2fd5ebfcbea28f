//===- FormatFiles.h - `burin fmt` ---------------------------------------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"

namespace burin {
/// Lays files out, each replaced whole or not at all and only where something changes; `-` is standard input, laid out
/// to standard output. Where one can't be read none is written. `checkOnly`: writes none, and reports (E0260) each that
/// is laid out otherwise. The exit code, where nothing was reported.
int formatFiles(const std::vector<std::string> &files, bool checkOnly, DiagnosticEngine &diagnostics);
} // namespace burin
