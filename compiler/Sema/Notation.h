//===- Notation.h - Index notation: what its indices run over -----------------===//
//
// `let y[i: row, o] = sum[m: kh, c] x[i + m, c] * w[m, c, o]`. Each index is an axis of its own, along which the body
// is mapped: rules about axes don't see it, and what it does not occur in is the same along it. Before the body is
// elaborated, axes and extents of all indices are found from what they index (rules 12 and 13).
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"
#include <deque>

namespace burin::sema {

struct NotationIndex {
  std::string name;
  Location place;
  const Axis *axis = nullptr;      ///< whose indices it goes through; null: not found yet
  bool rows = false;               ///< it goes through all rows of a data set, however many there are
  bool number = false;             ///< `m: 3`: it goes through an axis of its own, and indexes any
  int64_t extent = -1;             ///< from 0 to below it; -1: not found yet
  std::optional<Location> indexed; ///< what its extent follows from
  AxisUse use;                     ///< the axis that it is in the body
};

/// The indices of one `let y[…] = …`, or of an outermost reduction, with all reductions inside.
struct Notation {
  std::deque<NotationIndex> indices;
  std::map<const syntax::Entry *, NotationIndex *> declared;   ///< by what declares them
  std::map<const syntax::Expr *, Value> values;                ///< of what mentions no index: computed once, outside
  std::map<const syntax::Expr *, std::vector<AxisUse>> places; ///< per `x[…]`: the axes that its entries take
};

/// The writes of one statement (Writes.md): mapped along the indices after `over`.
struct Writes {
  std::vector<syntax::Entry> left; ///< what stands after `over`
  std::deque<syntax::Expr> made;   ///< its axes, as expressions
  Notation notation;
  Scope inside;
  Context context;           ///< of the right side and the indices
  std::vector<AxisUse> uses; ///< the axes that the writes are, outermost first
  std::vector<AxisUse> at;   ///< the axes of what is written that are indexed
  std::vector<Expr *> indices;
  size_t before = 0; ///< statements of the block
};

/// A sum of multiples of indices and of numbers between bounds.
struct Affine {
  std::map<const NotationIndex *, int64_t> terms;
  int64_t low = 0, high = 0; ///< of what is besides the terms: equal for a constant
  const NotationIndex *bare() const {
    return terms.size() == 1 && terms.begin()->second == 1 && low == 0 && high == 0 ? terms.begin()->first : nullptr;
  }
};

/// Finds axes and extents; reports what can't be found or does not fit.
class NotationSolver {
public:
  NotationSolver(Analyzer &analyzer, Context &context, Notation &notation)
      : analyzer(analyzer), context(context), notation(notation) {}
  /// `left`: the indices before `=`; none for a reduction that stands alone.
  bool solve(llvm::ArrayRef<syntax::Entry> left, const syntax::Expr &body);
  /// An expression as a sum of multiples; nothing if it is none, or if one of its indices has no extent yet and stands
  /// under `/` or `%`.
  static std::optional<Affine> affine(Analyzer &analyzer, const Scope *scope, const syntax::Expr &e);
  /// Smallest and largest value, once all extents are known; nothing if they don't fit 64 bits.
  static std::optional<std::pair<int64_t, int64_t>> bounds(const Affine &a);

private:
  struct Use { ///< a place `table[…]`
    const syntax::Expr *expression;
    std::vector<AxisUse> axes;
    const Scope *scope;
    std::vector<std::optional<AxisUse>> at; ///< per entry
  };
  struct Limit { ///< index `terms` stay inside `axis`
    Affine index;
    AxisUse axis;
    Location place;
    bool guarded;
  };
  bool declare(const syntax::Entry &entry, Scope &scope, bool reduced);
  bool walk(const syntax::Expr &e, const Scope *scope);
  bool indexed(const syntax::Expr &e, const Scope *scope);
  bool mentions(const syntax::Expr &e, const Scope *scope) const;
  bool isTuple(const syntax::Expr &e, const Scope *scope);
  const Axis *elementAxis(const syntax::Expr &e, const Scope *scope);
  bool assign(Use &use, bool last);
  bool findAxes();
  bool limits();
  bool findExtent(NotationIndex &index, bool &waits);
  bool wholeAxesFit();
  bool findExtents();
  bool check();
  bool lengths();

  Analyzer &analyzer;
  Context &context;
  Notation &notation;
  std::deque<Scope> scopes;
  std::deque<Use> uses;
  std::vector<Limit> constraints;
};

} // namespace burin::sema
