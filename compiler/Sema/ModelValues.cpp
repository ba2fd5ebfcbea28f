// Models as values: copies, arithmetic leaf by leaf, ensembles, whole writes. A copy is an instance of its own: the
// same members, with slots of its own; so whatever a model can do its copy can, and nothing after Sema knows of models.
#include "compiler/Sema/Prepared.h"
#include <fmt/format.h>

namespace burin::sema {

// Axes that every slot of a model has besides those its declaration gives it stand first in the slots' types.
static Type ownType(const ModelInstance &m, const Slot &slot) {
  Type own{slot.type.element, {}};
  for (const AxisUse &a : slot.type.axes)
    if (!llvm::is_contained(m.extra, a))
      own.axes.push_back(a);
  return own;
}

void Analyzer::leavesOf(const ModelInstance &m, const std::string &prefix, bool kept,
                        std::vector<ModelLeaf> &out) const {
  for (auto &[name, member] : m.members) {
    std::string path = prefix.empty() ? name : prefix + "." + name;
    if (member.kind == Value::Model)
      leavesOf(*member.model, path, kept || member.model->kept, out);
    else
      eachLeaf(member, path, [&](const Value &leaf, const std::string &leafPath) {
        if (leaf.slot)
          out.push_back({leafPath, leaf.slot, &m, leaf.slot->parameter && !kept});
        return leaf;
      });
  }
}

// The same with axes in front of each leaf's own.
void Analyzer::withAxes(Shape &shape, const std::vector<AxisUse> &axes) {
  if (axes.empty())
    return;
  shape.leaf.axes.insert(shape.leaf.axes.begin(), axes.begin(), axes.end());
  if (!shape.isTensor)
    shape.axes.insert(shape.axes.begin(), axes.begin(), axes.end());
  for (NamedShape &field : shape.fields)
    withAxes(field.second, axes);
}

std::vector<ModelLeaf> Analyzer::leavesOf(const ModelInstance &m) const {
  std::vector<ModelLeaf> out;
  leavesOf(m, "", false, out);
  return out;
}

bool Analyzer::isWithin(const ModelInstance &m, const ModelInstance &outer) {
  return &m == &outer || llvm::any_of(outer.members, [&](auto &member) {
    return member.second.kind == Value::Model && isWithin(m, *member.second.model);
  });
}

// The model itself or what it was copied from lies in something that is trained around here.
bool Analyzer::isTrained(const Context &c, const ModelInstance &m) {
  for (const ModelInstance *one = &m; one; one = one->origin)
    for (const ModelInstance *over : c.over)
      if (isWithin(*one, *over))
        return true;
  return false;
}

// A parameter or state has one slot, or one for each field.
static void slotsIn(const Value &v, std::vector<Slot *> &out) {
  if (v.slot)
    out.push_back(v.slot);
  for (auto &[name, field] : v.fields)
    slotsIn(field, out);
}

// Whether two instances have the same members with equal types; `pairs` gets the axes of `b` that are other ones in
// `a`.
bool Analyzer::sameKind(const ModelInstance &a, const ModelInstance &b, Aliases &pairs) const {
  if (a.item != b.item || a.members.size() != b.members.size())
    return false;
  for (size_t k = 0; k < a.members.size(); ++k) {
    const Value &x = a.members[k].second, &y = b.members[k].second;
    if (x.kind == Value::Model && (y.kind != Value::Model || !sameKind(*x.model, *y.model, pairs)))
      return false;
    std::vector<Slot *> inA, inB;
    slotsIn(x, inA), slotsIn(y, inB);
    if (inA.size() != inB.size())
      return false;
    for (size_t n = 0; n < inA.size(); ++n) {
      Type tx = ownType(a, *inA[n]), ty = ownType(b, *inB[n]);
      if (!(tx.element == ty.element) || tx.axes.size() != ty.axes.size())
        return false;
      for (size_t i = 0; i < tx.axes.size(); ++i) {
        if (!(outsideOf(a.aliases, tx.axes[i]) == outsideOf(b.aliases, ty.axes[i])))
          return false;
        if (!(tx.axes[i] == ty.axes[i]))
          pairs.push_back({ty.axes[i], tx.axes[i]});
      }
    }
  }
  return true;
}

// What a model's parameters hold now. Of another value: none.
std::optional<Value> Analyzer::asLeaves(const Value &v, Location place) {
  if (v.kind == Value::Computed || v.kind == Value::Gradient)
    return v;
  if (v.kind != Value::Model)
    return std::nullopt;
  Value out;
  out.kind = Value::Computed, out.model = v.model;
  for (const ModelLeaf &leaf : leavesOf(*v.model))
    if (leaf.trained)
      out.slots.push_back(leaf.slot), out.leaves.push_back(get(leaf.slot, place));
  return out;
}

Value Analyzer::differentKinds(Context &c, const Value &a, const Value &b, Location place) {
  bool gradients = a.kind == Value::Gradient && b.kind == Value::Gradient;
  return error("E0204", place,
               gradients ? "these are gradients of different models" : "these are models of different kinds",
               a.model && b.model ? fmt::format("`{}` and `{}`", a.model->item->name, b.model->item->name)
                                  : fmt::format("{} and {}", describe(c, a), describe(c, b)),
               gradients ? "gradients are combined leaf by leaf"
                         : "models are combined leaf by leaf: both are made by one declaration, with the same axes");
}

// `0.995 * target + 0.005 * net`, `net - rate * grad(over: net) { … }`: a model with a model of its kind, or a number.
Value Analyzer::modelArithmetic(Context &c, const std::string &op, const Value &a, const Value &b, Location place,
                                Location placeA, Location placeB) {
  if (op != "+" && op != "-" && op != "*" && op != "/")
    return error("E0205", place, fmt::format("`{}` does not take models or gradients", op),
                 fmt::format("{} and {}", describe(c, a), describe(c, b)),
                 "`+ - * /` combine them leaf by leaf; parameters are compared one by one");
  std::optional<Value> x = asLeaves(a, placeA), y = asLeaves(b, placeB);
  Aliases pairs;
  if (x && y && x->model && y->model ? !sameKind(*x->model, *y->model, pairs) : x && y && x->slots != y->slots)
    return differentKinds(c, a, b, place);
  Value out = x && (!y || x->kind == Value::Computed) ? *x : *y;
  out.kind = (x && x->kind == Value::Computed) || (y && y->kind == Value::Computed) ? Value::Computed : Value::Gradient;
  bool otherAxes = x && out.model != x->model; // of a gradient and a model, the model's
  for (size_t k = 0; k < out.leaves.size(); ++k) {
    Value left = x ? tensor(x->leaves[k]) : a, right = y ? tensor(y->leaves[k]) : b;
    if (!pairs.empty() && x && y) {
      Value &moved = otherAxes ? left : right;
      Aliases there;
      for (auto &[from, to] : pairs)
        there.push_back(otherAxes ? std::make_pair(to, from) : std::make_pair(from, to));
      moved.expr = rename(moved.expr, there, place);
    }
    const Value &number = x ? right : left;
    if (!(x && y) && number.kind == Value::Tensor)
      for (const AxisUse &axis : visible(c, number.expr->type))
        if (!llvm::is_contained(out.leaves[k]->type.axes, axis) ||
            (out.model && !llvm::is_contained(out.model->extra, axis)))
          return error(
              "E0270", x ? placeB : placeA,
              fmt::format("a model is combined with a model or a number, and this has the axis `{}`", show(axis)),
              describe(c, number), "name the parameter that is meant: `model.w`");
    Value r = arithmetic(c, op, left, right, place, placeA, placeB);
    if (r.isError())
      return r;
    out.leaves[k] = r.expr;
  }
  return out;
}

// `mean(g, over: batch)`: over axes that every parameter has besides its own.
Value Analyzer::reduceModel(Context &c, const std::string &name, const Value &v, const std::optional<Axes> &over,
                            Location place) {
  Value out = *asLeaves(v, place);
  for (size_t k = 0; k < out.leaves.size(); ++k) {
    bool besides = over && !over->empty();
    for (const AxisUse &a : over ? *over : Axes())
      besides &= llvm::is_contained(out.leaves[k]->type.axes, a) &&
                 (!llvm::is_contained(out.slots[k]->type.axes, a) || llvm::is_contained(out.model->extra, a));
    if (!besides)
      return error(
          "E0277", place,
          fmt::format("`{}` reduces a model or gradient over axes that it has besides those of its parameters", name),
          describe(c, v), "say which: `mean(g, over: batch)`; `norm(g)` is of all parameters together");
    Value reduced = reduction(c, name, {{"", tensor(out.leaves[k]), place}}, over, place);
    if (reduced.isError())
      return reduced;
    out.leaves[k] = reduced.expr;
  }
  return out;
}

// What a call of a function sees of the learning around it: added to its instance's key. A model's own `training` is
// what `over` names.
std::string Analyzer::learningKey(Context &c, const FunctionValue &f, const Prepared &p) const {
  if (f.model && f.model->item->kind == syntax::Item::Model)
    c.training = isTrained(c, *f.model);
  if (f.scope == &library && p.constants.empty()) // nothing of the program is in reach
    c.over.clear(), c.lanes.reset();
  std::string key = fmt::format("/{}", c.training);
  for (const ModelInstance *over : c.over)
    key += fmt::format("^{}", fmt::ptr(over));
  return c.lanes ? key + fmt::format("~{}", fmt::ptr(c.lanes.get())) : key;
}

Value Analyzer::negated(const Value &v, Location place) {
  Value out = *asLeaves(v, place);
  for (Expr *&leaf : out.leaves)
    leaf = pointwise("neg", leaf->type.element, {leaf}, place);
  return out;
}

// A member of what was computed: `g.inner.w`, `(a - b).head`.
Value Analyzer::memberOfLeaves(const Value &v, const std::string &name, Location place) {
  for (auto &[known, member] : v.model->members) {
    if (known != name)
      continue;
    if (member.kind != Value::Model) {
      for (size_t k = 0; k < v.slots.size(); ++k)
        if (v.slots[k] == member.slot)
          return tensor(aliasesOutside(v.model->aliases, v.leaves[k], place));
      return member.kind == Value::Tensor && v.kind == Value::Gradient ? Value() : member;
    }
    Value part;
    part.kind = v.kind, part.model = member.model;
    for (const ModelLeaf &leaf : leavesOf(*member.model))
      for (size_t k = 0; k < v.slots.size(); ++k)
        if (v.slots[k] == leaf.slot)
          part.slots.push_back(leaf.slot), part.leaves.push_back(v.leaves[k]);
    return part;
  }
  return {};
}

// The same members, each slot by what `made` gives for it.
ModelInstance *Analyzer::clone(const ModelInstance &m, const std::string &path, const std::vector<AxisUse> &extra,
                               const std::map<const Slot *, Slot *> &made,
                               std::map<const ModelInstance *, ModelInstance *> &known) {
  if (auto found = known.find(&m); found != known.end())
    return found->second;
  auto owned = std::make_shared<ModelInstance>();
  ModelInstance *n = known[&m] = owned.get();
  models.push_back(owned);
  n->item = m.item, n->path = path, n->aliases = m.aliases, n->made = m.made, n->extra = extra, n->origin = &m;
  n->kept = m.kept, n->repeats = m.repeats, n->stack = m.stack;
  n->scope = std::make_unique<Scope>();
  n->scope->parent = m.scope->parent;
  auto moved = [&](const std::string &name, const Value &given) {
    Value v = given;
    if (v.kind == Value::Model) { // one that is no member was given to the model, and stays what it is
      bool member = llvm::any_of(m.members, [&](auto &p) { return p.second.model == v.model; });
      if (member)
        v.model = clone(*v.model, path + "." + name, extra, made, known);
      return v;
    }
    return eachLeaf(v, "", [&](const Value &leaf, const std::string &) {
      Value other = leaf;
      if (auto found = leaf.slot ? made.find(leaf.slot) : made.end(); found != made.end()) {
        other.slot = found->second;
        other.expr = get(other.slot, leaf.expr->location);
      }
      return other;
    });
  };
  for (auto &[name, member] : m.members)
    n->members.push_back({name, moved(name, member)});
  for (auto &[name, entity] : m.scope->names) {
    Entity e = entity;
    if (e.kind == Entity::Value)
      e.value = moved(name, e.value);
    if (e.value.kind == Value::Function && e.value.function.model)
      if (auto found = known.find(e.value.function.model); found != known.end())
        e.value.function.model = found->second, e.value.function.scope = found->second->scope.get();
    n->scope->names[name] = std::move(e);
  }
  return n;
}

// What models with axes of their own bring, the function's and those that it is given: they count as arguments.
void Analyzer::addExtra(const FunctionValue &f, const std::vector<const Argument *> &given, std::vector<AxisUse> &out) {
  auto add = [&](const ModelInstance *m) {
    for (const AxisUse &a : m ? m->extra : std::vector<AxisUse>())
      if (!llvm::is_contained(out, a))
        out.push_back(a);
  };
  add(f.model);
  for (const Argument *a : given)
    if (a && (a->value.kind == Value::Model || a->value.kind == Value::Function))
      add(a->value.kind == Value::Model ? a->value.model : a->value.function.model);
}

// A parameter may name a model's declaration as its type.
const Entity *Analyzer::modelAsked(const FunctionValue &f, const syntax::Parameter &p) const {
  if (!p.hasType || p.type.kind != syntax::TypeRef::Tensor || p.type.path.size() != 1 || !p.type.axes.empty())
    return nullptr;
  const Entity *type = lookup(f.scope, p.type.path[0].text);
  return type && type->kind == Entity::Value && type->value.kind == Value::ModelType ? type : nullptr;
}

// Whether an argument is the model that its parameter asks for; a model where a value is asked for is none.
bool Analyzer::isOfKind(Context &c, const FunctionValue &f, const syntax::Parameter &p, const Value &v, Location place,
                        const std::string &name) {
  const Entity *type = modelAsked(f, p);
  if (type)
    usage.read(type->place);
  bool any = !p.hasType || p.type.kind != syntax::TypeRef::Tensor;
  if (v.kind == Value::Model ? any || (type && type->value.function.item == v.model->item) : !type)
    return true;
  diagnostics
      .error("E0206", place,
             type ? fmt::format("`{}` of `{}` is a model `{}`", p.name, name, type->value.function.item->name)
                  : fmt::format("`{}` of `{}` is no model", p.name, name))
      .label(v.kind == Value::Model ? fmt::format("a model `{}`", v.model->item->name) : describe(c, v))
      .origin(p.type.place, "declared here")
      .help("give what its type says; a parameter without a type takes any model");
  return false;
}

// Whether a body of one layer of a `repeat` speaks of a model of its stack, whose slots hold all layers.
bool Analyzer::isOfLayer(const Context &c, const ModelInstance &m) const {
  return !c.layers.empty() &&
         llvm::any_of(leavesOf(m), [&](const ModelLeaf &leaf) { return stackOf.count(leaf.slot) > 0; });
}

// An instance that holds what `v` holds now. `extra`: axes that its slots get in any case.
Value Analyzer::copy(Context &c, const Value &v, const std::string &path, Slot::Kind kind, std::vector<AxisUse> extra,
                     Location place) {
  const ModelInstance &from = *v.model;
  if (isOfLayer(c, from))
    return unsupported(place, "a model of a repeated layer as a value",
                       "take the whole of the repeated model, outside of its layers");
  std::optional<Value> trained = asLeaves(v, place);
  std::vector<std::pair<ModelLeaf, Expr *>> given;
  size_t next = 0;
  for (const ModelLeaf &leaf : leavesOf(from)) {
    Expr *value;
    if (leaf.trained) {
      value = trained->leaves[next++];
    } else {
      value = get(leaf.slot, place);
    }
    given.push_back({leaf, value});
    Type own = ownType(*leaf.owner, *leaf.slot);
    for (const AxisUse &a : value->type.axes)
      if (!llvm::is_contained(own.axes, a) && !llvm::is_contained(extra, a))
        extra.push_back(a);
  }
  std::map<const Slot *, Slot *> made;
  std::vector<std::pair<Slot *, Expr *>> values;
  for (auto &[leaf, value] : given) {
    Type own = ownType(*leaf.owner, *leaf.slot);
    Type full{own.element, {extra.begin(), extra.end()}};
    full.axes.append(own.axes.begin(), own.axes.end());
    Slot *slot = makeSlot(path + "." + leaf.name, kind, full, leaf.slot->location);
    slot->parameter = leaf.slot->parameter;
    if (auto stack = stackOf.find(leaf.slot); stack != stackOf.end())
      stackOf[slot] = stack->second;
    made[leaf.slot] = slot;
    value = broadcast(value, full, place);
    values.push_back({slot, value});
    if (kind == Slot::State)
      program.initials.push_back({slot->path, slot->location, {slot}, {}, {value}});
    else // each value is taken before any slot is set
      values.back().second = define(c, slot->path, tensor(value), place).expr;
  }
  if (kind == Slot::Local)
    for (auto &[slot, value] : values)
      set(c, slot, value, place)->declares = true;
  std::map<const ModelInstance *, ModelInstance *> known;
  Value out;
  out.kind = Value::Model, out.model = clone(from, path, extra, made, known);
  out.model->made = place;
  return out;
}

// A model where it is computed with: what a `let`, an argument or a call makes of it.
Value Analyzer::madeModel(Context &c, const Value &v, const std::string &path, Location place) {
  Value out = copy(c, v, path, Slot::Local, {}, place);
  if (!out.isError())
    out.model->fixed = true;
  return out;
}

// `let old = net` is what net holds now; `let net = Net()` is the instance, which has just been made.
bool Analyzer::isMadeHere(const Value &v, Location place) {
  return v.kind == Value::Model && v.model->made.file == place.file && v.model->made.offset == place.offset &&
         v.model->made.length == place.length;
}

// Whether an expression's form says that it is a model: a call of a declaration, `repeat`, or a model's name.
bool Analyzer::makesModel(const Context &c, const syntax::Expr &e) const {
  if (e.kind == syntax::Expr::Repeat)
    return true;
  const syntax::Expr *name = &e;
  if (name->kind == syntax::Expr::Call)
    name = name->operands[0];
  if (name->kind == syntax::Expr::Index)
    name = name->operands[0];
  const Entity *found = name->kind == syntax::Expr::NameUse ? lookup(c.scope, name->name) : nullptr;
  return found && found->kind == Entity::Value &&
         found->value.kind == (e.kind == syntax::Expr::Call ? Value::ModelType : Value::Model);
}

// `state target = net`: an instance of its own, which is not trained with what it is a member of.
const Value *Analyzer::stateOfModel(Context &c, Scope &scope, const syntax::Stmt &s, const Value &given,
                                    const std::string &path, Slot::Kind kind, const std::vector<AxisUse> &extra) {
  if (isMadeHere(given, s.value->place))
    return error("E0271", s.value->place, "a `state` copies a model, and this makes an instance", "made here",
                 fmt::format("make it by `let`, and copy that: `let net = …`, then `state {} = net`", s.pattern.name)),
           nullptr;
  Entity e;
  e.value = copy(c, given, path, kind, extra, s.pattern.place);
  if (e.value.isError())
    return nullptr;
  e.value.model->kept = true;
  e.place = s.pattern.place, e.what = "state";
  return declare(scope, s.pattern.name, e) ? &scope.names[s.pattern.name].value : nullptr;
}

// `let nets[k: fold] = Net()`: every parameter once for each fold, drawn for itself.
Value Analyzer::ensemble(Context &c, const syntax::Stmt &s, const std::string &path) {
  Context inner = c;
  Scope scope;
  scope.parent = c.scope;
  inner.scope = &scope;
  std::vector<AxisUse> axes;
  for (const syntax::Entry &entry : s.indices) {
    const syntax::Expr &said = *entry.value;
    std::optional<AxisUse> use = axisOf(c, said);
    if (!use)
      return {};
    if (llvm::is_contained(axes, *use))
      return error("E0204", said.place, fmt::format("an ensemble has the axis `{}` twice", show(*use)), "again",
                   "name another axis");
    axes.push_back(*use);
    if (!entry.name.empty())
      scope.names[entry.name] = failed(entry.namePlace);
  }
  inner.instances.insert(inner.instances.end(), axes.begin(), axes.end());
  Value v = named(inner, *s.value, path);
  if (v.isError() || isMadeHere(v, s.value->place))
    return v;
  return copy(c, v, path, Slot::Local, axes, s.place);
}

// What a `let` made stays as it is, and so do its parts.
bool Analyzer::mayChange(const ModelInstance &m, Location place) {
  if (!m.fixed)
    return true;
  diagnostics.error("E0220", place, "only `state` and `param` can be changed by `<-`")
      .label("a model that a `let` made")
      .origin(m.made, "made here")
      .help(fmt::format("declare it by `state`: `state {} = …`", m.path.substr(m.path.rfind('.') + 1)));
  return false;
}

// `target <- 0.995 * target + 0.005 * net`: all values are taken before any is set.
Value Analyzer::assignModel(Context &c, const syntax::Stmt &s, const Value &target) {
  Value unit;
  unit.kind = Value::Unit;
  if (c.mask) {
    diagnostics.error("E0255", s.place, "this can't be done for some elements only")
        .label("changes all of a model")
        .origin(c.mask->place, "under a condition with axes")
        .help("reduce the condition to one bool, for example `any(…)`, or do this outside");
    return {};
  }
  if (isOfLayer(c, *target.model))
    return unsupported(s.place, "a write to a whole model of a repeated layer",
                       "write to its parameters, or to the whole of the repeated model from outside");
  if (!mayChange(*target.model, s.target->place))
    return {};
  Value v = expression(c, *s.value);
  if (v.isError())
    return v;
  if (s.kind == syntax::Stmt::AddAssign)
    v = modelArithmetic(c, "+", target, v, s.place, s.target->place, s.value->place);
  if (v.isError())
    return v;
  if (v.kind != Value::Model && v.kind != Value::Computed && v.kind != Value::Gradient)
    return error("E0206", s.value->place, "a model is changed to another model of its kind", describe(c, v),
                 "name a parameter to change it alone: `model.w <- …`");
  Aliases pairs;
  if (!v.model || !sameKind(*target.model, *v.model, pairs))
    return differentKinds(c, target, v, s.place);
  std::vector<std::pair<Slot *, Expr *>> values;
  std::vector<ModelLeaf> to = leavesOf(*target.model), from = leavesOf(*v.model);
  std::optional<Value> trained = asLeaves(v, s.value->place);
  size_t next = 0;
  for (size_t k = 0; k < to.size(); ++k) {
    Expr *value;
    if (from[k].trained) {
      value = trained->leaves[next++];
    } else if (v.model == target.model || v.kind == Value::Gradient) {
      continue; // what is not trained stays
    } else {
      value = get(from[k].slot, s.value->place);
    }
    value = rename(value, pairs, s.value->place);
    value = writable(c, to[k].slot, tensor(value), s.value->place);
    if (!value)
      return {};
    Value now = define(c, to[k].slot->path, tensor(value), s.place);
    values.push_back({to[k].slot, now.expr});
  }
  for (auto &[slot, value] : values) {
    set(c, slot, value, s.place);
    written.insert(slot);
  }
  return unit;
}

} // namespace burin::sema
