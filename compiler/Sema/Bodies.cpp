// The body of an instance: what tells instances apart, what its names stand for, what it gives (rules 5, 17, 18).
#include "compiler/Sema/Prepared.h"
#include "llvm/Support/SaveAndRestore.h"
#include <fmt/format.h>

namespace burin::sema {

// What tells instances apart, besides what is trained around them.
std::string Analyzer::instanceKey(const FunctionValue &f, const Bindings &bound, const Prepared &p) {
  std::string key = fmt::format("{}/{}", fmt::ptr(f.item), fmt::ptr(f.model));
  auto addType = [&](const Type &t) {
    key += fmt::format("|{}{}", int(t.element.kind), fmt::ptr(t.element.index));
    for (const AxisUse &a : t.axes)
      key += fmt::format(",{}'{}:{}", fmt::ptr(a.axis), a.primes, a.extent);
  };
  for (auto &[axis, axes] : bound.axes)
    addType({{Element::F32, nullptr}, {axes.begin(), axes.end()}});
  std::function<void(const Value &)> addFields = [&](const Value &v) {
    if (v.kind == Value::Tuple)
      key += fmt::format("|{}(", fmt::ptr(v.structure));
    for (auto &[field, inside] : v.fields)
      key += field + ",", addFields(inside);
  };
  for (auto &[parameter, given] : p.parameters)
    key += "|" + parameter, addFields(given);
  for (Expr *e : p.arguments)
    addType(e->type);
  for (const Axes &axes : {p.mapped, p.rest})
    addType({{Element::F32, nullptr}, {axes.begin(), axes.end()}});
  for (const AxisUse &a : p.lengths)
    key += fmt::format("|{}'{}{}", fmt::ptr(a.axis), a.primes, a.length ? "<" : "");
  for (Expr *e : p.lengthArguments)
    addType(e->type);
  if (p.counts)
    key += "?", addType(p.counts->type);
  for (auto &[n, v] : p.constants)
    key += fmt::format("|{}:{}/{}/{}/{}/{}/{}/{}", n, v.number, v.asFloat(), v.expr ? v.expr->integer : 0,
                       fmt::ptr(v.function.item), fmt::ptr(v.function.model), fmt::ptr(v.model), v.function.primitive);
  return key;
}

// In the body, values along bounded axes have lengths of the body.
template <typename AxisList> static AxisList withLengths(AxisList axes, const Axes &lengths) {
  for (AxisUse &a : axes) {
    a.length = nullptr;
    for (const AxisUse &known : lengths)
      if (known == a)
        a.length = known.length;
  }
  return axes;
}

// A parameter of the instance, and the value that it is in the body.
Value Analyzer::addParameter(sema::Function &fn, const std::string &name, const Type &type, Location place) {
  const Variable *v = variable(name, type, place);
  fn.parameters.push_back(v);
  Value out = tensor(use(v, place));
  out.variable = v;
  return out;
}

// What the names of the function's head stand for, in `inner.function`'s body; its parameters, in the order of a call's
// arguments: leaves, lengths, layers.
void Analyzer::enterBody(Context &inner, Scope &scope, const FunctionValue &f, const Bindings &bound,
                         std::optional<Element> real, const Prepared &p) {
  sema::Function &fn = *inner.function;
  inner.lengths = p.lengths;
  std::vector<Variable *> lengths;
  for (AxisUse &a : inner.lengths)
    if (a.length) {
      Type type = p.lengthArguments[lengths.size()]->type;
      lengths.push_back(variable(a.axis->name + ".length", type, f.item->namePlace));
      a.length = lengths.back();
    }
  for (Variable *length : lengths) // that of a text differs along a batch which has one itself
    length->type.axes = withLengths(length->type.axes, inner.lengths);
  lengthsIn[&fn] = inner.lengths;
  Bindings own = bound;
  for (auto &[axis, axes] : own.axes)
    axes = withLengths(axes, inner.lengths);
  enter(scope, own, f.item);
  if (real)
    scope.names["float"].value = tensor(constant(*real, 0, f.item->place));
  auto give = [&](const std::string &name, const char *what) -> Entity & {
    Entity &e = scope.names[name] = {};
    auto declared = llvm::find_if(f.item->parameters, [&](auto &parameter) { return parameter.name == name; });
    e.what = what, e.place = declared == f.item->parameters.end() ? f.item->namePlace : declared->place;
    return e;
  };
  for (auto &[name, v] : p.constants)
    give(name, "argument").value = v;
  for (auto &parameter : f.item->parameters)
    usage.declare(parameter.place, parameter.name, "argument");
  size_t next = 0;
  for (auto &[name, given] : p.parameters) {
    Entity &e = give(name, "parameter");
    e.value = eachLeaf(given, name, [&](const Value &, const std::string &path) {
      Type type = p.arguments[next++]->type;
      type.axes = withLengths(type.axes, inner.lengths);
      return addParameter(fn, path, type, e.place);
    });
  }
  llvm::append_range(fn.parameters, lengths);
  for (const AxisUse &a : f.model ? f.model->stack : Axes()) // which layer of a repeated model this is of
    inner.layers.push_back({a.axis, addParameter(fn, "layer", {{Element::Index, a.axis}, {}}, f.item->place).expr});
  inner.mapped = withLengths(p.mapped, inner.lengths), inner.rest = withLengths(p.rest, inner.lengths);
  if (!p.counts)
    return;
  Type counts = p.counts->type;
  counts.axes = withLengths(counts.axes, inner.lengths);
  inner.mask = &(masks[&fn] = {addParameter(fn, "counts", counts, f.item->place).expr, f.item->place, nullptr});
}

// A tuple where one value is declared, the reverse, another struct, or nothing.
void Analyzer::giveOther(Context &c, const FunctionValue &f, const std::string &name, const Value &v, const Shape &t) {
  std::string wanted = t.structure   ? show(t)
                       : !t.isTensor ? fmt::format("a tuple of {}", t.fields.size())
                                     : std::string("one value");
  diagnostics
      .error("E0203", f.item->body.empty() ? f.item->namePlace : f.item->body.back()->place,
             fmt::format("`{}` is declared to give {}, and this is {}", name.empty() ? "the function" : name, wanted,
                         describe(c, v)))
      .label(describe(c, v))
      .origin(f.item->type.place, "declared here")
      .help(v.kind == Value::Unit ? "end the body with the result"
            : t.structure         ? fmt::format("make one: `{}({}: …)`", t.structure->name, t.fields[0].first)
                                  : "change the body, or the type after `->`");
}

// Rule 5: by position, names checked. The fields get the names that are declared.
bool Analyzer::fieldsFit(const FunctionValue &f, const std::string &name, Value &v, const Shape &t) {
  Location place = f.item->body.back()->place;
  if (v.fields.size() != t.fields.size()) {
    diagnostics
        .error("E0203", place,
               fmt::format("`{}` is declared to give a tuple of {}, and this has {} parts", name, t.fields.size(),
                           v.fields.size()))
        .label(fmt::format("{} parts", v.fields.size()))
        .origin(f.item->type.place, "declared here")
        .help("change the body, or the type after `->`");
    return false;
  }
  for (size_t k = 0; k < v.fields.size(); ++k)
    for (size_t j = 0; j < v.fields.size(); ++j)
      if (j != k && !v.fields[k].first.empty() && v.fields[k].first == t.fields[j].first) {
        diagnostics
            .error("E0219", place,
                   fmt::format("part {} of this tuple is named `{}`, and is declared `{}`", k + 1, v.fields[k].first,
                               t.fields[k].first))
            .label("tuples match by position")
            .origin(t.fields[j].place, fmt::format("`{}` is part {}", v.fields[k].first, j + 1))
            .help("change their order, or a name");
        return false;
      }
  for (size_t k = 0; k < v.fields.size(); ++k)
    v.fields[k].first = t.fields[k].first;
  return true;
}

// A result as it is declared, if it is: its leaves become results of the instance.
bool Analyzer::giveResult(Context &inner, const FunctionValue &f, const std::string &name, Value &v, const Shape *t) {
  if (isModelValue(v) && !t) { // by its parameters
    Location place = f.item->body.back()->place;
    if (v.kind != Value::Gradient &&
        llvm::any_of(leavesOf(*v.model), [](const ModelLeaf &leaf) { return !leaf.trained; }))
      return unsupported(place, "a model with states as a function's result",
                         "give the values that are wanted, or copy the model where the function is called"),
             false;
    v = *asLeaves(v, place);
    for (Expr *&leaf : v.leaves) {
      Value one = tensor(leaf);
      if (!giveResult(inner, f, name, one, nullptr))
        return false;
      leaf = one.expr;
    }
    return true;
  }
  bool fields = v.kind == Value::Tuple;
  if (t && (v.kind == Value::Unit || t->isTensor == fields || (fields && t->structure != v.structure)))
    return giveOther(inner, f, name, v, *t), false;
  if (fields) {
    if (t && !t->structure && !fieldsFit(f, name, v, *t))
      return false;
    for (size_t k = 0; k < v.fields.size(); ++k)
      if (!giveResult(inner, f, name, v.fields[k].second, t ? &t->fields[k].second : nullptr))
        return false;
    return true;
  }
  if (v.kind == Value::Unit)
    return true;
  return giveTensor(inner, f, name, v, t ? &t->leaf : nullptr);
}

// Rule 17: every result has the mapped axes, outermost.
bool Analyzer::giveTensor(Context &inner, const FunctionValue &f, const std::string &name, Value &v,
                          const Type *declared) {
  Location place = f.item->body.back()->place;
  if (declared && v.kind == Value::List)
    v = listAs(inner, v, *declared, place);
  Expr *e = asTensor(inner, v, place, declared ? std::optional(declared->element) : std::nullopt);
  if (!e)
    return false;
  Type found = visibleType(inner, e->type);
  if (declared) {
    bool same = declared->element == found.element && declared->axes.size() == found.axes.size();
    for (const AxisUse &a : found.axes)
      same &= llvm::is_contained(declared->axes, a);
    if (!same) {
      diagnostics
          .error(declared->element == found.element ? "E0203" : "E0205", place,
                 fmt::format("`{}` is declared to give {}, and this is {}", name.empty() ? "the function" : name,
                             show(*declared), show(found)))
          .label(show(found))
          .origin(f.item->type.place, "declared here")
          .help("change the body, or the type after `->`");
      return false;
    }
    found = withLengthsOf(*declared, *e);
  }
  Type full{found.element, {inner.mapped.begin(), inner.mapped.end()}};
  for (const AxisUse &a : found.axes) {
    if (std::find(full.axes.begin(), full.axes.end(), a) != full.axes.end())
      return error("E0204", place, fmt::format("`{}` is mapped over `{}`, which its result has already", name, show(a)),
                   "here", "rename one of them with `as […]`"),
             false;
    full.axes.push_back(a);
  }
  inner.function->results.push_back(broadcast(e, full, place));
  v = tensor(inner.function->results.back(), v.draws);
  return true;
}

// The lengths that the body has found are results, too, behind the others.
void Analyzer::giveLengths(sema::Function &fn) {
  std::vector<const Variable *> &found = lengthsFound[&fn];
  for (const Expr *result : fn.results)
    for (const AxisUse &a : result->type.axes)
      if (a.length && !llvm::is_contained(found, a.length) &&
          llvm::none_of(lengthsIn[&fn], [&](const AxisUse &own) { return own.length == a.length; }))
        found.push_back(a.length);
  for (const Variable *length : found)
    fn.results.push_back(use(length, length->location));
}

const sema::Function *Analyzer::instance(Context &c, const FunctionValue &f, const Bindings &bound,
                                         std::optional<Element> real, const Prepared &p, const std::string &name,
                                         std::vector<Value> &shape) {
  Context outer = c;                                // what is trained around the call
  bool ofLibrary = f.scope == &library && !f.model; // its functions know which digits they need: those of their types
  llvm::SaveAndRestore<std::optional<Element>> digits(precision, ofLibrary ? std::nullopt : precision);
  std::string key = learningKey(outer, f, p) + instanceKey(f, bound, p);
  if (precision)
    key += show(Type{*precision, {}});
  called.insert(f.item);
  if (std::find(active.begin(), active.end(), key) != active.end())
    return error("E0211", f.item->namePlace, fmt::format("`{}` calls itself, directly or through others", name),
                 "its body comes back to it", "write it with a loop: `for i in 0..n { … }`"),
           nullptr;
  if (auto found = instances.find(key); found != instances.end()) {
    if (found->second)
      shape = shapes[found->second];
    return found->second;
  }
  instances[key] = nullptr; // an instance with errors reports them once
  if (active.size() >= Expansions::deepest)
    return expansions.tooDeep(name, f.item->namePlace), nullptr;
  auto owned = std::make_unique<sema::Function>();
  sema::Function *fn = owned.get();
  std::string base = f.model ? f.model->path + (f.item->name.empty() ? "" : "." + f.item->name) : f.item->name;
  unsigned &taken = names["function " + base];
  taken += taken == 0 && testNames.count(base); // a test may be named as any function
  unsigned n = taken++;
  fn->name = n ? fmt::format("{}${}", base, n) : base;
  fn->location = f.item->place;
  Scope scope;
  scope.parent = f.scope;
  unsigned ordinal = 0;
  Context inner;
  inner.scope = &scope, inner.block = inner.root = &fn->body, inner.function = fn, inner.path = base,
  inner.training = outer.training, inner.over = outer.over, inner.lanes = outer.lanes, inner.ordinal = &ordinal,
  inner.draws = &fn->draws, inner.open = openParameter(*f.item) != nullptr;
  enterBody(inner, scope, f, bound, real, p);
  active.push_back(key);
  Value result = block(inner, f.item->body);
  active.pop_back();
  if (result.isError())
    return nullptr;
  std::optional<Shape> declared;
  if (f.item->hasType && !(declared = this->shape(inner, f.item->type)))
    return nullptr;
  if (!giveResult(inner, f, name, result, declared ? &*declared : nullptr))
    return nullptr;
  if (f.item->gradient && !ownGradient(inner, f, *fn, p, name))
    return nullptr;
  if (!expansions.bound(fn->body, fn, name, f.item->namePlace))
    return nullptr;
  giveLengths(*fn);
  program.functions.push_back(std::move(owned));
  instances[key] = fn;
  shapes[fn] = shape = {result};
  return fn;
}

} // namespace burin::sema
