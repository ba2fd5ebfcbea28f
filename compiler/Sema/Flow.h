//===- Flow.h - Through what a value comes from another ------------------------===//
//
// A loss must depend on what it trains in a way that has a derivative (rule 26), and not through what has none without
// the text saying so (rule 27). This follows values forward through a typed body and the functions it calls.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Sema/Program.h"
#include <map>
#include <set>

namespace burin::sema {

/// Where no derivative passes: at an index, a discrete draw, or the call of a `function` that is declared to have none.
struct Cut {
  Location place;
  std::string function = {};
};

/// From what a value is computed: slots, and variables that the body does not define.
struct Flow {
  std::vector<const void *> smooth; ///< through operations with a derivative only; sorted
  std::vector<const void *> sure;   ///< those of them that no lazy `if` stands before: on every way through the text
  std::map<const void *, Cut> discrete; ///< through what has no derivative
  bool drawn = false;                   ///< a draw, or computed from one
  static Flow from(const void *source) { return {{source}, {source}, {}, false}; }
  void add(const Flow &other);
  /// This or the other, as a condition decides.
  void addChoice(const Flow &other);
  void cutSmooth() { smooth.clear(), sure.clear(); }
  bool reaches(const void *source) const;
  bool surelyReaches(const void *source) const;
  bool operator==(const Flow &o) const {
    return smooth == o.smooth && sure == o.sure && discrete.size() == o.discrete.size();
  }
};

class Flows {
public:
  /// Where `value` comes from after `body`. `exact` is false where a loop did not come to rest: then nothing is known.
  Flow of(const Block &body, const Expr *value, bool &exact);

private:
  struct Summary { ///< of a function: in terms of its parameters and of slots
    std::vector<Flow> results;
    std::map<const Slot *, Flow> written;
  };
  struct State {
    std::map<const Variable *, Flow> variables;
    std::map<const Slot *, Flow> written;
  };
  void walk(const Block &body, State &state);
  void statement(const Stmt &s, State &state);
  void call(const Stmt &s, State &state);
  void loop(const Stmt &s, State &state);
  void branch(const Stmt &s, State &state);
  Flow value(const Expr *e, State &state);
  Flow pointwise(const Expr &e, const std::vector<Flow> &operands) const;
  const Summary &summary(const Function &f);
  std::map<const Function *, Summary> summaries;
  std::map<const Expr *, Flow> memo; ///< of one statement
  bool exact = true;
};

} // namespace burin::sema
