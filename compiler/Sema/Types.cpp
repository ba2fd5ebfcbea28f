// Types, axes, and the nodes of the typed program.
#include "compiler/Sema/Notation.h"
#include <fmt/format.h>

namespace burin::sema {

static const char *elementName(const Element &e) {
  static const char *const names[] = {"f32", "f64", "i32", "int", "u8", "bool"};
  return e.kind == Element::Index ? e.index->name.c_str() : names[e.kind];
}
std::string show(const AxisUse &a) {
  std::string text = a.axis->name + std::string(a.primes, '\'');
  return a.extent != a.axis->extent ? fmt::format("{}:{}", text, a.extent) : text;
}
std::string show(const Type &type) {
  std::string text = elementName(type.element);
  for (size_t i = 0; i < type.axes.size(); ++i)
    text += (i ? ", " : "[") + show(type.axes[i]);
  return type.axes.empty() ? text : text + "]";
}

Value Analyzer::error(std::string code, Location place, std::string message, std::string label, std::string help) {
  auto &d = diagnostics.error(std::move(code), place, std::move(message));
  if (!label.empty())
    d.label(std::move(label));
  if (!help.empty())
    d.help(std::move(help));
  return {};
}
Value Analyzer::unsupported(Location place, const std::string &what) {
  return error("E0299", place, fmt::format("{} is not supported yet", what), "here", "docs/language.md lists what is");
}

std::vector<AxisUse> Analyzer::visible(const Context &c, const Type &type) const {
  std::vector<AxisUse> out;
  for (const AxisUse &a : type.axes)
    if (std::find(c.mapped.begin(), c.mapped.end(), a) == c.mapped.end())
      out.push_back(a);
  return out;
}
Type Analyzer::visibleType(const Context &c, const Type &type) const {
  std::vector<AxisUse> axes = visible(c, type);
  return {type.element, {axes.begin(), axes.end()}};
}

// The axes of the operand that has the most, then what the others add.
Type Analyzer::unionType(Element element, llvm::ArrayRef<Expr *> operands) const {
  Type type{element, {}};
  Expr *most = operands[0];
  for (Expr *o : operands)
    if (o->type.axes.size() > most->type.axes.size())
      most = o;
  type.axes = most->type.axes;
  for (Expr *o : operands)
    for (const AxisUse &a : o->type.axes)
      if (std::find(type.axes.begin(), type.axes.end(), a) == type.axes.end())
        type.axes.push_back(a);
  return type;
}

std::string Analyzer::describe(const Context &c, const Value &v) const {
  switch (v.kind) {
  case Value::Tensor:
    return show(visibleType(c, v.expr->type));
  case Value::Literal:
    return v.whole ? "a whole number" : "a number";
  case Value::Text:
    return "a string";
  case Value::Tuple: {
    if (!v.structure)
      return "a tuple";
    Shape of;
    of.isTensor = false, of.structure = v.structure, of.axes = outerAxes(c, v);
    return show(of);
  }
  case Value::Function:
    return "a function";
  case Value::ModelType:
    return "a model's declaration";
  case Value::OptimizerType:
    return "an optimiser's declaration";
  case Value::StructType:
    return "a struct's declaration";
  case Value::Model:
    return "a model";
  case Value::Optimizer:
    return "an optimiser";
  case Value::AxisName:
    return fmt::format("the axis `{}`", v.axis.axis->name);
  case Value::DataSet:
    return "a data set";
  case Value::Gradient:
    return "a gradient";
  case Value::Range:
    return "a range";
  case Value::Unit:
    return "no value";
  case Value::Error:
    break;
  }
  return "an error";
}

std::optional<Element> Analyzer::element(const Context &c, const syntax::TypeRef &t, bool report) {
  if (t.kind == syntax::TypeRef::Tensor && t.path.size() == 1 && t.path[0].primes == 0) {
    const std::string &n = t.path[0].text;
    static const std::pair<const char *, Element::Kind> names[] = {
        {"f32", Element::F32}, {"f64", Element::F64}, {"i32", Element::I32},  {"i64", Element::I64},
        {"int", Element::I64}, {"u8", Element::U8},   {"bool", Element::Bool}};
    for (auto &[name, kind] : names)
      if (n == name)
        return Element{kind, nullptr};
    if (n == "float") // one floating element per call: bound before a body is elaborated
      if (const Entity *e = lookup(c.scope, "float"); e && e->kind == Entity::Value)
        return e->value.expr->type.element;
    if (const Entity *e = lookup(c.scope, n); e && e->kind == Entity::Axis)
      return usage.read(e->place), Element{Element::Index, e->axis.axis};
  }
  if (!report)
    return std::nullopt;
  if (t.kind != syntax::TypeRef::Tensor || t.path.size() != 1) {
    syntax::AxisRef a;
    a.path = t.path, a.place = t.place;
    if (t.kind == syntax::TypeRef::Tensor)
      if (auto use = axis(c, a))
        return Element{Element::Index, use->axis};
    return std::nullopt;
  }
  if (const Entity *e = lookup(c.scope, t.path[0].text); e && e->kind == Entity::Value && e->value.isError())
    return std::nullopt; // its declaration was refused
  if (maybeUnread(t.path[0].text))
    return std::nullopt;
  if (const Entity *e = lookup(c.scope, t.path[0].text);
      e && e->kind == Entity::Value && e->value.kind == Value::StructType) {
    diagnostics.error("E0242", t.place, fmt::format("the type of a tensor is asked for here"))
        .label(fmt::format("`{}` is a struct", t.path[0].text))
        .origin(e->place, "declared here")
        .help("name a type without fields");
    return std::nullopt;
  }
  std::vector<std::string> known = candidates(c.scope);
  for (const char *n : {"f32", "f64", "i32", "i64", "int", "bool", "float"})
    known.push_back(n);
  auto near = nearestName(t.path[0].text, known);
  error("E0201", t.path[0].place, fmt::format("there is no type `{}`", t.path[0].text), "not known here",
        near ? fmt::format("did you mean `{}`?", *near) : "element types are f32 f64 i32 i64 int bool and axes");
  return std::nullopt;
}

// Rule 9: where a type gets an axis twice, the later one gets the next free prime.
AxisUse Analyzer::primed(AxisUse use, llvm::ArrayRef<AxisUse> before) {
  while (llvm::any_of(before, [&](const AxisUse &o) { return o.axis == use.axis && o.primes == use.primes; }))
    ++use.primes;
  return use;
}

std::optional<Type> Analyzer::type(const Context &c, const syntax::TypeRef &t) {
  if (t.kind != syntax::TypeRef::Tensor) {
    if (t.kind == syntax::TypeRef::Tuple)
      error("E0242", t.place, "the type of a tensor is asked for here", "a tuple's type", "name a type without fields");
    else
      unsupported(t.place, "a function type here");
    return std::nullopt;
  }
  std::optional<Element> e = element(c, t);
  if (!e)
    return std::nullopt;
  Type out{*e, {}};
  for (const syntax::AxisRef &a : t.axes) {
    std::optional<AxisUse> use = axis(c, a);
    if (!use)
      return std::nullopt;
    out.axes.push_back(primed(*use, out.axes));
  }
  return out;
}

std::optional<AxisUse> Analyzer::axis(const Context &c, const syntax::AxisRef &a) {
  if (a.kind != syntax::AxisRef::Named) {
    unsupported(a.place, a.kind == syntax::AxisRef::Product ? "a product of axes" : "`..`");
    return std::nullopt;
  }
  const Entity *e = lookup(c.scope, a.path[0].text);
  if (e)
    usage.read(e->place);
  if (e && a.path.size() <= 2 && e->kind == Entity::Value && e->value.kind == Value::DataSet)
    for (const Part &p : e->value.data.data->parts)
      if (p.name == (a.path.size() == 2 ? a.path[1].text : "")) // a set without a split is its own axis
        return AxisUse{p.axis, a.path.back().primes, -1};
  if (e && e->kind == Entity::Axis && a.path.size() == 1) {
    AxisUse use = e->axis;
    use.primes += a.path[0].primes;
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

// `row:24`: a part of an axis under its name.
bool Analyzer::saidExtent(const Context &c, const syntax::Expr &e, AxisUse &use) {
  if (e.kind == syntax::Expr::NameUse && !lookup(c.scope, e.name))
    return unsupported(e.place, "an extent that a type binds"), false;
  auto number = NotationSolver::affine(*this, c.scope, e);
  if (!number || !number->terms.empty() || number->low != number->high || number->low < 1 ||
      (use.extent >= 0 && number->low > use.axis->extent))
    return error("E0207", e.place,
                 fmt::format("an extent of `{}` is a whole number from 1 to {}", use.axis->name, use.axis->extent),
                 "here", "sizes are known when the program is compiled"),
           false;
  use.extent = number->low;
  return true;
}

std::optional<AxisUse> Analyzer::axisOf(const Context &c, const syntax::Expr &e) {
  syntax::AxisRef a;
  a.place = e.place;
  if (e.kind == syntax::Expr::NameUse)
    a.path = {{e.name, e.primes, e.place}};
  else if (e.kind == syntax::Expr::Member && e.operands[0]->kind == syntax::Expr::NameUse)
    a.path = {{e.operands[0]->name, 0, e.place}, {e.name, e.primes, e.place}};
  else if (e.kind == syntax::Expr::Tuple || e.kind == syntax::Expr::Range) {
    unsupported(e.place, e.kind == syntax::Expr::Range ? "`..`" : "a product of axes here");
    return std::nullopt;
  } else {
    error("E0203", e.place, "expected the name of an axis", "this is none",
          "name an axis that was declared with `dim`");
    return std::nullopt;
  }
  return axis(c, a);
}

std::optional<std::vector<AxisUse>> Analyzer::axesOf(const Context &c, const syntax::Expr &e) {
  std::vector<AxisUse> out;
  std::vector<const syntax::Expr *> parts;
  if (e.kind == syntax::Expr::Tuple)
    for (auto &entry : e.entries)
      parts.push_back(entry.value);
  else
    parts.push_back(&e);
  for (const syntax::Expr *p : parts) {
    auto a = axisOf(c, *p);
    if (!a)
      return std::nullopt;
    out.push_back(*a);
  }
  return out;
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
const Axis *Analyzer::innerAxis(std::string name, int64_t extent, Location place) {
  Axis axis;
  axis.name = axis.irName = std::move(name), axis.extent = extent, axis.location = place;
  return freshAxis(&axis);
}

Expr *Analyzer::node(Expr::Kind kind, Type type, Location place) {
  auto &e = program.expressions.emplace_back(std::make_unique<Expr>());
  e->kind = kind, e->type = std::move(type), e->location = place;
  constexpr double mostElements = double(1ull << 40); // far beyond any memory, and sizes in bytes fit 64 bits
  double elements = 1;
  for (const AxisUse &a : e->type.axes)
    elements *= double(std::max<int64_t>(1, a.extent));
  if (elements > mostElements && !tooLarge) {
    tooLarge = true; // what is computed from it is no less
    error("E0225", place, fmt::format("this has {:.3g} elements, more than the 2^40 that a tensor may have", elements),
          show(e->type), "use smaller axes, or reduce earlier");
  }
  return e.get();
}
Expr *Analyzer::constant(Element element, double number, Location place) {
  Expr *e = node(Expr::Constant, {element, {}}, place);
  e->number = number, e->integer = element.isFloat() ? 0 : int64_t(number);
  return e;
}
Expr *Analyzer::pointwise(std::string name, Element element, llvm::ArrayRef<Expr *> operands, Location place) {
  Expr *e = node(Expr::Pointwise, unionType(element, operands), place);
  e->name = std::move(name);
  e->operands.append(operands.begin(), operands.end());
  return e;
}
Expr *Analyzer::cast(Expr *e, Element element, Location place) {
  return e->type.element == element ? e : pointwise("cast", element, {e}, place);
}
Expr *Analyzer::reduce(std::string kind, Expr *x, llvm::ArrayRef<AxisUse> over, Location place) {
  Type type{x->type.element, {}};
  for (const AxisUse &a : x->type.axes)
    if (std::find(over.begin(), over.end(), a) == over.end())
      type.axes.push_back(a);
  Expr *e = node(Expr::Reduce, type, place);
  e->name = std::move(kind);
  e->operands = {x};
  e->over.append(over.begin(), over.end());
  return e;
}
Expr *Analyzer::broadcast(Expr *e, Type type, Location place) {
  if (e->type.axes == type.axes)
    return e;
  type.element = e->type.element;
  Expr *out = node(Expr::Broadcast, std::move(type), place);
  out->operands = {e};
  return out;
}
Expr *Analyzer::rename(Expr *e, const std::function<AxisUse(AxisUse)> &to, Location place) {
  Type type = e->type;
  for (AxisUse &a : type.axes)
    a = to(a);
  if (type.axes == e->type.axes)
    return e;
  Expr *out = node(Expr::Rename, std::move(type), place);
  out->operands = {e};
  return out;
}
Expr *Analyzer::rename(Expr *e, const Aliases &pairs, Location place) {
  auto to = [&](AxisUse a) {
    for (auto &[first, second] : pairs)
      if (a == first)
        return second;
    return a;
  };
  return rename(e, to, place);
}
AxisUse Analyzer::distinct(Aliases &aliases, const std::vector<AxisUse> &taken, AxisUse use) {
  if (std::find(taken.begin(), taken.end(), use) == taken.end())
    return use;
  aliases.push_back({{freshAxis(use.axis), 0, use.extent}, use});
  return aliases.back().first;
}

// Rule 9: each axis that stands for another is that one again, with the next free prime from left to right.
Expr *Analyzer::aliasesOutside(const Aliases &aliases, Expr *e, Location place) {
  std::vector<AxisUse> taken;
  for (const AxisUse &a : e->type.axes)
    if (std::none_of(aliases.begin(), aliases.end(), [&](auto &p) { return p.first == a; }))
      taken.push_back(a);
  return rename(
      e,
      [&](AxisUse a) {
        for (auto &[inside, outside] : aliases)
          if (a == inside) {
            AxisUse use = outside;
            while (std::find(taken.begin(), taken.end(), use) != taken.end())
              ++use.primes;
            taken.push_back(use);
            return use;
          }
        return a;
      },
      place);
}

// The same for an argument, the other way: as its parameter's type is written.
Value Analyzer::aliasesInside(const Aliases &aliases, const FunctionValue &f,
                              const std::map<std::string, AxisUse> &bound, const syntax::TypeRef &type, Value v,
                              Location place) {
  if (aliases.empty() || type.kind == syntax::TypeRef::Function)
    return v;
  if (type.kind == syntax::TypeRef::Tuple) {
    Value out = v;
    for (size_t k = 0; v.kind == Value::Tuple && k < v.fields.size() && k < type.fieldTypes.size(); ++k)
      out.fields[k].second = aliasesInside(aliases, f, bound, type.fieldTypes[k], v.fields[k].second, place);
    return out;
  }
  std::map<const Axis *, unsigned> primes;
  std::vector<std::pair<AxisUse, AxisUse>> pairs;
  for (const syntax::AxisRef &a : type.axes) {
    if (a.kind != syntax::AxisRef::Named || a.path.size() != 1)
      continue;
    auto found = bound.find(a.path[0].text);
    const Entity *e = lookup(f.scope, a.path[0].text);
    AxisUse use = found != bound.end() ? found->second : e && e->kind == Entity::Axis ? e->axis : AxisUse();
    AxisUse outside = use;
    for (auto &[inner, outer] : aliases)
      if (use == inner)
        outside = outer;
    outside.primes += primes[outside.axis]++;
    if (use.axis && !(outside == use))
      pairs.push_back({outside, use});
  }
  return eachLeaf(v, "", [&](const Value &leaf, const std::string &) {
    Value out = leaf;
    if (leaf.kind == Value::Tensor)
      out.expr = rename(leaf.expr, pairs, place);
    return out;
  });
}

Variable *Analyzer::variable(std::string name, Type type, Location place) {
  auto &v = program.variables.emplace_back(std::make_unique<Variable>());
  v->name = std::move(name), v->type = std::move(type), v->location = place;
  return v.get();
}
Stmt *Analyzer::statement(Context &c, Stmt::Kind kind, Location place) {
  auto &s = program.statements.emplace_back(std::make_unique<Stmt>());
  s->kind = kind, s->location = place;
  c.block->push_back(s.get());
  return s.get();
}
Value Analyzer::tensor(Expr *e, bool draws) const {
  Value v;
  v.kind = Value::Tensor, v.expr = e, v.draws = draws;
  return v;
}

Value Analyzer::define(Context &c, std::string name, const Value &value, Location place) {
  if (value.kind == Value::Tuple) {
    Value out = value;
    for (auto &[field, v] : out.fields)
      v = define(c, name + "." + field, v, place);
    return out;
  }
  if (value.kind != Value::Tensor || value.expr->kind == Expr::Use)
    return value;
  Stmt *s = statement(c, Stmt::Define, place);
  const Variable *v = variable(std::move(name), value.expr->type, place);
  s->variables = {v};
  s->value = value.expr;
  std::set<const Slot *> slots;
  std::set<const Variable *> used;
  readSlots({}, value.expr, slots, used);
  for (const Variable *u : used)
    if (auto found = definitions.find(u); found != definitions.end())
      slots.insert(found->second.second.begin(), found->second.second.end());
  definitions[v] = {place, slots};
  Expr *use = node(Expr::Use, v->type, place);
  use->variable = v;
  Value out = tensor(use, value.draws);
  out.variable = v;
  return out;
}

// What a whole number in the text may be. Literals are doubles: of 64 bits, 53 are exact.
static std::optional<std::pair<double, double>> exactBounds(const Element &e) {
  switch (e.kind) {
  case Element::U8:
    return {{0, 255}};
  case Element::I32:
    return {{-0x1p31, 0x1p31 - 1}};
  case Element::I64:
    return {{-0x1p53 + 1, 0x1p53 - 1}};
  default:
    return std::nullopt;
  }
}

// A tensor of a value: literals take the element asked of them (rule 3).
Expr *Analyzer::asTensor(Context &c, const Value &v, Location place, std::optional<Element> wanted) {
  if (v.kind == Value::Tensor)
    return v.expr;
  if (v.kind == Value::AxisName && v.axis.axis->extent >= 0) {
    Value number;
    number.kind = Value::Literal, number.whole = true, number.number = double(v.axis.extent);
    return asTensor(c, number, place, wanted);
  }
  if (v.kind == Value::Literal) {
    Element e = wanted.value_or(v.whole ? Element{Element::I64, nullptr} : Element{Element::F32, nullptr});
    if (e.kind == Element::Bool || e.kind == Element::Index || (!e.isFloat() && !v.whole)) {
      if (e.kind == Element::Index && v.whole && v.number >= 0 && v.number < double(e.index->extent))
        return constant(e, v.number, place);
      error("E0206", place, fmt::format("a number can't stand for {}", show(Type{e, {}})), describe(c, v),
            e.kind == Element::Index ? fmt::format("indices of `{}` are 0 to {}", e.index->name, e.index->extent - 1)
                                     : "convert it where it is made");
      return nullptr;
    }
    if (auto bounds = exactBounds(e); bounds && (v.number < bounds->first || v.number > bounds->second)) {
      error("E0206", place, fmt::format("{:.0f} is no {}", v.number, show(Type{e, {}})), describe(c, v),
            fmt::format("it can be written from {:.0f} to {:.0f}", bounds->first, bounds->second));
      return nullptr;
    }
    return constant(e, v.number, place);
  }
  if (v.kind != Value::Error)
    error("E0206", place, fmt::format("expected a tensor, found {}", describe(c, v)), "no tensor",
          "only tensors can be computed with");
  return nullptr;
}

} // namespace burin::sema
