// Instances of functions: mapping (rules 16 to 18), the body, the call.
#include "compiler/Sema/Prepared.h"
#include <deque>
#include <fmt/format.h>

namespace burin::sema {

bool Analyzer::mentionsDraw(const syntax::Item *item, const Scope *scope) {
  auto [memo, fresh] = drawing.try_emplace(item, 0);
  if (!fresh)
    return memo->second == 1;
  std::set<std::string> names;
  namesIn(*item, names);
  bool draws = names.count("random") > 0 || names.count("shuffle") > 0;
  for (const std::string &n : names)
    if (const Entity *e = lookup(scope, n); e && e->kind == Entity::Value && e->value.kind == Value::Function &&
                                            e->value.function.item && e->value.function.item != item)
      draws |= mentionsDraw(e->value.function.item, e->value.function.scope);
  drawing[item] = draws;
  return draws;
}

// What `float` stands for: the element of the first argument that is asked for as one.
static std::optional<Element> realIn(const syntax::TypeRef &t, const Value &v) {
  if (t.kind == syntax::TypeRef::Tensor && t.path[0].text == "float" && v.kind == Value::Tensor)
    return v.expr->type.element.isFloat() ? std::optional(v.expr->type.element) : std::nullopt;
  for (size_t k = 0; t.kind == syntax::TypeRef::Tuple && k < t.fieldTypes.size() && k < v.fields.size(); ++k)
    if (auto real = realIn(t.fieldTypes[k], v.fields[k].second))
      return real;
  return std::nullopt;
}
Element Analyzer::realOf(const FunctionValue &f, llvm::ArrayRef<const Argument *> given) {
  for (size_t k = 0; k < given.size(); ++k)
    if (f.item->parameters[k].hasType && given[k])
      if (auto real = realIn(f.item->parameters[k].type, given[k]->value))
        return *real;
  return {Element::F32, nullptr};
}

// Rule 24 where arguments meet: an argument that is drawn has all axes that are mapped.
bool Analyzer::drawsAlong(Context &c, const Prepared &p, llvm::ArrayRef<AxisUse> extra, const std::string &name) {
  for (size_t k = 0; k < p.operands.size(); ++k)
    for (const AxisUse &a : extra) {
      const Type &t = p.operands[k].expr->type;
      bool has = std::find(t.axes.begin(), t.axes.end(), a) != t.axes.end() ||
                 std::find(c.mapped.begin(), c.mapped.end(), a) != c.mapped.end();
      if (!p.operands[k].draws || has)
        continue;
      Type shown = visibleType(c, t), asked = shown;
      asked.axes.push_back(a);
      return error("E0226", p.operands[k].place,
                   fmt::format("`{}` is mapped over `{}`, and would repeat this draw along it", name, show(a)),
                   fmt::format("drawn once for {}", show(shown)),
                   fmt::format(
                       "say along what is drawn: `let noise: {} = …`; or, if the same is meant, `let noise: {} = …`",
                       show(asked), show(shown))),
             false;
    }
  return true;
}

// Rules 16 and 17: what the call is mapped over. `extra`: what its arguments bring.
void Analyzer::mapOver(Context &c, const FunctionValue &f, const Context &inner, const std::vector<AxisUse> &named,
                       llvm::ArrayRef<AxisUse> extra, Prepared &out) {
  out.draws = mentionsDraw(f.item, f.scope);
  auto add = [&](const AxisUse &a) {
    if (!llvm::is_contained(out.mapped, a) && !llvm::is_contained(out.rest, a))
      out.mapped.push_back(a);
  };
  for (const AxisUse &a : c.mapped)
    if (out.draws || c.lanes || llvm::is_contained(extra, a))
      add(a);
  if (out.draws) { // along what a declaration asks for and the result does not have by itself
    std::optional<Shape> result;
    if (f.item->hasType)
      result = shape(inner, f.item->type, false);
    for (const AxisUse &a : c.drawAxes)
      if (!result || !result->isTensor || !llvm::is_contained(result->leaf.axes, a))
        add(a);
  }
  for (const AxisUse &a : named)
    add(a);
  for (const AxisUse &a : extra)
    add(a);
}

bool Analyzer::prepare(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given,
                       const Context &inner, const std::vector<AxisUse> &named, Prepared &out, const std::string &name,
                       Location place) {
  addExtra(f, given, out.ofModels);
  std::vector<AxisUse> extra = out.ofModels;
  bool open = openParameter(*f.item) != nullptr;
  for (size_t k = 0; k < f.item->parameters.size(); ++k) {
    const syntax::Parameter &p = f.item->parameters[k];
    Value v = given[k] ? given[k]->value : Value();
    if (!given[k]) {
      Context initial = inner;
      initial.block = c.block;
      v = expression(initial, *p.initial);
      if (v.isError())
        return false;
    }
    if (v.kind == Value::Computed) {
      v = madeModel(c, v, fmt::format("{}.{}#{}", c.path, p.name, (*c.ordinal)++), given[k]->place);
      for (const AxisUse &a : v.model ? v.model->extra : std::vector<AxisUse>())
        if (!llvm::is_contained(out.ofModels, a))
          out.ofModels.push_back(a), extra.push_back(a);
    }
    if (v.isError())
      return false;
    if (!isOfKind(c, f, p, v, given[k] ? given[k]->place : place, name))
      return false;
    bool schedule = p.hasType && p.type.kind == syntax::TypeRef::Tensor && p.type.path[0].text == "schedule";
    if ((p.hasType && p.type.kind == syntax::TypeRef::Function) || v.kind == Value::Function ||
        v.kind == Value::Model) {
      if (v.kind != Value::Function && v.kind != Value::Model)
        return error("E0206", given[k] ? given[k]->place : place,
                     fmt::format("`{}` of `{}` is a function", p.name, name), describe(c, v),
                     "name a function, for example `relu`"),
               false;
      out.constants.push_back({p.name, v});
      continue;
    }
    if (schedule) {
      out.constants.push_back({p.name, v});
      continue;
    }
    Location at = given[k] ? given[k]->place : place;
    std::optional<Shape> declared = p.hasType ? shape(inner, p.type) : shapeOf(c, v);
    if (!declared)
      return false;
    if (!p.hasType && v.kind != Value::Tensor && v.kind != Value::Tuple)
      declared->leaf = {{Element::F32, nullptr}, {}};
    bool binds = p.hasType && isOpen(p.type);
    std::vector<Leaf> own;
    if (!leaves(c, v, *declared, p.name, fmt::format("`{}` takes", name), at, own, true))
      return false;
    if (Expr *e = own.size() == 1 && v.kind != Value::Tuple ? asTensor(c, own[0].value, at, own[0].declared.element)
                                                            : nullptr;
        e && e->kind == Expr::Constant && e->type.element.kind == Element::I64) { // an extent, perhaps
      out.constants.push_back({p.name, tensor(e)});
      continue;
    }
    for (const Leaf &leaf : own) {
      if (leaf.value.kind == Value::Literal && !leaf.declared.axes.empty())
        return error("E0203", at, fmt::format("`{}` takes {} as `{}`", name, show(leaf.declared), leaf.path),
                     describe(c, leaf.value), "a number has no axes"),
               false;
      Expr *e = asTensor(c, leaf.value, at, leaf.declared.element);
      if (!e)
        return false;
      for (const AxisUse &a : e->type.axes)
        if (!llvm::is_contained(leaf.declared.axes, a) && !llvm::is_contained(binds ? out.rest : extra, a))
          (binds ? out.rest : extra).push_back(a);
      out.arguments.push_back(e), out.declared.push_back(leaf.declared), out.open.push_back(binds);
      out.operands.push_back({leaf.value.draws, e, at});
    }
    size_t next = out.arguments.size() - own.size();
    out.parameters.push_back({p.name, eachLeaf(v, p.name, [&](const Value &, const std::string &) {
                                return tensor(out.arguments[next++]);
                              })});
  }
  if (open) { // and what the callers are mapped over
    llvm::erase_if(out.rest, [&](const AxisUse &a) { return llvm::is_contained(c.mapped, a); });
    out.rest.insert(out.rest.begin(), c.mapped.begin(), c.mapped.end());
  }
  llvm::erase_if(extra, [&](const AxisUse &a) { return llvm::is_contained(out.rest, a); });
  if (!named.empty())
    for (const AxisUse &a : extra)
      if (std::find(named.begin(), named.end(), a) == named.end() &&
          std::find(c.mapped.begin(), c.mapped.end(), a) == c.mapped.end())
        return error("E0210", place,
                     fmt::format("`{}` is mapped over `{}` too, which its brackets do not name", name, show(a)), "here",
                     "name all mapped axes, or none"),
               false;
  if (!drawsAlong(c, out, extra, name))
    return false;
  mapOver(c, f, inner, named, extra, out);
  return true;
}

// An axis that is said without an extent has that of the first argument that has the axis.
int64_t Analyzer::givenExtent(const Context &c, const FunctionValue &f, const std::string &parameter,
                              const std::vector<const Argument *> &given, const AxisUse &use) const {
  if (use.extent != use.axis->extent)
    return use.extent;
  for (size_t k = 0; k < given.size(); ++k)
    if (given[k] && given[k]->value.kind == Value::Tensor)
      for (const syntax::AxisRef &a : f.item->parameters[k].type.axes)
        if (a.path.size() == 1 && a.path[0].text == parameter && !a.extent)
          for (const AxisUse &have : visible(c, given[k]->value.expr->type))
            if (have.axis == use.axis && have.primes == use.primes)
              return have.extent;
  return use.extent;
}

// Rule 18: what the body speaks of, itself or by what it names, is made fresh where it is mapped.
bool Analyzer::freshen(Context &c, const FunctionValue &f, const Bindings &bound, Prepared &p, const std::string &name,
                       Location place) {
  if (p.mapped.empty() && p.rest.empty())
    return true;
  std::set<const Axis *> own = spoken(f, bound), reached = own;
  spokenThrough(f, p, reached);
  for (Axes *axes : {&p.mapped, &p.rest})
    for (AxisUse &a : *axes)
      if (reached.count(a.axis)) {
        bool bySlots = llvm::is_contained(p.ofModels, a) || c.lanes;
        if (bySlots && !own.count(a.axis))
          continue;
        if (bySlots)
          return error("E0273", place,
                       fmt::format("`{}` is mapped over `{}` by its model, and speaks of that axis itself", name,
                                   show(a)),
                       "here", "let one of them have another axis of that size"),
                 false;
        AxisUse replacement{freshAxis(a.axis), 0, a.extent, a.length};
        p.fresh.push_back({a, replacement});
        a = replacement;
      }
  return true;
}

// An argument along the axes as the body has them: those that were declared are its own.
Expr *Analyzer::intoBody(const Prepared &p, Expr *e, const Type &declared, Location place) {
  auto to = [&](AxisUse a) {
    if (!llvm::is_contained(declared.axes, a))
      for (auto &[outside, inside] : p.fresh)
        if (a == outside)
          return inside;
    return a;
  };
  return rename(e, to, place);
}

// The lengths of the arguments, one for each bounded axis as the body knows it.
bool Analyzer::takeLengths(Context &c, Prepared &p, const std::string &name, Location place) {
  for (size_t k = 0; k < p.arguments.size(); ++k)
    for (const AxisUse &a : p.arguments[k]->type.axes) {
      if (!a.axis->bounded)
        continue;
      auto known = std::find(p.lengths.begin(), p.lengths.end(), a);
      if (known == p.lengths.end()) {
        p.lengths.push_back(a);
        if (a.length)
          p.lengthArguments.push_back(intoBody(p, lengthOf(a, place), p.declared[k], place));
      } else if (known->length != a.length) {
        diagnostics
            .error("E0237", p.operands[k].place,
                   fmt::format("the arguments of `{}` have two lengths along `{}`", name, show(a)))
            .label(show(visibleType(c, p.operands[k].expr->type)))
            .help("compute both from one value that was cut: what is computed of it keeps its length");
        return false;
      }
    }
  for (const Axes &axes : {p.mapped, p.rest}) // along which only draws go
    for (const AxisUse &a : axes)
      if (a.axis->bounded && !llvm::is_contained(p.lengths, a)) {
        p.lengths.push_back(a);
        if (a.length)
          p.lengthArguments.push_back(intoBody(p, lengthOf(a, place), {}, place));
      }
  return true;
}

// Where the conditions around a call hold, along the axes as its body knows them: what it checks, it checks there.
Expr *Analyzer::whereItCounts(Context &c, const Prepared &p, Location place) {
  const Element truth{Element::Bool, nullptr};
  Expr *counts = conditions(c, place);
  Axes beyond; // the body is not mapped along these: what it computes counts if it does for any of their elements
  for (const AxisUse &a : counts->type.axes) {
    auto fresh = llvm::find_if(p.fresh, [&](auto &pair) { return pair.first == a; });
    AxisUse inside = fresh == p.fresh.end() ? a : fresh->second;
    if (!llvm::is_contained(p.mapped, inside) && !llvm::is_contained(p.rest, inside))
      beyond.push_back(a);
  }
  if (Expr *there = present(beyond, place))
    counts = pointwise("and", truth, {counts, there}, place);
  if (!beyond.empty())
    counts = reduce("any", counts, beyond, place);
  return intoBody(p, counts, {}, place);
}

// A result of an instance, along the axes as the body has them; an instance's own lengths are the caller's.
Expr *Analyzer::fromBody(const Stmt &call, const Prepared &p, Type made, const std::string &label) {
  const Axes &given = lengthsIn[call.callee];
  const std::vector<const Variable *> &found = lengthsFound[call.callee];
  for (AxisUse &a : made.axes) {
    if (!a.length)
      continue;
    auto known = llvm::find_if(given, [&](const AxisUse &own) { return own.length == a.length; });
    a.length = known != given.end() ? p.lengths[size_t(known - given.begin())].length
                                    : p.found[size_t(llvm::find(found, a.length) - found.begin())];
  }
  return use(variable(label, made, call.location), call.location);
}

// The same along the caller's.
Expr *Analyzer::outOfBody(const Prepared &p, const Aliases &aliases, Expr *e) {
  auto to = [&](AxisUse a) {
    for (auto &[outside, inside] : p.fresh)
      if (a == inside)
        return outside;
    return a;
  };
  return aliasesOutside(aliases, rename(e, to, e->location), e->location);
}

// The lengths that the body has found, as the caller knows them. Gives what they are results as.
std::vector<const Variable *> Analyzer::takeLengthsFound(Context &c, const Stmt &call, Prepared &p,
                                                         const Aliases &aliases) {
  std::vector<const Variable *> results;
  for (const Variable *length : lengthsFound[call.callee]) {
    Expr *result = fromBody(call, p, length->type, length->name);
    results.push_back(result->variable);
    Value known = define(c, length->name, tensor(outOfBody(p, aliases, result)), call.location);
    p.found.push_back(known.expr->variable);
  }
  return results;
}

// A result as the caller has it, leaf by leaf; `clash`: an axis that it has twice.
Value Analyzer::takeResult(Context &c, Stmt &call, const Prepared &p, const Aliases &aliases, const Value &v,
                           const std::string &label, std::optional<AxisUse> &clash) {
  Value out = v;
  if (v.kind == Value::Tuple) {
    for (auto &[field, inside] : out.fields)
      inside = takeResult(c, call, p, aliases, inside, label + "." + field, clash);
    return out;
  }
  if (v.kind == Value::Gradient || v.kind == Value::Computed) {
    for (Expr *&leaf : out.leaves)
      leaf = takeResult(c, call, p, aliases, tensor(leaf), label, clash).expr;
    return out;
  }
  if (v.kind != Value::Tensor)
    return v;
  Expr *back = fromBody(call, p, call.callee->results[call.variables.size()]->type, label);
  call.variables.push_back(back->variable);
  back = outOfBody(p, aliases, back);
  for (auto &[inner, outer] : aliases)
    if (back->type.element.index == inner.axis) {
      unsupported(call.location, "an index of one of two axis parameters that are bound to one axis",
                  "give another axis to one of them: `x as [axis -> other]`");
      return Value();
    }
  for (size_t i = 0; i < back->type.axes.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (back->type.axes[i] == back->type.axes[j])
        clash = back->type.axes[i];
  // Drawn in the body, or elementwise of a drawn argument: one all of whose axes are still there.
  bool draws = v.draws;
  for (const Operand &o : p.operands)
    draws |= o.draws && llvm::all_of(visible(c, o.expr->type),
                                     [&](const AxisUse &a) { return llvm::is_contained(back->type.axes, a); });
  return tensor(back, draws);
}

// Whether a scope is that of a body of a model, where its axes have the names that they have inside.
static bool standsIn(const Scope *scope, const Scope &model) {
  while (scope && scope != &model)
    scope = scope->parent;
  return scope;
}

Value Analyzer::callFunction(Context &c, const FunctionValue &f, std::vector<Argument> given, std::optional<Axes> over,
                             Location place) {
  DiagnosticEngine::Call within(diagnostics, place);
  if (!f.primitive.empty())
    return callPrimitive(c, f, given, over, place);
  std::string name =
      f.item->name.empty() && f.model ? f.model->path.substr(f.model->path.rfind('.') + 1) : f.item->name;
  std::vector<const Argument *> matched;
  giveFans(c, f.item->parameters, given, place);
  if (!match(f.item->parameters, given, matched, name, place))
    return {};
  Bindings bound;
  auto &parameters = f.item->axisParameters;
  if (!parameters.empty() && f.axes.size() > parameters.size() && !mentionsDraw(f.item, f.scope))
    return error("E0210", place,
                 fmt::format("`{}` has {} axis parameter{}, and gets {} axes", name, parameters.size(),
                             parameters.size() == 1 ? "" : "s", f.axes.size()),
                 "here", "axes in brackets bind from the left");
  std::vector<AxisUse> named; // what the call is mapped over: behind the axis parameters, if it draws
  for (const Axes &axes : llvm::drop_begin(f.axes, std::min(parameters.size(), f.axes.size())))
    named.insert(named.end(), axes.begin(), axes.end());
  Aliases aliases = f.model && !standsIn(c.scope, *f.model->scope) ? f.model->aliases : Aliases();
  std::vector<AxisUse> taken;
  auto bind = [&](const std::string &parameter, const Axes &axes) {
    Axes &out = bound.axes[parameter];
    out.clear();
    for (AxisUse use : axes) {
      use.extent = givenExtent(c, f, parameter, matched, use);
      out.push_back(distinct(aliases, taken, use));
      taken.push_back(out.back());
    }
  };
  for (size_t k = 0; k < f.axes.size() && k < parameters.size(); ++k)
    bind(parameters[k].text, f.axes[k]);
  if (over) {
    if (parameters.empty())
      return error("E0214", place, fmt::format("`{}` has no axis parameter for `over:`", name), "here", "remove it");
    bind(parameters.back().text, *over);
  }
  std::deque<Argument> inside; // arguments under the names of the body
  for (size_t k = 0; k < matched.size(); ++k)
    if (matched[k] && !aliases.empty() && f.item->parameters[k].hasType) {
      inside.push_back(*matched[k]);
      inside.back().value = aliasesInside(aliases, f, bound, f.item->parameters[k].type, matched[k]->value, place);
      matched[k] = &inside.back();
    }
  if (!bindAxes(c, f, matched, bound, name, place))
    return {};
  std::optional<Element> real = realOf(f, matched);
  Scope scope;
  scope.parent = f.scope;
  enter(scope, bound);
  for (size_t k = 0; k < matched.size(); ++k)
    bindExtents(c, &scope, f.item->parameters[k].type, matched[k] ? &matched[k]->value : nullptr, bound);
  enter(scope, bound);
  Entity floatEntity;
  floatEntity.value = tensor(constant(*real, 0, place));
  scope.names["float"] = floatEntity;
  Context types = c;
  types.scope = &scope, types.open = openParameter(*f.item) != nullptr, types.rest.clear();
  Prepared p;
  if (!prepare(c, f, matched, types, named, p, name, place))
    return {};
  if (!freshen(c, f, bound, p, name, place))
    return {};
  for (size_t k = 0; k < p.arguments.size(); ++k) {
    p.arguments[k] = intoBody(p, p.arguments[k], p.declared[k], place);
    if (p.open[k]) { // what is the same along some of what `..` stands for is reduced as often as it stands there
      Type full = p.arguments[k]->type;
      for (const AxisUse &a : p.rest)
        if (!llvm::is_contained(full.axes, a))
          full.axes.insert(full.axes.begin(), a);
      p.arguments[k] = broadcast(p.arguments[k], full, place);
    }
  }
  if (!takeLengths(c, p, name, place))
    return {};
  std::vector<Expr *> layers;
  for (const AxisUse &a : f.model ? f.model->stack : Axes()) {
    auto known = llvm::find_if(c.layers, [&](auto &layer) { return layer.first == a.axis; });
    if (known == c.layers.end())
      return error("E0257", place, fmt::format("`{}` is a function of one layer of a repeated model", name),
                   "of which layer?", "call the repeated model itself: each layer gets the result of the one before");
    layers.push_back(known->second);
  }
  std::vector<Value> shape;
  const sema::Function *fn = instance(c, f, bound, real, p, name, shape);
  if (fn && c.mask && !f.item->gradient && effectOf(fn->body, 0) == Effect::Check) {
    p.counts = whereItCounts(c, p, place);
    fn = instance(c, f, bound, real, p, name, shape);
  }
  if (!fn)
    return {};
  if (openParameter(*f.item) || seesRest.count(fn)) { // rule 19: what a condition leaves out would be reduced, too
    if (c.perElement)
      return error("E0231", place,
                   fmt::format("`{}` reduces over all that its argument varies over, and stands under a condition "
                               "with axes",
                               name),
                   "here", "call it outside of the `if`, and choose among its results");
    if (c.function)
      seesRest.insert(c.function);
  }
  if (fn->draws && c.draws)
    *c.draws = true;
  Stmt *s = statement(c, Stmt::Call, place);
  s->callee = fn;
  s->arguments = p.arguments;
  llvm::append_range(s->arguments, p.lengthArguments);
  llvm::append_range(s->arguments, layers);
  if (p.counts)
    s->arguments.push_back(p.counts);
  s->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
  std::optional<AxisUse> clash; // rule 17
  std::vector<const Variable *> lengths = takeLengthsFound(c, *s, p, aliases);
  Value result = takeResult(c, *s, p, aliases, shape[0], name.empty() ? "value" : name, clash);
  s->variables.append(lengths.begin(), lengths.end());
  if (clash) {
    auto &d = diagnostics.error(
        "E0204", place, fmt::format("`{}` is mapped over `{}`, which its result has already", name, show(*clash)));
    d.label(fmt::format("`{}` twice in the result", show(*clash)));
    for (const Operand &o : p.operands)
      if (llvm::is_contained(o.expr->type.axes, *clash))
        d.origin(o.place, fmt::format("this brings `{}`: it is {}", show(*clash), show(visibleType(c, o.expr->type))));
    if (f.item->hasType)
      d.origin(f.item->type.place, "the result's type");
    d.help(
        fmt::format("rename the argument's axis: `x as [{} -> other]`, with another axis of its size", show(*clash)));
    return {};
  }
  std::set<const Slot *> slots;
  std::set<const Variable *> used;
  readSlots({s}, nullptr, slots, used);
  for (const Variable *u : used)
    if (auto found = definitions.find(u); found != definitions.end())
      slots.insert(found->second.second.begin(), found->second.second.end());
  for (const Variable *v : s->variables)
    definitions[v] = {place, slots};
  return result;
}

} // namespace burin::sema
