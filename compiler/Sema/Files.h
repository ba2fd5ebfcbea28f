//===- Files.h - `save` and `load` -----------------------------------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

/// One `save`, `load` or `plot`, by the file's extension: weights of models and states, or (only written) a value as an
/// array, a picture, lines or points. Files.md.
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
  Value written(Expr *x, llvm::ArrayRef<Axes> axes, const std::string &path, bool once);
  bool joinedAxes(const Type &type, std::vector<Axes> &out);
  Expr *tensorOf(const Value &v, Location place);
  bool isLayout(const Type &type) const;
  bool rowsFirst(const Type &type, llvm::ArrayRef<Axes> axes, bool picture);
  bool fits(const Type &type, llvm::ArrayRef<Axes> axes, bool picture);
  bool takeLengths(Stmt &made, bool once);

  // Plots.cpp.
  bool plottedAxes(const Type &type, const Value *line, std::vector<Axes> &out);
  bool isNumeric(const Value &v, const Expr &x, Location place);
  Value points(const Value &v, const Value *by, const std::string &path);
  Expr *coordinatesOf(const Value &tuple, AxisUse &plane);
  std::optional<AxisUse> planeOf(const Type &type, const Type &labels);
  Expr *labelsOf(const Value &by, const Type &points);
  bool orderOfPoints(Type type, const AxisUse &plane, Type &out);

  Analyzer &sema;
  Context &c;
  const syntax::Stmt &s;
};

} // namespace burin::sema
