//===- SourceFile.h - A program's text from its file ---------------------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"

namespace burin {
/// Reads a file of at most 64 MiB into `diagnostics.sources`; its number there. Reports E0503 and gives none.
std::optional<uint32_t> readSource(const std::string &file, DiagnosticEngine &diagnostics);
} // namespace burin
