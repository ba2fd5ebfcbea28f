//===- While.h - `while c max n` -----------------------------------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

/// One `while`: a loop of at most n steps. Under a condition with axes each element goes on until its own no longer
/// holds. If n is a bounded axis the loop may emit: each leaf is kept in a state along it, at the number of the step,
/// and how many steps there were is its length.
class While {
public:
  While(Analyzer &sema, Context &around, const syntax::Expr &e);
  Value run();
  /// What is emitted in the body, in block `c`; its value is known after the loop.
  Value keep(Context &c, Expr *value, bool draws, const std::string &name);

private:
  Value unchecked();
  bool readBound();
  bool bodyWhileAll(const Value &condition);
  bool bodyWhileAny(const Value &condition, Expr *test);
  Value emitted();
  Expr *state(const std::string &name, Expr *first);
  Expr *next();

  Analyzer &sema;
  Context &around;
  const syntax::Expr &e;
  Location place; ///< of the condition
  Stmt loop;
  Context inner; ///< of its body
  Emission emission;
  AxisUse along{};        ///< the bounded axis that n is; null: a number
  Expr *bound = nullptr;  ///< i64
  Expr *step = nullptr;   ///< i64, from 0
  Expr *within = nullptr; ///< whether the step is one of the n
  Expr *goes = nullptr;   ///< whether any element goes on
  Expr *length = nullptr; ///< steps so far, of each element; null: nothing can be emitted
};

} // namespace burin::sema
