// `if`: lazy on one bool, for each element under a condition with axes (rule 22).
#include "compiler/Sema/OtherLengths.h"
#include <fmt/format.h>

namespace burin::sema {

// Whether statements cost so little, and change nothing, that both sides of an `if` may as well be computed: then one
// is selected, which fuses with what is around it.
bool Analyzer::isCheap(const Block &body) {
  std::set<const Expr *> seen;
  std::function<bool(const Expr *)> cheap = [&](const Expr *e) {
    return !seen.insert(e).second || (e->kind != Expr::Contract && llvm::all_of(e->operands, cheap));
  };
  for (const Stmt *s : body) {
    if (s->kind == Stmt::Define ? !cheap(s->value) : s->kind != Stmt::Call)
      return false;
    if (s->kind == Stmt::Call &&
        (!llvm::all_of(s->arguments, cheap) || !isCheap(s->callee->body) || !llvm::all_of(s->callee->results, cheap)))
      return false;
  }
  return true;
}

// What can't be done for some elements only: a state that a function changes, output, files, an optimiser's step.
const Stmt *Analyzer::unmaskable(const Block &body) {
  for (const Stmt *s : body) {
    bool output = s->kind == Stmt::Record || s->kind == Stmt::Save || s->kind == Stmt::Load || s->kind == Stmt::Write;
    if (output || (s->kind == Stmt::Call && !masks.count(s->callee) && hasEffect({const_cast<Stmt *>(s)}, 0)))
      return s;
    for (const Block *inner : {&s->body, &s->otherwise})
      if (const Stmt *found = unmaskable(*inner))
        return found;
  }
  return nullptr;
}

// Under conditions with axes, a state that was there before them keeps its value where they don't hold.
Expr *Analyzer::masked(Context &c, const Slot *slot, Expr *value, Location place) {
  const Mask *outermost = nullptr;
  if (auto found = maskOf.find(slot); found != maskOf.end())
    outermost = found->second;
  for (const Mask *m = c.mask; m && m != outermost; m = m->outer) {
    for (const AxisUse &a : m->condition->type.axes)
      if (!llvm::is_contained(slot->type.axes, a)) {
        bool mapped = llvm::is_contained(c.mapped, a);
        diagnostics
            .error(mapped ? "E0221" : "E0254", place,
                   mapped ? fmt::format("`{}` lives outside this body, and whether it is set varies along `{}`, over "
                                        "which the body is mapped",
                                        slot->path, show(a))
                          : fmt::format("`{}` has no axis `{}`, which the condition has", slot->path, show(a)))
            .label(show(slot->type))
            .origin(slot->location, "declared here")
            .origin(m->place, "the condition")
            .help(mapped
                      ? "reduce the condition first, for example `any(…)`"
                      : fmt::format("give it the axis `{}`, or reduce the condition, for example `any(…)`", show(a)));
        return nullptr;
      }
    value = pointwise("select", value->type.element, {m->condition, value, get(slot, place)}, place);
    value = broadcast(value, slot->type, place);
  }
  return value;
}

static bool defines(const Block &body, const Variable *v) {
  return llvm::any_of(body, [&](const Stmt *s) { return llvm::is_contained(s->variables, v); });
}

// The value of a lazy `if`: what either side gives, with the axes that either has.
Value Analyzer::joined(Context &c, Stmt &s, Context &yesContext, Context &noContext, const Side &yes, const Side &no) {
  auto chosen = [&](const char *name, const Type &type, Expr *first, Expr *second) -> const Variable * {
    const Variable *result = variable(name, type, s.location);
    s.variables.push_back(result);
    s.emitted.push_back(define(yesContext, "yes", tensor(broadcast(first, type, yes.place)), yes.place).expr->variable);
    s.inner.push_back(define(noContext, "no", tensor(broadcast(second, type, no.place)), no.place).expr->variable);
    return result;
  };
  Sides sides{yesContext, noContext, s.location,
              [&](const Variable *v) { return defines(s.body, v) || defines(s.otherwise, v); },
              [&](Expr *first, Expr *second) {
                return chosen("chosen.length", unionType(first->type.element, {first, second}), first, second);
              }};
  return eachBranch(c, yes.value, no.value, s.location, no.place, [&](const Value &a, const Value &b) -> Value {
    Expr *first, *second;
    if (!branchTensors(yesContext, noContext, a, b, s.location, yes.place, no.place, first, second))
      return {};
    std::vector<AxisUse> lengths;
    chooseLengths(c, sides, first, second, lengths);
    if (!align(c, {first, second}, s.location, "`if`", {yes.place, no.place}))
      return {};
    Type type = unionType(first->type.element, {first, second});
    withChosenLengths(type, lengths);
    return tensor(use(chosen("chosen", type, first, second), s.location), a.draws || b.draws);
  });
}

// A branch's block, elaborated where it stands.
Value Analyzer::side(Context &c, const syntax::Block &body, Block &into, const Mask *mask, bool valueWanted) {
  Context inner = c;
  inner.block = &into, inner.mask = mask;
  inner.perElement |= mask != c.mask;
  if (mask != c.mask) // under a condition with axes every element draws
    for (const AxisUse &a : visible(c, mask->condition->type))
      if (std::find(c.drawAxes.begin(), c.drawAxes.end(), a) == c.drawAxes.end())
        inner.drawAxes.push_back(a);
  return body.empty() ? unitValue() : block(inner, body, valueWanted);
}

// Whether an expression writes nothing: it holds no statements besides expressions.
static bool writesNothing(const syntax::Expr &e) {
  if (e.kind == syntax::Expr::For || e.kind == syntax::Expr::While || e.kind == syntax::Expr::Minimize)
    return false;
  for (const syntax::Block *body : {&e.body, &e.otherwise})
    for (const syntax::Stmt *s : *body)
      if (s->kind != syntax::Stmt::Expression || !writesNothing(*s->value))
        return false;
  return llvm::all_of(e.operands, [](const syntax::Expr *x) { return !x || writesNothing(*x); }) &&
         llvm::all_of(e.entries,
                      [](const syntax::Entry &entry) { return !entry.value || writesNothing(*entry.value); });
}

Value Analyzer::conditional(Context &c, const syntax::Expr &e) {
  Value condition = expression(c, *e.operands[0]);
  Expr *test = condition.isError() ? nullptr : asTensor(c, condition, e.operands[0]->place);
  if (!test) {
    checkUnreached(c, e.body), checkUnreached(c, e.otherwise);
    return {};
  }
  Location testPlace = e.operands[0]->place;
  if (test->type.element.kind != Element::Bool)
    return errorOf(c, {condition}, "E0205", testPlace, "the condition of `if` is a bool", describe(c, condition),
                   "compare first, for example `x > 0`");
  bool each = !test->type.axes.empty(), known = test->kind == Expr::Constant;
  bool masks = each && !writesNothing(e);
  if (masks) // it is what it was before its branches
    test = define(c, "condition", condition, testPlace).expr;
  Mask mask{test, testPlace, c.mask}, others{test, testPlace, c.mask};
  if (masks)
    others.condition =
        define(c, "otherwise", tensor(pointwise("not", test->type.element, {test}, testPlace)), testPlace).expr;
  Block blocks[2];
  size_t errors = diagnostics.errorCount();
  Side yes{side(c, e.body, blocks[0], each ? &mask : c.mask, e.hasElse),
           e.body.empty() ? e.place : e.body.back()->place};
  Side no{e.hasElse ? side(c, e.otherwise, blocks[1], each ? &others : c.mask, true) : unitValue(),
          e.otherwise.empty() ? e.place : e.otherwise.back()->place};
  if (yes.value.isError() || no.value.isError() || diagnostics.errorCount() > errors)
    return {};
  auto append = [&](const Block &from) { c.block->insert(c.block->end(), from.begin(), from.end()); };
  bool valued = yes.value.kind != Value::Unit && no.value.kind != Value::Unit;
  if (each)
    for (const Block &b : blocks)
      if (const Stmt *effect = unmaskable(b)) {
        diagnostics.error("E0255", effect->location, "this can't be done for some elements only")
            .label(effect->kind == Stmt::Call
                       ? fmt::format("`{}` changes a state, or gives output", effect->callee->name)
                       : "output")
            .origin(testPlace, fmt::format("under a condition that is {}", describe(c, condition)))
            .help("reduce the condition to one bool, for example `any(…)`, or do this outside");
        return {};
      }
  if (known && !valued) { // `training`: the other side is checked, and is not there
    append(blocks[test->integer ? 0 : 1]);
    return unitValue();
  }
  if (each || (isCheap(blocks[0]) && isCheap(blocks[1]))) {
    append(blocks[0]), append(blocks[1]);
    if (!valued)
      return unitValue();
    if (yes.value.kind == Value::Tuple && !masks && !known) // of which every leaf is chosen
      test = define(c, "condition", tensor(test, condition.draws), testPlace).expr;
    return choose(c, condition, test, yes.value, no.value, e.place, testPlace, yes.place, no.place);
  }
  if (known) {
    append(blocks[test->integer ? 0 : 1]);
    return (test->integer ? yes : no).value;
  }
  Stmt *s = statement(c, Stmt::If, e.place);
  s->value = test;
  s->body = std::move(blocks[0]), s->otherwise = std::move(blocks[1]);
  Context yesContext = c, noContext = c;
  yesContext.block = &s->body, noContext.block = &s->otherwise;
  return valued ? joined(c, *s, yesContext, noContext, yes, no) : unitValue();
}

} // namespace burin::sema
