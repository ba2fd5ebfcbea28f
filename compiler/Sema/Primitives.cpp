// Functions that the compiler knows: the mnemonics of pointwise ops, conversions, the one draw, norms of gradients.
#include "compiler/Sema/Conversions.h"
#include "llvm/Support/SaveAndRestore.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

bool Analyzer::isPrimitive(const std::string &name) {
  static const std::set<std::string> names = {
      "exp", "log", "sqrt",  "tanh", "sin",        "cos",       "erf",    "abs",       "sign", "floor", "stop",
      "max", "min", "outer", "norm", "zeros_like", "ones_like", "random", "clip_norm", "clip", "wrap",  "permuted"};
  return names.count(name) > 0 || elementNamed(name);
}

bool Analyzer::isUnaryPrimitive(const std::string &name) {
  for (const char *f : {"exp", "log", "sqrt", "tanh", "sin", "cos", "erf", "abs", "sign", "floor"})
    if (name == f)
      return true;
  return false;
}

// One that was passed on as a value.
Value Analyzer::callPrimitive(Context &c, const FunctionValue &f, const std::vector<Argument> &given,
                              const std::optional<Axes> &over, Location place) {
  bool pair = (f.primitive == "max" || f.primitive == "min") && given.size() == 2 && given[1].name.empty();
  if (isReduction(f.primitive) && !pair) {
    std::optional<Axes> axes = over;
    for (const Axes &bound : f.axes) {
      if (!axes)
        axes.emplace();
      axes->insert(axes->end(), bound.begin(), bound.end());
    }
    return reduction(c, f.primitive, given, axes, place);
  }
  if (over || !f.axes.empty())
    return error("E0214", place, fmt::format("`{}` has no axis parameter", f.primitive), "here",
                 "it is mapped over all axes of its argument: remove the axes");
  bool known = false;
  return primitive(c, f.primitive, given, place, known);
}

Value Analyzer::primitive(Context &c, const std::string &name, const std::vector<Argument> &given, Location place,
                          bool &known) {
  auto operands = [&](size_t n, std::vector<Expr *> &out) {
    known = true;
    std::optional<Element> wanted;
    for (const Argument &a : given)
      if (a.value.kind == Value::Tensor)
        wanted = a.value.expr->type.element;
    if (given.size() != n)
      return error("E0214", place,
                   fmt::format("`{}` takes {} argument{}, and gets {}", name, n, n == 1 ? "" : "s", given.size()),
                   "here", fmt::format("write `{}({})`", name, n == 1 ? "x" : "x, y")),
             false;
    for (const Argument &a : given) {
      out.push_back(asTensor(c, a.value, a.place, wanted.value_or(Element{Element::F32, nullptr})));
      if (!out.back())
        return false;
    }
    return true;
  };
  std::vector<Expr *> x;
  if (isUnaryPrimitive(name)) {
    if (!operands(1, x))
      return {};
    bool alsoInts = name == "abs" || name == "sign";
    if (!x[0]->type.element.isFloat() &&
        !(alsoInts && x[0]->type.element.kind != Element::Index && x[0]->type.element.kind != Element::Bool))
      return errorOf(c, {given[0].value}, "E0205", given[0].place, fmt::format("`{}` takes floats", name),
                     describe(c, given[0].value), "convert it, for example `f32(n)`");
    return tensor(pointwise(name, x[0]->type.element, x, place), given[0].value.draws);
  }
  if (name == "clip" || name == "wrap") {
    known = true;
    Conversions conversions(*this, c, place);
    return name == "clip" ? conversions.clip(given) : conversions.wrap(given);
  }
  if (auto element = elementNamed(name))
    return known = true, Conversions(*this, c, place).convert(*element, given);
  if (name == "stop") {
    known = true;
    if (given.size() == 1 && given[0].value.kind == Value::Literal)
      return given[0].value;
    return operands(1, x) ? tensor(pointwise("stop", x[0]->type.element, x, place), given[0].value.draws) : Value();
  }
  if (name == "max" || name == "min") {
    known = true;
    if (given.size() == 2 && given[0].value.kind == Value::Literal && given[1].value.kind == Value::Literal) {
      const Value &a = given[0].value, &b = given[1].value;
      Value v = (a.number > b.number) == (name == "max") ? a : b;
      if (a.exact || b.exact)
        v.exact = name == "max" ? std::max(a.asFloat(), b.asFloat()) : std::min(a.asFloat(), b.asFloat());
      return v;
    }
    if (!operands(2, x))
      return {};
    if (!(x[0]->type.element == x[1]->type.element) || x[0]->type.element.kind == Element::Bool ||
        x[0]->type.element.kind == Element::Index)
      return errorOf(c, {given[0].value, given[1].value}, "E0205", place, fmt::format("`{}` takes equal numbers", name),
                     fmt::format("{} and {}", describe(c, given[0].value), describe(c, given[1].value)),
                     "convert one of them, for example `f32(n)`");
    if (!align(c, x, place, fmt::format("`{}`", name), {given[0].place, given[1].place}) ||
        !unrepeated(c, {{given[0].value.draws, x[0], given[0].place}, {given[1].value.draws, x[1], given[1].place}},
                    fmt::format("`{}`", name)))
      return {};
    return tensor(pointwise(name, x[0]->type.element, x, place), given[0].value.draws || given[1].value.draws);
  }
  if (name == "outer") {
    if (!operands(2, x))
      return {};
    for (const AxisUse &a : visible(c, x[0]->type))
      for (const AxisUse &b : visible(c, x[1]->type))
        if (a == b)
          return error("E0204", place,
                       fmt::format("`outer` takes operands of different axes, and both have `{}`", show(a)), "here",
                       "rename one with `as […]`");
    if (!(x[0]->type.element == x[1]->type.element))
      return errorOf(c, {given[0].value, given[1].value}, "E0205", place, "`outer` takes equal elements",
                     fmt::format("{} and {}", describe(c, given[0].value), describe(c, given[1].value)),
                     "convert one of them");
    return tensor(pointwise("mul", x[0]->type.element, x, place));
  }
  if (name == "zeros_like" || name == "ones_like") {
    if (!operands(1, x))
      return {};
    Element element = x[0]->type.element.isFloat() || x[0]->type.element.kind != Element::Index
                          ? x[0]->type.element
                          : Element{Element::I64, nullptr};
    return tensor(broadcast(constant(element, name == "ones_like", place), x[0]->type, place));
  }
  if (name == "random") { // uniform in [0, 1): the one primitive draw
    known = true;
    if (!given.empty())
      return error("E0214", place, "`random` takes no argument", "here", "`uniform(low, high)` takes bounds");
    Type type{{Element::F32, nullptr}, {c.mapped.begin(), c.mapped.end()}};
    type.axes.append(c.drawAxes.begin(), c.drawAxes.end());
    // A whole set's rows come first: what a row draws then stands together, and goes tile by tile.
    llvm::stable_sort(type.axes, [](const AxisUse &a, const AxisUse &b) { return a.extent < 0 && b.extent >= 0; });
    Expr *e = node(Expr::Random, type, place);
    e->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
    if (c.draws)
      *c.draws = true;
    return tensor(e, true);
  }
  if (name == "permuted") { // permuted(key, n, i): the place of i under the key's permutation of 0..n
    if (!operands(3, x))
      return {};
    for (size_t k = 0; k < x.size(); ++k)
      if (x[k]->type.element.kind != Element::I64)
        return errorOf(c, {given[k].value}, "E0205", given[k].place,
                       "`permuted` takes whole numbers: a key, how many, which", describe(c, given[k].value),
                       "convert it: `int(…)`");
    if (!align(c, x, place, "`permuted`", {given[0].place, given[1].place, given[2].place}))
      return {};
    return tensor(pointwise("shuffle", {Element::I64, nullptr}, x, place), given[0].value.draws);
  }
  if (name == "norm" || name == "clip_norm") {
    known = true;
    llvm::SaveAndRestore<std::optional<Element>> digits(precision, std::nullopt);
    if (given.empty() || !isModelValue(given[0].value))
      return error(
          "E0206", place, fmt::format("`{}` takes a {}", name, name == "norm" ? "gradient or a tensor" : "gradient"),
          given.empty() ? "nothing given" : describe(c, given[0].value), "`grad(over: model) { … }` gives one");
    std::optional<Value> leaves = asLeaves(given[0].value, given[0].place);
    if (leaves->leaves.empty())
      return error("E0206", given[0].place,
                   fmt::format("`{}` takes a gradient, and this model has no parameters", name),
                   describe(c, given[0].value), "give one of a model that is trained");
    Expr *total = innerProduct(c, leaves->leaves.front(), leaves->leaves.front(), place);
    for (Expr *leaf : llvm::drop_begin(leaves->leaves)) {
      Expr *sum = innerProduct(c, leaf, leaf, place);
      total = pointwise("add", sum->type.element, {total, sum}, place);
    }
    Value norm = define(c, "norm", tensor(pointwise("sqrt", total->type.element, {total}, place)), place);
    if (given.size() != (name == "norm" ? 1 : 2))
      return error("E0214", place,
                   fmt::format("`{}` takes {}, and gets {} argument{}", name,
                               name == "norm" ? "one gradient" : "a gradient and the largest norm", given.size(),
                               given.size() == 1 ? "" : "s"),
                   "here", name == "norm" ? "write `norm(g)`" : "write `clip_norm(g, 1.0)`");
    if (name == "norm")
      return norm;
    Expr *limit = asTensor(c, given[1].value, given[1].place, total->type.element);
    if (!limit)
      return {};
    Expr *scale = pointwise(
        "min", total->type.element,
        {pointwise("div", total->type.element, {limit, norm.expr}, place), constant(total->type.element, 1, place)},
        place);
    return modelArithmetic(c, "*", given[0].value, define(c, "scale", tensor(scale), place), place, place, place);
  }
  return {};
}

} // namespace burin::sema
