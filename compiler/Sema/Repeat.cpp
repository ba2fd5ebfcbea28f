// `repeat n: layers { Block[…]() }`: one model whose parameters are stacked along an axis, called as the composition of
// its layers (rule 33).
//
// A slot of a repeated model has the axis besides its own. In the model's functions it is one layer's: they take the
// layer's number behind their arguments, and read slots there. The call is a loop over the axis, whose counter finds
// its slices as any does; so there is one body whatever the number of layers. A write to a state of the layer is a
// write at its number into the states of all, which is done in place.
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

Value Analyzer::repeat(Context &c, const syntax::Expr &e, const std::string &path) {
  auto use = axis(c, e.axes[0]);
  if (!use)
    return {};
  if (use->extent < 1)
    return error("E0257", e.axes[0].place, "how often this repeats is not known when compiling", show(*use),
                 "declare a size: `dim layers = 4`");
  const syntax::Stmt *only = e.body.size() == 1 ? e.body[0] : nullptr;
  bool makes = only && only->kind == syntax::Stmt::Expression && only->value->kind == syntax::Expr::Call;
  Context inner = c;
  inner.stack.push_back(*use);
  Value v = makes ? named(inner, *only->value, path) : Value();
  if (makes && v.isError())
    return v;
  if (!makes || v.kind != Value::Model)
    return error("E0257", only ? only->place : e.place, "`repeat` stacks a model", makes ? describe(c, v) : "here",
                 "make one in its block: `repeat n: layers { Block[hidden]() }`");
  v.model->repeats = *use, v.model->made = e.place;
  return v;
}

// Of the layers that a slot is stacked along, which ones c is in; none where it is in no layer.
std::vector<std::pair<AxisUse, Expr *>> Analyzer::layersOf(const Context &c, const Slot *slot) const {
  std::vector<std::pair<AxisUse, Expr *>> out;
  auto stack = stackOf.find(slot);
  for (const AxisUse &a : stack == stackOf.end() || c.layers.empty() ? Axes() : stack->second) {
    auto layer = llvm::find_if(c.layers, [&](auto &known) { return known.first == a.axis; });
    if (layer == c.layers.end())
      return {};
    out.push_back({a, layer->second});
  }
  return out;
}

// A slot's type as a body of a layer sees it.
Type Analyzer::typeInLayer(const Context &c, const Slot *slot) const {
  Type type = slot->type;
  for (auto &[axis, layer] : layersOf(c, slot))
    llvm::erase(type.axes, axis);
  return type;
}

// The value of a slot in its layer; null: all of it.
Expr *Analyzer::layerOf(const Context &c, const Slot *slot, Expr *whole, Location place) {
  auto layers = layersOf(c, slot);
  if (layers.empty())
    return nullptr;
  Expr *out = node(Expr::Gather, typeInLayer(c, slot), place);
  out->operands = {whole};
  for (auto &[axis, layer] : layers)
    out->operands.push_back(layer), out->over.push_back(axis);
  return out;
}

// All of a slot, in which its layer is `value`: what a body of the layer writes.
Expr *Analyzer::withLayer(const Context &c, const Slot *slot, Expr *value, Location place) {
  auto layers = layersOf(c, slot);
  if (layers.empty())
    return value;
  Expr *out = node(Expr::Scatter, slot->type, place);
  out->name = "scatter", out->operands = {broadcast(value, typeInLayer(c, slot), place)};
  for (auto &[axis, layer] : layers)
    out->operands.push_back(layer), out->over.push_back(axis);
  out->operands.push_back(get(slot, place));
  return out;
}

/// A call of a repeated model: its first argument through all layers, one after the other.
class Composition {
  using Argument = Analyzer::Argument;

public:
  Composition(Analyzer &analyzer, Context &context, const ModelInstance &model, const FunctionValue &f, Location place)
      : a(analyzer), c(context), model(model), f(f), place(place) {}
  Value run(std::vector<Argument> given, std::optional<Axes> over);

private:
  bool takeArguments(std::vector<Argument> &given);
  bool widen(std::vector<Argument> given, const std::optional<Axes> &over);
  bool fits(size_t k, const Expr *e) const;
  Value call(Context inner, Expr *layer, std::vector<Argument> given, const std::optional<Axes> &over);

  Analyzer &a;
  Context &c;
  const ModelInstance &model;
  const FunctionValue &f;
  Location place;
  std::vector<Type> types; ///< of what goes through, leaf by leaf
  Axes outer;              ///< that a layer may bring: of the bodies around, of arguments, of models that are several
  Axes mapped;             ///< of these, along which a layer's result may be the same
};

bool Composition::takeArguments(std::vector<Argument> &given) {
  given[0].value = a.eachLeaf(given[0].value, "", [&](const Value &leaf, const std::string &) {
    Expr *e = a.asTensor(c, leaf, given[0].place);
    return e ? a.tensor(e, leaf.draws) : Value();
  });
  outer = c.mapped;
  llvm::append_range(outer, model.extra);
  mapped = outer;
  for (const Argument &argument : given)
    a.eachLeaf(argument.value, "", [&](const Value &leaf, const std::string &) {
      if (leaf.kind == Value::Tensor)
        llvm::append_range(outer, leaf.expr->type.axes);
      return leaf;
    });
  a.eachLeaf(given[0].value, "", [&](const Value &leaf, const std::string &) {
    types.push_back(leaf.expr ? leaf.expr->type : Type());
    return leaf;
  });
  return !given[0].value.isError();
}

Value Composition::call(Context inner, Expr *layer, std::vector<Argument> given, const std::optional<Axes> &over) {
  inner.emission = nullptr;
  inner.layers.push_back({model.repeats.axis, layer});
  return a.callFunction(inner, f, std::move(given), over, place);
}

// What goes through has from the first layer on the axes that a layer brings. They are found by calling one, as often
// as that finds more.
bool Composition::widen(std::vector<Argument> given, const std::optional<Axes> &over) {
  const Variable *layer = a.variable("layer", {{Element::Index, model.repeats.axis}, {}}, place);
  for (bool wider = true; wider;) {
    wider = false;
    Block unused;
    unsigned ordinal = 0;
    Context inner = c;
    inner.block = &unused, inner.ordinal = &ordinal;
    size_t k = 0;
    given[0].value = a.eachLeaf(given[0].value, "", [&](const Value &leaf, const std::string &) {
      return a.tensor(a.use(a.variable("through", types[k++], place), place), leaf.draws);
    });
    Value result = call(inner, a.use(layer, place), given, over);
    if (result.isError())
      return false;
    k = 0;
    a.eachLeaf(result, "", [&](const Value &leaf, const std::string &) {
      for (const AxisUse &axis : leaf.kind == Value::Tensor && k < types.size() ? leaf.expr->type.axes : Type().axes)
        if (llvm::is_contained(outer, axis) && !llvm::is_contained(types[k].axes, axis))
          types[k].axes.insert(types[k].axes.begin(), axis), mapped.push_back(axis), wider = true;
      ++k;
      return leaf;
    });
  }
  return true;
}

// Whether a layer's result is what the next one takes.
bool Composition::fits(size_t k, const Expr *e) const {
  auto has = [](const Type &type, const AxisUse &axis) {
    return llvm::any_of(type.axes, [&](const AxisUse &b) { return axis == b && axis.length == b.length; });
  };
  return e && k < types.size() && e->type.element == types[k].element &&
         llvm::all_of(
             e->type.axes, [&](const AxisUse &axis) { return has(types[k], axis); }) &&
         llvm::all_of(
             types[k].axes,
             [&](const AxisUse &axis) { return has(e->type, axis) || llvm::is_contained(mapped, axis); });
}

Value Composition::run(std::vector<Argument> given, std::optional<Axes> over) {
  if (!takeArguments(given) || !widen(given, over))
    return {};
  Element i64{Element::I64, nullptr};
  std::vector<Slot *> slots;
  std::string path = fmt::format("{}.repeat#{}", c.path, (*c.ordinal)++);
  Value through = a.eachLeaf(given[0].value, path, [&](const Value &leaf, const std::string &name) {
    Expr *state = a.localState(c, name, a.broadcast(leaf.expr, types[slots.size()], place), place);
    slots.push_back(const_cast<Slot *>(state->slot));
    return a.tensor(state, leaf.draws);
  });
  Stmt *s = a.statement(c, Stmt::For, place);
  s->value = a.constant(i64, double(model.repeats.extent), place);
  s->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
  s->variables = {a.variable("layer", {i64, {}}, place)};
  Context inner = c;
  inner.block = &s->body;
  Expr *number = a.cast(a.use(s->variables[0], place), {Element::Index, model.repeats.axis}, place);
  Expr *layer = a.define(inner, "layer", a.tensor(number), place).expr;
  given[0].value = through;
  Value result = call(inner, layer, given, over);
  if (result.isError())
    return {};
  std::vector<Expr *> next;
  bool same = true;
  a.eachLeaf(result, "", [&](const Value &leaf, const std::string &) {
    size_t k = next.size();
    same &= fits(k, leaf.kind == Value::Tensor ? leaf.expr : nullptr);
    next.push_back(same ? a.define(inner, "next", a.tensor(a.broadcast(leaf.expr, types[k], place)), place).expr
                        : nullptr);
    return leaf;
  });
  if (!same || next.size() != slots.size())
    return a.error("E0257", place,
                   fmt::format("a layer of `{}` gives {} for {}, and the next one takes what it gave", model.item->name,
                               a.describe(c, result), a.describe(c, through)),
                   "result and argument are of two types", "repeat a model whose result has the type of its argument");
  for (size_t j = 0; j < slots.size(); ++j)
    a.set(inner, slots[j], next[j], place);
  return a.eachLeaf(through, "through", [&](const Value &leaf, const std::string &name) {
    return a.define(c, name, a.tensor(a.get(leaf.expr->slot, place), leaf.draws), place);
  });
}

// x through all layers, one after the other.
Value Analyzer::compose(Context &c, const ModelInstance &model, const FunctionValue &f, std::vector<Argument> given,
                        std::optional<std::vector<AxisUse>> over, Location place) {
  if (given.empty() || !given[0].name.empty())
    return error("E0214", place, "a repeated model takes first what goes through its layers", "here",
                 "give it as the first argument");
  return Composition(*this, c, model, f, place).run(std::move(given), std::move(over));
}

} // namespace burin::sema
