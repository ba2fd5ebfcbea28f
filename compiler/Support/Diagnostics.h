//===- Diagnostics.h - Errors, written for the one who made the mistake -----===//
#pragma once
#include "compiler/Support/Source.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/JSON.h"
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

/// How messages are written, and which stop the build.
struct DiagnosticOptions {
  bool json = false; ///< one JSON object a line (docs/diagnostics.md) in place of text
  bool warningsAreErrors = false;
};

/// Collects the messages of a run, one for a code and place. At most `limit` errors and as many warnings are kept; the
/// rest are counted.
class DiagnosticEngine {
public:
  explicit DiagnosticEngine(Sources &sources) : sources(sources) {}
  Diagnostic &error(std::string code, Location place, std::string message);
  Diagnostic &error(std::string code, std::string message); ///< without a place
  Diagnostic &warning(std::string code, Location place, std::string message);
  bool hasErrors() const { return errors > 0; }
  size_t errorCount() const { return errors; }
  /// Whether nothing may be built: errors, or warnings where they count as such.
  bool stops() const { return hasErrors() || (options.warningsAreErrors && warnings > 0); }
  /// Whether another error would be shown. Where not, what takes time to find for its help is left out.
  bool showsMore() const { return errors < limit; }
  /// 0 where nothing stops; 2 where all errors are about the command line (E0501 to E0505); 1 for those of a program.
  int exitCode() const;
  /// While it lives, an error in another file than the call's names the call: `called here`. Of calls in calls, that
  /// which is nearest to the error and in another file.
  class Call {
  public:
    Call(DiagnosticEngine &engine, Location place) : engine(engine) { engine.calls.push_back(place); }
    Call(const Call &) = delete;
    Call &operator=(const Call &) = delete;
    ~Call() { engine.calls.pop_back(); }

  private:
    DiagnosticEngine &engine;
  };
  /// Writes all in order of place, as the options say.
  void print(llvm::raw_ostream &out) const;
  Sources &sources;
  DiagnosticOptions options;

private:
  static constexpr size_t limit = 100;
  Diagnostic &add(Severity severity, std::string code, std::optional<Location> place, std::string message);
  std::vector<const Diagnostic *> sorted() const;
  bool isError(const Diagnostic &d) const { return d.severity == Severity::Error || options.warningsAreErrors; }
  void printText(llvm::raw_ostream &out, const Diagnostic &d) const;
  void printExcerpt(llvm::raw_ostream &out, Location place, const std::string &text, char mark, unsigned margin) const;
  void printJson(llvm::raw_ostream &out, const Diagnostic &d) const;
  void placeJson(llvm::json::OStream &json, std::optional<Location> place) const;
  std::vector<Location> calls; ///< that are looked into, the innermost last
  std::deque<Diagnostic> diagnostics;
  Diagnostic surplus;
  size_t errors = 0, warnings = 0;
  llvm::DenseSet<std::pair<uint64_t, uint64_t>> seen; ///< file and offset, length and code
};

/// The candidate nearest to a name by edit distance, if near enough to be meant.
std::optional<std::string> nearestName(std::string_view name, const std::vector<std::string> &candidates);

} // namespace burin
