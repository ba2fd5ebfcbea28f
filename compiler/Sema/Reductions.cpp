// Reductions by name: sum prod max min mean argmax argmin any all logsumexp (rule 8).
#include "compiler/Sema/Analyzer.h"
#include "llvm/Support/SaveAndRestore.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

bool Analyzer::isReduction(const std::string &name) {
  for (const char *r : {"sum", "prod", "max", "min", "mean", "argmax", "argmin", "any", "all", "logsumexp"})
    if (name == r)
      return true;
  return false;
}

// How many elements are reduced: a constant, times the rows of data axes.
Expr *Analyzer::count(const std::vector<AxisUse> &over, Element element, Location place) {
  double fixed = 1;
  Expr *rows = nullptr;
  for (const AxisUse &a : over) {
    if (a.extent >= 0) {
      fixed *= double(a.extent);
      continue;
    }
    for (auto &d : program.data)
      for (size_t k = 0; k < d->parts.size(); ++k)
        if (d->parts[k].axis->name == a.axis->name) {
          Expr *n = node(Expr::Rows, {{Element::I64, nullptr}, {}}, place);
          n->data = d.get(), n->part = unsigned(k);
          Expr *number = cast(n, element, place);
          rows = rows ? pointwise("mul", element, {rows, number}, place) : number;
        }
  }
  Expr *number = constant(element, fixed, place);
  return !rows ? number : fixed == 1 ? rows : pointwise("mul", element, {rows, number}, place);
}

// Where the largest or smallest is: an index; over several axes a tuple of indices, of which the first axis varies
// slowest, so that the first place wins a tie. The best of each row is found by the axes from the last to the first,
// and each place read off at the places before it.
Value Analyzer::placeOf(Context &c, const std::string &kind, Expr *x, const Axes &over, Location place) {
  Value out;
  out.kind = over.empty() ? Value::Unit : Value::Tuple;
  if (over.empty())
    return error("E0215", place, fmt::format("`arg{}` over no axis has no place to give", kind), "over `()`",
                 "name an axis");
  std::vector<Expr *> places;
  for (size_t k = over.size(); k-- > 0;) {
    if (over[k].extent != over[k].axis->extent)
      return unsupported(place, fmt::format("`arg{}` over a part of an axis", kind));
    Type type{{Element::Index, over[k].axis}, {}};
    for (const AxisUse &a : x->type.axes)
      if (!(a == over[k]))
        type.axes.push_back(a);
    Expr *e = node(Expr::ArgReduce, type, place);
    e->name = kind, e->operands = {x}, e->over = {over[k]};
    places.insert(places.begin(), e);
    if (k)
      x = define(c, "best", tensor(reduce(kind, x, {over[k]}, place)), place).expr;
  }
  if (over.size() == 1)
    return tensor(places[0]);
  std::vector<Expr *> known;
  for (size_t k = 0; k < over.size(); ++k) {
    Expr *index = places[k];
    if (k) {
      Type type{index->type.element, {}};
      for (const AxisUse &a : index->type.axes)
        if (std::find(over.begin(), over.begin() + long(k), a) == over.begin() + long(k))
          type.axes.push_back(a);
      index = node(Expr::Gather, type, place);
      index->operands = {places[k]};
      index->operands.append(known.begin(), known.end());
      index->over.append(over.begin(), over.begin() + long(k));
    }
    known.push_back(define(c, over[k].axis->name, tensor(index), place).expr);
    out.fields.push_back({over[k].primes ? "" : over[k].axis->name, tensor(known.back())});
  }
  return out;
}

Value Analyzer::reduction(Context &c, const std::string &name, const std::vector<Argument> &given,
                          std::optional<Axes> over, Location place) {
  const Argument *what = nullptr, *where = nullptr;
  for (const Argument &a : given) {
    if (a.name == "where")
      where = &a;
    else if (!a.name.empty() || what)
      return error("E0214", a.place, fmt::format("`{}` does not take this argument", name),
                   a.name.empty() ? "a second value" : fmt::format("`{}`", a.name),
                   "reductions take a value, `over:` and `where:`");
    else
      what = &a;
  }
  if (!what)
    return error("E0214", place, fmt::format("`{}` needs a value to reduce", name), "none here",
                 fmt::format("write `{}(x, over: axis)`", name));
  if (isModelValue(what->value))
    return reduceModel(c, name, what->value, where ? std::nullopt : over, place);
  Expr *x = asTensor(c, what->value, what->place);
  if (!x)
    return {};
  std::vector<AxisUse> all = visible(c, x->type);
  if (all.empty() && !over && oneAxis(c, {})) // an axis parameter that stands for `()`
    over.emplace();
  if (all.empty() && !over)
    return error("E0215", what->place, fmt::format("`{}` has nothing to reduce: this has no axes", name),
                 describe(c, what->value), "a value without axes is its own sum");
  if (!over)
    over = all;
  for (size_t k = 0; k < over->size(); ++k) {
    if (const AxisUse *found = there(all, (*over)[k])) {
      (*over)[k] = *found;
    } else {
      auto &d = diagnostics
                    .error("E0215", what->place,
                           fmt::format("`{}` is over `{}`, and this has no such axis", name, show((*over)[k])))
                    .label(describe(c, what->value));
      std::string there;
      for (const AxisUse &a : all)
        there += (there.empty() ? "`" : ", `") + show(a) + "`";
      if (what->value.variable)
        d.origin(what->value.variable->location,
                 fmt::format("`{}` is {}", what->value.variable->name, describe(c, what->value)));
      bool mapped = llvm::is_contained(c.mapped, (*over)[k]);
      d.help(mapped ? fmt::format("a function can't see what it is mapped over: reduce over `{}` where it is called",
                                  show((*over)[k]))
                    : fmt::format("its axes are {}", there));
      return {};
    }
    if (std::find(over->begin(), over->begin() + long(k), (*over)[k]) != over->begin() + long(k))
      return error("E0215", place, fmt::format("`{}` names the axis `{}` twice", name, show((*over)[k])), "here",
                   "each axis is reduced once");
  }
  llvm::SaveAndRestore<std::optional<Element>> digits(precision, std::nullopt); // sums are never in fewer
  Element element = x->type.element, f32{Element::F32, nullptr};
  bool truth = element.kind == Element::Bool;
  if (element.kind == Element::Index || (truth && name != "any" && name != "all" && name != "sum" && name != "mean") ||
      (!truth && (name == "any" || name == "all")))
    return errorOf(c, {what->value}, "E0205", what->place,
                   fmt::format("`{}` does not take {}", name, show(Type{element, {}})), describe(c, what->value),
                   element.kind == Element::Index ? "indices are not quantities"
                                                  : "compare first, for example `x > 0`");
  // What adds up is computed in f32 as a whole, and rounded at the end.
  Element narrow = element;
  bool addsUp = name == "sum" || name == "mean" || name == "prod" || name == "logsumexp";
  if (element.isNarrow() && addsUp)
    x = cast(x, f32, place), element = f32;
  auto rounded = [&](Expr *y) { return tensor(addsUp && narrow.isNarrow() ? cast(y, narrow, place) : y); };
  Expr *condition = nullptr;
  if (where) {
    condition = asTensor(c, where->value, where->place);
    if (!condition)
      return {};
    if (condition->type.element.kind != Element::Bool)
      return errorOf(c, {where->value}, "E0205", where->place, "`where:` is a bool", describe(c, where->value),
                     "compare first, for example `x > 0`");
    if (!align(c, {x, condition}, place, "`where:`", {what->place, where->place}) ||
        !unrepeated(c, {{what->value.draws, x, what->place}, {where->value.draws, condition, where->place}},
                    "`where:`"))
      return {};
  }
  if (!keepsLengths(x->type, *over, place))
    return {};
  if (Expr *there = present(*over, place))
    condition = condition ? pointwise("and", condition->type.element, {condition, there}, place) : there;
  // What is not wanted, or not present, is replaced by the identity of what follows, never multiplied by 0.
  auto masked = [&](Expr *v, double identity) {
    return condition
               ? pointwise("select", v->type.element, {condition, v, constant(v->type.element, identity, place)}, place)
               : v;
  };
  double inf = INFINITY;
  if (name == "argmax" || name == "argmin") {
    if (!element.isFloat() && condition)
      return unsupported(place, fmt::format("`{}` of whole numbers with `where:`", name));
    // What was drawn is chosen, not averaged: it is still a draw.
    Value places = placeOf(c, name == "argmax" ? "max" : "min", masked(x, name == "argmax" ? -inf : inf), *over, place);
    return eachLeaf(places, "", [&](Value leaf, const std::string &) { return leaf.draws = what->value.draws, leaf; });
  }
  if (name == "any" || name == "all")
    return tensor(reduce(name, masked(x, name == "all"), *over, place));
  if (name == "sum" || name == "mean") {
    Element sumElement = !truth ? element : name == "sum" ? Element{Element::I64, nullptr} : f32;
    Expr *sum = reduce("sum", masked(cast(x, sumElement, place), sumElement.isFloat() ? -0.0 : 0), *over, place);
    if (name == "sum")
      return rounded(sum);
    if (!sumElement.isFloat())
      return errorOf(c, {what->value}, "E0205", what->place, "`mean` takes floats or bools", describe(c, what->value),
                     "convert it, for example `mean(f32(n))`");
    Expr *n = condition ? reduce("sum",
                                 cast(broadcast(condition, unionType(condition->type.element, {x, condition}), place),
                                      sumElement, place),
                                 *over, place)
                        : count(*over, sumElement, place);
    return rounded(over->empty() && !condition ? sum : pointwise("div", sumElement, {sum, n}, place));
  }
  if (name == "prod")
    return rounded(reduce("prod", masked(x, 1), *over, place));
  if (name == "max" || name == "min") {
    if (!element.isFloat() && condition)
      return unsupported(place, "`max` of whole numbers with `where:`");
    return tensor(reduce(name, masked(x, name == "max" ? -inf : inf), *over, place));
  }
  if (over->empty()) {
    if (element.isFloat())
      return rounded(masked(x, -inf));
  }
  // logsumexp: m + log(sum(exp(x - m))), m the maximum or 0 where that is infinite; its derivative does not pass
  // through m.
  if (!element.isFloat())
    return errorOf(c, {what->value}, "E0205", what->place, "`logsumexp` takes floats", describe(c, what->value),
                   "convert it, for example `f32(n)`");
  Expr *kept = masked(x, -inf);
  Expr *most = reduce("max", kept, *over, place);
  Expr *finite = pointwise("lt", {Element::Bool, nullptr},
                           {pointwise("abs", element, {most}, place), constant(element, inf, place)}, place);
  Expr *m = pointwise("stop", element,
                      {pointwise("select", element, {finite, most, constant(element, 0, place)}, place)}, place);
  Expr *sum =
      reduce("sum", pointwise("exp", element, {pointwise("sub", element, {kept, m}, place)}, place), *over, place);
  return rounded(pointwise("add", element, {m, pointwise("log", element, {sum}, place)}, place));
}

} // namespace burin::sema
