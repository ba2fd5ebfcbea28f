// Reductions by name: sum prod max min mean argmax argmin any all logsumexp (rule 8).
#include "compiler/Sema/Conversions.h"
#include "compiler/Syntax/OtherWords.h"
#include "llvm/Support/SaveAndRestore.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

// What no number of an element lies beyond.
Expr *Analyzer::endOf(const Element &e, bool high, Location place) {
  Expr *out = constant(e, e.isFloat() ? (high ? INFINITY : -INFINITY) : 0, place);
  if (!e.isFloat())
    out->integer = high ? Conversions::range(e).second : Conversions::range(e).first;
  return out;
}

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

// The axes that are reduced, as the value `x` of the argument `what` has them: those after `over:`, or all (rule 8).
bool Analyzer::reducedAxes(Context &c, const std::string &name, const Argument &what, Expr *x,
                           std::optional<Axes> &over, Location place) {
  std::vector<AxisUse> all = visible(c, x->type);
  if (all.empty() && !over && oneAxis(c, {})) // an axis parameter that stands for `()`
    over.emplace();
  if (all.empty() && !over)
    return error("E0215", what.place, fmt::format("`{}` has nothing to reduce: this has no axes", name),
                 describe(c, what.value), "a value without axes is its own sum"),
           false;
  if (!over)
    over.emplace(all.begin(), all.end());
  for (size_t k = 0; k < over->size(); ++k) {
    AxisUse &axis = (*over)[k];
    const AxisUse *found = there(all, axis);
    if (!found)
      return noSuchAxis(c, name, what, axis, all), false;
    axis = *found;
    if (std::find(over->begin(), over->begin() + long(k), axis) != over->begin() + long(k))
      return error("E0215", place, fmt::format("`{}` names the axis `{}` twice", name, show(axis)), "here",
                   "each axis is reduced once"),
             false;
  }
  return true;
}

void Analyzer::noSuchAxis(const Context &c, const std::string &name, const Argument &what, const AxisUse &axis,
                          llvm::ArrayRef<AxisUse> all) {
  auto &d =
      diagnostics
          .error("E0215", what.place, fmt::format("`{}` is over `{}`, and this has no such axis", name, show(axis)))
          .label(describe(c, what.value));
  std::string there;
  for (const AxisUse &known : all)
    there += (there.empty() ? "`" : ", `") + show(known) + "`";
  if (what.value.variable)
    d.origin(what.value.variable->location,
             fmt::format("`{}` is {}", what.value.variable->name, describe(c, what.value)));
  bool mapped = llvm::is_contained(c.mapped, axis);
  d.help(mapped ? fmt::format("a function can't see what it is mapped over: reduce over `{}` where it is called",
                              show(axis))
                : fmt::format("its axes are {}", there));
}

/// One reduction: of `what` over `over`, where `condition` holds and all that is there is present.
class Reduction {
  using Argument = Analyzer::Argument;

public:
  Reduction(Analyzer &analyzer, Context &context, const std::string &name, Location place)
      : a(analyzer), c(context), name(name), place(place) {}
  Value run(const std::vector<Argument> &given, std::optional<Axes> said);

private:
  bool takeArguments(const std::vector<Argument> &given);
  bool takesElement();
  bool takeCondition();
  Expr *masked(Expr *v, Expr *otherwise);
  Expr *masked(Expr *v, double otherwise) { return masked(v, a.constant(v->type.element, otherwise, place)); }
  void needSomething();
  Value sumOrMean();
  Value extreme();
  Value logOfSum();
  Value size();

  Analyzer &a;
  Context &c;
  const std::string &name;
  Location place;
  const Argument *what = nullptr, *where = nullptr;
  Axes over;
  Expr *x = nullptr, *condition = nullptr;
  Element element{}, narrow{}; ///< what is computed in; what the value has
  const Element f32{Element::F32, nullptr}, i64{Element::I64, nullptr}, truth{Element::Bool, nullptr};
};

bool Reduction::takeArguments(const std::vector<Argument> &given) {
  for (const Argument &argument : given) {
    if (argument.name == "where")
      where = &argument;
    else if (!argument.name.empty() || what)
      return a.error("E0214", argument.place, fmt::format("`{}` does not take this argument", name),
                     argument.name.empty() ? "a second value" : fmt::format("`{}`", argument.name),
                     syntax::insteadOf(argument.name).empty() ? "reductions take a value, `over:` and `where:`"
                                                              : std::string(syntax::insteadOf(argument.name))),
             false;
    else
      what = &argument;
  }
  return what || (a.error("E0214", place, fmt::format("`{}` needs a value to reduce", name), "none here",
                          fmt::format("write `{}(x, over: axis)`", name)),
                  false);
}

bool Reduction::takesElement() {
  narrow = element = x->type.element;
  bool bools = element.kind == Element::Bool, logic = name == "any" || name == "all";
  bool wrong = bools ? !logic && name != "sum" && name != "mean" : logic || element.kind == Element::Index;
  if (wrong)
    a.errorOf(c, {what->value}, "E0205", what->place,
              fmt::format("`{}` does not take {}", name, show(Type{element, {}})), a.describe(c, what->value),
              element.kind == Element::Index ? "indices are not quantities" : "compare first, for example `x > 0`");
  else if ((name == "sum" || name == "prod" || name == "mean") && element.kind == Element::U8)
    return a.errorOf(c, {what->value}, "E0205", what->place,
                     fmt::format("a `{}` of u8 would count around at 256", name), a.describe(c, what->value),
                     fmt::format("convert first: `{}(int(x))`, or `{}(f32(x))`", name, name)),
           false;
  return !wrong;
}

bool Reduction::takeCondition() {
  if (where) {
    condition = a.asTensor(c, where->value, where->place);
    if (!condition)
      return false;
    if (condition->type.element.kind != Element::Bool)
      return a.errorOf(c, {where->value}, "E0205", where->place, "`where:` is a bool", a.describe(c, where->value),
                       "compare first, for example `x > 0`"),
             false;
    if (!a.align(c, {x, condition}, place, "`where:`", {what->place, where->place}) ||
        !a.unrepeated(c, {{what->value.draws, x, what->place}, {where->value.draws, condition, where->place}},
                      "`where:`"))
      return false;
  }
  if (!a.keepsLengths(x->type, over, place))
    return false;
  if (Expr *there = a.present(over, place))
    condition = condition ? a.pointwise("and", truth, {condition, there}, place) : there;
  return true;
}

// What is not wanted, or not present, is replaced by the identity of what follows, never multiplied by 0.
Expr *Reduction::masked(Expr *v, Expr *otherwise) {
  return condition ? a.pointwise("select", v->type.element, {condition, v, otherwise}, place) : v;
}

// Where a result of nothing would be a number that means something, there is none: the run ends.
void Reduction::needSomething() {
  if (!condition)
    return;
  Expr *all = a.broadcast(condition, a.unionType(truth, {x, condition}), place);
  Expr *none = a.pointwise("not", truth, {a.reduce("any", all, over, place)}, place);
  a.endsWhere(c, none, "E0259",
              fmt::format("`{}` of nothing: no element is {}", name, where ? "where the condition holds" : "present"),
              fmt::format("ask first, `if any(…) then {}(…) else …`", name), place);
}

Value Reduction::sumOrMean() {
  bool bools = element.kind == Element::Bool;
  Element sumElement = !bools ? element : name == "sum" ? i64 : f32;
  Expr *sum = a.reduce("sum", masked(a.cast(x, sumElement, place), 0.0), over, place); // of nothing: 0, not -0
  if (name == "sum")
    return a.tensor(a.cast(sum, bools ? i64 : narrow, place));
  if (!sumElement.isFloat())
    return a.errorOf(c, {what->value}, "E0205", what->place, "`mean` takes floats or bools", a.describe(c, what->value),
                     "convert it, for example `mean(f32(n))`");
  Expr *n = nullptr;
  if (condition) {
    Expr *all = a.broadcast(condition, a.unionType(truth, {x, condition}), place);
    n = a.reduce("sum", a.cast(all, sumElement, place), over, place);
    if (c.recorded && c.recorded->value == place) { // directly under `record`
      n = a.define(c, "count", a.tensor(n), place).expr;
      c.recorded->something = a.pointwise("gt", truth, {n, a.constant(sumElement, 0, place)}, place);
    }
  } else {
    n = a.count(over, sumElement, place);
  }
  Expr *mean = over.empty() && !condition ? sum : a.pointwise("div", sumElement, {sum, n}, place);
  return a.tensor(bools ? mean : a.cast(mean, narrow, place));
}

// max, min and their places. What was drawn is chosen, not averaged: its place is still a draw.
Value Reduction::extreme() {
  bool largest = name == "max" || name == "argmax", places = name.starts_with("arg");
  std::string kind = largest ? "max" : "min";
  if (places || !element.isFloat())
    needSomething();
  Expr *kept = masked(x, a.endOf(element, !largest, place));
  if (!places)
    return a.tensor(a.reduce(kind, kept, over, place));
  Value found = a.placeOf(c, kind, kept, over, place);
  return a.eachLeaf(found, "", [&](Value leaf, const std::string &) { return leaf.draws = what->value.draws, leaf; });
}

// m + log(sum(exp(x - m))), m the maximum or 0 where that is infinite; its derivative does not pass through m.
Value Reduction::logOfSum() {
  if (!element.isFloat())
    return a.errorOf(c, {what->value}, "E0205", what->place, "`logsumexp` takes floats", a.describe(c, what->value),
                     "convert it, for example `f32(n)`");
  Expr *kept = masked(x, -INFINITY);
  if (over.empty())
    return a.tensor(a.cast(kept, narrow, place));
  Expr *most = a.reduce("max", kept, over, place);
  Expr *infinite = a.constant(element, INFINITY, place), *zero = a.constant(element, 0, place);
  Expr *finite = a.pointwise("lt", truth, {a.pointwise("abs", element, {most}, place), infinite}, place);
  Expr *m = a.pointwise("stop", element, {a.pointwise("select", element, {finite, most, zero}, place)}, place);
  Expr *sum =
      a.reduce("sum", a.pointwise("exp", element, {a.pointwise("sub", element, {kept, m}, place)}, place), over, place);
  Expr *out = a.pointwise("add", element, {m, a.pointwise("log", element, {sum}, place)}, place);
  return a.tensor(a.cast(out, narrow, place));
}

// The square root of the sum of squares; its derivative where that is 0 is 0.
Value Reduction::size() {
  if (!element.isFloat())
    return a.errorOf(c, {what->value}, "E0205", what->place, "`norm` takes floats or a gradient",
                     a.describe(c, what->value), "convert it, for example `f32(n)`");
  Expr *kept = masked(x, 0.0);
  Expr *sum = a.reduce("sum", a.pointwise("mul", element, {kept, kept}, place), over, place);
  sum = a.define(c, "squares", a.tensor(sum), place).expr;
  Expr *some = a.pointwise("gt", truth, {sum, a.constant(element, 0, place)}, place);
  Expr *root = a.pointwise("sqrt", element, {sum}, place); // not taken at 0, nor for a NaN
  return a.tensor(a.cast(a.pointwise("select", element, {some, root, sum}, place), narrow, place));
}

Value Reduction::run(const std::vector<Argument> &given, std::optional<Axes> said) {
  if (!takeArguments(given))
    return {};
  if (Analyzer::isModelValue(what->value))
    return a.reduceModel(c, name, what->value, where ? std::nullopt : said, place);
  x = a.asTensor(c, what->value, what->place);
  if (!x || !a.reducedAxes(c, name, *what, x, said, place))
    return {};
  over = *said;
  llvm::SaveAndRestore<std::optional<Element>> digits(a.precision, std::nullopt); // sums are never in fewer
  if (!takesElement())
    return {};
  bool chooses = name == "max" || name == "min" || name == "argmax" || name == "argmin";
  if (element.isNarrow() && !chooses) // what adds up is computed in f32 as a whole, and rounded at the end
    x = a.cast(x, f32, place), element = f32;
  if (!takeCondition())
    return {};
  if (chooses)
    return extreme();
  if (name == "any" || name == "all")
    return a.tensor(a.reduce(name, masked(x, name == "all"), over, place));
  if (name == "sum" || name == "mean")
    return sumOrMean();
  if (name == "norm")
    return size();
  return name == "prod" ? a.tensor(a.cast(a.reduce("prod", masked(x, 1), over, place), narrow, place)) : logOfSum();
}

Value Analyzer::reduction(Context &c, const std::string &name, const std::vector<Argument> &given,
                          std::optional<Axes> over, Location place) {
  return Reduction(*this, c, name, place).run(given, std::move(over));
}

} // namespace burin::sema
