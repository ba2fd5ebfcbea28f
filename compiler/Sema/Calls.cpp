// Calls: what is called, and with which arguments.
#include "compiler/Sema/Shuffles.h"
#include "compiler/Sema/Tops.h"
#include "compiler/Sema/Which.h"
#include <fmt/format.h>
#include <utility>

namespace burin::sema {

// A declaration's type says along what the draws in its value are made. In an argument that is not what the function's
// result has of itself: `let v: f32[visible] = down(bernoulli(p))` draws for what `down` takes.
Context Analyzer::forArgument(const Context &c, const FunctionValue &f, const syntax::Entry &entry, size_t position) {
  Context inner = c;
  if (c.drawAxes.empty() || !f.item || !f.item->hasType)
    return inner;
  auto names = [&](const syntax::TypeRef &type, const AxisUse &axis) { // one that a call binds may be any
    return llvm::any_of(type.axes, [&](const syntax::AxisRef &written) {
      if (written.path.size() == 1 && isAxisParameter(*f.item, written.path[0].text))
        return true;
      const Entity *e = written.path.size() == 1 ? lookup(f.scope, written.path[0].text) : nullptr;
      if (e && e->kind == Entity::Product) // a model's parameter that is several axes, or none
        return llvm::is_contained(e->parts, axis);
      return !e || e->kind != Entity::Axis ||
             (e->axis.axis == axis.axis && e->axis.primes + written.path[0].primes == axis.primes);
    });
  };
  for (size_t k = 0; k < f.item->parameters.size(); ++k)
    if (auto &p = f.item->parameters[k]; p.hasType && (entry.name.empty() ? k == position : entry.name == p.name))
      llvm::erase_if(inner.drawAxes, [&](const AxisUse &a) { return names(f.item->type, a) && !names(p.type, a); });
  return inner;
}

static void givenTwice(DiagnosticEngine &diagnostics, const std::string &name, Location first, Location again) {
  diagnostics.error("E0214", again, fmt::format("`{}` is given twice", name))
      .label("again")
      .origin(first, "given first here")
      .help("give it once");
}

bool Analyzer::arguments(Context &c, const syntax::Expr &e, std::vector<Argument> &out, std::optional<Axes> &over,
                         const FunctionValue &callee) {
  bool fine = true;
  std::map<std::string, Location> named;
  for (auto &entry : e.entries) {
    auto [first, once] = named.try_emplace(entry.name, entry.value->place);
    if (!once && !entry.name.empty()) {
      givenTwice(diagnostics, entry.name, first->second, entry.value->place);
      return false;
    }
    if (entry.extent || entry.guard)
      return error("E0214", entry.value->place, "an argument has no extent and no `else`", "here",
                   "guard an index where it stands: `f(x[i else 0])`"),
             false;
    if (entry.name == "over") {
      over = axesOf(c, *entry.value);
      fine &= over.has_value();
      continue;
    }
    Context inner = forArgument(c, callee, entry, out.size());
    Value v = expression(inner, *entry.value);
    if (v.isError())
      fine = false;
    else
      out.push_back({entry.name, v, entry.value->place});
  }
  return fine;
}

// `it takes `x` and `y``
static std::string takes(const std::vector<syntax::Parameter> &parameters) {
  std::string list;
  for (size_t k = 0; k < parameters.size(); ++k)
    list += (k == 0 ? "" : k + 1 == parameters.size() ? " and " : ", ") + fmt::format("`{}`", parameters[k].name);
  return "it takes " + list;
}

// All arguments that are missing, in one message.
static void missing(DiagnosticEngine &diagnostics, const std::vector<const syntax::Parameter *> &lacking,
                    const std::string &name, Location place) {
  std::string list, written;
  for (const syntax::Parameter *p : lacking) {
    list += (list.empty() ? "`" : p == lacking.back() ? " and `" : ", `") + p->name + "`";
    written += (written.empty() ? "" : ", ") + p->name + ": …";
  }
  auto &d = diagnostics.error("E0214", place,
                              fmt::format("`{}` needs its argument{} {}", name, lacking.size() == 1 ? "" : "s", list));
  d.label("missing here");
  for (const syntax::Parameter *p : lacking)
    d.origin(p->place, "declared here");
  d.help(fmt::format("write `{}({})`", name, written));
}

// In a parameter's first value `glorot()` is given by the type what it does not say: whatever is called with a `fan_in`
// or `fan_out`.
void Analyzer::giveFans(const Context &c, const std::vector<syntax::Parameter> &parameters,
                        std::vector<Argument> &given, Location place) {
  size_t unnamed = size_t(llvm::count_if(given, [](const Argument &a) { return a.name.empty(); }));
  for (size_t k = unnamed; c.fans && k < parameters.size(); ++k) {
    const syntax::Parameter &p = parameters[k];
    bool in = p.name == "fan_in";
    if ((!in && p.name != "fan_out") || p.initial ||
        llvm::any_of(given, [&](const Argument &a) { return a.name == p.name; }))
      continue;
    Value v;
    v.kind = Value::Literal, v.whole = true, v.number = in ? c.fans->in : c.fans->out;
    given.push_back({p.name, v, place});
  }
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
                     "surplus",
                     parameters.empty() ? "remove it: it takes none" : fmt::format("remove it: {}", takes(parameters))),
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
      if (out[k]) {
        givenTwice(diagnostics, a.name, out[k]->place, a.place);
        return false;
      }
    }
    out[k] = &a;
  }
  std::vector<const syntax::Parameter *> lacking;
  for (size_t k = 0; k < parameters.size(); ++k)
    if (!out[k] && !parameters[k].initial)
      lacking.push_back(&parameters[k]);
  if (!lacking.empty())
    missing(diagnostics, lacking, name, place);
  return lacking.empty();
}

// What lists places of a value along an axis in brackets.
static bool findsPlaces(const std::string &name) { return name == "top" || name == "which"; }

Value Analyzer::call(Context &c, const syntax::Expr &e) {
  auto places = [&](const std::string &name, const std::vector<Axes> &brackets, const std::vector<Argument> &given,
                    const std::optional<Axes> &over) {
    return name == "top" ? Tops(*this, c, e.place).make(brackets, given, over)
                         : Which(*this, c, e.place).make(brackets, given, over);
  };
  const syntax::Expr &callee = *e.operands[0];
  if (callee.kind == syntax::Expr::NameUse) {
    const Entity *found = lookup(c.scope, callee.name);
    if (c.columns && (callee.name == "columns" || callee.name == "column"))
      return c.columns(callee.name, e);
    if (callee.name == "grad" && !found)
      return gradOfExpression(c, e);
    if (callee.name == "jvp" && !found)
      return jvpOfExpression(c, e);
    if (!found || (isReduction(callee.name) && found->kind != Entity::Value)) {
      std::vector<Argument> given;
      std::optional<Axes> over;
      if (!arguments(c, e, given, over))
        return {};
      bool pair = (callee.name == "max" || callee.name == "min") && given.size() == 2 && given[1].name.empty();
      bool size = callee.name == "norm" && !given.empty() && given[0].value.kind == Value::Tensor; // else of a gradient
      if ((isReduction(callee.name) && !pair) || size)
        return reduction(c, callee.name, given, over, e.place);
      for (const Argument &a : given)
        if (!a.name.empty() && isPrimitive(callee.name))
          return error("E0214", a.place, fmt::format("`{}` has no parameter `{}`", callee.name, a.name), "not known",
                       "what the compiler knows itself takes its arguments by position");
      if (over && isPrimitive(callee.name))
        return error("E0214", e.place, fmt::format("`{}` has no axis parameter for `over:`", callee.name), "here",
                     "remove it: it is computed for every element");
      if (isUnaryPrimitive(callee.name))
        return callPrimitive(c, {nullptr, nullptr, nullptr, {}, callee.name}, given, over, e.place);
      if (callee.name == "same")
        return same(c, given, over, e.place);
      if (findsPlaces(callee.name))
        return places(callee.name, {}, given, over);
      if (callee.name == "shuffle")
        return Shuffles(*this, c).make(given, over, e.place);
      bool known = false;
      Value v = primitive(c, callee.name, given, e.place, known);
      if (known)
        return v;
      const syntax::Expr *outer = std::exchange(this->callee, &callee);
      v = nameUse(c, callee);
      this->callee = outer;
      return v;
    }
    if (found->kind == Entity::Axis) { // a conversion to an index
      usage.read(found->place);
      std::vector<Argument> given;
      std::optional<Axes> over;
      if (!arguments(c, e, given, over))
        return {};
      return toIndex(c, found->axis, given, e);
    }
  }
  if (callee.kind == syntax::Expr::Index && callee.operands[0]->kind == syntax::Expr::NameUse &&
      (isReduction(callee.operands[0]->name) || findsPlaces(callee.operands[0]->name) ||
       callee.operands[0]->name == "norm") &&
      !lookup(c.scope, callee.operands[0]->name)) {
    std::vector<Argument> given;
    std::optional<Axes> over;
    std::vector<Axes> brackets;
    if (!arguments(c, e, given, over))
      return {};
    for (auto &entry : callee.entries) {
      auto axes = axesOf(c, entry);
      if (!axes)
        return {};
      brackets.push_back(*axes);
    }
    if (findsPlaces(callee.operands[0]->name))
      return places(callee.operands[0]->name, brackets, given, over);
    over.emplace();
    for (const Axes &axes : brackets)
      over->insert(over->end(), axes.begin(), axes.end());
    return reduction(c, callee.operands[0]->name, given, over, e.place);
  }
  const syntax::Expr *outer =
      std::exchange(this->callee, callee.kind == syntax::Expr::Index ? callee.operands[0] : &callee);
  Value f = expression(c, callee);
  this->callee = outer;
  if (f.isError()) { // what it is called with is checked all the same
    std::vector<Argument> given;
    std::optional<Axes> over;
    arguments(c, e, given, over);
    return f;
  }
  if (f.kind == Value::ModelType)
    return instantiateModel(c, f.function, e,
                            fmt::format("{}{}#{}", c.path, c.path.empty() ? "" : ".", (*c.ordinal)++));
  if (f.kind == Value::OptimizerType)
    return instantiateOptimizer(c, f.function, e,
                                fmt::format("{}{}#{}", c.path, c.path.empty() ? "" : ".", (*c.ordinal)++));
  if (f.kind == Value::StructType)
    return construct(c, f.function, e);
  if (f.kind == Value::Computed)
    f = madeModel(c, f, fmt::format("{}#{}", c.path, (*c.ordinal)++), callee.place);
  if (f.isError())
    return f;
  if (f.kind == Value::Model) {
    auto body = f.model->scope->names.find("()");
    if (body == f.model->scope->names.end())
      return error("E0203", e.place, fmt::format("the model `{}` has no function to call", f.model->item->name),
                   "called here", "give it `fn (…) = …`");
    const ModelInstance *repeated = f.model->repeats.axis ? f.model : nullptr;
    std::vector<Axes> brackets = f.function.axes;
    f = body->second.value, f.function.axes = brackets;
    if (repeated) {
      std::vector<Argument> given;
      std::optional<Axes> over;
      return arguments(c, e, given, over) ? compose(c, *repeated, f.function, std::move(given), over, e.place)
                                          : Value();
    }
  }
  std::vector<Argument> given;
  std::optional<Axes> over;
  if (!arguments(c, e, given, over, f.function))
    return {};
  // A number where a function of the step may stand: `lr(t)`.
  if (f.kind == Value::Literal || f.kind == Value::AxisName)
    return f;
  if (f.kind != Value::Function)
    return error("E0203", callee.place, "only functions and models can be called", describe(c, f),
                 "an index stands in brackets: `x[i]`");
  return callFunction(c, f.function, std::move(given), over, e.place);
}

} // namespace burin::sema
