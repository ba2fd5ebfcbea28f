//===- Expansion.h - What a program becomes when its calls are expanded --------===//
#pragma once
#include "compiler/Sema/Program.h"
#include "compiler/Support/Diagnostics.h"
#include <map>

namespace burin::sema {

/// How long and how deep bodies are when the calls in them are expanded, which is bounded (E0211).
class Expansions {
public:
  static constexpr unsigned deepest = 100; ///< calls, models and values within each other
  explicit Expansions(DiagnosticEngine &diagnostics) : diagnostics(diagnostics) {}
  /// False: the body of `function`, or of a task where it is null, is too much, and an error was said.
  bool bound(const Block &body, const Function *function, const std::string &name, Location place);
  /// Says that calls are too deep in `name`.
  void tooDeep(const std::string &name, Location place);

private:
  struct Expansion {
    uint64_t statements = 0;
    unsigned height = 0; ///< of calls
  };
  Expansion of(const Block &body) const;

  DiagnosticEngine &diagnostics;
  std::map<const Function *, Expansion> known;
};

} // namespace burin::sema
