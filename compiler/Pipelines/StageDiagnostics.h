//===- StageDiagnostics.h - What passes report, in the user's terms ---------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"
#include "mlir/IR/Diagnostics.h"

namespace burin {

/// The places that an op's location names: where it was written, then the calls that brought it there.
mlir::SmallVector<Location> placesOf(mlir::Location where, const Sources &sources);
/// The innermost of them in the user's file, or in the library if there is none.
std::optional<Location> userPlaceOf(mlir::Location where, const Sources &sources);

/// While it lives, errors of passes go to the user's diagnostics, at the place that the op came from; calls on the way
/// there become origins; a note with a place of its own becomes an origin there, others become helps. A pass begins its
/// messages with their code (`E0603: …`); one without is E0306, something that is not supported, or, where the op has
/// no place, E0599, a mistake of the compiler.
class StageDiagnostics : public mlir::ScopedDiagnosticHandler {
public:
  StageDiagnostics(mlir::MLIRContext &context, DiagnosticEngine &diagnostics);

private:
  void take(mlir::Diagnostic &diagnostic);
  DiagnosticEngine &diagnostics;
};

} // namespace burin
