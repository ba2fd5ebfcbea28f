// Expressions: names, operators, indices, selections. Rules of typing.md by number.
#include "compiler/Sema/Analyzer.h"
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace burin::sema {

// Bounds the recursion through bodies that are elaborated where they are called; Syntax bounds that of one expression.
struct Analyzer::Nest {
  Analyzer &analyzer;
  explicit Nest(Analyzer &analyzer) : analyzer(analyzer) { ++analyzer.depth; }
  ~Nest() { --analyzer.depth; }
};

Value Analyzer::expression(Context &c, const syntax::Expr &e) {
  Nest nest(*this);
  constexpr unsigned maximumDepth = 1500;
  if (depth > maximumDepth) {
    if (!std::exchange(tooDeep, true))
      error("E0211", e.place,
            fmt::format("with the calls around it, this is more than {} expressions deep", maximumDepth), "here",
            "name parts by `let` before they are passed on");
    return {};
  }
  switch (e.kind) {
  case syntax::Expr::NameUse:
    return nameUse(c, e);
  case syntax::Expr::Number: {
    Value v;
    v.kind = Value::Literal, v.number = e.number, v.whole = e.whole;
    return v;
  }
  case syntax::Expr::String: {
    Value v;
    v.kind = Value::Text, v.text = e.text;
    return v;
  }
  case syntax::Expr::Bool:
    return tensor(constant({Element::Bool, nullptr}, e.whole, e.place));
  case syntax::Expr::Tuple: {
    Value v;
    v.kind = e.entries.empty() ? Value::Unit : Value::Tuple;
    for (auto &entry : e.entries) {
      Value field = expression(c, *entry.value);
      if (field.isError())
        return field;
      std::string name = !entry.name.empty()                          ? entry.name
                         : entry.value->kind == syntax::Expr::NameUse ? entry.value->name
                                                                      : "";
      v.fields.push_back({name, field});
    }
    return v;
  }
  case syntax::Expr::Call:
    return call(c, e);
  case syntax::Expr::Index:
    return indexing(c, e);
  case syntax::Expr::Member:
    return member(c, e);
  case syntax::Expr::Unary:
    return unary(c, e);
  case syntax::Expr::Binary:
    return binary(c, e);
  case syntax::Expr::As:
    return renaming(c, e);
  case syntax::Expr::If:
    return conditional(c, e);
  case syntax::Expr::For:
    return loop(c, e);
  case syntax::Expr::Minimize:
    return minimize(c, e);
  case syntax::Expr::Grad: {
    Value over = expression(c, *e.operands[0]);
    return over.isError() ? over : gradOverModel(c, over, e.body, e.place, nullptr);
  }
  case syntax::Expr::Range: {
    Value v;
    v.kind = Value::Range;
    if (!e.operands[0])
      return unsupported(e.place, "`..`");
    for (unsigned k = 0; k < 2; ++k) {
      Value bound = expression(c, *e.operands[k]);
      Expr *number =
          bound.isError() ? nullptr : asTensor(c, bound, e.operands[k]->place, Element{Element::I64, nullptr});
      if (!number)
        return {};
      if (number->type.element.kind != Element::I64 || !number->type.axes.empty())
        return error("E0205", e.operands[k]->place, "a range is between whole numbers", describe(c, bound),
                     "loops count with `int`");
      (k ? v.expr : v.low) = number;
    }
    return v;
  }
  case syntax::Expr::List:
    return unsupported(e.place, "a list");
  case syntax::Expr::Labels:
    return unsupported(e.place, "a list of labels here");
  case syntax::Expr::Reduce:
    return unsupported(e.place, "index notation");
  case syntax::Expr::Until:
    return unsupported(e.place, "`until`");
  case syntax::Expr::While:
    return unsupported(e.place, "`while`");
  case syntax::Expr::Repeat:
    return unsupported(e.place, "`repeat`");
  }
  return {};
}

Value Analyzer::named(Context &c, const syntax::Expr &e, const std::string &path) {
  Context inner = c;
  if (e.kind == syntax::Expr::Call) {
    const syntax::Expr &callee = *e.operands[0];
    const syntax::Expr &name = callee.kind == syntax::Expr::Index ? *callee.operands[0] : callee;
    if (name.kind == syntax::Expr::NameUse)
      if (const Entity *found = lookup(c.scope, name.name);
          found && found->kind == Entity::Value &&
          (found->value.kind == Value::ModelType || found->value.kind == Value::OptimizerType)) {
        Value type = expression(c, callee);
        if (type.isError())
          return type;
        return type.kind == Value::ModelType ? instantiateModel(inner, type.function, e, path)
                                             : instantiateOptimizer(inner, type.function, e, path);
      }
  }
  return expression(c, e);
}

Value Analyzer::nameUse(Context &c, const syntax::Expr &e) {
  const Entity *found = lookup(c.scope, e.name);
  if (!found && e.name == "training")
    return tensor(constant({Element::Bool, nullptr}, c.training, e.place));
  if (!found) {
    auto near = nearestName(e.name, candidates(c.scope));
    auto &d = diagnostics.error("E0201", e.place, fmt::format("there is no `{}`", e.name)).label("not known here");
    if (near) {
      const Entity *other = lookup(c.scope, *near);
      if (other->place.length && other->place.file == e.place.file)
        d.origin(other->place, fmt::format("`{}` is declared here", *near));
      d.help(fmt::format("did you mean `{}`?", *near));
    } else {
      d.help(fmt::format("declare it, for example `let {} = …`", e.name));
    }
    return {};
  }
  if (e.primes && found->kind != Entity::Axis)
    return error("E0203", e.place, fmt::format("`{}` is a {}, and only axes have primes", e.name, found->what), "here",
                 fmt::format("write `{}`, or give the other value a name of its own", e.name));
  Value v = found->value;
  if (found->kind == Entity::Axis) {
    v = {};
    v.kind = Value::AxisName, v.axis = found->axis;
    v.axis.primes += e.primes;
    return v;
  }
  if (found->kind == Entity::Declaration)
    return error("E0203", e.place, fmt::format("`{}` is a {}, not a value", e.name, found->what), "here",
                 "tasks are called from the command line");
  if (v.kind == Value::Tensor && v.slot) { // its value now
    Expr *get = node(Expr::Get, v.slot->type, e.place);
    get->slot = v.slot;
    v.expr = get;
  }
  return v;
}

Value Analyzer::member(Context &c, const syntax::Expr &e) {
  Value base = expression(c, *e.operands[0]);
  if (base.isError())
    return base;
  std::vector<std::string> known;
  if (base.kind == Value::Tuple) {
    for (auto &[name, field] : base.fields)
      if (known.push_back(name), name == e.name)
        return field;
  } else if (base.kind == Value::Model) {
    if (const Entity *m = lookup(base.model->scope.get(), e.name); m && base.model->scope->names.count(e.name)) {
      Value v = m->value;
      if (v.slot) {
        Expr *get = node(Expr::Get, v.slot->type, e.place);
        get->slot = v.slot;
        v.expr = aliasesOutside(base.model->aliases, get, e.place);
      }
      return v;
    }
    for (auto &[name, entity] : base.model->scope->names)
      known.push_back(name);
  } else if (base.kind == Value::DataSet) {
    DataValue d = base.data;
    if (d.part < 0)
      for (size_t k = 0; k < d.data->parts.size(); ++k)
        if (known.push_back(d.data->parts[k].name), d.data->parts[k].name == e.name) {
          base.data.part = int(k);
          return base;
        }
    if (e.name == "shuffle" || e.name == "batches") {
      if (d.part < 0 && d.data->parts[0].name.empty())
        base.data.part = 0;
      if (e.name == "shuffle")
        base.data.shuffled = true;
      return base;
    }
    if (d.part < 0 && d.data->parts[0].name.empty())
      d.part = 0;
    for (auto &f : d.item->fields)
      if (known.push_back(f.name.text), f.name.text == e.name) {
        if (d.part < 0)
          return error("E0403", e.place, fmt::format("`{}` is split: say the part", d.data->name), "of which part?",
                       fmt::format("for example `{}.{}.{}`", d.data->name, d.data->parts[0].name, e.name));
        return field(c, d, e.name, nullptr, e.place);
      }
    known.push_back("shuffle"), known.push_back("batches");
  } else if (base.kind == Value::AxisName) {
    auto &labels = base.axis.axis->labels;
    for (size_t k = 0; k < labels.size(); ++k)
      if (labels[k] == e.name)
        return tensor(constant({Element::Index, base.axis.axis}, double(k), e.place));
    known = labels;
  }
  auto near = nearestName(e.name, known);
  return error("E0212", e.place, fmt::format("{} has no `{}`", describe(c, base), e.name), "no such field",
               near            ? fmt::format("did you mean `{}`?", *near)
               : known.empty() ? "it has no fields"
                               : fmt::format("it has `{}`", fmt::join(known, "`, `")));
}

Value Analyzer::unary(Context &c, const syntax::Expr &e) {
  Value v = expression(c, *e.operands[0]);
  if (v.isError())
    return v;
  if (v.kind == Value::Literal && e.text == "-") {
    v.number = -v.number;
    return v;
  }
  if (v.kind == Value::Gradient && e.text == "-") {
    for (Expr *&leaf : v.leaves)
      leaf = pointwise("neg", leaf->type.element, {leaf}, e.place);
    return v;
  }
  Expr *x = asTensor(c, v, e.place);
  if (!x)
    return {};
  bool truth = x->type.element.kind == Element::Bool;
  if (truth != (e.text == "not") || x->type.element.kind == Element::Index)
    return error("E0205", e.operands[0]->place, e.text == "not" ? "`not` takes a bool" : "`-` takes a number",
                 describe(c, v),
                 e.text == "not" ? "compare first, for example `x > 0`" : "indices and bools have no sign");
  return tensor(pointwise(truth ? "not" : "neg", x->type.element, {x}, e.place), v.draws);
}

Value Analyzer::binary(Context &c, const syntax::Expr &e) {
  if (e.text == "@")
    return contraction(c, e);
  Value a = expression(c, *e.operands[0]), b = expression(c, *e.operands[1]);
  if (a.isError() || b.isError())
    return {};
  return arithmetic(c, e.text, a, b, e.place, e.operands[0]->place, e.operands[1]->place);
}

static std::optional<double> fold(const std::string &op, double a, double b) {
  if (op == "+")
    return a + b;
  if (op == "-")
    return a - b;
  if (op == "*")
    return a * b;
  if (op == "/")
    return a / b;
  if (op == "^")
    return std::pow(a, b);
  return std::nullopt;
}

Value Analyzer::arithmetic(Context &c, const std::string &op, Value a, Value b, Location place, Location placeA,
                           Location placeB) {
  auto number = [](const Value &v) -> std::optional<std::pair<double, bool>> {
    if (v.kind == Value::Literal)
      return std::make_pair(v.number, v.whole);
    if (v.kind == Value::AxisName && v.axis.extent >= 0)
      return std::make_pair(double(v.axis.extent), true);
    return std::nullopt;
  };
  if (auto x = number(a))
    if (auto y = number(b))
      if (auto r = fold(op, x->first, y->first)) {
        Value v;
        v.kind = Value::Literal, v.number = *r, v.whole = x->second && y->second && std::floor(*r) == *r;
        if (op == "/" && x->second && y->second) // rule 32: whole numbers floor
          v.number = std::floor(*r), v.whole = y->first != 0;
        return v;
      }
  if (a.kind == Value::Gradient || b.kind == Value::Gradient)
    return gradientArithmetic(c, op, a, b, place);
  std::optional<Element> wanted;
  for (const Value *v : {&a, &b})
    if (v->kind == Value::Tensor)
      wanted = v->expr->type.element;
  Expr *x = asTensor(c, a, placeA, wanted), *y = asTensor(c, b, placeB, wanted);
  if (!x || !y)
    return {};
  bool logic = op == "and" || op == "or", equality = op == "==" || op == "!=";
  bool compares = equality || op == "<" || op == ">" || op == "<=" || op == ">=";
  // Rule 11: arithmetic on an index gives an int.
  if (!compares)
    for (Expr **operand : {&x, &y})
      if ((*operand)->type.element.kind == Element::Index)
        *operand = cast(*operand, {Element::I64, nullptr}, place);
  Type tx = visibleType(c, x->type), ty = visibleType(c, y->type);
  if (!(tx.element == ty.element)) {
    bool oneIndex = tx.element.kind == Element::Index && ty.element.kind == Element::Index;
    diagnostics
        .error("E0205", place,
               fmt::format("`{}` takes equal elements, and these are {} and {}", op, show(Type{tx.element, {}}),
                           show(Type{ty.element, {}})))
        .label(fmt::format("{} and {}", show(tx), show(ty)))
        .help(oneIndex ? "indices of two axes are never equal: one of them is the wrong one"
                       : "convert one of them, for example `f32(n)`");
    return {};
  }
  bool truth = tx.element.kind == Element::Bool;
  if (logic != truth && !(equality && truth))
    return error("E0205", place, fmt::format("`{}` does not take {}", op, show(Type{tx.element, {}})),
                 fmt::format("{} and {}", show(tx), show(ty)),
                 logic ? "compare first, for example `x > 0`" : "a bool is no number: `if c then 1 else 0`");
  if (!align(c, {x, y}, place, fmt::format("`{}`", op), {placeA, placeB}))
    return {};
  if (!unrepeated(c, {{a.draws, x, placeA}, {b.draws, y, placeB}}, fmt::format("`{}`", op)))
    return {};
  static const std::pair<const char *, const char *> mnemonics[] = {
      {"+", "add"}, {"-", "sub"}, {"*", "mul"}, {"/", "div"}, {"%", "rem"}, {"^", "pow"},   {"==", "eq"},
      {"!=", "ne"}, {"<", "lt"},  {"<=", "le"}, {">", "gt"},  {">=", "ge"}, {"and", "and"}, {"or", "or"}};
  std::string mnemonic;
  for (auto &[symbol, name] : mnemonics)
    if (op == symbol)
      mnemonic = name;
  if (mnemonic == "pow" && !tx.element.isFloat())
    return error("E0205", place, "`^` takes floats", show(tx), "convert it, for example `f32(n)`");
  return tensor(pointwise(mnemonic, compares ? Element{Element::Bool, nullptr} : tx.element, {x, y}, place),
                a.draws || b.draws);
}

Value Analyzer::gradientArithmetic(Context &c, const std::string &op, const Value &a, const Value &b, Location place) {
  const Value &g = a.kind == Value::Gradient ? a : b;
  Value out = g;
  for (size_t k = 0; k < g.leaves.size(); ++k) {
    Value x = a.kind == Value::Gradient ? tensor(a.leaves[k]) : a,
          y = b.kind == Value::Gradient ? tensor(b.leaves[k]) : b;
    if (a.kind == Value::Gradient && b.kind == Value::Gradient && a.slots != b.slots)
      return error("E0204", place, "these are gradients of different models", "here",
                   "gradients are combined leaf by leaf");
    Value r = arithmetic(c, op, x, y, place, place, place);
    if (r.isError())
      return r;
    out.leaves[k] = r.expr;
  }
  return out;
}

// Rule 6: axes match by name, primes and extent; one operand has them all. Rule 24: a draw is not repeated.
bool Analyzer::align(Context &c, const std::vector<Expr *> &operands, Location place, const std::string &what,
                     const std::vector<Location> &places) {
  Type all = visibleType(c, unionType(operands[0]->type.element, operands));
  for (Expr *o : operands)
    if (visible(c, o->type).size() == all.axes.size())
      return true;
  auto &d =
      diagnostics.error("E0204", place, fmt::format("{} aligns axes by name, and neither side has all of them", what));
  std::string label;
  for (Expr *o : operands)
    label += (label.empty() ? "" : " and ") + show(visibleType(c, o->type));
  d.label(label);
  for (size_t k = 0; k < operands.size(); ++k)
    if (operands[k]->variable)
      d.origin(operands[k]->variable->location,
               fmt::format("`{}` is {}", operands[k]->variable->name, show(visibleType(c, operands[k]->type))));
  d.help("one operand must have all axes of the other; rename with `as […]`, reduce, or use `outer(a, b)` if every "
         "pair is meant");
  return false;
}

// Rule 24: a draw, and what is computed from it elementwise, has all axes of what it meets.
bool Analyzer::unrepeated(Context &c, llvm::ArrayRef<Operand> operands, const std::string &what) {
  for (const Operand &drawn : operands)
    for (const Operand &other : operands)
      for (const AxisUse &a : visible(c, other.expr->type)) {
        auto &axes = drawn.expr->type.axes;
        if (!drawn.draws || std::find(axes.begin(), axes.end(), a) != axes.end())
          continue;
        Type drawnType = visibleType(c, drawn.expr->type), asked = drawnType;
        for (const AxisUse &b : visible(c, other.expr->type))
          if (std::find(axes.begin(), axes.end(), b) == axes.end())
            asked.axes.push_back(b);
        diagnostics.error("E0226", drawn.place, fmt::format("{} would repeat this draw along `{}`", what, show(a)))
            .label(fmt::format("drawn once for {}", show(drawnType)))
            .origin(other.place, fmt::format("this is {}", show(visibleType(c, other.expr->type))))
            .help(fmt::format(
                "say along what is drawn: `let noise: {} = …`; or, if the same is meant, `let noise: {} = …`",
                show(asked), show(drawnType)));
        return false;
      }
  return true;
}

// Rule 7: sums over the one axis they share, or over those that are named.
Value Analyzer::contraction(Context &c, const syntax::Expr &e) {
  Value a = expression(c, *e.operands[0]), b = expression(c, *e.operands[1]);
  if (a.isError() || b.isError())
    return {};
  Expr *x = asTensor(c, a, e.operands[0]->place), *y = asTensor(c, b, e.operands[1]->place);
  if (!x || !y)
    return {};
  Type tx = visibleType(c, x->type), ty = visibleType(c, y->type);
  auto fail = [&](std::string message, std::string help) {
    auto &d = diagnostics.error("E0204", e.place, std::move(message)).label(fmt::format("{} @ {}", show(tx), show(ty)));
    for (Expr *o : {x, y})
      if (o->variable || o->slot)
        d.origin(o->variable ? o->variable->location : o->slot->location,
                 fmt::format("`{}` is {}", o->variable ? o->variable->name : o->slot->path, show(o == x ? tx : ty)));
    d.help(std::move(help));
    return Value();
  };
  if (!tx.element.isFloat() || !(tx.element == ty.element))
    return error("E0205", e.place, "`@` takes equal floats", fmt::format("{} @ {}", show(tx), show(ty)),
                 "convert one of them, for example `f32(x)`");
  std::vector<AxisUse> over, shared;
  for (const AxisUse &i : tx.axes)
    for (const AxisUse &j : ty.axes)
      if (i == j)
        shared.push_back(i);
  for (auto &said : e.axes) {
    auto use = axis(c, said);
    if (!use)
      return {};
    auto in = [&](const Type &t) { return std::find(t.axes.begin(), t.axes.end(), *use) != t.axes.end(); };
    if (!in(tx) || !in(ty))
      return fail(fmt::format("`@` can't sum over `{}`, which not both sides have", show(*use)),
                  "name an axis that both sides have");
    over.push_back(*use);
  }
  if (over.empty()) {
    if (shared.empty())
      return fail("`@` sums over the axis that both sides share, and these share none",
                  "rename one with `as […]`, or write `outer(a, b)` if every pair is meant");
    if (shared.size() > 1)
      return fail(fmt::format("`@` sums over the axis that both sides share, and these share {}", shared.size()),
                  fmt::format("say which: `@[{}]`", show(shared[0])));
    over = shared;
  }
  Type type{tx.element, {}};
  auto rest = [&](const Type &t) {
    for (const AxisUse &i : t.axes)
      if (std::find(over.begin(), over.end(), i) == over.end() &&
          std::find(type.axes.begin(), type.axes.end(), i) == type.axes.end())
        type.axes.push_back(i);
  };
  rest(x->type), rest(y->type);
  Expr *out = node(Expr::Contract, type, e.place);
  out->operands = {x, y};
  out->over.append(over.begin(), over.end());
  return tensor(out);
}

Value Analyzer::indexing(Context &c, const syntax::Expr &e) {
  if (e.operands[0]->kind == syntax::Expr::Member && e.operands[0]->name == "batches") {
    Value data = expression(c, *e.operands[0]);
    if (data.isError() || data.kind != Value::DataSet)
      return data.isError() ? data
                            : error("E0203", e.place, "only data sets have batches", describe(c, data),
                                    "write `data.part.batches[axis]`");
    if (e.entries.size() != 1)
      return error("E0210", e.place, "`batches` takes one axis", "here", "write `.batches[batch]`");
    auto use = axisOf(c, *e.entries[0].value);
    if (!use)
      return {};
    data.data.batch = use->axis;
    return data;
  }
  Value base = expression(c, *e.operands[0]);
  if (base.isError())
    return base;
  if (base.kind == Value::Function || base.kind == Value::ModelType || base.kind == Value::OptimizerType) {
    for (auto &entry : e.entries) {
      auto use = axisOf(c, *entry.value);
      if (!use)
        return {};
      base.function.axes.push_back(*use);
    }
    return base;
  }
  return gather(c, base, e);
}

// Rule 12: a named index takes that axis, a typed one the axis of its type.
Value Analyzer::gather(Context &c, const Value &base, const syntax::Expr &e) {
  Expr *table = asTensor(c, base, e.operands[0]->place);
  if (!table)
    return {};
  std::vector<AxisUse> left = visible(c, table->type), taken;
  std::vector<Expr *> operands{table};
  for (auto &entry : e.entries) {
    if (entry.extent || entry.guard)
      return unsupported(entry.value->place, "a guarded index or an extent here");
    Value v = expression(c, *entry.value);
    if (v.isError())
      return v;
    Expr *index = nullptr;
    std::optional<AxisUse> at;
    if (!entry.name.empty()) {
      const Entity *named = lookup(c.scope, entry.name);
      for (const AxisUse &a : left)
        if (named && named->kind == Entity::Axis && named->axis.axis == a.axis && a.primes == entry.primes)
          at = a;
      if (!at)
        return error("E0213", entry.namePlace,
                     fmt::format("{} has no axis `{}`", show(visibleType(c, table->type)), entry.name), "not there",
                     "name an axis of what is indexed");
      index = asTensor(c, v, entry.value->place, Element{Element::Index, at->axis});
      if (index && index->type.element.kind != Element::Index)
        return error(
            "E0213", entry.value->place, "a number computed when running may be outside", describe(c, v),
            fmt::format(
                "an index of `{}` comes from `for i in {}`, `argmax`, a data set, or a number that is written out",
                at->axis->name, at->axis->name));
    } else {
      index = asTensor(c, v, entry.value->place);
      if (index && index->type.element.kind == Element::Index)
        for (const AxisUse &a : left)
          if (!at && a.axis == index->type.element.index)
            at = a;
      if (index && !at)
        return error("E0213", entry.value->place,
                     fmt::format("{} has no axis that {} indexes", show(visibleType(c, table->type)),
                                 show(visibleType(c, index->type))),
                     describe(c, v), "an index finds its axis by its type; a number by naming it: `x[axis: 0]`");
    }
    if (!index)
      return {};
    if (!(index->type.element == Element{Element::Index, at->axis}))
      return error("E0213", entry.value->place, fmt::format("the axis `{}` is indexed by its own indices", show(*at)),
                   describe(c, v), "this is an index of another axis");
    left.erase(std::find(left.begin(), left.end(), *at));
    taken.push_back(*at);
    operands.push_back(index);
  }
  Type type{table->type.element, {}};
  auto add = [&](const Type &t) {
    for (const AxisUse &a : t.axes)
      if (std::find(type.axes.begin(), type.axes.end(), a) == type.axes.end())
        type.axes.push_back(a);
  };
  Type rest = table->type;
  for (const AxisUse &a : taken)
    rest.axes.erase(std::find(rest.axes.begin(), rest.axes.end(), a));
  for (size_t k = 1; k < operands.size(); ++k)
    add(operands[k]->type);
  add(rest);
  Expr *out = node(Expr::Gather, type, e.place);
  out->operands.append(operands.begin(), operands.end());
  out->over.append(taken.begin(), taken.end());
  return tensor(out);
}

// Branches without effects are both evaluated and one is selected, per element under a condition with axes.
Value Analyzer::conditional(Context &c, const syntax::Expr &e) {
  Value condition = expression(c, *e.operands[0]);
  if (condition.isError())
    return condition;
  Expr *test = asTensor(c, condition, e.operands[0]->place);
  if (!test)
    return {};
  if (test->type.element.kind != Element::Bool)
    return error("E0205", e.operands[0]->place, "the condition of `if` is a bool", describe(c, condition),
                 "compare first, for example `x > 0`");
  if (!e.hasElse || e.body.size() != 1 || e.otherwise.size() != 1 || e.body[0]->kind != syntax::Stmt::Expression ||
      e.otherwise[0]->kind != syntax::Stmt::Expression)
    return unsupported(e.place, "an `if` whose branches are not single expressions");
  size_t before = c.block->size();
  Context branch = c; // under a condition with axes every element draws
  for (const AxisUse &a : visible(c, test->type))
    if (std::find(c.drawAxes.begin(), c.drawAxes.end(), a) == c.drawAxes.end())
      branch.drawAxes.push_back(a);
  Value yes = expression(branch, *e.body[0]->value), no = expression(branch, *e.otherwise[0]->value);
  if (yes.isError() || no.isError())
    return {};
  for (size_t k = before; k < c.block->size(); ++k)
    if ((*c.block)[k]->kind != Stmt::Define && (*c.block)[k]->kind != Stmt::Call)
      return unsupported((*c.block)[k]->location, "an effect in a branch");
  std::optional<Element> wanted;
  for (const Value *v : {&yes, &no})
    if (v->kind == Value::Tensor)
      wanted = v->expr->type.element;
  Location placeYes = e.body[0]->place, placeNo = e.otherwise[0]->place;
  if (!wanted && (!yes.whole || !no.whole))
    wanted = Element{Element::F32, nullptr};
  Expr *a = asTensor(c, yes, placeYes, wanted), *b = asTensor(c, no, placeNo, wanted);
  if (!a || !b)
    return {};
  if (!(a->type.element == b->type.element))
    return error("E0205", e.place, "both branches of `if` have one type",
                 fmt::format("{} and {}", show(visibleType(c, a->type)), show(visibleType(c, b->type))),
                 "convert one of them");
  if (!align(c, {test, a, b}, e.place, "`if`", {e.operands[0]->place, placeYes, placeNo}))
    return {};
  bool constant = test->kind == Expr::Constant; // `training`
  bool draws = constant ? (test->integer ? yes : no).draws : condition.draws || yes.draws || no.draws;
  if (!unrepeated(c,
                  {{condition.draws, test, e.operands[0]->place},
                   {yes.draws && (!constant || test->integer), a, placeYes},
                   {no.draws && (!constant || !test->integer), b, placeNo}},
                  "`if`"))
    return {};
  return tensor(pointwise("select", a->type.element, {test, a, b}, e.place), draws);
}

// Rule 10, without products.
Value Analyzer::renaming(Context &c, const syntax::Expr &e) {
  Value v = expression(c, *e.operands[0]);
  Expr *x = v.isError() ? nullptr : asTensor(c, v, e.operands[0]->place);
  if (!x)
    return {};
  std::vector<std::pair<AxisUse, AxisUse>> pairs;
  for (auto &[first, second] : e.renames) {
    auto from = axis(c, first);
    if (!from)
      return {};
    if (second.path.empty()) { // the short form names the new axis of the same declaration
      for (const AxisUse &a : visible(c, x->type))
        if (a.axis == from->axis) {
          pairs.push_back({a, {a.axis, from->primes, a.extent}});
          break;
        }
      if (pairs.empty() || !(pairs.back().second.axis == from->axis))
        return error("E0213", first.place,
                     fmt::format("{} has no axis `{}` to rename", show(visibleType(c, x->type)), from->axis->name),
                     "not there", "write `[old -> new]` for another axis");
    } else {
      auto to = axis(c, second);
      if (!to)
        return {};
      if (to->axis->extent != from->extent)
        return error("E0204", second.place,
                     fmt::format("`{}` ({}) can't be renamed to `{}` ({})", show(*from), from->extent, show(*to),
                                 to->axis->extent),
                     "another extent", "axes of equal extent can be renamed");
      pairs.push_back({*from, {to->axis, to->primes, from->extent}});
    }
  }
  Expr *out = rename(
      x,
      [&](AxisUse a) {
        for (auto &[from, to] : pairs)
          if (a == from)
            return to;
        return a;
      },
      e.place);
  for (size_t i = 0; i < out->type.axes.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (out->type.axes[i] == out->type.axes[j])
        return error("E0204", e.place, fmt::format("this would have the axis `{}` twice", show(out->type.axes[i])),
                     "here", "choose a name that is not there yet");
  return tensor(out, v.draws);
}

} // namespace burin::sema
