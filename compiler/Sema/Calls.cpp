// Calls: arguments, binding (rule 14), mapping (rules 15 to 18), instances.
#include "compiler/Sema/Analyzer.h"
#include <cmath>
#include <deque>
#include <fmt/format.h>

namespace burin::sema {

bool Analyzer::arguments(Context &c, const syntax::Expr &e, std::vector<Argument> &out,
                         std::optional<std::vector<AxisUse>> &over) {
  bool fine = true;
  for (auto &entry : e.entries) {
    if (entry.extent || entry.guard)
      return unsupported(entry.value->place, "an extent or `else` in an argument"), false;
    if (entry.name == "over") {
      over = axesOf(c, *entry.value);
      fine &= over.has_value();
      continue;
    }
    Value v = expression(c, *entry.value);
    if (v.isError())
      fine = false;
    else
      out.push_back({entry.name, v, entry.value->place});
  }
  return fine;
}

bool Analyzer::match(const std::vector<syntax::Parameter> &parameters, std::vector<Argument> &given,
                     std::vector<const Argument *> &out, const std::string &name, Location place) {
  out.assign(parameters.size(), nullptr);
  size_t next = 0;
  for (Argument &a : given) {
    size_t k = parameters.size();
    if (a.name.empty()) {
      while (next < parameters.size() && out[next])
        ++next;
      k = next;
      if (k == parameters.size())
        return error("E0214", a.place,
                     fmt::format("`{}` takes {} argument{}, and this is one more", name, parameters.size(),
                                 parameters.size() == 1 ? "" : "s"),
                     "surplus", "remove it"),
               false;
    } else {
      std::vector<std::string> known;
      for (size_t j = 0; j < parameters.size(); ++j)
        if (known.push_back(parameters[j].name), parameters[j].name == a.name)
          k = j;
      if (k == parameters.size()) {
        auto near = nearestName(a.name, known);
        return error("E0214", a.place, fmt::format("`{}` has no parameter `{}`", name, a.name), "not known",
                     near            ? fmt::format("did you mean `{}`?", *near)
                     : known.empty() ? "it takes none"
                                     : fmt::format("it takes `{}`", fmt::join(known, "`, `"))),
               false;
      }
      if (out[k])
        return error("E0214", a.place, fmt::format("`{}` is given twice", a.name), "again", "give it once"), false;
    }
    out[k] = &a;
  }
  for (size_t k = 0; k < parameters.size(); ++k)
    if (!out[k] && !parameters[k].initial) {
      diagnostics.error("E0214", place, fmt::format("`{}` needs its argument `{}`", name, parameters[k].name))
          .label("missing here")
          .origin(parameters[k].place, "declared here")
          .help(fmt::format("write `{}({}: …)`", name, parameters[k].name));
      return false;
    }
  return true;
}

Value Analyzer::call(Context &c, const syntax::Expr &e) {
  const syntax::Expr &callee = *e.operands[0];
  if (callee.kind == syntax::Expr::NameUse) {
    const Entity *found = lookup(c.scope, callee.name);
    if (c.columns && (callee.name == "columns" || callee.name == "column"))
      return c.columns(callee.name, e);
    if (callee.name == "grad" && !found)
      return gradOfExpression(c, e);
    if (!found || (isReduction(callee.name) && found->kind != Entity::Value)) {
      std::vector<Argument> given;
      std::optional<std::vector<AxisUse>> over;
      if (!arguments(c, e, given, over))
        return {};
      bool pair = (callee.name == "max" || callee.name == "min") && given.size() == 2 && given[1].name.empty();
      if (isReduction(callee.name) && !pair)
        return reduction(c, callee.name, given, over, e.place);
      bool known = false;
      Value v = primitive(c, callee.name, given, e.place, known);
      if (known)
        return v;
      return nameUse(c, callee);
    }
    if (found->kind == Entity::Axis) { // a conversion to an index
      std::vector<Argument> given;
      std::optional<std::vector<AxisUse>> over;
      if (!arguments(c, e, given, over))
        return {};
      if (given.size() == 1 && given[0].value.kind == Value::Text) {
        auto &labels = found->axis.axis->labels;
        for (size_t k = 0; k < labels.size(); ++k)
          if (labels[k] == given[0].value.text)
            return tensor(constant({Element::Index, found->axis.axis}, double(k), e.place));
        auto near = nearestName(given[0].value.text, labels);
        return error("E0216", given[0].place, fmt::format("`{}` has no label \"{}\"", callee.name, given[0].value.text),
                     "not there", near ? fmt::format("did you mean \"{}\"?", *near) : "labels stand in its `dim`");
      }
      if (given.size() == 1 && given[0].value.kind == Value::Literal)
        if (Expr *index = asTensor(c, given[0].value, given[0].place, Element{Element::Index, found->axis.axis}))
          return tensor(index);
      return given.size() == 1 && given[0].value.kind == Value::Literal
                 ? Value()
                 : unsupported(e.place, "a checked conversion to an index");
    }
  }
  if (callee.kind == syntax::Expr::Index && callee.operands[0]->kind == syntax::Expr::NameUse &&
      isReduction(callee.operands[0]->name) && !lookup(c.scope, callee.operands[0]->name)) {
    std::vector<Argument> given;
    std::optional<std::vector<AxisUse>> over;
    if (!arguments(c, e, given, over))
      return {};
    over.emplace();
    for (auto &entry : callee.entries) {
      auto use = axisOf(c, *entry.value);
      if (!use)
        return {};
      over->push_back(*use);
    }
    return reduction(c, callee.operands[0]->name, given, over, e.place);
  }
  Value f = expression(c, callee);
  if (f.isError())
    return f;
  if (f.kind == Value::ModelType)
    return instantiateModel(c, f.function, e,
                            fmt::format("{}{}#{}", c.path, c.path.empty() ? "" : ".", (*c.ordinal)++));
  if (f.kind == Value::OptimizerType)
    return instantiateOptimizer(c, f.function, e,
                                fmt::format("{}{}#{}", c.path, c.path.empty() ? "" : ".", (*c.ordinal)++));
  if (f.kind == Value::Model) {
    auto body = f.model->scope->names.find("()");
    if (body == f.model->scope->names.end())
      return error("E0203", e.place, fmt::format("the model `{}` has no function to call", f.model->item->name),
                   "called here", "give it `fn (…) = …`");
    f = body->second.value;
  }
  std::vector<Argument> given;
  std::optional<std::vector<AxisUse>> over;
  if (!arguments(c, e, given, over))
    return {};
  // A number where a function of the step may stand: `lr(t)`.
  if (f.kind == Value::Literal || f.kind == Value::AxisName)
    return f;
  if (f.kind != Value::Function)
    return error("E0203", callee.place, "only functions and models can be called", describe(c, f),
                 "an index stands in brackets: `x[i]`");
  return callFunction(c, f.function, std::move(given), over, e.place);
}

Value Analyzer::primitive(Context &c, const std::string &name, const std::vector<Argument> &given, Location place,
                          bool &known) {
  auto operands = [&](size_t n, std::vector<Expr *> &out) {
    known = true;
    std::optional<Element> wanted;
    for (const Argument &a : given)
      if (a.value.kind == Value::Tensor)
        wanted = a.value.expr->type.element;
    if (given.size() != n)
      return error("E0214", place,
                   fmt::format("`{}` takes {} argument{}, and gets {}", name, n, n == 1 ? "" : "s", given.size()),
                   "here", "see docs/language.md"),
             false;
    for (const Argument &a : given) {
      out.push_back(asTensor(c, a.value, a.place, wanted.value_or(Element{Element::F32, nullptr})));
      if (!out.back())
        return false;
    }
    return true;
  };
  std::vector<Expr *> x;
  for (const char *f : {"exp", "log", "sqrt", "tanh", "sin", "cos", "erf", "abs", "sign", "floor"})
    if (name == f) {
      if (!operands(1, x))
        return {};
      bool alsoInts = name == "abs" || name == "sign";
      if (!x[0]->type.element.isFloat() &&
          !(alsoInts && x[0]->type.element.kind != Element::Index && x[0]->type.element.kind != Element::Bool))
        return error("E0205", given[0].place, fmt::format("`{}` takes floats", name), describe(c, given[0].value),
                     "convert it, for example `f32(n)`");
      return tensor(pointwise(name, x[0]->type.element, x, place), given[0].value.draws);
    }
  if (name == "stop") {
    known = true;
    if (given.size() == 1 && given[0].value.kind == Value::Literal)
      return given[0].value;
    return operands(1, x) ? tensor(pointwise("stop", x[0]->type.element, x, place), given[0].value.draws) : Value();
  }
  if (name == "max" || name == "min") {
    known = true;
    if (given.size() == 2 && given[0].value.kind == Value::Literal && given[1].value.kind == Value::Literal) {
      bool first = (given[0].value.number > given[1].value.number) == (name == "max");
      return given[first ? 0 : 1].value;
    }
    if (!operands(2, x))
      return {};
    if (!(x[0]->type.element == x[1]->type.element) || x[0]->type.element.kind == Element::Bool ||
        x[0]->type.element.kind == Element::Index)
      return error("E0205", place, fmt::format("`{}` takes equal numbers", name),
                   fmt::format("{} and {}", describe(c, given[0].value), describe(c, given[1].value)),
                   "convert one of them, for example `f32(n)`");
    if (!align(c, x, place, fmt::format("`{}`", name), {given[0].place, given[1].place}) ||
        !unrepeated(c, {{given[0].value.draws, x[0], given[0].place}, {given[1].value.draws, x[1], given[1].place}},
                    fmt::format("`{}`", name)))
      return {};
    return tensor(pointwise(name, x[0]->type.element, x, place), given[0].value.draws || given[1].value.draws);
  }
  if (name == "outer") {
    if (!operands(2, x))
      return {};
    for (const AxisUse &a : visible(c, x[0]->type))
      for (const AxisUse &b : visible(c, x[1]->type))
        if (a == b)
          return error("E0204", place,
                       fmt::format("`outer` takes operands of different axes, and both have `{}`", show(a)), "here",
                       "rename one with `as […]`");
    if (!(x[0]->type.element == x[1]->type.element))
      return error("E0205", place, "`outer` takes equal elements",
                   fmt::format("{} and {}", describe(c, given[0].value), describe(c, given[1].value)),
                   "convert one of them");
    return tensor(pointwise("mul", x[0]->type.element, x, place));
  }
  static const std::pair<const char *, Element::Kind> casts[] = {{"f32", Element::F32},
                                                                 {"f64", Element::F64},
                                                                 {"i32", Element::I32},
                                                                 {"i64", Element::I64},
                                                                 {"int", Element::I64}};
  for (auto &[word, kind] : casts)
    if (name == word) {
      known = true;
      Element to{kind, nullptr};
      if (given.size() == 1 && (given[0].value.kind == Value::Literal || given[0].value.kind == Value::AxisName)) {
        Value v = given[0].value;
        if (v.kind == Value::Literal && !to.isFloat())
          v.number = std::trunc(v.number), v.whole = true;
        Expr *e = asTensor(c, v, given[0].place, to);
        return e ? tensor(e) : Value();
      }
      return operands(1, x) ? tensor(cast(x[0], to, place), given[0].value.draws) : Value();
    }
  if (name == "zeros_like" || name == "ones_like") {
    if (!operands(1, x))
      return {};
    Element element = x[0]->type.element.isFloat() || x[0]->type.element.kind != Element::Index
                          ? x[0]->type.element
                          : Element{Element::I64, nullptr};
    return tensor(broadcast(constant(element, name == "ones_like", place), x[0]->type, place));
  }
  if (name == "random") { // uniform in [0, 1): the one primitive draw
    known = true;
    if (!given.empty())
      return error("E0214", place, "`random` takes no argument", "here", "`uniform(low, high)` takes bounds");
    Type type{{Element::F32, nullptr}, {c.mapped.begin(), c.mapped.end()}};
    type.axes.append(c.drawAxes.begin(), c.drawAxes.end());
    Expr *e = node(Expr::Random, type, place);
    e->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
    if (c.draws)
      *c.draws = true;
    return tensor(e, true);
  }
  if (name == "norm" || name == "clip_norm") {
    known = true;
    if (given.empty() || given[0].value.kind != Value::Gradient)
      return error("E0206", place, fmt::format("`{}` takes a gradient", name),
                   given.empty() ? "nothing given" : describe(c, given[0].value),
                   "`grad(over: model) { … }` gives one");
    Expr *total = nullptr;
    for (Expr *leaf : given[0].value.leaves) {
      Expr *square = pointwise("mul", leaf->type.element, {leaf, leaf}, place);
      Expr *sum = leaf->type.axes.empty() ? square : reduce("sum", square, leaf->type.axes, place);
      total = total ? pointwise("add", sum->type.element, {total, sum}, place) : sum;
    }
    Value norm = define(c, "norm", tensor(pointwise("sqrt", total->type.element, {total}, place)), place);
    if (name == "norm" || given.size() != 2)
      return norm;
    Expr *limit = asTensor(c, given[1].value, given[1].place, total->type.element);
    if (!limit)
      return {};
    Expr *scale = pointwise(
        "min", total->type.element,
        {pointwise("div", total->type.element, {limit, norm.expr}, place), constant(total->type.element, 1, place)},
        place);
    return gradientArithmetic(c, "*", given[0].value, define(c, "scale", tensor(scale), place), place);
  }
  return {};
}

// Which axes a function's body speaks of: those it is bound to, and those it names.
static void namesIn(const syntax::Block &body, std::set<std::string> &out);
static void namesIn(const syntax::Expr &e, std::set<std::string> &out) {
  if (!e.name.empty())
    out.insert(e.name);
  for (auto *o : e.operands)
    if (o)
      namesIn(*o, out);
  for (auto &entry : e.entries)
    for (auto *x : {entry.value, entry.extent, entry.guard})
      if (x)
        namesIn(*x, out);
  namesIn(e.body, out), namesIn(e.otherwise, out);
}
static void namesIn(const syntax::TypeRef &t, std::set<std::string> &out) {
  for (auto &n : t.path)
    out.insert(n.text);
  for (auto &a : t.axes)
    for (auto &n : a.path)
      out.insert(n.text);
}
static void namesIn(const syntax::Item &i, std::set<std::string> &out) {
  for (auto &p : i.parameters)
    namesIn(p.type, out);
  namesIn(i.type, out), namesIn(i.body, out);
}
static void namesIn(const syntax::Block &body, std::set<std::string> &out) {
  for (auto *s : body) {
    for (auto *e : {s->target, s->value, s->second, s->by})
      if (e)
        namesIn(*e, out);
    namesIn(s->type, out), namesIn(s->body, out);
    if (s->item)
      namesIn(*s->item, out);
  }
}

std::set<const Axis *> Analyzer::spoken(const FunctionValue &f, const std::map<std::string, AxisUse> &bound) const {
  std::set<const Axis *> out;
  for (auto &[name, use] : bound)
    out.insert(use.axis);
  std::set<std::string> names;
  namesIn(*f.item, names);
  if (f.model)
    namesIn(*f.model->item, names);
  for (const std::string &n : names)
    if (const Entity *e = lookup(f.scope, n); e && e->kind == Entity::Axis)
      out.insert(e->axis.axis);
  return out;
}

bool Analyzer::mentionsDraw(const syntax::Item *item, const Scope *scope) {
  auto [memo, fresh] = drawing.try_emplace(item, 0);
  if (!fresh)
    return memo->second == 1;
  std::set<std::string> names;
  namesIn(*item, names);
  bool draws = names.count("random") > 0;
  for (const std::string &n : names)
    if (const Entity *e = lookup(scope, n);
        e && e->kind == Entity::Value && e->value.kind == Value::Function && e->value.function.item != item)
      draws |= mentionsDraw(e->value.function.item, e->value.function.scope);
  drawing[item] = draws;
  return draws;
}

// Whether arguments fit the parameters under a binding: rules 15 and 16.
bool Analyzer::fits(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given,
                    const std::map<std::string, AxisUse> &bound, const std::string &name, Location place, bool report) {
  Scope scope;
  scope.parent = f.scope;
  for (auto &[axis, use] : bound) {
    Entity e;
    e.kind = Entity::Axis, e.axis = use;
    scope.names[axis] = e;
  }
  Context inner;
  inner.scope = &scope;
  std::vector<std::pair<const Argument *, std::vector<AxisUse>>> extras;
  for (size_t k = 0; k < given.size(); ++k) {
    const syntax::Parameter &p = f.item->parameters[k];
    if (!given[k] || !p.hasType || p.type.kind != syntax::TypeRef::Tensor || given[k]->value.kind != Value::Tensor)
      continue;
    if (p.type.path.size() == 1 && p.type.path[0].text == "schedule")
      continue;
    Type found = visibleType(c, given[k]->value.expr->type);
    bool isFloat = p.type.path.size() == 1 && p.type.path[0].text == "float";
    std::optional<Element> wanted = isFloat ? (found.element.isFloat() ? std::optional(found.element)
                                                                       : std::optional(Element{Element::F32, nullptr}))
                                            : element(inner, p.type, report);
    if (!wanted)
      return false;
    if (!(*wanted == found.element)) {
      if (report)
        diagnostics
            .error("E0205", given[k]->place,
                   fmt::format("`{}` takes {} as `{}`, and this is {}", name,
                               isFloat ? "a float" : show(Type{*wanted, {}}), p.name, show(Type{found.element, {}})))
            .label(show(found))
            .origin(p.place, "declared here")
            .help("convert it, for example with `f32(…)`");
      return false;
    }
    std::vector<AxisUse> rest(found.axes.begin(), found.axes.end());
    for (auto &a : p.type.axes) {
      std::optional<AxisUse> use = axis(inner, a);
      if (!use)
        return false;
      auto at = std::find(rest.begin(), rest.end(), *use);
      if (at == rest.end()) {
        if (report) {
          auto &d = diagnostics.error("E0203", given[k]->place,
                                      found.axes.empty()
                                          ? fmt::format("`{}` takes axis `{}`, and this has none", name, show(*use))
                                          : fmt::format("`{}` takes axis `{}`, and this has axis `{}`", name,
                                                        show(*use), show(found.axes.back())));
          const Variable *v = given[k]->value.variable;
          d.label(v ? fmt::format("{}, from `{}`", show(found), v->name) : show(found));
          const Entity *asked = lookup(f.scope, a.path[0].text);
          if (asked && asked->kind == Entity::Axis && asked->place.file == given[k]->place.file && asked->place.length)
            d.origin(asked->place, fmt::format("`{}` ({}) asked for here", show(*use), use->extent));
          else
            d.origin(p.place, fmt::format("`{}` is declared here", p.name));
          if (v)
            d.origin(v->location, fmt::format("`{}` is {}", v->name, show(found)));
          // A member of the same model that makes the one of the other?
          std::string way;
          for (const Scope *s = c.scope; s && way.empty(); s = s->parent)
            for (auto &[other, entity] : s->names)
              if (entity.kind == Entity::Value && entity.value.kind == Value::Model && other != name) {
                auto &axes = entity.value.model->scope->names;
                bool takes = false, gives = false;
                for (auto &n : entity.value.model->item->axisParameters) {
                  auto &a = axes[n.text].axis;
                  takes |= std::find(found.axes.begin(), found.axes.end(), a) != found.axes.end();
                  gives |= a == *use;
                }
                if (takes && gives && v)
                  way = fmt::format("`{}` turns `{}` into `{}`: did you mean `{}({}({}))`?", other,
                                    show(found.axes.back()), show(*use), name, other, v->name);
              }
          d.help(!way.empty()
                     ? way
                     : fmt::format("give it a value with the axis `{}`, or rename one with `as […]`", show(*use)));
        }
        return false;
      }
      rest.erase(at);
    }
    extras.push_back({given[k], rest});
  }
  const std::vector<AxisUse> *most = nullptr;
  for (auto &[argument, rest] : extras)
    if (!most || rest.size() > most->size())
      most = &rest;
  for (auto &[argument, rest] : extras)
    for (const AxisUse &a : rest)
      if (std::find(most->begin(), most->end(), a) == most->end()) {
        if (report)
          error("E0204", place, fmt::format("the arguments of `{}` are mapped over different axes", name),
                fmt::format("`{}` and others", show(a)), "one argument must have all axes that are mapped");
        return false;
      }
  return true;
}

// Rule 14: brackets, `over:`, else every combination that fits; one must.
bool Analyzer::bindAxes(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given,
                        std::map<std::string, AxisUse> &bound, const std::string &name, Location place) {
  std::vector<std::string> open;
  for (auto &p : f.item->axisParameters)
    if (!bound.count(p.text))
      open.push_back(p.text);
  if (open.empty())
    return fits(c, f, given, bound, name, place, true);
  std::vector<AxisUse> candidates;
  auto add = [&](AxisUse a) {
    if (std::find(candidates.begin(), candidates.end(), a) == candidates.end())
      candidates.push_back(a);
  };
  for (const Argument *a : given)
    if (a && a->value.kind == Value::Tensor) {
      for (const AxisUse &use : visible(c, a->value.expr->type))
        add(use);
      if (const Axis *index = a->value.expr->type.element.index)
        add({index, 0, index->extent});
    }
  size_t combinations = 1;
  for (size_t k = 0; k < open.size(); ++k)
    combinations *= std::max<size_t>(1, candidates.size());
  if (candidates.empty() || combinations > 10000)
    return error("E0217", place, fmt::format("the axes of `{}` can't be found from its arguments", name), "here",
                 fmt::format("say them: `{}[…](…)`", name)),
           false;
  std::vector<std::map<std::string, AxisUse>> found;
  for (size_t n = 0; n < combinations; ++n) {
    auto trial = bound;
    size_t rest = n;
    bool distinct = true;
    for (auto &p : open) {
      AxisUse use = candidates[rest % candidates.size()];
      rest /= candidates.size();
      for (auto &[other, taken] : trial)
        distinct &= !(taken == use);
      trial[p] = use;
    }
    if (distinct && fits(c, f, given, trial, name, place, false))
      found.push_back(trial);
  }
  if (found.size() == 1) {
    bound = found[0];
    return true;
  }
  if (found.empty()) {
    auto &d = diagnostics.error("E0217", place, fmt::format("no axes fit `{}`", name));
    std::string types;
    for (const Argument *a : given)
      if (a)
        types += (types.empty() ? "" : ", ") + describe(c, a->value);
    d.label(types)
        .origin(f.item->namePlace, "declared here")
        .help("each argument needs all axes of its parameter, and one argument all that are mapped");
    return false;
  }
  std::string list;
  for (auto &trial : found) {
    std::string one;
    for (auto &p : open)
      one += (one.empty() ? "" : ", ") + fmt::format("{} = {}", p, show(trial[p]));
    list += (list.empty() ? "" : "; ") + one;
  }
  return error("E0217", place, fmt::format("several axes fit `{}`", name), list,
               fmt::format("say which: `{}(…, over: {})` or `{}[{}](…)`", name, show(found[0][open.back()]), name,
                           show(found[0][open[0]]))),
         false;
}

bool Analyzer::prepare(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given,
                       const Context &inner, const std::vector<AxisUse> &named, Prepared &out, const std::string &name,
                       Location place) {
  std::vector<AxisUse> extra;
  for (size_t k = 0; k < f.item->parameters.size(); ++k) {
    const syntax::Parameter &p = f.item->parameters[k];
    Value v = given[k] ? given[k]->value : Value();
    if (!given[k]) {
      Context initial = inner;
      initial.block = c.block;
      v = expression(initial, *p.initial);
      if (v.isError())
        return false;
    }
    bool schedule = p.hasType && p.type.kind == syntax::TypeRef::Tensor && p.type.path[0].text == "schedule";
    if ((p.hasType && p.type.kind == syntax::TypeRef::Function) || v.kind == Value::Function ||
        v.kind == Value::Model) {
      if (v.kind != Value::Function && v.kind != Value::Model)
        return error("E0206", given[k] ? given[k]->place : place,
                     fmt::format("`{}` of `{}` is a function", p.name, name), describe(c, v),
                     "name a function, for example `relu`"),
               false;
      out.constants.push_back({p.name, v});
      continue;
    }
    if (schedule) {
      out.constants.push_back({p.name, v});
      continue;
    }
    Type declared;
    if (p.hasType) {
      auto t = type(inner, p.type);
      if (!t)
        return false;
      declared = *t;
    } else if (v.kind == Value::Tensor) {
      declared = visibleType(c, v.expr->type);
    } else {
      declared = {{Element::F32, nullptr}, {}};
    }
    if (v.kind == Value::Literal && !declared.axes.empty())
      return error("E0203", given[k] ? given[k]->place : place,
                   fmt::format("`{}` takes {} as `{}`", name, show(declared), p.name), describe(c, v),
                   "a number has no axes"),
             false;
    Expr *e = asTensor(c, v, given[k] ? given[k]->place : place, declared.element);
    if (!e)
      return false;
    for (const AxisUse &a : e->type.axes)
      if (std::find(declared.axes.begin(), declared.axes.end(), a) == declared.axes.end() &&
          std::find(extra.begin(), extra.end(), a) == extra.end())
        extra.push_back(a);
    out.arguments.push_back(e), out.names.push_back(p.name), out.declared.push_back(declared);
    out.operands.push_back({v.draws, e, given[k] ? given[k]->place : place});
  }
  if (!named.empty())
    for (const AxisUse &a : extra)
      if (std::find(named.begin(), named.end(), a) == named.end() &&
          std::find(c.mapped.begin(), c.mapped.end(), a) == c.mapped.end())
        return error("E0210", place,
                     fmt::format("`{}` is mapped over `{}` too, which its brackets do not name", name, show(a)), "here",
                     "name all mapped axes, or none"),
               false;
  // Rule 24 where arguments meet: an argument that is drawn has all axes that are mapped.
  for (size_t k = 0; k < out.operands.size(); ++k)
    for (const AxisUse &a : extra) {
      const Type &t = out.operands[k].expr->type;
      bool has = std::find(t.axes.begin(), t.axes.end(), a) != t.axes.end() ||
                 std::find(c.mapped.begin(), c.mapped.end(), a) != c.mapped.end();
      if (!out.operands[k].draws || has)
        continue;
      Type shown = visibleType(c, t), asked = shown;
      asked.axes.push_back(a);
      return error("E0226", out.operands[k].place,
                   fmt::format("`{}` is mapped over `{}`, and would repeat this draw along it", name, show(a)),
                   fmt::format("drawn once for {}", show(shown)),
                   fmt::format(
                       "say along what is drawn: `let noise: {} = …`; or, if the same is meant, `let noise: {} = …`",
                       show(asked), show(shown))),
             false;
    }
  out.draws = mentionsDraw(f.item, f.scope);
  auto add = [&](const AxisUse &a) {
    if (std::find(out.mapped.begin(), out.mapped.end(), a) == out.mapped.end())
      out.mapped.push_back(a);
  };
  for (const AxisUse &a : c.mapped)
    if (out.draws || std::find(extra.begin(), extra.end(), a) != extra.end())
      add(a);
  if (out.draws)
    for (const AxisUse &a : c.drawAxes)
      add(a);
  for (const AxisUse &a : named)
    add(a);
  for (const AxisUse &a : extra)
    add(a);
  return true;
}

const sema::Function *Analyzer::instance(Context &c, const FunctionValue &f,
                                         const std::map<std::string, AxisUse> &bound, std::optional<Element> real,
                                         const Prepared &p, const std::string &name, std::vector<Value> &shape) {
  std::string key = fmt::format("{}/{}/{}", fmt::ptr(f.item), fmt::ptr(f.model), c.training);
  auto addType = [&](const Type &t) {
    key += fmt::format("|{}{}", int(t.element.kind), fmt::ptr(t.element.index));
    for (const AxisUse &a : t.axes)
      key += fmt::format(",{}'{}:{}", fmt::ptr(a.axis), a.primes, a.extent);
  };
  for (auto &[axis, use] : bound)
    addType({{Element::F32, nullptr}, {use}});
  for (Expr *e : p.arguments)
    addType(e->type);
  for (const AxisUse &a : p.mapped)
    addType({{Element::F32, nullptr}, {a}});
  for (auto &[n, v] : p.constants)
    key += fmt::format("|{}:{}/{}/{}/{}", n, v.number, fmt::ptr(v.function.item), fmt::ptr(v.function.model),
                       fmt::ptr(v.model));
  called.insert(f.item);
  if (std::find(active.begin(), active.end(), key) != active.end())
    return error("E0211", f.item->namePlace, fmt::format("`{}` calls itself", name), "here", "use a loop"), nullptr;
  if (auto found = instances.find(key); found != instances.end()) {
    if (found->second)
      shape = shapes[found->second];
    return found->second;
  }
  instances[key] = nullptr; // an instance with errors reports them once
  if (active.size() >= 100)
    return error("E0211", f.item->namePlace, "calls are more than 100 deep here", fmt::format("in `{}`", name),
                 "call fewer functions in a row, or use a loop"),
           nullptr;
  auto owned = std::make_unique<sema::Function>();
  sema::Function *fn = owned.get();
  std::string base = f.model ? f.model->path + (f.item->name.empty() ? "" : "." + f.item->name) : f.item->name;
  unsigned n = names["function " + base]++;
  fn->name = n ? fmt::format("{}${}", base, n) : base;
  fn->location = f.item->place;
  Scope scope;
  scope.parent = f.scope;
  auto enter = [&](const std::string &entry, Entity e) { scope.names[entry] = std::move(e); };
  for (auto &[axis, use] : bound) {
    Entity e;
    e.kind = Entity::Axis, e.axis = use, e.what = "axis", e.place = f.item->namePlace;
    enter(axis, e);
  }
  if (real) {
    Entity e;
    e.value = tensor(constant(*real, 0, f.item->place));
    enter("float", e);
  }
  for (auto &[constantName, v] : p.constants) {
    Entity e;
    e.value = v, e.what = "argument", e.place = f.item->namePlace;
    enter(constantName, e);
  }
  for (size_t k = 0; k < p.arguments.size(); ++k) {
    Location place = f.item->namePlace;
    for (auto &parameter : f.item->parameters)
      if (parameter.name == p.names[k])
        place = parameter.place;
    const Variable *v = variable(p.names[k], p.arguments[k]->type, place);
    fn->parameters.push_back(v);
    Expr *use = node(Expr::Use, v->type, place);
    use->variable = v;
    Entity e;
    e.value = tensor(use), e.value.variable = v, e.what = "parameter", e.place = place;
    enter(p.names[k], e);
  }
  unsigned ordinal = 0;
  Context inner;
  inner.scope = &scope, inner.block = &fn->body, inner.function = fn, inner.path = base, inner.mapped = p.mapped,
  inner.training = c.training, inner.ordinal = &ordinal, inner.draws = &fn->draws;
  active.push_back(key);
  Value result = block(inner, f.item->body);
  active.pop_back();
  if (result.isError())
    return nullptr;
  std::function<bool(Value &, const syntax::TypeRef *)> finish = [&](Value &v, const syntax::TypeRef *t) -> bool {
    if (v.kind == Value::Tuple) {
      for (size_t k = 0; k < v.fields.size(); ++k)
        if (!finish(v.fields[k].second,
                    t && t->kind == syntax::TypeRef::Tuple && k < t->fieldTypes.size() ? &t->fieldTypes[k] : nullptr))
          return false;
      return true;
    }
    if (v.kind == Value::Unit)
      return true;
    std::optional<Type> declared;
    if (t && !(declared = type(inner, *t)))
      return false;
    Location place = f.item->body.back()->place;
    Expr *e = asTensor(inner, v, place, declared ? std::optional(declared->element) : std::nullopt);
    if (!e)
      return false;
    Type found = visibleType(inner, e->type);
    if (declared) {
      bool same = declared->element == found.element && declared->axes.size() == found.axes.size();
      for (const AxisUse &a : found.axes)
        same &= std::find(declared->axes.begin(), declared->axes.end(), a) != declared->axes.end();
      if (!same) {
        diagnostics
            .error(declared->element == found.element ? "E0203" : "E0205", place,
                   fmt::format("`{}` is declared to give {}, and this is {}", name.empty() ? "the function" : name,
                               show(*declared), show(found)))
            .label(show(found))
            .origin(t->place, "declared here")
            .help("change the body, or the type after `->`");
        return false;
      }
      found = *declared;
    }
    Type full{found.element, {p.mapped.begin(), p.mapped.end()}};
    for (const AxisUse &a : found.axes) {
      if (std::find(full.axes.begin(), full.axes.end(), a) != full.axes.end())
        return error("E0204", place,
                     fmt::format("`{}` is mapped over `{}`, which its result has already", name, show(a)), "here",
                     "rename one of them with `as […]`"),
               false;
      full.axes.push_back(a);
    }
    fn->results.push_back(broadcast(e, full, place));
    v = tensor(fn->results.back(), v.draws);
    return true;
  };
  if (!finish(result, f.item->hasType ? &f.item->type : nullptr))
    return nullptr;
  program.functions.push_back(std::move(owned));
  instances[key] = fn;
  shapes[fn] = shape = {result};
  return fn;
}

Value Analyzer::callFunction(Context &c, const FunctionValue &f, std::vector<Argument> given,
                             std::optional<std::vector<AxisUse>> over, Location place) {
  std::string name =
      f.item->name.empty() && f.model ? f.model->path.substr(f.model->path.rfind('.') + 1) : f.item->name;
  std::vector<const Argument *> matched;
  if (!match(f.item->parameters, given, matched, name, place))
    return {};
  std::map<std::string, AxisUse> bound;
  auto &parameters = f.item->axisParameters;
  std::vector<AxisUse> named; // the axes that a function without axis parameters is mapped over
  if (parameters.empty())
    named = f.axes;
  else if (f.axes.size() > parameters.size())
    return error("E0210", place,
                 fmt::format("`{}` has {} axis parameter{}, and gets {} axes", name, parameters.size(),
                             parameters.size() == 1 ? "" : "s", f.axes.size()),
                 "here", "axes in brackets bind from the left");
  Aliases aliases = f.model ? f.model->aliases : Aliases();
  std::vector<AxisUse> taken;
  auto bind = [&](const std::string &parameter, AxisUse use) {
    taken.push_back(bound[parameter] = distinct(aliases, taken, use));
  };
  for (size_t k = 0; k < f.axes.size() && k < parameters.size(); ++k)
    bind(parameters[k].text, f.axes[k]);
  if (over) {
    if (over->size() != 1 || parameters.empty())
      return parameters.empty() ? error("E0214", place, fmt::format("`{}` has no axis parameter for `over:`", name),
                                        "here", "remove it")
                                : unsupported(place, "several axes for one axis parameter");
    bind(parameters.back().text, (*over)[0]);
  }
  std::deque<Argument> inside; // arguments under the names of the body
  for (size_t k = 0; k < matched.size(); ++k)
    if (matched[k] && !aliases.empty() && f.item->parameters[k].hasType) {
      inside.push_back(*matched[k]);
      inside.back().value = aliasesInside(aliases, f, bound, f.item->parameters[k].type, matched[k]->value, place);
      matched[k] = &inside.back();
    }
  if (!bindAxes(c, f, matched, bound, name, place))
    return {};
  std::optional<Element> real;
  for (size_t k = 0; k < matched.size(); ++k) {
    const syntax::Parameter &p = f.item->parameters[k];
    if (p.hasType && p.type.kind == syntax::TypeRef::Tensor && p.type.path[0].text == "float" && matched[k] &&
        matched[k]->value.kind == Value::Tensor && !real)
      real = matched[k]->value.expr->type.element;
  }
  if (!real || !real->isFloat())
    real = Element{Element::F32, nullptr};
  Scope scope;
  scope.parent = f.scope;
  for (auto &[axis, use] : bound) {
    Entity e;
    e.kind = Entity::Axis, e.axis = use;
    scope.names[axis] = e;
  }
  Entity floatEntity;
  floatEntity.value = tensor(constant(*real, 0, place));
  scope.names["float"] = floatEntity;
  Context types = c;
  types.scope = &scope;
  Prepared p;
  if (!prepare(c, f, matched, types, named, p, name, place))
    return {};
  // Rule 18: what the body speaks of is made fresh where it is mapped.
  std::set<const Axis *> own = spoken(f, bound);
  std::vector<std::pair<AxisUse, AxisUse>> fresh;
  for (AxisUse &a : p.mapped)
    if (own.count(a.axis)) {
      AxisUse replacement{freshAxis(a.axis), 0, a.extent};
      fresh.push_back({a, replacement});
      a = replacement;
    }
  auto forth = [&](Expr *e, const Type &declared) {
    return rename(
        e,
        [&](AxisUse a) {
          if (std::find(declared.axes.begin(), declared.axes.end(), a) == declared.axes.end())
            for (auto &[from, to] : fresh)
              if (a == from)
                return to;
          return a;
        },
        place);
  };
  for (size_t k = 0; k < p.arguments.size(); ++k)
    p.arguments[k] = forth(p.arguments[k], p.declared[k]);
  std::vector<Value> shape;
  const sema::Function *fn = instance(c, f, bound, real, p, name, shape);
  if (!fn)
    return {};
  if (fn->draws && c.draws)
    *c.draws = true;
  Stmt *s = statement(c, Stmt::Call, place);
  s->callee = fn;
  s->arguments = p.arguments;
  s->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
  size_t next = 0;
  bool clash = false;
  std::function<Value(const Value &, const std::string &)> leaf = [&](const Value &v,
                                                                      const std::string &label) -> Value {
    if (v.kind == Value::Tuple) {
      Value out = v;
      for (auto &[field, inside] : out.fields)
        inside = leaf(inside, label + "." + field);
      return out;
    }
    if (v.kind != Value::Tensor)
      return v;
    const Variable *result = variable(label, fn->results[next++]->type, place);
    s->variables.push_back(result);
    Expr *use = node(Expr::Use, result->type, place);
    use->variable = result;
    Expr *back = rename(
        use,
        [&](AxisUse a) {
          for (auto &[from, to] : fresh)
            if (a == to)
              return from;
          return a;
        },
        place);
    back = aliasesOutside(aliases, back, place);
    for (auto &[inner, outer] : aliases)
      if (back->type.element.index == inner.axis) {
        unsupported(place, "an index of one of two axis parameters that are bound to one axis");
        return Value();
      }
    for (size_t i = 0; i < back->type.axes.size(); ++i)
      for (size_t j = 0; j < i; ++j)
        clash |= back->type.axes[i] == back->type.axes[j];
    // Drawn in the body, or elementwise of a drawn argument: one all of whose axes are still there.
    bool draws = v.draws;
    for (const Operand &o : p.operands)
      draws |= o.draws && llvm::all_of(visible(c, o.expr->type),
                                       [&](const AxisUse &a) { return llvm::is_contained(back->type.axes, a); });
    return tensor(back, draws);
  };
  Value result = leaf(shape[0], name.empty() ? "value" : name);
  if (clash)
    return error("E0204", place, fmt::format("`{}` is mapped over an axis that its result has already", name), "here",
                 "rename one of them with `as […]`");
  std::set<const Slot *> slots;
  std::set<const Variable *> used;
  Block one{s};
  readSlots(one, nullptr, slots, used);
  for (const Variable *u : used)
    if (auto found = definitions.find(u); found != definitions.end())
      slots.insert(found->second.second.begin(), found->second.second.end());
  for (const Variable *v : s->variables)
    definitions[v] = {place, slots};
  return result;
}

} // namespace burin::sema
