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

// x through all layers, one after the other.
Value Analyzer::compose(Context &c, const ModelInstance &model, const FunctionValue &f, std::vector<Argument> given,
                        std::optional<std::vector<AxisUse>> over, Location place) {
  if (given.empty() || !given[0].name.empty())
    return error("E0214", place, "a repeated model takes first what goes through its layers", "here",
                 "give it as the first argument");
  Element i64{Element::I64, nullptr};
  AxisUse axis = model.repeats;
  // Where each element of an axis has a model of its own, what goes through has that axis from the first layer on.
  Axes each;
  for (const ModelLeaf &leaf : leavesOf(model))
    for (const AxisUse &a : lane(c, leaf.slot)->type.axes)
      if ((llvm::is_contained(model.extra, a) || llvm::is_contained(c.mapped, a)) && !llvm::is_contained(each, a))
        each.push_back(a);
  std::vector<Slot *> slots;
  std::string path = fmt::format("{}.repeat#{}", c.path, (*c.ordinal)++);
  Value through = eachLeaf(given[0].value, path, [&](const Value &leaf, const std::string &name) -> Value {
    Expr *e = asTensor(c, leaf, given[0].place);
    if (!e)
      return {};
    Type all{e->type.element, {each.begin(), each.end()}};
    for (const AxisUse &a : e->type.axes)
      if (!llvm::is_contained(each, a))
        all.axes.push_back(a);
    Expr *state = localState(c, name, broadcast(e, all, place), place);
    slots.push_back(const_cast<Slot *>(state->slot));
    return tensor(state, leaf.draws);
  });
  if (through.isError())
    return {};
  Stmt *s = statement(c, Stmt::For, place);
  s->value = constant(i64, double(axis.extent), place), s->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
  const Variable *counter = variable("layer", {i64, {}}, place);
  s->variables = {counter};
  Expr *number = use(counter, place);
  Context inner = c;
  inner.block = &s->body, inner.emission = nullptr;
  Value index = define(inner, "layer", tensor(cast(number, {Element::Index, axis.axis}, place)), place);
  inner.layers.push_back({axis.axis, index.expr});
  given[0].value = through;
  Value result = callFunction(inner, f, std::move(given), std::move(over), place);
  if (result.isError())
    return {};
  size_t k = 0;
  bool same = true;
  std::vector<Expr *> next;
  eachLeaf(result, "", [&](const Value &leaf, const std::string &) {
    Expr *e = leaf.kind == Value::Tensor ? leaf.expr : nullptr;
    same &= e && k < slots.size() && e->type.element == slots[k]->type.element &&
            e->type.axes.size() == slots[k]->type.axes.size() &&
            llvm::all_of(
                e->type.axes,
                [&](const AxisUse &a) {
                  return llvm::any_of(slots[k]->type.axes,
                                      [&](const AxisUse &b) { return a == b && a.length == b.length; });
                });
    next.push_back(same ? define(inner, "next", tensor(broadcast(e, slots[k]->type, place)), place).expr : nullptr);
    ++k;
    return leaf;
  });
  if (!same || k != slots.size())
    return error("E0257", place,
                 fmt::format("a layer of `{}` gives {} for {}, and the next one takes what it gave", model.item->name,
                             describe(c, result), describe(c, through)),
                 "result and argument are of two types", "repeat a model whose result has the type of its argument");
  for (size_t j = 0; j < slots.size(); ++j)
    set(inner, slots[j], next[j], place);
  return eachLeaf(through, "through", [&](const Value &leaf, const std::string &name) {
    return define(c, name, tensor(get(leaf.expr->slot, place), leaf.draws), place);
  });
}

} // namespace burin::sema
