// Derivatives along a direction, and functions with a gradient of their own.
#include "compiler/Sema/Prepared.h"
#include "llvm/Support/SaveAndRestore.h"
#include <fmt/format.h>

namespace burin::sema {

// All lanes of a value: mapped axes first, then what it has itself.
Type Analyzer::eachLane(const Context &c, const Type &type) const {
  Type full{type.element, {c.mapped.begin(), c.mapped.end()}};
  for (const AxisUse &a : visible(c, type))
    full.axes.push_back(a);
  return full;
}

// The sum over all visible axes of a product.
Expr *Analyzer::innerProduct(const Context &c, Expr *a, Expr *b, Location place) {
  llvm::SaveAndRestore<std::optional<Element>> digits(precision, std::nullopt);
  a = widened(a, place), b = widened(b, place); // a sum
  Expr *product = pointwise("mul", a->type.element, {a, b}, place);
  std::vector<AxisUse> over = visible(c, product->type);
  return over.empty() ? product : reduce("sum", product, over, place);
}

// The directions for what is differentiated, as tensors; none after an error.
std::vector<Expr *> Analyzer::directions(Context &c, const Value &x, const Value &along, Location place) {
  std::vector<Expr *> out;
  auto refuse = [&] {
    diagnostics.error("E0274", place, "`along:` has the type of what is differentiated")
        .label(describe(c, along))
        .help(fmt::format("give it {}", x.kind == Value::Model ? "a model of the same kind, or a gradient of it"
                                                               : show(visibleType(c, x.expr->type))));
    return std::vector<Expr *>();
  };
  if (x.kind == Value::Model) {
    std::optional<Value> leaves = asLeaves(along, place);
    Aliases pairs;
    if (!leaves || !leaves->model || !sameKind(*x.model, *leaves->model, pairs))
      return refuse();
    for (Expr *leaf : leaves->leaves)
      out.push_back(define(c, "along", tensor(rename(leaf, pairs, place)), place).expr);
    return out;
  }
  Expr *e = along.kind == Value::Literal && x.expr->type.axes.empty() ? asTensor(c, along, place, x.expr->type.element)
            : along.kind == Value::Tensor                             ? along.expr
                                                                      : nullptr;
  Type wanted = visibleType(c, x.expr->type), found = e ? visibleType(c, e->type) : Type();
  bool fits = e && found.element == wanted.element && found.axes.size() == wanted.axes.size();
  for (const AxisUse &a : found.axes)
    fits &= llvm::is_contained(wanted.axes, a);
  if (!fits)
    return refuse();
  return {define(c, "along", tensor(e), place).expr};
}

// A derivative along a direction v is the derivative of a sum of cotangents by the cotangent: with J the derivatives of
// f at x, `grad(over: u) { sum(grad(over: x) { sum(u * f(x)) } * v) }` is that of sum(Jᵀu * v) by u, and that is J v.
// Only the outer one's adjoint is left when dead code is gone, and it goes forward: each op's rule, transposed.
Value Analyzer::jvp(Context &c, const syntax::Expr &over, const syntax::Expr &along, const syntax::Block &body,
                    Location place) {
  Value x = expression(c, over), v = expression(c, along);
  if (x.isError() || v.isError()) {
    checkUnreached(c, body);
    return {};
  }
  bool slots = x.kind == Value::Model || (x.slot && x.slot->parameter);
  bool value = x.kind == Value::Tensor && over.kind == syntax::Expr::NameUse && x.expr->type.element.isFloat();
  if (!slots && !value) {
    checkUnreached(c, body);
    return error("E0302", over.place, "`over:` names a model, a parameter, or a value of floats", describe(c, x),
                 "give the value a name by `let`");
  }
  std::vector<Expr *> v_ = directions(c, x, v, along.place);
  if (v_.empty()) {
    checkUnreached(c, body);
    return {};
  }
  Context outside = c;
  std::vector<const Slot *> named, lanes;
  if (slots) {
    slotsOf(x, named);
    lanes = lanesOf(outside, named, place);
  }
  Stmt *outer = statement(outside, Stmt::Grad, place);
  Context between = outside;
  between.block = &outer->body;
  Stmt *inner = statement(between, Stmt::Grad, place);
  Context within = between;
  within.block = &inner->body;
  Scope scope;
  scope.parent = c.scope;
  std::vector<const void *> sources;
  std::vector<Type> types;
  if (slots) {
    inner->slots = lanes;
    for (const Slot *slot : lanes)
      types.push_back(slot->type), sources.push_back(slot);
  } else {
    types.push_back(eachLane(c, x.expr->type));
    inner->arguments = {broadcast(x.expr, types[0], place)};
    const Variable *inside = variable(over.name, types[0], over.place);
    inner->inner = {inside};
    sources.push_back(inside);
    Entity entity;
    entity.value = tensor(use(inside, over.place)), entity.value.variable = inside, entity.place = over.place;
    scope.names[over.name] = entity;
    within.scope = &scope;
  }
  Value y = block(within, body);
  if (y.isError())
    return y;
  Location end = body.empty() ? place : body.back()->place;
  Expr *e = y.kind == Value::Unit ? nullptr : asTensor(within, y, end);
  if (!e || !e->type.element.isFloat())
    return error("E0303", end, "what `jvp` differentiates is a value of floats", describe(c, y),
                 "end the block with it");
  e = define(within, "y", tensor(e), end).expr;
  bool exact = true;
  Flow flow = flows.of(inner->body, e, exact);
  if (exact && checkDiscrete(flow, sources, slots ? named[0]->path : over.name, place))
    return {};
  Type result = eachLane(c, e->type);
  const Variable *u = variable("u", result, place);
  outer->arguments = {broadcast(constant(e->type.element, 1, place), result, place)};
  outer->inner = {u};
  inner->value = innerProduct(c, e, use(u, place), place);
  inner->variables = {variable("value", inner->value->type, place)};
  Expr *total = nullptr;
  for (size_t k = 0; k < types.size(); ++k) {
    const Variable *gradient = variable("d", types[k], place);
    inner->variables.push_back(gradient);
    Expr *part = innerProduct(c, use(gradient, place), v_[k], place);
    total = total ? pointwise("add", part->type.element, {total, part}, place) : part;
  }
  outer->value = total;
  const Variable *tangent = variable("along", result, place);
  outer->variables = {variable("value", total->type, place), tangent};
  return tensor(use(tangent, place));
}

Value Analyzer::jvpOfExpression(Context &c, const syntax::Expr &e) {
  const syntax::Expr *what = nullptr, *over = nullptr, *along = nullptr;
  for (auto &entry : e.entries)
    (entry.name == "over" ? over : entry.name == "along" ? along : what) = entry.value;
  if (!what || !over || !along || e.entries.size() != 3)
    return error("E0303", e.place, "`jvp` takes an expression, `over:` and `along:`", "here",
                 "write `jvp(f(x), over: x, along: v)` or `jvp(over: x, along: v) { … }`");
  syntax::Stmt last;
  last.kind = syntax::Stmt::Expression, last.place = what->place, last.value = const_cast<syntax::Expr *>(what);
  return jvp(c, *over, *along, {&last}, e.place);
}

// `fn f(x) = … grad (d) = …`: the result is an identity whose cotangent d goes to the arguments by what is written.
bool Analyzer::ownGradient(Context &c, const FunctionValue &f, sema::Function &fn, const Prepared &p,
                           const std::string &name) {
  const syntax::Item &rule = *f.item->gradient;
  Location place = rule.place;
  auto refuse = [&](Location at, std::string message, std::string label, std::string help) {
    error("E0275", at, std::move(message), std::move(label), std::move(help));
    return false;
  };
  if (fn.results.size() != 1 || !fn.results[0]->type.element.isFloat())
    return refuse(f.item->body.back()->place,
                  fmt::format("`{}` has a gradient of its own, so it gives one value of floats", name), "this is none",
                  "give one tensor, or leave out `grad`");
  bool exact = true;
  Flow flow = flows.of(fn.body, fn.results[0], exact);
  auto own = [&](const void *source) {
    return llvm::any_of(fn.parameters, [&](const Variable *v) { return v == source; });
  };
  if (!exact || hasEffect(fn.body, 0) || !llvm::all_of(flow.smooth, own))
    return refuse(place, fmt::format("`{}` has a gradient of its own, so it computes from its arguments alone", name),
                  "it reads a parameter or state, or changes one",
                  "give it what it needs as arguments: a gradient of its own is by these");
  const Variable *y = variable(name.empty() ? "value" : name, fn.results[0]->type, place);
  Stmt *s = statement(c, Stmt::Own, place);
  s->value = fn.results[0], s->variables = {y}, s->name = name;
  fn.results[0] = use(y, place);
  if (!rule.hasBody)
    return true;
  Scope scope;
  scope.parent = c.scope;
  const Variable *d = variable(rule.parameters[0].name, y->type, rule.parameters[0].place);
  s->inner = {d};
  Entity e;
  e.value = tensor(use(d, d->location)), e.value.variable = d, e.what = "cotangent", e.place = d->location;
  if (!declare(scope, d->name, e))
    return false;
  Context inner = c;
  inner.scope = &scope, inner.block = &s->body;
  Value given = block(inner, rule.body);
  if (given.isError())
    return false;
  for (size_t k = 0; k < s->body.size(); ++k) // how often a rule is evaluated is not for the text to say
    if (hasEffect({s->body[k]}, 0))
      return refuse(s->body[k]->location, fmt::format("the gradient of `{}` is a value, and does nothing else", name),
                    "this is seen from outside",
                    "a rule may have states and loops of its own; `record`, write and check outside of it");
  std::vector<Value> parts;
  if (given.kind == Value::Tuple)
    for (auto &[field, part] : given.fields)
      parts.push_back(part);
  else
    parts.push_back(given);
  std::vector<size_t> real;
  for (size_t k = 0; k < fn.parameters.size(); ++k)
    if (fn.parameters[k]->type.element.isFloat())
      real.push_back(k);
  Location end = rule.body.empty() ? place : rule.body.back()->place;
  if (parts.size() != real.size())
    return refuse(end,
                  fmt::format("`{}` has {} argument{} of floats, and this gives {} gradient{}", name, real.size(),
                              real.size() == 1 ? "" : "s", parts.size(), parts.size() == 1 ? "" : "s"),
                  describe(c, given), "give one for each, in order: `(dx, dy)`");
  for (size_t k = 0; k < real.size(); ++k) {
    const Variable *x = fn.parameters[real[k]];
    Expr *part = asTensor(inner, parts[k], end, x->type.element);
    if (!part)
      return false;
    const Type &declared = p.declared[real[k]];
    std::vector<AxisUse> axes = visible(inner, part->type);
    if (!(part->type.element == declared.element) ||
        !llvm::all_of(axes, [&](const AxisUse &a) { return llvm::is_contained(declared.axes, a); }))
      return refuse(end, fmt::format("the gradient by `{}` is {}, as `{}` is", x->name, show(declared), x->name),
                    show(visibleType(inner, part->type)), "reduce over the other axes, or convert it");
    Type full{declared.element, {c.mapped.begin(), c.mapped.end()}};
    full.axes.append(declared.axes.begin(), declared.axes.end());
    s->arguments.push_back(use(x, place));
    s->results.push_back(broadcast(part, full, end));
  }
  return true;
}

} // namespace burin::sema
