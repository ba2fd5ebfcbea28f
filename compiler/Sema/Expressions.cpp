// Expressions: names, members, operators, selections. Rules of typing.md by number.
#include "compiler/Sema/Notation.h"
#include "compiler/Sema/Shuffles.h"
#include "compiler/Syntax/OtherWords.h"
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

Value Analyzer::expression(Context &c, const syntax::Expr &e) { return asRows(c, expressionOrSet(c, e), e.place); }

Value Analyzer::expressionOrSet(Context &c, const syntax::Expr &e) {
  if (c.notation)
    if (auto known = c.notation->values.find(&e); known != c.notation->values.end())
      return known->second;
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
  case syntax::Expr::Tuple:
    return tuple(c, e);
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
    return renaming(c, expression(c, *e.operands[0]), e);
  case syntax::Expr::If:
    return conditional(c, e);
  case syntax::Expr::For:
    return loop(c, e);
  case syntax::Expr::Minimize:
    return minimize(c, e);
  case syntax::Expr::Grad:
    if (e.text == "gradcheck")
      return gradcheck(c, e);
    return gradient(c, *e.operands[0], e.body, e.place);
  case syntax::Expr::Jvp:
    return jvp(c, *e.operands[0], *e.operands[1], e.body, e.place);
  case syntax::Expr::Range:
    return range(c, e);
  case syntax::Expr::List: {
    Value v;
    v.kind = Value::List;
    bool fine = !e.operands.empty();
    for (const syntax::Expr *element : e.operands) {
      v.fields.push_back({"", expression(c, *element)});
      fine &= !v.fields.back().second.isError();
    }
    if (e.operands.empty())
      return error("E0233", e.place, "a list has at least one element", "none here", "write `[a, b]`");
    return fine ? v : Value();
  }
  case syntax::Expr::Labels:
    return unsupported(e.place, "a list of labels here",
                       "labels stand in `dim push = {left, right}`; a list is `[a, b]`");
  case syntax::Expr::Reduce:
    return notationReduction(c, e);
  case syntax::Expr::Until:
    return until(c, e);
  case syntax::Expr::While:
    return whileLoop(c, e);
  case syntax::Expr::Repeat:
    return repeat(c, e, fmt::format("{}{}#{}", c.path, c.path.empty() ? "" : ".", (*c.ordinal)++));
  }
  return {};
}

Value Analyzer::named(Context &c, const syntax::Expr &e, const std::string &path) {
  Context inner = c;
  if (e.kind == syntax::Expr::Repeat)
    return repeat(inner, e, path);
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
  Value v = expression(c, e);
  if (v.kind == Value::ModelType || v.kind == Value::OptimizerType)
    return error("E0206", e.place, fmt::format("`{}` makes one when it is called", v.function.item->name),
                 "a declaration, no value", "write its parentheses, too: `let net = Dense[a, b]()`");
  return v;
}

// The slot itself, or under mapping what stands for it while it is differentiated.
Slot *Analyzer::lane(const Context &c, Slot *slot) {
  auto found = c.lanes ? c.lanes->find(slot) : decltype(c.lanes->end())();
  return c.lanes && found != c.lanes->end() ? found->second : slot;
}

// `push.left`, where an axis that is known has the label `left`; else empty.
static std::string labelNamed(const Scope *scope, const std::string &name) {
  for (; scope; scope = scope->parent)
    for (auto &[axis, entity] : scope->names)
      if (entity.kind == Entity::Axis && llvm::is_contained(entity.axis.axis->labels, name))
        return axis + "." + name;
  return "";
}

Value Analyzer::nameUse(Context &c, const syntax::Expr &e) {
  const Entity *found = lookup(c.scope, e.name);
  if (!found)
    found = declaredBelow(c.scope, e.name);
  if (!found && e.name == "training")
    return tensor(constant({Element::Bool, nullptr}, c.training, e.place));
  if (!found && maybeUnread(e.name))
    return {};
  if (!found && (e.name == "inf" || e.name == "pi")) {
    Value v;
    v.kind = Value::Literal, v.number = e.name == "pi" ? M_PI : INFINITY;
    return v;
  }
  if (!found && (isUnaryPrimitive(e.name) || isReduction(e.name) || elementNamed(e.name))) {
    Value v;
    v.kind = Value::Function, v.function.primitive = e.name;
    return v;
  }
  if (!found && isPrimitive(e.name))
    return error(
        "E0214", e.place, fmt::format("`{}` stands only where it is called, without brackets", e.name), "here",
        fmt::format("write `{}(…)`{}", e.name, e.name == "random" ? "; `uniform[axis]()` draws along axes" : ""));
  if (auto value = found ? values.end() : values.find(e.name); value != values.end()) {
    diagnostics.error("E0211", e.place, fmt::format("`{}` is made of itself, directly or through others", e.name))
        .label("its value comes back to it")
        .origin(value->second->place, "declared here")
        .help("make it of what is known without it");
    return {};
  }
  if (!found) {
    auto near = nearestName(e.name, candidates(c.scope));
    auto &d = diagnostics.error("E0201", e.place, fmt::format("there is no `{}`", e.name)).label("not known here");
    bool called = &e == callee;
    std::string_view instead = syntax::insteadOf(e.name);
    if (std::string label = diagnostics.showsMore() ? labelNamed(c.scope, e.name) : ""; !label.empty()) {
      d.help(fmt::format("a label is said with its axis: `{}`", label));
    } else if (!instead.empty()) {
      d.help(std::string(instead));
    } else if (near) {
      const Entity *other = lookup(c.scope, *near);
      if (other->place.length && other->place.file == e.place.file)
        d.origin(other->place, fmt::format("`{}` is declared here", *near));
      d.help(fmt::format("did you mean `{}`?", *near));
    } else {
      d.help(e.name == "gradcheck" ? "say of which loss, and by what: `gradcheck(over: net) { loss }`"
             : called              ? fmt::format("declare it: `fn {}(…) = …`", e.name)
                                   : fmt::format("declare it, for example `let {} = …`", e.name));
    }
    return {};
  }
  usage.read(found->place);
  if (e.primes && found->kind != Entity::Axis) {
    if (found->value.isError() || maybeUnread(e.name))
      return {};
    auto &d = diagnostics
                  .error("E0203", e.place,
                         fmt::format("`{}` is {}, and only axes have primes", e.name, withArticle(found->what)))
                  .label("here");
    if (found->place.length && found->place.file == e.place.file)
      d.origin(found->place, "declared here");
    d.help(fmt::format("write `{}`, or give the other value a name of its own", e.name));
    return {};
  }
  if (found->computed)
    return callFunction(c, found->value.function, {}, std::nullopt, e.place);
  Value v = found->value;
  if (v.kind == Value::Function && &e != callee && v.function.item)
    for (auto &p : v.function.item->parameters)
      usage.exempt(p.place);

  if (found->kind == Entity::Axis) {
    v = {};
    v.kind = Value::AxisName, v.axis = found->axis;
    v.axis.primes += e.primes;
    return v;
  }
  if (found->kind == Entity::Product) { // as a number, that of its elements
    v = {};
    v.kind = Value::Literal, v.number = 1, v.whole = true;
    for (const AxisUse &a : found->parts) {
      if (a.extent < 0)
        return unsupported(e.place, "the number of a product with a data set's axis",
                           "multiply the numbers of its axes");
      v.number *= double(a.extent);
    }
    return v;
  }
  if (found->kind == Entity::Declaration) {
    diagnostics.error("E0203", e.place, fmt::format("`{}` is {}, not a value", e.name, withArticle(found->what)))
        .label("here")
        .origin(found->place, "declared here")
        .help("tasks are called from the command line; what two of them share is a `fn`");
    return {};
  }
  return current(c, v, e.place);
}

Value Analyzer::member(Context &c, const syntax::Expr &e) {
  Value base = expressionOrSet(c, *e.operands[0]);
  if (base.isError())
    return base;
  bool rows = base.kind == Value::DataSet || base.kind == Value::Shuffle;
  if (rows && (e.name == "batches" || e.name == "windows") && &e != callee)
    return error("E0210", e.place, fmt::format("`{}` takes one axis", e.name), "here",
                 fmt::format("write `.{}[axis]`", e.name));
  std::vector<std::string> known;
  if (base.kind == Value::Tuple) {
    for (auto &[name, field] : base.fields)
      if (known.push_back(name), name == e.name)
        return field;
  } else if (base.kind == Value::Model) {
    if (const Entity *m = lookup(base.model->scope.get(), e.name); m && base.model->scope->names.count(e.name)) {
      usage.read(m->place);
      if (m->computed)
        return callFunction(c, m->value.function, {}, std::nullopt, e.place);
      return eachLeaf(current(c, m->value, e.place), "", [&](const Value &leaf, const std::string &) {
        Value v = leaf;
        if (v.slot)
          v.expr = aliasesOutside(base.model->aliases, leaf.expr, e.place);
        return v;
      });
    }
    for (auto &[name, entity] : base.model->scope->names)
      known.push_back(name);
  } else if ((base.kind == Value::Gradient || base.kind == Value::Computed) && base.model) {
    if (Value part = memberOfLeaves(base, e.name, e.place); !part.isError())
      return part;
    for (auto &[name, member] : base.model->members)
      known.push_back(name);
  } else if (base.kind == Value::Shuffle) {
    return Shuffles(*this, c).member(base, e);
  } else if (base.kind == Value::DataSet) {
    DataValue d = base.data;
    if (d.part < 0)
      for (size_t k = 0; k < d.data->parts.size(); ++k)
        if (known.push_back(d.data->parts[k].name), d.data->parts[k].name == e.name) {
          base.data.part = int(k);
          return base;
        }
    if (e.name == "windows" && !haveWindows(d, e.place))
      return {};
    if (e.name == "shuffle" || e.name == "batches" || e.name == "windows") {
      if (d.part < 0 && d.data->parts[0].name.empty())
        base.data.part = 0;
      if (e.name == "shuffle")
        base.data.shuffled = true;
      return base;
    }
    if (d.part < 0 && d.data->parts[0].name.empty())
      d.part = 0;
    for (const Field &f : d.data->fields)
      if (f.reads != Field::Length && !d.data->ofValues() && (known.push_back(f.name), f.name == e.name)) {
        if (d.part < 0) {
          diagnostics.error("E0403", e.place, fmt::format("`{}` is split: say the part", d.data->name))
              .label("of which part?")
              .origin(d.data->location, "declared here")
              .help(fmt::format("for example `{}.{}.{}`", d.data->name, d.data->parts[0].name, e.name));
          return {};
        }
        return field(c, d, e.name, nullptr, e.place);
      }
    known.insert(known.end(), {"shuffle", "batches", "windows"});
  } else if (base.kind == Value::AxisName) {
    auto &labels = base.axis.axis->labels;
    for (size_t k = 0; k < labels.size(); ++k)
      if (labels[k] == e.name)
        return tensor(constant({Element::Index, base.axis.axis}, double(k), e.place));
    known = labels;
  }
  llvm::erase_if(known, [](const std::string &name) { return name.empty() || name == "()"; });
  auto near = nearestName(e.name, known);
  Location last = e.place; // the member's name alone
  last.offset += last.length - std::min<uint32_t>(last.length, uint32_t(e.name.size() + e.primes));
  last.length = uint32_t(e.name.size() + e.primes);
  auto &d = diagnostics.error("E0212", last, fmt::format("{} has no `{}`", describe(c, base), e.name));
  d.label("no such member");
  if (e.operands[0]->kind == syntax::Expr::NameUse)
    if (const Entity *owner = lookup(c.scope, e.operands[0]->name); owner && owner->place.length)
      d.origin(owner->place, fmt::format("`{}` is declared here", e.operands[0]->name));
  std::string_view instead = syntax::insteadOf(e.name);
  bool function = isReduction(e.name) || isPrimitive(e.name);
  d.help(near               ? fmt::format("did you mean `{}`?", *near)
         : function         ? fmt::format("it is a function: `{}(x)`", e.name)
         : !instead.empty() ? std::string(instead)
         : known.empty()    ? "it has no members"
                            : fmt::format("it has `{}`", fmt::join(known, "`, `")));
  return {};
}

Value Analyzer::unary(Context &c, const syntax::Expr &e) {
  Value v = expression(c, *e.operands[0]);
  if (v.isError())
    return v;
  if (v.kind == Value::Literal && e.text == "-") {
    v.number = -v.number;
    if (v.exact)
      v.exact = -*v.exact;
    return v;
  }
  if (isModelValue(v) && e.text == "-")
    return negated(v, e.place);
  Expr *x = asTensor(c, v, e.place);
  if (!x)
    return {};
  bool truth = x->type.element.kind == Element::Bool;
  if (truth != (e.text == "not") || x->type.element.kind == Element::Index)
    return errorOf(c, {v}, "E0205", e.operands[0]->place, e.text == "not" ? "`not` takes a bool" : "`-` takes a number",
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
  if (op == "%")
    return a - std::floor(a / b) * b;
  if (op == "^")
    return std::pow(a, b);
  return std::nullopt;
}

// Whole numbers floor where they are divided (rule 32), but a float is asked of the whole expression (rule 3): so both
// are kept.
std::optional<Value> Analyzer::foldLiterals(const std::string &op, const Value &a, const Value &b, Location place) {
  std::optional<double> folded = fold(op, a.number, b.number), foldedFloats = fold(op, a.asFloat(), b.asFloat());
  if (!folded || !foldedFloats)
    return std::nullopt;
  double whole = *folded, exact = *foldedFloats;
  bool wholes = a.whole && b.whole, divides = op == "/" || op == "%";
  if (wholes && divides && b.asFloat() == 0)
    return error("E0206", place, "a whole number can't be divided by 0", "here",
                 "write `1.0 / 0.0` if infinity is meant");
  Value v;
  v.kind = Value::Literal, v.number = exact;
  if (!wholes || (divides && b.number == 0))
    return v;
  if (op == "/")
    whole = std::floor(whole);
  v.whole = std::floor(whole) == whole;
  if (v.whole && whole != exact)
    v.number = whole, v.exact = exact;
  return v;
}

Value Analyzer::arithmetic(Context &c, const std::string &op, Value a, Value b, Location place, Location placeA,
                           Location placeB) {
  auto number = [](const Value &v) {
    Value n = v;
    if (v.kind == Value::AxisName && v.axis.extent >= 0 && !v.axis.axis->bounded)
      n = {}, n.kind = Value::Literal, n.number = double(v.axis.extent), n.whole = true;
    return n;
  };
  if (Value x = number(a), y = number(b); x.kind == Value::Literal && y.kind == Value::Literal)
    if (auto folded = foldLiterals(op, x, y, place))
      return *folded;
  if (isModelValue(a) || isModelValue(b))
    return modelArithmetic(c, op, a, b, place, placeA, placeB);
  // Rule 11: `n % axis` is an index of that axis.
  if (op == "%" && b.kind == Value::AxisName && b.axis.extent >= 0 && !b.axis.axis->bounded && a.kind == Value::Tensor)
    if (Element::Kind kind = a.expr->type.element.kind;
        kind == Element::Index || kind == Element::I64 || kind == Element::I32) {
      Element whole{Element::I64, nullptr};
      Expr *n = constant(whole, double(b.axis.extent), placeB);
      Expr *within = pointwise("rem", whole, {cast(a.expr, whole, placeA), n}, place);
      return tensor(cast(within, {Element::Index, b.axis.axis}, place), a.draws);
    }
  std::optional<Element> wanted;
  for (const Value *v : {&a, &b})
    if (v->kind == Value::Tensor)
      wanted = v->expr->type.element;
  bool counts = op == "+" || op == "-" || op == "*" || op == "/" || op == "%"; // with an index: in whole numbers
  if (wanted && wanted->kind == Element::Index && counts)
    wanted = Element{Element::I64, nullptr};
  for (bool second : {false, true}) { // a list goes along the axes of what it meets
    Value &list = second ? b : a, &other = second ? a : b;
    if (list.kind != Value::List || other.kind != Value::Tensor)
      continue;
    list = listAs(c, list, {*wanted, visibleType(c, other.expr->type).axes}, second ? placeB : placeA);
    if (list.isError())
      return {};
  }
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
    auto &d = diagnostics.error("E0205", place,
                                fmt::format("`{}` takes equal elements, and these are {} and {}", op,
                                            show(Type{tx.element, {}}), show(Type{ty.element, {}})));
    d.label(fmt::format("{} and {}", show(tx), show(ty)));
    origins(d, c, {a, b});
    const Type &narrow = tx.element.isFloat() ? ty : tx;
    d.help(oneIndex ? "indices of two axes are never equal: one of them is the wrong one"
           : narrow.element.kind == Element::Bool
               ? "a bool is no number: `if c then 1 else 0` makes one"
               : fmt::format("convert one of them, for example `{}({})`",
                             show(Type{tx.element.isFloat() ? tx.element : ty.element, {}}),
                             (tx.element.isFloat() ? b : a).variable ? (tx.element.isFloat() ? b : a).variable->name
                                                                     : std::string("n")));
    return {};
  }
  bool truth = tx.element.kind == Element::Bool;
  if (logic != truth && !(equality && truth))
    return errorOf(c, {a, b}, "E0205", place, fmt::format("`{}` does not take {}", op, show(Type{tx.element, {}})),
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
  if (mnemonic == "pow" && !tx.element.isFloat()) {
    if (y->kind != Expr::Constant || y->integer < 0 || y->integer > 63)
      return errorOf(c, {a, b}, "E0205", place,
                     "`^` takes floats, or a whole number and an exponent that is written out, 0 to 63",
                     fmt::format("{} ^ {}", show(tx), show(ty)), "convert both, for example `f32(n) ^ f32(k)`");
    auto mul = [&](Expr *p, Expr *q) { return pointwise("mul", tx.element, {p, q}, place); };
    Expr *power = nullptr, *square = x;
    for (int64_t n = y->integer; n; n /= 2) { // multiplied out
      if (n % 2)
        power = power ? mul(power, square) : square;
      if (n > 1)
        square = mul(square, square);
    }
    return tensor(power ? power : broadcast(constant(tx.element, 1, place), x->type, place), a.draws);
  }
  return tensor(pointwise(mnemonic, compares ? Element{Element::Bool, nullptr} : tx.element, {x, y}, place),
                a.draws || b.draws);
}

} // namespace burin::sema
