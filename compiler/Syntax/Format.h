//===- Format.h - A program in the one layout ---------------------------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"

namespace burin::syntax {

/// The text of a file of `diagnostics.sources` in the one layout (Format.md): formatting that again changes nothing,
/// and both have the same tree and comments. Reports the parser's errors, and then returns none.
std::optional<std::string> format(uint32_t file, DiagnosticEngine &diagnostics);

} // namespace burin::syntax
