//===- Inline.h - Functions where they are called -------------------------------===//
#pragma once
#include "mlir/Pass/Pass.h"
#include <memory>

namespace burin {

/// Replaces every `func.call` of a function that has a body by that body, and removes private functions, which nothing
/// calls any more. A function is inlined into when all that it calls has been inlined into it, so no body is looked at
/// twice; upstream's inliner keeps lists of all uses of all symbols, which took a third of the time of checking a long
/// program. Fails with an error at a call of a function that is being inlined (it calls itself).
std::unique_ptr<mlir::Pass> createInline();

} // namespace burin
