// Gradients and updates: rules 25 to 28.
#include "compiler/Sema/Analyzer.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/SaveAndRestore.h"
#include <fmt/format.h>

namespace burin::sema {

std::vector<const Value *> partsTrained(const Value &v) {
  if (v.kind != Value::Tuple)
    return {&v};
  std::vector<const Value *> out;
  for (auto &[name, field] : v.fields)
    llvm::append_range(out, partsTrained(field));
  return out;
}

// The parameters of a model, a part of one or several of them, in order of declaration.
void Analyzer::slotsOf(const Value &v, std::vector<const Slot *> &out) const {
  if (v.kind == Value::Tuple)
    for (const Value *part : partsTrained(v))
      slotsOf(*part, out);
  if (v.kind == Value::Model) {
    for (const ModelLeaf &leaf : leavesOf(*v.model))
      if (leaf.trained)
        out.push_back(leaf.slot);
  } else if (v.slot && v.slot->parameter) {
    out.push_back(v.slot);
  }
}

// What a block reads: slots, through calls, and variables from outside.
void Analyzer::readSlots(const Block &body, Expr *value, std::set<const Slot *> &out,
                         std::set<const Variable *> &used) const {
  llvm::DenseSet<const Expr *> seen;
  llvm::DenseSet<const sema::Function *> called;
  std::function<void(const Expr *)> visit = [&](const Expr *e) {
    if (!e || !seen.insert(e).second)
      return;
    if (e->kind == Expr::Get)
      out.insert(e->slot);
    if (e->kind == Expr::Use)
      used.insert(e->variable);
    for (const Expr *o : e->operands)
      visit(o);
  };
  std::function<void(const Block &)> walk = [&](const Block &b) {
    for (const Stmt *s : b) {
      visit(s->value);
      for (const Expr *a : s->arguments)
        visit(a);
      for (const Expr *r : s->results)
        visit(r);
      walk(s->body), walk(s->otherwise);
      if (s->callee && called.insert(s->callee).second) {
        walk(s->callee->body);
        for (const Expr *r : s->callee->results)
          visit(r);
      }
    }
  };
  walk(body);
  visit(value);
}

// Rule 27: not through an index or a discrete draw, unless the text says so by `stop`.
bool Analyzer::checkDiscrete(const Flow &flow, llvm::ArrayRef<const void *> over, const std::string &name,
                             Location place) {
  std::set<std::pair<uint32_t, uint32_t>> said;
  for (const void *source : over)
    if (auto found = flow.discrete.find(source);
        found != flow.discrete.end() && said.insert({found->second.place.file, found->second.place.offset}).second)
      diagnostics
          .error(found->second.function.empty() ? "E0307" : "E0276", found->second.place,
                 found->second.function.empty()
                     ? fmt::format("the loss depends on this index or discrete draw, which depends on `{}` and has no "
                                   "derivative",
                                   name)
                     : fmt::format("the loss depends on `{}` through `{}`, which is declared to have no derivative",
                                   name, found->second.function))
          .label("no gradient passes through this")
          .origin(place, "differentiated here")
          .help("write `stop(…)` around it if a constant is meant, or compute the loss without it");
  return !said.empty();
}

static bool sameAxes(const Type &a, const Type &b) {
  return a.element == b.element && a.axes.size() == b.axes.size() &&
         llvm::all_of(a.axes, [&](const AxisUse &use) { return llvm::is_contained(b.axes, use); });
}

// The axes of a parameter that have another name outside of its model: inside, outside.
static Aliases namesOutside(const Value &parameter) {
  Aliases names;
  const auto &inside = parameter.slot->type.axes, &outside = parameter.expr->type.axes;
  for (size_t k = 0; k < inside.size() && inside.size() == outside.size(); ++k)
    if (!(inside[k] == outside[k]))
      names.push_back({inside[k], outside[k]});
  return names;
}

static void definedIn(const Block &body, std::set<const Variable *> &out) {
  for (const Stmt *s : body) {
    out.insert(s->variables.begin(), s->variables.end());
    out.insert(s->inner.begin(), s->inner.end());
    definedIn(s->body, out), definedIn(s->otherwise, out);
  }
}

// Rule 26: where a condition does not hold, what is reached behind it alone has a gradient of 0, which an optimiser
// goes on with.
void Analyzer::warnConditional(const Flow &flow, const Stmt &grad, Location place) {
  const Slot *first = nullptr;
  size_t others = 0;
  for (const Slot *slot : grad.slots)
    if (flow.reaches(slot) && !flow.surelyReaches(slot))
      first ? void(++others) : void(first = slot);
  if (first)
    diagnostics
        .warning("W0303", place,
                 fmt::format("the loss depends on `{}`{} only under a condition", first->path,
                             others == 0   ? ""
                             : others == 1 ? " and one more"
                                           : fmt::format(" and {} more", others)))
        .label("one side of an `if` is without it")
        .origin(first->location, "declared here")
        .help("where the condition does not hold its gradient is 0, and an optimiser with momentum still moves it: put "
              "the "
              "condition around the training, or train what is always used");
}

// Rule 26: every parameter named by `over` reaches the loss; else the `let` that cut it is named, if one did.
bool Analyzer::checkReach(const Stmt &grad, Location place) {
  bool exact = true;
  Flow flow = flows.of(grad.body, grad.value, exact);
  if (!exact)
    return true;
  std::vector<const void *> sources(grad.slots.begin(), grad.slots.end());
  bool fine = !checkDiscrete(flow, sources, grad.slots[0]->path.substr(0, grad.slots[0]->path.find('.')), place);
  std::vector<const Slot *> unreached;
  for (const Slot *slot : grad.slots)
    if (!flow.reaches(slot) && !flow.discrete.count(slot))
      unreached.push_back(slot);
  if (unreached.empty()) {
    warnConditional(flow, grad, place);
    return fine;
  }
  std::set<const Slot *> read;
  std::set<const Variable *> used, inside;
  readSlots(grad.body, grad.value, read, used);
  definedIn(grad.body, inside);
  const Slot *first = unreached[0];
  size_t others = unreached.size() - 1;
  auto &d = diagnostics.error("E0301", place,
                              others == 0
                                  ? fmt::format("the loss does not depend on `{}`, which is to be trained", first->path)
                                  : fmt::format("the loss does not depend on `{}` and {} more, which are to be trained",
                                                first->path, others == 1 ? "one" : std::to_string(others)));
  d.label("in this block").origin(first->location, "declared here");
  // The `let`s, in order, that computed outside what the block uses.
  std::map<uint32_t, Location> cuts;
  for (const Variable *v : used)
    if (auto found = definitions.find(v); found != definitions.end() && !inside.count(v))
      for (const Slot *slot : unreached)
        if (found->second.second.count(slot))
          cuts[found->second.first.offset] = found->second.first;
  constexpr size_t most = 3;
  for (auto &[offset, cut] : cuts)
    if (d.origins.size() <= most)
      d.origin(cut, "computed outside the block, so it is a constant in it");
  d.help(!cuts.empty()       ? "move that `let` into the block"
         : read.count(first) ? "it is used only where no derivative passes: in `stop`, a comparison, an index, or what "
                               "the loss does not use"
                             : "use it in the loss, or train only a part: `over net.part`");
  return false;
}

Value Analyzer::gradOverModel(Context &c, const Value &over, Location overPlace, const syntax::Block &body,
                              Location place, Value *loss) {
  Value g;
  g.kind = Value::Gradient, g.model = over.model;
  slotsOf(over, g.slots);
  if (!llvm::all_of(partsTrained(over),
                    [](const Value *v) { return v->kind == Value::Model || (v->slot && v->slot->parameter); })) {
    checkUnreached(c, body);
    return error("E0302", overPlace, "only models, or parts of them, are trained", describe(c, over),
                 over.kind == Value::Tuple ? "name models after `over`, and parameters of them"
                                           : "name a model after `over`");
  }
  if (g.slots.empty()) {
    checkUnreached(c, body);
    return error("E0302", overPlace, "this model has no parameters to train", "here",
                 "name a model with `param`s after `over`");
  }
  if (std::set<const Slot *>(g.slots.begin(), g.slots.end()).size() < g.slots.size()) {
    checkUnreached(c, body);
    return error("E0302", overPlace, "this names parameters twice", "here", "name each model once");
  }
  Context inner = c;
  std::vector<const Slot *> slots = lanesOf(inner, g.slots, place);
  Stmt *s = statement(c, Stmt::Grad, place);
  s->slots = slots;
  inner.block = &s->body, inner.training = true;
  for (const Value *v : partsTrained(over))
    if (v->kind == Value::Model)
      inner.over.push_back(v->model);
  Value v = block(inner, body);
  if (v.isError())
    return v;
  Location end = body.empty() ? place : body.back()->place;
  Expr *e = v.kind == Value::Unit ? nullptr : asTensor(c, v, end);
  if (!e || !visible(c, e->type).empty() || !e->type.element.isFloat()) {
    if (v.kind == Value::Unit || e)
      error("E0303", end, "the loss is one float", describe(c, v), "end the block with it, for example `mean(…)`");
    return {};
  }
  s->value = e;
  checkReach(*s, place);
  const Variable *value = variable("loss", e->type, end);
  s->variables.push_back(value);
  for (const Slot *slot : s->slots) {
    const Variable *leaf = variable("d." + slot->path, slot->type, place);
    s->variables.push_back(leaf);
    g.leaves.push_back(use(leaf, place));
  }
  if (loss) {
    *loss = tensor(use(value, place));
  }
  return g;
}

// Under mapping each lane has a gradient of its own, so each differentiates by slots of its own.
std::vector<const Slot *> Analyzer::lanesOf(Context &c, const std::vector<const Slot *> &slots, Location place) {
  std::vector<const Slot *> out;
  std::shared_ptr<std::map<const Slot *, Slot *>> lanes;
  for (const Slot *slot : slots) {
    Type full{slot->type.element, {c.mapped.begin(), c.mapped.end()}};
    for (const AxisUse &a : visible(c, slot->type))
      full.axes.push_back(a);
    if (full.axes.size() == slot->type.axes.size()) {
      out.push_back(slot);
      continue;
    }
    if (!lanes)
      lanes = c.lanes ? std::make_shared<std::map<const Slot *, Slot *>>(*c.lanes)
                      : std::make_shared<std::map<const Slot *, Slot *>>();
    Slot *lane = makeSlot(slot->path + "~", Slot::Local, full, slot->location);
    lane->parameter = true;
    if (auto stack = stackOf.find(slot); stack != stackOf.end())
      stackOf[lane] = stack->second;
    set(c, lane, broadcast(get(slot, place), full, place), place)->declares = true;
    out.push_back((*lanes)[slot] = lane);
  }
  if (lanes)
    c.lanes = lanes;
  return out;
}

// grad(e, over: x), which is grad(over: x) { e } with one name for `x` and no `let`s.
Value Analyzer::gradOfExpression(Context &c, const syntax::Expr &e) {
  const syntax::Expr *what = nullptr, *over = nullptr;
  for (auto &entry : e.entries)
    (entry.name == "over" ? over : what) = entry.value;
  if (!what || !over || e.entries.size() != 2)
    return error("E0303", e.place, "`grad` takes an expression and `over:`", "here",
                 "write `grad(f(x), over: x)` or `grad(over: model) { … }`");
  syntax::Stmt last;
  last.kind = syntax::Stmt::Expression, last.place = what->place, last.value = const_cast<syntax::Expr *>(what);
  return gradient(c, *over, {&last}, e.place);
}

Value Analyzer::gradient(Context &c, const syntax::Expr &over, const syntax::Block &body, Location place) {
  Value x = expression(c, over);
  if (x.isError()) {
    checkUnreached(c, body);
    return x;
  }
  if (x.kind == Value::Computed) // a model's value without a name
    return checkUnreached(c, body),
           error("E0302", over.place, "`over:` names a model, a parameter, or a value of floats", describe(c, x),
                 "give the model a name by `let`");
  if (x.kind != Value::Model && !(x.slot && x.slot->parameter))
    return gradOverValue(c, over, x, body, place);
  Value g = gradOverModel(c, x, over.place, body, place, nullptr);
  return g.kind == Value::Gradient && x.slot ? tensor(rename(g.leaves[0], namesOutside(x), place)) : g;
}

// `x` is known in the block as what is differentiated.
Value Analyzer::gradOverValue(Context &c, const syntax::Expr &over, const Value &x, const syntax::Block &body,
                              Location place) {
  if (over.kind != syntax::Expr::NameUse || x.kind != Value::Tensor || !x.expr->type.element.isFloat())
    return checkUnreached(c, body),
           error("E0302", over.place, "`over:` names a model, a parameter, or a value of floats", describe(c, x),
                 "give the value a name by `let`");
  Stmt *s = statement(c, Stmt::Grad, place);
  // Each lane of what is mapped has a gradient of its own, so each has its own `x`.
  Type full{x.expr->type.element, {c.mapped.begin(), c.mapped.end()}};
  for (const AxisUse &a : visible(c, x.expr->type))
    full.axes.push_back(a);
  Expr *each = full.axes.size() > x.expr->type.axes.size() ? broadcast(x.expr, full, place) : x.expr;
  const Variable *inside = variable(over.name, each->type, over.place);
  s->arguments = {each};
  s->inner = {inside};
  Scope scope;
  scope.parent = c.scope;
  Entity entity;
  entity.value = tensor(use(inside, over.place)), entity.value.variable = inside, entity.place = over.place;
  scope.names[over.name] = entity;
  Context inner = c;
  inner.scope = &scope, inner.block = &s->body;
  Value v = block(inner, body);
  if (v.isError())
    return v;
  Location end = body.empty() ? place : body.back()->place;
  Expr *loss = v.kind == Value::Unit ? nullptr : asTensor(c, v, end);
  if (!loss && v.kind != Value::Unit)
    return {};
  // Lanes of mapped axes are seeded each; visible axes would sum unrelated losses.
  if (!loss || !visible(c, loss->type).empty() || !loss->type.element.isFloat())
    return error("E0303", end, "what is differentiated is one float", describe(c, v),
                 "reduce it, for example `sum(…)`");
  s->value = loss;
  bool exact = true;
  Flow flow = flows.of(s->body, loss, exact);
  if (exact && checkDiscrete(flow, {inside}, over.name, place))
    return {};
  if (exact && !flow.reaches(inside) && !c.function)
    diagnostics.warning("W0302", end, fmt::format("this does not depend on `{}`: its gradient is 0", over.name))
        .label(describe(c, v))
        .origin(over.place, "differentiated by this")
        .help("use it in what is differentiated");
  const Variable *value = variable("value", loss->type, place),
                 *gradient = variable("d." + over.name, inside->type, place);
  s->variables = {value, gradient};
  return tensor(use(gradient, place));
}

Value Analyzer::minimize(Context &c, const syntax::Expr &e) {
  Value over = expression(c, *e.operands[0]), with = expression(c, *e.operands[1]);
  if (!with.isError() && with.kind != Value::Optimizer)
    with = error("E0304", e.operands[1]->place, "`with` names an optimiser", describe(c, with),
                 "declare one: `let opt = Adam(lr: 1e-3)`");
  if (over.isError() || with.isError()) {
    checkUnreached(c, e.body);
    return {};
  }
  Value loss;
  Value g = gradOverModel(c, over, e.operands[0]->place, e.body, e.place, &loss);
  if (g.isError() || apply(c, over, g, with, e.place).isError())
    return {};
  return loss;
}

Value Analyzer::update(Context &c, const syntax::Stmt &s) {
  Value target = expression(c, *s.target), gradient = expression(c, *s.value), with = expression(c, *s.second);
  if (target.isError() || gradient.isError() || with.isError())
    return {};
  if (with.kind != Value::Optimizer)
    return error("E0304", s.second->place, "`with` names an optimiser", describe(c, with),
                 "declare one: `let opt = Adam(lr: 1e-3)`");
  std::vector<const Slot *> slots;
  slotsOf(target, slots);
  if (target.slot && slots.size() == 1 && gradient.kind == Value::Tensor &&
      sameAxes(visibleType(c, gradient.expr->type), visibleType(c, target.expr->type))) { // of one parameter
    Aliases inside = namesOutside(target);
    for (auto &[inner, outer] : inside)
      std::swap(inner, outer);
    gradient.kind = Value::Gradient, gradient.slots = slots;
    gradient.leaves = {rename(gradient.expr, inside, s.value->place)};
  }
  // A gradient of the model itself, of the same part of it, or of a copy of it.
  Aliases pairs;
  bool fits = (gradient.kind == Value::Gradient || gradient.kind == Value::Computed) && gradient.slots == slots;
  for (const ModelInstance *m = gradient.model; m && target.kind == Value::Model && !fits; m = m->origin)
    if (m == target.model && gradient.slots.size() == slots.size()) {
      fits = true;
      gradient.slots = slots;
    }
  if (!fits)
    return error("E0305", s.value->place, "this is no gradient of what is updated", describe(c, gradient),
                 "take it by `grad(over: …) { … }` of the same model");
  for (size_t k = 0; k < slots.size(); ++k)
    for (const AxisUse &a : visible(c, gradient.leaves[k]->type))
      if (!llvm::is_contained(slots[k]->type.axes, a))
        return error("E0305", s.value->place, fmt::format("this gradient has the axis `{}` besides", show(a)),
                     describe(c, gradient), fmt::format("reduce it, for example `mean(g, over: {})`", show(a)));
  return apply(c, target, gradient, with, s.place);
}

// A program that trains, and leaves a parameter as it was drawn.
void Analyzer::warnUntrained() {
  if (trained.empty() || diagnostics.hasErrors())
    return;
  for (auto &slot : program.slots) {
    if (slot->kind != Slot::Parameter || trained.count(slot.get()) || written.count(slot.get()))
      continue;
    bool own = slot->location.file == usage.fileNumber();
    Location made = owners[slot.get()], place = own ? slot->location : made;
    if (place.file != usage.fileNumber() || (own && !usage.isRead(place)))
      continue; // never used: that is said elsewhere
    auto &d =
        diagnostics.warning("W0301", place, fmt::format("the parameter `{}` is never trained or loaded", slot->path));
    d.label(own ? "keeps its first value" : "its parameters keep their first values");
    if (own && made.file == place.file && made.length)
      d.origin(made, "of the model that is made here");
    d.help("train it: name its model after `over`; or load it; or declare it `state` if it is to stay as it is");
  }
}

} // namespace burin::sema
