#include "compiler/Pipelines/StageDiagnostics.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/StringExtras.h"
using namespace mlir;

namespace burin {

SmallVector<Location> placesOf(mlir::Location where, const Sources &sources) {
  SmallVector<Location> places;
  SmallVector<mlir::LocationAttr> open{where};
  while (!open.empty()) {
    mlir::LocationAttr next = open.pop_back_val();
    if (auto call = dyn_cast<CallSiteLoc>(next)) {
      open.push_back(call.getCaller());
      open.push_back(call.getCallee());
    } else if (auto name = dyn_cast<NameLoc>(next)) {
      open.push_back(name.getChildLoc());
    } else if (auto fused = dyn_cast<FusedLoc>(next); fused && !fused.getLocations().empty()) {
      open.push_back(fused.getLocations().front());
    } else if (auto line = dyn_cast<FileLineColLoc>(next)) {
      if (auto file = sources.find(line.getFilename().getValue()))
        places.push_back({*file, sources.file(*file).offset({line.getLine(), line.getColumn()}), 1});
    }
  }
  return places;
}

std::optional<Location> userPlaceOf(mlir::Location where, const Sources &sources) {
  SmallVector<Location> places = placesOf(where, sources);
  auto user = llvm::find_if(places, [&](Location place) { return !sources.file(place.file).isOfLibrary(); });
  if (user != places.end())
    return *user;
  return places.empty() ? std::nullopt : std::optional(places.front());
}

StageDiagnostics::StageDiagnostics(MLIRContext &context, DiagnosticEngine &diagnostics)
    : ScopedDiagnosticHandler(&context), diagnostics(diagnostics) {
  setHandler([this](mlir::Diagnostic &diagnostic) { take(diagnostic); });
}

void StageDiagnostics::take(mlir::Diagnostic &diagnostic) {
  if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
    return;
  SmallVector<Location> places = placesOf(diagnostic.getLocation(), diagnostics.sources);
  std::string text = diagnostic.str(), code = places.empty() ? "E0599" : "E0306";
  bool coded =
      text.size() > 7 && text[0] == 'E' && llvm::all_of(StringRef(text).substr(1, 4), llvm::isDigit) && text[5] == ':';
  if (coded) {
    code = text.substr(0, 5);
    text = text.substr(7);
  }
  burin::Diagnostic &error =
      places.empty() ? diagnostics.error(code, text) : diagnostics.error(code, places.front(), text);
  for (Location caller : ArrayRef(places).drop_front(places.empty() ? 0 : 1))
    error.origin(caller, "called here");
  for (mlir::Diagnostic &note : diagnostic.getNotes()) {
    std::optional<Location> at;
    if (note.getLocation() != diagnostic.getLocation())
      at = userPlaceOf(note.getLocation(), diagnostics.sources);
    if (at)
      error.origin(*at, note.str());
    else
      error.help(note.str());
  }
  if (!coded)
    error.help(places.empty() ? "this is a mistake of the compiler, not of the program; please report it"
                              : "docs/language.md says what is supported");
}

} // namespace burin
