// Optimisers: what they are made of, and their step of each parameter (rule 28).
#include "compiler/Sema/Lets.h"
#include "llvm/Support/SaveAndRestore.h"
#include <fmt/format.h>

namespace burin::sema {

// A number that is known when compiling.
static Value asLiteral(const Value &v) {
  if (v.kind != Value::Tensor || v.expr->kind != Expr::Constant || !v.expr->type.axes.empty())
    return v;
  Value number;
  number.kind = Value::Literal, number.whole = !v.expr->type.element.isFloat();
  number.number = number.whole ? double(v.expr->integer) : v.expr->number;
  return number;
}

Value Analyzer::instantiateOptimizer(Context &c, const FunctionValue &type, const syntax::Expr &call,
                                     const std::string &path) {
  std::vector<Argument> given;
  std::optional<Axes> over;
  std::vector<const Argument *> matched;
  if (!arguments(c, call, given, over) || !match(type.item->parameters, given, matched, type.item->name, call.place))
    return {};
  Value v;
  v.kind = Value::Optimizer;
  v.optimizer = std::make_shared<OptimizerInstance>();
  v.optimizer->item = type.item, v.optimizer->scope = type.scope, v.optimizer->path = path;
  Context inner = c;
  inner.scope = type.scope;
  for (size_t k = 0; k < matched.size(); ++k) {
    const syntax::Parameter &p = type.item->parameters[k];
    Value value = asLiteral(matched[k] ? matched[k]->value : expression(inner, *p.initial));
    if (value.kind != Value::Literal && value.kind != Value::Function && value.kind != Value::AxisName)
      return value.isError()
                 ? value
                 : error("E0206", matched[k] ? matched[k]->place : p.place,
                         fmt::format("`{}` of an optimiser is a number or a function of the step", p.name),
                         describe(c, value), "numbers that change when running come by a function of the step");
    v.optimizer->arguments.push_back({p.name, value});
  }
  return v;
}

// What lives no longer than a call, or was given its value once, is not trained.
bool Analyzer::isLasting(Context &c, const Value &model, Location place) {
  const ModelInstance *m = model.kind == Value::Model ? model.model : nullptr;
  bool local = m && llvm::any_of(leavesOf(*m), [](const ModelLeaf &l) { return l.slot->kind == Slot::Local; });
  if (!m || (!m->fixed && !(local && c.function)))
    return true;
  diagnostics.error("E0272", place, "an optimiser trains what lives on, and this is a value")
      .label(m->fixed ? "a model that a `let` made" : "a state of this function, gone when it ends")
      .origin(m->made, "made here")
      .help(m->fixed ? "train the model itself, or declare the copy by `state`"
                     : "write the step out: `fast <- fast - rate * grad(over: fast) { … }`");
  return false;
}

/// What an optimiser keeps of one parameter, and the step that it makes.
class OptimiserStep {
public:
  OptimiserStep(Analyzer &analyzer, OptimizerInstance &optimiser, const Slot *slot, Location place)
      : a(analyzer), o(optimiser), slot(slot), place(place), model(std::make_shared<ModelInstance>()) {
    model->item = o.item, model->path = fmt::format("{}@{}", o.path, slot->path);
    model->scope = std::make_unique<Scope>();
    model->scope->parent = o.scope;
    a.models.push_back(model);
    context.scope = model->scope.get(), context.path = model->path;
    context.block = &unused, context.ordinal = &ordinal;
  }
  /// The parameter's new value; an error was said if it is one. `step`: the optimiser's function.
  Value run(Context &c, const syntax::Item &step, Expr *gradient);

private:
  void declareArguments();
  bool declareMembers();
  bool declareState(const syntax::Stmt &s, std::map<std::string, Slot *> &known);

  Analyzer &a;
  OptimizerInstance &o;
  const Slot *slot;
  Location place;
  std::shared_ptr<ModelInstance> model;
  Context context;
  Block unused;
  unsigned ordinal = 0;
};

void OptimiserStep::declareArguments() {
  for (auto &[name, v] : o.arguments) {
    Entity e;
    e.value = v, e.place = o.item->namePlace, e.what = "argument";
    for (auto &p : o.item->parameters) {
      if (p.name != name)
        continue;
      e.place = p.place, a.usage.declare(p.place, name, "argument");
      if (p.hasType && p.type.path.size() == 1 && p.type.path[0].text == "f32" && v.kind == Value::Literal)
        e.value = a.tensor(a.constant({Element::F32, nullptr}, v.asFloat(), place)); // a value of its type
    }
    model->scope->names[name] = e;
  }
  Entity param;
  param.value.kind = Value::Tensor;
  param.value.slot = const_cast<Slot *>(slot);
  param.value.expr = a.get(slot, place);
  model->scope->names["param"] = param;
}

// One for each optimiser and parameter, however often it steps.
bool OptimiserStep::declareState(const syntax::Stmt &s, std::map<std::string, Slot *> &known) {
  Slot *&mine = known[s.pattern.name];
  if (!mine) {
    Shape shape;
    shape.leaf = slot->type;
    if (s.hasType) {
      auto type = a.type(context, s.type);
      if (!type)
        return false;
      shape.leaf = *type;
    }
    Value kept;
    kept.kind = Value::Tensor;
    kept.slot = a.makeSlot(fmt::format("{}.{}@{}", o.path, s.pattern.name, slot->path), Slot::Optimiser, shape.leaf,
                           s.pattern.place);
    if (!a.initialise(context, kept, shape, *s.value))
      return false;
    mine = kept.slot;
  }
  Entity e;
  e.value.kind = Value::Tensor, e.value.slot = mine, e.value.expr = a.get(mine, place);
  e.place = s.pattern.place, e.what = "state";
  a.usage.declare(e.place, s.pattern.name, "state");
  model->scope->names[s.pattern.name] = e;
  return true;
}

bool OptimiserStep::declareMembers() {
  auto &all = a.optimiserStates[slot];
  auto known = llvm::find_if(all, [&](auto &states) { return states.first == &o; });
  auto &states = known != all.end() ? known->second : all.emplace_back(&o, std::map<std::string, Slot *>()).second;
  for (const syntax::Stmt *s : o.item->body) {
    if (s->kind == syntax::Stmt::Param)
      return a.error("E0304", s->place, "an optimiser has no parameters of its own", "trained by what?",
                     "what it keeps of each parameter is a `state`"),
             false;
    if (s->kind == syntax::Stmt::State ? !declareState(*s, states) : !a.modelMember(context, *model, *s))
      return false;
  }
  return true;
}

Value OptimiserStep::run(Context &c, const syntax::Item &step, Expr *gradient) {
  declareArguments();
  if (!declareMembers())
    return {};
  for (auto &p : step.parameters) // which there are is not the optimiser's choice
    a.usage.exempt(p.place);
  FunctionValue f{&step, model->scope.get(), model.get(), {}};
  Value p = a.tensor(a.get(slot, place)), g = a.tensor(gradient);
  Value result = a.callFunction(c, f, {{"", p, place}, {"", g, place}}, std::nullopt, place);
  if (result.isError() ||
      (result.kind == Value::Tensor && a.visible(c, result.expr->type).size() == slot->type.axes.size()))
    return result;
  return a.error("E0304", step.place,
                 fmt::format("the optimiser `{}` gives {} for a parameter of {}", o.item->name, a.describe(c, result),
                             show(slot->type)),
                 "here", "its function gives the parameter's new value");
}

// new = opt(p, g) for every parameter, then all are set at once.
Value Analyzer::apply(Context &c, const Value &model, const Value &gradient, const Value &with, Location place) {
  llvm::SaveAndRestore<std::optional<Element>> digits(precision, std::nullopt); // parameters keep theirs
  if (!llvm::all_of(partsTrained(model), [&](const Value *v) { return isLasting(c, *v, place); }))
    return {};
  if (c.mask) {
    diagnostics.error("E0255", place, "this can't be done for some elements only")
        .label("changes all of a model")
        .origin(c.mask->place, "under a condition with axes")
        .help("reduce the condition to one bool, for example `any(…)`, or do this outside");
    return {};
  }
  OptimizerInstance &o = *with.optimizer;
  const syntax::Item *step = nullptr;
  for (const syntax::Stmt *s : o.item->body)
    if (s->kind == syntax::Stmt::Function && s->item->name.empty())
      step = s->item;
  if (!step || step->parameters.size() != 2)
    return error("E0304", o.item->namePlace, "an optimiser has a function of a parameter and its gradient", "here",
                 "write `fn (p, g) { … }`");
  std::vector<std::pair<Slot *, Expr *>> updates;
  for (size_t k = 0; k < gradient.slots.size(); ++k) {
    Slot *slot = const_cast<Slot *>(gradient.slots[k]);
    Value result = OptimiserStep(*this, o, slot, place).run(c, *step, gradient.leaves[k]);
    Expr *value = result.isError() ? nullptr : writable(c, slot, result, place);
    if (!value)
      return {};
    updates.push_back({slot, value});
  }
  for (auto &[slot, value] : updates) {
    set(c, slot, value, place);
    trained.insert(slot);
  }
  return unitValue();
}

} // namespace burin::sema
