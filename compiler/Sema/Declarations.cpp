// Names, items of a file, and instances of models and optimisers.
#include "compiler/Sema/Lets.h"
#include "compiler/Sema/Tasks.h"
#include "llvm/Support/SaveAndRestore.h"
#include <fmt/format.h>

namespace burin::sema {

const Entity *Analyzer::lookup(const Scope *scope, const std::string &name) const {
  for (; scope; scope = scope->parent)
    if (auto found = scope->names.find(name); found != scope->names.end())
      return &found->second;
  return nullptr;
}
// Names that may have been meant: for errors that are shown, and of hostile files the first ones only.
std::vector<std::string> Analyzer::candidates(const Scope *scope) const {
  constexpr size_t most = 10'000;
  std::vector<std::string> out;
  for (; scope && diagnostics.showsMore(); scope = scope->parent)
    for (auto &[name, entity] : scope->names)
      if (out.size() < most)
        out.push_back(name);
      else
        return out;
  return out;
}

// Rule 1: twice in one block is an error.
bool Analyzer::declare(Scope &scope, const std::string &name, Entity entity) {
  for (const Scope *outer = scope.parent; outer; outer = outer->parent)
    if (auto hidden = outer->names.find(name); hidden != outer->names.end() && hidden->second.kind == Entity::Axis) {
      auto &d = diagnostics.error("E0202", entity.place, fmt::format("`{}` is an axis, and keeps its name", name))
                    .label(fmt::format("{} of the same name", withArticle(entity.what)));
      if (hidden->second.place.length)
        d.origin(hidden->second.place, "the axis is declared here");
      d.help("give this another name");
      scope.names.try_emplace(name, failed(entity.place));
      return false;
    }
  auto [found, fresh] = scope.names.try_emplace(name, entity);
  if (fresh) {
    usage.declare(entity.place, name, entity.what);
    return true;
  }
  diagnostics.error("E0202", entity.place, fmt::format("`{}` is declared twice", name))
      .label("declared again")
      .origin(found->second.place, "declared first here")
      .help("give one of them another name");
  return false;
}

// A name whose declaration was refused: its uses are no errors.
Entity Analyzer::failed(Location place) {
  Entity e;
  e.place = place;
  return e;
}

// Items are unordered: names first; lets, states and data afterwards, each where it is declared or named first.
void Analyzer::declareItems(const syntax::Tree &tree, Scope &scope) {
  for (const syntax::Item *i : tree.items) {
    Entity e;
    e.kind = Entity::Declaration, e.item = i, e.place = i->namePlace;
    distinctParameters(*i);
    switch (i->kind) {
    case syntax::Item::Dim:
      declareDim(scope, i->name, *i->value, i->bounded, i->namePlace);
      scope.names.try_emplace(i->name, failed(i->namePlace));
      break;
    case syntax::Item::Model:
    case syntax::Item::Optimizer:
      e.kind = Entity::Value, e.what = i->kind == syntax::Item::Model ? "model" : "optimiser";
      e.value.kind = i->kind == syntax::Item::Model ? Value::ModelType : Value::OptimizerType;
      e.value.function = {i, &scope, nullptr, {}};
      declare(scope, i->name, e);
      break;
    case syntax::Item::Function:
      if (i->name.empty()) {
        error("E0208", i->place, "a function of a file needs a name", "none here", "write `fn name(…)`");
        break;
      }
      e.kind = Entity::Value, e.what = "function";
      e.value.kind = Value::Function;
      e.value.function = {i, &scope, nullptr, {}};
      declare(scope, i->name, e);
      break;
    case syntax::Item::Task:
      e.what = "task";
      declare(scope, i->name, e);
      usage.read(i->namePlace); // by whoever starts the program
      break;
    case syntax::Item::Struct:
      e.kind = Entity::Value, e.what = "struct";
      e.value.kind = Value::StructType;
      e.value.function = {i, &scope, nullptr, {}};
      declare(scope, i->name, e);
      break;
    case syntax::Item::Test:
      checkTestName(*i);
      break;
    case syntax::Item::Use:
      error("E0278", i->namePlace, "other files are not read here", "used here", "check the program by its own file");
      break;
    case syntax::Item::Env:
      unsupported(i->place, "`env`", "say it by a struct and a function: `fn step(s: Cart, push: f32) -> Cart`");
      scope.names.try_emplace(i->name, failed(i->namePlace));
      break;
    case syntax::Item::Require: // when all tasks are known
    case syntax::Item::Let:
    case syntax::Item::State:
    case syntax::Item::Data:
      break;
    }
  }
}

// The names of a pattern.
static void namesOf(const syntax::Pattern &pattern, std::vector<std::string> &out) {
  if (!pattern.name.empty())
    out.push_back(pattern.name);
  for (const syntax::Pattern &part : pattern.parts)
    namesOf(part, out);
}

// What names no item but a value, state or data set.
static std::vector<std::string> valuesOf(const syntax::Item &item) {
  std::vector<std::string> names;
  if (item.kind == syntax::Item::Data)
    names = {item.name};
  if (item.kind == syntax::Item::State || item.kind == syntax::Item::Let)
    namesOf(item.statement->pattern, names);
  return names;
}

void Analyzer::declareValue(const syntax::Item &item) {
  if (!valuesDeclared.insert(&item).second)
    return;
  if (active.size() >= Expansions::deepest) {
    error("E0211", item.place,
          fmt::format("values are named more than {} deep before they are declared", Expansions::deepest), "here",
          "declare them above what they are used in");
    for (const std::string &name : valuesOf(item))
      global.names.try_emplace(name, failed(item.place));
    return;
  }
  active.push_back("value " + std::to_string(valuesDeclared.size()));
  Context c;
  c.scope = &global, c.block = &globalBlock, c.ordinal = &globalOrdinal;
  if (item.kind == syntax::Item::Data) {
    declareData(item, global);
    global.names.try_emplace(item.name, failed(item.namePlace));
  }
  if (item.kind == syntax::Item::State)
    state(c, global, *item.statement);
  if (item.kind == syntax::Item::Let)
    Lets(*this, c).ofFile(*item.statement);
  active.pop_back();
}

// A value of the file that is named above its declaration is declared then: the order of items is the writer's.
const Entity *Analyzer::declaredBelow(const Scope *scope, const std::string &name) {
  while (scope && scope != &global)
    scope = scope->parent;
  auto found = values.find(name);
  if (!scope || found == values.end() || valuesDeclared.count(found->second))
    return nullptr;
  declareValue(*found->second);
  return lookup(&global, name);
}

void Analyzer::declareGlobals(const syntax::Tree &tree) {
  for (const syntax::Item *i : tree.items)
    for (const std::string &name : valuesOf(*i))
      values.try_emplace(name, i);
  for (const syntax::Item *i : tree.items)
    declareValue(*i);
  if (!globalBlock.empty())
    error("E0209", globalBlock.front()->location, "what is declared outside of tasks is known when compiling",
          "this is computed when the program runs", "compute it in the task that uses it");
}

void Analyzer::declare(const syntax::Tree &user, const std::vector<const syntax::Tree *> &libraries) {
  global.parent = &library;
  for (const syntax::Item *i : user.items)
    if (i->kind == syntax::Item::Data && i->value)
      dataItems.push_back(i);
  unread = &user.unread;
  for (const syntax::Tree *tree : libraries)
    declareItems(*tree, library);
  declareItems(user, global);
  for (const syntax::Item *i : user.items) {
    checkHead(*i, &global);
    if (i->kind == syntax::Item::Struct)
      structShape({i, &global, nullptr, {}});
  }
  declareGlobals(user);
}

Analyzer::Analyzer(Program &program, DiagnosticEngine &diagnostics, const Options &options, Usage &usage)
    : program(program), diagnostics(diagnostics), options(options), usage(usage) {}
Analyzer::~Analyzer() = default;

void Analyzer::run(const syntax::Tree &user, const std::vector<const syntax::Tree *> &libraries) {
  declare(user, libraries);
  for (auto &[name, extent] : options.dims)
    if (auto e = global.names.find(name);
        (e == global.names.end() || e->second.kind != Entity::Axis) && !maybeUnread(name)) {
      auto near = nearestName(name, candidates(&global));
      auto &d = diagnostics.error("E0501", fmt::format("`-D {}={}` names no axis of the program", name, extent));
      d.help(near ? fmt::format("did you mean `{}`?", *near) : "declare it with `dim`");
    }
  for (const syntax::Item *i : user.items)
    if (i->kind == syntax::Item::Task)
      TaskElaboration(*this, *i).run(global);
    else if (i->kind == syntax::Item::Test)
      test(*i);
  for (const syntax::Item *i : user.items)
    if (i->kind == syntax::Item::Require)
      require(*i);
  keepTasks();
  warnUntrained();
}

Slot *Analyzer::makeSlot(std::string path, Slot::Kind kind, Type type, Location place) {
  for (const AxisUse &a : type.axes)
    if (a.axis->bounded && kind != Slot::Local)
      error("E0236", place,
            fmt::format("`{}` is kept, and how much of `{}` is present is not known before a run", path, show(a)),
            show(type), "use an axis with a size, and index it: `table[place: t]`");
  unsigned n = names["slot " + path]++;
  auto &s = program.slots.emplace_back(std::make_unique<Slot>());
  s->path = n ? fmt::format("{}#{}", path, n) : path;
  s->kind = kind, s->type = std::move(type), s->location = place;
  return s.get();
}

// Rule 20: a declaration maps what it is given; draws get the axes that the type says, other values are repeated along
// them.
Value Analyzer::declared(Context &c, const syntax::Expr &value, const Shape &shape, const char *what,
                         const std::string &name, Location typePlace) {
  Context inner = c;
  Value v;
  if (!shape.isTensor && !shape.structure && value.kind == syntax::Expr::Tuple &&
      value.entries.size() == shape.fields.size()) { // each part is declared for itself
    v.kind = Value::Tuple;
    for (size_t k = 0; k < shape.fields.size(); ++k) {
      const syntax::Entry &entry = value.entries[k];
      auto &[field, of, place] = shape.fields[k];
      Value part = declared(c, *entry.value, of, what, name + "." + field, typePlace);
      if (part.isError())
        return part;
      bool bare = entry.value->kind == syntax::Expr::NameUse;
      v.fields.push_back({entry.name.empty() && bare ? entry.value->name : entry.name, part});
    }
  } else {
    inner.drawAxes = {shape.leaf.axes.begin(), shape.leaf.axes.end()};
    if (!shape.isTensor)
      inner.drawAxes = shape.axes;
    v = expression(inner, value);
  }
  std::vector<Leaf> all;
  if (v.isError() || !leaves(c, v, shape, name, "", value.place, all, true))
    return {};
  size_t next = 0;
  return like(shape, name, [&](const Type &type, const std::string &path) {
    return conform(c, all[next++].value, type, what, path, value.place, typePlace);
  });
}

// A value as the type that is declared for it.
Value Analyzer::conform(Context &c, const Value &v, const Type &type, const char *what, const std::string &name,
                        Location place, Location typePlace) {
  Expr *e = asTensor(c, v, place, type.element);
  if (!e)
    return {};
  if (!(e->type.element == type.element)) {
    diagnostics
        .error("E0205", place,
               fmt::format("the {} `{}` is declared {}, and this is {}", what, name, show(type), describe(c, v)))
        .label(describe(c, v))
        .origin(typePlace, "declared here")
        .help("convert it, for example with `f32(…)`, or declare the other type");
    return {};
  }
  std::vector<AxisUse> axes = visible(c, e->type);
  for (const AxisUse &a : axes)
    if (std::find(type.axes.begin(), type.axes.end(), a) == type.axes.end()) {
      diagnostics
          .error("E0204", place,
                 fmt::format("the {} `{}` is declared {}, and this has the axis `{}` besides", what, name, show(type),
                             show(a)))
          .label(describe(c, v))
          .origin(typePlace, "declared here")
          .help("reduce over that axis, or declare it too");
      return {};
    }
  Type full = withLengthsOf(type, *e);
  std::vector<AxisUse> mapped;
  for (const AxisUse &a : e->type.axes)
    if (std::find(axes.begin(), axes.end(), a) == axes.end())
      mapped.push_back(a);
  full.axes.insert(full.axes.begin(), mapped.begin(), mapped.end());
  return tensor(broadcast(e, full, place));
}

bool Analyzer::initialise(const Context &c, const Value &slots, const Shape &shape, const syntax::Expr &value) {
  Initial initial;
  eachLeaf(slots, "", [&](const Value &leaf, const std::string &) {
    initial.slots.push_back(leaf.slot);
    return leaf;
  });
  const Slot *first = initial.slots[0];
  for (const Slot *slot : initial.slots)
    for (const AxisUse &a : slot->type.axes)
      if (a.extent < 0)
        return error(
                   "E0207", value.place,
                   fmt::format("what is kept has a size that is known when compiling, and `{}` is as long as its file",
                               show(a)),
                   show(slot->type), "keep what is computed of the set, for example its `mean`"),
               false;
  initial.location = first->location;
  // A struct's slots are `path.field`; there is no other declaration of that path.
  initial.path = first->path;
  if (slots.kind == Value::Tuple)
    initial.path.resize(initial.path.rfind('.'));
  Context inner = c;
  unsigned ordinal = 0;
  llvm::SaveAndRestore<std::optional<Element>> digits(precision, std::nullopt); // what is kept keeps its digits
  inner.block = &initial.body, inner.root = nullptr, inner.function = nullptr, inner.ordinal = &ordinal,
  inner.path = initial.path, inner.mapped = {};
  Value v = declared(inner, value, shape, first->kind == Slot::Parameter ? "parameter" : "state", initial.path,
                     initial.location);
  if (v.isError())
    return false;
  eachLeaf(v, "", [&](const Value &leaf, const std::string &) {
    initial.values.push_back(leaf.expr);
    return leaf;
  });
  program.initials.push_back(std::move(initial));
  return true;
}

// Of a parameter `w: f32[I, O]`, by which `x @ w` takes `I` to `O`: the numbers of the first axis that is written, and
// of all others. A product counts as one, and so does `()`.
std::optional<Context::Fans> Analyzer::fansOf(const Context &c, const syntax::TypeRef &type) {
  if (type.axes.empty())
    return std::nullopt;
  Context::Fans fans{1, 1, {}, {}};
  for (size_t k = 0; k < type.axes.size(); ++k) {
    auto axes = this->axes(c, type.axes[k]);
    if (!axes)
      return std::nullopt;
    for (const AxisUse &a : *axes)
      (k ? fans.out : fans.in) *= double(a.extent), (k ? fans.rest : fans.first).push_back(a);
  }
  return fans;
}

// A member of a model that is repeated has the axes of the `repeat`s before its own; they are no axes of it already.
bool Analyzer::stacked(const Context &c, Shape &shape, const syntax::Stmt &s) {
  std::vector<AxisUse> own;
  like(shape, "", [&](const Type &leaf, const std::string &) {
    own.insert(own.end(), leaf.axes.begin(), leaf.axes.end());
    return unitValue();
  });
  for (const AxisUse &a : c.stack)
    if (llvm::any_of(own, [&](const AxisUse &b) { return a.axis == b.axis; }))
      return error("E0204", s.place,
                   fmt::format("`{}` has the axis `{}` already, along which the model is repeated", s.pattern.name,
                               show(a)),
                   show(shape), "repeat along another axis"),
             false;
  withAxes(shape, c.stack);
  return true;
}

// What a state is that says no type: what its first value is, which is looked at here and made by `initialise`. None
// where that is a model or an error.
std::optional<Shape> Analyzer::shapeOfFirst(const Context &c, const syntax::Expr &value, Value &first) {
  Block unused;
  unsigned ordinal = 0;
  Context inner = c;
  llvm::SaveAndRestore<std::optional<Element>> digits(precision, std::nullopt);
  inner.block = &unused, inner.root = nullptr, inner.function = nullptr, inner.ordinal = &ordinal, inner.mapped = {};
  first = expression(inner, value);
  if (first.isError() || isModelValue(first))
    return std::nullopt;
  Value typed = eachLeaf(first, "", [&](const Value &leaf, const std::string &) {
    Expr *e = asTensor(inner, leaf, value.place);
    return e ? tensor(e) : Value();
  });
  return typed.isError() ? std::nullopt : std::optional(shapeOf(inner, typed));
}

bool Analyzer::modelMember(Context &c, ModelInstance &m, const syntax::Stmt &s) {
  switch (s.kind) {
  case syntax::Stmt::Dim:
    return declareDim(*m.scope, s.pattern.name, *s.value, s.bounded, s.pattern.place);
  case syntax::Stmt::Param:
  case syntax::Stmt::State: {
    bool trained = s.kind == syntax::Stmt::Param;
    if (!s.hasType && trained)
      return error("E0208", s.place, fmt::format("the parameter `{}` needs a type", s.pattern.name), "none here",
                   "write `param w: f32[…] = …`"),
             false;
    Value first;
    std::optional<Shape> shape = s.hasType ? this->shape(c, s.type) : shapeOfFirst(c, *s.value, first);
    if (!s.hasType && isModelValue(first)) {
      const Value *made = stateOfModel(c, *m.scope, s, first, m.path + "." + s.pattern.name, Slot::State, c.instances);
      if (made)
        m.members.push_back({s.pattern.name, *made});
      return made;
    }
    if (!shape)
      return false;
    if (trained && !shape->isTensor)
      return error("E0242", s.type.place, "a parameter is a tensor", show(*shape),
                   "declare one `param` for each field; what is not trained can be a `state`"),
             false;
    if (!stacked(c, *shape, s))
      return false;
    withAxes(*shape, c.instances);
    Entity e;
    e.value =
        makeSlots(m.path + "." + s.pattern.name, trained ? Slot::Parameter : Slot::State, *shape, s.pattern.place);
    if (trained)
      e.value.slot->parameter = true;
    e.place = s.pattern.place, e.what = trained ? "parameter" : "state";
    Context inner = c;
    inner.fans = trained ? fansOf(c, s.type) : std::nullopt;
    if (!initialise(inner, e.value, *shape, *s.value))
      return false;
    m.members.push_back({s.pattern.name, e.value});
    eachLeaf(e.value, "", [&](const Value &leaf, const std::string &) {
      owners[leaf.slot] = m.made;
      if (!c.stack.empty())
        stackOf[leaf.slot] = c.stack;
      return leaf;
    });
    return declare(*m.scope, s.pattern.name, e);
  }
  case syntax::Stmt::Let:
    return Lets(*this, c).ofModel(m, s);
  case syntax::Stmt::Function: {
    distinctParameters(*s.item);
    checkHead(*s.item, m.scope.get());
    Entity e;
    e.value.kind = Value::Function;
    e.value.function = {s.item, m.scope.get(), &m, {}};
    e.place = s.item->namePlace, e.what = "function";
    usage.read(e.place); // a model may offer more than one program needs
    return declare(*m.scope, s.item->name.empty() ? "()" : s.item->name, e);
  }
  case syntax::Stmt::Unread:
    return false;
  default:
    return unsupported(s.place, "this statement in a model", "write it in a function of the model"), false;
  }
}

// What names no variable, and no state but as it is: it means the same wherever a model that is made of it is called.
bool Analyzer::isKnown(const Value &v) {
  bool known = true;
  eachLeaf(v, "", [&](const Value &leaf, const std::string &) {
    std::set<const Slot *> slots;
    std::set<const Variable *> used;
    if (leaf.kind == Value::Tensor && !leaf.slot)
      readSlots({}, leaf.expr, slots, used);
    known &= slots.empty() && used.empty();
    return leaf;
  });
  return known && v.kind != Value::Computed && v.kind != Value::Gradient;
}

Value Analyzer::instantiateModel(Context &c, const FunctionValue &model, const syntax::Expr &call,
                                 const std::string &path) {
  const syntax::Item &item = *model.item;
  if (std::count(active.begin(), active.end(), "model " + item.name) > 0)
    return error("E0211", call.place, fmt::format("the model `{}` contains itself", item.name), "here",
                 "a model's size is known when it is compiled");
  constexpr size_t mostModels = 10'000;
  if (models.size() >= mostModels || active.size() >= Expansions::deepest) {
    if (models.size() <= mostModels) // said once
      error("E0211", call.place,
            models.size() == mostModels ? fmt::format("the program has more than {} instances of models", mostModels)
                                        : fmt::format("models are more than {} deep here", Expansions::deepest),
            "here", "write a loop over an axis in place of repetitions");
    models.emplace_back();
    return {};
  }
  if (model.axes.size() != item.axisParameters.size()) {
    diagnostics
        .error("E0210", call.place,
               fmt::format("`{}` takes {} axes in brackets, and gets {}", item.name, item.axisParameters.size(),
                           model.axes.size()))
        .label("here")
        .origin(item.namePlace, "declared here")
        .help(fmt::format("a model's axes are always said: `{}[…](…)`", item.name));
    return {};
  }
  std::vector<Argument> given;
  std::optional<Axes> over;
  std::vector<const Argument *> matched;
  if (!arguments(c, call, given, over) || !match(item.parameters, given, matched, item.name, call.place))
    return {};
  for (size_t k = 0; k < matched.size(); ++k)
    if (matched[k] && !isKnown(matched[k]->value))
      return error("E0209", matched[k]->place,
                   fmt::format("`{}` of a model is known when it is made", item.parameters[k].name),
                   "this is computed when the program runs",
                   "give a number, a parameter or a state; what is computed is given to a function of the model");
  auto owned = std::make_shared<ModelInstance>();
  ModelInstance *m = owned.get();
  models.push_back(owned);
  m->made = call.place;
  DiagnosticEngine::Call within(diagnostics, call.place);
  m->item = &item, m->path = path, m->scope = std::make_unique<Scope>(), m->extra = c.instances;
  m->scope->parent = model.scope;
  std::vector<AxisUse> taken;
  for (size_t k = 0; k < model.axes.size(); ++k) {
    Axes axes;
    for (const AxisUse &use : model.axes[k]) {
      axes.push_back(distinct(m->aliases, taken, use));
      taken.push_back(axes.back());
    }
    Entity e = axisEntity(axes);
    bool said = call.operands[0]->kind == syntax::Expr::Index && k < call.operands[0]->entries.size();
    e.place = said ? call.operands[0]->entries[k].value->place : item.axisParameters[k].place; // where it was asked for
    m->scope->names.try_emplace(item.axisParameters[k].text, e);
  }
  Context inner;
  inner.scope = m->scope.get(), inner.block = c.block, inner.path = path, inner.ordinal = c.ordinal,
  inner.draws = c.draws, inner.stack = m->stack = c.stack, inner.instances = c.instances;
  for (size_t k = 0; k < item.parameters.size(); ++k) {
    Entity e;
    e.place = item.parameters[k].place, e.what = "argument";
    e.value = matched[k] ? matched[k]->value : expression(inner, *item.parameters[k].initial);
    declare(*m->scope, item.parameters[k].name, e);
  }
  active.push_back("model " + item.name);
  bool fine = true;
  for (const syntax::Stmt *s : item.body)
    if (!modelMember(inner, *m, *s)) {
      fine = false;
      if (!s->pattern.name.empty())
        m->scope->names.try_emplace(s->pattern.name, failed(s->pattern.place));
    }
  active.pop_back();
  if (!fine)
    return {};
  Value v;
  v.kind = Value::Model, v.model = m;
  return v;
}

std::unique_ptr<Program> analyse(const syntax::Tree &user, const std::vector<const syntax::Tree *> &library,
                                 DiagnosticEngine &diagnostics, const Options &options, const std::string &name) {
  auto program = std::make_unique<Program>();
  program->name = name;
  Usage usage(user.file);
  Analyzer analyzer(*program, diagnostics, options, usage);
  analyzer.run(user, library);
  Program nowhere;
  Analyzer(nowhere, diagnostics, options, usage).runUncalled(user, library, analyzer.called);
  if (diagnostics.hasErrors())
    return nullptr;
  usage.report(diagnostics, !program->tasks.empty());
  return program;
}

} // namespace burin::sema
