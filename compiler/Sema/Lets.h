//===- Lets.h - What a `let` of a file or model names ---------------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

/// A name whose value is computed where it is used: a function without parameters, whose body is the `let` and then
/// the name.
struct ComputedLet {
  syntax::Stmt let, result;
  syntax::Expr use;
  syntax::Item item;
};

/// The `let`s of files and models. One that makes a model or an optimiser, or whose value is known when compiling,
/// names that; any other is a `ComputedLet`. Lets.md.
class Lets {
public:
  Lets(Analyzer &analyzer, Context &context) : a(analyzer), c(context) {}
  void ofFile(const syntax::Stmt &s);
  /// False: an error was said.
  bool ofModel(ModelInstance &m, const syntax::Stmt &s);

private:
  /// The names of the pattern, which `scope` has; `computed`: what its value takes.
  bool computeWhereUsed(Scope &scope, ModelInstance *m, const syntax::Stmt &s, const syntax::Pattern &pattern,
                        const Block &computed);
  bool refuse(const syntax::Stmt &s, const ModelInstance *m, const char *what, const char *label, std::string help);

  Analyzer &a;
  Context &c;
};

} // namespace burin::sema
