// Blocks, bindings, writes.
#include "compiler/Sema/Files.h"
#include "llvm/Support/SaveAndRestore.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

// The value of a block is its last statement's. Errors of one statement don't keep the others from being checked.
Value Analyzer::block(Context &c, const syntax::Block &body, bool valueWanted) {
  Scope scope;
  scope.parent = c.scope;
  Context inner = c;
  inner.scope = &scope;
  Value last;
  last.kind = Value::Unit;
  bool failed = false;
  for (size_t k = 0; k < body.size(); ++k) {
    size_t before = inner.block->size();
    last = statement(inner, scope, *body[k]);
    failed |= last.isError();
    if (k + 1 < body.size() || !valueWanted)
      warnDropped(inner, *body[k], last, before, k + 1 == body.size());
  }
  return failed ? Value() : last;
}

// What is checked although what it stands in was refused; nothing comes of it.
void Analyzer::checkUnreached(const Context &c, const syntax::Block &body, const syntax::Pattern *names) {
  Scope scope;
  scope.parent = c.scope;
  if (names)
    failedNames(scope, *names);
  Block nowhere;
  Context inner = c;
  inner.scope = &scope, inner.block = &nowhere;
  block(inner, body);
}

// What statements do besides giving variables their values.
Analyzer::Effect Analyzer::effectOf(const Block &body, size_t from) {
  Effect most = Effect::None;
  for (size_t k = from; k < body.size() && most != Effect::More; ++k) {
    const Stmt &s = *body[k];
    bool writes = s.kind == Stmt::Set && s.slot->kind != Slot::Local;
    bool tells = s.kind == Stmt::Record || s.kind == Stmt::Assert || s.kind == Stmt::GradCheck ||
                 s.kind == Stmt::Save || s.kind == Stmt::Load || s.kind == Stmt::Write;
    if (writes || tells)
      return Effect::More;
    most = std::max(
        {most, s.kind == Stmt::Check ? Effect::Check : Effect::None, effectOf(s.body, 0), effectOf(s.otherwise, 0)});
    if (!s.callee)
      continue;
    auto [known, fresh] = effects.try_emplace(s.callee, Effect::None);
    if (fresh)
      effects[s.callee] = effectOf(s.callee->body, 0);
    most = std::max(most, effects[s.callee]);
  }
  return most;
}

void Analyzer::warnDropped(Context &c, const syntax::Stmt &s, const Value &v, size_t before, bool last) {
  if (s.kind != syntax::Stmt::Expression || v.isError() || v.kind == Value::Unit || hasEffect(*c.block, before))
    return;
  for (size_t k = before; k < c.block->size(); ++k)
    if ((*c.block)[k]->kind == Stmt::Set)
      return;
  auto &d = diagnostics.warning("W0203", s.place, "this value is not used").label(describe(c, v));
  d.help(last && !c.function && c.block == taskBlock
             ? fmt::format("to give it as the task's result, declare it: `task {}(…) -> {}`", c.path, describe(c, v))
             : "name it by `let`, `record` it, or remove it");
}

// record name = e. A mean of nothing is skipped.
Value Analyzer::record(Context &c, const syntax::Stmt &s) {
  Recorded recorded{s.value->place};
  Context inner = c, inside = c;
  inner.recorded = &recorded;
  Value v = expression(inner, *s.value);
  Expr *e = v.isError() ? nullptr : asTensor(c, v, s.value->place, Element{Element::F32, nullptr});
  if (!e)
    return {};
  if (!visible(c, e->type).empty() || e->type.element.kind == Element::Index)
    return error("E0218", s.value->place, "`record` takes one number", describe(c, v),
                 "reduce it, for example `mean(x)`");
  if (Files::varies(*this, c, *e, s.value->place, "recorded"))
    return {};
  if (recorded.something) {
    v = define(c, s.pattern.name, v, s.place), e = v.expr;
    Stmt *skipped = statement(c, Stmt::If, s.place);
    skipped->value = recorded.something, inside.block = &skipped->body;
  }
  Stmt *out = statement(inside, Stmt::Record, s.place);
  out->name = s.pattern.name;
  bool wider = e->type.element.kind == Element::Bool || e->type.element.isNarrow();
  out->value = wider ? cast(e, {Element::F32, nullptr}, s.place) : e;
  return v;
}

Value Analyzer::statement(Context &c, Scope &scope, const syntax::Stmt &s) {
  Value unit;
  unit.kind = Value::Unit;
  switch (s.kind) {
  case syntax::Stmt::Let:
    return let(c, scope, s);
  case syntax::Stmt::State:
    return state(c, scope, s);
  case syntax::Stmt::Dim:
    if (declareDim(scope, s.pattern.name, *s.value, s.bounded, s.pattern.place))
      return unit;
    failedNames(scope, s.pattern);
    return {};
  case syntax::Stmt::Expression:
    return expression(c, *s.value);
  case syntax::Stmt::Assign:
  case syntax::Stmt::AddAssign:
    return assign(c, s);
  case syntax::Stmt::Record:
    return record(c, s);
  case syntax::Stmt::Save:
  case syntax::Stmt::Load:
    return Files(*this, c, s).run();
  case syntax::Stmt::Update:
    return update(c, s);
  case syntax::Stmt::Emit:
    return emit(c, s);
  case syntax::Stmt::Assert:
    return assertion(c, s);
  case syntax::Stmt::Precision:
    return precisionBlock(c, s);
  case syntax::Stmt::Plot:
    return Files(*this, c, s).plot();
  case syntax::Stmt::LetScatter:
    if (Value v = letScatter(c, scope, s); !v.isError())
      return v;
    failedNames(scope, s.pattern);
    return {};
  case syntax::Stmt::Unread:
    return {};
  case syntax::Stmt::Param:
  case syntax::Stmt::Function:
    return error("E0208", s.place, "this belongs into a model", "here",
                 "parameters and functions stand in `model`, functions also in a file");
  }
  return {};
}

// Rule 5: tuples match by position, and names are checked.
void Analyzer::bindPattern(Context &c, Scope &scope, const syntax::Pattern &p, const Value &v, const char *what) {
  if (!p.name.empty()) {
    Entity e;
    e.value = define(c, p.name, v, p.place), e.place = p.place, e.what = what;
    withoutSlots(e.value);
    declare(scope, p.name, e);
    return;
  }
  if (v.kind != Value::Tuple || v.fields.size() != p.parts.size()) {
    error("E0219", p.place,
          fmt::format("{} names for {}", p.parts.size(),
                      v.kind == Value::Tuple ? fmt::format("a tuple of {}", v.fields.size()) : describe(c, v)),
          "here", "give every part one name");
    return;
  }
  for (size_t k = 0; k < p.parts.size(); ++k) {
    for (size_t j = 0; j < p.parts.size(); ++j)
      if (j != k && !p.parts[k].name.empty() && p.parts[k].name == v.fields[j].first)
        error("E0219", p.parts[k].place, fmt::format("`{}` is the name of another part", p.parts[k].name),
              v.fields[k].first.empty() ? "this part has no name" : fmt::format("this part is `{}`", v.fields[k].first),
              fmt::format("parts are taken by position, and `{}` is number {}: change their order, or the name",
                          p.parts[k].name, j + 1));
    bindPattern(c, scope, p.parts[k], v.fields[k].second, what);
    usage.declareTogether(p.parts[0].place, p.parts[k].place);
  }
}

// Known all the same, so that their uses are not errors too.
void Analyzer::failedNames(Scope &scope, const syntax::Pattern &p) {
  if (!p.name.empty())
    scope.names.try_emplace(p.name, failed(p.place));
  for (const syntax::Pattern &part : p.parts)
    failedNames(scope, part);
}

Value Analyzer::let(Context &c, Scope &scope, const syntax::Stmt &s) {
  Value v = letValue(c, scope, s);
  if (v.isError())
    failedNames(scope, s.pattern);
  return v;
}

Value Analyzer::letValue(Context &c, Scope &scope, const syntax::Stmt &s) {
  Value unit;
  unit.kind = Value::Unit;
  Value v;
  if (!s.indices.empty() && !makesModel(c, *s.value))
    return letNotation(c, scope, s);
  size_t before = diagnostics.errorCount();
  std::string path = c.path.empty() ? s.pattern.name : c.path + "." + s.pattern.name;
  if (!s.indices.empty()) {
    v = ensemble(c, s, path);
  } else if (s.hasType) {
    auto t = shape(c, s.type);
    if (!t)
      return {};
    v = declared(c, *s.value, *t, "value", s.pattern.name.empty() ? "(…)" : s.pattern.name, s.type.place);
  } else {
    v = named(c, *s.value, path);
    if (v.kind == Value::List)
      return asTensor(c, v, s.value->place), Value(); // reports that it has no type
  }
  if (v.isError())
    return v;
  // In a task or function a `let` is a value: what the model holds now. In a file it names the instance.
  bool named = v.kind == Value::Model && (&scope == &global || isMadeHere(v, s.value->place));
  if ((v.kind == Value::Model || v.kind == Value::Computed) && !named && s.indices.empty())
    v = madeModel(c, v, path, s.pattern.place);
  if (v.isError())
    return v;
  if (v.kind == Value::Unit)
    return error("E0219", s.value->place, "this has no value to name", "here",
                 "the last statement of a block is its value");
  bindPattern(c, scope, s.pattern, v, "value");
  return diagnostics.errorCount() > before ? Value() : unit;
}

Value Analyzer::state(Context &c, Scope &scope, const syntax::Stmt &s) {
  Value v = stateValue(c, scope, s);
  if (v.isError())
    failedNames(scope, s.pattern);
  return v;
}

Value Analyzer::stateValue(Context &c, Scope &scope, const syntax::Stmt &s) {
  Value unit;
  unit.kind = Value::Unit;
  bool outside = &scope == &global, notation = !s.indices.empty();
  if (s.pattern.name.empty() || (notation && (outside || makesModel(c, *s.value))))
    return unsupported(s.place, "this form of `state`", "declare each by its name: `state n: f32[row] = …`");
  std::optional<Shape> wanted;
  if (s.hasType && !(wanted = shape(c, s.type)))
    return {};
  std::string path = c.path.empty() ? s.pattern.name : c.path + "." + s.pattern.name;
  Value v;
  if (!s.hasType && outside) {
    wanted = shapeOfFirst(c, *s.value, v);
    if (!wanted && !isModelValue(v))
      return {};
  } else if (!s.hasType) {
    v = notation ? notationValue(c, s) : expression(c, *s.value);
    if (v.isError())
      return v;
  }
  if (!s.hasType && isModelValue(v))
    return stateOfModel(c, scope, s, v, path, outside ? Slot::State : Slot::Local, c.mapped) ? unit : Value();
  Entity e;
  e.place = s.pattern.place, e.what = "state";
  if (outside) {
    e.value = makeSlots(path, Slot::State, *wanted, s.pattern.place);
    if (!initialise(c, e.value, *wanted, *s.value))
      return {};
  } else {
    if (s.hasType)
      v = declared(c, *s.value, *wanted, "state", s.pattern.name, s.type.place);
    if (v.isError())
      return v;
    e.value = eachLeaf(v, path, [&](const Value &leaf, const std::string &leafPath) -> Value {
      Expr *first = asTensor(c, leaf, s.value->place);
      if (!first)
        return {};
      Type full{first->type.element, {c.mapped.begin(), c.mapped.end()}}; // local state has all mapped axes
      for (const AxisUse &a : first->type.axes)
        if (!llvm::is_contained(full.axes, a))
          full.axes.push_back(a);
      Slot *slot = makeSlot(leafPath, Slot::Local, full, s.pattern.place);
      maskOf[slot] = c.mask;
      set(c, slot, broadcast(first, full, s.place), s.place)->declares = true;
      Value state = tensor(get(slot, s.place));
      state.slot = slot;
      return state;
    });
    if (e.value.isError())
      return {};
  }
  return declare(scope, s.pattern.name, e) ? unit : Value();
}

// Axes of what is written to a model's slot from outside, and what they are in its body; none where all are the same.
static Aliases axesInBody(const Value &target, const Type &slot) {
  Aliases pairs;
  if (target.kind == Value::Tensor && target.expr->type.axes.size() == slot.axes.size())
    for (auto [outside, inside] : llvm::zip(target.expr->type.axes, slot.axes))
      if (outside.axis != inside.axis)
        pairs.push_back({outside, inside});
  return pairs;
}

Value Analyzer::assign(Context &c, const syntax::Stmt &s) {
  Value unit;
  unit.kind = Value::Unit;
  if (!s.over.empty() || s.target->kind == syntax::Expr::Index)
    return writeAt(c, s);
  const Entity *named = s.target->kind == syntax::Expr::NameUse ? lookup(c.scope, s.target->name) : nullptr;
  Location declaredAt = named ? named->place : Location();
  bool readBefore = named && usage.isRead(declaredAt);
  Value target = expression(c, *s.target);
  if (target.isError()) {
    expression(c, *s.value);
    return target;
  }
  if (target.kind == Value::Model)
    return assignModel(c, s, target);
  std::vector<Slot *> slots;
  if (!slotsWritten(c, target, *s.target, slots))
    return {};
  // What is kept keeps its digits.
  bool kept = llvm::any_of(slots, [](const Slot *slot) { return slot->kind != Slot::Local; });
  llvm::SaveAndRestore<std::optional<Element>> digits(precision, kept ? std::nullopt : precision);
  Context inner = c; // draws get the axes of what is written
  inner.drawAxes = outerAxes(c, target);
  Value v = expression(inner, *s.value);
  if (named)
    usage.write(declaredAt, readBefore);
  if (v.isError())
    return v;
  if (s.kind == syntax::Stmt::AddAssign) {
    Expr *e = asTensor(c, v, s.value->place,
                       target.kind == Value::Tensor ? std::optional(target.expr->type.element) : std::nullopt);
    v = e ? arithmetic(c, "+", target, tensor(e), s.place, s.target->place, s.value->place) : Value();
    if (v.isError())
      return v;
  }
  std::vector<Leaf> all;
  if (!leaves(c, v, shapeOf(c, target), s.target->name.empty() ? "this" : s.target->name, "", s.value->place, all,
              true))
    return {};
  std::vector<Expr *> values;
  for (size_t k = 0; k < slots.size(); ++k) {
    Type own = typeInLayer(c, slots[k]);
    Aliases pairs = axesInBody(target, own);
    bool part = !pairs.empty() || own.axes.size() < slots[k]->type.axes.size();
    Expr *value = writable(c, slots[k], all[k].value, s.value->place,
                           !pairs.empty() ? &target.expr->type
                           : part         ? &own
                                          : nullptr);
    if (!value)
      return {};
    if (part)
      value = masked(c, slots[k],
                     withLayer(c, slots[k], pairs.empty() ? value : rename(value, pairs, s.place), s.place), s.place);
    if (slots.size() > 1) // all are computed before one is written
      value = define(c, slots[k]->path, tensor(value), s.place).expr;
    values.push_back(value);
  }
  for (size_t k = 0; k < slots.size(); ++k)
    set(c, slots[k], values[k], s.place);
  return unit;
}

// The slots of what is written: one, or of a value with fields its leaves'.
bool Analyzer::slotsWritten(Context &c, const Value &target, const syntax::Expr &e, std::vector<Slot *> &out) {
  for (const syntax::Expr *part = &e; part->kind == syntax::Expr::Member; part = part->operands[0])
    if (Value owner = expression(c, *part->operands[0]);
        owner.kind == Value::Model && !mayChange(*owner.model, e.place))
      return false;
  bool every = true;
  eachLeaf(target, "", [&](const Value &leaf, const std::string &) {
    every &= leaf.slot != nullptr;
    out.push_back(leaf.slot);
    return leaf;
  });
  if (every) {
    written.insert(out.begin(), out.end());
    return true;
  }
  auto &d =
      diagnostics.error("E0220", e.place, "only `state` and `param` can be changed by `<-`").label(describe(c, target));
  if (e.kind == syntax::Expr::NameUse)
    if (const Entity *named = lookup(c.scope, e.name))
      d.origin(named->place, fmt::format("`{}` is {}", e.name, withArticle(named->what)));
  d.help(e.kind == syntax::Expr::NameUse
             ? fmt::format("declare it `state {} = …`, or give the new value a name by `let`", e.name)
         : e.kind == syntax::Expr::Member && e.operands[0]->kind == syntax::Expr::Index
             ? fmt::format("the field stands before the index: `x.{}[…] <- …`", e.name)
             : "name a state or parameter");
  return false;
}

// A value as it can be written to a slot: of its element, with all its axes, or those of `as`, and no other.
Expr *Analyzer::writable(Context &c, Slot *slot, const Value &given, Location place, const Type *as) {
  Value v = given.kind == Value::List ? listAs(c, given, visibleType(c, as ? *as : slot->type), place) : given;
  Expr *e = asTensor(c, v, place, slot->type.element);
  if (!e)
    return nullptr;
  Type wanted = as ? *as : slot->type, found = visibleType(c, e->type);
  for (const AxisUse &a : wanted.axes)
    for (const AxisUse &b : e->type.axes)
      if (a == b && a.length != b.length) {
        diagnostics.error("E0237", place, fmt::format("`{}` and this have two lengths along `{}`", slot->path, show(a)))
            .label("another length")
            .origin(slot->location, "declared here")
            .help("declare a state with a first value of the length that it keeps");
        return nullptr;
      }
  if (!(wanted.element == found.element)) {
    diagnostics.error("E0205", place, fmt::format("`{}` is {}, and this is {}", slot->path, show(wanted), show(found)))
        .label(show(found))
        .origin(slot->location, "declared here")
        .help(fmt::format("convert it: `{}(…)`", show(Type{wanted.element, {}})));
    return nullptr;
  }
  for (const AxisUse &a : e->type.axes)
    if (std::find(wanted.axes.begin(), wanted.axes.end(), a) == wanted.axes.end()) {
      bool mapped = std::find(c.mapped.begin(), c.mapped.end(), a) != c.mapped.end();
      diagnostics
          .error(
              mapped ? "E0221" : "E0204", place,
              mapped
                  ? fmt::format(
                        "`{}` lives outside this body, and the value varies along `{}`, over which the body is mapped",
                        slot->path, show(a))
                  : fmt::format("{} is {}, and this has the axis `{}` besides",
                                as ? fmt::format("what is written to `{}` here", slot->path)
                                   : fmt::format("`{}`", slot->path),
                                show(as ? visibleType(c, wanted) : wanted), show(a)))
          .label(show(found))
          .origin(slot->location, "declared here")
          .help(mapped ? "reduce it to one value first" : "reduce over that axis");
      return nullptr;
    }
  e = broadcast(e, wanted, place);
  return as ? e : masked(c, slot, e, place);
}

} // namespace burin::sema
