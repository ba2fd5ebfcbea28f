//===- Parser.h - Tokens to a tree ------------------------------------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"
#include "compiler/Syntax/Tree.h"

namespace burin::syntax {

/// Parses a file of `diagnostics.sources`. Recovers at statements, so several errors are reported in a run; nesting is
/// bounded. What could not be read is in the tree as such, so that a tree that is `whole` can be checked further.
std::unique_ptr<Tree> parse(uint32_t file, DiagnosticEngine &diagnostics);

/// The tree as indented text (`--emit=ast`).
std::string print(const Tree &tree);

} // namespace burin::syntax
