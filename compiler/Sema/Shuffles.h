//===- Shuffles.h - Values gone through in random order ----------------------------===//
//
// `for b in shuffle(values, over: (a, b)).batches[c] { … }`: Shuffles.md.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

struct Shuffled {
  Value values;         ///< as they are where `shuffle` stands
  Axes over;            ///< whose elements are gone through; each leaf has all of them
  const Axis *batch;    ///< null: one element at a time
  int64_t count = 0;    ///< of elements
  Expr *rows = nullptr; ///< of a data set's axis: their number, which is found when running
  Location place;       ///< of the call
};

class Shuffles {
public:
  Shuffles(Analyzer &sema, Context &c) : sema(sema), c(c) {}
  /// `shuffle(values, over: axes)`.
  Value make(const std::vector<Analyzer::Argument> &given, const std::optional<Axes> &over, Location place);
  /// `.batches`, which brackets follow.
  Value member(const Value &base, const syntax::Expr &e);
  /// `[batch]` behind `.batches`.
  Value batches(const Value &base, const syntax::Expr &e);
  /// The fields of a data set, each with the axis of its rows, for a tuple: `(..d.train, z)`.
  bool spread(DataValue d, Location place,
              llvm::function_ref<void(const std::string &, const Value &, Location, bool)> add);
  Value loop(const syntax::Expr &e, const Shuffled &s);

private:
  bool hasAxes(const Value &leaf, const std::string &name, Axes &over, Location place);
  Expr *rowsOf(const Axis *axis, Location place);
  using Lengths = std::map<const Variable *, const Variable *>; ///< of whole sequences: those at the places
  Value gathered(const Value &leaf, const Axes &over, const std::vector<Analyzer::Operand> &indices, Lengths &lengths,
                 Location place);
  Value rows(const Shuffled &s, Expr *position, Location place);

  Analyzer &sema;
  Context &c;
};

} // namespace burin::sema
