//===- Files.h - `save` and `load` -----------------------------------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

/// One `save`, `load` or `plot`, by the file's extension: weights of models and states, or (only written) a value as an
/// array, a picture or lines. Files.md.
class Files {
public:
  Files(Analyzer &sema, Context &c, const syntax::Stmt &s) : sema(sema), c(c), s(s) {}
  Value run();
  Value plot();
  /// Whether a value that leaves the program differs along axes over which the body is mapped: E0221, reported.
  static bool varies(Analyzer &sema, const Context &c, const Expr &e, Location place, const char *what);

private:
  Value weights(const std::string &path);
  Value value(const std::string &path, bool picture);
  bool plottedAxes(const Type &type, std::vector<Axes> &out);
  Value written(Expr *x, llvm::ArrayRef<Axes> axes, const std::string &path);
  bool joinedAxes(const Type &type, std::vector<Axes> &out);
  Expr *tensorOf(const Value &v, const char *what);
  bool isSized(const Type &type, const std::string &what);
  bool isLayout(const Type &type) const;
  bool fits(const Type &type, llvm::ArrayRef<Axes> axes, bool picture);

  Analyzer &sema;
  Context &c;
  const syntax::Stmt &s;
};

} // namespace burin::sema
