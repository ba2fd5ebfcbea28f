// `for`: over ranges, axes and data sets; what loops emit (rule 23).
#include "compiler/Sema/Shuffles.h"
#include "compiler/Sema/While.h"
#include <fmt/format.h>

namespace burin::sema {

// A number at the end of a range, as i64. `axis`: whose indices lie below it, if it is an axis or an index of one.
Expr *Analyzer::bound(Context &c, const Value &v, Location place, const Axis *&axis) {
  bool index = v.kind == Value::Tensor && v.expr->type.element.kind == Element::Index;
  axis = index ? v.expr->type.element.index : v.kind == Value::AxisName ? v.axis.axis : nullptr;
  Element i64{Element::I64, nullptr};
  if (axis && axis->bounded && !index) // what is beyond the length is left out by the loop (`boundedLoop`)
    return constant(i64, double(axis->extent), place);
  Expr *number = asTensor(c, v, place, i64);
  if (number && index)
    number = cast(number, i64, place);
  if (!number || (number->type.element == i64 && number->type.axes.empty()))
    return number;
  return errorOf(c, {v}, "E0205", place, "a range is between whole numbers", describe(c, v), "loops count with `int`"),
         nullptr;
}

// low..high. Below an axis, or below an index of one, from 0 or a later index on, are indices of that axis.
Value Analyzer::range(Context &c, const syntax::Expr &e) {
  if (!e.operands[0])
    return e.operands[1] ? error("E0285", e.place, "`..` spreads the fields of a value in a tuple",
                                 "no tuple around it", "write `(..x, more)`; `..` alone stands where an axis is asked")
                         : unsupported(e.place, "`..`", "say both ends: `0..n`");
  Value low = expression(c, *e.operands[0]), high = expression(c, *e.operands[1]);
  Value v;
  v.kind = Value::Range;
  const Axis *from = nullptr, *to = nullptr;
  v.low = low.isError() ? nullptr : bound(c, low, e.operands[0]->place, from);
  v.expr = high.isError() ? nullptr : bound(c, high, e.operands[1]->place, to);
  if (!v.low || !v.expr)
    return {};
  bool known = v.low->kind == Expr::Constant && v.expr->kind == Expr::Constant;
  if (to && to->extent >= 0 && (from ? from == to : v.low->kind == Expr::Constant && v.low->integer >= 0))
    v.axis = {to, 0, known ? v.expr->integer - v.low->integer : -1};
  return v;
}

// What a loop counts: from `over.low` on, or from 0. Over a bounded axis: the length that its index lies below, and, if
// that is not so at every step, the same to ask it: a step beyond does nothing.
struct Analyzer::Counting {
  Value over;
  Expr *count;
  bool reversed;
  const Variable *below = nullptr;
  Expr *length = nullptr;
};

// A loop over what is present counts to the bound, so that how often it runs is known; one to an index of it, to that.
// In a function the length is that of its arguments, and if none has the axis, all of it is gone through; elsewhere
// there is none.
bool Analyzer::boundedLoop(Context &c, Counting &counts, Location place) {
  Value &over = counts.over;
  auto known = llvm::find_if(c.lengths, [&](const AxisUse &a) { return a.axis == over.axis.axis; });
  const Variable *length = known == c.lengths.end() ? nullptr : known->length;
  if (over.kind == Value::Range && over.expr->kind != Expr::Constant) {
    const Expr *to = over.expr->kind == Expr::Pointwise ? over.expr->operands[0] : over.expr; // before it was a number
    counts.below = isPresent(to, length) ? length : nullptr;
    return true;
  }
  if (known == c.lengths.end() && c.function) // no argument says less: all of it
    return true;
  if (known == c.lengths.end())
    return error("E0236", place,
                 fmt::format("`{}` is bounded, and which value's length this goes through is not known",
                             over.axis.axis->name),
                 "no length here", "loop in a function of that value: there it is the argument's length"),
           false;
  if (over.kind == Value::AxisName)
    over.axis.length = length;
  else
    over.axis.extent = -1; // there is no axis of what is left of it
  counts.below = length;
  counts.length = length ? lengthOf(*known, place) : nullptr;
  return true;
}

std::optional<Analyzer::Counting> Analyzer::counting(Context &c, const syntax::Expr &e) {
  const syntax::Expr *head = e.operands[0];
  bool reversed = head->kind == syntax::Expr::Call && head->operands[0]->kind == syntax::Expr::NameUse &&
                  head->operands[0]->name == "reverse" && !lookup(c.scope, "reverse");
  if (reversed && (head->entries.size() != 1 || !head->entries[0].name.empty()))
    return error("E0222", head->place, "`reverse` takes what is gone through backwards", "here",
                 "write `reverse(time)` or `reverse(0..n)`"),
           std::nullopt;
  if (reversed)
    head = head->entries[0].value;
  Value over = expressionOrSet(c, *head);
  if (over.isError() || ((over.kind == Value::DataSet || over.kind == Value::Shuffle) && !reversed))
    return Counting{over, nullptr, false};
  Element i64{Element::I64, nullptr};
  Counting out{over, over.expr, reversed};
  if (over.axis.axis && over.axis.axis->bounded && !boundedLoop(c, out, head->place))
    return std::nullopt;
  if (over.kind == Value::AxisName && over.axis.extent >= 0) {
    out.count = constant(i64, double(over.axis.extent), head->place);
    return out;
  }
  if (over.kind != Value::Range)
    return error("E0222", head->place,
                 reversed ? "only a range or an axis can be gone through backwards"
                          : "a `for` goes over a range, an axis, a data set or a shuffle",
                 describe(c, over), "write `0..n`, an axis, or `data.part.batches[axis]`"),
           std::nullopt;
  if (over.low->kind != Expr::Constant) // as it is before the loop
    out.over.low = define(c, "low", tensor(over.low), head->place).expr;
  if (over.low->kind == Expr::Constant && over.expr->kind == Expr::Constant) {
    out.count = constant(i64, double(over.expr->integer - over.low->integer), head->place);
    if (out.count->integer <= 0)
      diagnostics.warning("W0204", head->place, "this loop never runs")
          .label(fmt::format("from {} up to, but not with, {}", over.low->integer, over.expr->integer))
          .help("the lower bound stands first: `0..n` goes from 0 to n - 1");
  } else if (over.low->kind != Expr::Constant || over.low->integer != 0) {
    out.count = pointwise("sub", i64, {over.expr, out.over.low}, head->place);
  }
  return out;
}

// The body of a loop over a bounded axis. Beyond the length states keep what they are, and what is emitted is absent.
bool Analyzer::bodyWithin(Context &c, const syntax::Expr &e, Emission &emission, Expr *within) {
  Location place = e.operands[0]->place;
  Mask mask{define(c, "within", tensor(within), place).expr, place, c.mask};
  Block body;
  emission.body = &body;
  if (side(c, e.body, body, &mask, false).isError())
    return false;
  if (const Stmt *effect = unmaskable(body))
    return error("E0255", effect->location, "this can't be done for some elements only",
                 effect->kind == Stmt::Call ? fmt::format("`{}` changes a state, or gives output", effect->callee->name)
                                            : "output",
                 "a loop over a bounded axis ends at each value's own length: let it `emit`, and do this with the "
                 "result"),
           false;
  c.block->insert(c.block->end(), body.begin(), body.end());
  return true;
}

// for i in 0..n, for i in axis, for i in reverse(axis), for b in data
Value Analyzer::loop(Context &c, const syntax::Expr &e) {
  const syntax::Expr &head = *e.operands[0];
  if (head.kind == syntax::Expr::Call && head.operands[0]->kind == syntax::Expr::NameUse &&
      head.operands[0]->name == "zip" && !lookup(c.scope, "zip")) {
    std::vector<DataValue> sets = zipped(c, head);
    return sets.empty() ? (checkUnreached(c, e.body, &e.pattern), Value()) : loopOverData(c, e, sets);
  }
  auto counts = counting(c, e);
  if (!counts || counts->over.isError())
    return checkUnreached(c, e.body, &e.pattern), Value();
  const Value &over = counts->over;
  if (over.kind == Value::DataSet)
    return loopOverData(c, e, over.data);
  if (over.kind == Value::Shuffle)
    return Shuffles(*this, c).loop(e, *over.shuffled);
  Element i64{Element::I64, nullptr};
  Location place = e.operands[0]->place;
  Stmt *s = statement(c, Stmt::For, e.place);
  s->name = e.pattern.name, s->value = counts->count, s->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
  s->reverse = counts->reversed;
  const Variable *counter = variable(e.pattern.name.empty() ? "i" : e.pattern.name, {i64, {}}, e.pattern.place);
  s->variables = {counter};
  bool fromKnown = over.kind == Value::AxisName || over.low->kind == Expr::Constant;
  if (fromKnown && s->value->kind == Expr::Constant && s->value->integer > 0)
    loopRanges.set(counter, {0, s->value->integer - 1, nullptr});
  Scope scope;
  scope.parent = c.scope;
  Emission emission;
  emission.body = &s->body;
  Context inner = c;
  inner.scope = &scope, inner.block = &s->body, inner.emission = &emission;
  Expr *count = use(counter, e.pattern.place);
  bool offset = over.kind == Value::Range && !(over.low->kind == Expr::Constant && over.low->integer == 0);
  Expr *number = offset ? pointwise("add", i64, {count, over.low}, place) : count;
  Value v = tensor(over.axis.axis ? cast(number, {Element::Index, over.axis.axis}, place) : number);
  auto range = loopRanges.of(v.expr);
  if (counts->below) {
    v = define(inner, counter->name, v, place);
    presentBelow[v.variable] = counts->below;
  }
  bindPattern(inner, scope, e.pattern, v, "loop variable");
  if (auto named = scope.names.find(e.pattern.name); range && named != scope.names.end())
    if (Expr *bound = named->second.value.expr; bound && bound->kind == Expr::Use)
      loopRanges.set(bound->variable, *range);
  if (counts->length
          ? !bodyWithin(inner, e, emission, pointwise("lt", {Element::Bool, nullptr}, {number, counts->length}, place))
          : block(inner, e.body, false).isError())
    return {};
  return emission.place.length ? emitted(c, *s, emission, over, place) : unitValue();
}

// emit e: what the loop's value has at this index.
Value Analyzer::emit(Context &c, const syntax::Stmt &s) {
  Emission *to = c.emission;
  if (!to)
    return expression(c, *s.value),
           error("E0250", s.place, "`emit` gives a loop its value, and there is no loop around it", "here",
                 "write it in the body of `for t in time { … }`");
  if (c.block != to->body)
    return expression(c, *s.value),
           error("E0251", s.place, "a loop emits at every step, and this is not reached at every one", "here",
                 "let `emit` stand in the loop's own block: `emit if c then a else b`");
  if (to->place.length) {
    diagnostics.error("E0251", s.place, "a loop emits once a step")
        .label("emits again")
        .origin(to->place, "emits here already")
        .help("emit a tuple: `emit (a, b)`");
    return {};
  }
  to->place = s.place;
  Value v = expression(c, *s.value);
  if (v.isError())
    return v;
  to->value = eachLeaf(v, "emitted", [&](const Value &leaf, const std::string &name) {
    Expr *e = asTensor(c, leaf, s.value->place);
    for (const AxisUse &a : e ? e->type.axes : decltype(Type::axes)()) // a length of one step is none of the loop
      if (a.length && llvm::none_of(c.lengths, [&](const AxisUse &known) { return known.length == a.length; }))
        return unsupported(s.value->place, "emitting along a bounded axis that was cut here",
                           "reduce along it before, or cut it before the loop");
    return !e         ? Value()
           : to->loop ? to->loop->keep(c, e, leaf.draws, name)
                      : define(c, name, tensor(e, leaf.draws), s.place);
  });
  return to->value.isError() ? Value() : unitValue();
}

// What is emitted gets the axis that the loop goes over, and has no such axis of its own.
bool Analyzer::emitsAlong(Context &c, const Type &each, const AxisUse &axis, Location place, Location head) {
  for (const AxisUse &a : each.axes)
    if (a.axis == axis.axis && a.primes == axis.primes) {
      diagnostics
          .error("E0252", place,
                 fmt::format("what is emitted has the axis `{}` already, which the loop goes over",
                             show(AxisUse{a.axis, a.primes, a.axis->extent})))
          .label(show(visibleType(c, each)))
          .origin(head, fmt::format("the loop's value gets `{}` here", axis.axis->name))
          .help(fmt::format("rename it: `emit x as [{} -> other]`, or reduce over it", a.axis->name));
      return false;
    }
  return true;
}

// The loop's value: of each leaf that was emitted, all along the loop's axis.
Value Analyzer::emitted(Context &c, Stmt &s, const Emission &emission, const Value &over, Location head) {
  AxisUse axis = over.axis;
  if (!axis.axis || axis.extent < 1) {
    auto &d = diagnostics.error("E0250", emission.place,
                                axis.axis && axis.extent == 0 ? "this loop never runs, and can't emit"
                                : axis.axis                   ? "how often this loop runs is not known when compiling"
                                                              : "this loop goes over no axis, so its value has none");
    d.label("emitted here").origin(head, axis.axis ? "the loop's range" : "no axis");
    d.help("go over an axis: `dim step = 10`, then `for t in step`");
    return {};
  }
  std::set<const Slot *> slots;
  std::set<const Variable *> used;
  readSlots(s.body, nullptr, slots, used);
  return eachLeaf(emission.value, "value", [&](const Value &leaf, const std::string &name) -> Value {
    const Type &each = leaf.expr->type;
    if (!emitsAlong(c, each, axis, emission.place, head))
      return {};
    Type all{each.element, {axis}};
    all.axes.append(each.axes.begin(), each.axes.end());
    const Variable *whole = variable(name, all, s.location);
    s.emitted.push_back(leaf.expr->variable);
    s.variables.push_back(whole);
    definitions[whole] = {s.location, slots};
    return tensor(use(whole, s.location), leaf.draws);
  });
}

} // namespace burin::sema
