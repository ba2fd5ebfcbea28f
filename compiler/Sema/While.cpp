// `while c max n`: what is run until a condition ends, and what it emits along a bounded axis (rule 23).
#include "compiler/Sema/While.h"
#include <fmt/format.h>

namespace burin::sema {
static const Element i64{Element::I64, nullptr}, truth{Element::Bool, nullptr};

While::While(Analyzer &sema, Context &around, const syntax::Expr &e)
    : sema(sema), around(around), e(e), place(e.operands[0]->place), inner(around) {
  emission.body = nullptr, emission.loop = this;
  inner.block = &loop.body, inner.emission = &emission;
}

Value While::unchecked() { return sema.checkUnreached(around, e.body), Value(); }

// A state of the loop's own, which begins before it.
Expr *While::state(const std::string &name, Expr *first) {
  return sema.localState(around, fmt::format("{}.{}#{}", around.path, name, (*around.ordinal)++), first, place);
}

// How many steps there are at most: a number, or of a bounded axis its bound, along which the loop may emit.
bool While::readBound() {
  if (!e.operands[1])
    return sema.error("E0256", e.place, "a `while` has a bound", "none here",
                      "write `while c max 1000 { … }`: reaching it is an error"),
           false;
  Value most = sema.expression(around, *e.operands[1]);
  Location where = e.operands[1]->place;
  if (most.kind == Value::AxisName && most.axis.axis->bounded) {
    along = {most.axis.axis, 0, most.axis.axis->extent};
    bound = sema.constant(i64, double(along.extent), where);
    return true;
  }
  bound = most.isError() ? nullptr : sema.asTensor(around, most, where, i64);
  if (!bound)
    return false;
  if (!(bound->type.element == i64) || !bound->type.axes.empty())
    return sema.error("E0256", where, "the bound of a `while` is a whole number", sema.describe(around, most),
                      "write how many steps there are at most"),
           false;
  if (bound->kind != Expr::Constant)
    bound = sema.define(around, "most", sema.tensor(bound), where).expr;
  return true;
}

// One bool: the body runs while it holds.
bool While::bodyWhileAll(const Value &condition) {
  goes = sema.define(inner, "goes", condition, place).expr;
  Block body;
  emission.body = &body;
  if (sema.side(inner, e.body, body, inner.mask, false).isError())
    return false;
  if (length) {
    Context run = inner;
    run.block = &body;
    sema.set(run, length->slot, next(), place);
  }
  Stmt *run = sema.statement(inner, Stmt::If, e.place);
  run->value = sema.pointwise("and", truth, {goes, within}, place), run->body = std::move(body);
  return true;
}

// A bool with axes says which elements go on: once they have stopped, they don't begin again.
bool While::bodyWhileAny(const Value &condition, Expr *test) {
  Expr *before = state("while", sema.broadcast(sema.constant(truth, 1, place), test->type, place));
  Expr *now = sema.define(inner, "going", sema.tensor(sema.pointwise("and", truth, {before, test}, place)), place).expr;
  sema.set(inner, before->slot, now, place);
  goes = sema.define(inner, "goes", sema.tensor(sema.reduce("any", now, now->type.axes, place)), place).expr;
  Expr *run = sema.pointwise("and", truth, {now, within}, place);
  Mask mask{sema.define(inner, "run", sema.tensor(run), place).expr, place, around.mask};
  Block body;
  emission.body = &body;
  if (sema.side(inner, e.body, body, &mask, false).isError())
    return false;
  if (const Stmt *effect = sema.unmaskable(body)) {
    sema.diagnostics.error("E0255", effect->location, "this can't be done for some elements only")
        .label("changes a state, or gives output")
        .origin(place, fmt::format("under a condition that is {}", sema.describe(around, condition)))
        .help("reduce the condition to one bool, for example `any(…)`, or do this outside");
    return false;
  }
  loop.body.insert(loop.body.end(), body.begin(), body.end());
  if (length)
    sema.set(inner, length->slot, sema.pointwise("select", i64, {mask.condition, next(), length}, place), place);
  return true;
}

Expr *While::next() { return sema.pointwise("add", i64, {step, sema.constant(i64, 1, place)}, place); }

// A step more than there are at most asks whether the condition holds then still.
Value While::run() {
  if (!readBound())
    return unchecked();
  loop.path = fmt::format("{}#{}", around.path, (*around.ordinal)++);
  const Variable *counter = sema.variable("step", {i64, {}}, e.place);
  step = sema.use(counter, place);
  Value condition = sema.expression(inner, *e.operands[0]);
  Expr *test = condition.isError() ? nullptr : sema.asTensor(inner, condition, place);
  if (!test)
    return unchecked();
  if (!(test->type.element == truth))
    return sema.checkUnreached(around, e.body),
           sema.errorOf(inner, {condition}, "E0205", place, "the condition of `while` is a bool",
                        sema.describe(around, condition), "compare first, for example `x > 0`");
  within = sema.pointwise("lt", truth, {step, bound}, place);
  if (along.axis)
    length = state("length", sema.broadcast(sema.constant(i64, 0, place), {i64, test->type.axes}, place));
  if (test->type.axes.empty() ? !bodyWhileAll(condition) : !bodyWhileAny(condition, test))
    return {};
  Stmt *s = sema.statement(around, Stmt::For, e.place);
  bool known = bound->kind == Expr::Constant;
  s->value = known ? sema.constant(i64, double(bound->integer) + 1, place)
                   : sema.pointwise("add", i64, {bound, sema.constant(i64, 1, place)}, place);
  s->path = loop.path, s->body = std::move(loop.body), s->goes = goes->variable;
  const Variable *still = sema.variable("still", {truth, {}}, place);
  s->variables = {counter, still};
  Stmt *check = sema.statement(around, Stmt::Check, place);
  check->value = sema.pointwise("not", truth, {sema.use(still, place)}, place);
  check->path = "E0258", check->name = "this `while` has reached its maximum, and its condition still holds";
  check->names = {"give it a larger one after `max`, or see why the condition does not end"};
  return emission.place.length ? emitted() : Analyzer::unitValue();
}

// One leaf that is emitted is written at this step's place. Where an element has ended that is absent.
Value While::keep(Context &c, Expr *value, bool draws, const std::string &name) {
  if (!along.axis)
    return sema.error("E0250", emission.place, "how often this loop runs is not known when compiling", "emitted here",
                      "bound it by an axis: `dim step <= 100`, then `while c max step`");
  if (!sema.emitsAlong(around, value->type, along, emission.place, e.operands[1]->place))
    return {};
  Type all{value->type.element, {along}};
  all.axes.append(value->type.axes.begin(), value->type.axes.end());
  Expr *zero = sema.constant(all.element, 0, emission.place);
  Expr *kept = state(name, sema.broadcast(zero, all, emission.place));
  Expr *written = sema.node(Expr::Scatter, all, emission.place);
  Expr *last = sema.constant(i64, double(along.extent - 1), place); // a step beyond it runs for no element
  Expr *at = sema.pointwise("min", i64, {step, last}, place);
  value = sema.define(c, name, sema.tensor(value), emission.place).expr;
  written->name = "scatter", written->over = {along};
  written->operands = {value, sema.cast(at, {Element::Index, along.axis}, place), kept};
  Expr *inside = sema.pointwise("select", all.element, {within, written, kept}, emission.place);
  sema.set(c, kept->slot, c.mask == around.mask ? written : inside, place);
  return sema.tensor(kept, draws);
}

// The loop's value: as long as it ran.
Value While::emitted() {
  Value ran = sema.define(around, along.axis->name + ".length", sema.tensor(length), place);
  return sema.eachLeaf(emission.value, "value", [&](const Value &leaf, const std::string &name) {
    Value whole = sema.define(around, name, leaf, place);
    Expr *out = sema.use(whole.expr->variable, place);
    out->type.axes[0].length = ran.expr->variable;
    return sema.tensor(out, leaf.draws);
  });
}

Value Analyzer::whileLoop(Context &c, const syntax::Expr &e) { return While(*this, c, e).run(); }

} // namespace burin::sema
