// Types, axes, and the nodes of the typed program.
#include "compiler/Sema/Notation.h"
#include "compiler/Syntax/OtherWords.h"
#include <cfloat>
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

static const char *elementName(const Element &e) {
  static const char *const names[] = {"f32", "f64", "bf16", "f16", "i32", "int", "u8", "bool"};
  return e.kind == Element::Index ? e.index->name.c_str() : names[e.kind];
}
std::optional<Element> elementNamed(const std::string &name) {
  static const std::pair<const char *, Element::Kind> names[] = {
      {"f32", Element::F32}, {"f64", Element::F64}, {"bf16", Element::BF16},
      {"f16", Element::F16}, {"i32", Element::I32}, {"i64", Element::I64},
      {"int", Element::I64}, {"u8", Element::U8},   {"bool", Element::Bool}};
  for (auto &[word, kind] : names)
    if (name == word)
      return Element{kind, nullptr};
  return std::nullopt;
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
void Analyzer::origins(Diagnostic &d, const Context &c, llvm::ArrayRef<Value> about) const {
  std::set<const void *> said;
  for (const Value &v : about) {
    if (v.kind != Value::Tensor || !(v.variable || v.slot))
      continue;
    Location at = v.variable ? v.variable->location : v.slot->location;
    std::string_view there = diagnostics.sources.file(at.file).text().substr(at.offset);
    bool named = !v.variable || there.starts_with(v.variable->name); // else it is the compiler's own
    if (named && said.insert(v.variable ? static_cast<const void *>(v.variable) : v.slot).second)
      d.origin(at, fmt::format("`{}` is {}", v.variable ? v.variable->name : v.slot->path, describe(c, v)));
  }
}
Value Analyzer::errorOf(const Context &c, llvm::ArrayRef<Value> about, std::string code, Location place,
                        std::string message, std::string label, std::string help) {
  auto &d = diagnostics.error(std::move(code), place, std::move(message)).label(std::move(label));
  origins(d, c, about);
  d.help(std::move(help));
  return {};
}
Value Analyzer::unsupported(Location place, const std::string &what, std::string instead) {
  return error("E0299", place, fmt::format("{} is not supported yet", what), "here", std::move(instead));
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
  case Value::List:
    return fmt::format("a list of {}", v.fields.size());
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
  case Value::Shuffle:
    return "what is shuffled";
  case Value::Gradient:
    return "a gradient";
  case Value::Computed:
    return "a model";
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
    if (auto e = elementNamed(n))
      return e;
    if (n == "float") // one floating element per call: bound before a body is elaborated
      if (const Entity *e = lookup(c.scope, "float"); e && e->kind == Entity::Value)
        return e->value.expr->type.element;
    if (const Entity *e = lookup(c.scope, n); e && e->kind == Entity::Axis)
      return usage.read(e->place), Element{Element::Index, e->axis.axis};
    if (const Entity *e = lookup(c.scope, n); e && e->kind == Entity::Product) {
      if (report)
        unsupported(t.path[0].place, fmt::format("an index of {}", showProduct(e->parts)),
                    "take an index of each of its axes: a tuple or struct of them indexes, too");
      return std::nullopt;
    }
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
  if (const Entity *e = lookup(c.scope, t.path[0].text);
      e && e->kind == Entity::Value && e->value.kind == Value::ModelType) {
    auto &d =
        diagnostics.error("E0247", t.path[0].place, fmt::format("`{}` is a model, and no type here", t.path[0].text));
    d.label(t.axes.empty() ? "a type of values is asked for" : "the model that is given says its axes");
    if (e->place.length)
      d.origin(e->place, "declared here");
    d.help(fmt::format(
        "a function takes one as `m: {}`, without brackets, or any as `m: fn`; elsewhere its instance is named",
        t.path[0].text));
    return std::nullopt;
  }
  std::vector<std::string> known = candidates(c.scope);
  for (const char *n : {"f32", "f64", "bf16", "f16", "i32", "i64", "int", "u8", "bool", "float"})
    known.push_back(n);
  auto near = nearestName(t.path[0].text, known);
  std::string_view instead = syntax::insteadOf(t.path[0].text);
  error("E0201", t.path[0].place, fmt::format("there is no type `{}`", t.path[0].text), "not known here",
        t.path[0].text == "float" ? "it stands in functions, for the element that they are called with: write `f32`"
        : !instead.empty()        ? std::string(instead)
        : near                    ? fmt::format("did you mean `{}`?", *near)
                                  : "element types are f32 f64 bf16 f16 i32 i64 int u8 bool and axes");
  return std::nullopt;
}

std::optional<Type> Analyzer::type(const Context &c, const syntax::TypeRef &t) {
  if (t.kind != syntax::TypeRef::Tensor) {
    if (t.kind == syntax::TypeRef::Tuple)
      error("E0242", t.place, "the type of a tensor is asked for here", "a tuple's type", "name a type without fields");
    else
      unsupported(t.place, "a function type here", "a function is given as an argument: `fn f(g: fn) { … }`");
    return std::nullopt;
  }
  std::optional<Element> e = element(c, t);
  if (!e)
    return std::nullopt;
  Type out{*e, {}};
  for (const syntax::AxisRef &a : t.axes) {
    std::optional<Axes> uses = axes(c, a);
    if (!uses)
      return std::nullopt;
    for (const AxisUse &use : *uses)
      out.axes.push_back(primed(use, out.axes));
  }
  return out;
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
  if (Expr *narrow = inPrecision(name, element, operands, place))
    return narrow;
  Expr *e = node(Expr::Pointwise, unionType(element, operands), place);
  e->name = std::move(name);
  e->operands.append(operands.begin(), operands.end());
  return e;
}
Expr *Analyzer::cast(Expr *e, Element element, Location place) {
  if (e->type.element == element)
    return e;
  if (e->kind == Expr::Window && e->type.element.isFloat() &&
      element.isFloat()) { // what it reads: windows have no memory
    Expr *out = node(Expr::Window, {element, e->type.axes}, place);
    out->operands = {cast(e->operands[0], element, place)}, out->places = e->places;
    return out;
  }
  return pointwise("cast", element, {e}, place);
}
Expr *Analyzer::numbersAlong(const AxisUse &a, Location place) {
  return cast(node(Expr::Iota, {{Element::Index, a.axis}, {a}}, place), {Element::I64, nullptr}, place);
}
Expr *Analyzer::widened(Expr *e, Location place) {
  return e->type.element.isNarrow() ? cast(e, {Element::F32, nullptr}, place) : e;
}
Expr *Analyzer::reduce(std::string kind, Expr *x, llvm::ArrayRef<AxisUse> over, Location place) {
  if (over.empty())
    return x;
  if (x->type.element.isNarrow() && (kind == "sum" || kind == "prod")) // in f32, rounded at the end
    return cast(reduce(kind, widened(x, place), over, place), x->type.element, place);
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
// Sums of products; of narrow floats in f32, rounded at the end.
Expr *Analyzer::contract(Expr *x, Expr *y, Type type, llvm::ArrayRef<AxisUse> over, Location place) {
  Element element = type.element, f32{Element::F32, nullptr};
  if (element.isNarrow())
    x = cast(x, f32, place), y = cast(y, f32, place), type.element = f32;
  else
    x = rounded(x, place), y = rounded(y, place);
  Expr *out = node(Expr::Contract, std::move(type), place);
  out->operands = {x, y};
  out->over.append(over.begin(), over.end());
  return element.isNarrow() ? cast(out, element, place) : rounded(out, place);
}
Expr *Analyzer::broadcast(Expr *e, Type type, Location place) {
  if (e->type.axes == type.axes)
    return e;
  type.element = e->type.element;
  for (AxisUse &a : type.axes)
    for (const AxisUse &have : e->type.axes)
      if (have == a)
        a.length = have.length;
  Expr *out = node(Expr::Broadcast, std::move(type), place);
  out->operands = {e};
  return out;
}
Expr *Analyzer::rename(Expr *e, const std::function<AxisUse(AxisUse)> &to, Location place) {
  Type type = e->type;
  for (AxisUse &a : type.axes) {
    const Variable *length = a.length;
    a = to(a);
    if (!a.length)
      a.length = length;
  }
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

Expr *Analyzer::use(const Variable *v, Location place) {
  Expr *e = node(Expr::Use, v->type, place);
  e->variable = v;
  return e;
}
Expr *Analyzer::get(const Slot *slot, Location place) {
  Expr *e = node(Expr::Get, slot->type, place);
  e->slot = slot;
  return e;
}
Stmt *Analyzer::set(Context &c, const Slot *slot, Expr *value, Location place) {
  Stmt *s = statement(c, Stmt::Set, place);
  s->slot = slot, s->value = value;
  return s;
}
Expr *Analyzer::localState(Context &c, std::string path, Expr *first, Location place) {
  const Slot *slot = makeSlot(std::move(path), Slot::Local, first->type, place);
  set(c, slot, first, place)->declares = true;
  return get(slot, place);
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
  Value out = tensor(use(v, place), value.draws);
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
  if (v.kind == Value::AxisName && v.axis.axis->bounded) {
    for (const AxisUse &a : c.lengths) // a function that has it from its arguments
      if (a.axis == v.axis.axis) {
        Expr *n = lengthOf(a, place);
        return wanted && wanted->isFloat() ? cast(n, *wanted, place) : n;
      }
    noNumber(v.axis, place);
    return nullptr;
  }
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
            e.kind == Element::Index  ? fmt::format("indices of `{}` are 0 to {}", e.index->name, e.index->extent - 1)
            : e.kind == Element::Bool ? "write `true` or `false`, or compare: `x != 0`"
                                      : "convert it where it is made");
      return nullptr;
    }
    if (auto bounds = exactBounds(e); bounds && (v.number < bounds->first || v.number > bounds->second)) {
      error("E0206", place, fmt::format("{:.0f} is no {}", v.number, show(Type{e, {}})), describe(c, v),
            fmt::format("it can be written from {:.0f} to {:.0f}", bounds->first, bounds->second));
      return nullptr;
    }
    double number = e.isFloat() ? v.asFloat() : v.number;
    double largest = e.kind == Element::F16    ? 65504
                     : e.kind == Element::BF16 ? 0x1.FEp127
                     : e.kind == Element::F32  ? FLT_MAX
                                               : DBL_MAX;
    if (e.isFloat() && std::isfinite(number) && std::fabs(number) > largest) {
      error("E0206", place, fmt::format("{:g} is more than {} holds", number, show(Type{e, {}})), describe(c, v),
            fmt::format("its largest number is {:g}; f64 holds more", largest));
      return nullptr;
    }
    return constant(e, number, place);
  }
  if (v.kind == Value::List)
    return error("E0233", place, "what this list is for is not known", describe(c, v),
                 "declare its type: `let x: f32[axis] = [a, b]`"),
           nullptr;
  if (v.kind != Value::Error)
    error("E0206", place, fmt::format("expected a tensor, found {}", describe(c, v)), "no tensor",
          "only tensors can be computed with");
  return nullptr;
}

} // namespace burin::sema
