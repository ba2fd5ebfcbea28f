// Bodies that nothing calls are checked too, from their declared types (rules 18 and 34): every axis parameter is an
// axis of its own.
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

// Rule 1, for the names in a head.
bool Analyzer::distinctParameters(const syntax::Item &item) {
  std::map<std::string, Location> seen;
  auto fresh = [&](const std::string &name, Location place) {
    auto [found, isFresh] = seen.try_emplace(name, place);
    if (!isFresh)
      diagnostics.error("E0202", place, fmt::format("`{}` is declared twice", name))
          .label("declared again")
          .origin(found->second, "declared first here")
          .help("give one of them another name");
    return isFresh;
  };
  bool fine = true;
  for (const syntax::Name &axis : item.axisParameters)
    fine &= fresh(axis.text, axis.place);
  for (const syntax::Parameter &p : item.parameters)
    fine &= fresh(p.name, p.place);
  return fine;
}

// Rule 1: an axis keeps its name. Brackets declare what a call binds, and may call that as the file calls an axis; but
// not as the model around does, of which the function speaks, too.
bool Analyzer::hidesAxis(const syntax::Item &item, const Scope *outer) {
  bool hides = false;
  auto look = [&](const std::string &name, Location place, const char *what, bool parameter) {
    const Entity *e = lookup(outer, name);
    bool ofFile = parameter && e == lookup(&global, name);
    if (!e || e->kind != Entity::Axis || ofFile)
      return;
    hides = true;
    auto &d = diagnostics.error("E0202", place, fmt::format("`{}` is an axis, and keeps its name", name))
                  .label(fmt::format("{} of the same name", withArticle(what)));
    if (e->place.length)
      d.origin(e->place, "the axis is declared here");
    d.help("give this another name");
  };
  for (const syntax::Name &axis : item.axisParameters)
    look(axis.text, axis.place, "axis parameter", true);
  for (const syntax::Parameter &p : item.parameters)
    look(p.name, p.place, "parameter", false);
  return hides;
}

// What is wrong with a head whatever it is called with.
void Analyzer::checkHead(const syntax::Item &item, const Scope *outer) {
  hidesAxis(item, outer);
  if (item.axisParameters.empty())
    return;
  std::set<std::string> names;
  namesIn(item, names);
  for (const syntax::Name &axis : item.axisParameters)
    if (!names.count(axis.text) && !maybeUnread(axis.text))
      error("E0228", axis.place, fmt::format("the axis parameter `{}` is used by nothing", axis.text), "not used",
            "use it in a type of a parameter, or remove it");
}

// An axis for a parameter; so large that no index that is written out is outside. Extents are compared where a body is
// called.
AxisUse Analyzer::anyAxis(const syntax::Name &name) {
  constexpr int64_t extent = 1 << 20;
  return {makeAxis(name.text, extent, name.place), 0, extent};
}

// A value of each parameter's type. None: a function, or a parameter without a type, may be anything.
bool Analyzer::anyArguments(const syntax::Item &item, Scope &scope, std::vector<Argument> &out) {
  Context c;
  c.scope = &scope;
  c.open = openParameter(item) != nullptr;
  if (c.open)
    c.rest = {anyAxis({"..", 0, openParameter(item)->place})};
  for (const syntax::Parameter &p : item.parameters) {
    bool typed =
        p.hasType && p.type.kind != syntax::TypeRef::Function && !modelAsked({&item, &scope, nullptr, {}, {}}, p);
    Bindings extents;
    if (typed)
      bindExtents(c, &scope, p.type, nullptr, extents);
    enter(scope, extents);
    if (!typed && p.initial)
      continue;
    if (!typed)
      return false;
    Value v;
    if (p.type.kind == syntax::TypeRef::Tensor && p.type.path[0].text == "schedule") {
      v.kind = Value::Literal, v.number = 1, v.whole = true;
    } else {
      auto wanted = shape(c, p.type);
      if (!wanted)
        return false;
      v = like(*wanted, p.name, [&](const Type &type, const std::string &path) {
        return tensor(use(variable(path, type, p.place), p.place));
      });
    }
    out.push_back({p.name, v, p.place});
  }
  return true;
}

void Analyzer::checkFunction(Context &c, const FunctionValue &declared) {
  FunctionValue f = declared;
  const syntax::Item &item = *f.item;
  Scope scope;
  scope.parent = f.scope;
  for (const syntax::Name &axis : item.axisParameters) {
    f.axes.push_back({anyAxis(axis)});
    Entity e = axisEntity(f.axes.back());
    e.place = axis.place;
    scope.names[axis.text] = e;
  }
  Entity real;
  real.value = tensor(constant({Element::F32, nullptr}, 0, item.place));
  scope.names["float"] = real;
  std::vector<Argument> given;
  if (distinctParameters(item) && anyArguments(item, scope, given))
    callFunction(c, f, std::move(given), std::nullopt, item.namePlace);
}

// A model with any axes and numbers, to check the functions in it.
void Analyzer::checkModel(Context &c, const syntax::Item &item, const std::set<const syntax::Item *> &called) {
  syntax::Expr one, callee, call;
  one.kind = syntax::Expr::Number, one.number = 1, one.whole = true, one.place = item.namePlace;
  callee.kind = syntax::Expr::NameUse, callee.name = item.name, callee.place = item.namePlace;
  call.kind = syntax::Expr::Call, call.operands = {&callee}, call.place = item.namePlace;
  for (const syntax::Parameter &p : item.parameters) {
    if (p.initial)
      continue;
    if (!p.hasType || p.type.kind != syntax::TypeRef::Tensor || !p.type.axes.empty())
      return;
    call.entries.push_back({p.name, 0, p.place, &one});
  }
  FunctionValue model{&item, &global, nullptr, {}};
  for (const syntax::Name &axis : item.axisParameters)
    model.axes.push_back({anyAxis(axis)});
  Value v = instantiateModel(c, model, call, item.name);
  if (v.kind != Value::Model)
    return;
  if (!usage.isRead(item.namePlace)) // of a model that nothing uses, that is said, not of its members
    for (const syntax::Stmt *s : item.body)
      usage.exempt(s->pattern.place);
  for (const syntax::Stmt *s : item.body)
    if (s->kind == syntax::Stmt::Function && !called.count(s->item)) {
      const Entity *f = lookup(v.model->scope.get(), s->item->name.empty() ? "()" : s->item->name);
      if (f && f->kind == Entity::Value && f->value.kind == Value::Function && f->value.function.item == s->item)
        checkFunction(c, f->value.function);
    }
}

// With a parameter of some type, as `update` would call it.
void Analyzer::checkOptimizer(Context &c, const syntax::Item &item) {
  syntax::Expr one, callee, call;
  one.kind = syntax::Expr::Number, one.number = 1, one.whole = true, one.place = item.namePlace;
  callee.kind = syntax::Expr::NameUse, callee.name = item.name, callee.place = item.namePlace;
  call.kind = syntax::Expr::Call, call.operands = {&callee}, call.place = item.namePlace;
  for (const syntax::Parameter &p : item.parameters)
    if (!p.initial)
      call.entries.push_back({p.name, 0, p.place, &one});
  Value optimizer = instantiateOptimizer(c, {&item, &global, nullptr, {}}, call, item.name);
  if (optimizer.kind != Value::Optimizer)
    return;
  AxisUse any = anyAxis({item.name, 0, item.namePlace});
  Slot *slot = makeSlot("parameter", Slot::Parameter, {{Element::F32, nullptr}, {any}}, item.namePlace);
  Expr *gradient = use(variable("gradient", slot->type, item.namePlace), item.namePlace);
  Value g, none;
  g.kind = Value::Gradient, g.slots = {slot}, g.leaves = {gradient};
  apply(c, none, g, optimizer, item.namePlace);
}

void Analyzer::runUncalled(const syntax::Tree &user, const std::vector<const syntax::Tree *> &libraries,
                           const std::set<const syntax::Item *> &called) {
  anyExtents = tooLarge = true; // axes here are larger than any that is called with
  declare(user, libraries);
  unsigned ordinal = 0;
  Block nowhere;
  Context c;
  c.scope = &global, c.block = &nowhere, c.path = "uncalled", c.ordinal = &ordinal;
  for (const syntax::Item *i : user.items) {
    if (i->kind == syntax::Item::Function && !i->name.empty() && !called.count(i))
      checkFunction(c, {i, &global, nullptr, {}});
    if (i->kind == syntax::Item::Model)
      checkModel(c, *i, called);
    if (i->kind == syntax::Item::Optimizer &&
        llvm::none_of(i->body, [&](const syntax::Stmt *s) { return s->item && called.count(s->item); }))
      checkOptimizer(c, *i);
    if (i->kind == syntax::Item::Data)
      if (const Entity *e = lookup(&global, i->name); e && e->value.kind == Value::DataSet)
        for (const syntax::DataField &f : i->fields) {
          DataValue d = e->value.data;
          d.part = 0;
          field(c, d, f.name.text, nullptr, f.value->place);
        }
  }
}

} // namespace burin::sema
