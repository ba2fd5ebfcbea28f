// Rules 12 and 13: which axis each index of a notation goes through, and how far.
#include "compiler/Sema/Fields.h"
#include "compiler/Sema/Notation.h"
#include <fmt/format.h>

namespace burin::sema {
namespace {

using Bounds = std::pair<int64_t, int64_t>;

std::optional<int64_t> plus(int64_t a, int64_t b) {
  int64_t r;
  return __builtin_add_overflow(a, b, &r) ? std::nullopt : std::optional(r);
}
std::optional<int64_t> times(int64_t a, int64_t b) {
  int64_t r;
  return __builtin_mul_overflow(a, b, &r) ? std::nullopt : std::optional(r);
}
int64_t floorDivide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

std::optional<Affine> sum(const Affine &a, const Affine &b) {
  Affine out = a;
  for (auto &[index, factor] : b.terms) {
    auto total = plus(out.terms[index], factor);
    if (!total)
      return std::nullopt;
    if ((out.terms[index] = *total) == 0)
      out.terms.erase(index);
  }
  auto low = plus(a.low, b.low), high = plus(a.high, b.high);
  if (!low || !high)
    return std::nullopt;
  out.low = *low, out.high = *high;
  return out;
}

std::optional<Affine> scaled(const Affine &a, int64_t factor) {
  Affine out;
  for (auto &[index, f] : a.terms) {
    auto product = times(f, factor);
    if (!product)
      return std::nullopt;
    if (*product)
      out.terms[index] = *product;
  }
  auto low = times(a.low, factor), high = times(a.high, factor);
  if (!low || !high)
    return std::nullopt;
  out.low = std::min(*low, *high), out.high = std::max(*low, *high);
  return out;
}

// An `int` that is known when the program is compiled: an argument that is written out.
std::optional<int64_t> writtenOut(const Value &v) {
  bool known = v.kind == Value::Tensor && v.expr && v.expr->kind == Expr::Constant && v.expr->type.axes.empty() &&
               v.expr->type.element.kind == Element::I64;
  return known ? std::optional(v.expr->integer) : std::nullopt;
}

std::optional<int64_t> constantOf(const std::optional<Affine> &a) {
  return a && a->terms.empty() && a->low == a->high ? std::optional(a->low) : std::nullopt;
}

// `/` and `%` of a sum by a number: something between bounds.
std::optional<Affine> quotient(const std::string &op, const Affine &a, int64_t by) {
  auto range = NotationSolver::bounds(a);
  if (by <= 0 || !range)
    return std::nullopt;
  Affine out;
  if (op == "/") {
    out.low = floorDivide(range->first, by), out.high = floorDivide(range->second, by);
  } else {
    bool whole = range->first >= 0 && range->second < by;
    out.low = whole ? range->first : 0, out.high = whole ? range->second : by - 1;
  }
  return out;
}
} // namespace

std::optional<Bounds> NotationSolver::bounds(const Affine &a) {
  std::optional<int64_t> low = a.low, high = a.high;
  for (auto &[index, factor] : a.terms) {
    if (index->extent < 0)
      return std::nullopt;
    auto end = times(factor, index->extent - 1);
    if (!end || !(low = plus(*low, std::min<int64_t>(0, *end))) || !(high = plus(*high, std::max<int64_t>(0, *end))))
      return std::nullopt;
  }
  return Bounds{*low, *high};
}

std::optional<Affine> NotationSolver::affine(Analyzer &analyzer, const Scope *scope, const syntax::Expr &e) {
  auto part = [&](size_t k) { return affine(analyzer, scope, *e.operands[k]); };
  Affine out;
  auto constant = [&](double number) {
    out.low = out.high = int64_t(number);
    return out;
  };
  constexpr double largest = double(1ull << 52);
  switch (e.kind) {
  case syntax::Expr::Number:
    return e.whole && e.number < largest ? std::optional(constant(e.number)) : std::nullopt;
  case syntax::Expr::NameUse: {
    const Entity *found = analyzer.lookup(scope, e.name);
    if (!found)
      found = analyzer.declaredBelow(scope, e.name);
    if (!found)
      return std::nullopt;
    analyzer.usage.read(found->place);
    if (found->kind == Entity::Value && found->value.index) {
      out.terms[found->value.index] = 1;
      return out;
    }
    if (found->kind == Entity::Axis && found->axis.extent >= 0 && e.primes == 0 && !found->axis.axis->bounded)
      return constant(double(found->axis.extent));
    if (found->kind == Entity::Value && found->value.kind == Value::Literal && found->value.whole &&
        std::abs(found->value.number) < largest)
      return constant(found->value.number);
    if (auto number = found->kind == Entity::Value ? writtenOut(found->value) : std::nullopt)
      return constant(double(*number));
    return std::nullopt;
  }
  case syntax::Expr::Unary: {
    auto x = part(0);
    return e.text == "-" && x ? scaled(*x, -1) : std::nullopt;
  }
  case syntax::Expr::Binary: {
    auto x = part(0), y = part(1);
    if (!x || !y)
      return std::nullopt;
    if (e.text == "+")
      return sum(*x, *y);
    if (e.text == "-") {
      auto minus = scaled(*y, -1);
      return minus ? sum(*x, *minus) : std::nullopt;
    }
    if (e.text == "*") {
      if (auto factor = constantOf(y))
        return scaled(*x, *factor);
      auto factor = constantOf(x);
      return factor ? scaled(*y, *factor) : std::nullopt;
    }
    auto by = constantOf(y);
    return by && (e.text == "/" || e.text == "%") ? quotient(e.text, *x, *by) : std::nullopt;
  }
  default:
    return std::nullopt;
  }
}

// `i`, `i: row`, `i: row:14`; in a reduction also `m: 3`, and one that is given an axis runs over all of it.
bool NotationSolver::declare(const syntax::Entry &entry, Scope &scope, bool reduced) {
  NotationIndex &index = notation.indices.emplace_back();
  const syntax::Expr &value = *entry.value;
  bool typed = !entry.name.empty();
  index.name = typed ? entry.name : value.name, index.place = typed ? entry.namePlace : value.place;
  notation.declared[&entry] = &index;
  auto refuse = [&](std::string message, std::string help) {
    analyzer.error("E0213", value.place, std::move(message), "here", std::move(help));
    return false;
  };
  if (const Entity *other = analyzer.lookup(context.scope, index.name); other && other->kind == Entity::Axis)
    return refuse(fmt::format("`{}` is an axis, and an index has a name of its own", index.name),
                  fmt::format("write `i: {}`", index.name));
  if (entry.guard || (!typed && (value.kind != syntax::Expr::NameUse || value.primes)))
    return refuse("an index is a name", "write `i`, `i: row` or `i: row:14`");
  if (typed) {
    const Entity *product = value.kind == syntax::Expr::NameUse ? analyzer.lookup(context.scope, value.name) : nullptr;
    if (product && product->kind == Entity::Product)
      return analyzer.axisOf(context, value), false; // reports it
    Value over = analyzer.expressionOrSet(context, value);
    if (over.isError())
      return false;
    const Axis *rows = rowsAxis(over);
    if (over.kind == Value::AxisName && over.axis.extent < 0)
      rows = over.axis.axis;
    auto number = over.kind == Value::Literal && over.whole ? std::optional(over.number) : std::nullopt;
    if (auto known = writtenOut(over))
      number = double(*known);
    if (rows) {
      index.axis = rows, index.rows = true;
    } else if (over.kind == Value::AxisName) {
      index.axis = over.axis.axis;
      index.extent = reduced ? over.axis.extent : -1;
    } else if (number && *number >= 1 && *number <= double(1u << 30)) {
      index.extent = int64_t(*number);
      index.axis = analyzer.innerAxis(index.name, index.extent, index.place), index.number = true;
    } else {
      return refuse(fmt::format("`{}` goes through an axis or a whole number of at least 1, and this is {}", index.name,
                                analyzer.describe(context, over)),
                    "write `i: row`, or `i: 3`");
    }
  }
  if (entry.extent) {
    auto extent = constantOf(affine(analyzer, context.scope, *entry.extent));
    bool fits = extent && *extent >= 1 && (!index.axis || *extent <= index.axis->extent);
    if (!fits && extent && index.axis && entry.extent->kind != syntax::Expr::Number) {
      analyzer.diagnostics
          .error("E0281", entry.extent->place, fmt::format("`{}` would go through {} indices", index.name, *extent))
          .label(fmt::format("{} here", *extent))
          .origin(index.axis->location, fmt::format("`{}` has {}", index.axis->name, index.axis->extent))
          .help(fmt::format("an extent is from 1 to {}: use a {}", index.axis->extent,
                            *extent < 1 ? "smaller window, a larger axis, or more padding"
                                        : "larger axis, or less padding"));
      return false;
    }
    if (!fits)
      return refuse("an extent is a whole number, at least 1 and at most the axis', that is known when compiling",
                    "write `i: row:14`");
    index.extent = *extent;
  }
  if (index.extent >= 0)
    index.indexed = value.place;
  Entity e;
  e.value.kind = Value::Tensor, e.value.index = &index;
  e.place = index.place, e.what = "index";
  return analyzer.declare(scope, index.name, e);
}

bool NotationSolver::mentions(const syntax::Expr &e, const Scope *scope) const {
  if (e.kind == syntax::Expr::NameUse) {
    const Entity *found = analyzer.lookup(scope, e.name);
    return found && found->kind == Entity::Value && found->value.index;
  }
  // Values that blocks name are not known outside of them.
  if (!e.body.empty() && e.kind != syntax::Expr::If)
    return true;
  auto inside = [&](const syntax::Expr *x) { return x && mentions(*x, scope); };
  auto inBlock = [&](const syntax::Block &block) {
    return llvm::any_of(block,
                        [&](const syntax::Stmt *s) { return s->kind != syntax::Stmt::Expression || inside(s->value); });
  };
  return llvm::any_of(e.operands, inside) || inBlock(e.body) || inBlock(e.otherwise) ||
         llvm::any_of(e.entries,
                      [&](auto &entry) { return inside(entry.value) || inside(entry.extent) || inside(entry.guard); });
}

bool NotationSolver::walk(const syntax::Expr &e, const Scope *scope) {
  if (e.kind == syntax::Expr::Reduce) {
    Scope &inner = scopes.emplace_back();
    inner.parent = scope;
    for (auto &entry : e.entries)
      if (!declare(entry, inner, true))
        return false;
    return walk(*e.operands[0], &inner);
  }
  for (const syntax::Expr *o : e.operands)
    if (o && !walk(*o, scope))
      return false;
  for (auto &entry : e.entries)
    for (const syntax::Expr *x : {entry.value, entry.guard})
      if (x && !walk(*x, scope))
        return false;
  if (e.kind == syntax::Expr::If)
    for (const syntax::Block *block : {&e.body, &e.otherwise})
      for (const syntax::Stmt *s : *block)
        if (s->kind == syntax::Stmt::Expression && !walk(*s->value, scope))
          return false;
  return e.kind != syntax::Expr::Index || indexed(e, scope);
}

// `table[…]`: its axes limit the indices, if the table is known outside.
bool NotationSolver::indexed(const syntax::Expr &e, const Scope *scope) {
  const syntax::Expr &base = *e.operands[0];
  bool batches = base.kind == syntax::Expr::Member && base.name == "batches";
  bool any = llvm::any_of(e.entries, [&](auto &entry) { return mentions(*entry.value, scope); });
  if (batches || !any || mentions(base, scope))
    return true;
  auto [known, fresh] = notation.values.try_emplace(&base);
  if (fresh)
    known->second = analyzer.expression(context, base);
  if (known->second.isError())
    return false;
  if (known->second.kind != Value::Tensor && known->second.kind != Value::Tuple)
    return true;
  if (llvm::any_of(e.entries, [&](auto &entry) { return isTuple(*entry.value, scope); }))
    return true; // each field finds its axis by its type
  uses.push_back({&e, analyzer.outerAxes(context, known->second), scope, {}});
  uses.back().at.resize(e.entries.size());
  return true;
}

// Whether an entry is a struct or tuple of indices: `pos[e]` with `pos: Cell[env]`.
bool NotationSolver::isTuple(const syntax::Expr &e, const Scope *scope) {
  if (analyzer.isLast(scope, e))
    return false;
  const syntax::Expr &of = e.kind == syntax::Expr::Index && mentions(e, scope) ? *e.operands[0] : e;
  if (mentions(of, scope))
    return false;
  auto [known, fresh] = notation.values.try_emplace(&of);
  if (fresh)
    known->second = analyzer.expression(context, of);
  return known->second.kind == Value::Tuple;
}

// The axis of an index that is computed: `y[t]` with `y: G[T]` is an index of `G`.
const Axis *NotationSolver::elementAxis(const syntax::Expr &e, const Scope *scope) {
  const syntax::Expr &of = e.kind == syntax::Expr::Index && mentions(e, scope) ? *e.operands[0] : e;
  if (e.kind == syntax::Expr::Binary && e.text == "%" && e.operands[1]->kind == syntax::Expr::NameUse)
    if (const Entity *axis = analyzer.lookup(scope, e.operands[1]->name); axis && axis->kind == Entity::Axis)
      return axis->axis.axis;
  if (mentions(of, scope) || analyzer.isLast(scope, of))
    return nullptr;
  auto [known, fresh] = notation.values.try_emplace(&of);
  if (fresh)
    known->second = analyzer.expression(context, of);
  const Value &v = known->second;
  return v.kind == Value::Tensor && v.expr->type.element.kind == Element::Index ? v.expr->type.element.index : nullptr;
}

// Rule 12: a named entry takes that axis, a typed one the axis of its type, one that is left the one axis that is left.
bool NotationSolver::assign(Use &use, bool last) {
  std::vector<AxisUse> left = use.axes;
  size_t open = use.at.size();
  const syntax::Expr &e = *use.expression;
  auto take = [&](size_t k, auto fits) {
    auto found = left.end();
    for (auto a = left.begin(); a != left.end(); ++a)
      if (fits(*a) && (found == left.end() || a->primes < found->primes))
        found = a;
    if (found == left.end())
      return false;
    use.at[k] = *found, left.erase(found), --open;
    return true;
  };
  std::vector<std::optional<Affine>> sums;
  for (size_t k = 0; k < e.entries.size(); ++k) {
    use.at[k].reset();
    sums.push_back(affine(analyzer, use.scope, *e.entries[k].value));
  }
  for (size_t k = 0; k < e.entries.size(); ++k) {
    auto &entry = e.entries[k];
    if (entry.name.empty())
      continue;
    const Entity *named = analyzer.lookup(context.scope, entry.name);
    if (named)
      analyzer.usage.read(named->place);
    if (!take(k, [&](const AxisUse &a) {
          return named && named->kind == Entity::Axis && named->axis.axis == a.axis &&
                 a.primes == named->axis.primes + entry.primes;
        }))
      return analyzer.error(
                 "E0213", entry.namePlace,
                 fmt::format("what is indexed has no axis `{}{}`", entry.name, std::string(entry.primes, '\'')),
                 "not there", "name an axis of what is indexed"),
             false;
  }
  for (size_t k = 0; k < e.entries.size(); ++k) {
    if (use.at[k])
      continue;
    std::set<const Axis *> axes;
    if (sums[k])
      for (auto &[index, factor] : sums[k]->terms)
        axes.insert(index->axis);
    else
      axes.insert(elementAxis(*e.entries[k].value, use.scope));
    axes.erase(nullptr);
    take(k, [&](const AxisUse &a) { return axes.count(a.axis) > 0; });
  }
  for (size_t k = 0; open == 1 && left.size() == 1 && k < e.entries.size(); ++k)
    if (!use.at[k])
      take(k, [&](const AxisUse &a) { return true; });
  for (size_t k = 0; k < e.entries.size(); ++k)
    if (use.at[k] && sums[k] && sums[k]->terms.size() == 1)
      if (auto *index = const_cast<NotationIndex *>(sums[k]->terms.begin()->first); !index->axis)
        index->axis = use.at[k]->axis;
  if (!open || !last)
    return true;
  for (size_t k = 0; k < e.entries.size(); ++k)
    if (!use.at[k]) {
      std::string shown = analyzer.describe(context, notation.values[e.operands[0]]);
      return analyzer.error("E0213", e.entries[k].value->place,
                            fmt::format("which axis of {} this index takes is not known", shown),
                            "an index without a type",
                            "say its axis where the index is introduced, `i: axis`, or here, `x[axis: i]`"),
             false;
    }
  return true;
}

bool NotationSolver::findAxes() {
  auto known = [&] { return llvm::count_if(notation.indices, [](auto &i) { return i.axis != nullptr; }); };
  for (long before = -1; before != known();) {
    before = known();
    for (Use &use : uses)
      if (!assign(use, false))
        return false;
  }
  for (Use &use : uses)
    if (!assign(use, true))
      return false;
  for (NotationIndex &index : notation.indices)
    if (!index.axis)
      return analyzer.error("E0213", index.place, fmt::format("nothing says which axis `{}` goes through", index.name),
                            "an index without a type", fmt::format("say it: `{}: axis`", index.name)),
             false;
  for (Use &use : uses)
    for (auto &at : use.at)
      notation.places[use.expression].push_back(*at);
  return true;
}

// Rule 13, for one index whose companions are known: how far every unguarded place lets it go.
bool NotationSolver::findExtent(NotationIndex &index, bool &waits) {
  std::optional<int64_t> least;
  const Limit *bare = nullptr, *guarded = nullptr;
  bool factorOne = true;
  if (index.rows)
    return true;
  for (const Limit &limit : constraints) {
    auto term = limit.index.terms.find(&index);
    if (term == limit.index.terms.end())
      continue;
    if (limit.guarded) {
      guarded = &limit;
      factorOne &= term->second == 1;
      continue;
    }
    if (term->second < 0)
      continue;
    if (limit.axis.extent < 0) { // bare: see `check`
      index.rows = true;
      return true;
    }
    Affine rest = limit.index;
    rest.terms.erase(&index);
    auto range = bounds(rest);
    if (!range)
      return waits = true;
    if (limit.index.bare() && bare && bare->axis.extent != limit.axis.extent) {
      analyzer.diagnostics
          .error("E0227", limit.place,
                 fmt::format("`{}` goes to {} here, and to {} before", index.name, limit.axis.extent - 1,
                             bare->axis.extent - 1))
          .label(fmt::format("`{}` has {} here", show(limit.axis), limit.axis.extent))
          .origin(bare->place, fmt::format("`{}` has {} here", show(bare->axis), bare->axis.extent))
          .help("what one index goes through has one extent: cut one of them, or say the index's extent");
      return false;
    }
    if (limit.index.bare())
      bare = &limit;
    int64_t extent = floorDivide(limit.axis.extent - 1 - range->second, term->second) + 1;
    if (!least || extent < *least)
      least = extent, index.indexed = limit.place;
  }
  if (!least && guarded && !factorOne)
    return analyzer.error(
               "E0227", index.place,
               fmt::format("how far `{}` goes is not known: all places where it occurs are guarded", index.name),
               "an index without an extent", fmt::format("say it: `{}: {}:14`", index.name, index.axis->name)),
           false;
  if (!least && (guarded ? guarded->axis.extent : index.axis->extent) < 0)
    return index.rows = true; // of no number that is known: see `check`
  if (!least)
    least = guarded ? guarded->axis.extent : index.axis->extent;
  if (*least < 1)
    return analyzer.error("E0227", *index.indexed,
                          fmt::format("nothing is left for `{}`: this reaches beyond `{}` from the start", index.name,
                                      index.axis->name),
                          "here", "use a smaller window or a larger axis"),
           false;
  index.extent = *least;
  return true;
}

// Indices that limit each other, as in `x[8*i + j]`, go over their whole axes where that stays inside.
bool NotationSolver::wholeAxesFit() {
  llvm::SmallVector<NotationIndex *> open;
  for (NotationIndex &index : notation.indices)
    if (index.extent < 0 && index.axis->extent > 0)
      open.push_back(&index), index.extent = index.axis->extent;
  bool fit = llvm::all_of(notation.indices, [](const NotationIndex &index) { return index.extent >= 0; }) &&
             llvm::all_of(constraints, [&](const Limit &limit) {
               auto range = bounds(limit.index);
               return limit.guarded || (range && range->first >= 0 && range->second < limit.axis.extent);
             });
  for (NotationIndex *index : open)
    index->extent = fit ? index->extent : -1;
  return fit;
}

bool NotationSolver::findExtents() {
  for (bool waits = true, moved = true; waits;) {
    if (!moved && wholeAxesFit())
      return true;
    if (!moved) {
      for (NotationIndex &index : notation.indices)
        if (index.extent < 0 && !index.rows)
          return analyzer.error("E0227", index.place,
                                fmt::format("how far `{}` goes depends on another index, and that on it", index.name),
                                "an index without an extent",
                                fmt::format("say it: `{}: {}:14`", index.name, index.axis->name)),
                 false;
    }
    waits = moved = false;
    for (NotationIndex &index : notation.indices) {
      if (index.extent >= 0 || index.rows)
        continue;
      bool mine = false;
      if (!findExtent(index, mine))
        return false;
      waits |= mine, moved |= !mine;
    }
  }
  return true;
}

bool NotationSolver::limits() {
  for (Use &use : uses)
    for (size_t k = 0; k < use.at.size(); ++k)
      if (auto sum = affine(analyzer, use.scope, *use.expression->entries[k].value))
        constraints.push_back(
            {*sum, *use.at[k], use.expression->entries[k].value->place, use.expression->entries[k].guard != nullptr});
  return true;
}

bool NotationSolver::check() {
  constraints.clear();
  limits(); // again: with all extents, `/` and `%` have bounds
  for (const Limit &limit : constraints) {
    const NotationIndex *bare = limit.index.bare();
    if (limit.axis.extent < 0 && bare && bare->rows && bare->axis == limit.axis.axis)
      continue;
    bool ofRows = llvm::any_of(limit.index.terms, [](auto &term) { return term.first->rows; });
    if (limit.axis.extent < 0 || ofRows)
      return analyzer.error("E0227", limit.place,
                            fmt::format("how many rows `{}` has is found when running, and only an index of it alone "
                                        "is known to be inside",
                                        ofRows ? limit.index.terms.begin()->first->axis->name : limit.axis.axis->name),
                            "here", "neighbours stand together in windows: `for w in set.part.windows[pair] { … }`"),
             false;
    auto range = bounds(limit.index);
    if (limit.guarded || (range && range->first >= 0 && range->second < limit.axis.extent))
      continue;
    auto &d = analyzer.diagnostics
                  .error("E0227", limit.place,
                         range ? fmt::format("this index goes from {} to {}, and `{}` from 0 to {}", range->first,
                                             range->second, show(limit.axis), limit.axis.extent - 1)
                               : "this index does not fit 64 bits")
                  .label("outside");
    for (auto &[index, factor] : limit.index.terms)
      d.origin(index->place, fmt::format("`{}` goes from 0 to {}", index->name, index->extent - 1));
    d.help("guard it, `x[i - 1 else 0]`, or let the index go less far");
    return false;
  }
  return true;
}

bool NotationSolver::solve(llvm::ArrayRef<syntax::Entry> left, const syntax::Expr &body) {
  Scope &outer = scopes.emplace_back();
  outer.parent = context.scope;
  for (const syntax::Entry &entry : left)
    if (!declare(entry, outer, false))
      return false;
  if (!walk(body, &outer) || !findAxes() || !limits() || !findExtents() || !check())
    return false;
  for (NotationIndex &index : notation.indices)
    if (index.rows)
      index.use = {index.axis, 0, -1};
    else
      index.use = {analyzer.innerAxis(index.name, index.extent, index.place), 0, index.extent};
  return lengths();
}

} // namespace burin::sema
