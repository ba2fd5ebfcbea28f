//===- Diagnostics.h - Errors, written for the one who made the mistake -----===//
#pragma once
#include "compiler/Support/Source.h"
#include "llvm/Support/raw_ostream.h"
#include <deque>
#include <optional>

namespace burin {

enum class Severity { Error, Warning };

/// One message. `label` says what was found at the place, `origin` shows where a type or name came from, `help` a way
/// out.
struct Diagnostic {
  Severity severity;
  std::string code, message, labelText;
  std::optional<Location> place;
  struct Origin {
    Location place;
    std::string text;
  };
  std::vector<Origin> origins;
  std::vector<std::string> helps;

  Diagnostic &label(std::string text) { return labelText = std::move(text), *this; }
  Diagnostic &origin(Location place, std::string text) { return origins.push_back({place, std::move(text)}), *this; }
  Diagnostic &help(std::string text) { return helps.push_back(std::move(text)), *this; }
};

/// Collects the messages of a run, one for a code and place. At most `limit` errors are kept; the rest are counted.
class DiagnosticEngine {
public:
  explicit DiagnosticEngine(Sources &sources) : sources(sources) {}
  Diagnostic &error(std::string code, Location place, std::string message);
  Diagnostic &error(std::string code, std::string message); ///< without a place
  Diagnostic &warning(std::string code, Location place, std::string message);
  bool hasErrors() const { return errors > 0; }
  unsigned errorCount() const { return errors; }
  /// 0 without errors; 2 where all are about the command line (E0501 to E0505); 1 for those of a program.
  int exitCode() const;
  /// Prints all in order of place.
  void print(llvm::raw_ostream &out) const;
  Sources &sources;

private:
  static constexpr unsigned limit = 100;
  Diagnostic &add(Severity severity, std::string code, std::optional<Location> place, std::string message);
  void printExcerpt(llvm::raw_ostream &out, Location place, const std::string &text, char mark, unsigned margin) const;
  std::deque<Diagnostic> diagnostics;
  Diagnostic surplus;
  unsigned errors = 0;
};

/// The candidate nearest to a name by edit distance, if near enough to be meant.
std::optional<std::string> nearestName(std::string_view name, const std::vector<std::string> &candidates);

} // namespace burin
