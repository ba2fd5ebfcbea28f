// Axes as they are written: names with primes and extents, products, `..`; what an axis parameter stands for.
#include "compiler/Sema/Notation.h"
#include <fmt/format.h>

namespace burin::sema {

// Rule 9: where a type gets an axis twice, the later one gets the next free prime.
AxisUse Analyzer::primed(AxisUse use, llvm::ArrayRef<AxisUse> before) {
  while (llvm::any_of(before, [&](const AxisUse &o) { return o.axis == use.axis && o.primes == use.primes; }))
    ++use.primes;
  return use;
}

std::string showProduct(const Axes &axes) {
  std::string text;
  for (const AxisUse &a : axes)
    text += (text.empty() ? "" : ", ") + show(a);
  return axes.empty() ? "`()`, none" : fmt::format("the product `({})`", text);
}

// What may stand where one axis is asked: a product of several, `()`, which is none, or what `..` binds.
std::optional<Axes> Analyzer::axes(const Context &c, const syntax::AxisRef &a) {
  if (a.kind == syntax::AxisRef::Rest) {
    if (c.open)
      return c.rest;
    error("E0231", a.place, "nothing binds `..` here", "which axes?",
          "`..` stands in the type of a function's parameter, `x: f32[.., hidden]`, and then in its body");
    return std::nullopt;
  }
  if (a.kind == syntax::AxisRef::Product) {
    Axes out;
    for (const syntax::AxisRef &part : a.parts) {
      auto some = axes(c, part);
      if (!some)
        return std::nullopt;
      out.insert(out.end(), some->begin(), some->end());
      constexpr size_t most = 64; // products of products grow fast
      if (out.size() > most) {
        error("E0230", a.place, fmt::format("a product has at most {} axes", most), "with this, more",
              "join fewer axes");
        return std::nullopt;
      }
    }
    return out;
  }
  if (const Entity *e = lookup(c.scope, a.path[0].text); e && e->kind == Entity::Product) {
    usage.read(e->place);
    if (!a.path.back().primes && !a.extent && a.path.size() == 1)
      return e->parts;
    error("E0230", a.place, fmt::format("`{}` stands for {}", a.path[0].text, showProduct(e->parts)),
          "here with a prime or an extent", "products have none: rename or cut an axis before it is joined");
    return std::nullopt;
  }
  auto one = axis(c, a);
  return one ? std::optional(Axes{*one}) : std::nullopt;
}

std::optional<AxisUse> Analyzer::axis(const Context &c, const syntax::AxisRef &a) {
  const Entity *e = a.kind == syntax::AxisRef::Named ? lookup(c.scope, a.path[0].text) : nullptr;
  if (e)
    usage.read(e->place);
  if (a.kind != syntax::AxisRef::Named || (e && e->kind == Entity::Product)) {
    std::optional<Axes> several = axes(c, a);
    if (several && several->size() == 1)
      return several->front();
    if (several)
      error("E0230", a.place, fmt::format("one axis is asked here, and this is {}", showProduct(*several)),
            several->empty() ? "no axis" : fmt::format("{} axes", several->size()), "name one axis");
    return std::nullopt;
  }
  if (e && a.path.size() <= 2 && e->kind == Entity::Value && e->value.kind == Value::DataSet)
    for (const Part &p : e->value.data.data->parts)
      if (p.name == (a.path.size() == 2 ? a.path[1].text : "")) // a set without a split is its own axis
        return AxisUse{p.axis, a.path.back().primes, -1};
  if (e && e->kind == Entity::Axis && a.path.size() == 1) {
    AxisUse use = e->axis;
    use.primes += a.path[0].primes;
    if (use.axis->bounded && a.extent) {
      unsupported(a.place, "a part of a bounded axis", "declare an axis for it: `dim first <= 10`");
      return std::nullopt;
    }
    for (const AxisUse &known : c.lengths) // along an axis of its arguments a body's values have their length
      if (known.axis == use.axis)
        use.length = known.length;
    return !a.extent || saidExtent(c, *a.extent, use) ? std::optional(use) : std::nullopt;
  }
  if (e && e->kind == Entity::Value && e->value.isError())
    return std::nullopt; // its declaration was refused
  if (!e && maybeUnread(a.path[0].text))
    return std::nullopt;
  std::vector<std::string> axes;
  for (const Scope *s = c.scope; s && diagnostics.showsMore(); s = s->parent)
    for (auto &[name, entity] : s->names)
      if (entity.kind == Entity::Axis)
        axes.push_back(name);
  auto near = nearestName(a.path[0].text, axes);
  if (e) {
    bool isData = e->kind == Entity::Value && e->value.kind == Value::DataSet;
    std::string set = a.path[0].text;
    auto &d = diagnostics.error("E0203", a.place, fmt::format("`{}` is no axis", set))
                  .label(fmt::format("this is {}", withArticle(e->what)));
    if (e->place.length)
      d.origin(e->place, "declared here");
    d.help(isData ? fmt::format("a part of it is one: `{}.{}`", set, e->value.data.data->parts[0].name)
                  : "name an axis that was declared with `dim`");
    return std::nullopt;
  }
  error("E0201", a.place, fmt::format("there is no axis `{}`", a.path[0].text), "not known here",
        near ? fmt::format("did you mean `{}`?", *near) : fmt::format("declare it: `dim {} = …`", a.path[0].text));
  return std::nullopt;
}

// A name that is declared is its number, whatever it was meant to bind.
void Analyzer::extentRefused(const Context &c, const syntax::Expr &e, const AxisUse &use) {
  const Entity *declared = e.kind == syntax::Expr::NameUse ? lookup(c.scope, e.name) : nullptr;
  auto &d = diagnostics.error(
      "E0207", e.place,
      fmt::format("an extent of `{}` is a whole number from 1 to {}", use.axis->name, use.axis->extent));
  bool isAxis = declared && declared->kind == Entity::Axis;
  d.label(isAxis && declared->axis.extent >= 0 ? fmt::format("`{}` is {}", e.name, declared->axis.extent) : "here");
  if (!isAxis) {
    d.help("sizes are known when the program is compiled");
    return;
  }
  d.origin(declared->place, "declared here");
  d.help("a name that nothing declares stands for any extent that the argument has");
}

// `row:24`: a part of an axis under its name.
bool Analyzer::saidExtent(const Context &c, const syntax::Expr &e, AxisUse &use) {
  if (e.kind == syntax::Expr::NameUse && !lookup(c.scope, e.name))
    return error("E0201", e.place, fmt::format("there is no extent `{}`", e.name), "not known here",
                 "only the type of a function's parameter binds an extent: `fn f(x: f32[row:h])`"),
           false;
  auto number = NotationSolver::affine(*this, c.scope, e);
  if (!number || !number->terms.empty() || number->low != number->high || number->low < 1 ||
      (use.extent >= 0 && number->low > use.axis->extent))
    return extentRefused(c, e, use), false;
  use.extent = number->low;
  return true;
}

// `row:4` in parentheses or brackets: an entry with a name.
static std::optional<syntax::AxisRef> refOf(const syntax::Expr &e);
static std::optional<syntax::AxisRef> refOf(const syntax::Entry &entry) {
  if (entry.name.empty())
    return entry.guard || entry.extent ? std::nullopt : refOf(*entry.value);
  syntax::AxisRef a;
  a.path = {{entry.name, entry.primes, entry.namePlace}};
  a.extent = entry.value, a.place = entry.namePlace;
  return entry.guard || entry.extent ? std::nullopt : std::optional(a);
}

static std::optional<syntax::AxisRef> refOf(const syntax::Expr &e) {
  syntax::AxisRef a;
  a.place = e.place;
  if (e.kind == syntax::Expr::NameUse) {
    a.path = {{e.name, e.primes, e.place}};
  } else if (e.kind == syntax::Expr::Member && e.operands[0]->kind == syntax::Expr::NameUse) {
    a.path = {{e.operands[0]->name, 0, e.place}, {e.name, e.primes, e.place}};
  } else if (e.kind == syntax::Expr::Range && !e.operands[0] && !e.operands[1]) {
    a.kind = syntax::AxisRef::Rest;
  } else if (e.kind == syntax::Expr::Tuple) {
    a.kind = syntax::AxisRef::Product;
    for (auto &entry : e.entries) {
      auto part = refOf(entry);
      if (!part)
        return std::nullopt;
      a.parts.push_back(*part);
    }
  } else {
    return std::nullopt;
  }
  return a;
}

void Analyzer::noAxis(Location place) {
  error("E0203", place, "expected the name of an axis", "this is none", "name an axis that was declared with `dim`");
}
std::optional<AxisUse> Analyzer::axisOf(const Context &c, const syntax::Expr &e) {
  auto a = refOf(e);
  return a ? axis(c, *a) : (noAxis(e.place), std::nullopt);
}
std::optional<Axes> Analyzer::axesOf(const Context &c, const syntax::Expr &e) {
  auto a = refOf(e);
  return a ? axes(c, *a) : (noAxis(e.place), std::nullopt);
}
std::optional<Axes> Analyzer::axesOf(const Context &c, const syntax::Entry &entry) {
  auto a = refOf(entry);
  return a ? axes(c, *a) : (noAxis(entry.value->place), std::nullopt);
}

// Axes match by name; one that is said without an extent has that which is there.
const AxisUse *Analyzer::there(llvm::ArrayRef<AxisUse> axes, const AxisUse &said) {
  for (const AxisUse &a : axes)
    if (a.axis == said.axis && a.primes == said.primes && (a.extent == said.extent || said.extent == said.axis->extent))
      return &a;
  return nullptr;
}

// An axis parameter is an axis in the body, or a product of several or none.
Entity Analyzer::axisEntity(const Axes &axes) {
  Entity e;
  e.kind = axes.size() == 1 ? Entity::Axis : Entity::Product;
  e.what = axes.size() == 1 ? "axis" : "product of axes";
  if (axes.size() == 1)
    e.axis = axes.front();
  else
    e.parts = axes;
  return e;
}

void Analyzer::enter(Scope &scope, const Bindings &bound, const syntax::Item *item) {
  for (auto &[name, axes] : bound.axes) {
    Entity e = axisEntity(axes);
    for (auto &declared : item ? item->axisParameters : std::vector<syntax::Name>())
      if (declared.text == name)
        e.place = declared.place;
    scope.names[name] = e;
  }
  for (auto &[name, extent] : bound.extents) {
    Entity e;
    e.value.kind = Value::Literal, e.value.number = double(extent), e.value.whole = true, e.what = "extent";
    scope.names[name] = e;
  }
}

// `f32[row:h]`, `h` not declared: any extent of `row` that the argument has, called `h`. Without an argument the axis'.
void Analyzer::bindExtents(Context &c, const Scope *scope, const syntax::TypeRef &type, const Value *given,
                           Bindings &bound) {
  for (const syntax::AxisRef &a : type.axes) {
    if (!a.extent || a.extent->kind != syntax::Expr::NameUse || a.path.size() != 1 || lookup(scope, a.extent->name) ||
        bound.extents.count(a.extent->name))
      continue;
    const Entity *e = lookup(scope, a.path[0].text);
    if (!e || e->kind != Entity::Axis)
      continue;
    AxisUse use = e->axis;
    use.primes += a.path[0].primes;
    Axes found = given && given->kind == Value::Tensor ? visible(c, given->expr->type) : Axes();
    for (const AxisUse &have : found)
      if (have.axis == use.axis && have.primes == use.primes)
        use.extent = have.extent;
    bound.extents[a.extent->name] = use.extent;
  }
}

const Axis *Analyzer::makeAxis(std::string name, int64_t extent, Location place) {
  unsigned n = names["axis " + name]++;
  auto &a = program.axes.emplace_back(std::make_unique<Axis>());
  a->name = name, a->irName = n ? fmt::format("{}%{}", name, n) : name, a->extent = extent, a->location = place;
  return a.get();
}
const Axis *Analyzer::freshAxis(const Axis *axis) {
  auto &a = program.axes.emplace_back(std::make_unique<Axis>(*axis));
  unsigned n = names["fresh " + axis->irName]++;
  a->irName = axis->irName + "~" + (n ? std::to_string(n) : "");
  return a.get();
}
// The element of what indexes an axis; an index of a part of one counts that part's elements.
Element Analyzer::indexOf(const AxisUse &at) {
  bool whole = at.extent == at.axis->extent;
  return {Element::Index, whole ? at.axis : innerAxis(at.axis->name, at.extent, at.axis->location)};
}
const Axis *Analyzer::innerAxis(std::string name, int64_t extent, Location place) {
  Axis axis;
  axis.name = axis.irName = std::move(name), axis.extent = extent, axis.location = place;
  return freshAxis(&axis);
}

// Axis parameters are distinct in a body: where two stand for one axis, be it with other primes, the later gets
// another.
AxisUse Analyzer::distinct(Aliases &aliases, const std::vector<AxisUse> &taken, AxisUse use) {
  if (llvm::none_of(taken, [&](const AxisUse &other) { return other.axis == use.axis; }))
    return use;
  aliases.push_back({{freshAxis(use.axis), 0, use.extent}, use});
  return aliases.back().first;
}

AxisUse outsideOf(const Aliases &aliases, AxisUse use) {
  for (auto &[inside, outside] : aliases)
    if (use.axis == inside.axis) {
      use.axis = outside.axis, use.primes += outside.primes;
      break;
    }
  return use;
}

// Rule 9: each axis that stands for another is that one again, with the next free prime from left to right.
Expr *Analyzer::aliasesOutside(const Aliases &aliases, Expr *e, Location place) {
  std::vector<AxisUse> taken;
  for (const AxisUse &a : e->type.axes)
    if (outsideOf(aliases, a) == a)
      taken.push_back(a);
  return rename(
      e,
      [&](AxisUse a) {
        AxisUse use = outsideOf(aliases, a);
        if (use == a)
          return a;
        taken.push_back(primed(use, taken));
        return taken.back();
      },
      place);
}

// The same for an argument, the other way: as its parameter's type is written.
Value Analyzer::aliasesInside(const Aliases &aliases, const FunctionValue &f, const Bindings &bound,
                              const syntax::TypeRef &type, Value v, Location place) {
  if (aliases.empty() || type.kind == syntax::TypeRef::Function)
    return v;
  if (type.kind == syntax::TypeRef::Tuple) {
    Value out = v;
    for (size_t k = 0; v.kind == Value::Tuple && k < v.fields.size() && k < type.fieldTypes.size(); ++k)
      out.fields[k].second = aliasesInside(aliases, f, bound, type.fieldTypes[k], v.fields[k].second, place);
    return out;
  }
  Axes taken;
  std::vector<std::pair<AxisUse, AxisUse>> pairs;
  Axes there;
  eachLeaf(v, "", [&](const Value &leaf, const std::string &) {
    for (const AxisUse &a : leaf.kind == Value::Tensor ? leaf.expr->type.axes : decltype(Type::axes)())
      if (!llvm::is_contained(there, a))
        there.push_back(a);
    return leaf;
  });
  Axes written;
  auto add = [&](const AxisUse &use) {
    written.push_back(primed(use, written));
    AxisUse outside = primed(outsideOf(aliases, use), taken);
    taken.push_back(outside);
    for (const AxisUse &have : there) { // an extent that is said or bound is the argument's
      AxisUse to{use.axis, written.back().primes, have.extent};
      if (have.axis == outside.axis && have.primes == outside.primes && !(have == to))
        pairs.push_back({have, to});
    }
  };
  std::function<void(const syntax::AxisRef &)> each = [&](const syntax::AxisRef &a) {
    for (const syntax::AxisRef &part : a.parts)
      each(part);
    if (a.kind != syntax::AxisRef::Named || a.path.size() != 1)
      return;
    if (auto found = bound.axes.find(a.path[0].text); found != bound.axes.end())
      return (void)llvm::for_each(found->second, add);
    if (isAxisParameter(*f.item, a.path[0].text)) // not bound yet
      return;
    const Entity *e = lookup(f.scope, a.path[0].text);
    if (e && e->kind == Entity::Axis)
      add({e->axis.axis, e->axis.primes + a.path[0].primes, e->axis.extent});
    if (e && e->kind == Entity::Product)
      llvm::for_each(e->parts, add);
  };
  llvm::for_each(type.axes, each);
  return eachLeaf(v, "", [&](const Value &leaf, const std::string &) {
    Value out = leaf;
    if (leaf.kind == Value::Tensor)
      out.expr = rename(leaf.expr, pairs, place);
    return out;
  });
}

} // namespace burin::sema
