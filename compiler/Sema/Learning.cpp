// Gradients and updates: rules 25 to 28.
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

// The parameters of a model or a part of one, in order of declaration.
void Analyzer::slotsOf(const Value &v, std::vector<const Slot *> &out) const {
  if (v.kind == Value::Model)
    for (auto &[name, member] : v.model->members)
      slotsOf(member, out);
  else if (v.slot && v.slot->kind == Slot::Parameter)
    out.push_back(v.slot);
}

// What a block reads: slots, through calls, and variables from outside.
void Analyzer::readSlots(const Block &body, Expr *value, std::set<const Slot *> &out,
                         std::set<const Variable *> &used) const {
  std::set<const Expr *> seen;
  std::set<const sema::Function *> called;
  std::function<void(const Expr *)> visit = [&](const Expr *e) {
    if (!e || !seen.insert(e).second)
      return;
    if (e->kind == Expr::Get)
      out.insert(e->slot);
    if (e->kind == Expr::Use)
      used.insert(e->variable);
    for (const Expr *o : e->operands)
      visit(o);
  };
  std::function<void(const Block &)> walk = [&](const Block &b) {
    for (const Stmt *s : b) {
      visit(s->value);
      for (const Expr *a : s->arguments)
        visit(a);
      walk(s->body);
      if (s->callee && called.insert(s->callee).second) {
        walk(s->callee->body);
        for (const Expr *r : s->callee->results)
          visit(r);
      }
    }
  };
  walk(body);
  visit(value);
}

// Rule 26: every parameter named by `over` reaches the loss; else the `let` that cut it is named, if one did.
void Analyzer::checkReach(const Stmt &grad, const Block &, Location place) {
  std::set<const Slot *> read;
  std::set<const Variable *> used;
  readSlots(grad.body, grad.value, read, used);
  for (const Slot *slot : grad.slots) {
    if (read.count(slot))
      continue;
    auto &d =
        diagnostics
            .error("E0301", place, fmt::format("the loss does not depend on `{}`, which is to be trained", slot->path))
            .label("in this block")
            .origin(slot->location, "declared here");
    bool cut = false;
    for (const Variable *v : used)
      if (auto found = definitions.find(v); !cut && found != definitions.end() && found->second.second.count(slot)) {
        d.origin(found->second.first, "computed outside the block, so it is a constant in it");
        cut = true;
      }
    d.help(cut ? "move that `let` into the block" : "use it in the loss, or train only a part: `over net.part`");
    return;
  }
}

Value Analyzer::gradOverModel(Context &c, const Value &over, const syntax::Block &body, Location place, Value *loss) {
  Value g;
  g.kind = Value::Gradient;
  slotsOf(over, g.slots);
  if (over.kind != Value::Model && !(over.slot && over.slot->kind == Slot::Parameter))
    return error("E0302", place, "only models, or parts of them, are trained", describe(c, over),
                 "name a model after `over`");
  if (g.slots.empty())
    return error("E0302", place, "this model has no parameters to train", "here",
                 "name a model with `param`s after `over`");
  Stmt *s = statement(c, Stmt::Grad, place);
  s->slots = g.slots;
  Context inner = c;
  inner.block = &s->body, inner.training = true;
  Value v = block(inner, body);
  if (v.isError())
    return v;
  Location end = body.empty() ? place : body.back()->place;
  Expr *e = v.kind == Value::Unit ? nullptr : asTensor(c, v, end);
  if (!e || !visible(c, e->type).empty() || !e->type.element.isFloat()) {
    if (v.kind == Value::Unit || e)
      error("E0303", end, "the loss is one float", describe(c, v), "end the block with it, for example `mean(…)`");
    return {};
  }
  s->value = e;
  checkReach(*s, *c.block, place);
  const Variable *value = variable("loss", e->type, end);
  s->variables.push_back(value);
  for (const Slot *slot : g.slots) {
    const Variable *leaf = variable("d." + slot->path, slot->type, place);
    s->variables.push_back(leaf);
    Expr *use = node(Expr::Use, leaf->type, place);
    use->variable = leaf;
    g.leaves.push_back(use);
  }
  if (loss) {
    Expr *use = node(Expr::Use, value->type, place);
    use->variable = value;
    *loss = tensor(use);
  }
  return g;
}

// grad(e, over: x), which is grad(over: x) { e } with one name for `x` and no `let`s.
Value Analyzer::gradOfExpression(Context &c, const syntax::Expr &e) {
  const syntax::Expr *what = nullptr, *over = nullptr;
  for (auto &entry : e.entries)
    (entry.name == "over" ? over : what) = entry.value;
  if (!what || !over || e.entries.size() != 2)
    return error("E0303", e.place, "`grad` takes an expression and `over:`", "here",
                 "write `grad(f(x), over: x)` or `grad(over: model) { … }`");
  syntax::Stmt last;
  last.kind = syntax::Stmt::Expression, last.place = what->place, last.value = const_cast<syntax::Expr *>(what);
  return gradient(c, *over, {&last}, e.place);
}

Value Analyzer::gradient(Context &c, const syntax::Expr &over, const syntax::Block &body, Location place) {
  Value x = expression(c, over);
  if (x.isError())
    return x;
  if (x.kind != Value::Model && !(x.slot && x.slot->kind == Slot::Parameter))
    return gradOverValue(c, over, x, body, place);
  Value g = gradOverModel(c, x, body, place, nullptr);
  return g.kind == Value::Gradient && x.slot ? tensor(g.leaves[0]) : g;
}

// `x` is known in the block as what is differentiated.
Value Analyzer::gradOverValue(Context &c, const syntax::Expr &over, const Value &x, const syntax::Block &body,
                              Location place) {
  if (over.kind != syntax::Expr::NameUse || x.kind != Value::Tensor || !x.expr->type.element.isFloat())
    return error("E0302", over.place, "`over:` names a model, a parameter, or a value of floats", describe(c, x),
                 "give the value a name by `let`");
  Stmt *s = statement(c, Stmt::Grad, place);
  const Variable *inside = variable(over.name, x.expr->type, over.place);
  s->arguments = {x.expr};
  s->inner = {inside};
  Scope scope;
  scope.parent = c.scope;
  Entity entity;
  Expr *use = node(Expr::Use, inside->type, over.place);
  use->variable = inside;
  entity.value = tensor(use), entity.value.variable = inside, entity.place = over.place;
  scope.names[over.name] = entity;
  Context inner = c;
  inner.scope = &scope, inner.block = &s->body;
  Value v = block(inner, body);
  if (v.isError())
    return v;
  Location end = body.empty() ? place : body.back()->place;
  Expr *loss = v.kind == Value::Unit ? nullptr : asTensor(c, v, end);
  if (!loss && v.kind != Value::Unit)
    return {};
  // Lanes of mapped axes are seeded each; visible axes would sum unrelated losses.
  if (!loss || !visible(c, loss->type).empty() || !loss->type.element.isFloat())
    return error("E0303", end, "what is differentiated is one float", describe(c, v),
                 "reduce it, for example `sum(…)`");
  s->value = loss;
  const Variable *value = variable("value", loss->type, place),
                 *gradient = variable("d." + over.name, inside->type, place);
  s->variables = {value, gradient};
  Expr *result = node(Expr::Use, gradient->type, place);
  result->variable = gradient;
  return tensor(result);
}

Value Analyzer::minimize(Context &c, const syntax::Expr &e) {
  Value over = expression(c, *e.operands[0]), with = expression(c, *e.operands[1]);
  if (over.isError() || with.isError())
    return {};
  if (with.kind != Value::Optimizer)
    return error("E0304", e.operands[1]->place, "`with` names an optimiser", describe(c, with),
                 "declare one: `let opt = Adam(lr: 1e-3)`");
  Value loss;
  Value g = gradOverModel(c, over, e.body, e.place, &loss);
  if (g.isError() || apply(c, over, g, with, e.place).isError())
    return {};
  return loss;
}

Value Analyzer::update(Context &c, const syntax::Stmt &s) {
  Value target = expression(c, *s.target), gradient = expression(c, *s.value), with = expression(c, *s.second);
  if (target.isError() || gradient.isError() || with.isError())
    return {};
  if (with.kind != Value::Optimizer)
    return error("E0304", s.second->place, "`with` names an optimiser", describe(c, with),
                 "declare one: `let opt = Adam(lr: 1e-3)`");
  std::vector<const Slot *> slots;
  slotsOf(target, slots);
  if (gradient.kind != Value::Gradient || gradient.slots != slots)
    return error("E0305", s.value->place, "this is no gradient of what is updated", describe(c, gradient),
                 "take it by `grad(over: …) { … }` of the same model");
  return apply(c, target, gradient, with, s.place);
}

// new = opt(p, g) for every parameter, then all are set at once.
Value Analyzer::apply(Context &c, const Value &model, const Value &gradient, const Value &with, Location place) {
  OptimizerInstance &o = *with.optimizer;
  const syntax::Item *step = nullptr;
  for (const syntax::Stmt *s : o.item->body)
    if (s->kind == syntax::Stmt::Function && s->item->name.empty())
      step = s->item;
  if (!step || step->parameters.size() != 2)
    return error("E0304", o.item->namePlace, "an optimiser has a function of a parameter and its gradient", "here",
                 "write `fn (p, g) { … }`");
  std::vector<std::pair<const Slot *, Expr *>> updates;
  for (size_t k = 0; k < gradient.slots.size(); ++k) {
    const Slot *slot = gradient.slots[k];
    auto model = std::make_shared<ModelInstance>(); // its states: one each per optimiser and parameter
    auto &states = optimiserStates[slot];
    std::map<std::string, Slot *> *known = nullptr;
    for (auto &[instance, map] : states)
      if (instance == &o)
        known = &map;
    model->item = o.item, model->path = fmt::format("{}@{}", o.path, slot->path);
    model->scope = std::make_unique<Scope>();
    model->scope->parent = o.scope;
    models.push_back(model);
    for (auto &[name, v] : o.arguments) {
      Entity e;
      e.value = v, e.place = o.item->namePlace, e.what = "argument";
      for (auto &p : o.item->parameters) // a typed number is a value of its type
        if (p.name == name && p.hasType && p.type.path.size() == 1 && p.type.path[0].text == "f32" &&
            v.kind == Value::Literal)
          e.value = tensor(constant({Element::F32, nullptr}, v.number, place));
      model->scope->names[name] = e;
    }
    Entity param;
    param.value.kind = Value::Tensor;
    param.value.slot = const_cast<Slot *>(slot);
    param.value.expr = node(Expr::Get, slot->type, place);
    param.value.expr->slot = slot;
    model->scope->names["param"] = param;
    bool first = !known;
    if (first)
      known = &states.emplace_back(&o, std::map<std::string, Slot *>()).second;
    for (const syntax::Stmt *s : o.item->body) {
      if (s->kind != syntax::Stmt::State)
        continue;
      if (first) {
        Context init;
        init.scope = model->scope.get(), init.path = model->path;
        Type type;
        if (s->hasType) {
          auto t = this->type(init, s->type);
          if (!t)
            return {};
          type = *t;
        } else {
          type = slot->type;
        }
        Slot *made = makeSlot(fmt::format("{}.{}@{}", o.path, s->pattern.name, slot->path), Slot::Optimiser, type,
                              s->pattern.place);
        if (!initialise(init, made, *s->value))
          return {};
        (*known)[s->pattern.name] = made;
      }
      Slot *mine = (*known)[s->pattern.name];
      Entity e;
      e.value.kind = Value::Tensor, e.value.slot = mine, e.value.expr = node(Expr::Get, mine->type, place),
      e.place = s->pattern.place, e.what = "state";
      e.value.expr->slot = mine;
      model->scope->names[s->pattern.name] = e;
    }
    FunctionValue f{step, model->scope.get(), model.get(), {}};
    Expr *p = node(Expr::Get, slot->type, place);
    p->slot = slot;
    Value result =
        callFunction(c, f, {{"", tensor(p), place}, {"", tensor(gradient.leaves[k]), place}}, std::nullopt, place);
    if (result.isError())
      return result;
    if (result.kind != Value::Tensor || visible(c, result.expr->type).size() != slot->type.axes.size())
      return error("E0304", step->place,
                   fmt::format("the optimiser `{}` gives {} for a parameter of {}", o.item->name, describe(c, result),
                               show(slot->type)),
                   "here", "its function gives the parameter's new value");
    updates.push_back({slot, broadcast(result.expr, slot->type, place)});
  }
  for (auto &[slot, value] : updates) {
    Stmt *set = statement(c, Stmt::Set, place);
    set->slot = slot, set->value = value;
  }
  Value unit;
  unit.kind = Value::Unit;
  return unit;
}

} // namespace burin::sema
